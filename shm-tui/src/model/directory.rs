//! Names for numbers: users, groups and processes.
//!
//! The worker thread fills it, because name services and `/proc` may block; everything
//! that prints looks names up. A number without an entry is printed as a number.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::format;
use super::process_status::{ProcessStatus, process_status};
use super::segment::Id;

/// The state of a process that a segment names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Process {
    /// It runs.
    Running {
        /// Its command line, sanitized for a terminal.
        command: Arc<str>,
        /// Its start in seconds since the epoch, if readable.
        started: Option<i64>,
        /// Its user, if readable.
        user: Option<u32>,
    },
    /// It has exited, and its parent has not waited for it: its number is still taken,
    /// but nothing runs.
    Zombie,
    /// No process has this number now.
    Gone,
    /// Not reported by the system.
    Unknown,
}

/// A map by number. Every row looks up several, and nobody chooses the numbers to make
/// them collide, which is what the slower default hash protects from.
pub type Numbers<N, T> = HashMap<N, T, RandomState>;

/// Names for the numbers in segments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// User names by number; `None` for a number without a name.
    pub users: Numbers<u32, Option<Arc<str>>>,
    /// Group names by number; `None` for a number without a name.
    pub groups: Numbers<u32, Option<Arc<str>>>,
    /// Processes by number.
    pub processes: Numbers<i32, Process>,
    /// The commands that have a segment attached, by its identifier; only after a scan of
    /// the processes.
    pub attached: HashMap<Id, Arc<str>>,
    /// The time zone for display; `None` is UTC.
    pub zone: Option<jiff::tz::TimeZone>,
}

impl Directory {
    /// Returns the user's name, or the number in digits.
    #[must_use]
    pub fn user(&self, uid: u32) -> Arc<str> {
        named(&self.users, uid)
    }

    /// Appends the user's name, or the number in digits.
    pub fn push_user(&self, uid: u32, out: &mut String) {
        match self.users.get(&uid) {
            Some(Some(name)) => out.push_str(name),
            _ => format::push_number(out, uid),
        }
    }

    /// Returns the group's name, or the number in digits.
    #[must_use]
    pub fn group(&self, gid: u32) -> Arc<str> {
        named(&self.groups, gid)
    }

    /// Appends the group's name, or the number in digits.
    pub fn push_group(&self, gid: u32, out: &mut String) {
        match self.groups.get(&gid) {
            Some(Some(name)) => out.push_str(name),
            _ => format::push_number(out, gid),
        }
    }

    /// Returns the state of process `pid`.
    #[must_use]
    pub fn process(&self, pid: i32) -> &Process {
        self.processes.get(&pid).unwrap_or(&Process::Unknown)
    }

    /// Returns the command line of `pid`, if the process with this number is the one that
    /// was alive at `seen`.
    #[must_use]
    pub fn command(&self, pid: i32, seen: Option<i64>) -> Option<&str> {
        match self.process(pid) {
            process @ Process::Running { command, .. }
                if process_status(process, seen, None) == ProcessStatus::Runs =>
            {
                Some(command)
            }
            _ => None,
        }
    }

    /// Returns the commands that have segment `id` attached, as far as known.
    #[must_use]
    pub fn attached_commands(&self, id: Id) -> Option<&str> {
        self.attached.get(&id).map(|commands| &**commands)
    }

    /// Returns a moment in the display's time zone.
    #[must_use]
    pub fn clock(&self, seconds: i64) -> String {
        let mut text = String::new();
        format::push_time(&mut text, self.zone.as_ref(), seconds);
        text
    }

    /// Adds every entry of `new`.
    pub fn merge(&mut self, new: Directory) {
        self.users.extend(new.users);
        self.groups.extend(new.groups);
        self.processes.extend(new.processes);
    }

    /// Returns whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && self.groups.is_empty() && self.processes.is_empty()
    }
}

fn named(names: &Numbers<u32, Option<Arc<str>>>, number: u32) -> Arc<str> {
    match names.get(&number) {
        Some(Some(name)) => Arc::clone(name),
        _ => number.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_younger_than_the_event_is_not_the_one() {
        let mut directory = Directory::default();
        let running = Process::Running {
            command: "sleep 9".into(),
            started: Some(100),
            user: None,
        };
        directory.processes.insert(5, running);
        assert_eq!(directory.command(5, Some(100)), Some("sleep 9"));
        assert_eq!(directory.command(5, Some(99)), Some("sleep 9"));
        assert_eq!(directory.command(5, Some(97)), None);
        assert_eq!(directory.command(5, None), None, "nothing to compare with");
        assert_eq!(directory.command(6, None), None);
    }

    #[test]
    fn a_user_without_a_name_is_its_number() {
        let mut directory = Directory::default();
        directory.users.insert(0, Some("root".into()));
        directory.users.insert(12, None);
        assert_eq!(&*directory.user(0), "root");
        assert_eq!(&*directory.user(12), "12");
        assert_eq!(&*directory.user(13), "13");
    }
}
