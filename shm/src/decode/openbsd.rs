//! OpenBSD: the sysctl `KERN_SYSVIPC_INFO`, `KERN_SYSVIPC_SHM_INFO`: the limits as five
//! ints, four bytes of padding, then a `struct shmid_ds` per slot (`sys/shm.h`; seen on a
//! running 7.3 kernel).
//!
//! The kernel's length does not include the padding at the start, so the last record is
//! four bytes short: only its last field is cut, a kernel pointer that is not read here.
//! There is no allocated bit, and a live segment may have mode, key and sequence 0; its
//! size is never 0, and a free slot is all zeros.

use alloc::vec::Vec;

use super::record::slot_id;
use super::{Malformed, Record, flags};
use crate::{Key, Limit, Limits, Mode, RawKey, Stat, Timestamp};

/// `sizeof(struct shminfo)`, as the kernel counts it.
pub(crate) const HEADER: usize = 20;
/// Where the records start: `offsetof(struct shm_sysctl_info, shmids)` on LP64.
pub(crate) const RECORDS: usize = 24;
/// `sizeof(struct shmid_ds)` on LP64.
pub(crate) const STRIDE: usize = 104;

// Offsets in `shminfo`.
pub(crate) const SHMMAX: usize = 0;
pub(crate) const SHMMIN: usize = 4;
pub(crate) const SHMMNI: usize = 8;
pub(crate) const SHMSEG: usize = 12;
pub(crate) const SHMALL: usize = 16;

// Offsets in `shmid_ds`.
pub(crate) const CUID: usize = 0;
pub(crate) const CGID: usize = 4;
pub(crate) const UID: usize = 8;
pub(crate) const GID: usize = 12;
pub(crate) const MODE: usize = 16;
pub(crate) const SEQ: usize = 20;
pub(crate) const KEY: usize = 24;
pub(crate) const SEGSZ: usize = 32;
pub(crate) const LPID: usize = 36;
pub(crate) const CPID: usize = 40;
pub(crate) const NATTCH: usize = 44;
pub(crate) const ATIME: usize = 48;
pub(crate) const DTIME: usize = 64;
pub(crate) const CTIME: usize = 80;

/// Returns the limits at the start of the table, or alone in 20 bytes.
pub(crate) fn limits(bytes: &[u8], page_size: u64) -> Result<Limits, Malformed> {
    let header = Record(bytes);
    let field = |offset| header.u32(offset).map(u64::from);
    Ok(Limits {
        max_size: Limit::AtMost(field(SHMMAX)?),
        min_size: field(SHMMIN)?,
        max_segments: Limit::AtMost(field(SHMMNI)?),
        max_attachments: Limit::AtMost(field(SHMSEG)?),
        max_pages: Limit::AtMost(field(SHMALL)?),
        page_size,
    })
}

/// Returns the live segments of a whole table.
///
/// The table must have as many slots as its header says: a shorter one comes from a table
/// that grew between probe and read, and is refused. So is a longer one, except for the
/// four bytes by which the kernel's tables are short so far.
pub(crate) fn segments(bytes: &[u8]) -> Result<Vec<Stat>, Malformed> {
    let slots = Record(bytes).u32(SHMMNI)? as usize;
    let counted = slots
        .checked_mul(STRIDE)
        .and_then(|length| length.checked_add(HEADER));
    let whole = counted.and_then(|length| length.checked_add(RECORDS - HEADER));
    if counted != Some(bytes.len()) && whole != Some(bytes.len()) {
        return Err(Malformed(
            "KERN_SYSVIPC_SHM_INFO has records of an unexpected length",
        ));
    }
    let records = bytes.get(RECORDS..).unwrap_or_default();
    let mut live = Vec::new();
    for (index, record) in records.chunks(STRIDE).enumerate() {
        let record = Record(record);
        if record.u32(SEGSZ)? != 0 {
            live.push(segment(record, index)?);
        }
    }
    Ok(live)
}

fn segment(record: Record<'_>, index: usize) -> Result<Stat, Malformed> {
    let mode = record.u32(MODE)?;
    Ok(Stat {
        id: slot_id(record.u16(SEQ)?, index),
        // `key_t` is a long on the system itself.
        key: Key::from_raw(record.i64(KEY)? as RawKey),
        size: u64::from(record.u32(SEGSZ)?),
        mode: Mode::from_bits_truncate(mode),
        flags: flags::openbsd(mode),
        owner_uid: record.u32(UID)?,
        owner_gid: record.u32(GID)?,
        creator_uid: record.u32(CUID)?,
        creator_gid: record.u32(CGID)?,
        creator_pid: record.i32(CPID)?,
        last_pid: record.i32(LPID)?,
        // A C short, which becomes negative at 32768: read as unsigned, the count stays
        // right up to 65535.
        attached: u64::from(record.u16(NATTCH)?),
        attach_time: Timestamp::from_secs(record.i64(ATIME)?),
        detach_time: Timestamp::from_secs(record.i64(DTIME)?),
        change_time: Timestamp::from_secs(record.i64(CTIME)?),
        memory: None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::StatFlags;
    use crate::decode::testing::{Capture, arbitrary_stat, damaged};

    const CAPTURE: &str = include_str!("../../tests/fixtures/openbsd-7.3-amd64-shm_info.txt");
    const SLOTS: usize = 128;
    const LENGTH: usize = HEADER + SLOTS * STRIDE;

    fn encode(stat: &Stat, record: &mut [u8]) {
        let mut put = |at: usize, bytes: &[u8]| record[at..at + bytes.len()].copy_from_slice(bytes);
        let removed = if stat.flags.marked_for_removal() {
            0o1000
        } else {
            0
        };
        put(CUID, &stat.creator_uid.to_le_bytes());
        put(CGID, &stat.creator_gid.to_le_bytes());
        put(UID, &stat.owner_uid.to_le_bytes());
        put(GID, &stat.owner_gid.to_le_bytes());
        put(MODE, &(stat.mode.bits() | removed).to_le_bytes());
        put(SEQ, &((stat.id.as_raw() >> 16) as u16).to_le_bytes());
        put(KEY, &i64::from(stat.key.as_raw()).to_le_bytes());
        put(SEGSZ, &(stat.size as u32).to_le_bytes());
        put(LPID, &stat.last_pid.to_le_bytes());
        put(CPID, &stat.creator_pid.to_le_bytes());
        put(NATTCH, &(stat.attached as u16).to_le_bytes());
        put(
            ATIME,
            &stat.attach_time.map_or(0, Timestamp::as_secs).to_le_bytes(),
        );
        put(
            DTIME,
            &stat.detach_time.map_or(0, Timestamp::as_secs).to_le_bytes(),
        );
        put(
            CTIME,
            &stat.change_time.map_or(0, Timestamp::as_secs).to_le_bytes(),
        );
    }

    fn captured() -> (Capture, Vec<u8>) {
        let capture = Capture::parse(CAPTURE);
        let mut bytes = capture.bytes.clone();
        bytes.resize(LENGTH, 0);
        (capture, bytes)
    }

    #[test]
    fn openbsd_capture_decodes_to_what_ipc_stat_said() {
        let (capture, bytes) = captured();
        let decoded = segments(&bytes).unwrap();
        capture.check(&decoded, 0o777 | 0o1000);
        assert_eq!(decoded[1].flags, StatFlags::MARKED_FOR_REMOVAL);
    }

    #[test]
    fn openbsd_header_has_the_limits() {
        let (_, bytes) = captured();
        let limits = limits(&bytes[..HEADER], 4096).unwrap();
        assert_eq!(limits.max_size, Limit::AtMost(33_554_432));
        assert_eq!(limits.min_size, 1);
        assert_eq!(limits.max_segments, Limit::AtMost(128));
        assert_eq!(limits.max_attachments, Limit::AtMost(128));
        assert_eq!(limits.max_total(), Limit::AtMost(8192 * 4096));
    }

    #[test]
    fn openbsd_last_slot_is_live_although_four_bytes_short_and_all_else_zero() {
        let (_, mut bytes) = captured();
        let last = RECORDS + (SLOTS - 1) * STRIDE;
        assert_eq!(bytes.len() - last, 100);
        bytes[last + SEGSZ] = 1;
        let decoded = segments(&bytes).unwrap();
        let last = decoded.last().unwrap();
        assert_eq!(
            (last.id.as_raw(), last.size, last.mode),
            (127, 1, Mode::NONE)
        );
        bytes.extend([0xff; 4]);
        assert_eq!(segments(&bytes).unwrap(), decoded);
    }

    #[test]
    fn openbsd_attach_count_beyond_a_short_is_no_negative_number() {
        let (_, mut bytes) = captured();
        let at = RECORDS + NATTCH;
        bytes[at..at + 2].copy_from_slice(&(-32768_i16).to_le_bytes());
        assert_eq!(segments(&bytes).unwrap()[0].attached, 32768);
    }

    #[test]
    fn openbsd_table_that_grew_between_probe_and_read_is_refused() {
        let (_, bytes) = captured();
        for length in [0, 11, 20, 24, 124, LENGTH - 4, LENGTH - 1] {
            assert!(segments(&bytes[..length]).is_err(), "{length}");
        }
        let mut longer = bytes;
        longer.resize(LENGTH + STRIDE, 0);
        assert!(segments(&longer).is_err());
    }

    proptest! {
        #[test]
        fn openbsd_what_was_encoded_is_decoded(
            stats in proptest::collection::btree_map(
                0_i32..64, arbitrary_stat(StatFlags::MARKED_FOR_REMOVAL), 0..16)
        ) {
            let mut bytes = vec![0; RECORDS + 64 * STRIDE];
            bytes[SHMMNI] = 64;
            let stats: Vec<Stat> = stats.into_iter().map(|(index, mut stat)| {
                stat.id = slot_id((stat.id.as_raw() & 0x7fff) as u16, index as usize);
                stat.size = stat.size.clamp(1, u64::from(u32::MAX));
                stat.attached &= 0xffff;
                let at = RECORDS + index as usize * STRIDE;
                encode(&stat, &mut bytes[at..at + STRIDE]);
                stat
            }).collect();
            bytes.truncate(HEADER + 64 * STRIDE);
            prop_assert_eq!(segments(&bytes), Ok(stats));
        }

        #[test]
        fn openbsd_damaged_tables_never_panic(bytes in damaged(captured().1)) {
            let _ = limits(&bytes, 4096);
            let _ = segments(&bytes);
        }
    }
}
