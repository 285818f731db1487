//! What is done to one batch of documents. Pure: a batch knows nothing of the others, so batches can be worked on in
//! any order and on any machine.

use std::sync::Arc;

use polars::prelude::DataFrame;

use super::RunError;
use super::plan::Batch;
use super::summary::Progress;
use crate::config::{Defaults, Pipeline};
use crate::document;
use crate::format;
use crate::lexicon::Lexicon;
use crate::model::{Document, Origin, Stated};
use crate::normalize::schema::REJECTS;
use crate::normalize::{self, Decisions, FrameBuilder, Incoming, NormalizeError, Run};
use crate::resolve;
use crate::source::Reject;
use crate::store::{Packed, Packer, Staged, Staging, StoreError, Writer};

/// What every batch of a run shares.
pub(super) struct Task {
    pub lexicon: Arc<Lexicon>,
    pub run: Run,
    pub pipeline: Pipeline,
    /// What people decided about statements.
    pub decisions: Decisions,
    /// Where rows are put aside.
    pub staging: Staging,
}

/// What came of a batch.
#[derive(Debug)]
pub(super) struct Worked {
    pub rows: Progress,
    /// Id and uri of each document that was read.
    pub read: Vec<(String, String)>,
    pub rejects: Vec<Reject>,
    packed: Vec<Packed>,
    staged: Staged,
}

impl Task {
    /// Reads the documents of `batch`.
    pub fn work(&self, batch: Batch) -> Result<Worked, RunError> {
        let (mut packed, mut rejects, mut documents) = (Vec::new(), Vec::new(), Vec::new());
        let mut packer = Packer::default();
        for (input, context_hash) in batch {
            let _document = tracing::error_span!("document", doc_id = %input.id, uri = input.uri).entered();
            let raw = packer
                .pack(&input.id, input.bytes())
                .map_err(|source| RunError::Pack { uri: input.uri.clone(), source })?;
            let declared = input.declared.to_json();
            match format::document(input) {
                Err(reject) => rejects.push(reject),
                Ok(mut document) => {
                    prepare(&self.lexicon, &mut document, &self.pipeline.defaults);
                    let reading = resolve::read(&self.lexicon, &document);
                    tracing::debug!(rows = reading.observations.len(), unused = reading.unused.len(), "read");
                    packed.push(raw);
                    documents.push(Incoming { document, reading, declared, context_hash });
                }
            }
        }
        let frames = normalize::frames(&self.lexicon, &self.pipeline.name, &self.run, &documents, &self.decisions)?;
        let read: Vec<_> =
            documents.into_iter().map(|incoming| (incoming.document.id.0, incoming.document.uri)).collect();
        let staged = self.staging.put(&frames)?;
        let rows = Progress {
            documents: read.len(),
            observations: frames.observations.height(),
            entities: frames.entities.height(),
            numbers: frames.numbers.height(),
        };
        Ok(Worked { rows, read, rejects, packed, staged })
    }
}

impl Worked {
    /// Hands the batch over to the store, unpublished.
    pub fn stage(&mut self, writer: &mut Writer) -> Result<(), StoreError> {
        writer.stage(std::mem::take(&mut self.staged));
        self.packed.drain(..).try_for_each(|packed| writer.archive(&packed))
    }
}

/// Fills in what did not come with `document`: from its text, and then from `defaults`.
pub fn prepare(lexicon: &Lexicon, document: &mut Document, defaults: &Defaults) {
    document::identify(lexicon, document);
    let region = defaults.region.map(|code| Stated::new(code, Origin::Default));
    document.region = document.region.take().or(region);
    let publisher = defaults.publisher.clone().map(|name| Stated::new(name, Origin::Default));
    document.publisher = document.publisher.take().or(publisher);
}

/// The table `rejects` of a run.
pub(super) fn rejects(task: &Task, rejects: &[Reject]) -> Result<DataFrame, NormalizeError> {
    let mut frame = FrameBuilder::new(&REJECTS);
    for reject in rejects {
        frame.push([
            ("pipeline", task.pipeline.name.as_str().into()),
            ("source_uri", reject.uri.as_str().into()),
            ("stage", reject.reason.stage().as_str().into()),
            ("reason", reject.reason.as_str().into()),
            ("detail", reject.reason.to_string().into()),
            ("doc_id", reject.id.as_ref().map(|id| id.0.as_str()).into()),
            ("run_id", task.run.id.as_str().into()),
            ("rejected_at", task.run.began.into()),
        ])?;
    }
    frame.finish()
}
