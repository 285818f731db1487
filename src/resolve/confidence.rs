//! How sure a row is: each thing that makes rows go wrong takes some of the odds away.
//!
//! A sure row has the odds [`SUREST`]; each doubt that holds of it subtracts its weight, all as logarithms, so that
//! weights of different doubts add up. `docs/ARCHITECTURE.md` says how the weights were set and what the number means.

use super::mention::Mention;
use super::naming::Topic;
use super::reader::Reader;
use super::statement::Statement;
use crate::extract::Quantity;
use crate::lexicon::UnitKind;
use crate::model::{Measure, Period, Said, Status};

/// Logarithm of the odds that a row without any doubt is right.
const SUREST: f32 = 3.3;

/// Characters from which on a name that is not in the catalogue is more than a name.
const LONG: usize = 17;

/// Tokens between the start of a clause and its number from which on some of them were not understood.
const FAR: usize = 10;

/// A reason to doubt a row: whether it holds, and what it takes from the logarithm of the odds.
type Doubt = (bool, f32);

fn confidence(doubts: &[Doubt]) -> f32 {
    let odds = SUREST - doubts.iter().filter(|(holds, _)| *holds).map(|(_, weight)| weight).sum::<f32>();
    (1.0 / (1.0 + (-odds).exp())).clamp(0.05, 0.99)
}

/// What a row of prose is made of.
pub(super) struct Grounds<'g, 'l, 't> {
    pub mention: &'g Mention<'l, 't>,
    pub statement: &'g Statement,
    pub quantity: &'g Quantity,
    pub topic: &'g Topic,
    pub period: Period,
}

impl<'l> Reader<'l, '_> {
    /// How sure a row of prose is.
    pub(super) fn confidence(&self, grounds: &Grounds<'_, 'l, '_>) -> f32 {
        let Grounds { mention, statement, quantity, topic, period } = *grounds;
        let slots = &mention.slots;
        let measure = statement.measure;
        let level = measure == Measure::Level;
        let unknown = topic.row.is_none();
        let length = topic.name.chars().count();
        let wordless = slots.named().is_empty();
        let ranked = measure == Measure::Rank || measure == Measure::RankMove;
        confidence(&[
            // The indicator is not in the catalogue,
            (unknown, 1.1),
            // ends in no head noun,
            (unknown && self.naming.head(&topic.name).is_none(), 0.5),
            // is hardly a name, or more than one,
            (unknown && length < 4, 0.3),
            (unknown && length >= LONG, 0.8),
            // or is counted in something else there.
            (level && self.is_unlike_catalogue(quantity, topic), 0.5),
            // The name was taken over from a clause before, completed with it, or taken from a sentence before.
            (topic.inherited && wordless, 0.4),
            (topic.inherited && !wordless, 0.8),
            (topic.inherited && self.state.stated.is_empty(), 0.6),
            // 新增92户企业: it stands behind the number; 新开工660万套: it starts with a verb.
            (mention.noun.is_some(), 0.8),
            (!slots.act.is_empty(), 0.6),
            // Much stands between the start of the clause and the number; nothing that could be a verb does.
            (mention.run.first >= mention.from + FAR, 1.0),
            (!slots.verb && slots.change.is_none(), 0.4),
            // The number stands in a bracket.
            (self.is_in_bracket(), 0.8),
            // Nothing but the percentage says that it is a share, or a ratio.
            (measure == Measure::Share && !slots.share, 1.1),
            (level && quantity.unit_kind == Some(UnitKind::Percent), 0.5),
            // Of which of several things a rank or a change is often stays open.
            (ranked, 0.7),
            (measure == Measure::Change, 0.5),
            // 提高到: the verb of a change, and the number is a level.
            (slots.reach, 0.7),
            (quantity.unit_kind.is_none(), 0.6),
            // The period was named in a sentence before, or nowhere,
            (matches!(statement.period_said, Said::Words(_)) && !statement.period_named, 0.4),
            (statement.period_said == Said::Document, 2.5),
            // goes on behind the day of publication, or stops within a month.
            (statement.status == Status::Actual && self.calendar.is_open(period), 1.7),
            (is_cut_short(period), 1.4),
            // The place is the report's, and that was guessed from its text; or there are several.
            (self.state.regions_said == Said::Document, 0.4),
            (self.place_guessed, 1.0),
            (self.state.regions.len() > 1, 0.2),
            // An estimate or a target: by a word of the clause, or of one before.
            (slots.status.is_some(), 0.4),
            (slots.status.is_none() && statement.status != Status::Actual, 0.4),
            // 由1331.2亿元修订为1334.6亿元: no longer holds.
            (self.is_superseded(mention), 1.5),
        ])
    }

    /// How sure a row of a table is. What its header leaves open is no row.
    pub(super) fn confidence_in_table(&self, topic: &Topic, period_said: Said) -> f32 {
        confidence(&[
            (topic.row.is_none(), 0.5),
            // 啤酒(万千升): a remark in the name that is none of its own.
            (topic.name.contains(['(', '（']), 0.5),
            (period_said == Said::Document, 2.5),
            (self.place_guessed, 1.0),
        ])
    }

    /// Whether the catalogue counts the indicator in another unit: 出口 in 元 and here in 家.
    fn is_unlike_catalogue(&self, quantity: &Quantity, topic: &Topic) -> bool {
        let unit = self.lexicon.base_unit(&quantity.unit).name;
        self.naming.indicator(topic).is_some_and(|row| row.unit != unit)
    }
}

/// Whether a period ends within a month and is no day and no days: it goes up to the day of publication.
fn is_cut_short(period: Period) -> bool {
    period.start < period.end && period.start.day() == 1 && period.end != period.end.last_of_month()
}
