//! One pass over a block: the words of the lexicon, and numbers, times and marks between them.

use std::sync::LazyLock;

use rust_decimal::Decimal;

use super::number;
use super::quantity;
use super::time::{self, Edge, Part, Time, Year};
use super::token::{Kind, Quantity, Shape, Token, Tokens, mark};
use super::vague;
use crate::lexicon::{Class, Entry, Filter, Lexicon, UnitKind};
use crate::model::{Bound, Reason};

/// Reads `text[start..end]` of a clean text into tokens.
pub(crate) fn scan<'l>(lexicon: &'l Lexicon, text: &str, start: usize, end: usize, tokens: &mut Tokens<'l>) {
    tokens.clear();
    let block = &text[start..end];
    // All stops first: a loop that does nothing else is the faster for it.
    let mut stops = std::mem::take(&mut tokens.stops);
    stops.clear();
    stops.extend(lexicon.stops(block, &BEGINNINGS));
    let mut scanner = Scanner { lexicon, block, base: start, at: 0, text_from: 0, tokens };
    for stop in &stops {
        if stop.start >= scanner.at {
            scanner.at = stop.start;
            match stop.entry {
                Some(entry) => scanner.word(stop.end, entry),
                None => scanner.beginning(),
            }
        }
        scanner.left_of_word(stop.end);
    }
    scanner.flush(block.len());
    tokens.stops = stops;
}

/// What numbers, times, web addresses and marks begin with.
static BEGINNINGS: LazyLock<Filter> = LazyLock::new(|| {
    const OF_NUMBERS: &str = "0123456789+-－−＋–第首前头上过十百千万亿几数零〇○一二两三四五六七八九";
    const OF_TIMES_AND_ADDRESSES: &str = "元民Qhw";
    const MARKS: &str = "，,。．；;：:∶︰！!？?、､（(〔【［[）)〕】］]“‘「《〈\"”’」》〉\n 　\t\u{a0}|—-–~～#*●■◆★▲○□◇";
    let words = OF_NUMBERS.chars().chain(OF_TIMES_AND_ADDRESSES.chars());
    Filter::of_chars(words.chain(MARKS.chars()).chain('①'..='⑳'))
});

struct Scanner<'l, 't, 'o> {
    lexicon: &'l Lexicon,
    block: &'t str,
    /// Where the block starts in the clean text.
    base: usize,
    at: usize,
    /// Start of the words that no token has taken yet.
    text_from: usize,
    tokens: &'o mut Tokens<'l>,
}

impl<'l> Scanner<'l, '_, '_> {
    fn rest(&self) -> &str {
        &self.block[self.at..]
    }

    /// Makes the words up to `until` a token.
    fn flush(&mut self, until: usize) {
        if self.text_from < until {
            self.push_at(self.text_from, until, Kind::Text);
        }
        self.text_from = until;
    }

    fn push_at(&mut self, start: usize, end: usize, kind: Kind<'l>) {
        let token = Token { start: (self.base + start) as u32, end: (self.base + end) as u32, kind };
        self.tokens.all.push(token);
    }

    /// Takes `len` bytes as a token.
    fn push(&mut self, len: usize, kind: Kind<'l>) {
        self.flush(self.at);
        self.push_at(self.at, self.at + len, kind);
        self.at += len;
        self.text_from = self.at;
    }

    fn push_quantity(&mut self, len: usize, quantity: Quantity) {
        let index = self.tokens.quantities.len() as u32;
        self.tokens.quantities.push(quantity);
        self.push(len, Kind::Quantity(index));
    }

    /// Adds an expression of time, as part of the one before where they stand together: `2022年` `1—7月`.
    fn push_time(&mut self, len: usize, time: Time) {
        self.flush(self.at);
        if let Some(last) = self.tokens.all.last_mut()
            && let Kind::Time(index) = last.kind
            && last.end as usize == self.base + self.at
            && self.tokens.times[index as usize].merge(time)
        {
            last.end += len as u32;
            self.at += len;
            self.text_from = self.at;
            return;
        }
        let index = self.tokens.times.len() as u32;
        self.tokens.times.push(time);
        self.push(len, Kind::Time(index));
    }

    /// Takes an entry of the lexicon, up to `end`: a time, a word that is a number, or a word.
    fn word(&mut self, end: usize, entry: &'l Entry) {
        let len = end - self.at;
        let word = &self.block[self.at..end];
        // A year or month before 年末 and 月底 is part of their expression, and 年 alone of 2022年.
        if let Some(mut time) = entry.class.and_then(|class| Time::of_word(class, word)) {
            let edge = self.edge_behind(time, end);
            if edge.is_some() {
                (time.edge, time.part) = (edge, time.part.or(Some(Part::Whole)));
            }
            return self.push_time(len + if edge.is_some() { "末".len() } else { 0 }, time);
        }
        // 5GWh is no 5G.
        if word.ends_with(|c: char| c.is_ascii_alphabetic())
            && word.starts_with(|c: char| c.is_ascii_digit())
            && self.block[end..].starts_with(|c: char| c.is_ascii_alphabetic())
        {
            return self.figure();
        }
        // 数百家: the head 数 of 企业数 is here a numeral.
        if word == "数"
            && let Some((quantity, taken)) = quantity::chinese_quantity(self.lexicon.units(), self.rest())
        {
            return self.push_quantity(taken, quantity);
        }
        let after = &self.block[end..];
        // 增加或持平企业比重: no number where a noun goes on.
        let of_noun = entry.class == Some(Class::Flat)
            && after.starts_with(|c: char| mark(c).is_none() && !"的于略为".contains(c));
        // 近半年, 过半个月: half of what follows, no share.
        let half_of = word.ends_with('半') && after.starts_with(['年', '个', '月', '天', '小']);
        match entry.class.filter(|_| !of_noun && !half_of).and_then(|class| vague::number_word(class, word)) {
            Some((quantity, surface)) => self.push_quantity(surface, quantity),
            None => self.push(len, Kind::Word(entry)),
        }
    }

    /// The 末 or 初 of 三季度末, 上半年末, 去年末 and 今年初 at `at`, right behind the words of `time`.
    fn edge_behind(&self, time: Time, at: usize) -> Option<Edge> {
        let of_year =
            matches!(time.year, Some(Year::Relative(_) | Year::Before | Year::Range(..))) && time.part.is_none();
        let open = time.edge.is_none() && !time.so_far && !time.until;
        match self.block[at..].chars().next() {
            Some('末' | '底') if open && (of_year || time.part.is_some()) => Some(Edge::End),
            Some('初')
                if open && of_year && !["初步", "初期"].iter().any(|word| self.block[at..].starts_with(word)) =>
            {
                Some(Edge::Start)
            }
            _ => None,
        }
    }

    /// What no token has taken, up to `end`, of a word: behind a number that reached into it (.5 of 0PM2.5), or behind
    /// the part of it that is a number (增长 of 两位数增长).
    fn left_of_word(&mut self, end: usize) {
        if self.at >= end {
            return;
        }
        // 亿元以上项目 behind 30: the number took 亿元, and 以上 and 项目 are words of their own.
        let from = self.at;
        let mut words = self.lexicon.hits(&self.block[from..end]).peekable();
        while let Some(c) = self.block.get(self.at..end).and_then(|left| left.chars().next()) {
            let before = self.at;
            while words.next_if(|word| from + word.start < before).is_some() {}
            match words.next_if(|word| from + word.start == before) {
                Some(word) => self.word(from + word.end, word.entry),
                None => self.beginning(),
            }
            if self.at == before {
                self.at += c.len_utf8();
            }
        }
    }

    /// Reads the number, time, address or mark that the character here, one of [`BEGINNINGS`], begins, if it does.
    fn beginning(&mut self) {
        let Some(c) = self.rest().chars().next() else { return };
        let before = self.at;
        match c {
            '0'..='9' => self.figure(),
            'h' | 'w' => self.web_address(),
            'Q' if !self.block[..self.at].ends_with(|c: char| c.is_ascii_alphabetic()) => self.quarter(),
            '民' if self.rest().starts_with("民国") || self.rest().starts_with("民國") => self.try_time(),
            '+' | '-' | '－' | '−' | '＋' | '–' => self.signed(c),
            '元' if self.word_start() => self.try_time(),
            '第' => self.ordinal(),
            '首' => self.first_place(),
            '前' | '头' => self.leading(c),
            '上' => self.at_least(),
            '过' => self.beyond(),
            '十' | '百' | '千' | '万' | '亿' => self.bare(),
            _ if number::starts_chinese(c) => self.chinese(),
            _ => {}
        }
        if self.at == before
            && let Some(mark) = mark(c)
        {
            self.push(c.len_utf8(), Kind::Mark(mark));
        }
    }

    /// Whether nothing but a mark stands right before.
    fn clause_start(&self) -> bool {
        self.text_from == self.at
            && self
                .tokens
                .all
                .last()
                .is_none_or(|last| matches!(last.kind, Kind::Mark(_)) || last.class() == Some(Class::Prep))
    }

    /// Whether no unknown word stands right before.
    fn word_start(&self) -> bool {
        self.text_from == self.at
    }

    /// `Q2` behind a year or alone.
    fn quarter(&mut self) {
        if let Some((time, len)) = time::quarter(self.rest()) {
            self.push_time(len, time);
        }
    }

    /// Adds the expression of time that starts here, if one does.
    fn try_time(&mut self) {
        if let Some((time, len)) = time::figure(self.rest(), self.clause_start()) {
            self.push_time(len, time);
        }
    }

    /// An Arabic figure: a time, a ratio or a quantity.
    fn figure(&mut self) {
        if self.block[..self.at].ends_with(|c: char| c.is_ascii_alphabetic()) {
            // PVC41.8万吨 has a unit, and the letters are the product; A220, G60, PM2, X8155次: part of a name.
            if let Some((quantity, len)) = quantity::quantity(self.lexicon.units(), &self.block[..self.at], self.rest())
                && quantity.unit_kind.is_some()
                && quantity.unit != "次"
            {
                return self.push_quantity(len, quantity);
            }
            let len = self.rest().bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'.').count();
            return self.push(len, Kind::Loose(Reason::Name));
        }
        if self.block[..self.at].ends_with(['图', '表']) {
            // 图1:2011-2015年地区生产总值
            let len = self.rest().bytes().take_while(u8::is_ascii_digit).count();
            return self.push(len, Kind::Loose(Reason::Label));
        }
        let before = self.at;
        self.try_time();
        if self.at != before {
            return;
        }
        if self.ratio() {
            return;
        }
        match quantity::quantity(self.lexicon.units(), &self.block[..self.at], self.rest()) {
            Some((quantity, len)) => self.number(quantity, len),
            None => {
                let len = self.rest().bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
                self.push(len, Kind::Loose(Reason::Unreadable));
            }
        }
    }

    /// Adds a number, with its unit, unless letters right behind show that it is part of a name (5G, 12345热线).
    fn number(&mut self, quantity: Quantity, len: usize) {
        if quantity.unit.is_empty() && self.rest()[len..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            let extra = self.rest()[len..].bytes().take_while(u8::is_ascii_alphanumeric).count();
            return self.push(len + extra, Kind::Loose(Reason::Name));
        }
        // COVID-19; 国发〔2023〕12号; 2.0升级版, 20世纪90年代
        let before = self.block[..self.at].trim_end_matches('-');
        let in_code = quantity.unit.is_empty()
            && (before.len() < self.at && before.ends_with(|c: char| c.is_ascii_alphabetic())
                || before.ends_with('〔'));
        let version = quantity.unit == "升" && self.rest()[len..].starts_with('级');
        let decade = quantity.unit.ends_with('年') && self.rest()[len..].starts_with('代');
        if in_code || version || decade {
            return self.push(len, Kind::Loose(Reason::Name));
        }
        // 2023/24年度 is no calendar year.
        if quantity.unit.is_empty()
            && self.rest()[len..].starts_with('/')
            && let Some(years) = time::double_year(self.rest())
        {
            return self.push(years, Kind::Loose(Reason::Period));
        }
        // 山区26县, 世界500强: the number belongs to the name of a group.
        if quantity.unit.is_empty()
            && self.rest()[len..].starts_with(['县', '市', '区', '省', '州', '国', '强', '校', '院'])
        {
            return self.push(len, Kind::Loose(Reason::Name));
        }
        self.push_quantity(len, quantity);
    }

    /// `https://…/2024/07/18/…`: none of its digits is a number.
    fn web_address(&mut self) {
        if ["http://", "https://", "www."].iter().any(|start| self.rest().starts_with(start)) {
            let len = self.rest().bytes().take_while(|byte| byte.is_ascii_graphic() && *byte != b')').count();
            self.push(len, Kind::Loose(Reason::Contact));
        }
    }

    /// `-8.7%`, `+3.6%`: a sign right before a figure and not between two.
    fn signed(&mut self, c: char) {
        let figure_follows = self.rest()[c.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
        let after_figure =
            self.block[..self.at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '%' || c == '月' || c == '年');
        if figure_follows
            && !after_figure
            && let Some((quantity, len)) = quantity::quantity(self.lexicon.units(), &self.block[..self.at], self.rest())
        {
            self.number(quantity, len);
        }
    }

    /// `11.1：36.3：52.6`, `2.05:1`, `3比1`: each part a quantity of its own, unless they are a time of day.
    fn ratio(&mut self) -> bool {
        const MOST_PARTS: usize = 6;
        const COLONS: [char; 5] = [':', '：', '∶', '︰', '比'];
        let rest = self.rest();
        if !number::arabic(rest).is_some_and(|first| rest[first.len..].starts_with(COLONS)) {
            return false;
        }
        let mut parts: Vec<(usize, number::Number)> = Vec::new();
        let mut at = 0;
        // 三次产业 make three; more than a handful is no ratio.
        while parts.len() < MOST_PARTS
            && let Some(read) = number::arabic(&rest[at..])
        {
            parts.push((at, read));
            at += read.len;
            let Some(colon) = rest[at..].chars().next().filter(|c| COLONS.contains(c)) else {
                break;
            };
            if !rest[at + colon.len_utf8()..].starts_with(|c: char| c.is_ascii_digit()) {
                break;
            }
            at += colon.len_utf8();
        }
        if parts.len() < 2 {
            return false;
        }
        let base = self.at;
        let count = parts.len() as u8;
        // 轻重工业比例为38:62 gives parts of a whole, 城乡居民收入比2.05:1 does not.
        let is_whole = parts.iter().map(|(_, read)| read.value).sum::<Decimal>() == Decimal::ONE_HUNDRED;
        if count == 2 && time::is_clock(&rest[..at], &self.block[..self.at]) {
            self.push(at, Kind::Loose(Reason::Date));
            return true;
        }
        for (offset, read) in parts {
            if base + offset > self.at {
                let colon = base + offset - self.at;
                self.push(colon, Kind::Mark('∶'));
            }
            let (unit, unit_kind) = if count == 2 && !is_whole { ("", None) } else { ("%", Some(UnitKind::Percent)) };
            let part = Quantity::new(read.value, unit, unit_kind);
            let quantity = Quantity { shape: Shape::Ratio(count), repaired: read.repaired, ..part };
            self.push_quantity(read.len, quantity);
        }
        true
    }

    /// `第4`, `第三位`, `第36位`: a place in an order, unless a noun makes it a name (第三季度 and 第一产业 are words).
    fn ordinal(&mut self) {
        let rest = &self.rest()["第".len()..];
        let Some(read) = number::arabic(rest.trim_start_matches(' ')).or_else(|| number::chinese(rest)) else { return };
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        let mut len = "第".len() + blanks + read.len;
        let after = &self.rest()[len..];
        if let Some(place) = ["位次", "位", "名"].iter().find(|place| after.starts_with(**place)) {
            len += place.len();
        } else if after.starts_with(|c: char| mark(c).is_none() && !"且的和并与及，".contains(c)) {
            // 第六批, 第15次会议
            return self.push(len, Kind::Loose(Reason::Name));
        }
        self.place(len, read.value, None);
    }

    /// `首位`, `首名`
    fn first_place(&mut self) {
        if let Some(place) = ["首位", "首名"].iter().find(|place| self.rest().starts_with(**place)) {
            self.place(place.len(), Decimal::ONE, None);
        }
    }

    /// Adds a place in an order.
    fn place(&mut self, len: usize, value: Decimal, bound: Option<Bound>) {
        let quantity = Quantity { shape: Shape::Ordinal, bound, ..Quantity::new(value, "", UnitKind::Rank) };
        self.push_quantity(len, quantity);
    }

    /// `前7个月` is a time, `前三` and `前10位` a place.
    fn leading(&mut self, c: char) {
        let rest = &self.rest()[c.len_utf8()..];
        if let Some((time, len)) = time::first_months(rest) {
            return self.push_time(c.len_utf8() + len, time);
        }
        if c != '前' {
            return;
        }
        let Some(read) = number::arabic(rest).or_else(|| number::chinese(rest)) else { return };
        let mut len = "前".len() + read.len;
        let after = &self.rest()[len..];
        let place = ["位", "名", "列"].iter().find(|place| after.starts_with(**place));
        if place.is_none() && !after.is_empty() && !after.starts_with(|c: char| mark(c).is_some()) {
            return;
        }
        len += place.map_or(0, |place| place.len());
        self.place(len, read.value, Some(Bound::Le));
    }

    /// `上千万`, `上百家`: at least that much, without a figure of its own.
    fn at_least(&mut self) {
        let rest = &self.rest()["上".len()..];
        if rest.starts_with(['百', '千', '万', '亿'])
            && let Some((mut quantity, len)) = vague::one_of_scale(self.lexicon.units(), rest)
        {
            quantity.bound = Some(Bound::Ge);
            self.push_quantity("上".len() + len, quantity);
        }
    }

    /// `过万亿元`, `过百家`: more than that. 超过 and 突破 are words of the lexicon.
    fn beyond(&mut self) {
        let rest = &self.rest()["过".len()..];
        let units = self.lexicon.units();
        let found = quantity::bare_unit(units, rest).or_else(|| vague::one_of_scale(units, rest));
        if rest.starts_with(['百', '千', '万', '亿'])
            && let Some((quantity, len)) = found
        {
            self.at += "过".len();
            self.push_quantity(len, Quantity { shape: Shape::Plain, bound: Some(Bound::Gt), ..quantity });
        }
    }

    /// `亿元以上`, `百亿元`, `近百万`, and Chinese numerals that start with a scale word.
    fn bare(&mut self) {
        let units = self.lexicon.units();
        if let Some((quantity, len)) = quantity::bare_unit(units, self.rest()) {
            return self.push_quantity(len, quantity);
        }
        if let Some((quantity, len)) = vague::one_of_scale(units, self.rest()) {
            let class = ["以上", "及以上", "以下"].iter().any(|bound| self.rest()[len..].starts_with(bound));
            if self.bound_before() && !self.rest().starts_with('十') {
                return self.push_quantity(len, quantity);
            }
            if class {
                return self.push_quantity(len, Quantity { shape: Shape::Bare, ..quantity });
            }
        }
        self.chinese();
    }

    /// Whether 近, 超, 不足 or the like stands right before.
    fn bound_before(&self) -> bool {
        let before = self.tokens.all.last().filter(|_| self.text_from == self.at);
        before.is_some_and(|before| {
            matches!(before.class(), Some(Class::BoundGt | Class::BoundLt | Class::BoundGe | Class::Approx))
        })
    }

    /// A Chinese numeral: a time, a quantity, or nothing.
    fn chinese(&mut self) {
        let before = self.at;
        self.try_time();
        if self.at != before {
            return;
        }
        if let Some((quantity, len)) = quantity::chinese_quantity(self.lexicon.units(), self.rest()) {
            return self.number(quantity, len);
        }
        if let Some(read) = number::chinese(self.rest()) {
            // Words such as 六大新兴产业: the numeral belongs to the name.
            self.at += read.len;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tokens_give_the_text_back() {
        let lexicon = Lexicon::bundled().expect("the bundled tables are sound");
        let text = "2022年1—7月，全市（不含PVC41.8万吨）产值翻一番多，居第3位；三次产业结构为5.8:42.6:51.6。";
        let mut tokens = Tokens::default();
        scan(&lexicon, text, 0, text.len(), &mut tokens);
        let joined: String = tokens.all.iter().map(|token| token.text(text)).collect();
        assert_eq!(joined, text);
        let surfaces: Vec<&str> = (0..tokens.all.len())
            .filter(|&index| tokens.quantity(index).is_some())
            .map(|index| tokens.all[index].text(text))
            .collect();
        assert_eq!(surfaces, ["41.8万吨", "翻一番", "第3位", "5.8", "42.6", "51.6"]);
    }

    #[test]
    fn no_beginning_is_passed_over() {
        let begins = |c: &char| c.is_ascii_digit() || number::starts_chinese(*c) || mark(*c).is_some();
        for c in ('\0'..=char::MAX).filter(begins) {
            assert!(BEGINNINGS.may_hold(c), "{c:?}");
        }
    }

    #[test]
    fn figures_in_names_are_loose() {
        let lexicon = Lexicon::bundled().expect("the bundled tables are sound");
        for (text, reason) in
            [("26县", Reason::Name), ("7G信号", Reason::Name), ("14:30", Reason::Date), ("第15次会议", Reason::Name)]
        {
            let mut tokens = Tokens::default();
            scan(&lexicon, text, 0, text.len(), &mut tokens);
            assert!(
                tokens.all.iter().any(|token| matches!(token.kind, Kind::Loose(found) if found == reason)),
                "{text}"
            );
        }
    }
}
