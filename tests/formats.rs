//! One report in every format, pages of sites, archives, and files that are not as they should be. The files lie in
//! `fixtures/formats`, made by `tools/make_fixtures.py`.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::select;
use zhibiao::config::Defaults;
use zhibiao::model::{Document, Format, Origin};
use zhibiao::source::{self, Input, Limits, Reject};
use zhibiao::{format, pipeline};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::fixture::{Fixture, files_below, zhibiao};
use crate::reading::{LEXICON, Statement, statements};

const PUBLISHED: &str = "2022-08-19";
const TITLE: &str = "2022年1—7月衢州市经济运行简况";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats")
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

/// The documents and rejects that a file stands for.
fn read(name: &str, bytes: Vec<u8>) -> Vec<Result<Document, Reject>> {
    let limits = Limits::default();
    let input = Input::from_bytes(bytes, name, limits).unwrap();
    source::members(input, limits).map(|member| member.and_then(format::document)).collect()
}

fn one(name: &str, bytes: Vec<u8>) -> Result<Document, Reject> {
    let mut all = read(name, bytes);
    assert_eq!(all.len(), 1, "{name}");
    all.remove(0)
}

/// The rows of a document whose day of publication is known.
fn rows(mut document: Document) -> Vec<Statement> {
    let day = || zhibiao::model::Stated::new(PUBLISHED.parse().unwrap(), Origin::Field);
    document.published = document.published.or_else(|| Some(day()));
    pipeline::prepare(&LEXICON, &mut document, &Defaults::default());
    statements(document)
}

fn reason(name: &str, bytes: Vec<u8>) -> &'static str {
    match one(name, bytes) {
        Err(reject) => reject.reason.as_str(),
        Ok(document) => panic!("{name} was read:\n{}", document.text),
    }
}

#[test]
fn a_report_gives_the_same_rows_in_every_format() {
    let expected = rows(one("report.txt", bytes("report.txt")).unwrap());
    assert!(expected.len() >= 25, "{expected:#?}");
    for (name, format) in
        [("report.docx", Format::Docx), ("report.pdf", Format::Pdf), ("not-embedded.pdf", Format::Pdf)]
    {
        let document = one(name, bytes(name)).unwrap();
        assert_eq!((document.format, document.encoding), (format, None));
        let text = document.text.clone();
        let found = rows(document);
        assert!(found == expected, "{name}:\n{text}\n{}", difference(&expected, &found));
        for furniture in ["统计月报", "第 1 页", "- 1 -"] {
            assert!(!text.contains(furniture), "{name}: {furniture}");
        }
    }
}

#[test]
fn a_table_without_rules_is_read_by_its_columns() {
    let expected = rows(one("report.txt", bytes("report.txt")).unwrap());
    let document = one("columns.pdf", bytes("columns.pdf")).unwrap();
    let text = document.text.clone();
    let found = rows(document);
    // The head has one line less, and so says no months: what it says is the same but for that.
    assert_eq!(found.len(), expected.len(), "{text}\n{}", difference(&expected, &found));
}

#[test]
fn nothing_around_the_report_comes_out_of_a_page() {
    let expected = rows(one("report.txt", bytes("report.txt")).unwrap());
    let pages = files_below(&folder().join("pages"));
    assert_eq!(pages.len(), 6);
    for path in pages {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let document = one(&name, fs::read(&path).unwrap()).unwrap();
        assert_eq!(document.format, Format::Html);
        let text = document.text.clone();
        for (said, words) in [
            (document.title.clone(), TITLE.to_owned()),
            (document.publisher.clone(), "衢州市统计局".to_owned()),
            (
                document.published.clone().map(|day| zhibiao::model::Stated::new(day.value.to_string(), day.origin)),
                PUBLISHED.to_owned(),
            ),
        ] {
            let said = said.unwrap_or_else(|| panic!("{name}: {words} is not found"));
            assert_eq!((said.value, said.origin), (words, Origin::Page), "{name}");
        }
        let found = rows(document);
        assert!(found == expected, "{name}:\n{text}\n{}", difference(&expected, &found));
        for words in [
            "首页",
            "上一篇",
            "下一篇",
            "点击",
            "浏览",
            "ICP",
            "打印",
            "分享",
            "8.7%",
            "240.1",
            "9.9%",
            "562642",
            "5.6%",
            "3.1%",
        ] {
            assert!(!text.contains(words), "{name}: {words} in\n{text}");
        }
    }
}

/// The rows that only one of the two has.
fn difference(expected: &[Statement], found: &[Statement]) -> String {
    let lines = |rows: &[Statement]| rows.iter().map(|row| serde_json::to_string(row).unwrap()).collect::<Vec<_>>();
    let (expected, found) = (lines(expected), lines(found));
    let missing = expected.iter().filter(|row| !found.contains(row)).map(|row| format!("- {row}\n"));
    let more = found.iter().filter(|row| !expected.contains(row)).map(|row| format!("+ {row}\n"));
    missing.chain(more).collect()
}

#[test]
fn a_workbook_gives_the_rows_of_its_table() {
    let report = rows(one("report.txt", bytes("report.txt")).unwrap());
    let table = &report[report.len() - 10..];
    for (name, format) in [("table.xlsx", Format::Xlsx), ("table.xls", Format::Xls)] {
        let document = one(name, bytes(name)).unwrap();
        assert_eq!(document.format, format);
        let text = document.text.clone();
        assert!(!text.contains("999.9") && !text.contains("000000"), "{text}");
        let found = rows(document);
        assert!(found == table, "{name}:\n{text}\n{}", difference(table, &found));
    }
}

#[test]
fn each_member_of_an_archive_is_an_input() {
    let found: Vec<String> = read("a/report.zip", bytes("report.zip"))
        .into_iter()
        .map(|member| match member {
            Ok(document) => format!("{} {}", document.uri, document.format.as_str()),
            Err(reject) => format!("{} {}", reject.uri, reject.reason.as_str()),
        })
        .collect();
    assert_eq!(
        found,
        [
            "a/report.zip#附件/简况.docx docx",
            "a/report.zip#附件/指标.xlsx xlsx",
            "a/report.zip#更早.zip#简况.txt text",
            "a/report.zip#封面.jpg binary",
        ]
    );
}

#[test]
fn what_a_sidecar_says_comes_before_the_page() {
    let fixture = Fixture::new(&[]);
    let path = fixture.path("reports/trs.html");
    fs::write(&path, bytes("pages/trs.html")).unwrap();
    fixture.write("reports/trs.meta.toml", "title = \"另一个标题\"\n");
    let document = format::document(source::read_file(&path, "trs.html", Limits::default()).unwrap()).unwrap();
    assert_eq!(document.title.unwrap().value, "另一个标题");
    assert_eq!(document.published.unwrap().origin, Origin::Page);
}

#[test]
fn a_run_reads_every_format_and_says_what_it_cannot() {
    let fixture = Fixture::new(&[]);
    for name in [
        "report.txt",
        "report.docx",
        "report.pdf",
        "table.xlsx",
        "table.xls",
        "report.zip",
        "locked.pdf",
        "locked.xlsx",
        "scan.pdf",
    ] {
        fixture.write(&format!("reports/{name}"), bytes(name));
    }
    fixture.write("reports/page.html", bytes("pages/trs.html"));
    fixture.write("reports/half.docx", &bytes("report.docx")[..20_000]);
    fixture.write("reports/word.pdf", bytes("report.docx").into_iter().chain([0]).collect::<Vec<u8>>());
    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", job.replace("reports/*.txt", "reports/*"));
    let log = fixture.run(&[], 3);
    assert!(log.contains("reports/report.zip#封面.jpg") && log.contains("locked with a password"), "{log}");
    // The same bytes in an archive are the same document.
    assert_eq!(fixture.texts("documents", "format"), ["docx", "docx", "html", "pdf", "text", "xls", "xlsx"]);
    assert_eq!(fixture.texts("rejects", "reason"), ["binary", "damaged", "locked", "locked", "no_text_layer"]);
    let before = fixture.store();
    fixture.run(&[], 3);
    assert_eq!(fixture.store(), before);
}

#[test]
fn files_of_every_format_on_the_command_line() {
    let paths = ["report.zip", "pages/zoom.html", "columns.pdf"].map(|name| folder().join(name));
    let output = zhibiao().arg("extract").args(paths).args(["--format", "jsonl"]).assert().code(3).get_output().clone();
    let rows = String::from_utf8(output.stdout).unwrap();
    assert!(rows.contains("report.zip#附件/简况.docx") && rows.contains("zoom.html") && rows.contains("columns.pdf"));
}

#[test]
fn broken_files_are_rejected_with_their_reason() {
    assert_eq!(reason("scan.pdf", bytes("scan.pdf")), "no_text_layer");
    assert_eq!(reason("locked.pdf", bytes("locked.pdf")), "locked");
    assert_eq!(reason("locked.xlsx", bytes("locked.xlsx")), "locked");
    assert_eq!(reason("a.pdf", b"%PDF-1.7\n".to_vec()), "damaged");
    assert_eq!(reason("a.zip", b"PK\x03\x04".to_vec()), "damaged");
    assert_eq!(
        reason("a.docx", zipped(&[("[Content_Types].xml", b""), ("word/document.xml", b"<w:document><w:p>")])),
        "damaged"
    );
    assert_eq!(reason("a.docx", zipped(&[("[Content_Types].xml", b""), ("word/styles.xml", b"")])), "damaged");
    assert_eq!(reason("a.xlsx", zipped(&[("[Content_Types].xml", b""), ("xl/styles.xml", b"<a/>")])), "damaged");
    assert_eq!(reason("a.pptx", zipped(&[("[Content_Types].xml", b""), ("ppt/presentation.xml", b"")])), "unsupported");
    assert_eq!(reason("a.html", b"<html><body></body></html>".to_vec()), "empty");
    // A name is only believed where nothing else tells.
    assert_eq!(one("a.txt", bytes("report.docx")).unwrap().format, Format::Docx);
    assert_eq!(one("a.pdf", bytes("report.txt")).unwrap().format, Format::Text);
}

/// An archive of `members`.
fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn bombs_are_rejected() {
    let blanks = vec![b' '; 60 << 20];
    assert_eq!(reason("bomb.zip", zipped(&[("a.txt", &blanks)])), "excessive");
    let many: Vec<(String, &[u8])> = (0..10_001).map(|number| (number.to_string(), &b"1"[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, content)| (name.as_str(), *content)).collect();
    assert_eq!(reason("many.zip", zipped(&many)), "excessive");
    let nested = zipped(&[("c.zip", &zipped(&[("b.zip", &zipped(&[("a.txt", b"1")]))]))]);
    assert_eq!(reason("nested.zip", nested), "unsupported");

    let tables = "<w:tbl><w:tr><w:tc>".repeat(100_000);
    let types = ("[Content_Types].xml", &b"<Types/>"[..]);
    assert_eq!(reason("a.docx", zipped(&[types, ("word/document.xml", tables.as_bytes())])), "excessive");
    assert_eq!(reason("a.docx", zipped(&[types, ("word/document.xml", &blanks)])), "excessive");

    assert_eq!(reason("a.html", format!("<html>{}", "<div>".repeat(100_000)).into_bytes()), "excessive");
    assert_eq!(reason("a.html", format!("<html>{}", "<table><tr><td>".repeat(50_000)).into_bytes()), "excessive");
    assert_eq!(reason("a.html", format!("<html><p {}>", "a ".repeat(100_000)).into_bytes()), "excessive");

    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&blanks[..8 << 20]).unwrap();
    let packed = packed.finish().unwrap();
    let head = format!("1 0 obj <</Length {}/Filter/FlateDecode>> stream\n", packed.len());
    let stream = [head.as_bytes(), &packed, b"\nendstream endobj\n"].concat();
    assert_eq!(reason("a.pdf", [b"%PDF-1.4\n".to_vec(), stream.repeat(40)].concat()), "excessive");
}

#[test]
fn cells_of_a_workbook_without_content_take_no_room() {
    let book = |sheet: &str| {
        zipped(&[
            ("[Content_Types].xml", b"<Types/>"),
            (
                "_rels/.rels",
                b"<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/\
                  relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
            ),
            (
                "xl/workbook.xml",
                b"<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
                  <sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
            ),
            (
                "xl/_rels/workbook.xml.rels",
                b"<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/\
                  relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
            ),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ])
    };
    let cell = |place: &str| format!("<row><c r=\"{place}\"><v>1</v></c></row>");
    let empty: String = (1..=200_000).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\"/></row>")).collect();
    let sheet = format!("<worksheet><sheetData>{empty}{}</sheetData></worksheet>", cell("XFD1048576"));
    assert_eq!(one("a.xlsx", book(&sheet)).unwrap().text, "a\n1\n");
    // A grid between two far corners is not laid out either.
    let sheet = format!("<worksheet><sheetData>{}{}</sheetData></worksheet>", cell("A1"), cell("XFD1048576"));
    assert!(one("a.xlsx", book(&sheet)).unwrap().text.len() < 200);
}

#[test]
fn files_cut_anywhere_are_read_or_rejected() {
    for path in files_below(&folder()) {
        let whole = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for part in 1..8 {
            let cut = whole[..whole.len() * part / 8].to_vec();
            for document in read(&name, cut).into_iter().flatten() {
                assert!(!document.text.trim().is_empty());
                rows(document);
            }
        }
    }
}

const NAMES: [&str; 5] = ["规上工业增加值", "社会消费品零售总额", "固定资产投资", "一般公共预算收入", "进出口总额"];

/// Paragraphs and tables, as a text and as the body of a page.
fn block() -> impl Strategy<Value = (String, String)> {
    let sentence =
        (select(NAMES.as_slice()), 1u32..9999, -300i32..300, any::<bool>()).prop_map(|(name, value, rate, split)| {
            let value = format!("{}.{}", value / 10, value % 10);
            let rate = match rate < 0 {
                true => format!("下降{}.{}%", -rate / 10, -rate % 10),
                false => format!("增长{}.{}%", rate / 10, rate % 10),
            };
            let text = format!("2022年上半年，全市{name}{value}亿元，{rate}。");
            let inner = match split {
                true => text.replace('，', "，<span style=\"x\">").replace('。', "</span>。"),
                false => text.clone(),
            };
            (text + "\n", format!("<p>　　{inner}</p>\n"))
        });
    let table = prop::collection::vec((select(NAMES.as_slice()), 1u32..9999, 1u32..300), 2..5).prop_map(|rows| {
        let row = |cells: [String; 3], start: &str, end: &str| cells.map(|cell| format!("{start}{cell}{end}")).concat();
        let mut lines = vec![["指标", "上半年（亿元）", "增长（%）"].map(str::to_owned)];
        lines.extend(rows.iter().map(|(name, value, rate)| {
            [(*name).to_owned(), format!("{}.{}", value / 10, value % 10), format!("{}.{}", rate / 10, rate % 10)]
        }));
        let lines = |start: &str, end: &str| -> String {
            lines.iter().map(|cells| format!("<tr>{}</tr>\n", row(cells.clone(), start, end))).collect()
        };
        let text = format!("<table>\n{}</table>\n", lines("<td>", "</td>"));
        (
            text,
            format!("<table border=1 class=t>{}</table>\n", lines("<td width=\"9\">\n <p align=center>", "</p></td>")),
        )
    });
    prop_oneof![3 => sentence, 1 => table]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_page_gives_the_rows_of_its_text(blocks in prop::collection::vec(block(), 1..8), encoding in select(vec!["utf-8", "gbk"])) {
        let title = "2022年上半年衢州市经济运行情况";
        let (texts, bodies): (Vec<String>, Vec<String>) = blocks.into_iter().unzip();
        let text = format!("{title}\n{}", texts.concat());
        let page = format!(
            "<!DOCTYPE html><html><head><meta charset={encoding}><title>{title}</title></head><body>\
             <ul><li><a href=/>首页</a></li><li><a href=a>数据</a></li><li><a href=b>2021年增长9.9%</a></li></ul>\
             <div><h1>{title}</h1><div class=x>{}</div></div></body></html>",
            bodies.concat()
        );
        let page = encoding_rs::Encoding::for_label(encoding.as_bytes()).unwrap().encode(&page).0.into_owned();
        let page = one("a.html", page).unwrap();
        let (expected, found) = (rows(one("a.txt", text.into_bytes()).unwrap()), rows(page.clone()));
        prop_assert!(found == expected, "{}\n{}", page.text, difference(&expected, &found));
    }
}
