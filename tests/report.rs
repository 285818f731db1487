//! The evidence page: what is in it, that nothing in it can run or call anybody, and where it is put.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zhibiao::model::{Bound, Measure, Reason, Status};
use zhibiao::report::{self, LARGEST_PAGE};
use zhibiao::store::Store;

use crate::fixture::{Fixture, REPORTS, files_below, zhibiao};

/// A report that would like to be markup, with characters of two UTF-16 units before its numbers.
const HOSTILE: (&str, &str) = (
    "hostile.txt",
    "衢州市𠮷祥快报</script><script>alert(1)</script>\n<img src=x onerror=alert(2)>2022年1—7月，\
     😀全市规上工业总产值1359.3亿元，增长13.8%。<!--<script>\n附：电话 0570-1234567。\n",
);

fn page(fixture: &Fixture) -> String {
    let path = fixture.path("report.html");
    report::write(&Store::existing(&fixture.path("store")).unwrap(), &path, LARGEST_PAGE).unwrap();
    fs::read_to_string(path).unwrap()
}

fn stored(reports: &[(&str, &str)]) -> Fixture {
    let fixture = Fixture::new(reports);
    fixture.run(&[], 0);
    fixture
}

/// The data that the page keeps under `id`, found as a browser would find it.
fn block(page: &str, id: &str) -> Value {
    let (_, rest) = page.split_once(&format!("<script type=\"application/json\" id=\"{id}\">")).unwrap();
    serde_json::from_str(rest.split_once("</script").unwrap().0).unwrap()
}

/// The values of a column of a table of the page.
fn column(page: &str, table: &str, name: &str) -> Vec<Value> {
    values(&block(page, "tables")[table], name)
}

/// The values of a column of an encoded table.
fn values(table: &Value, name: &str) -> Vec<Value> {
    let columns = table["columns"].as_array().unwrap().clone();
    let values = columns.into_iter().find(|column| column[0] == name).unwrap()[1].clone();
    match values.as_array() {
        Some(values) => values.clone(),
        None => {
            let word = |at: &Value| {
                usize::try_from(at.as_i64().unwrap()).map_or(Value::Null, |at| values["words"][at].clone())
            };
            values["at"].as_array().unwrap().iter().map(word).collect()
        }
    }
}

#[test]
fn a_page_holds_every_row_with_its_place_in_the_text() {
    let fixture = stored(&[REPORTS.as_slice(), &[HOSTILE]].concat());
    let page = page(&fixture);
    let [reports, starts, ends, surfaces, entities] =
        ["report", "char_start", "char_end", "surface", "entity"].map(|name| column(&page, "statements", name));
    assert_eq!(reports.len(), fixture.count("observations") + fixture.count("entities"));
    assert_eq!(entities.iter().filter(|entity| !entity.is_null()).count(), fixture.count("entities"));
    assert_eq!(column(&page, "numbers", "surface").len(), fixture.count("numbers"));
    let mut seen = HashMap::new();
    for row in 0..reports.len() {
        let report = block(&page, &format!("report-{}", reports[row]));
        let text: Vec<char> = report["text"].as_str().unwrap().chars().collect();
        let words = |from: &Value, to: &Value| -> String {
            text[from.as_u64().unwrap() as usize..to.as_u64().unwrap() as usize].iter().collect()
        };
        assert_eq!(words(&starts[row], &ends[row]), surfaces[row].as_str().unwrap());
        let place: &mut usize = seen.entry(reports[row].to_string()).or_default();
        let sentence = words(&report["sentences"][*place], &report["sentences"][*place + 1]);
        assert!(sentence.contains(surfaces[row].as_str().unwrap()), "{sentence}");
        assert!(sentence.chars().count() > surfaces[row].as_str().unwrap().chars().count(), "{sentence}");
        *place += 2;
    }
    let texts = fixture.texts("documents", "text");
    assert!(
        (0..texts.len())
            .all(|report| texts.iter().any(|text| block(&page, &format!("report-{report}"))["text"] == **text))
    );
}

#[test]
fn a_report_cannot_get_out_of_its_block() {
    let page = page(&stored(&[HOSTILE]));
    assert_eq!(page.matches("<script").count(), 3, "the tables, the report and the page's own");
    assert_eq!(page.matches("</script").count(), 3);
    assert!(!page.contains("<img") && !page.contains("<!--"));
    assert_eq!(block(&page, "report-0")["text"], HOSTILE.1);
}

#[test]
fn the_policy_names_the_script_and_the_style_and_nothing_else() {
    let page = page(&stored(&REPORTS));
    let between = |from: &str, to: &str| page.split_once(from).unwrap().1.split_once(to).unwrap().0;
    let hash = |content: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(content)));
    let (script, style) = (between("<script type=\"module\">", "</script>"), between("<style>", "</style>"));
    let policy = between("Content-Security-Policy\" content=\"", "\"");
    let expected = format!(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'",
        hash(script),
        hash(style)
    );
    assert_eq!(policy, expected);
    for way in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
        "XMLHttpRequest",
        "import(",
    ] {
        assert!(!script.contains(way), "{way}");
    }
    for (at, _) in page.match_indices("http") {
        assert!(["http-equiv", "http://www.w3.org/2000/svg"].iter().any(|known| page[at..].starts_with(known)));
    }
}

#[test]
fn the_same_store_gives_the_same_page() {
    let fixture = stored(&REPORTS);
    let first = page(&fixture);
    assert_eq!(page(&fixture), first);
    fixture.run(&["--full"], 0);
    assert_eq!(page(&fixture), first);
}

#[test]
fn what_is_too_much_for_one_file_lies_beside_it() {
    let fixture = stored(&REPORTS);
    let store = Store::existing(&fixture.path("store")).unwrap();
    let (path, folder) = (fixture.path("out.html"), fixture.path("out.files"));
    let counts = report::write(&store, &path, 0).unwrap();
    assert_eq!((counts.files, counts.documents, counts.misplaced, counts.orphans), (3, 3, 0, 0));
    let page = fs::read_to_string(&path).unwrap();
    assert!(page.contains("' 'self' file:; style-src") && !page.contains("id=\"report-0\""));
    let [name, keys] = block(&page, "files").as_array().unwrap().clone().try_into().unwrap();
    assert_eq!(name, "out.files");
    let texts = fixture.texts("documents", "text");
    for key in keys.as_array().unwrap() {
        let script = fs::read_to_string(folder.join(format!("{}.js", key.as_str().unwrap()))).unwrap();
        let json = script.strip_prefix(&format!("zhibiao.take({key}, ")).unwrap().strip_suffix(");\n").unwrap();
        let report: Value = serde_json::from_str(json).unwrap();
        assert!(texts.iter().any(|text| report["text"] == **text));
    }

    // Files of an older page go, those of others stay, and the folder goes when nothing is left in it.
    fs::write(folder.join("0123456789abcdef.js"), "old").unwrap();
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    report::write(&store, &path, 0).unwrap();
    assert_eq!(files_below(&folder).len(), 4);
    report::write(&store, &path, LARGEST_PAGE).unwrap();
    assert_eq!(files_below(&folder), [folder.join("notes.txt")]);
    fs::remove_file(folder.join("notes.txt")).unwrap();
    report::write(&store, &path, LARGEST_PAGE).unwrap();
    assert!(!folder.exists());
}

/// The rows of `checks` are a section of the page, each with the statements that it is about.
#[test]
fn what_does_not_add_up_is_on_the_page() {
    let parts = "衢州市经济运行情况\n2022年全市地区生产总值2013.4亿元，其中第一产业增加值92.1亿元，\
                 第二产业增加值856.1亿元，第三产业增加值1055.2亿元。\n";
    let fixture = stored(&[("parts.txt", parts)]);
    assert_eq!(fixture.texts("checks", "rule"), ["gdp_industries"]);
    let page = page(&fixture);
    let more = block(&page, "tables")["more"].clone();
    let checks = &more.as_array().unwrap().iter().find(|table| table[0] == "checks").unwrap()[1];
    assert_eq!(values(checks, "evidence"), fixture.texts("checks", "evidence"));
    let known = column(&page, "statements", "obs_id");
    let about = fixture.texts("checks", "obs_ids").remove(0);
    assert_eq!(values(checks, "obs_ids"), [about.as_str()]);
    assert!(
        about.split(';').all(|id| known.iter().any(|known| known == id)),
        "a link of the page leads to a statement"
    );
}

#[test]
fn rows_whose_report_is_not_there_yet_are_left_out_and_told() {
    let fixture = stored(&REPORTS);
    fs::remove_dir_all(fixture.path("store/v1/documents")).unwrap();
    let path = fixture.path("report.html");
    let counts = report::write(&Store::existing(&fixture.path("store")).unwrap(), &path, LARGEST_PAGE).unwrap();
    let orphans = ["observations", "entities", "numbers"].map(|table| fixture.count(table)).iter().sum();
    assert_eq!((counts.documents, counts.statements, counts.orphans), (0, 0, orphans));
    assert_eq!(column(&fs::read_to_string(path).unwrap(), "statements", "obs_id").len(), 0);
}

#[test]
fn the_command_says_nothing_or_what_was_expected() {
    let fixture = stored(&REPORTS);
    let run = |store: &Path, output: &Path, code: i32| {
        let arguments = ["report", "--store", store.to_str().unwrap(), "-o", output.to_str().unwrap()];
        let output = zhibiao().args(arguments).assert().code(code).get_output().clone();
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    let store = fixture.path("store");
    assert_eq!(run(&store, &fixture.path("report.html"), 0), "");
    assert!(run(&fixture.path("nowhere"), &fixture.path("report.html"), 78).contains("no store here"));
    assert!(run(&store, &fixture.path("reports"), 2).contains("reports: expected a file to write, found a folder"));
    assert!(run(&store, &fixture.path("no/such/report.html"), 74).contains("no/such/report.html: "));
    let before = fixture.store();
    assert_eq!(run(&store, &fixture.path("report.html"), 0), "");
    assert_eq!(fixture.store(), before, "reading leaves the store alone");
}

#[test]
fn the_page_knows_every_word_of_the_tables_and_of_itself() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/page");
    let file = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (terms, words) = (file("terms.js"), file("words.js"));
    let vocabulary =
        |name: &str| terms.split_once(&format!("\n  {name}: {{")).unwrap().1.split_once("\n  },").unwrap().0.to_owned();
    let all = |name: &str, words: Vec<&str>| {
        let known = vocabulary(name);
        for word in words {
            assert!(known.contains(&format!("\n    {word}: [")), "{name}: {word}");
        }
    };
    all("measure", Measure::ALL.iter().map(|word| word.as_str()).collect());
    all("status", Status::ALL.iter().map(|word| word.as_str()).collect());
    all("bound", Bound::ALL.iter().map(|word| word.as_str()).collect());
    all("reason", Reason::ALL.iter().map(|word| word.as_str()).collect());

    let mut asked = 0;
    for path in files_below(&folder) {
        let text = fs::read_to_string(&path).unwrap();
        for (before, end) in
            [(" t(\"", '"'), ("(t(\"", '"'), ("[t(\"", '"'), ("data-word=\"", '"'), ("data-label=\"", '"')]
        {
            for rest in text.split(before).skip(1) {
                let key = rest.split(end).next().unwrap();
                asked += 1;
                assert!(words.contains(&format!("\n  {key}: [")), "{}: {key}", path.display());
            }
        }
    }
    assert!(asked > 60, "the words were not found");
}
