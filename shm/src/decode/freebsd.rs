//! FreeBSD: `kern.ipc.shmsegs`, an array of `struct shmid_kernel`, one per slot
//! (`sys/shm.h` with `_WANT_SYSVSHM_INTERNALS`; the same on LP64 from 10.4 to main, seen
//! on a running 13.2).
//!
//! The record's length is not part of the interface, so records of any other length are
//! refused.

use alloc::vec::Vec;

use super::record::slot_id;
use super::{Malformed, Record, flags};
use crate::{Key, Mode, RawKey, Stat, Timestamp};

/// `sizeof(struct shmid_kernel)`: a `shmid_ds` of 80 bytes and three pointers,
/// zeroed.
pub(crate) const STRIDE: usize = 104;

/// `SHMSEG_ALLOCATED` (`sysv_shm.c`).
const ALLOCATED: u16 = 0o4000;

// Offsets in `shmid_ds` on LP64.
pub(crate) const CUID: usize = 0;
pub(crate) const CGID: usize = 4;
pub(crate) const UID: usize = 8;
pub(crate) const GID: usize = 12;
pub(crate) const MODE: usize = 16;
pub(crate) const SEQ: usize = 18;
pub(crate) const KEY: usize = 24;
pub(crate) const SEGSZ: usize = 32;
pub(crate) const LPID: usize = 40;
pub(crate) const CPID: usize = 44;
pub(crate) const NATTCH: usize = 48;
pub(crate) const ATIME: usize = 56;
pub(crate) const DTIME: usize = 64;
pub(crate) const CTIME: usize = 72;

/// Returns the live segments of a table of `slots` (`kern.ipc.shmmni`) records.
pub(crate) fn segments(bytes: &[u8], slots: usize) -> Result<Vec<Stat>, Malformed> {
    if slots.checked_mul(STRIDE) != Some(bytes.len()) {
        return Err(Malformed(
            "kern.ipc.shmsegs has records of an unexpected length",
        ));
    }
    let mut live = Vec::new();
    for (index, record) in bytes.chunks_exact(STRIDE).enumerate() {
        let record = Record(record);
        if record.u16(MODE)? & ALLOCATED != 0 {
            live.push(segment(record, index)?);
        }
    }
    Ok(live)
}

fn segment(record: Record<'_>, index: usize) -> Result<Stat, Malformed> {
    let mode = u32::from(record.u16(MODE)?);
    Ok(Stat {
        id: slot_id(record.u16(SEQ)?, index),
        // `key_t` is a long on the system itself.
        key: Key::from_raw(record.i64(KEY)? as RawKey),
        size: record.u64(SEGSZ)?,
        mode: Mode::from_bits_truncate(mode),
        flags: flags::bsd(mode),
        owner_uid: record.u32(UID)?,
        owner_gid: record.u32(GID)?,
        creator_uid: record.u32(CUID)?,
        creator_gid: record.u32(CGID)?,
        creator_pid: record.i32(CPID)?,
        last_pid: record.i32(LPID)?,
        attached: u64::from(record.u32(NATTCH)?),
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

    const CAPTURE: &str = include_str!("../../tests/fixtures/freebsd-13.2-amd64-shmsegs.txt");
    const SLOTS: usize = 192;

    /// Writes the record that `segment` reads.
    pub(super) fn encode(stat: &Stat, record: &mut [u8]) {
        let mut put = |at: usize, bytes: &[u8]| record[at..at + bytes.len()].copy_from_slice(bytes);
        let removed = if stat.flags.marked_for_removal() {
            0o2000
        } else {
            0
        };
        put(CUID, &stat.creator_uid.to_le_bytes());
        put(CGID, &stat.creator_gid.to_le_bytes());
        put(UID, &stat.owner_uid.to_le_bytes());
        put(GID, &stat.owner_gid.to_le_bytes());
        put(
            MODE,
            &(stat.mode.bits() as u16 | ALLOCATED | removed).to_le_bytes(),
        );
        put(SEQ, &((stat.id.as_raw() >> 16) as u16).to_le_bytes());
        put(KEY, &i64::from(stat.key.as_raw()).to_le_bytes());
        put(SEGSZ, &stat.size.to_le_bytes());
        put(LPID, &stat.last_pid.to_le_bytes());
        put(CPID, &stat.creator_pid.to_le_bytes());
        put(NATTCH, &(stat.attached as u32).to_le_bytes());
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

    fn table(stats: &[Stat]) -> Vec<u8> {
        let slots = stats
            .iter()
            .map(|stat| (stat.id.as_raw() & 0xffff) as usize + 1)
            .max();
        let mut bytes = vec![0; slots.unwrap_or(0) * STRIDE];
        for stat in stats {
            let index = (stat.id.as_raw() & 0xffff) as usize;
            encode(stat, &mut bytes[index * STRIDE..(index + 1) * STRIDE]);
        }
        bytes
    }

    fn captured() -> (Capture, Vec<u8>) {
        let capture = Capture::parse(CAPTURE);
        let free = capture.bytes[5 * STRIDE..6 * STRIDE].to_vec();
        let mut bytes = capture.bytes.clone();
        while bytes.len() < SLOTS * STRIDE {
            bytes.extend_from_slice(&free);
        }
        (capture, bytes)
    }

    #[test]
    fn freebsd_capture_decodes_to_what_ipc_stat_said() {
        let (capture, bytes) = captured();
        let decoded = segments(&bytes, SLOTS).unwrap();
        capture.check(&decoded, 0o777 | 0o2000);
        assert_eq!(decoded[1].flags, StatFlags::MARKED_FOR_REMOVAL);
    }

    #[test]
    fn freebsd_records_of_another_length_are_refused() {
        let (_, bytes) = captured();
        assert!(segments(&bytes, SLOTS - 1).is_err());
        assert!(segments(&bytes, SLOTS + 1).is_err());
        assert!(segments(&bytes[..bytes.len() - 1], SLOTS).is_err());
        assert!(segments(&bytes, usize::MAX).is_err());
        assert_eq!(segments(&[], 0), Ok(Vec::new()));
    }

    proptest! {
        #[test]
        fn freebsd_what_was_encoded_is_decoded(
            stats in proptest::collection::btree_map(
                0_i32..64, arbitrary_stat(StatFlags::MARKED_FOR_REMOVAL), 0..16)
        ) {
            let stats: Vec<Stat> = stats.into_iter().map(|(index, mut stat)| {
                stat.id = slot_id((stat.id.as_raw() & 0x7fff) as u16, index as usize);
                stat.attached &= 0xffff_ffff;
                stat
            }).collect();
            let bytes = table(&stats);
            prop_assert_eq!(segments(&bytes, bytes.len() / STRIDE), Ok(stats));
        }

        #[test]
        fn freebsd_damaged_tables_never_panic(bytes in damaged(captured().1), slots in 0_usize..400) {
            let _ = segments(&bytes, slots);
            let live = segments(&bytes, bytes.len() / STRIDE);
            prop_assert!(live.map_or(true, |live| live.len() <= bytes.len() / STRIDE));
        }
    }
}
