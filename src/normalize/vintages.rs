//! Which of several statements of one figure holds, and what the others say of it.

use std::cmp::Ordering;

use jiff::civil::Date;

/// One statement of a series and period.
#[derive(Clone, Copy, Debug)]
pub(super) struct Statement<'f> {
    /// Its row in the frame.
    pub row: usize,
    pub obs_id: &'f str,
    pub document: &'f str,
    pub char_start: i32,
    pub published: Option<Date>,
    pub is_estimate: bool,
    pub is_exact: bool,
    /// 0 for an office or a bulletin, 2 for the press, 1 where nothing tells.
    pub distance: u8,
    /// Whether the report is the region's own.
    pub is_own: bool,
    pub is_deflated: bool,
    pub confidence: f64,
    /// In the base unit, as is one unit of its last digit.
    pub value: f64,
    pub step: f64,
}

type Rule = fn(&Statement<'_>, &Statement<'_>) -> Ordering;

/// What puts one statement before another, the first that tells them apart; `docs/STORE.md` gives the reasons.
const RULES: [(&str, Rule); 8] = [
    ("actual", |a, b| a.is_estimate.cmp(&b.is_estimate)),
    ("exact", |a, b| b.is_exact.cmp(&a.is_exact)),
    ("later", |a, b| b.published.cmp(&a.published)),
    ("official", |a, b| a.distance.cmp(&b.distance)),
    ("own", |a, b| b.is_own.cmp(&a.is_own)),
    ("as_stated", |a, b| a.is_deflated.cmp(&b.is_deflated)),
    ("surer", |a, b| b.confidence.total_cmp(&a.confidence)),
    // Of one report the first mention: what follows it is often a part, or the same by another count.
    ("tie", |a, b| (a.document, a.char_start, a.obs_id).cmp(&(b.document, b.char_start, b.obs_id))),
];

/// The order of two statements, the better first.
fn better(a: &Statement<'_>, b: &Statement<'_>) -> Ordering {
    RULES.iter().map(|(_, rule)| rule(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// What the statements of a series and period amount to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Vintages {
    /// Row of the statement that holds.
    pub row: usize,
    /// The rule that put it before the next best.
    pub selected_by: &'static str,
    pub reports: usize,
    pub first_published: Option<Date>,
    pub last_published: Option<Date>,
    /// Whether statements of one day differ.
    pub conflict: bool,
    /// The value before the last revision, and the day of the report that revised it.
    pub revised: Option<(f64, Date)>,
}

impl Vintages {
    /// Sums up `statements`, which all have one series and period; `None` where there are none.
    pub fn of(mut statements: Vec<Statement<'_>>) -> Option<Vintages> {
        // Most figures are stated once.
        if let [only] = statements[..] {
            return Some(Vintages {
                row: only.row,
                selected_by: "only",
                reports: 1,
                first_published: only.published,
                last_published: only.published,
                conflict: false,
                revised: None,
            });
        }
        statements.sort_by(better);
        let holds = *statements.first()?;
        let mut documents: Vec<&str> = statements.iter().map(|statement| statement.document).collect();
        documents.sort_unstable();
        documents.dedup();
        let days = || statements.iter().filter_map(|statement| statement.published);
        // 超30亿元 does not contradict 30.3亿元, nor a rate at constant prices one at current prices.
        let mut comparable = statements.clone();
        comparable.retain(|other| other.is_exact && other.is_deflated == holds.is_deflated);
        Some(Vintages {
            row: holds.row,
            selected_by: statements.get(1).map_or("tie", |next| deciding(&holds, next)),
            reports: documents.len(),
            first_published: days().min(),
            last_published: days().max(),
            conflict: conflict(&comparable),
            revised: revision(comparable),
        })
    }
}

fn deciding(a: &Statement<'_>, b: &Statement<'_>) -> &'static str {
    RULES.iter().find(|(_, rule)| rule(a, b).is_ne()).map_or("tie", |(name, _)| name)
}

/// Whether two of `statements`, the best first, of one day and status are apart.
fn conflict(statements: &[Statement<'_>]) -> bool {
    let peers = |a: &Statement<'_>, b: &Statement<'_>| a.published == b.published && a.is_estimate == b.is_estimate;
    // The rules sort by status and day, so that peers stand together.
    statements.chunk_by(peers).any(|day| day[1..].iter().any(|other| apart(&day[0], other)))
}

/// The last time that the value which held was replaced by another.
fn revision(mut statements: Vec<Statement<'_>>) -> Option<(f64, Date)> {
    statements.sort_by_key(|statement| statement.published);
    let mut held: Option<Statement<'_>> = None;
    let mut revised = None;
    for day in statements.chunk_by(|a, b| a.published == b.published) {
        let Some(now) = day.iter().chain(&held).min_by(|a, b| better(a, b)) else { continue };
        // Of an undated statement nobody knows that it came before.
        if let (Some(before), Some(on)) = (held, now.published)
            && before.published.is_some()
            && apart(&before, now)
        {
            revised = Some((before.value, on));
        }
        held = Some(*now);
    }
    revised
}

/// Whether two values are further apart than rounding to the coarser of their last digits explains.
fn apart(a: &Statement<'_>, b: &Statement<'_>) -> bool {
    // A little more than half a digit, for a difference of doubles is not exact.
    (a.value - b.value).abs() > a.step.max(b.step) * 0.500_001
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const FIRST: Statement<'_> = Statement {
        row: 0,
        obs_id: "a",
        document: "a",
        char_start: 10,
        published: Some(date(2023, 1, 20)),
        is_estimate: false,
        is_exact: true,
        distance: 1,
        is_own: false,
        is_deflated: false,
        confidence: 0.9,
        value: 330.9,
        step: 0.1,
    };

    /// `FIRST` as another document says it.
    fn other() -> Statement<'static> {
        Statement { row: 1, obs_id: "b", document: "b", ..FIRST }
    }

    fn of(statements: &[Statement<'static>]) -> Vintages {
        let vintages = Vintages::of(statements.to_vec()).unwrap();
        let backwards = Vintages::of(statements.iter().rev().copied().collect()).unwrap();
        assert_eq!(vintages, backwards);
        vintages
    }

    #[test]
    fn each_rule_decides_in_its_turn() {
        let day = date(2023, 3, 1);
        // Each is worse than FIRST by the rule named and better by all that follow.
        let best = Statement { distance: 0, is_own: true, confidence: 1.0, obs_id: "0", ..other() };
        let first = Statement { is_deflated: true, ..FIRST };
        let later = Statement { published: Some(day), ..best };
        for (rule, first, worse) in [
            ("actual", first, Statement { is_estimate: true, ..later }),
            ("exact", first, Statement { is_exact: false, ..later }),
            ("later", first, Statement { published: Some(date(2023, 1, 19)), ..best }),
            ("later", first, Statement { published: None, ..best }),
            ("official", Statement { distance: 0, ..first }, Statement { distance: 2, ..best }),
            ("own", Statement { is_own: true, ..first }, Statement { distance: 1, is_own: false, ..best }),
            ("as_stated", FIRST, Statement { distance: 1, is_own: false, is_deflated: true, ..best }),
            ("surer", FIRST, Statement { confidence: 0.5, obs_id: "0", ..other() }),
            ("tie", FIRST, other()),
            ("tie", FIRST, Statement { char_start: 80, obs_id: "0", row: 1, ..FIRST }),
        ] {
            let vintages = of(&[first, worse]);
            assert_eq!((vintages.row, vintages.selected_by), (0, rule));
        }
        assert_eq!(of(&[FIRST]).selected_by, "only");
    }

    #[test]
    fn what_rounding_explains_is_no_conflict() {
        let conflict = |value, step| of(&[FIRST, Statement { value, step, ..other() }]).conflict;
        assert!(!conflict(330.8512, 0.0001), "万元 and 亿元 of one figure");
        assert!(!conflict(330.95, 0.01) && !conflict(331.0, 1.0) && !conflict(330.9, 0.1));
        assert!(conflict(330.8, 0.1) && conflict(330.84, 0.01) && conflict(332.0, 1.0));
        let estimate = Statement { is_estimate: true, value: 300.0, ..other() };
        let deflated = Statement { is_deflated: true, value: 6.1, ..other() };
        let about = Statement { is_exact: false, value: 330.0, ..other() };
        assert!(!of(&[FIRST, estimate, deflated, about]).conflict);
    }

    #[test]
    fn a_revision_is_a_change_of_what_holds() {
        let (march, june) = (date(2023, 3, 1), date(2023, 6, 1));
        let revised = |others: &[Statement<'static>]| of(&[&[FIRST], others].concat()).revised;
        let second = Statement { value: 334.0, published: Some(march), ..other() };
        let third = Statement { value: 335.2, published: Some(june), obs_id: "c", document: "c", ..FIRST };
        assert_eq!(revised(&[]), None);
        assert_eq!(revised(&[second]), Some((330.9, march)));
        assert_eq!(revised(&[second, third]), Some((334.0, june)));
        assert_eq!(revised(&[Statement { value: 330.9, ..second }]), None);
        assert_eq!(revised(&[Statement { is_estimate: true, ..second }]), None, "an estimate revises no fact");
        assert_eq!(revised(&[Statement { published: None, ..second }]), None);
        let confirmed = Statement { published: Some(june), obs_id: "c", document: "c", ..second };
        assert_eq!(revised(&[second, confirmed]), Some((330.9, march)));
        let vintages = of(&[FIRST, second, confirmed]);
        assert_eq!((vintages.reports, vintages.first_published), (3, FIRST.published));
        assert_eq!(vintages.last_published, Some(june));
    }
}
