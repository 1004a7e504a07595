//! FreeBSD: the mappings of a process, from `KERN_PROC_VMMAP`: records of `struct
//! kinfo_vmentry` (`sys/user.h`), each with its own length.
//!
//! Newer kernels mark the mappings of segments with the segment's key and sequence
//! number, but not its slot (`kern_proc_vmmap_out` in `kern_proc.c`).

use alloc::vec::Vec;

use super::{Malformed, Record, with_lengths};
use crate::{Key, RawKey};

// Offsets in `kinfo_vmentry` on LP64.
pub(crate) const STRUCTSIZE: usize = 0;
pub(crate) const START: usize = 8;
pub(crate) const END: usize = 16;
pub(crate) const OFFSET: usize = 24;
pub(crate) const VN_FILEID: usize = 32;
pub(crate) const VN_FSID: usize = 40;
pub(crate) const FLAGS: usize = 44;
pub(crate) const PROTECTION: usize = 56;
/// Every record has at least this length; the path that follows is cut.
pub(crate) const PATH: usize = 136;

/// `KVME_FLAG_SYSVSHM`: absent in 13.2, present in main.
const SYSVSHM: u32 = 0x80;
// `KVME_PROT_READ`, `KVME_PROT_WRITE` and `KVME_PROT_EXEC`.
const READ: u32 = 1;
const WRITE: u32 = 2;
const EXECUTE: u32 = 4;

/// A mapping that the kernel marks as a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// The offset of `start` in the segment.
    pub(crate) offset: u64,
    pub(crate) readable: bool,
    pub(crate) writable: bool,
    pub(crate) executable: bool,
    /// The segment's current key: 0 once it is marked for removal.
    pub(crate) key: Key,
    pub(crate) sequence: u16,
}

/// Returns the marked mappings of a process.
pub(crate) fn mappings(bytes: &[u8]) -> Result<Vec<Mapping>, Malformed> {
    let mut marked = Vec::new();
    for record in with_lengths(bytes, PATH, "a kinfo_vmentry has an unexpected length") {
        let record = record?;
        if record.u32(FLAGS)? & SYSVSHM != 0 {
            marked.push(mapping(record)?);
        }
    }
    Ok(marked)
}

fn mapping(record: Record<'_>) -> Result<Mapping, Malformed> {
    let rights = record.u32(PROTECTION)?;
    Ok(Mapping {
        start: record.u64(START)?,
        end: record.u64(END)?,
        offset: record.u64(OFFSET)?,
        readable: rights & READ != 0,
        writable: rights & WRITE != 0,
        executable: rights & EXECUTE != 0,
        // A `key_t` widened; a long on the system itself.
        key: Key::from_raw(record.i64(VN_FILEID)? as RawKey),
        // An unsigned short widened.
        sequence: record.u32(VN_FSID)? as u16,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decode::testing::{Capture, damaged};

    /// A kernel that does not mark segments: the process has five attachments.
    const UNMARKED: &str = include_str!("../../tests/fixtures/freebsd-13.2-amd64-vmmap.txt");

    // The other records are built from the layout in the header, without a capture from a
    // kernel that marks segments.

    fn encode(mapping: &Mapping, flags: u32, length: usize) -> Vec<u8> {
        let mut record = vec![0; length];
        let mut put = |at: usize, bytes: &[u8]| record[at..at + bytes.len()].copy_from_slice(bytes);
        let right = |on, bit| if on { bit } else { 0 };
        let rights = right(mapping.readable, READ)
            | right(mapping.writable, WRITE)
            | right(mapping.executable, EXECUTE);
        put(STRUCTSIZE, &(length as u32).to_le_bytes());
        put(START, &mapping.start.to_le_bytes());
        put(END, &mapping.end.to_le_bytes());
        put(OFFSET, &mapping.offset.to_le_bytes());
        put(VN_FILEID, &i64::from(mapping.key.as_raw()).to_le_bytes());
        put(VN_FSID, &u32::from(mapping.sequence).to_le_bytes());
        put(FLAGS, &flags.to_le_bytes());
        put(PROTECTION, &rights.to_le_bytes());
        record
    }

    const SOME: Mapping = Mapping {
        start: 0x8_0000_0000,
        end: 0x8_0000_3000,
        offset: 0,
        readable: true,
        writable: false,
        executable: false,
        key: Key::from_raw(0x5eed_0001),
        sequence: 3,
    };

    #[test]
    fn freebsd_13_capture_is_read_to_its_end_and_marks_nothing() {
        let bytes = Capture::parse(UNMARKED).bytes;
        assert_eq!(bytes.len(), 4784);
        assert_eq!(mappings(&bytes), Ok(Vec::new()));
        // All 32 records are read, and so is what follows.
        let more = [&bytes[..], &encode(&SOME, SYSVSHM, 144)].concat();
        assert_eq!(mappings(&more), Ok(vec![SOME]));
        let mut lengths = Vec::new();
        let mut rest = &bytes[..];
        while let Ok(length) = Record(rest).u32(STRUCTSIZE) {
            lengths.push(length);
            rest = &rest[length as usize..];
        }
        assert_eq!((lengths.len(), rest.len()), (32, 0));
        let marked_by_hand = {
            let mut bytes = bytes.clone();
            bytes[FLAGS] |= SYSVSHM as u8;
            bytes
        };
        assert_eq!(mappings(&marked_by_hand).map(|found| found.len()), Ok(1));
    }

    #[test]
    fn freebsd_marked_mappings_are_told_from_the_others() {
        let bytes = [
            encode(&SOME, 0, 152),
            encode(&SOME, SYSVSHM | 1, PATH),
            encode(&SOME, 0x100, 1160),
            encode(
                &Mapping {
                    writable: true,
                    ..SOME
                },
                SYSVSHM,
                144,
            ),
        ]
        .concat();
        let expected = vec![
            SOME,
            Mapping {
                writable: true,
                ..SOME
            },
        ];
        assert_eq!(mappings(&bytes), Ok(expected.clone()));
        assert_eq!(mappings(&[&bytes[..], &[0; 40]].concat()), Ok(expected));
        assert_eq!(mappings(&[]), Ok(Vec::new()));
    }

    #[test]
    fn freebsd_mapping_records_that_end_early_are_refused() {
        let bytes = encode(&SOME, SYSVSHM, 144);
        for length in [1, 3, 4, PATH, 143] {
            assert!(mappings(&bytes[..length]).is_err(), "{length}");
        }
        let short = encode(&SOME, SYSVSHM, PATH - 1);
        assert!(mappings(&short).is_err());
    }

    proptest! {
        #[test]
        fn freebsd_mappings_that_were_encoded_are_decoded(
            all in proptest::collection::vec(
                (any::<[u64; 3]>(), any::<[bool; 3]>(), any::<i32>(), any::<u16>(), 0_usize..100),
                0..10,
            )
        ) {
            let all: Vec<(Mapping, usize)> = all.into_iter().map(|(at, rights, key, seq, pad)| {
                let [start, end, offset] = at;
                let [readable, writable, executable] = rights;
                let key = Key::from_raw(key.into());
                (Mapping { start, end, offset, readable, writable, executable, key, sequence: seq },
                    PATH + pad)
            }).collect();
            let bytes: Vec<u8> =
                all.iter().flat_map(|(mapping, length)| encode(mapping, SYSVSHM, *length)).collect();
            let expected = all.into_iter().map(|(mapping, _)| mapping).collect();
            prop_assert_eq!(mappings(&bytes), Ok(expected));
        }

        #[test]
        fn freebsd_damaged_mappings_never_panic(
            bytes in damaged([encode(&SOME, SYSVSHM, 144), encode(&SOME, 0, 200)].concat())
        ) {
            let _ = mappings(&bytes);
        }
    }
}
