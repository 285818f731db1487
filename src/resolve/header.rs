//! What the header of a table says of its columns.

use compact_str::CompactString;

use super::reader::Reader;
use super::table::{Line, Table};
use super::words::{is_year, take, take_end, without_unit_label};
use crate::extract::{Kind, Place, Tokens, Year, scan};
use crate::lexicon::{Header, UnitKind};
use crate::model::{Measure, Period, RegionCode, Status};

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Column {
    /// The names of the rows.
    Name,
    /// The units of the rows' levels.
    Unit,
    /// Serial numbers, remarks, or figures that the header does not explain.
    Unread,
    /// Figures of one measure.
    Figures(Head),
}

/// What a header says of the figures below it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Head {
    /// What the figures state.
    pub measure: Measure,
    /// `亿元` of 绝对数（亿元）; empty when the header gives none.
    pub unit: CompactString,
    /// A noun that names the indicator, or completes the names of the rows: 产量.
    pub noun: CompactString,
    /// The days that the figures cover, where the header names them.
    pub period: Option<Period>,
    /// The place that the figures are about, where the header names it.
    pub region: Option<RegionCode>,
    /// What a share is of, or where a rank is taken: GDP of 占GDP比重, 全省 of 全省位次.
    pub scope: Option<CompactString>,
    /// Plans are targets.
    pub status: Status,
}

impl Column {
    fn head(&self) -> Option<&Head> {
        match self {
            Column::Figures(head) => Some(head),
            _ => None,
        }
    }

    fn head_mut(&mut self) -> Option<&mut Head> {
        match self {
            Column::Figures(head) => Some(head),
            _ => None,
        }
    }
}

/// Gives growth rates, shares and ranks without a period of their own that of the levels left of them.
///
/// 本月 | 本月止累计 | 增长%: the one beside it. 2022年 | 2021年 | 增长%: the later one.
fn lend_periods<'h>(heads: impl Iterator<Item = &'h mut Head>) {
    let mut levels: Option<Period> = None;
    let mut run = false;
    for head in heads {
        if head.measure == Measure::Level {
            let later = levels.filter(|levels| run && head.period.is_some_and(|period| levels.end > period.end));
            levels = later.or(head.period);
            run = true;
        } else {
            head.period = head.period.or(levels);
            run = false;
        }
    }
}

/// Whether a column says what one before it says: then something that is not in the header tells them apart.
///
/// 工业增加值 | 增长 | 投资 | 增长: a growth without a noun belongs to the level left of it, and may come again.
fn says_again(before: &[&Head], head: &Head) -> bool {
    let level = |other: &&&Head| other.measure == Measure::Level && !(other.noun.is_empty() && other.period.is_none());
    let own = before.iter().rev().find(level).filter(|_| head.noun.is_empty() && head.measure != Measure::Level);
    let since = before.iter().rev().take_while(|other| own.is_none_or(|own| own != *other));
    since.into_iter().any(|other| *other == head)
}

impl Reader<'_, '_> {
    /// What each column holds; `None` when no column of figures can be told, or the names cannot.
    pub(super) fn columns(&self, table: &Table) -> Option<Vec<Column>> {
        let serial = |header: &str| header.is_empty() || self.no_figures(header);
        let named_first = !serial(&table.header[0]) || table.header.len() < 3 || !self.starts_with_serials(table);
        let name = if named_first { 0 } else { 1 };
        let mut columns: Vec<Column> = table.header.iter().map(|header| self.column(header)).collect();
        columns[..name].fill(Column::Unread);
        columns[name] = Column::Name;
        lend_periods(columns.iter_mut().filter_map(Column::head_mut));
        let heads: Vec<&Head> = columns.iter().filter_map(Column::head).collect();
        let certain = !heads.is_empty() && (0..heads.len()).all(|at| !says_again(&heads[..at], heads[at]));
        certain.then_some(columns)
    }

    /// Whether the rows' first cells are numbers and their names stand in the second.
    fn starts_with_serials(&self, table: &Table) -> bool {
        let text = self.clean.text();
        table.body.iter().all(|line| match line {
            Line::Row(cells) => text[cells[0].bytes.clone()].trim_end_matches('.').parse::<u32>().is_ok(),
            Line::Section(_) => true,
        })
    }

    /// 序号, 备注: over numbers of rows and remarks.
    fn no_figures(&self, header: &str) -> bool {
        self.lexicon.header_words(Header::NoFigures).iter().any(|word| word == header)
    }

    fn column(&self, header: &str) -> Column {
        let plain = header.replace('\n', "");
        let bare = plain.trim_matches(['(', ')', '（', '）']);
        if matches!(bare, "单位" | "计量单位") {
            return Column::Unit;
        }
        if self.no_figures(bare) {
            return Column::Unread;
        }
        self.head(header).map_or(Column::Unread, Column::Figures)
    }

    /// What a header says of figures; `None` when it is not certain.
    fn head(&self, header: &str) -> Option<Head> {
        // 全市 under 规上工业增加值, or over it
        let over = header.lines().find_map(|level| Some((self.place(level)?, level)));
        let levels = header.lines().filter(|level| over.is_none_or(|(_, name)| name != *level));
        let mut words = levels.collect::<String>().replace('（', "(").replace('）', ")");
        let signed = take(&mut words, &["±", "+-", "+/-"]);
        let unit = self.take_unit(&mut words)?;
        let percent = unit == "%" || unit == "‰";
        if words.contains("=100") || words.contains("为100") {
            return None;
        }
        let said = |class| self.lexicon.header_words(class);
        let since_january = take(&mut words, said(Header::SinceJanuary));
        let against_last = take(&mut words, said(Header::AgainstLast));
        let against_start = !against_last && take(&mut words, said(Header::AgainstStart));
        let against_year = !against_last && !against_start && take(&mut words, said(Header::AgainstYear));
        let mean = take(&mut words, said(Header::Mean));
        let based = against_last || against_start || against_year;
        let period = self.take_period(&mut words, since_january)?;
        let place = self.take_place(&mut words).or(over.map(|(code, name)| (code, name.into())));
        let share = take_end(&mut words, said(Header::Share));
        let rank = take(&mut words, said(Header::Rank));
        let contribution = take(&mut words, said(Header::Contribution));
        let growth = take(&mut words, said(Header::Growth)) || signed;
        let change = take_end(&mut words, said(Header::Change));
        let planned = words.contains('占') || words.contains('为') || words.contains("完成") || words.contains("进度");
        let progress = !share && planned && percent && take(&mut words, said(Header::Plan));
        let (measure, unit) = if rank {
            (Measure::Rank, "".into())
        } else if progress {
            (Measure::Progress, unit)
        } else if share {
            (Measure::Share, if unit.is_empty() { "%".into() } else { unit })
        } else if contribution {
            (Measure::Contribution, if unit.is_empty() { "%".into() } else { unit })
        } else if growth || change || based {
            let points = is_points(&unit);
            let rate = percent || growth && unit.is_empty() || based && !change && unit.is_empty();
            match (points, rate) {
                (false, true) if against_last => (Measure::Mom, "%".into()),
                (false, true) if mean => (Measure::AvgAnnual, "%".into()),
                (false, true) if against_start => (Measure::VsPrior, "%".into()),
                (false, true) => (Measure::Yoy, "%".into()),
                (true, _) => (Measure::Change, "个百分点".into()),
                // 增减额（万元）; 增减 alone may be either.
                (false, false) if !unit.is_empty() && (change || based) => (Measure::Change, unit),
                _ => return None,
            }
        } else {
            (Measure::Level, unit)
        };
        let plan = measure == Measure::Level && take(&mut words, said(Header::Plan));
        let status = if plan { Status::Target } else { Status::Actual };
        let (region, scope) = match (measure, place) {
            // 全省位次 is where the rank is taken, not what is ranked.
            (Measure::Rank, place) => (None, place.map(|(_, name)| name)),
            (Measure::Share | Measure::Contribution, place) => {
                let of = words.trim_start_matches(['占', '对']).trim_end_matches(['的', '中', '之']);
                let of = Some(CompactString::from(of)).filter(|of| !of.is_empty());
                words.clear();
                (place.map(|(code, _)| code), of)
            }
            (Measure::Progress, place) => {
                words.clear();
                (place.map(|(code, _)| code), None)
            }
            (_, place) => (place.map(|(code, _)| code), None),
        };
        let noun = self.noun(&words)?;
        Some(Head { measure, unit, noun, period, region, scope, status })
    }

    /// The noun that is left of a header. `None` when something else is left.
    fn noun(&self, words: &str) -> Option<CompactString> {
        let noun = words.trim_start_matches(['的', '为', '占', '与', '及', '、', '按', ':', '：', '其']);
        let noun =
            ["全年度", "全年", "年度", "本年", "当年"].iter().find_map(|year| noun.strip_prefix(year)).unwrap_or(noun);
        let noun = noun.trim_end_matches(['的', '为', '及', '、', ':', '：', '(', ')', ',']);
        let plain = self.lexicon.header_words(Header::Amount).iter().find_map(|word| noun.strip_suffix(word.as_str()));
        let noun = plain.filter(|rest| rest.is_empty() || self.naming.is_whole(rest)).unwrap_or(noun);
        (!noun.contains(|c: char| c.is_ascii_digit()) && !noun.starts_with('比')).then(|| noun.into())
    }

    /// Takes the unit out of a header: 绝对数（亿元）, 增长%, 产值（单位：万元）. `None` when there are two.
    fn take_unit(&self, words: &mut String) -> Option<CompactString> {
        let mut unit = CompactString::default();
        let mut from = 0;
        while let Some(open) = words[from..].find('(').map(|at| at + from) {
            let Some(len) = words[open..].find(')') else { break };
            let inner = without_unit_label(&words[open + 1..open + len]).to_owned();
            if inner.is_empty() || self.is_unit(&inner) || is_points(&inner) {
                if !unit.is_empty() && !inner.is_empty() {
                    return None;
                }
                unit = inner.as_str().into();
                words.replace_range(open..open + len + 1, "");
            } else {
                from = open + len;
            }
        }
        for percent in ["%", "‰", "百分点"] {
            if unit.is_empty()
                && let Some(rest) = words.strip_suffix(percent)
            {
                unit = percent.into();
                *words = rest.trim_end_matches([',', '、', '，', '个', ':', '：']).to_owned();
            }
        }
        Some(unit)
    }

    /// Whether `text` is a unit of levels or of rates.
    pub(super) fn is_unit(&self, text: &str) -> bool {
        !text.is_empty()
            && self.lexicon.base_unit(text).known
            && !matches!(self.unit_kind(text), Some(UnitKind::Points))
    }

    fn unit_kind(&self, unit: &str) -> Option<UnitKind> {
        self.lexicon.units().get(unit).map(|unit| unit.kind)
    }

    /// Takes the period out of a header. `None` when it names two, or one that cannot be told.
    fn take_period(&self, words: &mut String, since_january: bool) -> Option<Option<Period>> {
        let mut tokens = Tokens::default();
        scan(self.lexicon, words, 0, words.len(), &mut tokens);
        let times = tokens.all.iter().filter_map(|token| match token.kind {
            Kind::Time(time) => Some((token.start as usize..token.end as usize, tokens.times[time as usize])),
            _ => None,
        });
        let times: Vec<_> = times.collect();
        let governing = self.calendar.governing();
        let named = match times.as_slice() {
            [] => is_year(words).then(|| words.parse().ok()).flatten().map(|year: i16| {
                words.clear();
                Period::year(year)
            }),
            [(range, time)] => {
                let base = words[..range.start].ends_with(['比', '较', '为', '占']);
                let year_only = matches!(time.year, Some(Year::Before | Year::Relative(_))) && time.part.is_none();
                let whole = governing.start.month() == 1 && governing.end.month() == 12;
                if base || year_only && !whole {
                    return None;
                }
                let period = self.calendar.period(*time);
                words.replace_range(range.clone(), "");
                Some(period)
            }
            _ => return None,
        };
        let named = named.or((since_january && governing.start.month() != 1).then_some(governing));
        Some(named.map(|period| match since_january {
            true => Period::months(period.end.year(), 1, period.end.month()),
            false => period,
        }))
    }

    /// Takes a place out of the start of a header: 全市, 柯城区.
    fn take_place(&self, words: &mut String) -> Option<(RegionCode, CompactString)> {
        let end = self.lexicon.hits(words).next().filter(|hit| hit.start == 0)?.end;
        let name = CompactString::from(&words[..end]);
        let code = self.place(&name)?;
        words.replace_range(..end, "");
        Some((code, name))
    }

    /// The region that a cell stands for.
    pub(super) fn place(&self, name: &str) -> Option<RegionCode> {
        let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
        if self.lexicon.header_words(Header::WholeRegion).contains(&name) {
            return self.state.section_region;
        }
        let hit = self.lexicon.hits(&name).next().filter(|hit| hit.start == 0 && hit.end == name.len())?;
        let is_place = !hit.entry.regions.is_empty() || hit.entry.class.is_some();
        let place = Place { entry: hit.entry, token: 0 };
        (is_place && self.atlas.is_place(hit.entry)).then(|| self.atlas.code(&place, self.home))?
    }

    /// The period that a row is named for: 2021年, 2021, 7月.
    pub(super) fn label_period(&self, label: &str) -> Option<Period> {
        let mut words = label.to_owned();
        let period = self.take_period(&mut words, false)??;
        words.is_empty().then_some(period)
    }
}

fn is_points(unit: &str) -> bool {
    matches!(unit, "百分点" | "个百分点")
}
