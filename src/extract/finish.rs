//! What the end of a clause settles: names without particles, examples and starts of changes told apart.

use compact_str::format_compact;

use super::noun::trimmed;
use super::slots::Slots;
use super::walk::{Mode, Walk};

impl<'l> Walk<'l, '_, '_> {
    /// The slots, when the walk has come to the quantity.
    pub(super) fn finish(mut self) -> Slots<'l> {
        let of_base = self.mode == Mode::Base && self.slots.change.is_none() && self.slots.relation.is_none();
        self.slots.of_base = of_base;
        self.leave_out_examples();
        self.split_start_of_change();
        self.finish_name();
        let toward = self.toward.take().filter(|_| self.slots.name.is_empty());
        let mut slots = self.slots;
        for words in [&mut slots.object, &mut slots.whole, &mut slots.scope] {
            *words = trimmed(self.lexicon, std::mem::take(words));
        }
        if let Some(subject) = toward {
            // 第一产业增加值…,对经济增长的贡献率: the words after 对 named nothing.
            slots.subject = subject;
        }
        slots
    }

    /// 特变基地等亿元以上重大项目: the examples before 等 are not the name.
    fn leave_out_examples(&mut self) {
        let slots = &mut self.slots;
        slots.examples = slots.name.ends_with('等');
        if let Some((_, name)) = slots.name.split_once('等')
            && name.chars().count() >= 4
            && (name.starts_with(|c: char| c.is_ascii_digit()) || name.contains("以上"))
        {
            slots.name = name.into();
        }
    }

    /// 2022年由上年的6.02%: the time behind 由 dates the start of the change, the one before it the statement.
    fn split_start_of_change(&mut self) {
        let slots = &mut self.slots;
        slots.from &= slots.name.is_empty() || slots.name == "的";
        if slots.from {
            slots.from_time = slots.time.take();
        }
        if slots.time.is_none()
            && let Some((time, at)) = self.before_from
        {
            (slots.time, slots.time_at) = (Some(time), at);
        }
    }

    fn finish_name(&mut self) {
        let Slots { name, act, .. } = &self.slots;
        if name.starts_with("扣除") || name.starts_with("剔除") {
            // 扣除留抵退税因素后增长5.8%: how it was reckoned, not what.
            return self.slots.name.clear();
        }
        // 已建成: a particle that belongs to its verb.
        let of_verb = act.starts_with('已') && name.starts_with(act.as_str());
        let name = self.take_name();
        self.slots.name = if of_verb { format_compact!("已{name}") } else { name };
    }
}
