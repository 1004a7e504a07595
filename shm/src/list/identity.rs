//! Compares a listed record with a current one of the same identifier.

use crate::Stat;

impl Stat {
    /// Returns whether `later` is a state of the same segment, without a change of its
    /// identity.
    ///
    /// Kernels reuse identifiers, so before you act on a segment that was listed a while
    /// ago, read its state again. Identifier, size, creator, and the time and key of
    /// creation are compared; a change of owner or permissions changes the time too, and
    /// makes this `false`. A mark for removal made meanwhile does not.
    ///
    /// ```
    /// use shm::Segment;
    ///
    /// let segment = Segment::private(4096)?.remove_on_drop();
    /// let listed = segment.stat()?;
    /// let attachment = segment.attach()?;
    /// assert!(listed.is_same_segment(&segment.stat()?));
    /// let other = Segment::private(4096)?.remove_on_drop();
    /// assert!(!listed.is_same_segment(&other.stat()?));
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use]
    pub fn is_same_segment(&self, later: &Self) -> bool {
        let same_key = self.key == later.key || later.flags.marked_for_removal();
        // Zero if it is not visible.
        let same_pid = self.creator_pid == later.creator_pid
            || self.creator_pid == 0
            || later.creator_pid == 0;
        self.id == later.id
            && same_key
            && same_pid
            && self.size == later.size
            && self.creator_uid == later.creator_uid
            && self.creator_gid == later.creator_gid
            && self.change_time == later.change_time
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::sysvipc;

    fn segment(line: &str) -> Stat {
        let text = format!("key\n{line}\n");
        sysvipc::segments(text.as_bytes(), 4096).unwrap().remove(0)
    }

    #[test]
    fn only_what_cannot_change_tells_segments_apart() {
        let listed = segment("5 7 600 4096 10 11 1 1 2 3 4 20 21 22");
        for (line, same) in [
            ("5 7 600 4096 10 11 1 1 2 3 4 20 21 22", true),
            ("5 7 600 4096 10 12 9 1 2 3 4 30 31 22", true),
            ("0 7 1600 4096 10 12 9 1 2 3 4 30 31 22", true),
            ("5 7 600 4096 0 12 9 1 2 3 4 30 31 22", true),
            ("0 7 600 4096 10 11 1 1 2 3 4 20 21 22", false),
            ("5 8 600 4096 10 11 1 1 2 3 4 20 21 22", false),
            ("6 7 600 4096 10 11 1 1 2 3 4 20 21 22", false),
            ("5 7 600 4097 10 11 1 1 2 3 4 20 21 22", false),
            ("5 7 600 4096 12 11 1 1 2 3 4 20 21 22", false),
            ("5 7 600 4096 10 11 1 1 2 9 4 20 21 22", false),
            ("5 7 600 4096 10 11 1 1 2 3 9 20 21 22", false),
            ("5 7 600 4096 10 11 1 1 2 3 4 20 21 23", false),
        ] {
            assert_eq!(listed.is_same_segment(&segment(line)), same, "{line}");
        }
    }
}
