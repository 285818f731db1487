//! Every number is accounted for: those that no statement uses are listed with the reason why.

use std::ops::Range;

use super::reader::Reader;
use super::runs::Run;
use crate::document::Block;
use crate::extract::{Kind, Tokens, scan};
use crate::model::{Reason, Span, Unused};

impl<'l> Reader<'l, '_> {
    /// Begins the account of `tokens`.
    pub(super) fn open_account(&mut self, tokens: &Tokens<'l>) {
        self.accounted.clear();
        self.accounted.resize(tokens.all.len(), false);
    }

    /// Where bytes of the clean text stand in the text as given.
    pub(super) fn span(&mut self, clean: Range<usize>) -> Span {
        let bytes = self.clean.given_bytes(clean);
        self.chars.span(bytes)
    }

    /// Lists a number as not used, once.
    pub(super) fn unused(&mut self, tokens: &Tokens<'l>, index: usize, reason: Reason) {
        if std::mem::replace(&mut self.accounted[index], true) {
            return;
        }
        let token = &tokens.all[index];
        let span = self.span(token.start as usize..token.end as usize);
        self.reading.unused.push(Unused { span, reason });
    }

    /// Lists the quantities of a run.
    pub(super) fn unused_run(&mut self, tokens: &Tokens<'l>, run: Run, reason: Reason) {
        for index in run.tokens(tokens) {
            self.unused(tokens, index, reason);
        }
    }

    /// Lists a number that is no quantity whatever stands around it: part of a name, a date, a period.
    pub(super) fn unused_loose(&mut self, tokens: &Tokens<'l>, index: usize) {
        match tokens.all[index].kind {
            Kind::Loose(reason) => self.unused(tokens, index, reason),
            Kind::Time(_) if self.has_figure(tokens, index) => self.unused(tokens, index, Reason::Period),
            _ => {}
        }
    }

    /// Lists all that is still open in `range`, quantities for `reason`.
    pub(super) fn unused_all(&mut self, tokens: &Tokens<'l>, range: Range<usize>, reason: Reason) {
        for index in range {
            match tokens.all[index].kind {
                Kind::Quantity(_) => self.unused(tokens, index, reason),
                Kind::Word(entry) if entry.has_figure => self.unused(tokens, index, Reason::Name),
                _ => self.unused_loose(tokens, index),
            }
        }
    }

    /// Lists what a table's lines hold beside the figures stated from `first` on: years of the header, numbers in names.
    pub(super) fn unused_in_table(&mut self, lines: &[Block], first: usize) {
        let mut stated: Vec<Span> = self.reading.observations[first..].iter().map(|row| row.span).collect();
        stated.sort_by_key(|span| span.byte_start);
        let listed = self.reading.unused.len();
        let text = self.clean.text();
        let mut tokens = std::mem::take(&mut self.tokens);
        for line in lines {
            scan(self.lexicon, text, line.bytes.start, line.bytes.end, &mut tokens);
            self.open_account(&tokens);
            self.unused_all(&tokens, 0..tokens.all.len(), Reason::Table);
        }
        self.tokens = tokens;
        let fresh = self.reading.unused.split_off(listed);
        let given = self.clean.given();
        for number in fresh {
            // What a statement leaves of a number, as the mark of a footnote behind it, is listed too.
            let Span { byte_start, byte_end, .. } = number.span;
            let mut from = byte_start;
            let met = stated.partition_point(|span| span.byte_end <= byte_start);
            let met = stated[met..].iter().take_while(|span| span.byte_start < byte_end);
            let ends: Vec<(u32, u32)> = met.map(|span| (span.byte_start, span.byte_end)).collect();
            if ends.is_empty() {
                self.reading.unused.push(number);
                continue;
            }
            for (start, end) in ends.into_iter().chain([(byte_end, byte_end)]) {
                let rest = from as usize..start.max(from) as usize;
                if given[rest.clone()].contains(|c: char| c.is_ascii_digit()) {
                    let span = self.chars.span(rest);
                    self.reading.unused.push(Unused { span, reason: number.reason });
                }
                from = end;
            }
        }
    }

    fn has_figure(&self, tokens: &Tokens<'l>, index: usize) -> bool {
        tokens.all[index].text(self.clean.text()).bytes().any(|byte| byte.is_ascii_digit())
    }
}
