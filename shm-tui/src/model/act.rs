//! What can be done to a segment, and how it ended: plain values, made by the
//! browser and by the script commands alike.
//!
//! A target is named by its whole identity. Whoever carries the deed out looks
//! at the segment once more and does nothing to another one.

use std::fmt;

use super::segment::{Identity, Segment};

/// Something to do to one segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// The segment, as it was when somebody decided.
    pub target: Identity,
    /// What to do to it.
    pub deed: Deed,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Mark it for removal: it is destroyed at the last detach.
    Remove,
}

impl Act {
    /// The command of util-linux that does the same.
    #[must_use]
    pub fn command(&self) -> String {
        match self.deed {
            Deed::Remove => format!("ipcrm -m {}", self.target.id),
        }
    }

    /// Whether it may still be done to `now`, what the system says of the
    /// target's identifier just before; `None` is nothing.
    ///
    /// # Errors
    ///
    /// How it ends instead, or why it must not be done.
    pub fn check(&self, now: Option<&Segment>) -> Result<(), Result<Outcome, Changed>> {
        let Some(now) = now else {
            return Err(Ok(Outcome::WasGone));
        };
        if !self.target.is_still(now) {
            // The one that was meant is gone, and its identifier in use again.
            return match self.target.may_be(now) {
                true => Err(Err(Changed)),
                false => Err(Ok(Outcome::WasGone)),
            };
        }
        match self.deed {
            Deed::Remove if now.flags.removed => Err(Ok(Outcome::WasRemoved)),
            _ if self.target.change_time != now.change_time => Err(Err(Changed)),
            Deed::Remove => Ok(()),
        }
    }
}

/// How a deed ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done now.
    Done,
    /// It was marked for removal already.
    WasRemoved,
    /// There was no such segment any more.
    WasGone,
}

impl Outcome {
    /// Its name for scripts.
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
            Self::WasRemoved => "was marked for removal already",
            Self::WasGone => "was gone already",
        })
    }
}

/// The segment is not as it was when somebody decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed;

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "it changed since it was listed (owner, mode, or another segment of the same \
             size and key); look at it again",
        )
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
            deed: Deed::Remove,
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
    fn what_was_changed_meanwhile_is_left_alone() {
        for time in [None, Some(49), Some(51)] {
            let mut now = listed();
            now.change_time = time;
            assert_eq!(remove().check(Some(&now)), Err(Err(Changed)), "{time:?}");
        }
    }
}
