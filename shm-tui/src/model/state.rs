//! Whether a segment is used, and why one thinks so.
//!
//! Nothing is claimed that was not seen: a process counts as the creator only
//! if it started before the segment was made, as numbers are reused; and where
//! the system tells nothing about a process the state is unknown.

use std::fmt;

use super::directory::{Directory, Process, started_after};
use super::format;
use super::segment::Segment;

/// Since how long a segment must be unused before it is likely that nobody
/// comes back for it. With a key somebody may, so they have more time.
const PRIVATE_UNUSED: i64 = 3600;
const KEYED_UNUSED: i64 = 24 * 3600;

/// What a segment is to its users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Somebody has it attached.
    InUse,
    /// Nobody has it attached, and the process that made it runs.
    Idle,
    /// Nobody has it attached and its creator is gone, but not for long, or
    /// whoever used it last still runs.
    PossibleOrphan,
    /// Nobody has it attached, its creator is gone, and so is its last user.
    LikelyOrphan,
    /// Destroyed at the last detach.
    Removed,
    /// Nobody has it attached, and nothing is known of its creator.
    Unknown,
}

/// Every state, with its name for filters and scripts, and its label.
pub const STATES: [(State, &str, &str); 6] = [
    (State::InUse, "in-use", "in use"),
    (State::Idle, "idle", "idle"),
    (State::PossibleOrphan, "possible-orphan", "orphan?"),
    (State::LikelyOrphan, "likely-orphan", "orphan"),
    (State::Removed, "removed", "removed"),
    (State::Unknown, "unknown", "unknown"),
];

impl State {
    /// The label in the table.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.entry().2
    }

    /// The name for filters and scripts.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    fn entry(self) -> (Self, &'static str, &'static str) {
        let found = STATES.into_iter().find(|(state, _, _)| *state == self);
        found.unwrap_or((self, "unknown", "unknown"))
    }

    /// Whether it may be an orphan.
    #[must_use]
    pub fn is_orphan(self) -> bool {
        matches!(self, Self::PossibleOrphan | Self::LikelyOrphan)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is known of a process that a segment names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Runs,
    Gone,
    Reused,
    Unknown,
}

fn standing(names: &Directory, pid: i32, seen: Option<i64>) -> Standing {
    if pid <= 0 {
        return Standing::Unknown;
    }
    match names.process(pid) {
        Process::Running { started, .. } if started_after(*started, seen) => Standing::Reused,
        Process::Running { .. } => Standing::Runs,
        Process::Gone => Standing::Gone,
        Process::Unknown => Standing::Unknown,
    }
}

/// The state of a segment at `now`.
#[must_use]
pub fn judge(segment: &Segment, names: &Directory, now: i64) -> State {
    if segment.flags.removed {
        return State::Removed;
    }
    if segment.attached > 0 {
        return State::InUse;
    }
    match standing(names, segment.creator_pid, segment.change_time) {
        Standing::Runs => return State::Idle,
        Standing::Unknown => return State::Unknown,
        Standing::Gone | Standing::Reused => {}
    }
    let last_user_may_return = segment.last_pid > 0
        && !matches!(
            standing(names, segment.last_pid, segment.last_use()),
            Standing::Gone | Standing::Reused
        );
    match last_user_may_return || unused_for(segment, now) < patience(segment) {
        true => State::PossibleOrphan,
        false => State::LikelyOrphan,
    }
}

/// Seconds since anything is known to have happened to it.
fn unused_for(segment: &Segment, now: i64) -> i64 {
    let last = segment.last_use().max(segment.change_time);
    last.map_or(0, |last| now.saturating_sub(last))
}

fn patience(segment: &Segment) -> i64 {
    match segment.key.is_private() {
        true => PRIVATE_UNUSED,
        false => KEYED_UNUSED,
    }
}

/// Why [`judge`] says what it says: what was seen, most important first.
#[must_use]
pub fn reasons(segment: &Segment, names: &Directory, now: i64) -> Vec<String> {
    let mut reasons = Vec::new();
    reasons.push(match segment.attached {
        0 => "nobody has it attached".to_owned(),
        1 => "attached once".to_owned(),
        count => format!("attached {count} times"),
    });
    if segment.flags.removed {
        reasons.push("marked for removal: destroyed at the last detach".to_owned());
    }
    reasons.push(about(
        "creator",
        segment.creator_pid,
        standing(names, segment.creator_pid, segment.change_time),
    ));
    if segment.last_pid > 0 && segment.last_pid != segment.creator_pid {
        reasons.push(about(
            "last user",
            segment.last_pid,
            standing(names, segment.last_pid, segment.last_use()),
        ));
    }
    if segment.attached == 0 {
        reasons.push(match segment.last_use() {
            Some(time) => format!("last use {} ago", format::age(now.saturating_sub(time))),
            None => "never attached".to_owned(),
        });
        if segment.key.is_private() && !segment.flags.removed {
            reasons.push("private: only who knows its identifier can attach it".to_owned());
        }
    }
    reasons
}

fn about(role: &str, pid: i32, standing: Standing) -> String {
    match (standing, pid) {
        (Standing::Runs, _) => format!("{role} {pid} runs"),
        (Standing::Gone, _) => format!("{role} {pid} is gone"),
        (Standing::Reused, _) => {
            format!("{role} {pid} is gone: the process of this number started later")
        }
        (Standing::Unknown, ..=0) => format!("{role} is outside of what can be seen from here"),
        (Standing::Unknown, _) => format!("nothing is known of {role} {pid}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::segment::{Flags, Key};

    const NOW: i64 = 10_000_000;

    fn unused(hours: i64) -> Segment {
        Segment {
            creator_pid: 10,
            last_pid: 11,
            change_time: Some(NOW - 100 * 3600),
            detach_time: Some(NOW - hours * 3600),
            ..Segment::default()
        }
    }

    fn names(processes: &[(i32, Process)]) -> Directory {
        Directory {
            processes: processes.iter().cloned().collect(),
            ..Directory::default()
        }
    }

    fn running(started: i64) -> Process {
        Process::Running {
            command: "x".into(),
            started: Some(started),
            user: None,
        }
    }

    fn both_gone() -> Directory {
        names(&[(10, Process::Gone), (11, Process::Gone)])
    }

    #[test]
    fn attachments_and_removal_come_before_everything_else() {
        let mut segment = unused(50);
        segment.attached = 1;
        assert_eq!(judge(&segment, &both_gone(), NOW), State::InUse);
        segment.flags = Flags {
            removed: true,
            ..Flags::default()
        };
        assert_eq!(judge(&segment, &both_gone(), NOW), State::Removed);
    }

    #[test]
    fn an_orphan_is_likely_only_after_a_while() {
        assert_eq!(judge(&unused(2), &both_gone(), NOW), State::LikelyOrphan);
        assert_eq!(judge(&unused(0), &both_gone(), NOW), State::PossibleOrphan);
        let mut keyed = unused(2);
        keyed.key = Key(5);
        assert_eq!(judge(&keyed, &both_gone(), NOW), State::PossibleOrphan);
        keyed.detach_time = Some(NOW - 25 * 3600);
        assert_eq!(judge(&keyed, &both_gone(), NOW), State::LikelyOrphan);
    }

    #[test]
    fn a_running_creator_makes_it_idle_but_not_another_of_its_number() {
        let segment = unused(50);
        let early = names(&[(10, running(NOW - 200 * 3600)), (11, Process::Gone)]);
        assert_eq!(judge(&segment, &early, NOW), State::Idle);
        let late = names(&[(10, running(NOW - 3600)), (11, Process::Gone)]);
        assert_eq!(judge(&segment, &late, NOW), State::LikelyOrphan);
        let why = reasons(&segment, &late, NOW).join("; ");
        assert!(why.contains("started later"), "{why}");
    }

    #[test]
    fn a_last_user_that_runs_or_is_unknown_makes_it_only_possible() {
        let mut directory = names(&[(10, Process::Gone), (11, running(0))]);
        assert_eq!(judge(&unused(90), &directory, NOW), State::PossibleOrphan);
        directory.processes.remove(&11);
        assert_eq!(judge(&unused(90), &directory, NOW), State::PossibleOrphan);
    }

    #[test]
    fn without_knowledge_nothing_is_claimed() {
        let segment = unused(90);
        assert_eq!(judge(&segment, &Directory::default(), NOW), State::Unknown);
        let mut outside = segment;
        outside.creator_pid = 0;
        assert_eq!(judge(&outside, &both_gone(), NOW), State::Unknown);
        let why = reasons(&outside, &both_gone(), NOW).join("; ");
        assert!(why.contains("outside"), "{why}");
    }
}
