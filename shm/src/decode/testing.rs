//! Shared by the decoders' tests: captures from real kernels, arbitrary
//! records, and ways to damage a table.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use crate::{Key, Mode, RawKey, SegmentId, Stat, StatFlags, Timestamp};

/// A file of `tests/fixtures/`: bytes in hexadecimal, and lines that say what
/// `IPC_STAT` reported for the same segments.
pub(crate) struct Capture {
    pub(crate) bytes: Vec<u8>,
    expected: Vec<Expected>,
}

/// The fields of an `EXPECT` line.
struct Expected(Vec<(String, i64)>);

impl Expected {
    fn get(&self, name: &str) -> i64 {
        self.0.iter().find(|(found, _)| found == name).unwrap().1
    }
}

impl Capture {
    pub(crate) fn parse(text: &str) -> Self {
        let is_hex = |line: &&str| !line.is_empty() && line.bytes().all(|b| b.is_ascii_hexdigit());
        let bytes = text.lines().filter(is_hex).flat_map(|line| {
            (0..line.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&line[at..at + 2], 16).unwrap())
        });
        let expected = text
            .lines()
            .filter(|line| line.starts_with("EXPECT"))
            .map(|line| {
                let fields = line.split_whitespace().skip(1).map(|field| {
                    let (name, value) = field.split_once('=').unwrap();
                    let radix = if name == "mode" { 8 } else { 10 };
                    (name.to_string(), i64::from_str_radix(value, radix).unwrap())
                });
                Expected(fields.collect())
            });
        Self {
            bytes: bytes.collect(),
            expected: expected.collect(),
        }
    }

    /// Compares every field of every `EXPECT` line; of the mode the bits in
    /// `mode_mask`, one of which may be the mark for removal.
    pub(crate) fn check(&self, decoded: &[Stat], mode_mask: u32) {
        assert!(self.expected.len() >= 3, "a capture has several segments");
        assert_eq!(decoded.len(), self.expected.len(), "{decoded:?}");
        let seconds = |time: Option<Timestamp>| time.map_or(0, Timestamp::as_secs);
        for (stat, expected) in decoded.iter().zip(&self.expected) {
            let removed = if stat.flags.marked_for_removal() {
                mode_mask & !0o777
            } else {
                0
            };
            let mode = i64::from(stat.mode.bits() | removed);
            let found = [
                ("id", i64::from(stat.id.as_raw())),
                ("key", i64::from(stat.key.as_raw())),
                ("seq", i64::from(stat.id.as_raw() >> 16)),
                ("uid", stat.owner_uid.into()),
                ("gid", stat.owner_gid.into()),
                ("cuid", stat.creator_uid.into()),
                ("cgid", stat.creator_gid.into()),
                ("segsz", stat.size as i64),
                ("lpid", stat.last_pid.into()),
                ("cpid", stat.creator_pid.into()),
                ("nattch", stat.attached as i64),
                ("atime", seconds(stat.attach_time)),
                ("dtime", seconds(stat.detach_time)),
                ("ctime", seconds(stat.change_time)),
            ];
            assert_eq!(mode, expected.get("mode") & i64::from(mode_mask));
            for (name, value) in found {
                assert_eq!(value, expected.get(name), "{name} of segment {}", stat.id);
            }
            assert_eq!(expected.0.len(), found.len() + 1, "every field is compared");
        }
    }
}

fn time() -> impl Strategy<Value = Option<Timestamp>> {
    prop_oneof![Just(0), any::<i64>()].prop_map(Timestamp::from_secs)
}

/// Returns any state of a segment, with any of `flags`.
pub(crate) fn arbitrary_stat(flags: StatFlags) -> impl Strategy<Value = Stat> {
    let ids = (
        any::<i32>(),
        any::<RawKey>(),
        any::<u64>(),
        0_u32..=0o777,
        any::<[bool; 5]>(),
    );
    let owners = any::<[u32; 4]>();
    let pids = (any::<[i32; 2]>(), any::<u64>());
    (ids, owners, pids, [time(), time(), time()]).prop_map(
        move |((id, key, size, mode, chosen), owners, (pids, attached), times)| {
            let all = [
                StatFlags::MARKED_FOR_REMOVAL,
                StatFlags::LOCKED,
                StatFlags::WIRED,
                StatFlags::HUGE_PAGES,
                StatFlags::LINGERS,
            ];
            let flags = all
                .into_iter()
                .zip(chosen)
                .fold(StatFlags::LIVE, |sum, (flag, on)| {
                    sum.union(flag.only_if(on && flags.contains(flag)))
                });
            Stat {
                id: SegmentId::from_raw(id),
                key: Key::from_raw(key),
                size,
                mode: Mode::from_bits_truncate(mode),
                flags,
                owner_uid: owners[0],
                owner_gid: owners[1],
                creator_uid: owners[2],
                creator_gid: owners[3],
                creator_pid: pids[0],
                last_pid: pids[1],
                attached,
                attach_time: times[0],
                detach_time: times[1],
                change_time: times[2],
                memory: None,
            }
        },
    )
}

/// Returns the input truncated, extended, with bytes changed, or random altogether.
pub(crate) fn damaged(input: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let length = input.len();
    let changes = proptest::collection::vec((0..length, any::<u8>()), 0..8);
    let changed = (
        changes,
        0..=length,
        proptest::collection::vec(any::<u8>(), 0..200),
    )
        .prop_map(move |(changes, keep, tail)| {
            let mut bytes = input.clone();
            for (at, byte) in changes {
                bytes[at] = byte;
            }
            if keep % 3 == 0 {
                bytes.truncate(keep);
            } else if keep % 3 == 1 {
                bytes.extend(tail);
            }
            bytes
        });
    prop_oneof![4 => changed, 1 => proptest::collection::vec(any::<u8>(), 0..2000)]
}
