//! FreeBSD: the VM objects of the system, from the sysctl `vm.objects`: records of
//! `struct kinfo_vmobject` (`sys/user.h`), each with its own length.
//!
//! Kernels that mark the mappings of segments mark their objects too, with the segment's
//! key and sequence number in the fields for a file's numbers.

use alloc::vec::Vec;

use super::freebsd_vm::Mapping;
use super::{Malformed, Record, with_lengths};
use crate::{Key, RawKey};

// Offsets in `kinfo_vmobject` on LP64.
pub(crate) const STRUCTSIZE: usize = 0;
pub(crate) const SIZE: usize = 8;
pub(crate) const VN_FILEID: usize = 16;
pub(crate) const VN_FSID: usize = 24;
pub(crate) const RESIDENT: usize = 40;
pub(crate) const SWAPPED: usize = 128;
pub(crate) const FLAGS: usize = 132;
/// Every record has at least this length; the path that follows is cut.
pub(crate) const PATH: usize = 160;

/// `KVMO_FLAG_SYSVSHM`.
const SYSVSHM: u32 = 1;

/// The object of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Object {
    /// The segment's current key: 0 once it is marked for removal.
    pub(crate) key: Key,
    pub(crate) sequence: u16,
    pub(crate) pages: u64,
    pub(crate) resident_pages: u64,
    pub(crate) swapped_pages: u64,
}

impl Object {
    /// Returns the mapping of the whole object that a process would have.
    pub(crate) fn as_mapping(&self, page_size: u64) -> Mapping {
        Mapping {
            start: 0,
            end: self.pages.saturating_mul(page_size),
            offset: 0,
            readable: true,
            writable: true,
            executable: false,
            key: self.key,
            sequence: self.sequence,
        }
    }
}

/// Returns the objects that the kernel marks as segments.
pub(crate) fn objects(bytes: &[u8]) -> Result<Vec<Object>, Malformed> {
    let mut marked = Vec::new();
    for record in with_lengths(bytes, PATH, "a kinfo_vmobject has an unexpected length") {
        let record = record?;
        if record.u32(FLAGS)? & SYSVSHM != 0 {
            marked.push(object(record)?);
        }
    }
    Ok(marked)
}

fn object(record: Record<'_>) -> Result<Object, Malformed> {
    Ok(Object {
        // A `key_t` widened; a long on the system itself.
        key: Key::from_raw(record.i64(VN_FILEID)? as RawKey),
        // An unsigned short widened.
        sequence: record.u32(VN_FSID)? as u16,
        pages: record.u64(SIZE)?,
        resident_pages: record.u64(RESIDENT)?,
        swapped_pages: u64::from(record.u32(SWAPPED)?),
    })
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use proptest::prelude::*;

    use super::*;
    use crate::decode::testing::damaged;

    // Built from the layout in the header: these tests have no capture from a kernel that
    // marks segments.

    fn encode(object: &Object, flags: u32, length: usize) -> Vec<u8> {
        let mut record = vec![0; length];
        let mut put = |at: usize, bytes: &[u8]| record[at..at + bytes.len()].copy_from_slice(bytes);
        put(STRUCTSIZE, &(length as u32).to_le_bytes());
        put(SIZE, &object.pages.to_le_bytes());
        put(VN_FILEID, &i64::from(object.key.as_raw()).to_le_bytes());
        put(VN_FSID, &u32::from(object.sequence).to_le_bytes());
        put(RESIDENT, &object.resident_pages.to_le_bytes());
        put(SWAPPED, &(object.swapped_pages as u32).to_le_bytes());
        put(FLAGS, &flags.to_le_bytes());
        record
    }

    const SOME: Object = Object {
        key: Key::from_raw(0x5eed_0001),
        sequence: 3,
        pages: 5,
        resident_pages: 2,
        swapped_pages: 1,
    };

    #[test]
    fn freebsd_objects_of_segments_are_told_from_the_others() {
        let table = [
            encode(&SOME, 0, 168),
            encode(&SOME, 2, PATH),
            encode(&SOME, SYSVSHM, PATH),
            vec![0; 40],
        ];
        assert_eq!(objects(&table.concat()), Ok(vec![SOME]));
        assert_eq!(objects(&[]), Ok(vec![]));
        assert!(objects(&encode(&SOME, SYSVSHM, PATH)[..PATH - 1]).is_err());
        assert!(objects(&encode(&SOME, SYSVSHM, PATH - 1)).is_err());
    }

    proptest! {
        #[test]
        fn freebsd_objects_that_were_encoded_are_decoded(
            all in proptest::collection::vec(
                (any::<i32>(), any::<u16>(), any::<[u64; 2]>(), any::<u32>(), 0_usize..100), 0..10,
            )
        ) {
            let all: Vec<(Object, usize)> = all.into_iter().map(|(key, sequence, pages, swapped, pad)| {
                let [pages, resident_pages] = pages;
                let key = Key::from_raw(key.into());
                let swapped_pages = u64::from(swapped);
                (Object { key, sequence, pages, resident_pages, swapped_pages }, PATH + pad)
            }).collect();
            let bytes: Vec<u8> =
                all.iter().flat_map(|(object, length)| encode(object, SYSVSHM, *length)).collect();
            let expected = all.into_iter().map(|(object, _)| object).collect();
            prop_assert_eq!(objects(&bytes), Ok(expected));
        }

        #[test]
        fn freebsd_damaged_objects_never_panic(
            bytes in damaged([encode(&SOME, SYSVSHM, 180), encode(&SOME, 0, 200)].concat())
        ) {
            let _ = objects(&bytes);
        }
    }
}
