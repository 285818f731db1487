//! One sentence at a time: the numbers, periods and places in it. The cases lie in `fixtures/primitives.tsv`.

use zhibiao::model::{Amount, Bound, Primitive, PrimitiveKind};
use zhibiao::resolve;

use crate::reading::{LEXICON, document};

const CASES: &str = include_str!("fixtures/primitives.tsv");

#[test]
fn every_sentence_gives_its_primitives() {
    let mut lines = CASES.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).peekable();
    let (mut cases, mut wrong) = (0, Vec::new());
    while let Some((number, case)) = lines.next() {
        let mut expected = Vec::new();
        while let Some((_, line)) = lines.next_if(|(_, line)| line.starts_with('\t')) {
            expected.push(line[1..].to_owned());
        }
        let (place, text) = case.strip_prefix('@').map_or(("", case), |case| case.split_once(' ').unwrap());
        let (region, published) = place.split_once('/').unwrap_or((place, "2024-08-15"));
        let document =
            document(&text.replace("\\n", "\n"), if region.is_empty() { "330800" } else { region }, published);
        let found: Vec<String> =
            resolve::primitives(&LEXICON, &document).iter().map(|found| line(found, &document.text)).collect();
        cases += 1;
        if found != expected {
            let lists = [expected, found].map(|list| list.join("\n    "));
            wrong.push(format!(
                "primitives.tsv:{}: {case}\n  expected:\n    {}\n  found:\n    {}",
                number + 1,
                lists[0],
                lists[1]
            ));
        }
    }
    assert!(cases >= 300, "{cases} cases");
    assert!(wrong.is_empty(), "{} of {cases} sentences:\n{}", wrong.len(), wrong.join("\n"));
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
