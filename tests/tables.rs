//! Tables: each shape that reports hold them in, and that the shape does not matter. The cases lie in
//! `fixtures/tables.txt`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use zhibiao::model::Document;
use zhibiao::resolve;

use crate::grammar::line;
use crate::reading::{LEXICON, statements, titled};

/// A text and what was read in it.
struct Case<'c> {
    head: &'c str,
    text: &'c str,
    rows: &'c str,
}

#[test]
fn every_table_gives_its_rows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tables.txt");
    let fixture = fs::read_to_string(&path).unwrap();
    let (about, cases) = cases(&fixture);
    assert!(cases.len() >= 20, "{} cases", cases.len());
    let mut found = about.to_owned() + "\n";
    let mut wrong = Vec::new();
    for case in &cases {
        let rows = rows(&case.document());
        if rows.trim_end() != case.rows {
            wrong.push(format!("{}\n  expected:\n{}\n  found:\n{rows}", case.head, case.rows));
        }
        found += &format!("## {}\n{}=>\n{rows}\n", case.head, case.text);
    }
    if std::env::var_os("ZHIBIAO_BLESS").is_some() {
        fs::write(&path, found.trim_end().to_owned() + "\n").unwrap();
    } else {
        assert!(wrong.is_empty(), "{} of {} tables:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    }
}

impl Case<'_> {
    fn document(&self) -> Document {
        let (_, place) = self.head.split_once('@').unwrap();
        let (place, title) = place.split_once(' ').unwrap_or((place, ""));
        let (region, published) = place.split_once('/').unwrap();
        titled(self.text, region, published, title)
    }
}

/// What is read in a document: a row a line, then the reasons of the numbers that became none.
fn rows(document: &Document) -> String {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for number in resolve::read(&LEXICON, document).unused {
        *reasons.entry(number.reason.as_str()).or_default() += 1;
    }
    let unused = reasons.iter().map(|(reason, count)| format!(" {count} {reason}"));
    let rows: String = statements(document.clone()).iter().map(|row| format!("\t{}\n", line(row))).collect();
    format!("{rows}unused:{}\n", unused.collect::<Vec<_>>().join(","))
}

/// The remarks at the top of the fixture, and its cases.
fn cases(fixture: &str) -> (&str, Vec<Case<'_>>) {
    let (about, rest) = fixture.split_at(fixture.find("\n## ").unwrap());
    let cases = rest.split("\n## ").skip(1).map(|case| {
        let (head, rest) = case.split_once('\n').unwrap();
        let (text, rows) = rest.split_once("=>\n").unwrap();
        Case { head, text, rows: rows.trim_matches('\n') }
    });
    (about, cases.collect())
}

/// A table before it is written down: header and rows, the names of the rows in the first column.
#[derive(Clone, Debug)]
struct Grid {
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

const NAMES: &[&str] = &[
    "规模以上工业增加值",
    "固定资产投资",
    "社会消费品零售总额",
    "一般公共预算收入",
    "进出口总额",
    "#出口总额",
    "其中：税收收入",
    "一、金融机构存款余额",
    "地区生产总值",
    "第一产业",
    "#工业",
];

const HEADERS: &[&str] =
    &["1-6月（亿元）", "上年同期（亿元）", "同比增长（%）", "占全省比重（%）", "比年初增长%", "完成年度目标%"];

fn grid() -> impl Strategy<Value = Grid> {
    let columns = subsequence(HEADERS, 2..=HEADERS.len());
    let names = subsequence(NAMES, 2..=NAMES.len());
    (columns, names).prop_flat_map(|(columns, names)| {
        let cell = prop_oneof![
            6 => (0u32..2_000_000, 0usize..3).prop_map(|(number, decimals)| figure(number, decimals)),
            1 => select(vec!["-", "—", "…", "--"]).prop_map(str::to_owned),
        ];
        let cells = prop::collection::vec(prop::collection::vec(cell, columns.len()), names.len());
        cells.prop_map(move |cells| Grid {
            header: std::iter::once("指标").chain(columns.iter().copied()).collect(),
            rows: names
                .iter()
                .zip(cells)
                .map(|(name, cells)| std::iter::once((*name).to_owned()).chain(cells).collect())
                .collect(),
        })
    })
}

/// `-12.5`, `1,234.56`, `307`
fn figure(number: u32, decimals: usize) -> String {
    let sign = if number.is_multiple_of(7) && number > 0 { "-" } else { "" };
    let whole = number / 100;
    let grouped = if whole >= 1000 && number.is_multiple_of(2) {
        format!("{},{:03}", whole / 1000, whole % 1000)
    } else {
        whole.to_string()
    };
    match decimals {
        // A whole number such as 2026 may be a year, and then heads a column.
        0 if !(1900..=2100).contains(&whole) => format!("{sign}{grouped}"),
        0 => format!("{sign}{grouped}.0"),
        decimals => format!("{sign}{grouped}.{}", &format!("{:02}", number % 100)[..decimals]),
    }
}

impl Grid {
    fn lines(&self) -> impl Iterator<Item = Vec<&str>> {
        let rows = self.rows.iter().map(|row| row.iter().map(String::as_str).collect());
        std::iter::once(self.header.clone()).chain(rows)
    }

    fn joined(&self, start: &str, gap: &str, end: &str) -> String {
        self.lines().map(|cells| format!("{start}{}{end}\n", cells.join(gap))).collect()
    }

    /// The same table in each of the ways in which it can be written.
    fn written(&self) -> Vec<(&'static str, String)> {
        let bars = self.joined("| ", " | ", " |");
        let rule = format!("|{}\n", "---|".repeat(self.header.len()));
        let (header, rows) = bars.split_at(bars.find('\n').unwrap() + 1);
        vec![
            ("Markdown", format!("{header}{rule}{rows}")),
            ("bars", self.joined("", " | ", "")),
            ("half open bars", self.joined("", " | ", " |")),
            ("tabs", self.joined("", "\t", "")),
            ("wide blanks", self.joined("", "　", "")),
            ("blanks", self.joined("", "  ", "")),
            ("single blanks", self.joined("", " ", "")),
            ("a cell a line", self.joined("", "\n", "")),
            ("a cell a line with gaps", self.joined("", "\n\n", "\n")),
            ("HTML", format!("<table>{}</table>", self.joined("<tr><td>", "</td><td>", "</td></tr>"))),
            (
                "HTML of an editor",
                format!(
                    "<div><table border=0>\n<tbody>\n{}</tbody></table></div>",
                    self.joined(
                        "<tr>\n  <td width=\"60\"><p><span lang=EN-US>",
                        "</span></p></td>\n  <TD>\n<p>&nbsp;",
                        "</p></TD></tr>"
                    )
                ),
            ),
        ]
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_rows_of_a_table_do_not_depend_on_how_it_is_written(grid in grid()) {
        let read = |text: &str| {
            let document = titled(text, "330800", "2023-07-20", "2023年1-6月主要指标");
            statements(document).iter().map(line).collect::<Vec<_>>()
        };
        let written = grid.written();
        let expected = read(&written[0].1);
        let figures = grid.rows.iter().flatten().filter(|cell| cell.contains(|c: char| c.is_ascii_digit())).count();
        prop_assert_eq!(expected.len(), figures, "{}", written[0].1);
        for (how, text) in &written[1..] {
            prop_assert_eq!(&read(text), &expected, "{}: {}", how, text);
        }
    }
}
