//! Linux: finds attachments in the lines of `/proc/PID/maps`.
//!
//! The kernel names such a mapping `/SYSV` and the eight hexadecimal digits of the key
//! with which the segment was created, always followed by ` (deleted)`; the inode is the
//! segment's identifier (`newseg` in `ipc/shm.c`). A file of that name could be mapped
//! too: [`crate::processes`] checks whether the device is that of segments.

use crate::{Key, RawKey, SegmentId};

/// A mapping with the name of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// The offset of `start` in the segment.
    pub(crate) offset: u64,
    pub(crate) readable: bool,
    pub(crate) writable: bool,
    pub(crate) executable: bool,
    pub(crate) device: (u32, u32),
    pub(crate) inode: u64,
    /// The key that the segment was created with.
    pub(crate) key: Key,
}

/// Returns the mappings in the text of a `maps` file, in its order.
pub(crate) fn mappings(text: &[u8]) -> impl Iterator<Item = Mapping> {
    text.split(|byte| *byte == b'\n').filter_map(mapping)
}

/// Returns the length of the attachment that begins at an address, from the text of a
/// `maps` file.
///
/// The inode is the segment's identifier, and devices of segments have no major number.
/// Only the first mapping counts: a new attachment is one mapping, and what follows may
/// be another attachment.
pub(crate) fn extent(text: &[u8], base: u64, id: SegmentId) -> Option<u64> {
    let inode = u64::try_from(id.as_raw()).ok()?;
    let mapping = mappings(text).find(|mapping| mapping.start == base)?;
    let is_it = mapping.offset == 0 && mapping.inode == inode && mapping.device.0 == 0;
    if is_it {
        mapping.end.checked_sub(base)
    } else {
        None
    }
}

/// Returns the key in the name of a segment's mapping; `None` for any other name.
pub(crate) fn key_in_name(name: &[u8]) -> Option<Key> {
    let digits = name.strip_prefix(b"/SYSV")?.strip_suffix(b" (deleted)")?;
    if digits.len() != 8 {
        return None;
    }
    let bits = u32::try_from(hexadecimal(digits)?).ok()?;
    Some(Key::from_raw(bits as i32 as RawKey))
}

fn mapping(line: &[u8]) -> Option<Mapping> {
    // Nearly every line of nearly every process is another kind of mapping.
    if !line.ends_with(b" (deleted)") {
        return None;
    }
    let mut fields = line.splitn(6, |byte| *byte == b' ');
    let (start, end) = pair(fields.next()?, b'-')?;
    let &[read, write, execute, b's'] = fields.next()? else {
        return None;
    };
    let offset = hexadecimal(fields.next()?)?;
    let (major, minor) = pair(fields.next()?, b':')?;
    let inode = core::str::from_utf8(fields.next()?).ok()?.parse().ok()?;
    let key = key_in_name(fields.next()?.trim_ascii_start())?;
    Some(Mapping {
        start,
        end,
        offset,
        readable: read == b'r',
        writable: write == b'w',
        executable: execute == b'x',
        device: (u32::try_from(major).ok()?, u32::try_from(minor).ok()?),
        inode,
        key,
    })
}

pub(super) fn pair(field: &[u8], between: u8) -> Option<(u64, u64)> {
    let mut halves = field.splitn(2, |byte| *byte == between);
    Some((hexadecimal(halves.next()?)?, hexadecimal(halves.next()?)?))
}

fn hexadecimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    digits.iter().try_fold(0, |value: u64, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(value << 4 | u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::decode::testing::damaged;

    /// Captured on Linux 6.18 (x86-64) with the segments of
    /// `linux-6.18-x86_64-sysvipc-shm.txt`, two of them attached once and one
    /// twice.
    const CAPTURE: &[u8] = include_bytes!("../../tests/fixtures/linux-6.18-x86_64-maps.txt");

    #[test]
    fn linux_capture_of_maps_is_decoded() {
        let found: Vec<Mapping> = mappings(CAPTURE).collect();
        let ids: Vec<u64> = found.iter().map(|mapping| mapping.inode).collect();
        assert_eq!(ids, [3, 1, 1, 0]);
        assert_eq!(found[0].device, (0, 0x11));
        assert_eq!(found[0].key, Key::from_raw(0x1234_abcd));
        assert_eq!(found[0].end - found[0].start, 2 << 20);
        let rights: Vec<_> = found
            .iter()
            .map(|m| (m.readable, m.writable, m.executable))
            .collect();
        assert_eq!(
            rights[..3],
            [
                (true, true, false),
                (true, false, false),
                (true, true, false)
            ]
        );
        assert!(found[1..].iter().all(|mapping| mapping.device == (0, 1)));
        assert_eq!(found[3].key, Key::from_raw(0x5eed_0001));
        assert_eq!(found[3].end - found[3].start, 0x3000);
    }

    #[test]
    fn linux_other_mappings_are_no_attachments() {
        let line = "7f8b973ce000-7f8b973d0000 rw-s 00001000 00:01 98312  /SYSVffffffff (deleted)";
        let mapping = mappings(line.as_bytes()).next().unwrap();
        assert_eq!((mapping.offset, mapping.key), (0x1000, Key::from_raw(-1)));
        for (from, to) in [
            ("/SYSV", "/tmp/SYSV"),
            ("/SYSV", "/SYSW"),
            ("ffffffff", "fffffff"),
            ("ffffffff", "0ffffffff"),
            ("ffffffff", "fffffffg"),
            (" (deleted)", ""),
            (" (deleted)", " (deleted) (deleted)"),
            ("rw-s", "rw-p"),
            ("98312", "-1"),
            ("00:01", "0001"),
            ("7f8b973ce000", "10000000000000000"),
        ] {
            let other = line.replacen(from, to, 1);
            assert_eq!(mappings(other.as_bytes()).next(), None, "{other}");
        }
    }

    #[test]
    fn linux_extent_is_of_one_mapping_that_begins_at_the_address() {
        let text = b"7f0000000000-7f0000002000 rw-s 00000000 00:01 7  /SYSV00000000 (deleted)\n\
            7f0000002000-7f0000004000 rw-s 00002000 00:01 7  /SYSV00000000 (deleted)\n\
            7f0000004000-7f0000008000 rw-s 00000000 00:01 7  /SYSV00000000 (deleted)\n\
            7f0000008000-7f0000009000 rw-s 00000000 fe:01 7  /SYSV00000000 (deleted)\n";
        let id = SegmentId::from_raw;
        assert_eq!(extent(text, 0x7f00_0000_0000, id(7)), Some(0x2000));
        assert_eq!(extent(text, 0x7f00_0000_4000, id(7)), Some(0x4000));
        // Inside of a mapping, a later piece, another segment, another device.
        assert_eq!(extent(text, 0x7f00_0000_1000, id(7)), None);
        assert_eq!(extent(text, 0x7f00_0000_2000, id(7)), None);
        assert_eq!(extent(text, 0x7f00_0000_0000, id(8)), None);
        assert_eq!(extent(text, 0x7f00_0000_8000, id(7)), None);
        assert_eq!(extent(text, 0x7f00_0000_0000, id(-1)), None);
    }

    proptest! {
        #[test]
        fn linux_what_maps_printed_is_decoded(
            start in any::<u64>(), end in any::<u64>(), rights in any::<[bool; 3]>(),
            offset in any::<u64>(), device in (0_u32..0x1000, 0_u32..0x10_0000),
            inode in 0..=i32::MAX as u64, key in any::<i32>(),
        ) {
            let [r, w, x] = rights;
            let place = |on, letter| if on { letter } else { '-' };
            let line = format!(
                "{start:08x}-{end:08x} {}{}{}s {offset:08x} {:02x}:{:02x} {inode} {:>20}\n",
                place(r, 'r'), place(w, 'w'), place(x, 'x'), device.0, device.1,
                format!("/SYSV{key:08x} (deleted)"),
            );
            let expected = Mapping {
                start, end, offset, readable: r, writable: w, executable: x, device, inode,
                key: Key::from_raw(RawKey::from(key)),
            };
            let text = [CAPTURE, line.as_bytes()].concat();
            prop_assert_eq!(mappings(&text).last(), Some(expected));
        }

        #[test]
        fn linux_damaged_maps_never_panic(bytes in damaged(CAPTURE.to_vec())) {
            prop_assert!(mappings(&bytes).count() <= bytes.len() / 23);
        }
    }
}
