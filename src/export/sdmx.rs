//! SDMX-CSV 2.0: the table `series` as a data message that SDMX tools take. `docs/EXPORT.md` says what its structure means.

use std::io::{self, BufWriter, Write};

use polars::prelude::DataFrame;

use super::cells::{Cells, Refused};
use crate::normalize::schema::{Column, SERIES};

/// The data structure that rows are of.
const STRUCTURE: [(&str, &str); 3] =
    [("STRUCTURE", "datastructure"), ("STRUCTURE_ID", "ZHIBIAO:SERIES(1.0.0)"), ("ACTION", "I")];

/// The whole of something, and what does not apply, as SDMX code lists write them.
const TOTAL: &str = "_T";
const NOT_APPLICABLE: &str = "_Z";

/// What a column of the message is made of.
enum Source {
    /// A column of `series`, and what stands for null or nothing in it.
    Column(&'static str, &'static str),
    /// Whether the row is a target.
    Scenario,
    /// The same in every row.
    Always(&'static str),
}

use Source::{Always, Column as Of, Scenario};

/// Dimensions, the measure and attributes, in this order. The dimensions name a row as `series_id` and `time_period` do.
const COMPONENTS: [(&str, Source); 29] = [
    ("FREQ", Of("freq", "")),
    ("REF_AREA", Of("region_code", "")),
    ("ZONE", Of("zone", TOTAL)),
    ("INDICATOR", Of("indicator", "")),
    ("BREAKDOWN", Of("breakdown", TOTAL)),
    ("MEASURE", Of("measure", "")),
    ("SCOPE", Of("scope", NOT_APPLICABLE)),
    ("SCENARIO", Scenario),
    ("UNIT_MEASURE", Of("unit", NOT_APPLICABLE)),
    ("TIME_PERIOD", Of("time_period", "")),
    ("OBS_VALUE", Of("value", "")),
    ("OBS_STATUS", Of("obs_status", "")),
    ("UNIT_MULT", Always("0")),
    ("COUNTERPART_AREA", Of("scope_code", "")),
    ("PRICE_BASIS", Of("price_basis", "")),
    ("BOUND", Of("bound", "")),
    ("VALUE_HIGH", Of("value_high", "")),
    ("VALUE_TEXT", Of("value_text", "")),
    ("UNIT_TEXT", Of("unit_text", "")),
    ("REF_AREA_NAME", Of("region_name", "")),
    ("INDICATOR_NAME", Of("indicator_name", "")),
    ("PUBLISHED", Of("published", "")),
    ("N_REPORTS", Of("n_reports", "")),
    ("REVISED", Of("revised", "")),
    ("CONFLICT", Of("conflict", "")),
    ("TITLE", Of("title", "")),
    ("SOURCE_URI", Of("source_uri", "")),
    ("SURFACE", Of("surface", "")),
    ("OBS_ID", Of("obs_id", "")),
];

/// A data message.
pub(super) struct SdmxCsv<W: Write> {
    lines: csv::Writer<BufWriter<W>>,
}

impl<W: Write> SdmxCsv<W> {
    /// Begins with the names of the components.
    pub fn new(out: W) -> Result<Self, Refused> {
        let mut lines = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BufWriter::new(out));
        let names = STRUCTURE.iter().map(|(name, _)| *name).chain(COMPONENTS.iter().map(|(name, _)| *name));
        lines.write_record(names)?;
        Ok(SdmxCsv { lines })
    }

    /// Adds `rows` of `series`.
    pub fn write(&mut self, rows: &DataFrame) -> Result<(), Refused> {
        let cells = |name: &str| -> Result<Cells, Refused> {
            let column: Option<&Column> = SERIES.columns().find(|column| column.name == name);
            let missing = || polars::error::polars_err!(ColumnNotFound: "{name} in {}", SERIES.name);
            Ok(Cells::of(rows, column.ok_or_else(missing)?)?)
        };
        let statuses = rows.column("status")?.str()?;
        let columns = COMPONENTS.iter().map(|(_, source)| match source {
            Of(name, _) => cells(name).map(Some),
            Scenario | Always(_) => Ok(None),
        });
        let columns: Vec<Option<Cells>> = columns.collect::<Result<_, _>>()?;
        let mut scratch = String::new();
        for row in 0..rows.height() {
            for (_, value) in STRUCTURE {
                self.lines.write_field(value)?;
            }
            for ((_, source), cells) in COMPONENTS.iter().zip(&columns) {
                let text = cells.as_ref().map_or("", |cells| cells.text(row, &mut scratch));
                self.lines.write_field(match source {
                    Of(_, empty) if text.is_empty() => empty,
                    Of(..) => text,
                    Scenario if statuses.get(row) == Some("target") => "TARGET",
                    Scenario => "FACT",
                    Always(value) => value,
                })?;
            }
            self.lines.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.lines.flush()
    }
}
