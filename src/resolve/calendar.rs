//! From expressions of time to first and last day, against the document's date and what governs the clause.

use jiff::SignedDuration;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use crate::extract::{Edge, Part, Time, Year};
use crate::model::{Period, Said, Span};

/// A period, and where it was named.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dated {
    pub period: Period,
    pub said: Said,
}

/// What is known of time at some place of a document.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    published: Date,
    /// The title names a period.
    titled: bool,
    /// `section` was taken from the first period that the text names, as the title names none.
    adopted: bool,
    /// The period that the title or heading gives: what holds where nothing is said.
    section: Dated,
    /// The flow period that governs the sentence.
    governing: Dated,
    /// An instant named in the sentence: it holds until the sentence ends.
    instant: Option<Dated>,
    /// Whether `governing` was named in the clause's own sentence.
    named: bool,
    /// The time was given as 当月.
    month_alone: bool,
    /// The time was given as 截至: stocks hold at the end of `governing`.
    as_of: bool,
    /// What governs again after the sentence, when a clause in its midst named another time.
    after: Option<Dated>,
    /// Days that figures are about: 10月1日至7日,全省接待游客…; until the paragraph ends or another time is named.
    days: Option<Dated>,
}

impl Calendar {
    /// A calendar for a document published on `published` whose title gives `title` or nothing; then its lead may give
    /// `lead`.
    pub(super) fn new(published: Date, title: Option<Period>, lead: Option<Period>) -> Self {
        // A report of January that names no period looks back at the year before.
        let so_far = match published.month() {
            1 => Period::year(published.year() - 1),
            _ => Period::flow(date(published.year(), 1, 1), published),
        };
        let titled = title.is_some();
        let section = match title {
            Some(period) => Dated { period, said: Said::Title },
            None => Dated { period: lead.unwrap_or(so_far), said: Said::Document },
        };
        Calendar {
            published,
            titled,
            adopted: false,
            section,
            governing: section,
            instant: None,
            named: false,
            month_alone: false,
            as_of: false,
            after: None,
            days: None,
        }
    }

    /// A paragraph or heading begins: days named in the one before hold no longer.
    pub(super) fn new_block(&mut self) {
        self.days = None;
        self.end_sentence();
        let (governing, section) = (self.governing.period, self.section.period);
        if self.titled && governing.end < section.end && governing.end.year() == section.end.year() {
            // 从服务业看,1—8月,…in a report on the first three quarters: figures that lag behind, and only those.
            self.governing = self.section;
        }
    }

    /// Figures are about the days that `time` names, in the words `at`.
    pub(super) fn name_days(&mut self, time: Time, at: Span) {
        let days = self.period(time);
        self.days = Some(Dated { period: Period::flow(days.start, days.end), said: Said::Words(at) });
        self.named = true;
        self.instant = None;
    }

    /// Whether figures are about days.
    pub(super) fn has_days(&self) -> bool {
        self.days.is_some()
    }

    /// The days named last were those on which something was made known: 8月10日,记者获悉.
    pub(super) fn forget_days(&mut self) {
        self.days = None;
    }

    /// A heading starts a section: its own period governs, or the title's again. `heading` is where it stands.
    pub(super) fn section(&mut self, times: &[Time], heading: Span) {
        self.governing = self.section;
        self.instant = None;
        self.after = None;
        self.as_of = false;
        // 发布时间:2010-04-08 on a line of its own dates the page, not what follows.
        let dates = |time: &&Time| matches!(time.part, Some(Part::Day(..) | Part::DayOfMonth(_)));
        if let Some(time) = times.first().filter(|time| !dates(time))
            && time.is_anchored()
        {
            self.governing = Dated { period: self.period(*time), said: Said::Heading(heading) };
        }
    }

    /// A sentence ends, and 其中 does not go on with it: an instant holds no longer.
    pub(super) fn end_sentence(&mut self) {
        self.instant = None;
        self.named = false;
        self.month_alone = false;
        if let Some(period) = self.after.take() {
            self.governing = period;
        }
    }

    /// A clause names its time, in the words `at`. `leading` tells that it opens a sentence: only then it governs the next
    /// ones too.
    pub(super) fn name(&mut self, time: Time, leading: bool, at: Span) {
        let only_this_year = time.year == Some(Year::Relative(0)) && time.part.is_none() && !time.so_far;
        if only_this_year && self.as_of && self.named {
            // 截至7月底,全县今年招引项目46个
            return;
        }
        // A year before the one that the report is about is only looked back at: 2016年地区生产总值修订为….
        let back = self.titled && time.year.is_some() && self.period(time).end.year() < self.section.period.end.year();
        if !leading || back || time.month_alone {
            self.after.get_or_insert(self.governing);
        }
        let mut period = self.period(time);
        if !time.names_days() {
            self.days = None;
        }
        self.named = true;
        // 1—9月末,茶叶产量1740吨: from January on, and what is held is held at the end.
        let up_to = time.edge == Some(Edge::End) && matches!(time.part, Some(Part::Months(1, 2..)));
        let as_of = time.as_of || up_to;
        self.as_of = as_of;
        self.month_alone = time.month_alone;
        if leading && !back {
            self.adopt(time, Dated { period, said: Said::Words(at) });
        }
        if as_of {
            period = Period::flow(date(period.end.year(), 1, 1), period.end);
        }
        if time.names_days() {
            return;
        }
        let dated = Dated { period, said: Said::Words(at) };
        if period.start == period.end {
            self.instant = Some(dated);
        } else {
            self.governing = dated;
            self.instant = None;
            let section = self.section.period;
            if self.titled && period.end == section.end && period.start < section.start {
                // A monthly report that goes on about 1—4月 is about them where nothing is said.
                self.section = dated;
            }
        }
    }

    /// Where the title names no period, the first that the text names stands for it. 年末 and 全年 of a report from the
    /// first months of a year stand for the year before.
    fn adopt(&mut self, time: Time, named: Dated) {
        let period = named.period;
        let whole_year = time.part == Some(Part::Whole) && time.year.is_none();
        let flow = period.start < period.end && !matches!(time.part, Some(Part::Days(..) | Part::FirstDays(_)));
        let named_before = self.titled || self.adopted;
        if named_before || time.so_far || !flow && !whole_year || time.edge == Some(Edge::Start) {
            return;
        }
        // 2013年,…增长15%, said in its January, is planned: the report is about another time.
        if self.published.month() <= 3 && period == Period::year(self.published.year()) {
            return;
        }
        self.adopted = true;
        self.section = Dated { period: if whole_year { Period::year(period.end.year()) } else { period }, ..named };
        self.governing = self.section;
    }

    /// The period of a clause that names none, and whether its sentence did.
    pub(super) fn current(&self) -> (Dated, bool) {
        (self.instant.or(self.days).unwrap_or(self.governing), self.named)
    }

    /// Whether the governing time is a month looked at alone: 9月当月.
    pub(super) fn is_month_alone(&self) -> bool {
        self.month_alone
    }

    /// Whether an instant was named in the sentence.
    pub(super) fn is_instant(&self) -> bool {
        self.instant.is_some()
    }

    /// Whether the governing time was given as 截至.
    pub(super) fn is_as_of(&self) -> bool {
        self.as_of
    }

    /// The flow period that governs.
    pub(super) fn governing(&self) -> Period {
        self.governing.period
    }

    /// Whether a period ends a quarter of a year or more after the day of publication.
    pub(super) fn is_far_from_over(&self, period: Period) -> bool {
        period.end.duration_since(self.published) > SignedDuration::from_hours(24 * 90)
    }

    /// Whether a period is not over on the day of publication.
    pub(super) fn is_open(&self, period: Period) -> bool {
        period.end > self.published
    }

    /// Whether a period belongs to a year after the one of publication: what is said of it is planned.
    pub(super) fn is_to_come(&self, period: Period) -> bool {
        // 2013年 as a whole, said in its January, is planned too.
        let just_begun = self.published.month() <= 3 && period == Period::year(self.published.year());
        period.end.year() > self.published.year() || just_begun && period != self.section.period
    }

    /// The year that `governing` lies in.
    fn year(&self) -> i16 {
        self.governing.period.end.year()
    }

    /// The days that `time` names.
    pub(super) fn period(&self, time: Time) -> Period {
        let year = match time.year {
            Some(Year::Absolute(year)) => year,
            Some(Year::Relative(n)) => self.published.year() + n,
            // 上年 of a bulletin is the year before the one that it reports on.
            Some(Year::Before) => self.year() - 1,
            Some(Year::Range(first, last)) => {
                let end = if time.so_far { self.published } else { date(last, 12, 31) };
                return at_edge(Period::flow(date(first, 1, 1), end), time.edge);
            }
            Some(Year::Last(count)) => {
                // 这五年 in an untitled report of January: the years before it.
                let early = !self.titled && !self.adopted && self.section.period.end == self.published;
                let last = self.section.period.end.year() - i16::from(early && self.published.month() <= 3);
                return Period::flow(date(last - count + 1, 1, 1), date(last, 12, 31));
            }
            None => self.year(),
        };
        if time.so_far {
            // 7月以来; 今年以来 in a report on the first half is up to its end, not to the day that it came out.
            let month = if let Some(Part::Months(first, _)) = time.part { first } else { 1 };
            let reported = self.titled && self.section.period.end.year() == year;
            let first = date(year, month, 1);
            let until = if reported { self.section.period.end } else { self.published };
            return Period::flow(first, until.max(first));
        }
        let period = match time.part {
            Some(part) => self.part(part, year, time),
            None if time.year.is_some() => Period::year(year),
            None => self.governing.period,
        };
        at_edge(period, time.edge)
    }

    /// The days of a part of `year`, or of the governing period where the part is told by that.
    fn part(&self, part: Part, year: i16, time: Time) -> Period {
        let governing = self.governing.period;
        let end = governing.end;
        // Days without a year are those before the report: 12月28日 in one of January is the year before's.
        let days_year = |month: i8| year - i16::from(time.year.is_none() && month > self.published.month() + 6);
        let day = |month, day| Date::new(days_year(month), month, day).map_or(governing.at_end(), Period::instant);
        match part {
            Part::Months(first, last) => {
                // A January report speaks of 1—12月: the year before, as no month to come is reported.
                let early = self.published.month() <= 3 && year == self.published.year();
                let before = time.year.is_none() && !time.until && early && last > self.published.month();
                Period::months(if before { year - 1 } else { year }, first, last)
            }
            Part::Day(month, of_month) => day(month, of_month),
            Part::Days(first, last) => Period::flow(clamped(year, first), clamped(year, last)),
            // 国庆假期前4天: of the days named before, where there are any.
            Part::FirstDays(count) => self.days.map_or(governing, |days| {
                let last = days.period.start.saturating_add((i64::from(count) - 1).days());
                Period::flow(days.period.start, last)
            }),
            Part::DayOfMonth(of_month) => day(self.published.month(), of_month),
            Part::ThisMonth => {
                // 1—8月,…。今年企业正常生产,当月实现增加值5.7亿元: no month to come is reported.
                let end = if self.is_open(governing) { self.section.period.end.min(self.published) } else { end };
                Period::months(end.year(), end.month(), end.month())
            }
            Part::LastMonth => {
                let before = end.first_of_month().yesterday().unwrap_or(end);
                Period::months(before.year(), before.month(), before.month())
            }
            Part::ThisQuarter => quarter(end),
            Part::LastQuarter => quarter(quarter(end).start.yesterday().unwrap_or(end)),
            Part::Same => {
                let year = match time.year {
                    Some(Year::Absolute(year)) => year,
                    _ => end.year() - 1,
                };
                Period::months(year, governing.start.month(), end.month())
            }
            Part::PastureYear => Period::instant(date(year, 6, 30)),
            Part::Now => Period::instant(self.published),
            Part::Whole => {
                // 全年 and 年末, in a text of the first months of a year that names no period: those of the year before.
                let open = !self.titled && !self.adopted && time.year.is_none() && time.edge != Some(Edge::Start);
                let early = self.published.month() <= 4 && year == self.published.year();
                Period::year(if open && early && !time.until { year - 1 } else { year })
            }
        }
    }
}

/// A day given as month and day, brought to the last of its month.
fn clamped(year: i16, [month, day]: [i8; 2]) -> Date {
    Date::new(year, month, day).unwrap_or_else(|_| date(year, month, 1).last_of_month())
}

/// The first or last day of a period, where 初 or 末 says so.
fn at_edge(period: Period, edge: Option<Edge>) -> Period {
    match edge {
        Some(Edge::End) => period.at_end(),
        Some(Edge::Start) => Period::instant(period.start),
        None => period,
    }
}

fn quarter(day: Date) -> Period {
    let first = (day.month() - 1) / 3 * 3 + 1;
    Period::months(day.year(), first, first + 2)
}
