//! The state of a segment, with the reasons for it.
//!
//! A state claims only what was seen: a process counts as the creator only if it started
//! before the segment existed and runs as the same user, because numbers are reused.
//! While a process with the creator's number lives, the segment is not a likely orphan,
//! whatever the times say: the clock may have been set. If the system reports nothing
//! about a process, the state is unknown.

use std::fmt;

use super::directory::Directory;
use super::format;
use super::process_status::{ProcessStatus, process_status};
use super::segment::{Segment, Use};

/// How long a segment must be unused before it is likely that nobody returns to it. A
/// segment with a key can be found again, so it gets more time.
const PRIVATE_UNUSED: i64 = 3600;
const KEYED_UNUSED: i64 = 24 * 3600;

/// The state of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Attached.
    InUse,
    /// Unattached, and the creating process still runs.
    Idle,
    /// Unattached, and its creator has exited, but only recently, or the last user still
    /// runs; or a process with the creator's number started later, by a clock that may
    /// have been set.
    PossibleOrphan,
    /// Unattached, and its creator and last user have exited.
    LikelyOrphan,
    /// Marked for removal: destroyed at the last detach.
    Removed,
    /// Unattached, and its creator is unknown.
    Unknown,
}

/// Every state, with its name for filters and scripts, and its label in the table.
pub const STATES: [(State, &str, &str); 6] = [
    (State::InUse, "in-use", "in use"),
    (State::Idle, "idle", "idle"),
    (State::PossibleOrphan, "possible-orphan", "orphan?"),
    (State::LikelyOrphan, "likely-orphan", "orphan"),
    (State::Removed, "removed", "removed"),
    (State::Unknown, "unknown", "unknown"),
];

impl State {
    /// Returns the label in the table.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.entry().2
    }

    /// Returns the name for filters and scripts.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    fn entry(self) -> (Self, &'static str, &'static str) {
        let found = STATES.into_iter().find(|(state, _, _)| *state == self);
        found.unwrap_or((self, "unknown", "unknown"))
    }

    /// Returns whether it may be an orphan.
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

fn of_creator(segment: &Segment, names: &Directory) -> ProcessStatus {
    if segment.creator_pid <= 0 {
        return ProcessStatus::Unknown;
    }
    let process = names.process(segment.creator_pid);
    process_status(process, segment.existed_at(), Some(segment.creator))
}

fn of_user(last: Use, names: &Directory) -> ProcessStatus {
    match last.pid {
        ..=0 => ProcessStatus::Unknown,
        pid => process_status(names.process(pid), last.time(), None),
    }
}

/// Returns the state of a segment at `now`.
#[must_use]
pub fn classify(segment: &Segment, names: &Directory, now: i64) -> State {
    if segment.flags.removed {
        return State::Removed;
    }
    if segment.attached > 0 {
        return match segment.flags.removal_unknown {
            true => State::Unknown,
            false => State::InUse,
        };
    }
    match of_creator(segment, names) {
        ProcessStatus::Runs => return State::Idle,
        // The creator may still run, if only the clock was set.
        ProcessStatus::StartedLater => return State::PossibleOrphan,
        ProcessStatus::Unknown | ProcessStatus::StartUnknown | ProcessStatus::OtherUser => {
            return State::Unknown;
        }
        ProcessStatus::Gone | ProcessStatus::Zombie => {}
    }
    let last = segment.counted_use();
    let was_used = last.pid > 0 || last.time().is_some();
    let last_user_may_return = was_used && !of_user(last, names).has_ended();
    let unused = segment.unused_for(now).unwrap_or(0);
    match last_user_may_return || unused < patience(segment) {
        true => State::PossibleOrphan,
        false => State::LikelyOrphan,
    }
}

/// Returns the processes that decide about the state of a segment: none of one that is
/// attached or marked for removal. 0 is none.
#[must_use]
pub fn depends_on(segment: &Segment) -> [i32; 2] {
    match segment.flags.removed || segment.attached > 0 {
        true => [0; 2],
        false => [segment.creator_pid, segment.counted_use().pid],
    }
}

fn patience(segment: &Segment) -> i64 {
    match segment.key.is_private() {
        true => PRIVATE_UNUSED,
        false => KEYED_UNUSED,
    }
}

/// Returns the reasons for the state from [`classify`], most important first.
#[must_use]
pub fn reasons(segment: &Segment, names: &Directory, now: i64) -> Vec<String> {
    let mut reasons = Vec::new();
    reasons.push(match segment.attached {
        0 => "not attached".to_owned(),
        1 => "attached once".to_owned(),
        count => format!("attached {count} times"),
    });
    if segment.flags.removed {
        reasons.push("marked for removal: destroyed at the last detach".to_owned());
    }
    if segment.flags.removal_unknown {
        reasons.push("this system does not say whether it is marked for removal".to_owned());
    }
    let (creator, last) = (segment.creator_pid, segment.counted_use());
    reasons.push(about("creator", creator, of_creator(segment, names)));
    let unseen = last.pid == 0 && last.time().is_some();
    if unseen || (last.pid > 0 && last.pid != creator) {
        reasons.push(about("last user", last.pid, of_user(last, names)));
    }
    if segment.attached == 0 {
        reasons.push(match last.time() {
            Some(time) => format!("last use {} ago", format::age(now.saturating_sub(time))),
            None => "never attached".to_owned(),
        });
        if segment.before_view.is_some() {
            reasons.push("this program viewed it since, which does not count".to_owned());
        }
        if segment.key.is_private() && !segment.flags.removed {
            reasons.push("private: attaching it takes its identifier".to_owned());
        }
    }
    reasons
}

fn about(role: &str, pid: i32, standing: ProcessStatus) -> String {
    match standing {
        ProcessStatus::Unknown if pid <= 0 => {
            format!("{role} is not visible from here")
        }
        _ => format!("{role} {}", describe(pid, standing)),
    }
}

/// Describes a process and its status: `10 runs`.
#[must_use]
pub fn describe(pid: i32, standing: ProcessStatus) -> String {
    match standing {
        ProcessStatus::Runs => format!("{pid} runs"),
        ProcessStatus::Gone => format!("{pid} has exited"),
        ProcessStatus::Zombie => format!("{pid} has exited, and its parent has not waited for it"),
        ProcessStatus::StartedLater => {
            format!("{pid} started after the segment was created, or the clock was set")
        }
        ProcessStatus::OtherUser => format!("{pid} runs as another user now"),
        ProcessStatus::StartUnknown => {
            format!("{pid} runs, but may be another: its start is unknown")
        }
        ProcessStatus::Unknown => format!("{pid}: no information"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::directory::Process;
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
        assert_eq!(classify(&segment, &both_gone(), NOW), State::InUse);
        segment.flags = Flags {
            removed: true,
            ..Flags::default()
        };
        assert_eq!(classify(&segment, &both_gone(), NOW), State::Removed);
    }

    #[test]
    fn an_orphan_is_likely_only_after_a_while() {
        assert_eq!(classify(&unused(2), &both_gone(), NOW), State::LikelyOrphan);
        assert_eq!(
            classify(&unused(0), &both_gone(), NOW),
            State::PossibleOrphan
        );
        let mut keyed = unused(2);
        keyed.key = Key(5);
        assert_eq!(classify(&keyed, &both_gone(), NOW), State::PossibleOrphan);
        keyed.detach_time = Some(NOW - 25 * 3600);
        assert_eq!(classify(&keyed, &both_gone(), NOW), State::LikelyOrphan);
    }

    #[test]
    fn a_living_process_of_the_creators_number_makes_it_no_likely_orphan() {
        let segment = unused(50);
        let early = names(&[(10, running(NOW - 200 * 3600)), (11, Process::Gone)]);
        assert_eq!(classify(&segment, &early, NOW), State::Idle);
        let late = names(&[(10, running(NOW - 3600)), (11, Process::Gone)]);
        // Another process with this number, or the clock was set forward.
        assert_eq!(classify(&segment, &late, NOW), State::PossibleOrphan);
        let why = reasons(&segment, &late, NOW).join("; ");
        assert!(why.contains("or the clock was set"), "{why}");
        assert!(!why.contains("creator 10 is gone"), "{why}");
    }

    #[test]
    fn a_zombie_creator_is_gone_and_one_of_another_user_unknown() {
        let segment = unused(50);
        let zombie = names(&[(10, Process::Zombie), (11, Process::Gone)]);
        assert_eq!(classify(&segment, &zombie, NOW), State::LikelyOrphan);
        let other = Process::Running {
            command: "x".into(),
            started: Some(0),
            user: Some(segment.creator + 1),
        };
        let other = names(&[(10, other), (11, Process::Gone)]);
        assert_eq!(classify(&segment, &other, NOW), State::Unknown);
        let unknown = Process::Running {
            command: "x".into(),
            started: None,
            user: None,
        };
        let unknown = names(&[(10, unknown), (11, Process::Gone)]);
        assert_eq!(classify(&segment, &unknown, NOW), State::Unknown);
    }

    #[test]
    fn a_mode_that_was_changed_after_the_number_was_reused_makes_no_creator() {
        // Detached an hour ago, before the process of this number started.
        let mut segment = unused(1);
        segment.change_time = Some(NOW - 60);
        let reused = names(&[(10, running(NOW - 600)), (11, Process::Gone)]);
        assert_eq!(classify(&segment, &reused, NOW), State::PossibleOrphan);
    }

    #[test]
    fn a_last_user_outside_of_what_can_be_seen_may_return() {
        let mut segment = unused(90);
        segment.last_pid = 0;
        assert_eq!(classify(&segment, &both_gone(), NOW), State::PossibleOrphan);
        segment.detach_time = None;
        segment.change_time = Some(NOW - 90 * 3600);
        assert_eq!(classify(&segment, &both_gone(), NOW), State::LikelyOrphan);
    }

    #[test]
    fn a_look_of_this_program_does_not_count_as_use() {
        let mut segment = unused(0);
        segment.last_pid = 12;
        assert_eq!(classify(&segment, &both_gone(), NOW), State::PossibleOrphan);
        segment.before_view = Some(Use {
            pid: 11,
            attach_time: None,
            detach_time: Some(NOW - 50 * 3600),
        });
        assert_eq!(classify(&segment, &both_gone(), NOW), State::LikelyOrphan);
        let why = reasons(&segment, &both_gone(), NOW).join("; ");
        assert!(why.contains("last use 2d"), "{why}");
        assert!(why.contains("viewed it since"), "{why}");
    }

    #[test]
    fn a_last_user_that_runs_or_is_unknown_makes_it_only_possible() {
        let mut directory = names(&[(10, Process::Gone), (11, running(0))]);
        assert_eq!(
            classify(&unused(90), &directory, NOW),
            State::PossibleOrphan
        );
        directory.processes.remove(&11);
        assert_eq!(
            classify(&unused(90), &directory, NOW),
            State::PossibleOrphan
        );
    }

    #[test]
    fn without_knowledge_nothing_is_claimed() {
        let segment = unused(90);
        assert_eq!(
            classify(&segment, &Directory::default(), NOW),
            State::Unknown
        );
        let mut outside = segment;
        outside.creator_pid = 0;
        assert_eq!(classify(&outside, &both_gone(), NOW), State::Unknown);
        let why = reasons(&outside, &both_gone(), NOW).join("; ");
        assert!(why.contains("not visible"), "{why}");
    }
}
