//! The identity of a segment, which distinguishes it from a later one with the same
//! identifier.
//!
//! Kernels reuse identifiers, so a handle that removes or changes "its" segment compares
//! first. The comparison is pure; [`Segment`] calls the kernel and acts on the answer.
//!
//! [`Segment`]: crate::Segment

use crate::error::Cause;
use crate::{Key, Stat, sys};

/// The values that cannot change during a segment's life, besides its identifier. Owner,
/// mode and change time can, and are not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    key: Key,
    size: u64,
    creator_pid: i32,
    creator_uid: u32,
    source: Source,
}

/// The source of the identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// This process created the segment and knows its request.
    Created,
    /// The kernel reported it.
    Reported,
    /// The segment did not exist when the kernel was asked, so no segment matches.
    Gone,
}

impl Identity {
    /// Returns the identity of a segment that this process has just created. It needs no
    /// call about the segment, so nobody can have replaced it meanwhile.
    pub(crate) fn of_created(key: Key, size: usize) -> Self {
        Self {
            key,
            size: size as u64,
            creator_pid: sys::process_id(),
            creator_uid: sys::effective_uid(),
            source: Source::Created,
        }
    }

    /// Returns the identity of a segment that the kernel reported.
    pub(crate) const fn of_reported(stat: &Stat) -> Self {
        Self {
            key: stat.key,
            size: stat.size,
            creator_pid: stat.creator_pid,
            creator_uid: stat.creator_uid,
            source: Source::Reported,
        }
    }

    /// Returns the identity of a segment that no longer existed when it was to be
    /// identified.
    pub(crate) const fn gone() -> Self {
        Self {
            key: Key::PRIVATE,
            size: 0,
            creator_pid: 0,
            creator_uid: 0,
            source: Source::Gone,
        }
    }

    /// Returns the requested size, if this process created the segment.
    pub(crate) fn created_size(self) -> Option<usize> {
        let created = self.source == Source::Created;
        usize::try_from(self.size).ok().filter(|_| created)
    }

    /// Compares with the kernel's current state of the identifier.
    ///
    /// # Errors
    ///
    /// Why the segment must be left alone: another one has its identifier.
    pub(crate) fn check(self, now: &Stat, page_size: usize) -> Result<(), Cause> {
        // FreeBSD 13 and later report whole pages.
        let rounded = self.size.checked_next_multiple_of(page_size as u64);
        let same_size = match self.source {
            Source::Created => now.size == self.size || Some(now.size) == rounded,
            Source::Reported => now.size == self.size,
            Source::Gone => false,
        };
        // A segment that is marked for removal has lost its key.
        let same_key = now.key == self.key || now.flags.marked_for_removal();
        let same_creator =
            now.creator_pid == self.creator_pid && now.creator_uid == self.creator_uid;
        match self.source {
            _ if same_size && same_key && same_creator => Ok(()),
            Source::Reported => Err(Cause::Replaced),
            Source::Created | Source::Gone => Err(Cause::Gone),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::sysvipc;

    fn stat(line: &str) -> Stat {
        let text = format!("key\n{line}\n");
        sysvipc::segments(text.as_bytes(), 4096).unwrap().remove(0)
    }

    fn created(key: crate::RawKey, size: u64) -> Identity {
        Identity {
            key: Key::from_raw(key),
            size,
            creator_pid: 10,
            creator_uid: 3,
            source: Source::Created,
        }
    }

    /// Columns: key, identifier, mode, size, creator's process, last process,
    /// attachments, owner, group, creator, creator's group, three times.
    const CREATED: &str = "5 7 600 100 10 11 1 3 4 3 4 20 21 22";

    #[test]
    fn a_later_change_of_mode_owner_and_time_is_the_same_segment() {
        let identity = created(5, 100);
        for same in [
            CREATED,
            "5 7 644 100 10 99 0 1 2 3 4 30 31 32",
            // Marked for removal, so without its key.
            "0 7 1600 100 10 11 1 3 4 3 4 20 21 22",
        ] {
            assert_eq!(identity.check(&stat(same), 4096), Ok(()), "{same}");
            let reported = Identity::of_reported(&stat(CREATED));
            assert_eq!(reported.check(&stat(same), 4096), Ok(()), "{same}");
        }
    }

    #[test]
    fn another_key_size_or_creator_is_another_segment() {
        for other in [
            "6 7 600 100 10 11 1 3 4 3 4 20 21 22",
            "0 7 600 100 10 11 1 3 4 3 4 20 21 22",
            "5 7 600 8192 10 11 1 3 4 3 4 20 21 22",
            "5 7 600 99 10 11 1 3 4 3 4 20 21 22",
            "5 7 600 100 12 11 1 3 4 3 4 20 21 22",
            "5 7 600 100 0 11 1 3 4 3 4 20 21 22",
            "5 7 600 100 10 11 1 3 4 9 4 20 21 22",
        ] {
            assert_eq!(
                created(5, 100).check(&stat(other), 4096),
                Err(Cause::Gone),
                "{other}"
            );
            let reported = Identity::of_reported(&stat(CREATED));
            assert_eq!(
                reported.check(&stat(other), 4096),
                Err(Cause::Replaced),
                "{other}"
            );
        }
    }

    #[test]
    fn a_size_rounded_up_to_pages_is_that_of_a_created_segment_only() {
        let rounded = stat("5 7 600 4096 10 11 1 3 4 3 4 20 21 22");
        assert_eq!(created(5, 100).check(&rounded, 4096), Ok(()));
        assert!(created(5, 100).check(&rounded, 16384).is_err());
        let reported = Identity::of_reported(&stat(CREATED));
        assert!(reported.check(&rounded, 4096).is_err());
    }

    #[test]
    fn only_a_created_segment_has_a_size_that_was_asked_for() {
        assert_eq!(created(5, 100).created_size(), Some(100));
        let reported = Identity::of_reported(&stat(CREATED));
        assert_eq!(reported.created_size(), None);
        assert_eq!(Identity::gone().created_size(), None);
    }

    #[test]
    fn a_segment_that_was_gone_stays_gone() {
        let whatever = stat("0 7 600 0 0 0 0 0 0 0 0 0 0 0");
        assert_eq!(Identity::gone().check(&whatever, 4096), Err(Cause::Gone));
    }
}
