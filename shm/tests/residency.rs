//! Reports which pages hold data, without touching them.

#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests")]

mod common;

use common::attached;
use shm::Region;

/// Pages of every machine are smaller than that, and divide it.
const BLOCK: usize = 64 << 10;

fn regions_cover(regions: &[Region], len: usize) -> bool {
    let mut end = 0;
    regions.iter().all(|region| {
        let joined = region.range.start == end && region.range.end > end;
        end = region.range.end;
        joined
    }) && end == len
}

#[test]
fn regions_cover_every_view_in_order() {
    let (_segment, attachment) = attached(10 * BLOCK + 17);
    attachment.view().write(3 * BLOCK, &1_u8).unwrap();
    for range in [0..10 * BLOCK + 17, 0..0, 5..6, BLOCK - 1..4 * BLOCK + 1] {
        let view = attachment.view().slice(range.clone()).unwrap();
        assert!(regions_cover(&view.residency(), range.len()), "{range:?}");
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use shm::{Attachment, HugePages, Residency, Segment, SegmentId, SegmentOptions};

    use super::*;

    fn at(regions: &[Region], offset: usize) -> Residency {
        regions
            .iter()
            .find(|region| region.range.contains(&offset))
            .unwrap()
            .residency
    }
    use crate::common::{HugePool, as_nobody, skipped};

    /// Resident bytes of a segment.
    fn resident(id: SegmentId) -> u64 {
        let segments = shm::segments_with_memory().unwrap();
        segments
            .iter()
            .find(|stat| stat.id == id)
            .unwrap()
            .memory
            .unwrap()
            .resident
    }

    fn three_touched_blocks() -> (shm::OwnedSegment, Attachment) {
        let (segment, attachment) = attached(100 * BLOCK);
        for block in [0, 50, 99] {
            attachment.view().write(block * BLOCK, &1_u8).unwrap();
        }
        (segment, attachment)
    }

    fn check_three_blocks(regions: &[Region]) {
        assert!(regions_cover(regions, 100 * BLOCK));
        for block in 0..100 {
            let expected = match block {
                0 | 50 | 99 => Residency::Data,
                _ => Residency::Hole,
            };
            assert_eq!(
                at(regions, block * BLOCK),
                expected,
                "block {block} of {regions:?}"
            );
        }
    }

    #[test]
    fn looking_for_data_touches_nothing() {
        let (segment, attachment) = three_touched_blocks();
        let before = resident(segment.id());
        check_three_blocks(&attachment.view().residency());
        assert_eq!(resident(segment.id()), before);
    }

    #[test]
    fn an_unprivileged_process_learns_the_same_of_what_is_not_swapped() {
        as_nobody(|| {
            let (segment, attachment) = three_touched_blocks();
            check_three_blocks(&attachment.view().residency());
            drop(segment);
        });
    }

    #[test]
    fn a_part_of_a_view_is_told_by_its_own_offsets() {
        let (_segment, attachment) = three_touched_blocks();
        let part = attachment
            .view()
            .slice(50 * BLOCK - 100..)
            .unwrap()
            .residency();
        assert_eq!(at(&part, 0), Residency::Hole);
        assert_eq!(at(&part, 100), Residency::Data);
        assert_eq!(part[0].range.end, 100);
    }

    #[test]
    fn a_mapping_that_was_cut_up_is_told_piece_by_piece() {
        let (_segment, attachment) = three_touched_blocks();
        let middle = attachment.view().slice(40 * BLOCK..).unwrap().as_mut_ptr();
        // SAFETY: the middle of our own mapping loses the right to be written,
        // which nothing uses meanwhile.
        let answer = unsafe { libc::mprotect(middle.cast(), 20 * BLOCK, libc::PROT_READ) };
        assert_eq!(answer, 0);
        check_three_blocks(&attachment.view().residency());
    }

    #[test]
    fn a_gap_in_a_mapping_that_was_cut_up_is_unknown_and_no_hole() {
        let segment = common::private(64 * BLOCK);
        let attachment = segment.attach().unwrap();
        let middle = attachment.as_mut_ptr().wrapping_add(8 * BLOCK);
        // SAFETY: unmaps pages that nothing accesses from here on.
        assert_eq!(unsafe { libc::munmap(middle.cast(), 8 * BLOCK) }, 0);
        let told = attachment.view().residency();
        assert!(regions_cover(&told, 64 * BLOCK));
        assert_eq!(at(&told, 0), Residency::Hole);
        for block in 8..16 {
            assert_eq!(at(&told, block * BLOCK), Residency::Unknown, "{told:?}");
        }
        assert_eq!(at(&told, 16 * BLOCK), Residency::Hole);
    }

    #[test]
    fn huge_pages_that_nobody_touched_here_are_unknown_and_never_zeros() {
        let options = SegmentOptions::new()
            .size(8 << 20)
            .huge_pages(HugePages::DEFAULT)
            .no_reserve(true);
        let segment = match options.private() {
            Ok(segment) => segment.remove_on_drop(),
            Err(error) => return skipped(error),
        };
        // No page is touched: the pool may be empty.
        let regions = segment.attach().unwrap().view().residency();
        let expected = [Region {
            range: 0..8 << 20,
            residency: Residency::Unknown,
        }];
        assert_eq!(regions, expected);
    }

    #[test]
    fn a_huge_page_that_another_attachment_wrote_is_no_hole() {
        const PAGE: usize = 2 << 20;
        let Some(pool) = HugePool::with(4) else {
            return;
        };
        let options = SegmentOptions::new()
            .size(4 * PAGE)
            .huge_pages(HugePages::MIB_2);
        let segment = match options.private() {
            Ok(segment) => segment.remove_on_drop(),
            Err(error) => return skipped(error),
        };
        let (writer, reader) = (
            segment.attach().unwrap(),
            segment.attach_read_only().unwrap(),
        );
        writer.view().write(PAGE + 5, &1_u8).unwrap();
        let told = writer.view().residency();
        assert_eq!(at(&told, PAGE + 5), Residency::Data);
        assert_eq!(at(&told, 0), Residency::Unknown);
        // The other mapping has not touched it, so it cannot know; but it does not report
        // a hole.
        assert_ne!(at(&reader.view().residency(), PAGE + 5), Residency::Hole);
        drop((writer, reader, segment, pool));
    }

    /// Swapped data are data, or unknown without the right to know.
    #[test]
    fn swapped_data_are_no_holes() {
        let Some(swap) = Swap::on() else { return };
        let (segment, attachment) = attached(16 * BLOCK);
        attachment.view().fill(7);
        // SAFETY: advice about our own mapping, which keeps its contents.
        let advised = unsafe {
            libc::madvise(
                attachment.as_mut_ptr().cast(),
                16 * BLOCK,
                libc::MADV_PAGEOUT,
            )
        };
        let id = segment.id();
        let out = shm::segments_with_memory().unwrap();
        let out = out
            .iter()
            .find(|stat| stat.id == id)
            .unwrap()
            .memory
            .unwrap()
            .swapped;
        if advised != 0 || out == 0 {
            return skipped("the kernel swaps nothing out on demand");
        }
        let regions = attachment.view().residency();
        assert!(
            regions
                .iter()
                .all(|region| region.residency == Residency::Data),
            "{regions:?}"
        );
        let unprivileged = as_nobody(move || attachment.view().residency());
        let unprivileged = unprivileged.unwrap();
        let lies = unprivileged
            .iter()
            .any(|region| region.residency == Residency::Hole);
        assert!(!lies, "{unprivileged:?}");
        drop((segment, swap));
    }

    /// A swap file for the lifetime of the value.
    struct Swap(std::path::PathBuf);

    impl Swap {
        fn on() -> Option<Self> {
            let path = std::env::temp_dir().join(format!("shm-test-swap-{}", std::process::id()));
            let swap = Self(path);
            std::fs::write(&swap.0, vec![0; 32 << 20]).ok()?;
            for program in ["mkswap", "swapon"] {
                let done = std::process::Command::new(program).arg(&swap.0).output();
                if !done.is_ok_and(|output| output.status.success()) {
                    skipped("this user or machine cannot add swap space");
                    return None;
                }
            }
            Some(swap)
        }
    }

    impl Drop for Swap {
        fn drop(&mut self) {
            let _ = std::process::Command::new("swapoff").arg(&self.0).output();
            let _ = std::fs::remove_file(&self.0);
        }
    }

    #[test]
    fn a_segment_of_another_process_is_told_too() {
        let (segment, _writer) = three_touched_blocks();
        let reader = Segment::open_id(segment.id())
            .unwrap()
            .attach_read_only()
            .unwrap();
        check_three_blocks(&reader.view().residency());
    }
}
