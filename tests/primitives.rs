//! One sentence at a time: the numbers, periods and places in it. The cases lie in `fixtures/primitives.tsv`.

use zhibiao::model::{Amount, Bound, Document, Period, Primitive, PrimitiveKind};
use zhibiao::resolve;

use crate::reading::{LEXICON, document};
use crate::sentences::Sentences;

const SENTENCES: Sentences = Sentences {
    name: "primitives.tsv",
    text: include_str!("fixtures/primitives.tsv"),
    published: "2024-08-15",
    least: 300,
};

#[test]
fn every_sentence_gives_its_primitives() {
    SENTENCES.check(|document| {
        let found = resolve::primitives(&LEXICON, &document);
        found.iter().map(|found| line(found, &document.text)).collect()
    });
}

#[test]
fn a_text_without_a_date_has_the_same_periods_as_its_rows() {
    let text = "2023年全市生产总值100亿元。今年上半年，全市生产总值52亿元。";
    let undated = Document { published: None, ..document(text, "330800", "2024-08-15") };
    let rows = resolve::read(&LEXICON, &undated).observations;
    let periods: Vec<Period> = rows.iter().map(|row| row.period).collect();
    let found = resolve::primitives(&LEXICON, &undated).into_iter().filter_map(|found| match found.kind {
        PrimitiveKind::Period(period) => Some(period),
        _ => None,
    });
    assert_eq!(found.collect::<Vec<_>>(), periods);
}

/// A primitive in the notation of the fixture.
fn line(primitive: &Primitive, text: &str) -> String {
    let surface = primitive.span.of(text).replace('\n', "\\n");
    match &primitive.kind {
        PrimitiveKind::Amount(amount) => format!("{surface}\t{}", amount_line(amount)),
        PrimitiveKind::Ratio(parts) => {
            let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
            format!("{surface}\tratio\t{}", parts.join(":"))
        }
        PrimitiveKind::Period(period) => format!("{surface}\tperiod\t{}..{}", period.start, period.end),
        PrimitiveKind::Region(code) => format!("{surface}\tregion\t{code}"),
    }
}

fn amount_line(amount: &Amount) -> String {
    let high = amount.high.map_or(String::new(), |high| format!("..{high}"));
    let per = amount.per.as_ref().map_or(String::new(), |per| format!("/{per}"));
    let number = format!("{}{high} {}{per}", amount.value, amount.unit);
    let mut cells = vec![amount.kind.as_str().to_owned(), number.trim_end().to_owned()];
    if !matches!(amount.bound, Bound::Exact | Bound::Range) {
        cells.push(amount.bound.as_str().to_owned());
    }
    cells.extend(amount.sign.map(|sign| if sign < 0 { "by verb -" } else { "by verb +" }.to_owned()));
    cells.extend(amount.scope.as_ref().map(|scope| format!("in {scope}")));
    cells.join("\t")
}
