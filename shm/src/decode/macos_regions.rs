//! macOS: one region of a process, `PROC_PIDREGIONINFO`: `struct
//! proc_regioninfo` (`sys/proc_info.h`).
//!
//! Written from the header and the kernel's source, without a running macOS.

use super::{Malformed, Record};

/// `sizeof(struct proc_regioninfo)`.
pub(crate) const SIZE: usize = 96;

// Offsets in it.
pub(crate) const PROTECTION: usize = 0;
pub(crate) const OFFSET: usize = 16;
pub(crate) const PAGES_RESIDENT: usize = 36;
pub(crate) const SHARE_MODE: usize = 60;
pub(crate) const OBJ_ID: usize = 72;
pub(crate) const ADDRESS: usize = 80;
pub(crate) const LENGTH: usize = 88;

// `VM_PROT_READ`, `VM_PROT_WRITE` and `VM_PROT_EXECUTE`.
const READ: u32 = 1;
const WRITE: u32 = 2;
const EXECUTE: u32 = 4;

// `SM_SHARED`, `SM_TRUESHARED` and `SM_SHARED_ALIASED`; with one mapping only,
// a segment's object is `SM_PRIVATE`.
const SHARED: &[u32] = &[4, 5, 7];

/// A region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// The offset of `start` in the object.
    pub(crate) offset: u64,
    pub(crate) readable: bool,
    pub(crate) writable: bool,
    pub(crate) executable: bool,
    /// Whether others map the object too.
    pub(crate) shared: bool,
    /// The number of the object, 0 if there is none. The kernel shortens it to 32 bits,
    /// so two objects may, rarely, have the same number.
    pub(crate) object: u32,
    /// Resident pages of the region.
    pub(crate) resident_pages: u32,
}

/// Returns the region in a structure.
pub(crate) fn region(bytes: &[u8]) -> Result<Region, Malformed> {
    if bytes.len() != SIZE {
        return Err(Malformed("a proc_regioninfo has an unexpected length"));
    }
    let record = Record(bytes);
    let rights = record.u32(PROTECTION)?;
    let start = record.u64(ADDRESS)?;
    Ok(Region {
        start,
        end: start.saturating_add(record.u64(LENGTH)?),
        offset: record.u64(OFFSET)?,
        readable: rights & READ != 0,
        writable: rights & WRITE != 0,
        executable: rights & EXECUTE != 0,
        shared: SHARED.contains(&record.u32(SHARE_MODE)?),
        object: record.u32(OBJ_ID)?,
        resident_pages: record.u32(PAGES_RESIDENT)?,
    })
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    fn encode(region: &Region) -> Vec<u8> {
        let mut record = vec![0; SIZE];
        let mut put = |at: usize, bytes: &[u8]| record[at..at + bytes.len()].copy_from_slice(bytes);
        let right = |on, bit| if on { bit } else { 0 };
        let rights = right(region.readable, READ)
            | right(region.writable, WRITE)
            | right(region.executable, EXECUTE);
        put(PROTECTION, &rights.to_le_bytes());
        put(OFFSET, &region.offset.to_le_bytes());
        put(PAGES_RESIDENT, &region.resident_pages.to_le_bytes());
        let mode: u32 = if region.shared { 5 } else { 2 };
        put(SHARE_MODE, &mode.to_le_bytes());
        put(OBJ_ID, &region.object.to_le_bytes());
        put(ADDRESS, &region.start.to_le_bytes());
        put(LENGTH, &(region.end - region.start).to_le_bytes());
        record
    }

    #[test]
    fn macos_region_of_another_length_is_refused() {
        for length in [0, SIZE - 1, SIZE + 1] {
            assert!(region(&vec![0; length]).is_err(), "{length}");
        }
    }

    #[test]
    fn macos_region_beyond_the_last_address_ends_there() {
        let mut bytes = vec![0xff; SIZE];
        assert_eq!(region(&bytes).unwrap().end, u64::MAX);
        bytes[SHARE_MODE..SHARE_MODE + 4].copy_from_slice(&8_u32.to_le_bytes());
        assert!(!region(&bytes).unwrap().shared);
    }

    proptest! {
        #[test]
        fn macos_regions_that_were_encoded_are_decoded(
            start in 0_u64..1 << 60, length in 0_u64..1 << 60, offset in any::<u64>(),
            rights in any::<[bool; 4]>(), numbers in any::<[u32; 2]>(),
        ) {
            let [readable, writable, executable, shared] = rights;
            let [object, resident_pages] = numbers;
            let expected = Region {
                start, end: start + length, offset, readable, writable, executable, shared, object,
                resident_pages,
            };
            prop_assert_eq!(region(&encode(&expected)), Ok(expected));
        }
    }
}
