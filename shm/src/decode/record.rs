//! Fields of a record of a kernel's table.
//!
//! The offsets are explicit and cited where they are used, and not taken from the running
//! system's headers, because a decoder must work on hosts of other systems. Every system
//! with binary tables runs here as little-endian; the readers in `sys/table/` assert it.

use crate::SegmentId;
use crate::error::Cause;

/// The bytes have an unknown form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed(pub(crate) &'static str);

impl From<Malformed> for Cause {
    fn from(Malformed(what): Malformed) -> Self {
        Self::UnknownForm { what }
    }
}

/// A record, whose fields are read by offset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'a>(pub(crate) &'a [u8]);

impl Record<'_> {
    fn field<const N: usize>(self, offset: usize) -> Result<[u8; N], Malformed> {
        let field = self.0.get(offset..).and_then(<[u8]>::first_chunk::<N>);
        field.copied().ok_or(Malformed("a record ends early"))
    }

    pub(crate) fn u8(self, offset: usize) -> Result<u8, Malformed> {
        self.field(offset).map(|[byte]| byte)
    }

    pub(crate) fn u16(self, offset: usize) -> Result<u16, Malformed> {
        self.field(offset).map(u16::from_le_bytes)
    }

    pub(crate) fn u32(self, offset: usize) -> Result<u32, Malformed> {
        self.field(offset).map(u32::from_le_bytes)
    }

    pub(crate) fn i32(self, offset: usize) -> Result<i32, Malformed> {
        self.field(offset).map(i32::from_le_bytes)
    }

    pub(crate) fn u64(self, offset: usize) -> Result<u64, Malformed> {
        self.field(offset).map(u64::from_le_bytes)
    }

    pub(crate) fn i64(self, offset: usize) -> Result<i64, Malformed> {
        self.field(offset).map(i64::from_le_bytes)
    }
}

/// Splits FreeBSD's tables, whose records begin with their own length, an `int`:
/// `kinfo_vmentry`, `kinfo_vmobject`. The kernel ends an answer with a length of 0
/// where the buffer has room to spare.
///
/// Returns an error with `what` at a length below `least` or beyond the bytes, and then
/// ends.
pub(crate) fn with_lengths<'a>(
    bytes: &'a [u8],
    least: usize,
    what: &'static str,
) -> impl Iterator<Item = Result<Record<'a>, Malformed>> {
    let mut rest = bytes;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let length = match Record(rest).u32(0) {
            Ok(0) => return None,
            Ok(length) => length as usize,
            Err(malformed) => {
                rest = &[];
                return Some(Err(malformed));
            }
        };
        let split = rest.split_at_checked(length).filter(|_| length >= least);
        let (record, next) = split.unwrap_or_default();
        rest = next;
        Some(split.map(|_| Record(record)).ok_or(Malformed(what)))
    })
}

/// Returns the identifier of a slot on macOS and the BSDs: `IXSEQ_TO_IPCID` of
/// `<sys/ipc.h>`.
pub(crate) const fn slot_id(sequence: u16, index: usize) -> SegmentId {
    // Sixteen bits each, so neither conversion loses any.
    let bits = ((sequence as u32) << 16) | (index & 0xffff) as u32;
    SegmentId::from_raw(bits as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_is_read_past_the_end() {
        let record = Record(&[1, 2, 3, 4]);
        assert_eq!(record.u16(2), Ok(0x0403));
        assert_eq!(record.u32(0), Ok(0x0403_0201));
        for offset in [1, 4, 5, usize::MAX] {
            assert!(record.u32(offset).is_err(), "{offset}");
        }
    }

    #[test]
    fn slot_zero_with_sequence_zero_is_identifier_zero() {
        assert_eq!(slot_id(0, 0).as_raw(), 0);
        assert_eq!(slot_id(1, 2).as_raw(), 65538);
        assert_eq!(slot_id(0x7fff, 0xffff).as_raw(), i32::MAX);
    }
}
