//! Finds what a pipeline's sources name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::sidecar::is_sidecar;
use super::{Bucket, SourceError};
use crate::config::{Pattern, Pipeline, Source, Web};

/// What a source holds, as far as can be told without asking another machine.
#[derive(Clone, Debug)]
pub enum Found {
    /// One document.
    File(PathBuf),
    /// One document a line.
    Jsonl(PathBuf),
    /// Objects that a server has to list.
    Bucket(Bucket),
    /// Pages of the web, of all sources together.
    Web(Vec<Web>),
}

/// The files and buckets that `pipeline` names, source by source and sorted within each, and the patterns that match
/// nothing.
///
/// A pattern without a wildcard is a promise that the file is there, and the folders before the first wildcard are
/// taken as one too: if they are missing, the pattern is wrong. A folder in which nothing matches may just be an inbox
/// that is empty today, and is left to the caller.
///
/// # Errors
/// When a file or folder that was promised is not there, a folder cannot be listed, or a bucket cannot be asked as it is
/// configured.
pub fn find(pipeline: &Pipeline) -> Result<(Vec<Found>, Vec<Pattern>), SourceError> {
    let (mut found, mut idle) = (Vec::new(), Vec::new());
    let mut web = Vec::new();
    for source in &pipeline.sources {
        match source {
            Source::Files { include, exclude } => {
                let excluded = matches(pipeline, exclude, &mut Vec::new())?;
                include.iter().try_for_each(|pattern| check_promise(pipeline, pattern))?;
                let files = matches(pipeline, include, &mut idle)?;
                let documents = files.difference(&excluded).filter(|path| !is_sidecar(path));
                found.extend(documents.cloned().map(Found::File));
            }
            Source::Web(source) => web.push(Web::clone(source)),
            Source::Jsonl { include } => {
                include.iter().try_for_each(|pattern| check_promise(pipeline, pattern))?;
                found.extend(matches(pipeline, include, &mut idle)?.into_iter().map(Found::Jsonl));
            }
            Source::Bucket(bucket) => found.push(Found::Bucket(Bucket::open(pipeline, bucket)?)),
        }
    }
    // One crawl for all of them: they share its hosts.
    if !web.is_empty() {
        found.push(Found::Web(web));
    }
    Ok((found, idle))
}

/// The files that any of `patterns` matches; patterns that match none are added to `idle`.
fn matches(
    pipeline: &Pipeline,
    patterns: &[Pattern],
    idle: &mut Vec<Pattern>,
) -> Result<BTreeSet<PathBuf>, SourceError> {
    let mut files = BTreeSet::new();
    for pattern in patterns {
        let folder = glob::Pattern::escape(&pipeline.folder.to_string_lossy());
        let whole = Path::new(&folder).join(&pattern.text);
        // The pattern was checked when the pipeline file was read, and the folder is escaped: both are well-formed.
        let paths = glob::glob(&whole.to_string_lossy()).into_iter().flatten();
        let mut any = false;
        for path in paths {
            let path =
                path.map_err(|error| SourceError::List { path: error.path().to_owned(), source: error.into() })?;
            if path.is_file() {
                files.insert(path);
                any = true;
            }
        }
        if !any {
            idle.push(pattern.clone());
        }
    }
    Ok(files)
}

/// The part of a pattern before its first wildcard must be there.
fn check_promise(pipeline: &Pipeline, pattern: &Pattern) -> Result<(), SourceError> {
    let plain = Path::new(&pattern.text)
        .components()
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[']))
        .collect::<PathBuf>();
    let path = pipeline.folder.join(&plain);
    let (line, text, file) = (pattern.line, pattern.text.clone(), pipeline.path.clone());
    if plain == Path::new(&pattern.text) {
        return match path.is_file() {
            true => Ok(()),
            false => Err(SourceError::NoFile { pipeline: file, line, pattern: text, path }),
        };
    }
    match path.as_os_str().is_empty() || path.is_dir() {
        true => Ok(()),
        false => Err(SourceError::NoFolder { pipeline: file, line, pattern: text, path }),
    }
}
