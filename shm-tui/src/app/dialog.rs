//! The dialogs over the screen: the question before anything is changed, and
//! what came of it.
//!
//! A question starts on Cancel. Where somebody has a segment attached, or it
//! belongs to another user, agreeing takes more than a key: what is hit has to
//! be typed.

use super::line::Line;
use crate::model::act::{Act, Creation, Operation};
use crate::model::segment::Segment;

/// A dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Whether to do it.
    Confirm(Confirm),
    /// What came of it.
    Results(Results),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Something to these segments.
    Acts(Operation, Vec<Segment>),
    /// A new one is to be made.
    Create(Creation),
}

impl Plan {
    /// The acts, one a segment.
    #[must_use]
    pub fn acts(&self) -> Vec<Act> {
        let Self::Acts(operation, segments) = self else {
            return Vec::new();
        };
        let act = |segment: &Segment| Act {
            target: segment.identity(),
            operation: *operation,
        };
        segments.iter().map(act).collect()
    }

    /// The segments that are hit.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        match self {
            Self::Acts(_, segments) => segments,
            Self::Create(_) => &[],
        }
    }

    /// The same as commands or calls.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        match self {
            Self::Acts(..) => self.acts().iter().map(Act::command).collect(),
            Self::Create(creation) => vec![creation.command()],
        }
    }

    /// What is done, as a verb.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Acts(Operation::Remove, _) => "Remove",
            Self::Acts(Operation::Permit(_), _) => "Change",
            Self::Acts(Operation::Lock, _) => "Lock",
            Self::Acts(Operation::Unlock, _) => "Unlock",
            Self::Create(_) => "Create",
        }
    }

    /// What is hit: `segment 7`, `3 segments`.
    #[must_use]
    pub fn object(&self) -> String {
        match self {
            Self::Acts(_, segments) => match segments.as_slice() {
                [one] => format!("segment {}", one.id),
                several => format!("{} segments", several.len()),
            },
            Self::Create(_) => "a segment".to_owned(),
        }
    }
}

/// The answers to a question, in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Do nothing.
    #[default]
    Cancel,
    /// Look whether it could be done, and say how.
    DryRun,
    /// Do it.
    Go,
}

impl Choice {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::Cancel, Self::DryRun, Self::Go];

    fn moved(self, right: bool) -> Self {
        match (self, right) {
            (Self::Cancel, false) | (Self::DryRun, false) => Self::Cancel,
            (Self::Cancel, true) | (Self::Go, false) => Self::DryRun,
            (Self::DryRun | Self::Go, true) => Self::Go,
        }
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirm {
    /// What is to be done.
    pub plan: Plan,
    /// The answer at the cursor.
    pub choice: Choice,
    /// What has to be typed, if this takes more than a key.
    pub proof: Option<String>,
    /// What was typed.
    pub typed: Line,
    /// Whether the processes were looked at since the question was asked.
    pub scanned: bool,
    /// The first line shown of what is hit.
    pub top: usize,
    /// Whether the answer was given and its results are not here yet.
    pub busy: bool,
}

impl Confirm {
    /// The question about `plan`, asked by user `uid`.
    #[must_use]
    pub fn new(plan: Plan, uid: u32) -> Self {
        let risky = |segment: &Segment| segment.attached > 0 || segment.owner != uid;
        let proof = match plan.segments() {
            segments if !segments.iter().any(risky) => None,
            [one] => Some(one.id.to_string()),
            several => Some(several.len().to_string()),
        };
        Self {
            plan,
            choice: Choice::default(),
            proof,
            typed: Line::default(),
            scanned: false,
            top: 0,
            busy: false,
        }
    }

    /// Whether what had to be typed was.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        let typed = self.typed.text().trim();
        self.proof.as_ref().is_none_or(|proof| proof == typed)
    }

    /// Goes to the next answer, or to the one before.
    pub fn step(&mut self, right: bool) {
        self.choice = self.choice.moved(right);
    }
}

/// What came of something, a line a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// What was tried.
    pub title: String,
    /// What came of it, and whether it failed.
    pub lines: Vec<(String, bool)>,
    /// The first line shown.
    pub top: usize,
}
