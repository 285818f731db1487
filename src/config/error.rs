//! What can be wrong with a pipeline file.

use std::ops::Range;
use std::path::{Path, PathBuf};

/// A pipeline file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there or not readable.
    #[error("{}: cannot read the pipeline file: {source}", path.display())]
    Read {
        /// The pipeline file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A key is unknown, missing, of the wrong type or has a value out of range.
    #[error("{}:{line}: {key}: {message}", path.display())]
    Invalid {
        /// The pipeline file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// The key, or the table header that lacks one.
        key: String,
        /// What is wrong, and what was expected.
        message: String,
    },
}

/// A pipeline file's path and text: what it takes to say where an error stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub path: &'a Path,
    pub text: &'a str,
}

impl Place<'_> {
    /// The line, from 1, that the byte `offset` stands in.
    pub fn line(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }

    /// An error about `key`, whose value stands at `span`.
    pub fn invalid(&self, span: Range<usize>, key: &str, message: impl Into<String>) -> ConfigError {
        let line = self.line(span.start);
        ConfigError::Invalid { path: self.path.to_owned(), line, key: key.to_owned(), message: message.into() }
    }

    /// An error of the TOML reader; the key is read off the line, because the reader keeps it to itself.
    pub fn syntax(&self, error: &toml::de::Error) -> ConfigError {
        let span = error.span().unwrap_or(0..0);
        let words = self.text.lines().nth(self.line(span.start) - 1).unwrap_or_default();
        let key = words.split_once('=').map_or(words, |(key, _)| key).trim();
        let key = if key.is_empty() { "file" } else { key };
        self.invalid(span, key, error.message().replace('\n', ": "))
    }
}
