//! Scans a table slot by slot if the kernel shows one at a time (Linux, macOS), while
//! others create and remove segments.

use alloc::vec::Vec;
use core::ffi::c_int;

use crate::Stat;
use crate::error::Errno;

/// The result of a scan.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TableScan {
    pub(super) found: Vec<Stat>,
    /// Used slots that the kernel did not show.
    pub(super) refused: usize,
}

/// Maximum number of segments to reserve room for: as many as Linux allows without
/// `ipcmni_extend`.
const RESERVED: usize = 1 << 15;

/// Reads every slot from 0 to `highest`, and, if the table has grown meanwhile, the added
/// ones.
///
/// A slot that is empty, or was emptied since, gives `EINVAL` or `EIDRM`.
pub(super) fn by_index(
    mut highest: impl FnMut() -> Result<c_int, Errno>,
    mut stat: impl FnMut(c_int) -> Result<Stat, Errno>,
) -> Result<TableScan, Errno> {
    let mut scan = TableScan::default();
    let mut next = 0;
    loop {
        let last = highest()?;
        if next > last {
            return Ok(scan);
        }
        // The kernel keeps the highest slot near the number of segments.
        let slots = usize::try_from(last - next).unwrap_or(0).saturating_add(1);
        scan.found.reserve(slots.min(RESERVED));
        for index in next..=last {
            match stat(index).map_err(|errno| (errno.as_raw(), errno)) {
                Ok(stat) => scan.found.push(stat),
                Err((libc::EINVAL | libc::EIDRM, _)) => {}
                Err((libc::EACCES | libc::EPERM, _)) => scan.refused += 1,
                Err((_, errno)) => return Err(errno),
            }
        }
        let Some(after) = last.checked_add(1) else {
            return Ok(scan);
        };
        next = after;
    }
}

/// Follows a cursor: `next` takes it and returns a segment and the next cursor, until it
/// fails with `ENOENT` (no more) or `ERANGE` (past the end).
pub(super) fn by_cursor(
    mut next: impl FnMut(c_int) -> Result<(Stat, c_int), Errno>,
) -> Result<Vec<Stat>, Errno> {
    let mut found = Vec::new();
    let mut cursor = 0;
    loop {
        match next(cursor).map_err(|errno| (errno.as_raw(), errno)) {
            // A cursor that does not advance would loop forever.
            Ok((_, after)) if after <= cursor => return Ok(found),
            Ok((stat, after)) => {
                found.push(stat);
                cursor = after;
            }
            Err((libc::ENOENT | libc::ERANGE, _)) => return Ok(found),
            Err((_, errno)) => return Err(errno),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::sysvipc;

    fn segment(id: c_int) -> Stat {
        let text = alloc::format!("key\n0 {id} 600 4096 1 2 0 0 0 0 0 0 0 9\n");
        sysvipc::segments(text.as_bytes(), 4096).unwrap().remove(0)
    }

    fn ids(found: &[Stat]) -> Vec<c_int> {
        found.iter().map(|stat| stat.id.as_raw()).collect()
    }

    #[test]
    fn segments_that_vanish_during_a_walk_are_left_out() {
        let answers = [
            None,
            Some(libc::EINVAL),
            None,
            Some(libc::EIDRM),
            Some(libc::EACCES),
            None,
        ];
        let scan = by_index(
            || Ok(5),
            |index| match answers[index as usize] {
                None => Ok(segment(index)),
                Some(number) => Err(Errno::from_raw(number)),
            },
        )
        .unwrap();
        assert_eq!((ids(&scan.found), scan.refused), (vec![0, 2, 5], 1));
    }

    #[test]
    fn slots_added_during_a_walk_are_visited() {
        let mut highest = [1, 3, 2].into_iter();
        let scan = by_index(|| Ok(highest.next().unwrap()), |index| Ok(segment(index))).unwrap();
        assert_eq!(ids(&scan.found), [0, 1, 2, 3]);
    }

    #[test]
    fn other_failures_end_a_walk() {
        let missing = Errno::from_raw(libc::ENOSYS);
        assert_eq!(
            by_index(|| Err(missing), |index| Ok(segment(index))),
            Err(missing)
        );
        assert_eq!(by_index(|| Ok(0), |_| Err(missing)), Err(missing));
        assert_eq!(by_cursor(|_| Err(missing)), Err(missing));
    }

    #[test]
    fn macos_cursor_is_followed_to_its_end() {
        for end in [libc::ENOENT, libc::ERANGE] {
            let found = by_cursor(|cursor| match cursor {
                0 => Ok((segment(10), 3)),
                3 => Ok((segment(11), 4)),
                _ => Err(Errno::from_raw(end)),
            });
            assert_eq!(ids(&found.unwrap()), [10, 11]);
        }
        let stuck = by_cursor(|cursor| Ok((segment(cursor), 2)));
        assert_eq!(ids(&stuck.unwrap()), [0]);
    }
}
