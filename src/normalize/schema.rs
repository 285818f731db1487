//! The contract with every reader: tables, columns, types. Defined here once; the frames, the Parquet files and
//! `docs/STORE.md` are checked against it.
//!
//! The schema is frozen under `v1/`: a column is never renamed, retyped or dropped there.

use super::columns;

/// A column type that every Parquet reader takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// UTF-8 text.
    Text,
    /// IEEE 754 double.
    Double,
    /// Signed 32-bit integer.
    Int,
    /// True or false.
    Bool,
    /// Civil date.
    Date,
    /// Instant in UTC, in microseconds.
    Timestamp,
}

impl Type {
    /// The name in the documentation.
    pub fn as_str(self) -> &'static str {
        match self {
            Type::Text => "STRING",
            Type::Double => "DOUBLE",
            Type::Int => "INT32",
            Type::Bool => "BOOLEAN",
            Type::Date => "DATE",
            Type::Timestamp => "TIMESTAMP",
        }
    }
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// ASCII name.
    pub name: &'static str,
    /// Its type.
    pub kind: Type,
    /// Whether a row may lack it.
    pub nullable: bool,
    /// What it means, as in `docs/STORE.md`.
    pub about: &'static str,
}

impl Column {
    /// A column that every row has.
    pub(super) const fn new(name: &'static str, kind: Type, about: &'static str) -> Column {
        Column { name, kind, nullable: false, about }
    }

    /// A column that a row may lack.
    pub(super) const fn optional(name: &'static str, kind: Type, about: &'static str) -> Column {
        Column { name, kind, nullable: true, about }
    }
}

/// One table of the store.
#[derive(Debug)]
pub struct Table {
    /// Folder name under `v1/`.
    pub name: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// Groups of columns, so that tables can share them.
    pub(super) groups: &'static [&'static [Column]],
    /// Columns that name a row.
    pub key: &'static [&'static str],
    /// Columns that the rows of a file are sorted by.
    pub order: &'static [&'static str],
    /// Date column whose year is the partition (0 where it is null); `None` for a table of one file.
    pub year_of: Option<&'static str>,
}

impl Table {
    /// The columns, in the order of the file.
    pub fn columns(&self) -> impl Iterator<Item = &'static Column> {
        self.groups.iter().flat_map(|group| group.iter())
    }

    /// The column `name`.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns().find(|column| column.name == name)
    }
}

const BY_SERIES: &[&str] = &["region_code", "indicator", "period_end", "measure", "obs_id"];

/// Every statement about a region, of every report.
pub static OBSERVATIONS: Table = Table {
    name: "observations",
    about: "one row a statement about a region, of every report (all vintages)",
    groups: &[columns::STATEMENT],
    key: &["obs_id"],
    order: BY_SERIES,
    year_of: Some("period_end"),
};

/// Every statement about a company, project, port or school.
pub static ENTITIES: Table = Table {
    name: "entities",
    about: "one row a statement about a company, project, port or school; never mixed into `observations`",
    groups: &[columns::STATEMENT, columns::ENTITY],
    key: &["obs_id"],
    order: BY_SERIES,
    year_of: Some("period_end"),
};

/// The value that holds for each series and period.
pub static SERIES: Table = Table {
    name: "series",
    about: "one row a series and period: the statement that holds",
    groups: &[columns::STATEMENT, columns::VINTAGES],
    key: &["series_id", "time_period"],
    order: BY_SERIES,
    year_of: Some("period_end"),
};

/// What charts draw: reported and derived points of every series.
pub static TRENDS: Table = Table {
    name: "trends",
    about: "one row a series and period, reported or derived from what was reported; targets are left out",
    groups: &[columns::LINE, columns::POINT],
    key: &["series_id", "time_period"],
    order: &["region_code", "indicator", "measure", "freq", "period_end", "series_id", "time_period"],
    year_of: Some("period_end"),
};

/// Numbers that became no row.
pub static NUMBERS: Table = Table {
    name: "numbers",
    about: "one row a number that was seen and not used, with the reason",
    groups: &[columns::NUMBER],
    key: &["doc_id", "char_start", "char_end"],
    order: &["doc_id", "char_start", "char_end"],
    year_of: Some("published"),
};

/// The ledger.
pub static DOCUMENTS: Table = Table {
    name: "documents",
    about: "the ledger: one row a document that was read, published last in every run",
    groups: &[columns::DOCUMENT],
    key: &["doc_id"],
    order: &["pipeline", "source_uri", "doc_id"],
    year_of: Some("published"),
};

/// Inputs that could not be read.
pub static REJECTS: Table = Table {
    name: "rejects",
    about: "one row an input that the pipeline's last run could not read",
    groups: &[columns::REJECT],
    key: &["pipeline", "source_uri"],
    order: &["pipeline", "source_uri"],
    year_of: None,
};

/// What does not fit together.
pub static CHECKS: Table = Table {
    name: "checks",
    about: "one row a rule of `quality.toml` that statements of the year break, as they are stored now",
    groups: &[columns::CHECK],
    key: &["check_id"],
    order: &["rule", "region_code", "indicator", "period_end", "check_id"],
    year_of: Some("period_end"),
};

/// What people decided.
pub static DECISIONS: Table = Table {
    name: "decisions",
    about: "one row a decision of a person about a statement; see Review above",
    groups: &[columns::DECISION],
    key: &["obs_id", "decided_at"],
    order: &["decided_at", "obs_id"],
    year_of: None,
};

/// The gazetteer.
pub static DIM_REGION: Table = Table {
    name: "dim_region",
    about: "one row a region code and the years in which it had this name and parent",
    groups: &[columns::REGION],
    key: &["region_code", "valid_from"],
    order: &["region_code", "valid_from"],
    year_of: None,
};

/// The indicator catalogue.
pub static DIM_INDICATOR: Table = Table {
    name: "dim_indicator",
    about: "one row an indicator of the catalogue; `x.` indicators are not in it",
    groups: &[columns::INDICATOR],
    key: &["indicator"],
    order: &["indicator"],
    year_of: None,
};

/// The periods in use.
pub static DIM_PERIOD: Table = Table {
    name: "dim_period",
    about: "one row a period that a row of `observations`, `entities` or `trends` has, or once had",
    groups: &[columns::PERIOD],
    key: &["freq", "time_period"],
    order: &["period_start", "period_end", "freq", "time_period"],
    year_of: None,
};

/// Every table, in the order of the documentation.
pub static TABLES: &[&Table] = &[
    &OBSERVATIONS,
    &SERIES,
    &TRENDS,
    &ENTITIES,
    &NUMBERS,
    &DOCUMENTS,
    &REJECTS,
    &CHECKS,
    &DECISIONS,
    &DIM_REGION,
    &DIM_INDICATOR,
    &DIM_PERIOD,
];

/// What a run changed in `series`: its record below `meta/runs`, for `diff`.
pub static CHANGES: Table = Table {
    name: "changes",
    about: "one row a series and period whose value a run added, changed or removed",
    groups: &[columns::CHANGE],
    key: &["series_id", "time_period"],
    order: &["region_code", "indicator", "measure", "time_period", "series_id"],
    year_of: None,
};

/// What `extract` prints: statements about regions and about entities together, in the order of the text.
pub static EXTRACT: Table = Table {
    name: "extract",
    about: "statements of the documents given, in the order of the text",
    groups: &[columns::CALLER, columns::STATEMENT, columns::ANY_ENTITY],
    key: &["obs_id"],
    order: &[],
    year_of: None,
};
