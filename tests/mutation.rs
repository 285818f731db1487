//! Inputs for the fuzz test: pieces of what the fixtures hold, cut, joined and damaged at random. The same number always
//! gives the same bytes.

use std::fs;
use std::path::Path;

use encoding_rs::{BIG5, GB18030};

/// Most bytes of the piece that an input starts with.
const PIECE: usize = 600;

/// Most bytes of an input, but for the rare one that repeats something over and over.
const LONGEST: usize = 1200;

/// SplitMix64: small, and good enough to pick by.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }
}

/// What inputs are made of.
pub struct Corpus {
    /// Paragraphs and tables of reports, sentences of the grammar.
    texts: Vec<String>,
    /// Words of the lexicon.
    words: Vec<String>,
}

/// What no text of the corpus is full of.
#[rustfmt::skip]
const ODD: &[&str] = &[
    "1", "0", ".", ",", "，", "%", "亿", "(", "（", ")", "：", "、", "—", "～", "-", "|", "\t", "\n", "\r\n", "　", "一", "百分之", "Ⅲ", "½", "٣", "９",
    "99999999999999999999999999999", "0.00000000000000000000000000001", "2022年", "13月", "2月30日", "0000年", "9999年12月31日", "其中", "分别", "各", "由", "第",
    "<td>", "<tr>", "<table>", "</table>", "<td colspan=9 rowspan=9>", "<!--", "-->", "<style>", "&nbsp;", "&#1;", "&#x110000;", "&", "<", ">", "[1]",
    "\u{feff}", "\u{200b}", "\u{0}", "\u{1}", "\u{85}", "\u{2028}", "\u{f0000}", "\u{10ffff}", "😀", "e\u{301}", "\u{202e}", "|---|---|",
];

impl Corpus {
    pub fn load() -> Corpus {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
        let mut texts = Vec::new();
        for path in files(&root.join("examples/reports"), "txt") {
            texts.extend(read(&path).lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
        }
        for fixture in ["grammar.tsv", "primitives.tsv"] {
            let lines = read(&root.join("tests/fixtures").join(fixture));
            let sentences = lines.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', '\t']));
            texts.extend(sentences.map(|line| line.replace("\\n", "\n")));
        }
        texts.extend(read(&root.join("tests/fixtures/tables.txt")).split("=>\n").map(str::to_owned));
        let mut words = Vec::new();
        for path in files(&root.join("config/lexicon"), "tsv") {
            let cells = read(&path);
            let cells = cells.lines().skip(1).flat_map(|line| line.split(['\t', '|']));
            words.extend(cells.filter(|cell| !cell.is_empty() && cell.len() <= 40).map(str::to_owned));
        }
        Corpus { texts, words }
    }

    /// Some bytes to read.
    pub fn input(&self, random: &mut Random) -> Vec<u8> {
        let mut text = self.piece(random).to_owned();
        for _ in 0..random.below(7) {
            self.change(&mut text, random);
            text.truncate(text.floor_char_boundary(LONGEST));
        }
        if random.once_in(4000) {
            // What costs more than its share in a long text.
            let part = some_part(&text, 24, random).to_owned();
            text = part.repeat(random.below(2000));
        }
        let mut bytes = match random.below(40) {
            0 => GB18030.encode(&text).0.into_owned(),
            1 => BIG5.encode(&text).0.into_owned(),
            2 => [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
            _ => text.into_bytes(),
        };
        if random.once_in(12) && !bytes.is_empty() {
            damage(&mut bytes, random);
        }
        bytes
    }

    fn piece(&self, random: &mut Random) -> &str {
        some_part(random.pick::<String>(&self.texts), PIECE, random)
    }

    fn change(&self, text: &mut String, random: &mut Random) {
        let at = text.floor_char_boundary(random.below(text.len() + 1));
        match random.below(10) {
            0 | 1 => text.insert_str(at, random.pick::<String>(&self.words)),
            2 | 3 => text.insert_str(at, random.pick::<&str>(ODD)),
            4 => text.insert_str(at, &random.below(1_000_000).to_string()),
            5 => {
                let end = text.floor_char_boundary(at + random.below(60));
                text.replace_range(at..end, "");
            }
            6 => {
                let part = some_part(text, 60, random).to_owned();
                text.insert_str(at, &part.repeat(1 + random.below(3)));
            }
            7 => text.insert_str(at, some_part(self.piece(random), 120, random)),
            8 => {
                text.truncate(at);
                text.push_str(self.piece(random));
            }
            _ => text.insert(at, char::from_u32(random.below(0x3_0000) as u32).unwrap_or('\u{fffd}')),
        }
    }
}

/// Bytes that are no longer the text that they were: flipped, cut off, left out.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len());
    match random.below(4) {
        0 => bytes[at] ^= 1 << random.below(8),
        1 => bytes[at] = random.below(256) as u8,
        2 => bytes.truncate(at),
        _ => drop(bytes.drain(at..bytes.len().min(at + 1 + random.below(4)))),
    }
}

/// Part of a text, no longer than `most` bytes.
fn some_part<'t>(text: &'t str, most: usize, random: &mut Random) -> &'t str {
    let start = if text.len() <= most { 0 } else { text.floor_char_boundary(random.below(text.len())) };
    &text[start..text.floor_char_boundary(start + 1 + random.below(most))]
}

/// The files of a folder with an extension, in the order of their names.
fn files(folder: &Path, extension: &str) -> Vec<std::path::PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    paths.sort();
    paths
}
