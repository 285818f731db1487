//! `init [FOLDER]`

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{CliError, Exit};

/// The pipeline file that is made.
const TEMPLATE: &str = include_str!("init.toml");

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where `pipelines/` and `reports/` are made
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Name of the job and of its file
    #[arg(long, default_value = "reports")]
    name: String,
}

/// Makes a pipeline file and a folder for its reports, and says what to do next. What is there is never overwritten.
pub(super) fn init(arguments: Arguments) -> Result<Exit, CliError> {
    let Arguments { folder, name } = arguments;
    let folder = folder.strip_prefix(".").map(Path::to_owned).unwrap_or(folder);
    if name.trim().is_empty() || Path::new(&name).file_name() != Some(name.as_ref()) {
        return Err(CliError::Argument(format!("--name {name:?}: expected a name that a file can have")));
    }
    let reports = folder.join("reports");
    if reports.exists() && !reports.is_dir() {
        return Err(CliError::Argument(format!("{}: in the way of the folder for reports", reports.display())));
    }
    let pipelines = folder.join("pipelines");
    let file = pipelines.join(format!("{name}.toml"));
    make_folder(&pipelines)?;
    match File::create_new(&file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(CliError::Argument(format!("{}: is there and is left alone; try --name", file.display())));
        }
        made => {
            let text = TEMPLATE.replace("{name}", &toml::Value::String(name).to_string());
            let written = made.and_then(|mut made| made.write_all(text.as_bytes()));
            written.map_err(|source| CliError::Input { path: file.clone(), source })?;
        }
    }
    make_folder(&reports)?;
    let (file, reports) = (file.display(), reports.display());
    writeln!(
        io::stdout(),
        "made {file}. Put reports into {reports}, then:\n  \
         zhibiao check {file}\n  \
         zhibiao run {file} --summary"
    )?;
    Ok(Exit::Done)
}

fn make_folder(folder: &Path) -> Result<(), CliError> {
    fs::create_dir_all(folder).map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            CliError::Argument(format!("{}: in the way of the folder", folder.display()))
        }
        _ => CliError::Input { path: folder.to_owned(), source },
    })
}
