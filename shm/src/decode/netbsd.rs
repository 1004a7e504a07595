//! NetBSD: `kern.ipc.sysvipc_info` with `KERN_SYSVIPC_SHM_INFO`, a `struct
//! shm_sysctl_info`: the limits, then a `struct shmid_ds_sysctl` per slot (`sys/shm.h`;
//! seen on running 7.0 and 10.99.12 kernels).
//!
//! A freed slot keeps its old owner, size, pids and times: only the allocated bit
//! distinguishes it from a live one. The kernel copies slots without their lock, so a
//! record may be half old and half new; therefore every value of every field is accepted.

use alloc::vec::Vec;

use super::record::slot_id;
use super::{Malformed, Record, flags};
use crate::{Key, Limit, Limits, Mode, RawKey, Stat, Timestamp};

/// `sizeof(struct shminfo)`, a multiple of the array's alignment.
pub(crate) const HEADER: usize = 24;
/// `sizeof(struct shmid_ds_sysctl)` on LP64.
pub(crate) const STRIDE: usize = 80;

/// `SHMSEG_ALLOCATED` (`sysv_shm.c`).
const ALLOCATED: u32 = 0o4000;

// Offsets in `shminfo`.
pub(crate) const SHMMAX: usize = 0;
pub(crate) const SHMMIN: usize = 8;
pub(crate) const SHMMNI: usize = 12;
pub(crate) const SHMSEG: usize = 16;
pub(crate) const SHMALL: usize = 20;

// Offsets in `shmid_ds_sysctl`.
pub(crate) const KEY: usize = 0;
pub(crate) const UID: usize = 8;
pub(crate) const GID: usize = 12;
pub(crate) const CUID: usize = 16;
pub(crate) const CGID: usize = 20;
pub(crate) const MODE: usize = 24;
pub(crate) const SEQ: usize = 28;
pub(crate) const SEGSZ: usize = 32;
pub(crate) const LPID: usize = 40;
pub(crate) const CPID: usize = 44;
pub(crate) const ATIME: usize = 48;
pub(crate) const DTIME: usize = 56;
pub(crate) const CTIME: usize = 64;
pub(crate) const NATTCH: usize = 72;

/// Returns the limits at the start of the table, or alone in 24 bytes.
pub(crate) fn limits(bytes: &[u8], page_size: u64) -> Result<Limits, Malformed> {
    let header = Record(bytes);
    Ok(Limits {
        max_size: Limit::from_raw(header.u64(SHMMAX)?),
        min_size: u64::from(header.u32(SHMMIN)?),
        max_segments: Limit::AtMost(u64::from(header.u32(SHMMNI)?)),
        max_attachments: Limit::AtMost(u64::from(header.u32(SHMSEG)?)),
        max_pages: Limit::AtMost(u64::from(header.u32(SHMALL)?)),
        page_size,
    })
}

/// Returns the live segments of a whole table.
///
/// The table must have as many slots as its header says: a shorter one comes from a table
/// that grew between probe and read, and is refused.
pub(crate) fn segments(bytes: &[u8]) -> Result<Vec<Stat>, Malformed> {
    let slots = Record(bytes).u32(SHMMNI)? as usize;
    let records = bytes
        .get(HEADER..)
        .ok_or(Malformed("the table of segments has no header"))?;
    if slots.checked_mul(STRIDE) != Some(records.len()) {
        return Err(Malformed(
            "kern.ipc.sysvipc_info has records of an unexpected length",
        ));
    }
    let mut live = Vec::new();
    for (index, record) in records.chunks_exact(STRIDE).enumerate() {
        let record = Record(record);
        if record.u32(MODE)? & ALLOCATED != 0 {
            live.push(segment(record, index)?);
        }
    }
    Ok(live)
}

fn segment(record: Record<'_>, index: usize) -> Result<Stat, Malformed> {
    let mode = record.u32(MODE)?;
    Ok(Stat {
        id: slot_id(record.u16(SEQ)?, index),
        // `key_t` widened to 64 bits, sign and all; a long on the system itself.
        key: Key::from_raw(record.i64(KEY)? as RawKey),
        size: record.u64(SEGSZ)?,
        mode: Mode::from_bits_truncate(mode),
        flags: flags::netbsd(mode),
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

    const CAPTURES: [&str; 2] = [
        include_str!("../../tests/fixtures/netbsd-7.0-amd64-shm_info.txt"),
        include_str!("../../tests/fixtures/netbsd-10.99.12-amd64-shm_info.txt"),
    ];
    const SLOTS: usize = 128;

    fn encode(stat: &Stat, record: &mut [u8]) {
        let mut put = |at: usize, bytes: &[u8]| record[at..at + bytes.len()].copy_from_slice(bytes);
        let bit = |flag, bit| if stat.flags.contains(flag) { bit } else { 0 };
        let mode = stat.mode.bits()
            | ALLOCATED
            | bit(StatFlags::MARKED_FOR_REMOVAL, 0o2000)
            | bit(StatFlags::LINGERS, 0o20000)
            | bit(StatFlags::WIRED, 0o40000);
        put(KEY, &i64::from(stat.key.as_raw()).to_le_bytes());
        put(UID, &stat.owner_uid.to_le_bytes());
        put(GID, &stat.owner_gid.to_le_bytes());
        put(CUID, &stat.creator_uid.to_le_bytes());
        put(CGID, &stat.creator_gid.to_le_bytes());
        put(MODE, &mode.to_le_bytes());
        put(SEQ, &((stat.id.as_raw() >> 16) as u16).to_le_bytes());
        put(SEGSZ, &stat.size.to_le_bytes());
        put(LPID, &stat.last_pid.to_le_bytes());
        put(CPID, &stat.creator_pid.to_le_bytes());
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
        put(NATTCH, &(stat.attached as u32).to_le_bytes());
    }

    fn captured(text: &str) -> (Capture, Vec<u8>) {
        let capture = Capture::parse(text);
        let free = capture.bytes[HEADER + 5 * STRIDE..].to_vec();
        assert_eq!(free.len(), STRIDE);
        let mut bytes = capture.bytes.clone();
        while bytes.len() < HEADER + SLOTS * STRIDE {
            bytes.extend_from_slice(&free);
        }
        (capture, bytes)
    }

    #[test]
    fn netbsd_captures_decode_to_what_ipc_stat_said() {
        for text in CAPTURES {
            let (capture, bytes) = captured(text);
            let decoded = segments(&bytes).unwrap();
            // What IPC_STAT said of the second was before its removal.
            assert_eq!(decoded[1].flags, StatFlags::MARKED_FOR_REMOVAL);
            capture.check(&decoded, 0o777);
        }
    }

    #[test]
    fn netbsd_header_has_the_limits() {
        let (_, bytes) = captured(CAPTURES[1]);
        let limits = limits(&bytes[..HEADER], 4096).unwrap();
        assert_eq!(limits.max_size, Limit::AtMost(133_853_184));
        assert_eq!(limits.min_size, 1);
        assert_eq!(limits.max_segments, Limit::AtMost(128));
        assert_eq!(limits.max_attachments, Limit::AtMost(128));
        assert_eq!(limits.max_total(), Limit::AtMost(32679 * 4096));
    }

    #[test]
    fn netbsd_freed_slot_that_keeps_its_fields_is_not_listed() {
        let (_, mut bytes) = captured(CAPTURES[1]);
        bytes[HEADER + MODE..HEADER + MODE + 4].copy_from_slice(&0o1000_u32.to_le_bytes());
        let ids: Vec<_> = segments(&bytes)
            .unwrap()
            .iter()
            .map(|s| s.id.as_raw())
            .collect();
        assert_eq!(ids, [65537, 65538]);
    }

    #[test]
    fn netbsd_torn_record_is_taken_as_it_is_and_harms_no_other() {
        let (_, whole) = captured(CAPTURES[1]);
        let others = segments(&whole).unwrap();
        // The first record is being overwritten while it is copied.
        for torn_at in 0..=STRIDE {
            let mut bytes = whole.clone();
            bytes[HEADER..HEADER + torn_at].fill(0xff);
            let decoded = segments(&bytes).unwrap();
            assert_eq!(decoded.len(), 3, "{torn_at}");
            assert_eq!(decoded[1..], others[1..], "{torn_at}");
        }
        // Freed during the copy: still its mode, no longer its owner.
        let mut bytes = whole.clone();
        bytes[HEADER..HEADER + MODE].fill(0);
        assert_eq!(segments(&bytes).unwrap()[0].key, Key::PRIVATE);
    }

    #[test]
    fn netbsd_table_that_grew_between_probe_and_read_is_refused() {
        let (_, bytes) = captured(CAPTURES[0]);
        for length in [0, 12, 23, 24, 104, 10184, 10263] {
            assert!(segments(&bytes[..length]).is_err(), "{length}");
        }
        let mut longer = bytes;
        longer.extend([0; STRIDE]);
        assert!(segments(&longer).is_err());
    }

    proptest! {
        #[test]
        fn netbsd_what_was_encoded_is_decoded(
            stats in proptest::collection::btree_map(0_i32..64, arbitrary_stat(
                StatFlags::MARKED_FOR_REMOVAL.union(StatFlags::WIRED).union(StatFlags::LINGERS),
            ), 0..16)
        ) {
            let mut bytes = vec![0; HEADER + 64 * STRIDE];
            bytes[SHMMNI] = 64;
            let stats: Vec<Stat> = stats.into_iter().map(|(index, mut stat)| {
                stat.id = slot_id((stat.id.as_raw() & 0x7fff) as u16, index as usize);
                stat.attached &= 0xffff_ffff;
                let at = HEADER + index as usize * STRIDE;
                encode(&stat, &mut bytes[at..at + STRIDE]);
                stat
            }).collect();
            prop_assert_eq!(segments(&bytes), Ok(stats));
        }

        #[test]
        fn netbsd_damaged_tables_never_panic(bytes in damaged(captured(CAPTURES[1]).1)) {
            let _ = limits(&bytes, 4096);
            let _ = segments(&bytes);
        }
    }
}
