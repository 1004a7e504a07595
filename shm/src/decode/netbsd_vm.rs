//! NetBSD: the mappings of a process, from the sysctl `vm.proc.map`: records of `struct
//! kinfo_vmentry` (`sys/sysctl.h`).
//!
//! A record does not say which object it maps, only how many references that object has:
//! one by the segment, and one by every mapping of it. Seen on 10.99.12.

use alloc::vec::Vec;

use super::{Malformed, Record};

/// `sizeof(struct kinfo_vmentry)`.
pub(crate) const STRIDE: usize = 1128;

// Offsets in it.
pub(crate) const START: usize = 0;
pub(crate) const END: usize = 8;
pub(crate) const OFFSET: usize = 16;
pub(crate) const TYPE: usize = 24;
pub(crate) const COUNT: usize = 32;
pub(crate) const PROTECTION: usize = 48;
pub(crate) const REF_COUNT: usize = 56;
pub(crate) const INHERITANCE: usize = 60;

/// `KVME_TYPE_ANON`: memory without a file, as a segment's is.
const ANONYMOUS: u32 = 5;
/// `MAP_INHERIT_SHARE`.
const SHARED: u32 = 0;
// `KVME_PROT_READ`, `KVME_PROT_WRITE` and `KVME_PROT_EXEC`.
const READ: u32 = 1;
const WRITE: u32 = 2;
const EXECUTE: u32 = 4;

/// A mapping that may be a segment's: shared, and not of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// The offset of `start` in the object.
    pub(crate) offset: u64,
    pub(crate) readable: bool,
    pub(crate) writable: bool,
    pub(crate) executable: bool,
    /// The number of references to the object.
    pub(crate) references: u32,
    /// Resident pages of the whole object.
    pub(crate) resident_pages: u32,
}

/// Returns the mappings that may be segments'.
pub(crate) fn mappings(bytes: &[u8]) -> Result<Vec<Mapping>, Malformed> {
    let records = bytes.chunks_exact(STRIDE);
    if !records.remainder().is_empty() {
        return Err(Malformed("vm.proc.map ends within a record"));
    }
    let mut found = Vec::new();
    for record in records {
        let record = Record(record);
        if record.u32(TYPE)? == ANONYMOUS && record.u32(INHERITANCE)? == SHARED {
            found.push(mapping(record)?);
        }
    }
    Ok(found)
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
        references: record.u32(REF_COUNT)?,
        resident_pages: record.u32(COUNT)?,
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use alloc::vec;

    use proptest::prelude::*;

    use super::*;
    use crate::decode::testing::damaged;

    // Built from the layout in the header: these tests have no capture.

    pub(crate) fn encode(mapping: &Mapping, kind: u32, inheritance: u32) -> Vec<u8> {
        let mut record = vec![0; STRIDE];
        let mut put = |at: usize, bytes: &[u8]| record[at..at + bytes.len()].copy_from_slice(bytes);
        let right = |on, bit| if on { bit } else { 0 };
        let rights = right(mapping.readable, READ)
            | right(mapping.writable, WRITE)
            | right(mapping.executable, EXECUTE);
        put(START, &mapping.start.to_le_bytes());
        put(END, &mapping.end.to_le_bytes());
        put(OFFSET, &mapping.offset.to_le_bytes());
        put(TYPE, &kind.to_le_bytes());
        put(COUNT, &mapping.resident_pages.to_le_bytes());
        put(PROTECTION, &rights.to_le_bytes());
        put(REF_COUNT, &mapping.references.to_le_bytes());
        put(INHERITANCE, &inheritance.to_le_bytes());
        record
    }

    const SOME: Mapping = Mapping {
        start: 0x7f7f_0000_0000,
        end: 0x7f7f_0000_3000,
        offset: 0,
        readable: true,
        writable: true,
        executable: false,
        references: 3,
        resident_pages: 2,
    };

    #[test]
    fn netbsd_shared_anonymous_mappings_are_told_from_the_others() {
        let table = [
            encode(&SOME, 2, SHARED),
            encode(&SOME, ANONYMOUS, 1),
            encode(&SOME, ANONYMOUS, SHARED),
        ];
        assert_eq!(mappings(&table.concat()), Ok(vec![SOME]));
        assert_eq!(mappings(&[]), Ok(vec![]));
    }

    #[test]
    fn netbsd_mappings_that_end_within_a_record_are_refused() {
        let record = encode(&SOME, ANONYMOUS, SHARED);
        for length in [1, 104, STRIDE - 1] {
            assert!(mappings(&record[..length]).is_err(), "{length}");
        }
    }

    proptest! {
        #[test]
        fn netbsd_mappings_that_were_encoded_are_decoded(
            all in proptest::collection::vec(
                (any::<[u64; 3]>(), any::<[bool; 3]>(), any::<[u32; 2]>()), 0..8,
            )
        ) {
            let all: Vec<Mapping> = all.into_iter().map(|(at, rights, counts)| {
                let [start, end, offset] = at;
                let [readable, writable, executable] = rights;
                let [references, resident_pages] = counts;
                Mapping { start, end, offset, readable, writable, executable, references, resident_pages }
            }).collect();
            let bytes: Vec<u8> =
                all.iter().flat_map(|mapping| encode(mapping, ANONYMOUS, SHARED)).collect();
            prop_assert_eq!(mappings(&bytes), Ok(all));
        }

        #[test]
        fn netbsd_damaged_mappings_never_panic(
            bytes in damaged([encode(&SOME, ANONYMOUS, SHARED), encode(&SOME, 2, 1)].concat())
        ) {
            let _ = mappings(&bytes);
        }
    }
}
