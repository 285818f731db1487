//! The words that tell what kind of source a report is from.

use super::LexiconError;
use super::table::Table;

/// What a report is from; `config/lexicon/sources.tsv` lists the words of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A statistical bulletin, whoever prints it: its title ends so
    Bulletin,
    /// A bureau, a government: words of the publisher's name
    Office,
    /// A newspaper, a broadcaster, a news site: words of the publisher's name
    Press,
}

/// Every kind with its name in the table and in the column `source_kind`.
const KINDS: [(&str, SourceKind); 3] =
    [("bulletin", SourceKind::Bulletin), ("office", SourceKind::Office), ("press", SourceKind::Press)];

impl SourceKind {
    /// The word in the column `source_kind`.
    pub fn as_str(self) -> &'static str {
        KINDS[self as usize].0
    }
}

/// The words with their kinds.
pub(super) struct Sources(Vec<(String, SourceKind)>);

impl Sources {
    pub(super) fn parse(table: Table<'_>) -> Result<Self, LexiconError> {
        let mut words = Vec::new();
        for row in table.rows(2) {
            let row = row?;
            words.extend(row.classes(&KINDS)?.into_iter().map(|kind| (row.cell(0).to_owned(), kind)));
        }
        Ok(Sources(words))
    }

    /// The kind of a source by title and publisher. Of the words in a publisher's name the longest says it (人民政府 in
    /// 人民政府新闻办), and of two as long the last.
    pub(super) fn kind(&self, title: Option<&str>, publisher: Option<&str>) -> Option<SourceKind> {
        let bulletin = |title: &str| {
            self.0.iter().any(|(word, kind)| *kind == SourceKind::Bulletin && title.trim_end().ends_with(word))
        };
        if title.is_some_and(bulletin) {
            return Some(SourceKind::Bulletin);
        }
        let publisher = publisher?;
        let found = self.0.iter().filter(|(_, kind)| *kind != SourceKind::Bulletin);
        let found = found.filter_map(|(word, kind)| Some(((word.len(), publisher.rfind(word)?), *kind)));
        found.max_by_key(|(place, _)| *place).map(|(_, kind)| kind)
    }
}
