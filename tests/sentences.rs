//! Fixtures of sentences, each with what is found in it. The head of a fixture says what its rows mean.
//!
//! A sentence stands on a line of its own, with `\n` for a line break; before it `@REGION`, `@/PUBLISHED` or
//! `@REGION/PUBLISHED` where the document is not of 330800 and of the fixture's day. Below it come its rows, each after
//! a tab. Other lines that begin with `#` are remarks.

use zhibiao::model::Document;

use crate::reading::document;

/// A fixture of sentences.
pub struct Sentences {
    /// Name of its file.
    pub name: &'static str,
    /// What the file holds.
    pub text: &'static str,
    /// Day of publication of sentences that give none.
    pub published: &'static str,
    /// It holds so many sentences at least.
    pub least: usize,
}

/// A sentence and the rows that it should give.
struct Case {
    line: usize,
    region: &'static str,
    published: &'static str,
    text: &'static str,
    rows: Vec<&'static str>,
}

impl Sentences {
    /// Fails with all sentences in which `read` does not find their rows.
    pub fn check(&self, read: impl Fn(Document) -> Vec<String>) {
        let cases = self.cases();
        assert!(cases.len() >= self.least, "{} cases", cases.len());
        let mut wrong = Vec::new();
        for case in &cases {
            let found = read(document(&case.text.replace("\\n", "\n"), case.region, case.published));
            if found != case.rows {
                wrong.push(format!(
                    "{}:{}: {}\n  expected:\n    {}\n  found:\n    {}",
                    self.name,
                    case.line,
                    case.text,
                    case.rows.join("\n    "),
                    found.join("\n    ")
                ));
            }
        }
        assert!(wrong.is_empty(), "{} of {} sentences:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    }

    fn cases(&self) -> Vec<Case> {
        let mut cases: Vec<Case> = Vec::new();
        let lines = self.text.lines().enumerate();
        for (index, text) in lines.filter(|(_, text)| !text.is_empty() && !text.starts_with('#')) {
            if let Some(row) = text.strip_prefix('\t') {
                cases.last_mut().unwrap().rows.push(row);
                continue;
            }
            let (place, text) = text.strip_prefix('@').map_or(("", text), |text| text.split_once(' ').unwrap());
            let (region, published) = place.split_once('/').unwrap_or((place, self.published));
            let region = if region.is_empty() { "330800" } else { region };
            cases.push(Case { line: index + 1, region, published, text, rows: Vec::new() });
        }
        cases
    }
}
