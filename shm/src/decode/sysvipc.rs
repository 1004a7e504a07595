//! Linux: `/proc/sysvipc/shm`, a line of column names and a line per segment
//! (`sysvipc_shm_proc_show` in `ipc/shm.c`).
//!
//! Fields are separated by spaces and never parsed by column, because wide values shift
//! the others. Sixteen fields; kernels before 2.6.34 wrote fourteen, without the memory
//! figures.

use alloc::vec::Vec;

use super::{Malformed, flags};
use crate::{Key, Memory, Mode, RawKey, SegmentId, Stat, StatFlags, Timestamp};

/// Returns the segments of the file; resident bytes are clamped to whole pages of
/// `page_size`.
///
/// The kernel counts each huge page of a segment as if it were as many huge pages as it
/// contains small ones (seen on 6.18: 512 times too much). A segment of small pages never
/// has more resident bytes than fill whole transparent huge pages, so one with more is
/// known to have huge pages.
pub(crate) fn segments(bytes: &[u8], page_size: u64) -> Result<Vec<Stat>, Malformed> {
    let mut lines = Fields { rest: bytes };
    if !lines.line().trim_ascii_start().starts_with(b"key") {
        return Err(Malformed(
            "/proc/sysvipc/shm does not start with its column names",
        ));
    }
    // A line has about 130 bytes.
    let mut found = Vec::with_capacity(bytes.len() / 128);
    while !lines.rest.is_empty() {
        found.push(segment(&mut lines, page_size)?);
    }
    Ok(found)
}

fn segment(fields: &mut Fields<'_>, page_size: u64) -> Result<Stat, Malformed> {
    // A negative number is printed for keys with the top bit set.
    let key = fields.signed()?;
    let id = fields.signed()?;
    let mode = fields.octal()?;
    let size = fields.decimal()?;
    let mut stat = Stat {
        id: i32::try_from(id)
            .map(SegmentId::from_raw)
            .map_err(|_| OUT_OF_RANGE)?,
        key: i32::try_from(key)
            .map(|key| Key::from_raw(RawKey::from(key)))
            .map_err(|_| OUT_OF_RANGE)?,
        size,
        mode: Mode::from_bits_truncate(mode),
        flags: flags::linux(mode),
        creator_pid: fields.pid()?,
        last_pid: fields.pid()?,
        attached: fields.decimal()?,
        owner_uid: fields.id()?,
        owner_gid: fields.id()?,
        creator_uid: fields.id()?,
        creator_gid: fields.id()?,
        attach_time: fields.time()?,
        detach_time: fields.time()?,
        change_time: fields.time()?,
        memory: None,
    };
    if !fields.line_ends() {
        let counted = fields.decimal()?;
        stat.memory = Some(Memory {
            resident: counted.min(rounded_up(size, page_size)),
            swapped: fields.decimal()?,
        });
        let most = rounded_up(size, transparent_huge_page(page_size));
        stat.flags = stat
            .flags
            .union(StatFlags::HUGE_PAGES.only_if(counted > most));
    }
    // Later kernels may append fields.
    fields.line();
    Ok(stat)
}

fn rounded_up(size: u64, unit: u64) -> u64 {
    let unit = unit.max(1);
    size.div_ceil(unit).saturating_mul(unit)
}

/// Returns how many bytes one page of page-table entries maps, each of 4 bytes at least.
fn transparent_huge_page(page_size: u64) -> u64 {
    (page_size / 4).saturating_mul(page_size)
}

const OUT_OF_RANGE: Malformed = Malformed("/proc/sysvipc/shm has a number out of range");

/// The rest of the file.
struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// Returns the rest of the line and skips it.
    fn line(&mut self) -> &'a [u8] {
        let end = self
            .rest
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, &[]));
        self.rest = rest.get(1..).unwrap_or_default();
        line
    }

    fn skip_spaces(&mut self) {
        let mut rest = self.rest;
        // Most of a line are spaces, up to twenty between two numbers.
        while let Some(after) = rest.strip_prefix(b"        ") {
            rest = after;
        }
        while let [b' ' | b'\t', after @ ..] = rest {
            rest = after;
        }
        self.rest = rest;
    }

    fn line_ends(&mut self) -> bool {
        self.skip_spaces();
        matches!(self.rest, [] | [b'\n', ..])
    }

    /// Returns the next field as a number in `RADIX`, which is at most ten, and whether it
    /// has a minus sign.
    fn number<const RADIX: u64>(&mut self) -> Result<(bool, u64), Malformed> {
        /// Any number with this many decimal digits fits into 64 bits.
        const ALWAYS_FIT: usize = 19;
        self.skip_spaces();
        let (negative, digits) = match self.rest {
            [b'-', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let mut value = 0_u64;
        let mut rest = digits;
        while let [byte, after @ ..] = rest {
            let digit = u64::from(byte.wrapping_sub(b'0'));
            if digit >= RADIX {
                break;
            }
            value = value.wrapping_mul(RADIX).wrapping_add(digit);
            rest = after;
        }
        let count = digits.len() - rest.len();
        if count > ALWAYS_FIT {
            value = checked_value(digits.get(..count).unwrap_or_default(), RADIX)?;
        }
        match (count, rest) {
            (1.., [] | [b' ' | b'\t' | b'\n', ..]) => {
                self.rest = rest;
                Ok((negative, value))
            }
            _ => Err(Malformed("/proc/sysvipc/shm has a line of another form")),
        }
    }

    fn decimal(&mut self) -> Result<u64, Malformed> {
        match self.number::<10>()? {
            (false, value) => Ok(value),
            (true, _) => Err(OUT_OF_RANGE),
        }
    }

    fn signed(&mut self) -> Result<i64, Malformed> {
        let (negative, value) = self.number::<10>()?;
        let value = i64::try_from(value).map_err(|_| OUT_OF_RANGE)?;
        Ok(if negative { -value } else { value })
    }

    fn octal(&mut self) -> Result<u32, Malformed> {
        let (_, value) = self.number::<8>()?;
        u32::try_from(value).map_err(|_| OUT_OF_RANGE)
    }

    fn id(&mut self) -> Result<u32, Malformed> {
        u32::try_from(self.decimal()?).map_err(|_| OUT_OF_RANGE)
    }

    /// Printed as unsigned, and never above the kernel's 22 bits.
    fn pid(&mut self) -> Result<i32, Malformed> {
        i32::try_from(self.signed()?).map_err(|_| OUT_OF_RANGE)
    }

    fn time(&mut self) -> Result<Option<Timestamp>, Malformed> {
        self.signed().map(Timestamp::from_secs)
    }
}

/// Returns the value of digits in `radix`, unless it has more than 64 bits.
fn checked_value(digits: &[u8], radix: u64) -> Result<u64, Malformed> {
    let step = |value: u64, byte: &u8| {
        let digit = u64::from(byte.wrapping_sub(b'0'));
        value.checked_mul(radix)?.checked_add(digit)
    };
    digits.iter().try_fold(0, step).ok_or(OUT_OF_RANGE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decode::testing::{arbitrary_stat, damaged};

    /// Captured on Linux 6.18 (x86-64): a keyed segment, one marked for
    /// removal, one locked and of another owner, a huge-page one.
    const CAPTURE: &[u8] = include_bytes!("../../tests/fixtures/linux-6.18-x86_64-sysvipc-shm.txt");

    const HEAD: &str = "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap\n";

    /// As `sysvipc_shm_proc_show` prints it on a 64-bit kernel.
    fn print(stat: &Stat) -> String {
        let bit = |flag, bit| if stat.flags.contains(flag) { bit } else { 0 };
        let mode = stat.mode.bits()
            | bit(StatFlags::MARKED_FOR_REMOVAL, 0o1000)
            | bit(StatFlags::LOCKED, 0o2000);
        let seconds = |time: Option<Timestamp>| time.map_or(0, Timestamp::as_secs);
        let memory = stat.memory.map_or(String::new(), |memory| {
            format!(" {:21} {:21}", memory.resident, memory.swapped)
        });
        format!(
            "{:10} {:10}  {mode:4o} {:21} {:5} {:5}  {:5} {:5} {:5} {:5} {:5} {:10} {:10} {:10}{memory}\n",
            stat.key.as_raw(),
            stat.id.as_raw(),
            stat.size,
            stat.creator_pid,
            stat.last_pid,
            stat.attached,
            stat.owner_uid,
            stat.owner_gid,
            stat.creator_uid,
            stat.creator_gid,
            seconds(stat.attach_time),
            seconds(stat.detach_time),
            seconds(stat.change_time),
        )
    }

    #[test]
    fn linux_capture_is_decoded() {
        let found = segments(CAPTURE, 4096).unwrap();
        let line = |text: &str| segments(format!("{HEAD}{text}\n").as_bytes(), 4096).unwrap();
        assert_eq!(
            found.len(),
            CAPTURE.iter().filter(|byte| **byte == b'\n').count() - 1
        );
        for (stat, text) in found
            .iter()
            .zip(core::str::from_utf8(CAPTURE).unwrap().lines().skip(1))
        {
            assert_eq!(core::slice::from_ref(stat), line(text));
            let words: Vec<&str> = text.split_whitespace().collect();
            assert_eq!(words.len(), 16);
            assert_eq!(stat.id.to_string(), words[1]);
            assert_eq!(stat.size.to_string(), words[3]);
            assert_eq!(stat.attached.to_string(), words[6]);
            assert_eq!(stat.owner_uid.to_string(), words[7]);
        }
        let [keyed, removed, locked, huge] = &found[..] else {
            panic!("{found:?}")
        };
        assert_eq!(
            (keyed.id.as_raw(), keyed.key),
            (0, Key::from_raw(0x5eed_0001))
        );
        assert_eq!(
            (keyed.size, keyed.mode.bits(), keyed.attached),
            (10000, 0o640, 1)
        );
        assert_eq!(
            keyed.memory,
            Some(Memory {
                resident: 4096,
                swapped: 0
            })
        );
        assert_eq!(removed.flags, StatFlags::MARKED_FOR_REMOVAL);
        assert!(removed.key.is_private());
        assert_eq!((removed.size, removed.attached), (1 << 20, 2));
        assert_eq!(locked.flags, StatFlags::LOCKED);
        assert_eq!(locked.key, Key::from_raw((0xdead_beef_u32 as i32).into()));
        assert_eq!(
            (locked.owner_uid, locked.owner_gid, locked.creator_uid),
            (1001, 1002, 0)
        );
        assert_eq!((locked.attach_time, locked.last_pid), (None, 0));
        // The kernel reported 1 GiB for a segment with one page of 2 MiB.
        assert_eq!(huge.memory.unwrap().resident, 2 << 20);
        assert_eq!(huge.flags, StatFlags::HUGE_PAGES);
    }

    #[test]
    fn linux_lines_of_old_kernels_have_no_memory_figures() {
        let line = "0 5 600 4096 1 2 0 0 0 0 0 0 0 9\n";
        let found = segments(format!("{HEAD}{line}").as_bytes(), 4096).unwrap();
        assert_eq!((found[0].id.as_raw(), found[0].memory), (5, None));
        let newer = "0 5 600 4096 1 2 0 0 0 0 0 0 0 9 4096 0 some-future-field\n";
        let found = segments(format!("{HEAD}{newer}").as_bytes(), 4096).unwrap();
        assert_eq!(
            found[0].memory,
            Some(Memory {
                resident: 4096,
                swapped: 0
            })
        );
    }

    #[test]
    fn linux_segment_with_transparent_huge_pages_is_none_of_huge_pages() {
        for (resident, huge) in [(4096, false), (2 << 20, false), (1 << 30, true)] {
            let line = format!("0 5 600 100 1 2 0 0 0 0 0 0 0 9 {resident} 0\n");
            let found = segments(format!("{HEAD}{line}").as_bytes(), 4096).unwrap();
            assert_eq!(found[0].memory.unwrap().resident, 4096);
            assert_eq!(found[0].flags.huge_pages(), huge, "{resident}");
        }
    }

    #[test]
    fn linux_sizes_beyond_four_gigabytes_and_wide_ids_are_kept() {
        let line = "-559038737 2147483647 1777 18446744073709551615 4194304 4194304 1000000 \
                    4294967295 4294967294 65534 65534 4294967296 0 1 0 68719476736\n";
        let found = segments(format!("{HEAD}{line}").as_bytes(), 4096).unwrap();
        assert_eq!(found[0].size, u64::MAX);
        assert_eq!(found[0].owner_uid, u32::MAX);
        assert_eq!(found[0].attach_time, Timestamp::from_secs(1 << 32));
        assert_eq!(found[0].memory.unwrap().swapped, 1 << 36);
    }

    #[test]
    fn linux_malformed_lines_are_refused() {
        assert!(segments(b"", 4096).is_err());
        assert!(segments(b"no such file", 4096).is_err());
        for line in [
            "\n",
            "1\n",
            "a 5 600 4096 1 2 0 0 0 0 0 0 0 9\n",
            "0 5 800 4096 1 2 0 0 0 0 0 0 0 9\n",
            "0 5 600 -1 1 2 0 0 0 0 0 0 0 9\n",
            "0 5 600 99999999999999999999 1 2 0 0 0 0 0 0 0 9\n",
            "0 5 600 4096 1 2 0 0 0 0 0 0 0 9 4096\n",
            "0 2147483648 600 1 1 2 0 0 0 0 0 0 0 9\n",
        ] {
            assert!(
                segments(format!("{HEAD}{line}").as_bytes(), 4096).is_err(),
                "{line}"
            );
        }
        assert_eq!(segments(HEAD.as_bytes(), 4096), Ok(Vec::new()));
    }

    proptest! {
        #[test]
        fn linux_what_was_printed_is_decoded(
            stats in proptest::collection::vec(arbitrary_stat(
                StatFlags::MARKED_FOR_REMOVAL.union(StatFlags::LOCKED),
            ), 0..20),
            memory in proptest::option::of(any::<[u32; 2]>()),
        ) {
            let stats: Vec<Stat> = stats.into_iter().map(|mut stat| {
                stat.key = Key::from_raw(stat.key.as_raw() as i32 as RawKey);
                stat.size = stat.size.max(1 << 32);
                stat.memory = memory.map(|[resident, swapped]| Memory {
                    resident: resident.into(), swapped: swapped.into(),
                });
                for time in [&mut stat.attach_time, &mut stat.detach_time, &mut stat.change_time] {
                    *time = time.filter(|time| time.as_secs() != i64::MIN);
                }
                stat
            }).collect();
            let text: String = HEAD.to_string() + &stats.iter().map(print).collect::<String>();
            prop_assert_eq!(segments(text.as_bytes(), 4096), Ok(stats));
        }

        #[test]
        fn linux_damaged_files_never_panic(bytes in damaged(CAPTURE.to_vec()), page in any::<u64>()) {
            let _ = segments(&bytes, page);
        }
    }
}
