//! Acts on segments and their results: plain values, shared by the browser and the script
//! commands.
//!
//! A target is named by its whole identity. The code that carries out an act reads the
//! segment again just before, and leaves a different one alone.

use std::fmt;

use super::segment::{Identity, Key, Segment};

/// An act on one segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// The segment, as it was when the user decided.
    pub target: Identity,
    /// The operation.
    pub operation: Operation,
}

/// An operation on a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Marks it for removal: the kernel destroys it at the last detach.
    Remove,
    /// Changes owner, group or mode.
    Permit(Permissions),
    /// Locks it in memory.
    Lock,
    /// Unlocks it.
    Unlock,
}

/// A change of owner, group and mode; unset fields keep their values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// The new owner.
    pub owner: Option<u32>,
    /// The new group.
    pub group: Option<u32>,
    /// The new permission bits.
    pub mode: Option<u16>,
}

/// A segment to create; with a key, it must be new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Creation {
    /// The key; `None` for a private segment.
    pub key: Option<Key>,
    /// Size in bytes.
    pub size: u64,
    /// Permission bits.
    pub mode: u16,
}

impl Creation {
    /// Returns the equivalent call.
    #[must_use]
    pub fn command(&self) -> String {
        let Self { size, mode, .. } = self;
        match self.key {
            Some(key) => format!("shmget({key}, {size}, IPC_CREAT | IPC_EXCL | 0{mode:o})"),
            None => format!("shmget(IPC_PRIVATE, {size}, IPC_CREAT | 0{mode:o})"),
        }
    }
}

impl Act {
    /// Returns the equivalent command of util-linux, or the call if there is none.
    #[must_use]
    pub fn command(&self) -> String {
        let id = self.target.id;
        match self.operation {
            Operation::Remove => format!("ipcrm -m {id}"),
            Operation::Lock => format!("shmctl({id}, SHM_LOCK, NULL)"),
            Operation::Unlock => format!("shmctl({id}, SHM_UNLOCK, NULL)"),
            Operation::Permit(Permissions { owner, group, mode }) => {
                let fields = [
                    owner.map(|owner| format!("uid = {owner}")),
                    group.map(|group| format!("gid = {group}")),
                    mode.map(|mode| format!("mode = 0{mode:o}")),
                ];
                let fields: Vec<String> = fields.into_iter().flatten().collect();
                format!("shmctl({id}, IPC_SET, {{ {} }})", fields.join(", "))
            }
        }
    }

    /// Checks whether the act may still be applied to `now`, the current segment with the
    /// target's identifier, if any.
    ///
    /// # Errors
    ///
    /// Returns how the act ends instead, or why it is refused.
    pub fn check(&self, now: Option<&Segment>) -> Result<(), Result<Outcome, Refused>> {
        let Some(now) = now else {
            return Err(self.gone());
        };
        if !self.target.is_still(now) {
            // The target is gone, and its identifier was reused.
            return match self.target.may_be(now) {
                true => Err(Err(Refused::Changed)),
                false => Err(self.gone()),
            };
        }
        match self.operation {
            Operation::Remove if now.flags.removed => Err(Ok(Outcome::WasRemoved)),
            _ if self.target.change_time != now.change_time => Err(Err(Refused::Changed)),
            Operation::Remove | Operation::Permit(_) | Operation::Lock | Operation::Unlock => {
                Ok(())
            }
        }
    }

    /// Returns the result if the segment no longer exists: a removal is done already.
    ///
    /// # Errors
    ///
    /// Any other operation fails.
    pub fn gone(&self) -> Result<Outcome, Refused> {
        match self.operation {
            Operation::Remove => Ok(Outcome::WasGone),
            Operation::Permit(_) | Operation::Lock | Operation::Unlock => Err(Refused::Gone),
        }
    }
}

impl Act {
    /// Returns the result if the system refuses the target as if it did not exist;
    /// `listed` is its entry in the system's table.
    ///
    /// # Errors
    ///
    /// Any operation but a removal fails.
    pub fn gone_or_marked(&self, listed: Option<&Segment>) -> Result<Outcome, Refused> {
        let marked = listed.is_some_and(|now| now.flags.removed && self.target.is_still(now));
        match (marked, self.operation) {
            (false, _) => self.gone(),
            (true, Operation::Remove) => Ok(Outcome::WasRemoved),
            (true, Operation::Permit(_) | Operation::Lock | Operation::Unlock) => {
                Err(Refused::Marked)
            }
        }
    }
}

/// The result of a successful operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done now.
    Done,
    /// It was already marked for removal.
    WasRemoved,
    /// It no longer existed.
    WasGone,
}

impl Outcome {
    /// Returns its name for scripts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::WasRemoved => "was-removed",
            Self::WasGone => "was-gone",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done => "done",
            Self::WasRemoved => "was already marked for removal",
            Self::WasGone => "no longer existed",
        })
    }
}

/// Why an act was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The segment has changed since the user decided.
    Changed,
    /// The segment no longer exists.
    Gone,
    /// The segment is marked for removal, and this system no longer changes it.
    Marked,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Changed => {
                "it changed since it was listed (owner, mode, or another segment of the same \
                 size and key); check it again"
            }
            Self::Gone => "it no longer exists",
            Self::Marked => "it is marked for removal, and this system refuses changes to it",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::segment::Key;

    fn listed() -> Segment {
        Segment {
            id: 7,
            key: Key(0x51),
            creator_pid: 100,
            size: 4096,
            change_time: Some(50),
            ..Segment::default()
        }
    }

    fn remove() -> Act {
        Act {
            target: listed().identity(),
            operation: Operation::Remove,
        }
    }

    #[test]
    fn the_segment_that_was_listed_may_be_removed() {
        assert_eq!(remove().check(Some(&listed())), Ok(()));
        let mut used = listed();
        (used.attached, used.attach_time, used.last_pid) = (3, Some(60), 9);
        assert_eq!(remove().check(Some(&used)), Ok(()));
    }

    #[test]
    fn what_others_removed_meanwhile_counts_as_done() {
        assert_eq!(remove().check(None), Err(Ok(Outcome::WasGone)));
        let mut removed = listed();
        (removed.key, removed.flags.removed) = (Key(0), true);
        assert_eq!(remove().check(Some(&removed)), Err(Ok(Outcome::WasRemoved)));
        for another in [
            |s: &mut Segment| s.creator_pid = 101,
            |s: &mut Segment| s.size = 8192,
            |s: &mut Segment| s.key = Key(0x52),
        ] {
            let mut now = listed();
            another(&mut now);
            assert_eq!(remove().check(Some(&now)), Err(Ok(Outcome::WasGone)));
        }
    }

    #[test]
    fn what_the_system_refuses_as_gone_and_still_lists_is_marked_already() {
        let mut marked = listed();
        (marked.key, marked.flags.removed, marked.attached) = (Key(0), true, 1);
        let lock = Act {
            operation: Operation::Lock,
            ..remove()
        };
        let of = |act: &Act, now| act.gone_or_marked(now);
        assert_eq!(of(&remove(), Some(&marked)), Ok(Outcome::WasRemoved));
        assert_eq!(of(&lock, Some(&marked)), Err(Refused::Marked));
        // Gone, and the identifier may belong to another segment by now.
        let mut another = marked;
        another.size = 1;
        for now in [None, Some(&another), Some(&listed())] {
            assert_eq!(of(&remove(), now), Ok(Outcome::WasGone));
            assert_eq!(of(&lock, now), Err(Refused::Gone));
        }
    }

    #[test]
    fn what_was_changed_meanwhile_is_left_alone() {
        for time in [None, Some(49), Some(51)] {
            let mut now = listed();
            now.change_time = time;
            assert_eq!(
                remove().check(Some(&now)),
                Err(Err(Refused::Changed)),
                "{time:?}"
            );
        }
    }

    #[test]
    fn nothing_else_is_done_to_what_is_gone() {
        for operation in [
            Operation::Lock,
            Operation::Unlock,
            Operation::Permit(Permissions::default()),
        ] {
            let target = listed().identity();
            let act = Act { target, operation };
            assert_eq!(act.check(None), Err(Err(Refused::Gone)));
            let mut another = listed();
            another.size = 1;
            assert_eq!(act.check(Some(&another)), Err(Err(Refused::Gone)));
            assert_eq!(act.check(Some(&listed())), Ok(()));
        }
    }

    #[test]
    fn the_same_can_be_done_by_hand() {
        let target = listed().identity();
        let permissions = Permissions {
            owner: Some(1000),
            group: None,
            mode: Some(0o640),
        };
        let command = |operation| Act { target, operation }.command();
        assert_eq!(command(Operation::Remove), "ipcrm -m 7");
        assert_eq!(command(Operation::Lock), "shmctl(7, SHM_LOCK, NULL)");
        assert_eq!(
            command(Operation::Permit(permissions)),
            "shmctl(7, IPC_SET, { uid = 1000, mode = 0640 })"
        );
        let creation = Creation {
            key: Some(Key(0x51)),
            size: 4096,
            mode: 0o600,
        };
        assert_eq!(
            creation.command(),
            "shmget(0x00000051, 4096, IPC_CREAT | IPC_EXCL | 0600)"
        );
    }
}
