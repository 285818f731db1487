//! The words that the headers of tables are written with.

use super::LexiconError;
use super::table::Table;

/// What a word says in a header, or in the name of a row; `config/lexicon/headers.tsv` lists those of each class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// 指标, 地区: stands over the names of the rows
    Stub,
    /// 累计, 位次: stands over figures, and over no names
    Figures,
    /// 序号, 备注: stands over numbers of rows and remarks
    NoFigures,
    /// 本月止累计: from January to the end of the period that the report is about
    SinceJanuary,
    /// 环比: against the month or quarter before
    AgainstLast,
    /// 比年初: against another day or month
    AgainstStart,
    /// 比上年: against the year before
    AgainstYear,
    /// 年均: a mean over years
    Mean,
    /// 增速: rates of change
    Growth,
    /// 增减: rates of change or amounts, as the unit tells
    Change,
    /// 占比: parts of a whole
    Share,
    /// 位次: positions
    Rank,
    /// 贡献率: contributions to growth
    Contribution,
    /// 预算数: what was planned
    Plan,
    /// 绝对数: amounts, without saying of what
    Amount,
    /// 合计: the region of the report, as the name of a row or a column
    WholeRegion,
    /// 增速: ends the name of a row whose figures are rates of change
    GrowthEnd,
    /// 开发区: ends the name of a row that is a zone or a town
    ZoneEnd,
}

/// Every class with its name in the table.
const CLASSES: [(&str, Header); 18] = [
    ("stub", Header::Stub),
    ("figures", Header::Figures),
    ("no_figures", Header::NoFigures),
    ("since_january", Header::SinceJanuary),
    ("against_last", Header::AgainstLast),
    ("against_start", Header::AgainstStart),
    ("against_year", Header::AgainstYear),
    ("mean", Header::Mean),
    ("growth", Header::Growth),
    ("change", Header::Change),
    ("share", Header::Share),
    ("rank", Header::Rank),
    ("contribution", Header::Contribution),
    ("plan", Header::Plan),
    ("amount", Header::Amount),
    ("whole_region", Header::WholeRegion),
    ("growth_end", Header::GrowthEnd),
    ("zone_end", Header::ZoneEnd),
];

/// The words by class.
pub(super) struct Headers {
    /// One list a variant of [`Header`], in its order; the longest words first.
    lists: [Vec<String>; CLASSES.len()],
}

impl Headers {
    pub(super) fn parse(table: Table<'_>) -> Result<Self, LexiconError> {
        let mut lists: [Vec<String>; CLASSES.len()] = Default::default();
        for row in table.rows(2) {
            let row = row?;
            for class in row.classes(&CLASSES)? {
                lists[class as usize].push(row.cell(0).to_owned());
            }
        }
        for list in &mut lists {
            list.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
        Ok(Headers { lists })
    }

    /// The words of a class, the longest first.
    pub(super) fn all(&self, class: Header) -> &[String] {
        &self.lists[class as usize]
    }
}
