//! Finds a segment's mappings by a reference count, sampled without and with one more
//! attachment (NetBSD).
//!
//! Every mapping of the segment shows the same count: one for the segment and one for
//! each mapping. This process makes the additional attachment, so its count is known, and
//! the segment's mappings are those that show this count now and one less before. Another
//! segment that somebody attached in between could look the same; then more are found
//! than the count allows, and the caller samples again.

use super::ProcessAttachment;
use super::join::{self, Piece};
use crate::SegmentId;
use crate::decode::netbsd_vm::Mapping;

/// The mappings of all processes at one moment.
pub(super) type ProcessMappings = Vec<(i32, Vec<Mapping>)>;

/// The segment's mappings.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ReferenceScan {
    pub(super) attachments: Vec<ProcessAttachment>,
    /// Resident pages of the segment.
    pub(super) resident_pages: u64,
    /// How many more mappings were found than the reference count allows, so that some of
    /// them belong to another segment.
    pub(super) surplus: u64,
}

/// Returns the attachments in `with` of the segment that process `own` has attached at
/// `base` only there, without that attachment; `None` if it is not there.
pub(super) fn compare(
    id: SegmentId,
    without: &ProcessMappings,
    with: &ProcessMappings,
    (own, base): (i32, u64),
) -> Option<ReferenceScan> {
    let at = |mappings: &ProcessMappings, pid: i32, start: u64| -> Option<Mapping> {
        let (_, mappings) = mappings.iter().find(|(other, _)| *other == pid)?;
        mappings.iter().find(|found| found.start == start).copied()
    };
    let mine = at(with, own, base)?;
    let before = mine.references.checked_sub(1)?;
    let mut attachments = Vec::new();
    let mut mappings = 0_u64;
    for (pid, now) in with {
        let its = now.iter().filter(|mapping| {
            let is_ours = (*pid, mapping.start) == (own, base);
            let earlier = at(without, *pid, mapping.start);
            !is_ours
                && mapping.references == mine.references
                && earlier
                    .is_some_and(|found| found.references == before && found.end == mapping.end)
        });
        let pieces: Vec<Piece> = its.map(|mapping| piece(id, *pid, mapping)).collect();
        mappings += pieces.len() as u64;
        attachments.extend(join::attachments(pieces));
    }
    // This kernel counts attachments, not mappings.
    for attachment in &mut attachments {
        attachment.pieces = 1;
    }
    // One reference is the segment's, one this process's mapping's.
    let others = u64::from(mine.references).saturating_sub(2);
    Some(ReferenceScan {
        attachments,
        resident_pages: u64::from(mine.resident_pages),
        surplus: mappings.saturating_sub(others),
    })
}

fn piece(id: SegmentId, pid: i32, mapping: &Mapping) -> Piece {
    Piece {
        found: ProcessAttachment {
            id,
            pid,
            start: mapping.start,
            end: mapping.end,
            readable: mapping.readable,
            writable: mapping.writable,
            executable: mapping.executable,
            pieces: 1,
            original_key: None,
            huge_pages: false,
        },
        offset: mapping.offset,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mapping(start: u64, references: u32) -> Mapping {
        Mapping {
            start,
            end: start + 0x3000,
            offset: 0,
            readable: true,
            writable: true,
            executable: false,
            references,
            resident_pages: 2,
        }
    }

    fn compared(without: &ProcessMappings, with: &ProcessMappings) -> Option<ReferenceScan> {
        compare(SegmentId::from_raw(7), without, with, (1, 0x9000))
    }

    fn pids(scan: &ReferenceScan) -> Vec<i32> {
        scan.attachments.iter().map(|found| found.pid).collect()
    }

    #[test]
    fn mappings_whose_count_grew_by_ours_are_the_segments() {
        // Two segments attached twice each, and one attached three times.
        let without = vec![
            (1, vec![]),
            (2, vec![mapping(0x1000, 3), mapping(0x5000, 3)]),
            (3, vec![mapping(0x1000, 3), mapping(0x5000, 4)]),
            (4, vec![mapping(0x8000, 3)]),
        ];
        let with = vec![
            (1, vec![mapping(0x9000, 4)]),
            (2, vec![mapping(0x1000, 4), mapping(0x5000, 3)]),
            (3, vec![mapping(0x1000, 4), mapping(0x5000, 4)]),
            (4, vec![mapping(0x8000, 3)]),
        ];
        let scan = compared(&without, &with).unwrap();
        assert_eq!((pids(&scan), scan.surplus), (vec![2, 3], 0));
        assert_eq!(scan.resident_pages, 2);
    }

    #[test]
    fn attachment_of_another_segment_meanwhile_is_a_surplus() {
        let without = vec![
            (1, vec![]),
            (2, vec![mapping(0x1000, 2)]),
            (3, vec![mapping(0, 2)]),
        ];
        let with = vec![
            (1, vec![mapping(0x9000, 3)]),
            (2, vec![mapping(0x1000, 3)]),
            // A mapping of another segment, which process 4 has just attached.
            (3, vec![mapping(0, 3)]),
            (4, vec![mapping(0, 3)]),
        ];
        assert_eq!(compared(&without, &with).unwrap().surplus, 1);
    }

    #[test]
    fn pieces_of_one_attachment_are_one_also_by_their_offset() {
        let half = |start: u64, offset, references| Mapping {
            end: start + 0x1000,
            offset,
            ..mapping(start, references)
        };
        let pieces = |references| {
            vec![
                half(0x1000, 0, references),
                half(0x2000, 0x1000, references),
            ]
        };
        let without = vec![(1, vec![]), (2, pieces(3))];
        let with = vec![(1, vec![mapping(0x9000, 4)]), (2, pieces(4))];
        let scan = compared(&without, &with).unwrap();
        let [one] = scan.attachments[..] else {
            panic!("{scan:?}")
        };
        assert_eq!((one.start, one.end, one.pieces), (0x1000, 0x3000, 1));
        assert_eq!(scan.surplus, 0);
    }

    #[test]
    fn without_the_own_attachment_there_is_no_answer() {
        let mappings = vec![(1, vec![mapping(0x1000, 2)])];
        assert_eq!(compared(&mappings, &mappings), None);
        assert_eq!(compared(&vec![], &vec![]), None);
    }

    proptest! {
        #[test]
        fn holders_of_one_segment_among_many_are_found_exactly(
            attached in proptest::collection::vec((2_i32..8, 0_u32..4), 0..20),
        ) {
            // The segments' counts; ours is number 0. A process has each at one place.
            let attached: std::collections::BTreeSet<(i32, u32)> = attached.into_iter().collect();
            let count = |segment, more: u32| {
                let others = attached.iter().filter(|(_, other)| *other == segment).count();
                1 + others as u32 + more
            };
            let mappings = |more: u32| -> ProcessMappings {
                let mut mappings: ProcessMappings = (1..8).map(|pid| (pid, Vec::new())).collect();
                for (pid, segment) in &attached {
                    let references = count(*segment, if *segment == 0 { more } else { 0 });
                    let start = u64::from(*segment) << 20;
                    mappings[*pid as usize - 1].1.push(mapping(start, references));
                }
                if more > 0 {
                    mappings[0].1.push(mapping(0x9000, count(0, 1)));
                }
                mappings
            };
            let scan = compared(&mappings(0), &mappings(1)).unwrap();
            let expected: Vec<i32> =
                attached.iter().filter(|(_, segment)| *segment == 0).map(|(pid, _)| *pid).collect();
            prop_assert_eq!(pids(&scan), expected);
            prop_assert_eq!(scan.surplus, 0);
        }
    }
}
