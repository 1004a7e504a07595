//! Linux: finds mappings that grow downwards, in the texts of `/proc/self/maps` and
//! `/proc/self/smaps`.
//!
//! `maps` names only the main thread's stack. Any other one (`MAP_GROWSDOWN`) looks like
//! an anonymous private mapping there, and `smaps` marks it `gd` among its flags
//! (`show_smap_vma_flags` of `fs/proc/task_mmu.c`). The kernel visits every page for
//! `smaps`, so `maps` is checked first.

/// A range of addresses, and the distance that a stack above it must keep.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// The gap that the kernel keeps free below a stack, in bytes.
    pub(crate) gap: u64,
}

/// The surroundings of a range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Above {
    /// Nothing near it grows.
    Nothing,
    /// A mapping near it may grow; only `smaps` can tell.
    Unclear,
    /// A stack is near it, or in it.
    Stack,
}

/// Finds the mapping of an address in `maps` or `smaps`. A mapping that begins where the
/// place does is taken for the attachment itself: its end counts then.
pub(crate) fn above(text: &[u8], place: Place) -> Above {
    let mut found = Above::Nothing;
    let mut end = place.end;
    for mapping in mappings(text) {
        if mapping.start == place.start {
            end = end.max(mapping.end);
        }
        let is_near = mapping.start < end.saturating_add(place.gap) && mapping.end > place.start;
        match mapping.growth {
            Growth::Grows if is_near => return Above::Stack,
            // The kernel refuses an address where the mapping would overlap, so that one
            // is not a neighbor.
            Growth::Unclear if is_near && mapping.start >= end => found = Above::Unclear,
            _ => {}
        }
    }
    found
}

/// The room below a stack that the threads library of DragonFly keeps for itself
/// (seen: 4 MiB).
const RED_ZONE: u64 = 4 << 20;

/// Returns whether `len` bytes at an address reach into the room that a stack may take:
/// `room` bytes below its top, and a red zone (DragonFly).
pub(crate) fn reaches_room(address: u64, len: u64, top: u64, room: u64) -> bool {
    let lowest = top.saturating_sub(room).saturating_sub(RED_ZONE);
    address < top && address.saturating_add(len) > lowest
}

struct Mapping {
    start: u64,
    end: u64,
    growth: Growth,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Growth {
    Fixed,
    Unclear,
    Grows,
}

/// Returns the mappings of either text; the flags are on a separate line.
fn mappings(text: &[u8]) -> impl Iterator<Item = Mapping> {
    let mut lines = text.split(|byte| *byte == b'\n').peekable();
    core::iter::from_fn(move || {
        let mut mapping = lines.find_map(head)?;
        while let Some(line) = lines.next_if(|line| head(line).is_none()) {
            if let Some(flags) = line.strip_prefix(b"VmFlags:") {
                let grows = flags.split(|byte| *byte == b' ').any(|flag| flag == b"gd");
                mapping.growth = match (grows, mapping.growth) {
                    (true, _) => Growth::Grows,
                    (false, Growth::Unclear) => Growth::Fixed,
                    (false, known) => known,
                };
            }
        }
        Some(mapping)
    })
}

/// `7ffc5c2f6000-7ffc5c317000 rw-p 00000000 00:00 0    [stack]`
fn head(line: &[u8]) -> Option<Mapping> {
    let mut fields = line.splitn(6, |byte| *byte == b' ');
    let (start, end) = super::maps::pair(fields.next()?, b'-')?;
    let rights = fields.next()?;
    let inode = fields.nth(2)?;
    let name = fields.next().unwrap_or_default().trim_ascii();
    let growth = if name == b"[stack]" {
        Growth::Grows
    } else if rights.ends_with(b"p") && inode == b"0" {
        Growth::Unclear
    } else {
        Growth::Fixed
    };
    Some(Mapping { start, end, growth })
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::decode::testing::damaged;

    const MAPS: &[u8] = include_bytes!("../../tests/fixtures/linux-6.18-x86_64-maps.txt");

    /// Printed by Linux 6.18 for a process with a mapping made by
    /// `MAP_GROWSDOWN`, shortened.
    const SMAPS: &[u8] = b"\
7f5fe0000000-7f5fe0010000 rw-p 00000000 00:00 0 \n\
Size:                 64 kB\n\
VmFlags: rd wr mr mw me ac \n\
7f5fe0400000-7f5fe0410000 rw-p 00000000 00:00 0 \n\
Size:                 64 kB\n\
VmFlags: rd wr mr mw me gd ac \n\
7f5fe0500000-7f5fe0510000 rw-s 00000000 00:01 7                          /SYSV00000000 (deleted)\n\
Size:                 64 kB\n\
VmFlags: rd wr sh mr mw me ms \n\
7ffc5c2f6000-7ffc5c317000 rw-p 00000000 00:00 0                          [stack]\n\
Size:                132 kB\n\
VmFlags: rd wr mr mw me gd ac \n";

    fn at(text: &[u8], start: u64, len: u64) -> Above {
        let end = start + len;
        let gap = 0x10_0000;
        above(text, Place { start, end, gap })
    }

    /// Returns the same as `maps` prints it.
    fn maps() -> Vec<u8> {
        let lines = SMAPS.split_inclusive(|byte| *byte == b'\n');
        lines
            .filter(|line| head(line).is_some())
            .flatten()
            .copied()
            .collect()
    }

    #[test]
    fn linux_stacks_are_seen_and_other_mappings_are_not() {
        // Far below, just below the gap, in the gap, in the stack itself.
        assert_eq!(at(SMAPS, 0x7f5f_0000_0000, 0x1000), Above::Nothing);
        assert_eq!(at(SMAPS, 0x7f5f_e02f_f000, 0x1000), Above::Nothing);
        assert_eq!(at(SMAPS, 0x7f5f_e030_0000, 0x1000), Above::Stack);
        assert_eq!(at(SMAPS, 0x7f5f_e03f_f000, 0x1000), Above::Stack);
        assert_eq!(at(SMAPS, 0x7f5f_e040_8000, 0x1000), Above::Stack);
        assert_eq!(at(SMAPS, 0x7f5f_e041_0000, 0x1000), Above::Nothing);
        assert_eq!(at(SMAPS, 0x7ffc_5c2f_0000, 0x1000), Above::Stack);
        // A stack created below an ordinary mapping.
        assert_eq!(at(SMAPS, 0x7f5f_dfff_f000, 0x1000), Above::Nothing);
    }

    #[test]
    fn linux_maps_alone_leave_unnamed_mappings_unclear() {
        let maps = maps();
        assert_eq!(at(&maps, 0x7f5f_e03f_f000, 0x1000), Above::Unclear);
        assert_eq!(at(&maps, 0x7f5f_dfff_f000, 0x1000), Above::Unclear);
        assert_eq!(at(&maps, 0x7f5f_e04f_f000, 0x1000), Above::Nothing);
        assert_eq!(at(&maps, 0x7ffc_5c2f_0000, 0x1000), Above::Stack);
        assert_eq!(at(&maps, 0x7f5f_e040_8000, 0x1000), Above::Nothing);
        assert_eq!(at(MAPS, 0x1000, 0x1000), Above::Nothing);
    }

    #[test]
    fn linux_an_attachment_counts_with_all_that_is_mapped() {
        let line = b"7ffc5c000000-7ffc5c200000 rw-s 00000000 00:11 7   /SYSV00000000 (deleted)\n";
        let text = [line, SMAPS].concat();
        assert_eq!(at(SMAPS, 0x7ffc_5c00_0000, 0x1000), Above::Nothing);
        assert_eq!(at(&text, 0x7ffc_5c00_0000, 0x1000), Above::Stack);
    }

    #[test]
    fn dragonfly_room_of_a_stack_is_its_limit_and_a_red_zone() {
        let (top, room) = (0x7fff_ffff_0000, 64 << 20);
        let lowest = top - room - (4 << 20);
        assert!(!reaches_room(lowest - 4096, 4096, top, room));
        assert!(reaches_room(lowest - 4096, 4097, top, room));
        // 128 KiB and 1 MiB below the top, where a stack was seen to grow in.
        assert!(reaches_room(top - (128 << 10), 4096, top, room));
        assert!(reaches_room(top - (1 << 20), 4096, top, room));
        assert!(!reaches_room(top, 4096, top, room));
        // No limit at all.
        assert!(reaches_room(4096, 4096, top, u64::MAX));
    }

    proptest! {
        #[test]
        fn linux_damaged_texts_of_stacks_never_panic(
            bytes in damaged([MAPS, SMAPS].concat()), start in any::<u64>(),
        ) {
            let place = Place { start, end: start.saturating_add(4096), gap: 1 << 20 };
            let _ = above(&bytes, place);
        }
    }
}
