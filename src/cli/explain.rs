//! `explain FILE…`

use std::io::{self, BufWriter, Write as _};

use clap::{Args, ValueEnum};
use unicode_width::UnicodeWidthStr;

use super::inputs::Documents;
use super::{CliError, Exit, primitives};
use crate::lexicon::Lexicon;
use crate::model::{Document, Flags, Observation, RegionCode, Span, Status, Unused};
use crate::resolve;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    documents: Documents,
    /// What is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Each sentence, and what became of its numbers, for people
    Text,
    /// Every number, period and place by itself, one JSON object a line
    Jsonl,
}

pub(super) fn run(arguments: Arguments) -> Result<Exit, CliError> {
    let lexicon = Lexicon::bundled()?;
    let mut out = BufWriter::new(io::stdout().lock());
    let rejected = arguments.documents.each(&lexicon, |document| match arguments.format {
        Format::Text => Ok(out.write_all(explain(&lexicon, &document).as_bytes())?),
        Format::Jsonl => primitives::print(&mut out, &lexicon, &document),
    })?;
    out.flush()?;
    Ok(if rejected > 0 { Exit::Partial } else { Exit::Done })
}

/// Code points of text shown on either side of a number that stands in no statement's sentence.
const CONTEXT: usize = 14;

/// What every number of `document` became, or why nothing, in the order of the text: each sentence, and below it its
/// numbers with measure, value, indicator, place, period, the rule that read them and how sure it is.
pub fn explain(lexicon: &Lexicon, document: &Document) -> String {
    let reading = resolve::read(lexicon, document);
    let mut out = head(lexicon, document);
    let mut unused = reading.unused.iter().peekable();
    let mut sentence = None;
    for row in &reading.observations {
        if sentence != Some(row.sentence) {
            while let Some(number) = unused.next_if(|number| number.span.byte_end <= row.sentence.byte_start) {
                lonely(&mut out, document, number);
            }
            sentence = Some(row.sentence);
            out += &format!("\n@{} {}\n", row.sentence.char_start, one_line(row.sentence.of(&document.text)));
        }
        while let Some(number) = unused.next_if(|number| number.span < row.span) {
            line(&mut out, document, number.span, &format!("not used: {}", number.reason));
        }
        line(&mut out, document, row.span, &statement(lexicon, document, row));
    }
    for number in unused {
        lonely(&mut out, document, number);
    }
    let counts = (reading.observations.len(), reading.unused.len());
    out + &format!("\n{} statements, {} numbers not used\n", counts.0, counts.1)
}

/// The document's name and what is known of it, with where that was taken from.
fn head(lexicon: &Lexicon, document: &Document) -> String {
    let mut out = format!("{}\n", document.uri);
    if let Some(title) = &document.title {
        out += &format!("  title      {} ({})\n", title.value, title.origin.as_str());
    }
    if let Some(day) = &document.published {
        out += &format!("  published  {} ({})\n", day.value, day.origin.as_str());
    }
    if let Some(region) = &document.region {
        let name = region_name(lexicon, document, region.value);
        out += &format!("  region     {} {name} ({})\n", region.value, region.origin.as_str());
    }
    out
}

fn statement(lexicon: &Lexicon, document: &Document, row: &Observation) -> String {
    let id = row.indicator.map_or("not in the catalogue", |index| lexicon.indicators()[index as usize].id.as_str());
    let mut words = format!("{} {} {}", row.measure, row.value, row.unit);
    if let Some(high) = row.value_high {
        words += &format!("..{high}");
    }
    if row.bound.as_str() != "exact" {
        words += &format!(" ({})", row.bound);
    }
    let place = match (row.region, &row.zone) {
        (Some(code), _) => format!("{} {code}", region_name(lexicon, document, code)),
        (None, Some(zone)) => zone.to_string(),
        (None, None) => "no region".to_owned(),
    };
    words += &format!("  {} [{id}]  {place}  {}", row.indicator_text, row.period);
    if row.period_inferred {
        words += " (from before)";
    }
    if row.flags.contains(Flags::INDICATOR_INHERITED) {
        words += "  indicator inherited";
    }
    if let Some(scope) = &row.scope {
        words += &format!("  against {scope}");
    }
    if row.status != Status::Actual {
        words += &format!("  {}", row.status);
    }
    if let Some(entity) = &row.entity {
        words += &format!("  about {entity}, not the region");
    }
    words + &format!("  rule {} {:.2}", row.rule, row.confidence)
}

/// The name that a region had when the document was published.
fn region_name<'l>(lexicon: &'l Lexicon, document: &Document, code: RegionCode) -> &'l str {
    let year = document.published.as_ref().map_or(2020, |day| day.value.year());
    lexicon.regions().at(code, year).map_or("", |region| region.name.as_str())
}

/// A number that stands in no statement's sentence, with a little of what is around it.
fn lonely(out: &mut String, document: &Document, number: &Unused) {
    let before: String = document.text[..number.span.byte_start as usize].chars().rev().take(CONTEXT).collect();
    let before: String = before.chars().rev().collect();
    let after: String = document.text[number.span.byte_end as usize..].chars().take(CONTEXT).collect();
    let around = one_line(&format!("{before}{}{after}", number.span.of(&document.text)));
    *out += &format!("\n@{} …{around}…\n", number.span.char_start);
    line(out, document, number.span, &format!("not used: {}", number.reason));
}

fn line(out: &mut String, document: &Document, span: Span, what: &str) {
    const NUMBER_WIDTH: usize = 14;
    let surface = one_line(span.of(&document.text));
    let pad = NUMBER_WIDTH.saturating_sub(surface.width());
    *out += &format!("    {surface}{:pad$}  {what}\n", "");
}

/// Text without the line ends inside it.
fn one_line(text: &str) -> String {
    text.split('\n').map(str::trim).collect()
}
