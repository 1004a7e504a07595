//! macOS: decodes `kern.sysv.ipcs.shm` for one segment, a `struct shmid_ds` packed to
//! four bytes, and the `kern.sysv` limits as five 64-bit integers (`sys/shm.h`,
//! `sys/shm_internal.h`, `sysv_shm.c` of XNU).

use super::record::slot_id;
use super::{Malformed, Record, flags};
use crate::{Key, Limit, Limits, Mode, RawKey, Stat, Timestamp};

/// `sizeof(struct user64_shmid_ds)`, which the kernel requires.
pub(crate) const STRIDE: usize = 76;
/// `sizeof(struct shminfo)`.
pub(crate) const LIMITS: usize = 40;

// Offsets in `shmid_ds`.
pub(crate) const UID: usize = 0;
pub(crate) const GID: usize = 4;
pub(crate) const CUID: usize = 8;
pub(crate) const CGID: usize = 12;
pub(crate) const MODE: usize = 16;
pub(crate) const SEQ: usize = 18;
pub(crate) const KEY: usize = 20;
pub(crate) const SEGSZ: usize = 24;
pub(crate) const LPID: usize = 32;
pub(crate) const CPID: usize = 36;
pub(crate) const NATTCH: usize = 40;
pub(crate) const ATIME: usize = 44;
pub(crate) const DTIME: usize = 52;
pub(crate) const CTIME: usize = 60;

/// Returns the segment in slot `index`.
pub(crate) fn segment(bytes: &[u8], index: usize) -> Result<Stat, Malformed> {
    if bytes.len() != STRIDE {
        return Err(Malformed(
            "kern.sysv.ipcs.shm has a record of an unexpected length",
        ));
    }
    let record = Record(bytes);
    let mode = u32::from(record.u16(MODE)?);
    Ok(Stat {
        id: slot_id(record.u16(SEQ)?, index),
        key: Key::from_raw(record.i32(KEY)? as RawKey),
        size: record.u64(SEGSZ)?,
        mode: Mode::from_bits_truncate(mode),
        flags: flags::bsd(mode),
        owner_uid: record.u32(UID)?,
        owner_gid: record.u32(GID)?,
        creator_uid: record.u32(CUID)?,
        creator_gid: record.u32(CGID)?,
        creator_pid: record.i32(CPID)?,
        last_pid: record.i32(LPID)?,
        attached: u64::from(record.u16(NATTCH)?),
        attach_time: Timestamp::from_secs(record.i64(ATIME)?),
        detach_time: Timestamp::from_secs(record.i64(DTIME)?),
        change_time: Timestamp::from_secs(record.i64(CTIME)?),
        memory: None,
    })
}

/// Returns the limits: SHMMAX, SHMMIN, SHMMNI, SHMSEG and SHMALL.
pub(crate) fn limits(bytes: &[u8], page_size: u64) -> Result<Limits, Malformed> {
    if bytes.len() != LIMITS {
        return Err(Malformed("the limits have an unexpected length"));
    }
    let record = Record(bytes);
    Ok(Limits {
        max_size: Limit::from_raw(record.u64(0)?),
        min_size: record.u64(8)?,
        max_segments: Limit::from_raw(record.u64(16)?),
        max_attachments: Limit::from_raw(record.u64(24)?),
        max_pages: Limit::from_raw(record.u64(32)?),
        page_size,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::StatFlags;
    use crate::decode::testing::{Capture, arbitrary_stat, damaged};

    /// The results of the kernel's own code, compiled for user space.
    const CAPTURE: &str = include_str!("../../tests/fixtures/macos-xnu-11417.101.15-shm_iter.txt");

    /// Returns the bytes of the lines that begin with this word, and the numbers before
    /// them.
    fn lines(word: &str) -> Vec<(Option<usize>, Vec<u8>)> {
        let lines = CAPTURE.lines().filter_map(|line| line.strip_prefix(word));
        let bytes = |hex: &str| {
            let pairs = (0..hex.len()).step_by(2);
            pairs
                .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
                .collect()
        };
        lines
            .map(|line| match line.trim().split_once(' ') {
                Some((number, hex)) => (Some(number.parse().unwrap()), bytes(hex)),
                None => (None, bytes(line.trim())),
            })
            .collect()
    }

    #[test]
    fn macos_capture_decodes_to_what_the_kernel_was_told() {
        let decoded: Vec<Stat> = lines("NEXT")
            .into_iter()
            // The cursor in the answer is the slot after it.
            .map(|(cursor, bytes)| segment(&bytes, cursor.unwrap() - 1).unwrap())
            .collect();
        Capture::parse(CAPTURE).check(&decoded, 0o777 | 0o2000);
        let removed: Vec<i32> = decoded
            .iter()
            .filter(|stat| stat.flags.marked_for_removal())
            .map(|stat| stat.id.as_raw())
            .collect();
        assert_eq!(removed, [65540]);
        let [(None, bytes)] = &lines("LIMITS")[..] else {
            panic!("one line of limits");
        };
        let limits = limits(bytes, 4096).unwrap();
        assert_eq!(limits.max_size, Limit::AtMost(4_194_304));
        assert_eq!(
            (limits.min_size, limits.max_segments),
            (1, Limit::AtMost(32))
        );
        assert_eq!(limits.max_attachments, Limit::AtMost(8));
        assert_eq!(limits.max_pages, Limit::AtMost(1024));
    }

    fn encode(stat: &Stat) -> [u8; STRIDE] {
        let mut record = [0; STRIDE];
        let mut put = |at: usize, bytes: &[u8]| record[at..at + bytes.len()].copy_from_slice(bytes);
        // SHMSEG_ALLOCATED and SHMSEG_REMOVED.
        let state = if stat.flags.marked_for_removal() {
            0o6000
        } else {
            0o4000
        };
        put(UID, &stat.owner_uid.to_le_bytes());
        put(GID, &stat.owner_gid.to_le_bytes());
        put(CUID, &stat.creator_uid.to_le_bytes());
        put(CGID, &stat.creator_gid.to_le_bytes());
        put(MODE, &(stat.mode.bits() as u16 | state).to_le_bytes());
        put(SEQ, &((stat.id.as_raw() >> 16) as u16).to_le_bytes());
        put(KEY, &(stat.key.as_raw() as i32).to_le_bytes());
        put(SEGSZ, &stat.size.to_le_bytes());
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
        record
    }

    #[test]
    fn macos_record_of_the_documented_layout_is_decoded() {
        let mut record = [0; STRIDE];
        for (at, bytes) in [
            (0, &501_u32.to_le_bytes()[..]),
            (4, &20_u32.to_le_bytes()),
            (8, &0_u32.to_le_bytes()),
            (12, &1_u32.to_le_bytes()),
            (16, &0o6640_u16.to_le_bytes()),
            (18, &3_u16.to_le_bytes()),
            (24, &4_194_304_u64.to_le_bytes()),
            (32, &77_u32.to_le_bytes()),
            (36, &78_u32.to_le_bytes()),
            (40, &2_u16.to_le_bytes()),
            (44, &1_700_000_000_u64.to_le_bytes()),
            (60, &1_700_000_001_u64.to_le_bytes()),
        ] {
            record[at..at + bytes.len()].copy_from_slice(bytes);
        }
        let stat = segment(&record, 5).unwrap();
        assert_eq!(stat.id.as_raw(), (3 << 16) + 5);
        assert!(stat.key.is_private() && stat.flags.marked_for_removal());
        assert_eq!((stat.owner_uid, stat.owner_gid), (501, 20));
        assert_eq!((stat.creator_uid, stat.creator_gid), (0, 1));
        assert_eq!((stat.last_pid, stat.creator_pid), (77, 78));
        assert_eq!(
            (stat.size, stat.mode.bits(), stat.attached),
            (4_194_304, 0o640, 2)
        );
        assert_eq!(stat.attach_time, Timestamp::from_secs(1_700_000_000));
        assert_eq!(stat.detach_time, None);
        assert_eq!(stat.change_time, Timestamp::from_secs(1_700_000_001));
    }

    #[test]
    fn macos_default_limits_are_decoded() {
        let values = [4_194_304_i64, 1, 32, 8, 1024];
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        let limits = limits(&bytes, 16384).unwrap();
        assert_eq!(limits.max_size, Limit::AtMost(4_194_304));
        assert_eq!(limits.min_size, 1);
        assert_eq!(limits.max_segments, Limit::AtMost(32));
        assert_eq!(limits.max_attachments, Limit::AtMost(8));
        assert_eq!(limits.max_total(), Limit::AtMost(16 << 20));
        assert!(super::limits(&bytes[..39], 16384).is_err());
    }

    #[test]
    fn macos_record_of_another_length_is_refused() {
        for length in [0, STRIDE - 1, STRIDE + 1, 80] {
            assert!(segment(&vec![0; length], 0).is_err(), "{length}");
        }
    }

    proptest! {
        #[test]
        fn macos_what_was_encoded_is_decoded(
            mut stat in arbitrary_stat(StatFlags::MARKED_FOR_REMOVAL), index in 0_usize..0x10000,
        ) {
            stat.id = slot_id((stat.id.as_raw() & 0x7fff) as u16, index);
            stat.key = Key::from_raw(stat.key.as_raw() as i32 as RawKey);
            stat.attached &= 0xffff;
            prop_assert_eq!(segment(&encode(&stat), index), Ok(stat));
        }

        #[test]
        fn macos_damaged_records_never_panic(
            bytes in damaged(vec![0xa5; STRIDE]), index in any::<usize>(),
        ) {
            let _ = segment(&bytes, index);
            let _ = limits(&bytes, 4096);
        }
    }
}
