//! Compares the process that a segment names with the one that runs under its number.
//!
//! Kernels reuse process numbers, and the clock that dates segments may be set. So the
//! comparison needs the start time and the user of the process. If they do not match,
//! either explanation is possible, and no conclusion is drawn.

use super::directory::Process;

/// Tolerance in seconds between times of processes and segments: both are truncated to
/// whole seconds, by different clocks.
const SLACK: i64 = 2;

/// The status of a process that a segment names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessStatus {
    /// It runs.
    Runs,
    /// No process has its number.
    Gone,
    /// It has exited, and its parent has not waited for it.
    Zombie,
    /// A process with its number started after the segment named it: another process, or
    /// the clock was set.
    StartedLater,
    /// A process with its number runs as another user: another process, or it has changed
    /// its user since.
    OtherUser,
    /// A process with its number runs, and its start is unknown.
    StartUnknown,
    /// Unknown.
    Unknown,
}

impl ProcessStatus {
    /// Returns whether the process is known to have exited.
    #[must_use]
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Gone | Self::Zombie)
    }
}

/// Compares the process that runs under a number now with a process that was alive at
/// `seen`, in seconds since the epoch, as `user` if that is known.
#[must_use]
pub fn process_status(process: &Process, seen: Option<i64>, user: Option<u32>) -> ProcessStatus {
    let (started, theirs) = match process {
        Process::Running { started, user, .. } => (*started, *user),
        Process::Zombie => return ProcessStatus::Zombie,
        Process::Gone => return ProcessStatus::Gone,
        Process::Unknown => return ProcessStatus::Unknown,
    };
    let other_user = matches!((theirs, user), (Some(theirs), Some(user)) if theirs != user);
    match (started, seen) {
        (Some(started), Some(seen)) if started > seen.saturating_add(SLACK) => {
            ProcessStatus::StartedLater
        }
        _ if other_user => ProcessStatus::OtherUser,
        (Some(_), Some(_)) => ProcessStatus::Runs,
        _ => ProcessStatus::StartUnknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running(started: Option<i64>, user: Option<u32>) -> Process {
        Process::Running {
            command: "x".into(),
            started,
            user,
        }
    }

    #[test]
    fn only_a_process_that_started_before_is_the_one() {
        let of = |started, seen| process_status(&running(started, None), seen, None);
        assert_eq!(of(Some(100), Some(100)), ProcessStatus::Runs);
        assert_eq!(
            of(Some(100), Some(98)),
            ProcessStatus::Runs,
            "cut to seconds"
        );
        assert_eq!(of(Some(100), Some(97)), ProcessStatus::StartedLater);
        assert_eq!(of(None, Some(100)), ProcessStatus::StartUnknown);
        assert_eq!(of(Some(100), None), ProcessStatus::StartUnknown);
    }

    #[test]
    fn a_process_of_another_user_is_not_known_to_be_the_one() {
        let of = |started, user| process_status(&running(Some(started), Some(7)), Some(100), user);
        assert_eq!(of(50, Some(7)), ProcessStatus::Runs);
        assert_eq!(of(50, Some(8)), ProcessStatus::OtherUser);
        assert_eq!(of(50, None), ProcessStatus::Runs);
        assert_eq!(of(150, Some(7)), ProcessStatus::StartedLater);
    }

    #[test]
    fn a_zombie_has_ended() {
        assert!(process_status(&Process::Zombie, Some(1), None).has_ended());
        assert!(process_status(&Process::Gone, None, None).has_ended());
        assert!(!process_status(&Process::Unknown, None, None).has_ended());
    }
}
