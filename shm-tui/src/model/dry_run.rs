//! Predicts the result of an act or a creation from visible state, without doing it: the
//! dry run of the browser and of `remove --dry-run`.
//!
//! The rules are the kernels': `IPC_RMID` and `IPC_SET` require the owner, the creator or
//! a privilege (`ipcctl_obtain_check` in Linux's `ipc/util.c`, shmctl(2) elsewhere); for
//! locking see [`Caller::lock`]; for creation see `newseg` in Linux's `ipc/shm.c`.

use std::sync::Arc;

use super::act::{Act, Creation, Operation, Outcome};
use super::format;
use super::segment::Segment;
use super::snapshot::Snapshot;

/// What a dry run cannot know, as a sentence.
pub const UNKNOWN: &str = "unknown until it is done: the answer of a security module, whether \
                           there is enough memory, and what others do meanwhile";

/// The caller's user, and its privileges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The effective user.
    pub uid: u32,
    /// Whether it may change and remove segments of others: CAP_SYS_ADMIN on Linux, the
    /// superuser elsewhere.
    pub admin: bool,
    /// Whether it may lock without limit: CAP_IPC_LOCK on Linux, the superuser elsewhere.
    /// Otherwise Linux lets owner and creator lock up to RLIMIT_MEMLOCK.
    pub lock: bool,
    /// RLIMIT_MEMLOCK in bytes; `None` is no limit.
    pub lock_bytes: Option<u64>,
}

impl Caller {
    /// Returns a caller with every privilege.
    pub const SUPERUSER: Self = Self {
        uid: 0,
        admin: true,
        lock: true,
        lock_bytes: None,
    };

    fn owns(self, segment: &Segment) -> bool {
        self.uid == segment.owner || self.uid == segment.creator
    }
}

/// Predicts how an act on `now`, the current segment with that identifier, would end.
///
/// # Errors
///
/// Returns why it would fail, in a sentence that names the segment.
pub fn act(
    act: &Act,
    now: Option<&Segment>,
    caller: Caller,
    user: impl Fn(u32) -> Arc<str>,
) -> Result<Outcome, String> {
    let id = act.target.id;
    if let Err(verdict) = act.check(now) {
        return verdict.map_err(|unfit| format!("segment {id} would be left alone: {unfit}"));
    }
    let Some(segment) = now else {
        return Ok(Outcome::WasGone);
    };
    let of_another = |verb: &str, privilege: &str| {
        let (owner, creator) = (user(segment.owner), user(segment.creator));
        let of = match owner == creator {
            true => format!("it is {owner}'s"),
            false => format!("it is {owner}'s, created by {creator}"),
        };
        let you = user(caller.uid);
        format!(
            "segment {id} would be refused: only owner, creator or {privilege} may {verb} it, and {of} while you are {you}"
        )
    };
    let admin = "a process with CAP_SYS_ADMIN (root)";
    match act.operation {
        Operation::Remove | Operation::Permit(_) if caller.admin || caller.owns(segment) => {
            Ok(Outcome::Done)
        }
        Operation::Remove => Err(of_another("remove", admin)),
        Operation::Permit(_) => Err(of_another("change", admin)),
        Operation::Lock | Operation::Unlock if caller.lock => Ok(Outcome::Done),
        Operation::Lock | Operation::Unlock if !caller.owns(segment) => Err(of_another(
            "lock or unlock",
            "a process with CAP_IPC_LOCK (root)",
        )),
        Operation::Unlock => Ok(Outcome::Done),
        Operation::Lock => match caller.lock_bytes {
            Some(most) if segment.size > most => Err(format!(
                "segment {id} would be refused: it has {}, and RLIMIT_MEMLOCK (ulimit -l) is {}",
                format::size(segment.size),
                format::size(most)
            )),
            _ => Ok(Outcome::Done),
        },
    }
}

/// Predicts whether a creation would succeed.
///
/// # Errors
///
/// Returns why it would fail: its key is taken, or a limit is reached.
pub fn create(creation: &Creation, snapshot: &Snapshot) -> Result<(), String> {
    let Snapshot {
        segments,
        limits,
        usage,
        ..
    } = snapshot;
    let has_key = |segment: &&Segment| Some(segment.key) == creation.key;
    if let Some(taken) = segments.iter().find(has_key) {
        let (id, key) = (taken.id, taken.key);
        return Err(format!("segment {id} has key {key} already"));
    }
    let size = creation.size;
    if size < limits.smallest.unwrap_or(1) {
        let least = limits.smallest.unwrap_or(1);
        return Err(format!(
            "a segment of {size} bytes is too small: SHMMIN is {least}"
        ));
    }
    if let Some(most) = limits.segment_bytes.filter(|most| size > *most) {
        return Err(format!(
            "a segment of {size} bytes is too large: SHMMAX is {most}"
        ));
    }
    let count = (segments.len() as u64).saturating_add(usage.hidden);
    if let Some(most) = limits.segments.filter(|most| count >= *most) {
        return Err(format!(
            "there are {count} segments already: SHMMNI is {most}"
        ));
    }
    let pages = size.div_ceil(limits.page_bytes.max(1));
    let used = usage.pages.unwrap_or(0);
    match limits.pages {
        Some(most) if used.saturating_add(pages) > most => Err(format!(
            "it takes {pages} pages, and {used} are in use: SHMALL is {most}"
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::act::Permissions;
    use crate::model::segment::Key;
    use crate::model::snapshot::{Limits, Usage};

    const WWW: Caller = Caller {
        uid: 33,
        admin: false,
        lock: false,
        lock_bytes: Some(65_536),
    };

    fn segment() -> Segment {
        Segment {
            id: 7,
            key: Key(0x51),
            size: 4096,
            owner: 1000,
            creator: 1001,
            change_time: Some(50),
            ..Segment::default()
        }
    }

    fn try_it(operation: Operation, now: &Segment, caller: Caller) -> Result<Outcome, String> {
        let target = now.identity();
        let user = |uid: u32| uid.to_string().into();
        act(&Act { target, operation }, Some(now), caller, user)
    }

    #[test]
    fn what_belongs_to_others_would_be_refused() {
        let permit = Operation::Permit(Permissions::default());
        for operation in [
            Operation::Remove,
            permit,
            Operation::Lock,
            Operation::Unlock,
        ] {
            let why = try_it(operation, &segment(), WWW).unwrap_err();
            assert!(why.contains("1000's, created by 1001"), "{why}");
            assert!(why.contains("you are 33"), "{why}");
            for caller in [
                Caller { uid: 1000, ..WWW },
                Caller { uid: 1001, ..WWW },
                Caller::SUPERUSER,
            ] {
                assert_eq!(try_it(operation, &segment(), caller), Ok(Outcome::Done));
            }
        }
        // Each privilege covers its own operations.
        let admin = Caller { admin: true, ..WWW };
        assert_eq!(
            try_it(Operation::Remove, &segment(), admin),
            Ok(Outcome::Done)
        );
        assert!(try_it(Operation::Lock, &segment(), admin).is_err());
    }

    #[test]
    fn more_than_may_be_locked_would_be_refused() {
        let owner = Caller { uid: 1000, ..WWW };
        let mut large = segment();
        large.size = 65_537;
        let why = try_it(Operation::Lock, &large, owner).unwrap_err();
        assert!(why.contains("RLIMIT_MEMLOCK"), "{why}");
        assert_eq!(try_it(Operation::Unlock, &large, owner), Ok(Outcome::Done));
        let unlimited = Caller {
            lock_bytes: None,
            ..owner
        };
        assert_eq!(
            try_it(Operation::Lock, &large, unlimited),
            Ok(Outcome::Done)
        );
    }

    #[test]
    fn what_changed_or_is_gone_is_said_before_rights_are() {
        let listed = segment();
        let act_on = |now: Option<&Segment>| {
            let target = listed.identity();
            let operation = Operation::Remove;
            act(&Act { target, operation }, now, WWW, |uid| {
                uid.to_string().into()
            })
        };
        assert_eq!(act_on(None), Ok(Outcome::WasGone));
        let mut changed = listed;
        changed.change_time = Some(51);
        assert!(act_on(Some(&changed)).unwrap_err().contains("left alone"));
    }

    #[test]
    fn a_creation_is_held_against_every_limit() {
        let snapshot = |limits| Snapshot {
            segments: vec![segment()],
            limits,
            usage: Usage {
                pages: Some(9),
                ..Usage::default()
            },
            unlisted: None,
            namespace: None,
        };
        let free = Limits {
            page_bytes: 4096,
            ..Limits::default()
        };
        let wanted = Creation {
            key: Some(Key(0x52)),
            size: 4097,
            mode: 0o600,
        };
        assert_eq!(create(&wanted, &snapshot(free)), Ok(()));
        let private = Creation {
            key: None,
            ..wanted
        };
        assert_eq!(create(&private, &snapshot(free)), Ok(()));
        let taken = Creation {
            key: Some(Key(0x51)),
            ..wanted
        };
        let why = create(&taken, &snapshot(free)).unwrap_err();
        assert!(why.contains("segment 7 has key"), "{why}");
        for (limits, name) in [
            (
                Limits {
                    smallest: Some(5000),
                    ..free
                },
                "SHMMIN",
            ),
            (
                Limits {
                    segment_bytes: Some(4096),
                    ..free
                },
                "SHMMAX",
            ),
            (
                Limits {
                    segments: Some(1),
                    ..free
                },
                "SHMMNI",
            ),
            (
                Limits {
                    pages: Some(10),
                    ..free
                },
                "SHMALL",
            ),
        ] {
            let why = create(&wanted, &snapshot(limits)).unwrap_err();
            assert!(why.contains(name), "{name}: {why}");
        }
        let exactly = Limits {
            pages: Some(11),
            segments: Some(2),
            segment_bytes: Some(4097),
            ..free
        };
        assert_eq!(create(&wanted, &snapshot(exactly)), Ok(()));
    }
}
