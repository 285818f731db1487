//! One sentence at a time: the numbers, periods and places in it. The cases lie in `fixtures/primitives.tsv`.

use zhibiao::model::{Amount, Bound, Primitive, PrimitiveKind};
use zhibiao::resolve;

use crate::reading::LEXICON;
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
