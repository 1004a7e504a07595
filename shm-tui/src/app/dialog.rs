//! The dialogs over the screen: the confirmation before a change, and the results.
//!
//! A confirmation starts on Cancel. If a segment is attached, or belongs to another user,
//! confirming takes more than a key: the user must type what the change affects.

use super::line::Line;
use crate::model::act::{Act, Creation, Operation};
use crate::model::segment::Segment;

/// A dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Asks for confirmation.
    Confirm(Confirm),
    /// Shows results.
    Results(Results),
}

/// The change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Acts on these segments.
    Acts(Operation, Vec<Segment>),
    /// Creates a segment.
    Create(Creation),
}

impl Plan {
    /// Returns the acts, one per segment.
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

    /// Returns the affected segments.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        match self {
            Self::Acts(_, segments) => segments,
            Self::Create(_) => &[],
        }
    }

    /// Returns the equivalent commands or calls.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        match self {
            Self::Acts(..) => self.acts().iter().map(Act::command).collect(),
            Self::Create(creation) => vec![creation.command()],
        }
    }

    /// Returns the verb for the change.
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

    /// Returns the object of the change: `segment 7`, `3 segments`.
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

/// The buttons of a confirmation, in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Does nothing.
    #[default]
    Cancel,
    /// Checks whether the change would succeed, and reports it.
    DryRun,
    /// Makes the change.
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

/// A confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirm {
    /// The change.
    pub plan: Plan,
    /// The selected button.
    pub choice: Choice,
    /// The text to type, if a key is not enough.
    pub proof: Option<String>,
    /// The text typed so far.
    pub typed: Line,
    /// Whether a scan of the processes has arrived since the dialog opened.
    pub scanned: bool,
    /// The first visible line of the affected segments.
    pub top: usize,
    /// Whether the user confirmed and the results are pending.
    pub busy: bool,
}

impl Confirm {
    /// Creates the confirmation of `plan` for user `uid`.
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

    /// Returns whether the required text was typed.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        let typed = self.typed.text().trim();
        self.proof.as_ref().is_none_or(|proof| proof == typed)
    }

    /// Selects the next or the previous button.
    pub fn step(&mut self, right: bool) {
        self.choice = self.choice.moved(right);
    }
}

/// The results, a line per segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// The attempted change.
    pub title: String,
    /// The result lines, and whether each is a failure.
    pub lines: Vec<(String, bool)>,
    /// The first visible line.
    pub top: usize,
}
