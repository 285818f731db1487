//! `views --store PATH`

use std::io::{self, Write};
use std::path::Path;

use clap::Args;

use super::place::Place;
use super::{CliError, Exit};
use crate::normalize::schema::TABLES;
use crate::store::Store;

/// The views, which name the store by a variable of the session.
const VIEWS: &str = include_str!("../../pipelines/views.sql");
const VARIABLE: &str = "coalesce(getvariable('store'), 'store')";

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    place: Place,
}

/// Prints what makes a DuckDB database of views over the store: a view a table, and those of `pipelines/views.sql`. The place
/// of the store stands in it, for a database cannot keep a variable.
pub(super) fn views(arguments: Arguments) -> Result<Exit, CliError> {
    let store = arguments.place.open()?;
    let root =
        store.root().canonicalize().map_err(|source| CliError::Input { path: store.root().to_owned(), source })?;
    let mut out = io::stdout().lock();
    for table in TABLES {
        if has_files(&store, table)? {
            let files = root.join("v1").join(table.name).join("**/*.parquet");
            writeln!(
                out,
                "CREATE OR REPLACE VIEW {} AS SELECT * FROM read_parquet({}, hive_partitioning = true);",
                table.name,
                quoted(&files)
            )?;
        }
    }
    write!(out, "\n{}", VIEWS.replace(VARIABLE, &quoted(&root)))?;
    Ok(Exit::Done)
}

/// DuckDB refuses a view over no file.
fn has_files(store: &Store, table: &crate::normalize::schema::Table) -> Result<bool, CliError> {
    Ok(match table.year_of {
        Some(_) => !store.years(table)?.is_empty(),
        None => store.file(table, None).is_file(),
    })
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_the_store_is_filled_in() {
        let filled = VIEWS.replace(VARIABLE, &quoted(Path::new("/srv/it's")));
        let code: String = filled.lines().filter(|line| !line.starts_with("--")).collect();
        assert_eq!(code.matches("read_parquet(").count(), code.matches("read_parquet('/srv/it''s' ||").count());
        assert!(!code.contains("getvariable"));
    }
}
