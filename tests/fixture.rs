//! A pipeline in a temporary folder, and what can be seen of its store from outside.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use assert_cmd::Command;
use polars::prelude::DataFrame;
use tempfile::TempDir;

use crate::s3_server::KEY;

/// Three months of one city, and a company.
pub const REPORTS: [(&str, &str); 3] = [
    ("june.txt", "衢州市经济运行情况\n2022年1—6月,全市规上工业增加值240.1亿元,增长5.2%。\n"),
    ("july.txt", "衢州市经济运行情况\n2022年1—7月,全市规上工业增加值282.7亿元,增长6.6%。\n"),
    ("company.txt", "2022年1—7月,衢州华友钴新材料有限公司实现规上工业增加值12.5亿元,增长8.1%。\n"),
];

/// A pipeline with its inputs and its store.
pub struct Fixture {
    folder: TempDir,
}

impl Fixture {
    /// A pipeline over `reports/*.txt` and the given files in it.
    pub fn new(reports: &[(&str, &str)]) -> Fixture {
        let fixture = Fixture { folder: TempDir::new().unwrap() };
        fs::create_dir(fixture.path("reports")).unwrap();
        for (name, text) in reports {
            fixture.write(&format!("reports/{name}"), text);
        }
        let source = "[[source]]\nkind = \"files\"\ninclude = [\"reports/*.txt\"]\n";
        fixture
            .write("job.toml", format!("name = \"job\"\nstore = \"store\"\n{source}[defaults]\nregion = \"330800\"\n"));
        fixture
    }

    /// The same, run over the bundled example reports.
    pub fn examples() -> Fixture {
        let fixture = Fixture::new(&[]);
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports");
        for entry in fs::read_dir(examples).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, fixture.path("reports").join(path.file_name().unwrap())).unwrap();
        }
        fixture.run(&[], 0);
        fixture
    }

    /// The same, reading a JSONL file of `lines`.
    pub fn jsonl(lines: &str) -> Fixture {
        let fixture = Fixture::new(&[]);
        fixture.write("in.jsonl", lines);
        fixture.write(
            "job.toml",
            "name = \"job\"\nstore = \"store\"\n[[source]]\nkind = \"jsonl\"\npath = \"in.jsonl\"\n",
        );
        fixture
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    /// Runs the pipeline with `arguments`, expecting an exit code; what it said on stderr.
    pub fn run(&self, arguments: &[&str], code: i32) -> String {
        let job = self.path("job.toml");
        let output = zhibiao().arg("run").arg(job).args(arguments).assert().code(code).get_output().clone();
        String::from_utf8(output.stderr).unwrap()
    }

    /// The rows of all files of `table`.
    pub fn rows(&self, table: &str) -> Option<DataFrame> {
        let folder = self.path("store/v1").join(table);
        let mut frames =
            files(&folder).into_keys().map(|path| zhibiao::store::read_parquet(&folder.join(path), None).unwrap());
        let first = frames.next()?;
        Some(frames.fold(first, |rows, more| rows.vstack(&more).unwrap()))
    }

    /// Number of rows of `table`.
    pub fn count(&self, table: &str) -> usize {
        self.rows(table).map_or(0, |rows| rows.height())
    }

    /// The values of a text column of `table`, sorted.
    pub fn texts(&self, table: &str, column: &str) -> Vec<String> {
        let Some(rows) = self.rows(table) else { return Vec::new() };
        let column = rows.column(column).unwrap().str().unwrap().clone();
        let mut texts: Vec<String> = column.iter().map(|text| text.unwrap_or_default().to_owned()).collect();
        texts.sort();
        texts
    }

    /// Everything below the store's folder: bytes and time of change.
    pub fn store(&self) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
        files(&self.path("store"))
    }

    /// What readers of the store see, without the times.
    pub fn published(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        files(&self.path("store/v1")).into_iter().map(|(path, (bytes, _))| (path, bytes)).collect()
    }
}

/// The program under test.
pub fn zhibiao() -> Command {
    Command::from_std(program())
}

/// The program under test, to be started beside others; what is set here for it does not count.
pub fn program() -> std::process::Command {
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("zhibiao"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ZHIBIAO_")) {
        command.env_remove(name);
    }
    command.env("AWS_ACCESS_KEY_ID", KEY).env("AWS_SECRET_ACCESS_KEY", "secret").env("NO_PROXY", "127.0.0.1");
    command
}

/// All files below `folder`, by their path in it.
fn files(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let content = |path: PathBuf| {
        let changed = fs::metadata(&path).unwrap().modified().unwrap();
        (path.strip_prefix(folder).unwrap().to_owned(), (fs::read(&path).unwrap(), changed))
    };
    files_below(folder).into_iter().map(content).collect()
}

/// Paths of all files below `folder`, none where it is not there.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        let entries = fs::read_dir(&next).into_iter().flatten().map(|entry| entry.unwrap().path());
        let (inner, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
        folders.extend(inner);
        found.extend(files);
    }
    found
}
