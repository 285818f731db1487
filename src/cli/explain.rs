//! `explain FILE…`

use std::io::{self, BufWriter, Write as _};

use clap::{Args, ValueEnum};
use unicode_width::UnicodeWidthStr;

use super::inputs::Documents;
use super::marks::{Marks, one_line, wrap};
use super::{CliError, Exit, primitives};
use crate::lexicon::Lexicon;
use crate::model::{
    Bound, Document, Flags, Observation, Period, PrimitiveKind, Reading, Reason, RegionCode, Said, Span, Status, Unused,
};
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

/// Columns that a number takes, so that what is said of it stands in a column of its own.
const NUMBER_WIDTH: usize = 13;

/// What became of a number.
#[derive(Clone, Copy)]
enum Fate<'r> {
    Stated(&'r Observation),
    Unused(&'r Unused),
}

impl Fate<'_> {
    fn span(self) -> Span {
        match self {
            Fate::Stated(row) => row.span,
            Fate::Unused(number) => number.span,
        }
    }
}

/// What every number of `document` became, or why nothing, in the order of the text: each sentence with its
/// [numbers], {periods} and <places>, and below it its numbers with measure, value, indicator, place, period, where
/// the two were said, and the rule that read them. What is as for the number before is not said again.
pub fn explain(lexicon: &Lexicon, document: &Document) -> String {
    let reading = resolve::read(lexicon, document);
    let mut fates: Vec<Fate<'_>> = reading.observations.iter().map(Fate::Stated).collect();
    fates.extend(reading.unused.iter().map(Fate::Unused));
    fates.sort_by_key(|fate| fate.span());
    let primitives = resolve::primitives(lexicon, document);
    let marks = Marks::new(&reading, &primitives);
    let periods: Vec<(Span, Period)> = primitives
        .iter()
        .filter_map(|found| match found.kind {
            PrimitiveKind::Period(period) => Some((found.span, period)),
            _ => None,
        })
        .collect();
    let page = Page { lexicon, document };
    let mut out = page.head();
    let (mut sentence, mut before) = (Span::default(), None);
    for fate in fates {
        let own = match fate {
            Fate::Stated(row) => row.sentence,
            Fate::Unused(number) => sentence_of(&document.text, &reading, number.span),
        };
        if fate.span().byte_start >= sentence.byte_end {
            (sentence, before) = (own, None);
            let at = format!("@{} ", sentence.char_start);
            out += &format!("\n{at}{}\n", wrap(&marks.show(sentence, &document.text), at.len()));
        }
        match fate {
            Fate::Stated(row) => {
                out += &page.stated(row, before);
                before = Some(row);
            }
            Fate::Unused(number) => {
                // No two overlap, so that only the last that begins before the number's end can hold it.
                let before = periods.partition_point(|(span, _)| span.byte_start < number.span.byte_end);
                let what = match periods[..before].last() {
                    Some((span, period)) if span.covers(number.span) => format!("period {period}"),
                    _ => format!("not used: {}", why(number.reason)),
                };
                out += &page.line(number.span, &what);
            }
        }
    }
    let counts = (reading.observations.len(), reading.unused.len());
    out + &format!("\n{} statements, {} numbers not used\n", counts.0, counts.1)
}

struct Page<'a> {
    lexicon: &'a Lexicon,
    document: &'a Document,
}

impl Page<'_> {
    /// The document's name and what is known of it, with where that was taken from.
    fn head(&self) -> String {
        let document = self.document;
        let mut out = format!("{}\n", document.uri);
        if let Some(title) = &document.title {
            const LABEL: usize = 13;
            let words = format!("{} ({})", title.value, title.origin.as_str());
            out += &format!("  title      {}\n", wrap(&words, LABEL));
        }
        if let Some(day) = &document.published {
            out += &format!("  published  {} ({})\n", day.value, day.origin.as_str());
        }
        if let Some(region) = &document.region {
            out += &format!("  region     {} ({})\n", self.region(region.value), region.origin.as_str());
        }
        out + "  [number] {period} <place>\n"
    }

    /// A statement, without what it shares with the one before it in the sentence.
    fn stated(&self, row: &Observation, before: Option<&Observation>) -> String {
        let mut out = self.line(row.span, &number(row));
        let mut add = |label: &str, words: &str| out += &detail(label, words);
        let same = |fact: fn(&Observation) -> String| before.is_some_and(|before| fact(before) == fact(row));
        if !same(|row| format!("{} {:?}", row.indicator_text, row.breakdown)) {
            add("what", &self.indicator(row));
        }
        if !same(|row| format!("{:?} {:?} {:?}", row.region, row.zone, row.entity)) {
            add("where", &self.place(row));
        }
        if !same(|row| row.period.to_string()) {
            add("when", &format!("{}, {}", row.period, self.said(row.period_said, row, "the day of publication")));
        }
        if let Some(scope) = &row.scope {
            let code = row.scope_code.map_or(String::new(), |code| format!(" {code}"));
            add("against", &format!("{scope}{code}"));
        }
        out
    }

    fn indicator(&self, row: &Observation) -> String {
        let id = match row.indicator {
            Some(index) => &self.lexicon.indicators()[index as usize].id,
            None => "not in the catalogue",
        };
        let mut words = format!("{} ({id})", row.indicator_text);
        if let Some(breakdown) = row.breakdown.as_ref().filter(|part| !row.indicator_text.contains(part.as_str())) {
            words += &format!(", of {breakdown}");
        }
        if row.flags.contains(Flags::INDICATOR_INHERITED) {
            words += ", completed from before";
        }
        words
    }

    fn place(&self, row: &Observation) -> String {
        let place = match (row.region, &row.zone) {
            (Some(code), _) => self.region(code),
            (None, Some(zone)) => zone.to_string(),
            (None, None) => "no region of China".to_owned(),
        };
        let words = format!("{place}, {}", self.said(row.region_said, row, "the document's own"));
        match &row.entity {
            Some(entity) => format!("{entity}, which is no region; {words}"),
            None => words,
        }
    }

    /// Where something was said that holds for `row`; `unsaid` where the text does not say it.
    fn said(&self, said: Said, row: &Observation, unsaid: &str) -> String {
        const HEADING: usize = 10;
        let text = &self.document.text;
        match said {
            Said::Words(at) => {
                let words = one_line(at.of(text));
                let apart = at.byte_end.min(row.span.byte_start) as usize..row.span.byte_start as usize;
                match row.sentence.covers(at) {
                    true if text[apart].contains(['，', ',', '；', ';', '：', ':']) => {
                        format!("{words} in the sentence")
                    }
                    true => format!("{words} in the clause"),
                    false => format!("{words} before it, @{}", at.char_start),
                }
            }
            Said::Heading(at) => {
                let heading = one_line(at.of(text));
                let shown: String = heading.chars().take(HEADING).collect();
                let more = if shown.len() < heading.len() { "…" } else { "" };
                format!("the heading {shown}{more}, @{}", at.char_start)
            }
            Said::Table => "the table's header or row".to_owned(),
            Said::Title => "the title".to_owned(),
            Said::Document => unsaid.to_owned(),
        }
    }

    /// A region with the name that it had when the document was published.
    fn region(&self, code: RegionCode) -> String {
        let year = self.document.published.as_ref().map_or(2020, |day| day.value.year());
        let name = self.lexicon.regions().at(code, year).map_or("", |region| region.name.as_str());
        format!("{name} {code}")
    }

    /// A number, and what is said of it.
    fn line(&self, span: Span, what: &str) -> String {
        let surface = one_line(span.of(&self.document.text));
        let pad = NUMBER_WIDTH.saturating_sub(surface.width());
        format!("  {surface}{:pad$}  {what}\n", "")
    }
}

/// Measure, value, bound, status, rule.
fn number(row: &Observation) -> String {
    let high = row.value_high.map_or(String::new(), |high| format!("..{high}"));
    let mut words = format!("{} {}{high} {}", row.measure, row.value, row.unit).trim_end().to_owned();
    if !matches!(row.bound, Bound::Exact | Bound::Range) {
        words += &format!(", {}", row.bound);
    }
    if row.status != Status::Actual {
        words += &format!(", {}", row.status);
    }
    if let Some(price) = row.price_basis {
        words += &format!(", {price} prices");
    }
    format!("{words}  (rule {}, {:.2})", row.rule, row.confidence)
}

fn detail(label: &str, words: &str) -> String {
    const LABEL_WIDTH: usize = 7;
    let indent = 2 + NUMBER_WIDTH + 2;
    format!("{:indent$}{label:LABEL_WIDTH$} {}\n", "", wrap(words, indent + LABEL_WIDTH + 1))
}

/// Why a number was left out, for people.
fn why(reason: Reason) -> &'static str {
    match reason {
        Reason::Date => "part of a date or a time of day",
        Reason::Period => "part of a period",
        Reason::Label => "numbers a heading, a list or a document",
        Reason::Name => "part of a name or a fixed expression",
        Reason::Threshold => "a threshold that defines a class",
        Reason::Duration => "how long something lasts",
        Reason::Base => "a base or benchmark of another number",
        Reason::NoIndicator => "no indicator was found for it",
        Reason::NoUnit => "no unit, and nothing tells what it measures",
        Reason::Table => "in a table whose header is not certain",
        Reason::Unreadable => "cannot be read as one number",
        Reason::Contact => "an address or a telephone number",
    }
}

/// The sentence that a number stands in: a statement's, else what is around it, no longer than a few lines.
fn sentence_of(text: &str, reading: &Reading, span: Span) -> Span {
    const REACH: usize = 60;
    let rows = &reading.observations;
    let next = rows.partition_point(|row| row.span.byte_start < span.byte_start);
    let beside = [next.checked_sub(1), Some(next)].into_iter().flatten().filter_map(|index| rows.get(index));
    if let Some(row) = beside.into_iter().find(|row| row.sentence.covers(span)) {
        return row.sentence;
    }
    let ends = |c: &char| !matches!(c, '。' | '！' | '？' | '\n');
    let before = text[..span.byte_start as usize].chars().rev().take(REACH).take_while(ends);
    let after = text[span.byte_end as usize..].chars().take(REACH).take_while(ends);
    let ([before_chars, before_bytes], [after_chars, after_bytes]) = (size(before), size(after));
    Span {
        byte_start: span.byte_start - before_bytes,
        byte_end: span.byte_end + after_bytes,
        char_start: span.char_start - before_chars,
        char_end: span.char_end + after_chars,
    }
}

/// Code points and bytes of characters.
fn size(chars: impl Iterator<Item = char>) -> [u32; 2] {
    chars.fold([0, 0], |[count, bytes], c| [count + 1, bytes + c.len_utf8() as u32])
}
