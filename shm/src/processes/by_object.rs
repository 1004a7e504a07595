//! Finds a segment's mappings by the object behind this process's own attachment of it
//! (DragonFly, FreeBSD's procfs, macOS).

use super::ProcessAttachment;
use crate::SegmentId;

/// A mapping and the number of the object behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mapped {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) readable: bool,
    pub(super) writable: bool,
    pub(super) executable: bool,
    pub(super) object: u64,
}

/// Returns the attachments of the segment that process `own` has attached at `base`;
/// `None` if it does not have it attached. `length` is the segment's size in whole pages.
pub(super) fn attachments(
    id: SegmentId,
    (own, base): (i32, u64),
    length: u64,
    seen: &[(i32, Vec<Mapped>)],
) -> Option<Vec<ProcessAttachment>> {
    let of = |pid| seen.iter().find(|(other, _)| *other == pid);
    let (_, mine) = of(own)?;
    let object = mine
        .iter()
        .find(|mapping| mapping.start == base && mapping.object != 0)?
        .object;
    let mut found = Vec::new();
    for (pid, mappings) in seen {
        let its: Vec<Mapped> = mappings
            .iter()
            .filter(|mapping| mapping.object == object)
            .copied()
            .collect();
        joined(id, *pid, length, its, &mut found);
    }
    Some(found)
}

/// Joins the pieces into which `mprotect(2)` and `munmap(2)` have split attachments: a
/// piece that starts within the segment's length of a first piece belongs to it. (So an
/// attachment that lost its first pages may look like part of one that ends less than a
/// segment's length before it.)
fn joined(
    id: SegmentId,
    pid: i32,
    length: u64,
    mut pieces: Vec<Mapped>,
    found: &mut Vec<ProcessAttachment>,
) {
    pieces.sort_unstable_by_key(|piece| piece.start);
    let first = found.len();
    for piece in pieces {
        let whole = found.get_mut(first..).and_then(<[_]>::last_mut);
        match whole.filter(|whole| piece.start - whole.start < length) {
            Some(whole) => {
                whole.end = whole.end.max(piece.end);
                whole.readable |= piece.readable;
                whole.writable |= piece.writable;
                whole.executable |= piece.executable;
            }
            None => found.push(ProcessAttachment {
                id,
                pid,
                start: piece.start,
                end: piece.end,
                readable: piece.readable,
                writable: piece.writable,
                executable: piece.executable,
                // These kernels count attachments, not mappings.
                pieces: 1,
                original_key: None,
                huge_pages: false,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: u64 = 4096;

    fn at(page: u64, pages: u64, object: u64) -> Mapped {
        Mapped {
            start: page * PAGE,
            end: (page + pages) * PAGE,
            readable: true,
            writable: false,
            executable: false,
            object,
        }
    }

    fn find(own: (i32, u64), seen: &[(i32, Vec<Mapped>)]) -> Option<Vec<(i32, u64, u64)>> {
        let own = (own.0, own.1 * PAGE);
        let found = attachments(SegmentId::from_raw(7), own, 3 * PAGE, seen)?;
        let short = |one: &ProcessAttachment| (one.pid, one.start / PAGE, one.end / PAGE);
        Some(found.iter().map(short).collect())
    }

    #[test]
    fn only_mappings_of_the_own_attachments_object_are_found() {
        let seen = [
            (10, vec![at(1, 3, 5), at(4, 3, 6)]),
            (11, vec![at(9, 3, 6), at(12, 3, 6), at(20, 1, 0)]),
            (12, vec![at(9, 3, 5)]),
            (13, vec![]),
        ];
        assert_eq!(
            find((10, 4), &seen),
            Some(vec![(10, 4, 7), (11, 9, 12), (11, 12, 15)])
        );
        assert_eq!(find((10, 1), &seen), Some(vec![(10, 1, 4), (12, 9, 12)]));
    }

    #[test]
    fn without_the_own_attachment_nothing_is_claimed() {
        let seen = [(10, vec![at(1, 3, 5), at(8, 1, 0)])];
        assert_eq!(find((11, 1), &seen), None);
        assert_eq!(find((10, 2), &seen), None);
        // Without an object: two such mappings are not the same.
        assert_eq!(find((10, 8), &seen), None);
    }

    #[test]
    fn pieces_within_a_segments_length_are_one_attachment() {
        let mut writable = at(11, 1, 5);
        writable.writable = true;
        let seen = [(10, vec![at(10, 1, 5), writable, at(13, 3, 5)])];
        let found = attachments(SegmentId::from_raw(7), (10, 10 * PAGE), 3 * PAGE, &seen).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].end, found[0].writable), (12 * PAGE, true));
        assert!(!found[1].writable);
    }

    proptest! {
        #[test]
        fn every_whole_attachment_is_found_once(
            places in proptest::collection::vec((0_i32..5, 0_u64..6, any::<bool>()), 1..30),
        ) {
            // Whole attachments on a grid of their size never overlap.
            let mut seen: Vec<(i32, Vec<Mapped>)> = (0..5).map(|pid| (pid, Vec::new())).collect();
            let mut expected = std::collections::BTreeSet::new();
            for (pid, slot, ours) in &places {
                let mappings = &mut seen[*pid as usize].1;
                if mappings.iter().all(|mapping| mapping.start != slot * 3 * PAGE) {
                    mappings.push(at(slot * 3, 3, if *ours { 5 } else { 6 }));
                    if *ours {
                        expected.insert((*pid, slot * 3, slot * 3 + 3));
                    }
                }
            }
            let own = expected.first().copied();
            prop_assume!(own.is_some());
            let (pid, start, _) = own.unwrap();
            let mut found = find((pid, start), &seen).unwrap();
            found.sort_unstable();
            prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
