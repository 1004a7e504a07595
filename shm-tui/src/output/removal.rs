//! How removals ended, a line or a record a segment.

use serde::Serialize;

use super::json::{VERSION, pretty};
use crate::model::act::Outcome;
use crate::model::segment::Segment;
use crate::source::SourceError;

/// A segment, and what came of it; nothing in a dry run.
pub type Ended = (Segment, Option<Result<Outcome, SourceError>>);

#[derive(Debug, Serialize)]
struct Document {
    version: u32,
    dry_run: bool,
    results: Vec<Record>,
}

#[derive(Debug, Serialize)]
struct Record {
    id: i32,
    key: String,
    /// `removed`, `was-removed`, `was-gone`, `failed`, or `would-remove`.
    result: &'static str,
    /// Why it failed.
    error: Option<String>,
}

/// `{"version": 2, "dry_run": ..., "results": [...]}`, with a line end.
///
/// # Errors
///
/// Never for these types; the encoder's type says it could.
pub fn document(ended: &[Ended], dry_run: bool) -> serde_json::Result<String> {
    let results = ended.iter().map(|(segment, result)| Record {
        id: segment.id,
        key: segment.key.to_string(),
        result: match result {
            Some(Ok(Outcome::Done)) => "removed",
            Some(Ok(Outcome::WasRemoved)) => "was-removed",
            Some(Ok(Outcome::WasGone)) => "was-gone",
            Some(Err(_)) => "failed",
            None => "would-remove",
        },
        error: match result {
            Some(Err(error)) => Some(error.to_string()),
            _ => None,
        },
    });
    pretty(&Document {
        version: VERSION,
        dry_run,
        results: results.collect(),
    })
}

/// One removal as a line for people.
#[must_use]
pub fn line(segment: &Segment, outcome: Outcome) -> String {
    let what = match outcome {
        Outcome::Done if segment.attached > 0 => {
            "removed; it is destroyed at the last detach".to_owned()
        }
        Outcome::Done => "removed".to_owned(),
        other => other.to_string(),
    };
    format!("segment {} (key {}): {what}\n", segment.id, segment.key)
}
