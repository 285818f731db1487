//! How fast it is: extraction alone on one core, and whole runs into a fresh store.
//!
//! ```text
//! cargo bench                     all of it
//! cargo bench -- extraction       only what has this in its name
//! ```

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on fails")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use jiff::Timestamp;
use jiff::civil::date;
use tempfile::TempDir;
use zhibiao::config::Pipeline;
use zhibiao::lexicon::Lexicon;
use zhibiao::model::{Document, DocumentId, Format, Origin, Stated};
use zhibiao::normalize::Run;
use zhibiao::pipeline::{self, Options, Stop};
use zhibiao::source::{Input, Limits};
use zhibiao::{extract, format, resolve};

/// Size of the texts that extraction is measured on.
const TEXT_BYTES: usize = 4 << 20;

fn main() {
    divan::main();
}

/// From files to text, on one core.
#[divan::bench_group(sample_count = 10, sample_size = 1)]
mod files {
    use super::*;

    /// One report of a page or two in each format, a hundred times.
    #[divan::bench(args = ["report.pdf", "not-embedded.pdf", "report.docx", "table.xlsx", "pages/trs.html"])]
    fn format(bencher: Bencher<'_, '_>, name: &str) {
        const TIMES: usize = 100;
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats").join(name);
        let input = Input::from_bytes(fs::read(path).unwrap(), name, Limits::default()).unwrap();
        bencher.counter(ItemsCount::new(TIMES)).bench_local(|| {
            (0..TIMES).map(|_| format::document(black_box(input.clone())).unwrap().text.len()).sum::<usize>()
        });
    }
}

/// From text to readings, on one core: everything between decoding and the first frame.
#[divan::bench_group(sample_count = 10, sample_size = 1)]
mod extraction {
    use super::*;

    /// The bundled reports one after the other, each a document of its own, until 4 MiB are read.
    #[divan::bench]
    fn reports(bencher: Bencher<'_, '_>) {
        let reports: Vec<Document> = examples().into_iter().map(document).collect();
        let bytes: usize = reports.iter().map(|report| report.text.len()).sum();
        let rounds = TEXT_BYTES.div_ceil(bytes);
        let reports: Vec<Document> = reports.iter().cycle().take(reports.len() * rounds).cloned().collect();
        measure(bencher, &reports);
    }

    /// Text as reports and newspapers have it: dense figures, narrative with few of them, paragraphs with none.
    #[divan::bench]
    fn mixed_text(bencher: Bencher<'_, '_>) {
        measure(bencher, &mixed());
    }

    /// The scan alone over the same text: words, numbers, times and marks.
    #[divan::bench]
    fn mixed_text_scan_alone(bencher: Bencher<'_, '_>) {
        measure_part(bencher, extract::count_tokens);
    }

    /// The words of the lexicon alone, one bare pass over the same text.
    #[divan::bench]
    fn mixed_text_words_alone(bencher: Bencher<'_, '_>) {
        measure_part(bencher, |lexicon, text| lexicon.hits(text).count());
    }

    /// The same text as a single document of 4 MiB: what costs more than its share in a long text shows here.
    #[divan::bench]
    fn one_long_report(bencher: Bencher<'_, '_>) {
        let reports = examples().join("\n\n");
        measure(bencher, &[document(reports.repeat(TEXT_BYTES.div_ceil(reports.len())))]);
    }

    /// Nothing but words of the lexicon: every region's name, every name of an indicator, two quantities a clause.
    #[divan::bench]
    fn dense_text(bencher: Bencher<'_, '_>) {
        let lexicon = Lexicon::bundled().unwrap();
        let regions = lexicon.regions().all();
        let names = lexicon.indicators().iter().flat_map(|known| std::iter::once(&known.name).chain(&known.synonyms));
        let names: Vec<&String> = names.collect();
        let mut text = String::with_capacity(TEXT_BYTES);
        for index in 0.. {
            if text.len() >= TEXT_BYTES {
                break;
            }
            let (region, name) = (&regions[index % regions.len()].name, names[index % names.len()]);
            let (level, growth) = (index % 997, index % 19);
            let end = if index % 8 == 7 { "。\n" } else { "；" };
            write!(text, "1—6月，{region}{name}{level}.3亿元，同比增长{growth}.{}%{end}", index % 10).unwrap();
        }
        measure(bencher, &[document(text)]);
    }

    /// The documents of `mixed.txt` over and over, each time with other decimals, until 4 MiB are read.
    fn mixed() -> Vec<Document> {
        let texts: Vec<&str> = include_str!("mixed.txt").split("=====\n").collect();
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        let rounds = TEXT_BYTES.div_ceil(bytes);
        (0..rounds).flat_map(|round| texts.iter().map(move |text| document(varied(text, 10 * round)))).collect()
    }

    fn measure_part(bencher: Bencher<'_, '_>, part: impl Fn(&Lexicon, &str) -> usize) {
        let (lexicon, documents) = (Lexicon::bundled().unwrap(), mixed());
        let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
        bencher
            .counter(BytesCount::new(bytes))
            .bench_local(|| documents.iter().map(|document| part(&lexicon, black_box(&document.text))).sum::<usize>());
    }

    fn measure(bencher: Bencher<'_, '_>, documents: &[Document]) {
        let lexicon = Lexicon::bundled().unwrap();
        let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
        bencher.counter(BytesCount::new(bytes)).bench_local(|| {
            for document in documents {
                black_box(resolve::read(&lexicon, black_box(document)));
            }
        });
    }
}

/// Whole runs on all cores, from a JSONL file of small documents to a store that was not there before.
#[divan::bench_group(sample_size = 1)]
mod run {
    use super::*;

    #[divan::bench(sample_count = 5)]
    fn documents_1_000(bencher: Bencher<'_, '_>) {
        measure(bencher, 1_000);
    }

    #[divan::bench(sample_count = 3)]
    fn documents_10_000(bencher: Bencher<'_, '_>) {
        measure(bencher, 10_000);
    }

    /// The 10 000 documents again: the price of finding that nothing is new.
    #[divan::bench(sample_count = 5)]
    fn nothing_new_in_10_000(bencher: Bencher<'_, '_>) {
        let job = Job::new(10_000);
        job.run();
        bencher.counter(ItemsCount::new(10_000_usize)).bench_local(|| assert_eq!(job.run(), 0));
    }

    fn measure(bencher: Bencher<'_, '_>, documents: usize) {
        bencher
            .counter(ItemsCount::new(documents))
            .with_inputs(|| Job::new(documents))
            .bench_local_refs(|job| assert_eq!(job.run(), documents));
    }
}

/// A pipeline over one JSONL file, in a folder of its own.
struct Job {
    folder: TempDir,
    lexicon: Arc<Lexicon>,
    runtime: tokio::runtime::Runtime,
}

impl Job {
    fn new(documents: usize) -> Job {
        let folder = TempDir::new().unwrap();
        let source = "[[source]]\nkind = \"jsonl\"\npath = \"in.jsonl\"\n[defaults]\nregion = \"330800\"\n";
        fs::write(folder.path().join("in.jsonl"), small_documents(documents)).unwrap();
        fs::write(folder.path().join("job.toml"), format!("name = \"bench\"\nstore = \"store\"\n{source}")).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        Job { folder, lexicon: Arc::new(Lexicon::bundled().unwrap()), runtime }
    }

    /// Runs the pipeline; the number of documents that were new.
    fn run(&self) -> usize {
        let pipeline = Pipeline::load(&self.folder.path().join("job.toml")).unwrap();
        let run = Run { id: "bench".to_owned(), began: Timestamp::UNIX_EPOCH };
        let run = async {
            let stop = Stop::on_signals().unwrap();
            pipeline::run(pipeline, self.lexicon.clone(), run, Options::default(), &stop, &|_| {}).await
        };
        self.runtime.block_on(run).unwrap().new
    }
}

/// `count` lines of JSONL: the paragraphs of the bundled reports in turn, each time with other years and decimals.
fn small_documents(count: usize) -> String {
    let examples = examples();
    let paragraphs: Vec<&str> =
        examples.iter().flat_map(|text| text.split('\n')).filter(|line| line.len() > 150).collect();
    let mut lines = String::new();
    for index in 0..count {
        let text = varied(paragraphs[index % paragraphs.len()], index);
        let published = date(2013 + (index % 10) as i16, 8, 19);
        let line = serde_json::json!({"id": index, "published": published.to_string(), "text": text});
        writeln!(lines, "{line}").unwrap();
    }
    lines
}

/// `text` with the digit after each decimal point replaced, and its years moved back.
fn varied(text: &str, index: usize) -> String {
    let years = text
        .replace("2021年", &format!("{}年", 2012 + index % 10))
        .replace("2022年", &format!("{}年", 2013 + index % 10));
    let mut varied = String::with_capacity(years.len());
    for (place, digit) in years.char_indices() {
        let is_decimal = digit.is_ascii_digit() && years[..place].ends_with('.');
        let other = char::from(b'0' + ((index / 10 + place) % 10) as u8);
        varied.push(if is_decimal { other } else { digit });
    }
    varied
}

/// The texts of `examples/reports`, in the order of their names.
fn examples() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|kind| kind == "txt")).collect();
    paths.sort();
    paths.iter().map(|path| zhibiao::source::decode(&fs::read(path).unwrap(), None).unwrap().0).collect()
}

fn document(text: String) -> Document {
    Document {
        id: DocumentId(String::new()),
        uri: "bench".to_owned(),
        name: None,
        title: None,
        published: Some(Stated::new(date(2022, 8, 19), Origin::Field)),
        region: Some(Stated::new("330800".parse().unwrap(), Origin::Field)),
        publisher: None,
        text,
        fetched: None,
        format: Format::Text,
        encoding: Some("UTF-8"),
    }
}
