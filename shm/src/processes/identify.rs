//! FreeBSD: finds the segment of a mapping by key and sequence number.
//!
//! The slot, the other half of the identifier, is not reported. Among segments with the
//! same key, which are private or marked for removal, the sequence number alone may match
//! several. Then the length decides; if it does not, the mapping stays unidentified.

use crate::decode::freebsd_vm::Mapping;
use crate::{SegmentId, Stat};

/// Returns the only segment that can have this mapping.
pub(super) fn segment_of(
    mapping: &Mapping,
    segments: &[Stat],
    page_size: u64,
) -> Option<SegmentId> {
    let page_size = page_size.max(1);
    let fits = |stat: &&Stat| {
        stat.key == mapping.key && (stat.id.as_raw() >> 16) as u16 == mapping.sequence
    };
    let length = mapping
        .end
        .saturating_sub(mapping.start)
        .saturating_add(mapping.offset);
    let same_length =
        |stat: &&Stat| stat.size.div_ceil(page_size).saturating_mul(page_size) == length;
    only(segments.iter().filter(fits))
        .or_else(|| only(segments.iter().filter(fits).filter(same_length)))
}

fn only<'a>(mut candidates: impl Iterator<Item = &'a Stat>) -> Option<SegmentId> {
    let first = candidates.next()?;
    candidates.next().is_none().then_some(first.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;
    use crate::decode::sysvipc;

    fn segments() -> Vec<Stat> {
        let lines = [
            (0, 65536, 4096),
            (0, 65537, 8192),
            (0, 65538, 8192),
            (7, 65539, 4096),
        ];
        let text =
            lines.map(|(key, id, size)| format!("{key} {id} 600 {size} 1 2 1 0 0 0 0 0 0 9\n"));
        sysvipc::segments(format!("key\n{}", text.concat()).as_bytes(), 4096).unwrap()
    }

    fn mapping(key: u8, sequence: u16, length: u64) -> Mapping {
        Mapping {
            start: 0x1000,
            end: 0x1000 + length,
            offset: 0,
            readable: true,
            writable: true,
            executable: false,
            key: Key::from_raw(key.into()),
            sequence,
        }
    }

    #[test]
    fn freebsd_mapping_is_of_the_only_segment_that_fits() {
        let found = |key, sequence, length| {
            segment_of(&mapping(key, sequence, length), &segments(), 4096).map(SegmentId::as_raw)
        };
        assert_eq!(found(7, 1, 4096), Some(65539));
        assert_eq!(found(0, 1, 4096), Some(65536), "by its length");
        assert_eq!(found(0, 1, 8192), None, "two fit");
        assert_eq!(found(7, 2, 4096), None, "another sequence number");
        assert_eq!(found(8, 1, 4096), None, "another key");
    }
}
