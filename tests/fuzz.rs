//! Any bytes, by the way that `extract` takes: decoded, identified, read, put in rows.
//!
//! `cargo test` reads some thousand inputs. A long run, on one core:
//!
//! ```text
//! ZHIBIAO_FUZZ=10000000 cargo test --release --locked fuzz -- --nocapture
//! ```
//!
//! Each input has a number, and `ZHIBIAO_FUZZ_FROM` is that of the first. What fails is printed with its number, and is
//! made again, at the same commit, by `ZHIBIAO_FUZZ_FROM=NUMBER ZHIBIAO_FUZZ=1`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs, process};

use jiff::Timestamp;
use zhibiao::document::{clean, identify};
use zhibiao::format;
use zhibiao::model::{Document, Reading, Span};
use zhibiao::normalize::{self, Run};
use zhibiao::resolve;
use zhibiao::source::{Declared, Input, Limits};

use crate::mutation::{Corpus, Random};
use crate::properties::check;
use crate::reading::LEXICON;

/// Inputs that `cargo test` reads.
const SHORT: u64 = 2_000;

/// Documents whose rows are made at once.
const BATCH: usize = 64;

/// An input that takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// KiB that memory may grow by after the first tenth of a long run.
const GROWTH: u64 = 64 << 10;

/// The input that is being read; the largest number when all are.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// What a run has seen.
#[derive(Debug, Default)]
struct Seen {
    inputs: u64,
    rejected: u64,
    rows: u64,
    listed: u64,
}

#[test]
fn fuzz_bytes_are_read_to_rows() {
    let number = |name, otherwise| env::var(name).map_or(otherwise, |value| value.parse().unwrap());
    let (from, count) = (number("ZHIBIAO_FUZZ_FROM", 0), number("ZHIBIAO_FUZZ", SHORT));
    let corpus = Corpus::load();
    let began = Instant::now();
    let mut seen = Seen::default();
    let mut batch = Vec::with_capacity(BATCH);
    let mut settled = 0;
    watch(from);
    for number in from..from + count {
        NUMBER.store(number, Ordering::Relaxed);
        let bytes = input(&corpus, number);
        let alarm = Alarm { number, bytes: &bytes };
        match read(&bytes, number) {
            Some((document, reading)) => {
                check_reading(&document, &reading);
                seen.rows += reading.observations.len() as u64;
                seen.listed += reading.unused.len() as u64;
                batch.push((document, reading));
            }
            None => seen.rejected += 1,
        }
        seen.inputs += 1;
        if batch.len() == BATCH || number + 1 == from + count {
            let stated: usize = batch.iter().map(|(_, reading): &(Document, Reading)| reading.observations.len()).sum();
            let run = Run { id: "fuzz".to_owned(), began: Timestamp::UNIX_EPOCH };
            assert_eq!(normalize::extracted(&LEXICON, &run, &batch).unwrap().height(), stated, "of the last {BATCH}");
            batch.clear();
        }
        drop(alarm);
        if seen.inputs == count.div_ceil(10) {
            settled = peak_memory();
        }
        if seen.inputs.is_multiple_of(500_000) {
            println!("{:>6} s, peak {} KiB: {seen:?}", began.elapsed().as_secs(), peak_memory());
        }
    }
    NUMBER.store(u64::MAX, Ordering::Relaxed);
    let peak = peak_memory();
    println!("{:>6} s, peak {settled} KiB after a tenth, {peak} KiB at the end: {seen:?}", began.elapsed().as_secs());
    // In a short run the other tests grow beside this one.
    assert!(count < 1_000_000 || peak - settled < GROWTH, "memory grew from {settled} to {peak} KiB");
    assert!(count < SHORT || seen.rows > seen.inputs && seen.rejected < seen.inputs / 4, "{seen:?}");
}

fn input(corpus: &Corpus, number: u64) -> Vec<u8> {
    corpus.input(&mut Random::new(number))
}

/// The bytes as a document, read; `None` where they are rejected. Half of the documents come with facts.
fn read(bytes: &[u8], number: u64) -> Option<(Document, Reading)> {
    let mut input = Input::from_bytes(bytes.to_vec(), "fuzz", Limits::default()).unwrap();
    if number.is_multiple_of(2) {
        let region = ["330800", "330881", "110000", "150000", "000000"][number as usize / 2 % 5];
        let title = ["2022年上半年经济运行情况", "2021年预算执行情况和2022年预算草案的报告"][number as usize / 10 % 2];
        input.declared = Declared {
            title: Some(title.to_owned()),
            published: Some("2022-08-19".parse().unwrap()),
            region: Some(region.parse().unwrap()),
            ..Declared::default()
        };
    }
    let mut document = format::document(input).ok()?;
    identify(&LEXICON, &mut document);
    let reading = resolve::read(&LEXICON, &document);
    Some((document, reading))
}

/// What holds of any reading: spans give their words, and every digit is stated or listed, not both.
fn check_reading(document: &Document, reading: &Reading) {
    let text = document.text.as_str();
    check(text, reading).unwrap();
    let stated = covered(text, reading.observations.iter().map(|row| row.span));
    let listed = covered(text, reading.unused.iter().map(|number| number.span));
    let cleaned = clean(text);
    for (at, _) in cleaned.text().char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        let given = cleaned.given_bytes(at..at + 1).start;
        assert!(stated[given] != listed[given], "the digit at byte {given}: stated {}", stated[given]);
    }
}

/// For each byte of a text whether one of the spans holds it.
fn covered(text: &str, spans: impl Iterator<Item = Span>) -> Vec<bool> {
    let mut covered = vec![false; text.len()];
    for span in spans {
        covered[span.byte_start as usize..span.byte_end as usize].fill(true);
    }
    covered
}

/// Prints the input when reading it panics.
struct Alarm<'b> {
    number: u64,
    bytes: &'b [u8],
}

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            println!("input {}: \"{}\"", self.number, self.bytes.escape_ascii());
            println!("as text: {}", String::from_utf8_lossy(self.bytes));
        }
    }
}

/// Ends the process when one input is read for too long.
fn watch(from: u64) {
    thread::spawn(move || {
        let (mut last, mut since) = (from, Instant::now());
        loop {
            thread::sleep(PATIENCE / 20);
            let number = NUMBER.load(Ordering::Relaxed);
            if number != last {
                (last, since) = (number, Instant::now());
            } else if since.elapsed() > PATIENCE && number != u64::MAX {
                println!("input {number} hangs: \"{}\"", input(&Corpus::load(), number).escape_ascii());
                process::exit(101);
            }
        }
    });
}

/// The most memory that the process has held, in KiB; zero where the system does not tell.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}
