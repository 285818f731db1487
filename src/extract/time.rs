//! Expressions of time, before they meet the document's date.

use super::number;
use crate::lexicon::Class;

/// Which year an expression names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Year {
    /// 2022年
    Absolute(i16),
    /// 今年 0, 去年 -1, 明年 1: against the year of publication
    Relative(i16),
    /// 上年: against the year that the text is about
    Before,
    /// 2013至2022年, 十四五
    Range(i16, i16),
    /// 过去五年: that many years, the last of them the report's
    Last(i16),
}

/// Which part of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// First and last month: 1—7月, 上半年, 三季度.
    Months(i8, i8),
    /// A day: 8月10日.
    Day(i8, i8),
    /// First and last day, as month and day: 7月1日至8月15日, 7月上旬.
    Days([i8; 2], [i8; 2]),
    /// So many days from the first that figures are about: 前4天.
    FirstDays(i8),
    /// A day of the governing month: 15日.
    DayOfMonth(i8),
    /// 全年
    Whole,
    /// 当月: the last month of the governing period
    ThisMonth,
    /// 上月
    LastMonth,
    /// 本季度
    ThisQuarter,
    /// 上季度
    LastQuarter,
    /// 同期: the governing period's months
    Same,
    /// 牧业年度: instant at the end of June
    PastureYear,
    /// 目前: the report's day
    Now,
}

/// Which edge of the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    /// 初
    Start,
    /// 末, 底
    End,
}

/// An expression of time as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Time {
    pub year: Option<Year>,
    pub part: Option<Part>,
    pub edge: Option<Edge>,
    /// 今年以来, 十四五以来: up to the report's day.
    pub so_far: bool,
    /// 年内, 到2025年: said of a time to come, so that a number in it is no fact yet.
    pub until: bool,
    /// 截至7月底: a stock holds then, a flow runs up to then.
    pub as_of: bool,
    /// 当月, 8月当月: a look at the month alone, after which the text goes on about the months together.
    pub month_alone: bool,
}

impl Time {
    /// Takes over what `next`, standing directly after, adds: `2022年` + `上半年`. False when they do not go together.
    pub(super) fn merge(&mut self, next: Time) -> bool {
        let year_clash = self.year.is_some() && next.year.is_some();
        // 上年同期1—7月, 11月份当月, 1—7月同期: one of the two only repeats or places the other.
        let part_clash = !matches!(
            (self.part, next.part),
            (None, _)
                | (_, None)
                | (Some(Part::Same), Some(_))
                | (Some(_), Some(Part::ThisMonth))
                | (Some(Part::Months(..) | Part::Whole), Some(Part::Same))
        );
        if year_clash || part_clash || self.edge.is_some() && next.edge.is_some() {
            return false;
        }
        self.year = self.year.or(next.year);
        self.part = match (self.part, next.part) {
            // `11月份当月` is that month.
            (Some(part @ Part::Months(..)), Some(Part::ThisMonth)) => Some(part),
            (part, Some(Part::Same)) if part.is_some() => part,
            (_, Some(part)) => Some(part),
            (part, None) => part,
        };
        self.edge = self.edge.or(next.edge);
        self.so_far |= next.so_far;
        self.until |= next.until;
        self.month_alone |= next.month_alone;
        true
    }

    /// Whether it names days, which govern only where figures are about them.
    pub(crate) fn names_days(&self) -> bool {
        matches!(self.part, Some(Part::Day(..) | Part::Days(..) | Part::FirstDays(_) | Part::DayOfMonth(_)))
    }

    /// Whether it can be dated by itself: 2022年 and 上半年, but not 上月 and 同期, which look back from another time.
    pub(crate) fn is_anchored(&self) -> bool {
        let by_part = |part| {
            !matches!(part, Part::Same | Part::LastMonth | Part::LastQuarter | Part::DayOfMonth(_) | Part::FirstDays(_))
        };
        match self.year {
            Some(year) => year != Year::Before,
            None => self.part.is_some_and(by_part),
        }
    }

    /// The time that a word of the lexicon names.
    pub(super) fn of_word(class: Class, text: &str) -> Option<Time> {
        let year = |year| Time { year: Some(year), ..Time::default() };
        let part = |part| Time { part: Some(part), ..Time::default() };
        let edge = |edge| Time { edge: Some(edge), ..Time::default() };
        // “十五”期末 is the last day of its five years.
        let plan =
            |first| Time { edge: text.ends_with('末').then_some(Edge::End), ..year(Year::Range(first, first + 4)) };
        Some(match class {
            // 当年 and 本年 are the year that the text is about, 今年 that of its publication.
            Class::ThisYear if text == "年内" => Time { until: true, ..part(Part::Whole) },
            Class::ThisYear if text.starts_with(['当', '本']) => part(Part::Whole),
            Class::ThisYear => year(Year::Relative(0)),
            Class::LastYear => year(if text.starts_with('上') { Year::Before } else { Year::Relative(-1) }),
            Class::YearBeforeLast => year(Year::Relative(-2)),
            Class::NextYear => year(Year::Relative(1)),
            Class::H1 => part(Part::Months(1, 6)),
            Class::H2 => part(Part::Months(7, 12)),
            Class::Q1 => part(Part::Months(1, 3)),
            Class::Q2 => part(Part::Months(4, 6)),
            Class::Q3 => part(Part::Months(7, 9)),
            Class::Q4 => part(Part::Months(10, 12)),
            Class::YtdQ2 => part(Part::Months(1, 6)),
            Class::YtdQ3 => part(Part::Months(1, 9)),
            Class::WholeYear => part(Part::Whole),
            Class::YearEnd => Time { part: Some(Part::Whole), ..edge(Edge::End) },
            Class::YearStart => Time { part: Some(Part::Whole), ..edge(Edge::Start) },
            Class::HalfEnd => Time { part: Some(Part::Months(1, 6)), ..edge(Edge::End) },
            Class::MonthEnd | Class::QuarterEnd => edge(Edge::End),
            Class::ThisMonth => Time { month_alone: true, ..part(Part::ThisMonth) },
            Class::LastMonth | Class::LastQuarter if text.ends_with(['末', '底']) => {
                let last = if class == Class::LastMonth { Part::LastMonth } else { Part::LastQuarter };
                Time { edge: Some(Edge::End), ..part(last) }
            }
            Class::LastMonth => part(Part::LastMonth),
            Class::ThisQuarter => part(Part::ThisQuarter),
            Class::LastQuarter => part(Part::LastQuarter),
            Class::SamePeriod => {
                Time { year: text.starts_with(['上', '去']).then_some(Year::Before), ..part(Part::Same) }
            }
            Class::SoFar => {
                Time { year: text.contains('年').then_some(Year::Relative(0)), so_far: true, ..Time::default() }
            }
            Class::PastYear => Time { part: Some(Part::Whole), ..year(Year::Last(1)) },
            Class::Past3 => year(Year::Last(3)),
            Class::Past5 => year(Year::Last(5)),
            Class::Past10 => year(Year::Last(10)),
            Class::Plan9 => plan(1996),
            Class::Plan10 => plan(2001),
            Class::Plan11 => plan(2006),
            Class::Plan12 => plan(2011),
            Class::Plan13 => plan(2016),
            Class::Plan14 => plan(2021),
            Class::Plan15 => plan(2026),
            Class::PastureYear => part(Part::PastureYear),
            Class::Now => part(Part::Now),
            _ => return None,
        })
    }
}

/// Reads the expression of time that starts with a figure: `2022年`, `1—7月份`, `8月10日`, `2013至2022年`, `前7个月`,
/// `2023-07-31 14:30`, `元至5月`. Returns it with the bytes taken. `clause_start` tells that nothing stands before it.
pub(super) fn figure(text: &str, clause_start: bool) -> Option<(Time, usize)> {
    // 30.3亿元: most figures are no times, and what follows their digits tells.
    let after = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - after.len();
    if digits > 0 && !(digits <= 4 && may_go_on(after)) {
        return None;
    }
    if digits == 0 {
        // 二〇二五年 has four numerals, 三十一日 three, 民国 stands before its year.
        const MOST_NUMERALS: usize = 5;
        let after = text.chars().take(MOST_NUMERALS).find(|&c| c != '元' && !number::starts_chinese(c));
        if !text.starts_with('民')
            && !after.is_some_and(|c| matches!(c, '年' | '月' | '日' | '至' | '到' | '—' | '-' | '－'))
        {
            return None;
        }
    }
    let rest = Cursor { text, at: 0 };
    rest.stamp()
        .or_else(|| rest.republic())
        .or_else(|| rest.years_ago())
        .or_else(|| rest.year(clause_start))
        .or_else(|| rest.months())
        .or_else(|| rest.day_of_month())
}

/// Whether what follows the digits of a figure may be the rest of a time.
fn may_go_on(after: &str) -> bool {
    let mut chars = after.chars();
    match chars.next() {
        Some('年' | '月' | '日' | '-' | '/' | '—' | '–' | '―' | '~' | '～' | '至' | '到' | '－') => true,
        _ if NAMED_PARTS.iter().any(|part| after.starts_with(part)) => true,
        // 1 - 7月
        Some(' ') => after.trim_start_matches(' ').starts_with(|c: char| !c.is_ascii_digit() && !c.is_alphabetic()),
        // 2024.5.16, but no 30.3亿元
        Some('.') => after[1..].trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('.'),
        _ => false,
    }
}

/// Parts of a year that a year without its 年 stands before: 2024上半年, 2024Q1.
const NAMED_PARTS: [&str; 11] =
    ["上半年", "下半年", "前三季度", "一季度", "二季度", "三季度", "四季度", "Q1", "Q2", "Q3", "Q4"];

/// `Q1` to `Q4`, and its bytes.
pub(super) fn quarter(text: &str) -> Option<(Time, usize)> {
    let after = text.strip_prefix('Q')?;
    let quarter = after.bytes().next().filter(|digit| (b'1'..=b'4').contains(digit))? - b'0';
    if after[1..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let last = quarter as i8 * 3;
    Some((Time { part: Some(Part::Months(last - 2, last)), ..Time::default() }, "Q1".len()))
}

/// `前7个月`, `前11月`: months from January, and `前4天` days of a holiday, given the text after 前.
pub(super) fn first_months(text: &str) -> Option<(Time, usize)> {
    let (months, after) = Cursor { text, at: 0 }.small()?;
    let rest = after.rest();
    if rest.starts_with(['天', '日']) {
        let time = Time { part: Some(Part::FirstDays(months)), ..Time::default() };
        return Some((time, after.at + "天".len()));
    }
    let len = ["个月份", "个月", "月份", "月"].iter().find(|unit| rest.starts_with(**unit))?.len();
    let time = Time { part: Some(Part::Months(1, months)), ..Time::default() };
    (1..=12).contains(&months).then_some((time, after.at + len))
}

/// Bytes of `2023/24年度`, `2023/2024榨季`: a season that starts text.
pub(super) fn double_year(text: &str) -> Option<usize> {
    let (first, rest) = text.split_once('/')?;
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let second = &rest[..rest.len() - after.len()];
    let season = ["年度", "榨季", "产季", "赛季", "学年"].iter().find(|word| after.starts_with(**word))?;
    let digits = first.len() == 4 && first.bytes().all(|byte| byte.is_ascii_digit()) && matches!(second.len(), 2 | 4);
    digits.then_some(first.len() + 1 + second.len() + season.len())
}

/// Whether two numbers with a colon are a time of day: `14:30`, but not the 7:30 of 比例为7:30 and no `3:1`. `before` are
/// the words before them.
pub(super) fn is_clock(text: &str, before: &str) -> bool {
    let Some((hours, minutes)) = text.split_once([':', '：', '∶', '︰']) else { return false };
    let below = |digits: &str, limit: u8| digits.parse::<u8>().is_ok_and(|value| value < limit);
    minutes.len() == 2
        && below(hours, 25)
        && below(minutes, 60)
        && !before.ends_with(['比', '例', '为', '达', '按', '照', '构'])
}

#[derive(Clone, Copy)]
struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn rest(self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip(self, bytes: usize) -> Self {
        Cursor { at: self.at + bytes, ..self }
    }

    /// The first of `words` that stands here, taken.
    fn eat(self, words: &[&str]) -> Option<Self> {
        words.iter().find(|word| self.rest().starts_with(**word)).map(|word| self.skip(word.len()))
    }

    fn blanks(self) -> Self {
        self.skip(self.rest().len() - self.rest().trim_start_matches(' ').len())
    }

    /// One to `most` ASCII digits, and no more of them.
    fn digits(self, least: usize, most: usize) -> Option<(i32, Self)> {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let value = (least..=most).contains(&count).then(|| self.rest()[..count].parse().ok())??;
        Some((value, self.skip(count)))
    }

    /// A number of one or two figures, Arabic or Chinese; 元 is one, as in 元月 and 元至5月.
    fn small(self) -> Option<(i8, Self)> {
        if let Some((value, rest)) = self.digits(1, 2) {
            return Some((value as i8, rest));
        }
        if let Some(rest) = self.eat(&["元"]) {
            return Some((1, rest));
        }
        let read = number::chinese(self.rest())?;
        let value: i8 = i8::try_from(read.value).ok()?;
        Some((value, self.skip(read.len)))
    }

    /// A dash or 至 between two ends of a range.
    fn to(self) -> Option<Self> {
        self.blanks().eat(&["——", "—", "–", "―", "-", "~", "～", "至", "到", "－"]).map(Cursor::blanks)
    }

    /// `2023-07-31 14:30`, `2023/08/04  07:06`, `2024.5.16`: a stamp, the time of day with it.
    fn stamp(self) -> Option<(Time, usize)> {
        let (year, rest) = self.digits(2, 4)?;
        let rest = rest.eat(&["-", "/", "."])?;
        let (month, rest) = rest.digits(1, 2)?;
        let rest = rest.eat(&["-", "/", "."])?;
        let (day, mut rest) = rest.digits(1, 2)?;
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let clock = rest.blanks().digits(1, 2).and_then(|(_, r)| r.eat(&[":", "："])?.digits(2, 2));
        if let Some((_, after)) = clock {
            rest = after.eat(&[":"]).and_then(|r| r.digits(2, 2)).map_or(after, |(_, r)| r);
        }
        let year = if year < 100 { 2000 + year } else { year } as i16;
        let part = Some(Part::Day(month as i8, day as i8));
        Some((Time { year: Some(Year::Absolute(year)), part, ..Time::default() }, rest.at))
    }

    /// `民国112年`: counted from 1912.
    fn republic(self) -> Option<(Time, usize)> {
        let rest = self.eat(&["民国", "民國"])?;
        let (year, rest) = rest.digits(1, 3).or_else(|| {
            let read = number::chinese(rest.rest())?;
            Some((i32::try_from(read.value).ok()?, rest.skip(read.len)))
        })?;
        let rest = rest.eat(&["年度", "年"])?;
        let year = Some(Year::Absolute(1911 + year as i16));
        Some((Time { year, ..Time::default() }, rest.at))
    }

    /// `20年前`, `十年前`: so many years before the report's.
    fn years_ago(self) -> Option<(Time, usize)> {
        let (years, rest) = self.small()?;
        let rest = rest.eat(&["年前"])?;
        let year = Some(Year::Relative(-i16::from(years)));
        (!rest.rest().starts_with(['三', '期', '后', '年', '所']))
            .then_some((Time { year, ..Time::default() }, rest.at))
    }

    /// `2022年`, `2022年度`, `2013至2022年`, `二〇三五年`, and `23年` where a clause starts.
    fn year(self, clause_start: bool) -> Option<(Time, usize)> {
        let (first, rest) = self.full_year().or_else(|| {
            let (short, rest) = self.digits(2, 2).filter(|_| clause_start)?;
            let year = if short > 60 { 1900 } else { 2000 } + short as i16;
            // `23年全市` and `22年1—7月` are years; `30年来`, `20年间` are durations.
            let after = rest.eat(&["年"])?;
            (!after.rest().starts_with(['来', '间', '以', '内', '的', '期', '多', '里', '前', '后']))
                .then_some((year, rest))
        })?;
        if let Some((last, rest)) = rest.eat(&["年"]).unwrap_or(rest).to().and_then(Cursor::full_year)
            && let Some(rest) = rest.eat(&["年度", "年"])
        {
            return Some((
                Time { year: Some(Year::Range(first.min(last), first.max(last))), ..Time::default() },
                rest.at,
            ));
        }
        let time = Time { year: Some(Year::Absolute(first)), ..Time::default() };
        // 年末 and 年底 are words of the lexicon and keep their 年.
        const KEPT: [&str; 3] = ["年末", "年底", "年初"];
        if KEPT.iter().chain(&NAMED_PARTS).any(|behind| rest.rest().starts_with(behind)) {
            return Some((time, rest.at));
        }
        let rest = rest.eat(&["年度", "年份", "年"])?;
        // 1990年代
        (!rest.rest().starts_with('代')).then_some((time, rest.at))
    }

    /// Four figures of a year, 1900–2100.
    fn full_year(self) -> Option<(i16, Self)> {
        let (year, rest) = self.digits(4, 4).or_else(|| {
            let read = number::chinese(self.rest()).filter(|read| read.len == 12)?;
            Some((i32::try_from(read.value).ok()?, self.skip(read.len)))
        })?;
        (1900..=2100).contains(&year).then_some((year as i16, rest))
    }

    /// `7月`, `1—7月份`, `元至5月`, `1月到5月`, `8月10日`, and 月末 after its figure.
    fn months(self) -> Option<(Time, usize)> {
        let (first, rest) = self.small()?;
        let month = |month: i8| (1..=12).contains(&month);
        if let Some((last, after)) = rest.eat(&["月份", "月"]).unwrap_or(rest).to().and_then(Cursor::small)
            && after.rest().starts_with('月')
            && month(first)
            && month(last)
            && first < last
        {
            let at = after.month_word();
            return Some((Time { part: Some(Part::Months(first, last)), ..Time::default() }, at));
        }
        if !rest.rest().starts_with('月') || !month(first) {
            return None;
        }
        let after = rest.skip("月".len());
        if let Some((day, rest)) = after.small()
            && let Some(rest) = rest.eat(&["日", "号"])
            && (1..=31).contains(&day)
        {
            if let Some((last, end)) = rest.days_end(first)
                && last > [first, day]
            {
                let part = Some(Part::Days([first, day], last));
                return Some((Time { part, ..Time::default() }, end.at));
            }
            return Some((Time { part: Some(Part::Day(first, day)), ..Time::default() }, rest.at));
        }
        for (word, from, to) in [("上旬", 1, 10), ("中旬", 11, 20), ("下旬", 21, 31)] {
            if let Some(rest) = after.eat(&[word]) {
                let part = Some(Part::Days([first, from], [first, to]));
                return Some((Time { part, ..Time::default() }, rest.at));
            }
        }
        Some((Time { part: Some(Part::Months(first, first)), ..Time::default() }, rest.month_word()))
    }

    /// The last day of several that began in `month`: `—7日`, `至10月7日`.
    fn days_end(self, month: i8) -> Option<([i8; 2], Self)> {
        let (first, rest) = self.to()?.small()?;
        let (month, (day, rest)) = match rest.eat(&["月"]) {
            Some(rest) => (first, rest.small()?),
            None => (month, (first, rest)),
        };
        let rest = rest.eat(&["日", "号"])?;
        ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(([month, day], rest))
    }

    /// Where 月 or 月份 ends; 月末 and 月底 stay for the lexicon.
    fn month_word(self) -> usize {
        let rest = self.rest();
        if rest.starts_with("月末") || rest.starts_with("月底") {
            return self.at;
        }
        self.at + if rest.starts_with("月份") { "月份".len() } else { "月".len() }
    }

    /// `15日`
    fn day_of_month(self) -> Option<(Time, usize)> {
        let (day, rest) = self.digits(1, 2)?;
        let rest = rest.eat(&["日"])?;
        (1..=31)
            .contains(&day)
            .then_some((Time { part: Some(Part::DayOfMonth(day as i8)), ..Time::default() }, rest.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_figures() {
        let absolute = |year| Some(Year::Absolute(year));
        for (text, taken, year, part) in [
            ("2022年全市", "2022年", absolute(2022), None),
            ("2022年末", "2022", absolute(2022), None),
            ("2013至2022年，", "2013至2022年", Some(Year::Range(2013, 2022)), None),
            ("二〇三五年", "二〇三五年", absolute(2035), None),
            ("23年全县", "23年", absolute(2023), None),
            ("1—7月份，", "1—7月份", None, Some(Part::Months(1, 7))),
            ("元至5月", "元至5月", None, Some(Part::Months(1, 5))),
            ("1月到5月", "1月到5月", None, Some(Part::Months(1, 5))),
            ("7月末", "7", None, Some(Part::Months(7, 7))),
            ("8月10日", "8月10日", None, Some(Part::Day(8, 10))),
            ("15日", "15日", None, Some(Part::DayOfMonth(15))),
            ("10月1日至7日", "10月1日至7日", None, Some(Part::Days([10, 1], [10, 7]))),
            ("9月29日—10月6日，", "9月29日—10月6日", None, Some(Part::Days([9, 29], [10, 6]))),
            ("2023-07-31 14:30", "2023-07-31 14:30", absolute(2023), Some(Part::Day(7, 31))),
        ] {
            let read = figure(text, true).map(|(time, len)| (&text[..len], time.year, time.part));
            assert_eq!(read, Some((taken, year, part)), "{text}");
        }
    }

    #[test]
    fn durations_and_amounts_are_no_times() {
        for text in ["30年来", "20年间", "3个月", "13月", "2022家", "32日均"] {
            assert_eq!(figure(text, true), None, "{text}");
        }
        assert_eq!(figure("23年", false), None, "two figures are a year only where a clause starts");
    }

    #[test]
    fn a_part_joins_its_year() {
        let year = Time { year: Some(Year::Absolute(2022)), ..Time::default() };
        let part = |part| Time { part: Some(part), ..Time::default() };
        let mut time = year;
        assert!(time.merge(part(Part::Months(1, 6))));
        assert_eq!(time, Time { year: year.year, ..part(Part::Months(1, 6)) });
        assert!(!time.merge(part(Part::Months(7, 7))), "two parts are two times");
        assert!(!time.merge(year), "two years are two times");
    }
}
