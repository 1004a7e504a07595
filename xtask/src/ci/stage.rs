//! Stages and their outcomes.

use std::time::Duration;

use super::context::Context;
use crate::project::Result;

/// One check.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) name: &'static str,
    /// The property that it checks, in one line.
    pub(super) guards: &'static str,
    /// Whether it runs only when named.
    pub(super) opt_in: bool,
    /// Runs the check. Returns an error with the reason; records a missing tool in the
    /// context.
    pub(super) run: fn(&mut Context<'_>) -> Result,
}

/// The result of a stage.
#[derive(Debug)]
pub(super) struct StageReport {
    pub(super) name: &'static str,
    pub(super) outcome: Outcome,
    pub(super) time: Duration,
    /// Why it failed, or what was skipped and how to install it.
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Passed,
    /// The parts that could run passed; a tool was missing for the rest.
    Partly,
    Skipped,
    Failed,
}

impl Outcome {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Passed => "ok",
            Self::Partly => "partly",
            Self::Skipped => "skipped",
            Self::Failed => "FAILED",
        }
    }
}

/// Returns an error with all findings, if there are any.
pub(super) fn error_if_any(wrong: &[String]) -> Result {
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}
