//! What a run costs as the store grows: the program itself over a JSONL file of realistic documents, into a new store, with
//! nothing new, with a hundred new documents, and over all of them again.
//!
//! ```text
//! cargo bench --bench growth                          1 000, 10 000 and 100 000 documents
//! cargo bench --bench growth -- 1000000 --no-full     these, and without the last step
//! ```
//!
//! Prints a row of a table a step: seconds that passed, seconds of processor time (what other programs take does not count), bytes
//! that went to the disk, most memory at once.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on fails")]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use jiff::ToSpan;
use jiff::civil::{Date, date};
use tempfile::TempDir;
use zhibiao::lexicon::{Lexicon, Region};
use zhibiao::model::Level;

const YEARS: std::ops::RangeInclusive<i16> = 2000..=2025;

/// Documents that come later: of the last month, each of another region.
const NEW: usize = 100;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let sizes: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000] } else { sizes };
    let full = !arguments.iter().any(|argument| argument == "--no-full");
    let lexicon = Lexicon::bundled().unwrap();
    let generator = Generator::new(&lexicon);
    println!(
        "| documents | step | seconds | processor, s | written, MB | memory, MB |\n|---:|---|---:|---:|---:|---:|"
    );
    for size in sizes {
        measure(&generator, size, full);
    }
}

fn measure(generator: &Generator<'_>, size: usize, full: bool) {
    // Beside the build, and not in a folder for temporary files, which may be memory.
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let job = folder.path().join("job.toml");
    fs::create_dir(folder.path().join("in")).unwrap();
    let source = "[[source]]\nkind = \"jsonl\"\npath = \"in/*.jsonl\"\n";
    fs::write(&job, format!("name = \"growth\"\nstore = \"store\"\n{source}")).unwrap();
    generator.write(&folder.path().join("in/1.jsonl"), (0..size).map(|index| generator.old(index)));
    // The system may still be busy with the file that was just written, and a run does not trust one that is so new.
    Command::new("sync").status().unwrap();
    thread::sleep(Duration::from_secs(3));
    step(size, "into a new store", &job, &[]);
    step(size, "nothing new", &job, &[]);
    generator.write(&folder.path().join("in/2.jsonl"), (0..NEW).map(|index| generator.new_one(index)));
    thread::sleep(Duration::from_secs(3));
    step(size, "100 new documents", &job, &[]);
    step(size, "nothing new", &job, &[]);
    if full {
        step(size, "all again (`--full`)", &job, &["--full"]);
    }
}

/// Runs the job once and prints what it took.
fn step(size: usize, name: &str, job: &Path, arguments: &[&str]) {
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_zhibiao"))
        .arg("run")
        .arg(job)
        .args(arguments)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let (mut memory, mut written, mut ticks) = (0, 0, 0);
    let status = loop {
        memory = counter(child.id(), "status", "VmHWM:").unwrap_or(memory);
        written = counter(child.id(), "io", "write_bytes:").unwrap_or(written);
        ticks = processor_time(child.id()).unwrap_or(ticks);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        thread::sleep(Duration::from_millis(2));
    };
    let seconds = began.elapsed().as_secs_f64();
    assert!(status.success(), "{name}: {status}");
    let (time, written, memory) = (ticks as f64 / 100.0, written as f64 / 1e6, memory as f64 / 1e3);
    println!("| {size} | {name} | {seconds:.2} | {time:.2} | {written:.1} | {memory:.0} |");
}

/// A number that the system keeps of a process: kB of memory, bytes of files.
fn counter(process: u32, file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/{file}")).ok()?;
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

/// Hundredths of a second that a process and the system in its name have worked.
fn processor_time(process: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Behind the name, which may have blanks: state and then numbers, of which the twelfth and thirteenth are these.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}

/// One report to be.
struct Report<'a> {
    region: &'a Region,
    year: i16,
    /// It tells of the months up to this one.
    month: i8,
    index: usize,
}

/// Makes reports, always the same: each of another region, year and month. Values grow from year to year and over the
/// months as real ones do, so that few checks find anything.
struct Generator<'a> {
    regions: Vec<&'a Region>,
    lexicon: &'a Lexicon,
}

impl<'a> Generator<'a> {
    fn new(lexicon: &'a Lexicon) -> Generator<'a> {
        let is_used = |region: &&Region| {
            region.to.is_none()
                && region.from <= *YEARS.start()
                && matches!(region.level, Level::Prefecture | Level::County)
        };
        Generator { regions: lexicon.regions().all().iter().filter(is_used).collect(), lexicon }
    }

    /// Report number `index` of those that are there from the beginning.
    fn old(&self, index: usize) -> Report<'a> {
        // Eleven months, and December twice: its report and the bulletin. November of the last year is still to come.
        let months = (YEARS.end() - YEARS.start() + 1) as usize * 13;
        let all = months * self.regions.len();
        // Any number that has no divisor in common with `all` visits each once, here and there.
        let place = (index as u64 * 2_654_435_761 % all as u64) as usize;
        let (region, month) = (self.regions[place / months], place % months);
        let (year, month) = (YEARS.start() + (month / 13) as i16, (month % 13 + 1) as i8);
        let is_to_come = year == *YEARS.end() && month > 10;
        Report { region, year: if is_to_come { year - 1 } else { year }, month, index }
    }

    /// Report number `index` of those that come later.
    fn new_one(&self, index: usize) -> Report<'a> {
        let region = self.regions[(index * 7_919) % self.regions.len()];
        Report { region, year: *YEARS.end(), month: 11, index }
    }

    fn write(&self, path: &Path, reports: impl Iterator<Item = Report<'a>>) {
        let mut file = BufWriter::new(File::create(path).unwrap());
        for report in reports {
            let (title, published, text) = report.told(self.lexicon);
            let id = format!("{}-{}-{:02}-{}", report.region.code, report.year, report.month, report.index);
            let line = serde_json::json!({
                "id": id, "title": title, "published": published.to_string(),
                "region": report.region.code.to_string(), "text": text,
            });
            writeln!(file, "{line}").unwrap();
        }
        file.flush().unwrap();
    }
}

/// What a sentence says of an indicator: how it is written, its unit, a typical value of a county in it, its growth.
const LEVELS: [(&str, &str, f64, f64); 14] = [
    ("规模以上工业增加值", "亿元", 86.0, 7.1),
    ("社会消费品零售总额", "亿元", 120.0, 6.4),
    ("一般公共预算收入", "亿元", 21.0, 5.2),
    ("一般公共预算支出", "亿元", 48.0, 4.8),
    ("进出口总额", "亿元", 33.0, 8.3),
    ("出口额", "亿元", 25.0, 9.0),
    ("全社会用电量", "亿千瓦时", 18.0, 6.0),
    ("工业用电量", "亿千瓦时", 13.0, 6.6),
    ("规模以上工业总产值", "亿元", 410.0, 8.2),
    ("房地产开发投资", "亿元", 37.0, 3.1),
    ("实际利用外资", "亿美元", 1.3, 2.2),
    ("接待国内游客", "万人次", 310.0, 7.7),
    ("建筑业总产值", "亿元", 64.0, 5.9),
    ("农林牧渔业总产值", "亿元", 41.0, 3.6),
];

const RATES: [&str; 6] =
    ["固定资产投资", "工业投资", "民间投资", "制造业投资", "高新技术产业增加值", "规模以上工业利润总额"];

const NARRATIVE: [&str; 6] = [
    "面对复杂多变的外部环境，各级各部门坚持稳中求进工作总基调，扎实做好稳增长各项工作。",
    "重点项目加快推进，营商环境持续优化，市场主体活力进一步增强。",
    "总的来看，经济运行延续恢复向好态势，但外部不确定性仍然较大，部分行业恢复不够均衡。",
    "下一步将围绕年度目标任务，加强运行监测，抓好政策落实。",
    "传统产业改造提升步伐加快，新动能逐步成长。",
    "企业普遍反映订单有所回升，用工总体稳定。",
];

impl Report<'_> {
    /// Headline, day of publication and text, of about a kilobyte.
    fn told(&self, lexicon: &Lexicon) -> (String, Date, String) {
        let (region, year) = (self.region, self.year);
        let whole = self.month > 11;
        let period = match self.month {
            13 => format!("{year}年"),
            3 => format!("{year}年一季度"),
            6 => format!("{year}年上半年"),
            1 => format!("{year}年1月"),
            month => format!("{year}年1—{}月", month.min(12)),
        };
        let (title, published) = match self.month {
            13 => (format!("{}{year}年国民经济和社会发展统计公报", region.name), date(year + 1, 3, 18)),
            month => (format!("{}{period}经济运行情况", region.name), date(year, month, 20) + 1.month()),
        };
        let place = if region.level == Level::County { "全县" } else { "全市" };
        let first = self.chance(0) as usize;
        let mut text = format!("{}{period}，", self.narrative(1));
        if whole || self.month % 3 == 0 {
            let total = self.value("gdp", 380.0, 7.0);
            let [primary, secondary] = [0.09, 0.43].map(|share| (total * share * 10.0).round() / 10.0);
            let growth = self.growth("gdp", 6.8);
            let tertiary = total - primary - secondary;
            let (one, two, three) = (growth / 2.0, growth + 0.6, growth + 0.3);
            write!(
                text,
                "{place}实现地区生产总值{total:.1}亿元，同比增长{growth:.1}%。其中，第一产业增加值{primary:.1}亿元，增长{one:.1}%；\
                 第二产业增加值{secondary:.1}亿元，增长{two:.1}%；第三产业增加值{tertiary:.1}亿元，增长{three:.1}%。"
            )
            .unwrap();
        }
        for step in 0..3 {
            let (name, unit, typical, growth) = LEVELS[(first + step * 3) % LEVELS.len()];
            let (value, growth) = (self.value(name, typical, growth), self.growth(name, growth));
            let place = if step == 0 { place } else { "" };
            write!(text, "{place}{name}{value:.1}{unit}，{}", rate(growth)).unwrap();
            text.push_str(if step == 2 { "。" } else { "；" });
        }
        write!(text, "\n\n{}", self.narrative(2)).unwrap();
        let invested = RATES[(first / 3) % RATES.len()];
        let growth = self.growth(invested, 8.0);
        write!(text, "{place}{invested}{}", rate(growth)).unwrap();
        let above =
            region.parent.and_then(|parent| lexicon.regions().at(parent, year)).filter(|_| first.is_multiple_of(2));
        match above.map(|above| above.level) {
            Some(Level::Prefecture) => {
                write!(text, "，高于全市{:.1}个百分点", 0.1 + (first % 20) as f64 / 10.0).unwrap()
            }
            Some(Level::Province) => write!(text, "，增速居全省第{}位", 1 + first % 9).unwrap(),
            _ => {}
        }
        text.push('。');
        if first.is_multiple_of(3) {
            let (sales, growth) = (2.0 + (first % 170) as f64 / 10.0, self.growth("company", 11.0));
            write!(text, "{}华兴新材料有限公司实现销售收入{sales:.1}亿元，增长{growth:.1}%。", region.name).unwrap();
        }
        if whole {
            let (urban, rural) = (self.value("urban", 33_000.0, 6.0), self.value("rural", 18_000.0, 7.0));
            write!(
                text,
                "\n\n城镇居民人均可支配收入{urban:.0}元，增长{:.1}%；农村居民人均可支配收入{rural:.0}元，增长{:.1}%。{}",
                self.growth("urban", 6.1),
                self.growth("rural", 7.4),
                self.narrative(3)
            )
            .unwrap();
        } else {
            write!(text, "\n\n{}{}", self.narrative(3), self.narrative(4)).unwrap();
        }
        (title, published, text)
    }

    /// The value of an indicator that grows by `growth` per cent a year, of the months that the report tells of.
    fn value(&self, name: &str, typical: f64, growth: f64) -> f64 {
        let size = 0.3 + (mixed(u64::from(self.region.code.number()), "size") % 1000) as f64 / 400.0;
        let years = f64::from(self.year - YEARS.end());
        let share = f64::from(self.month.min(12)) / 12.0;
        let noise = 1.0 + (self.chance(name.len()) % 100) as f64 / 5_000.0;
        (typical * size * (1.0 + growth / 100.0).powf(years) * share * noise * 10.0).round() / 10.0 + 0.1
    }

    fn growth(&self, name: &str, typical: f64) -> f64 {
        typical + ((mixed(self.chance(7), name) % 61) as f64 - 30.0) / 10.0
    }

    fn narrative(&self, step: usize) -> &'static str {
        NARRATIVE[(self.chance(step) % NARRATIVE.len() as u64) as usize]
    }

    /// A number that is another for each report and `step`.
    fn chance(&self, step: usize) -> u64 {
        let report = u64::from(self.region.code.number()) << 24 | (self.year as u64) << 8 | self.month as u64;
        mixed(report, "").wrapping_add(mixed(step as u64, "step")) >> 8
    }
}

fn rate(growth: f64) -> String {
    if growth < 0.0 { format!("下降{:.1}%", -growth) } else { format!("同比增长{growth:.1}%") }
}

/// SplitMix64 over a number and a name.
fn mixed(number: u64, name: &str) -> u64 {
    let seed = name.bytes().fold(number, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}
