//! Formats the results of removals, a line or a record per segment.

use serde::Serialize;

use super::json::{VERSION, pretty};
use crate::model::act::Outcome;
use crate::model::segment::Segment;
use crate::source::SourceError;

/// A segment and the result of its removal or dry run.
pub type Ended = (Segment, Result<Outcome, SourceError>);

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
    /// `removed`, `was-removed`, `was-gone` or `failed`; in a dry run
    /// `would-remove`, `was-removed` or `would-fail`.
    result: &'static str,
    /// Why it failed or would fail.
    error: Option<String>,
}

/// `{"version": 2, "dry_run": ..., "results": [...]}`, with a line end.
///
/// # Errors
///
/// Never for these types; the encoder's signature allows it.
pub fn document(ended: &[Ended], dry_run: bool) -> serde_json::Result<String> {
    let results = ended.iter().map(|(segment, result)| Record {
        id: segment.id,
        key: segment.key.to_string(),
        result: match result {
            Ok(Outcome::Done) if dry_run => "would-remove",
            Ok(Outcome::Done) => "removed",
            Ok(Outcome::WasRemoved) => "was-removed",
            Ok(Outcome::WasGone) => "was-gone",
            Err(_) if dry_run => "would-fail",
            Err(_) => "failed",
        },
        error: match result {
            Err(error) => Some(error.to_string()),
            Ok(_) => None,
        },
    });
    pretty(&Document {
        version: VERSION,
        dry_run,
        results: results.collect(),
    })
}

/// Formats a removal as a line of text.
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
