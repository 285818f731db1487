//! Puts decisions of people into effect: takes them into the store and reads the documents that they are about again, from
//! the archive, so that their rows are what any later run would make of them.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::RunError;
use super::shelf::Shelf;
use super::work::Task;
use crate::config::Pipeline;
use crate::lexicon::Lexicon;
use crate::model::{Decision, DocumentId, Verdict};
use crate::normalize::schema::REJECTS;
use crate::normalize::{Decisions, FrameBuilder, Run, context_hash};
use crate::source::Input;
use crate::store::{Change, Entry, Ledger, Published, Writer};

/// Documents that are read at once.
const BATCH: usize = 64;

/// A decision, and the line of its file.
#[derive(Clone, Debug)]
pub struct Line {
    /// From 1.
    pub number: usize,
    /// What it says.
    pub decision: Decision,
}

/// The decisions in `text`, the content of the file `path`: a JSON object a line.
///
/// # Errors
/// For the first line that is none, or asks for what `lexicon` does not know.
pub fn lines(lexicon: &Lexicon, path: &Path, text: &str) -> Result<Vec<Line>, RunError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let given = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let parsed = given.map(|(line, number)| {
        let decision = understood(lexicon, line);
        let decision =
            decision.map_err(|message| RunError::Decision { path: path.to_owned(), line: number, message })?;
        Ok(Line { number, decision })
    });
    parsed.collect()
}

fn understood(lexicon: &Lexicon, line: &str) -> Result<Decision, String> {
    let mut decision: Decision = serde_json::from_str(line).map_err(|error| format!("expected a decision: {error}"))?;
    // The table keeps microseconds, and what was taken once must be known again.
    let at = Timestamp::from_microsecond(decision.decided_at.as_microsecond());
    decision.decided_at = at.map_err(|error| error.to_string())?;
    let corrects = decision.corrects();
    match decision.decision {
        Verdict::Correct if !corrects => return Err("correct: expected one of the fields new_…".to_owned()),
        Verdict::Correct => {}
        other if corrects => return Err(format!("{}: fields new_… belong to the decision correct", other.as_str())),
        _ => {}
    }
    if let Some(code) = &decision.new_region_code {
        let known = code.parse().is_ok_and(|code| lexicon.regions().at(code, 0).is_some());
        known
            .then_some(())
            .ok_or_else(|| format!("new_region_code {code:?}: expected a code of the table dim_region"))?;
    }
    if let Some(id) = &decision.new_indicator {
        let known = lexicon.indicators().iter().any(|row| row.id == *id) || id.len() > 2 && id.starts_with("x.");
        let expected = "expected an id of the table dim_indicator, or x. and words";
        known.then_some(()).ok_or_else(|| format!("new_indicator {id:?}: {expected}"))?;
    }
    Decisions::of(vec![decision.clone()])?;
    Ok(decision)
}

/// Takes the decisions `given`, lines of the file `path`, into the store of `pipelines`, which are the jobs that read the
/// documents, each with the path of its file and its lexicon; the first of them has the rules for `checks`. All of them
/// or none: `None` where all were there already.
///
/// # Errors
/// When a line contradicts one that is there, a document is that of another job or not in the archive, or the store cannot
/// be read or written. The store is as it was.
pub fn review(
    path: &Path,
    given: &[Line],
    pipelines: &[(Pipeline, Arc<Lexicon>)],
    run: Run,
) -> Result<Option<Published>, RunError> {
    let Some((first, lexicon)) = pipelines.first() else { return Ok(None) };
    first.quality.rules.check(lexicon)?;
    let mut writer = Writer::open(&first.store)?;
    let held = writer.store().decisions()?;
    let new = not_held(path, given, &held)?;
    if new.is_empty() {
        return Ok(None);
    }
    let all = held.into_iter().chain(new.iter().map(|line| line.decision.clone())).collect();
    let decisions = Decisions::of(all)
        .map_err(|message| RunError::Decisions { path: writer.store().root().to_owned(), message })?;
    let ledger = writer.store().ledger()?;
    let documents = documents(path, &new, pipelines, &ledger)?;

    match prepare(&mut writer, &new, pipelines, &decisions, documents, &ledger, run) {
        Ok(()) => Ok(Some(writer.publish()?)),
        Err(error) => {
            writer.abandon()?;
            Err(error)
        }
    }
}

/// Prepares what `new` makes of `documents`.
fn prepare(
    writer: &mut Writer,
    new: &[&Line],
    pipelines: &[(Pipeline, Arc<Lexicon>)],
    decisions: &Decisions,
    documents: Vec<(String, Entry<'_>)>,
    ledger: &Ledger,
    run: Run,
) -> Result<(), RunError> {
    let taken: Vec<Decision> = new.iter().map(|line| line.decision.clone()).collect();
    writer.decide(&taken, &run)?;
    let shelf = Shelf::new(writer.store().clone());
    for (pipeline, lexicon) in pipelines {
        let (pipeline, lexicon) = (pipeline.clone(), lexicon.clone());
        let task =
            Task { lexicon, run: run.clone(), pipeline, decisions: decisions.clone(), staging: writer.staging() };
        let own: Vec<_> = documents.iter().filter(|(_, entry)| entry.pipeline == task.pipeline.name).collect();
        for batch in own.chunks(BATCH) {
            let inputs = batch.iter().map(|(id, entry)| archived(&shelf, &task, id, entry));
            let mut worked = task.work(inputs.collect::<Result<_, _>>()?)?;
            if let Some(reject) = worked.rejects.first() {
                return Err(RunError::Unreadable { uri: reject.uri.clone(), message: reject.reason.to_string() });
            }
            worked.stage(writer)?;
        }
    }
    let change = Change {
        pipeline: String::new(),
        run,
        dropped: documents.into_iter().map(|(id, _)| id).collect(),
        forgotten: Default::default(),
        rejects: FrameBuilder::new(&REJECTS).finish()?,
        complete: false,
        arrived: Default::default(),
        listed: Default::default(),
    };
    let [(first, lexicon), ..] = pipelines else { return Ok(()) };
    for error in writer.prepare(lexicon, &first.quality.rules, ledger, &change)? {
        tracing::warn!("does not add up: {error}");
    }
    Ok(())
}

/// The lines that say what is not among `held` yet, each once.
fn not_held<'l>(path: &Path, given: &'l [Line], held: &[Decision]) -> Result<Vec<&'l Line>, RunError> {
    let key = |decision: &Decision| (decision.obs_id.clone(), decision.decided_at);
    let mut known: HashMap<_, &Decision> = held.iter().map(|decision| (key(decision), decision)).collect();
    let mut new = Vec::new();
    for line in given {
        match known.insert(key(&line.decision), &line.decision) {
            None => new.push(line),
            Some(other) if *other == line.decision => {}
            Some(_) => {
                let message = format!(
                    "another decision about {} was made at the same moment, {}",
                    line.decision.obs_id, line.decision.decided_at
                );
                return Err(RunError::Decision { path: path.to_owned(), line: line.number, message });
            }
        }
    }
    Ok(new)
}

/// The documents that `new` is about, as far as the ledger has them.
fn documents<'l>(
    path: &Path,
    new: &[&Line],
    pipelines: &[(Pipeline, Arc<Lexicon>)],
    ledger: &'l Ledger,
) -> Result<Vec<(String, Entry<'l>)>, RunError> {
    let mut ids = BTreeSet::new();
    for line in new {
        let Some(entry) = ledger.get(&line.decision.doc_id) else { continue };
        if !pipelines.iter().any(|(pipeline, _)| pipeline.name == entry.pipeline) {
            let message =
                format!("{} was read by the job {:?}: expected its pipeline file too", entry.uri, entry.pipeline);
            return Err(RunError::Decision { path: path.to_owned(), line: line.number, message });
        }
        ids.insert(line.decision.doc_id.clone());
    }
    Ok(ids.into_iter().filter_map(|id| ledger.get(&id).map(|entry| (id, entry))).collect())
}

/// The document `id` as it came in, with the hash of the facts that came with it.
fn archived(shelf: &Shelf, task: &Task, id: &str, entry: &Entry<'_>) -> Result<(Input, String), RunError> {
    let id = DocumentId(id.to_owned());
    let missing = || RunError::Unreadable {
        uri: entry.uri.to_owned(),
        message: "the archive does not have it; `run --full` brings it back while it is among the inputs".to_owned(),
    };
    let bytes = shelf.get(&id)?.ok_or_else(missing)?;
    let (declared, fetched) = (entry.declared(), entry.fetched());
    let input = Input { declared, fetched, ..Input::from_archive(&id, entry.uri, bytes) };
    let context = context_hash(&input.declared, &task.pipeline.defaults);
    Ok((input, context))
}
