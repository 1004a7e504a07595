//! DragonFly: parses the output of the system's own `ipcs -am`, because no sysctl has the
//! table and only that program may read it (`usr.bin/ipcs/ipcs.c` of 2020-07).
//!
//! The output has a heading, a line with the columns' names, then a line per segment:
//!
//! ```text
//! Shared Memory:
//! T     ID     KEY        MODE       OWNER    GROUP  CREATOR   CGROUP NATTCH SEGSZ …
//! m  65536 1592590337 --rw-r-----     root    wheel     root    wheel      1 10000 …
//! ```
//!
//! Owners are names if they have one. Times are hours, minutes and seconds without a
//! date, so they cannot be converted.

use alloc::string::String;
use alloc::vec::Vec;

use super::Malformed;
use crate::{Mode, SegmentId, StatFlags};

/// A line, with its owners still as names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row<'a> {
    pub(crate) id: SegmentId,
    /// 64 bits, as on the system itself.
    pub(crate) key: i64,
    pub(crate) mode: Mode,
    pub(crate) owner: &'a str,
    pub(crate) group: &'a str,
    pub(crate) creator: &'a str,
    pub(crate) creator_group: &'a str,
    pub(crate) attached: u64,
    pub(crate) size: u64,
    pub(crate) creator_pid: i32,
    pub(crate) last_pid: i32,
}

/// Returns the rows of the table of segments.
pub(crate) fn rows(text: &str) -> Result<Vec<Row<'_>>, Malformed> {
    let mut lines = text
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "Shared Memory:");
    lines
        .next()
        .ok_or(Malformed("ipcs printed no heading for shared memory"))?;
    let columns = lines.next().unwrap_or_default();
    if columns.split_whitespace().take(3).ne(["T", "ID", "KEY"]) {
        return Err(Malformed(
            "ipcs printed other columns than T, ID, KEY and so on",
        ));
    }
    lines.take_while(|line| !line.is_empty()).map(row).collect()
}

fn row(line: &str) -> Result<Row<'_>, Malformed> {
    const ODD: Malformed = Malformed("ipcs printed a line of another form");

    let mut words = line.split_whitespace();
    let mut word = || words.next().ok_or(ODD);
    fn number<T: core::str::FromStr>(word: &str) -> Result<T, Malformed> {
        word.parse().map_err(|_| ODD)
    }
    if word()? != "m" {
        return Err(ODD);
    }
    let row = Row {
        id: number(word()?).map(SegmentId::from_raw)?,
        key: number(word()?)?,
        mode: mode(word()?).ok_or(ODD)?,
        owner: word()?,
        group: word()?,
        creator: word()?,
        creator_group: word()?,
        attached: number(word()?)?,
        size: number(word()?)?,
        creator_pid: number(word()?)?,
        last_pid: number(word()?)?,
    };
    let times = [word()?, word()?, word()?];
    if words.next().is_some() || !times.into_iter().all(is_time) {
        return Err(ODD);
    }
    Ok(row)
}

/// Returns what is known about a mark for removal if `IPC_STAT` fails with `errno` for a
/// segment that `ipcs` lists; `None` if it was destroyed since.
///
/// `ipcs` shows no mark, and removal takes the key away (seen on 5.9). With
/// `kern.ipc.shm_allow_removed=0` the error for a removed one is `EINVAL`, which is also
/// the error for one that was destroyed after `ipcs` had listed it: that one had no
/// attachment.
pub(crate) fn mark(row: &Row<'_>, invalid: bool) -> Option<StatFlags> {
    match (invalid, row.attached, row.key) {
        (true, 0, _) => None,
        (true, ..) => Some(StatFlags::MARKED_FOR_REMOVAL),
        // A removed segment has no key, and is destroyed at the last detach.
        (false, 1.., 0) => Some(StatFlags::REMOVAL_UNKNOWN),
        (false, ..) => Some(StatFlags::LIVE),
    }
}

/// Returns the first line of a failed program's message, without control characters;
/// `None` if there is none.
pub(crate) fn first_message(errors: &str) -> Option<String> {
    let mut lines = errors.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty())?;
    Some(
        first
            .chars()
            .filter(|character| !character.is_control())
            .take(200)
            .collect(),
    )
}

/// `--rw-r-----`: two positions that segments do not use, then read, write and alter for
/// owner, group and others.
fn mode(text: &str) -> Option<Mode> {
    let places = text.strip_prefix("--")?;
    if places.len() != 9 {
        return None;
    }
    let bits = places
        .bytes()
        .zip("rwarwarwa".bytes())
        .try_fold(0, |bits, (place, letter)| match place {
            b'-' => Some(bits << 1),
            place if place == letter => Some(bits << 1 | 1),
            _ => None,
        })?;
    Mode::from_bits(bits)
}

fn is_time(word: &str) -> bool {
    word == "no-entry" || word == "noentry" || word.split(':').count() == 3
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decode::testing::damaged;

    /// What `ipcs -am` of a running 5.9 printed, twice.
    const CAPTURE: &str = include_str!("../../tests/fixtures/dragonfly-5.9-ipcs-am.txt");

    // Times and names of other forms, from the format strings in the source.
    const OUTPUT: &str = "\
Shared Memory:
T     ID     KEY        MODE       OWNER    GROUP  CREATOR   CGROUP NATTCH  SEGSZ  CPID  LPID    ATIME    DTIME    CTIME
m   65536 1592590337 --rw-r-----     root    wheel     root    wheel      1  10000    812    812 12:00:01 noentry  9:59:59
m   65537          0 --rw-------     root    wheel     root    wheel      2 1048576   812    812 12:00:01 noentry 12:00:00
m  131074         -5 --rw----r-- verylonguser 1002     root    wheel      0   4096    812      0 noentry noentry 12:00:00

";

    /// Returns the two runs of the capture.
    fn captured() -> [&'static str; 2] {
        let second = CAPTURE.find("# A second run").unwrap();
        [&CAPTURE[..second], &CAPTURE[second..]]
    }

    #[test]
    fn dragonfly_capture_decodes_to_what_ipc_stat_said() {
        let [first, _] = captured();
        let rows = rows(first).unwrap();
        let ids: Vec<i32> = rows.iter().map(|row| row.id.as_raw()).collect();
        assert_eq!(ids, [65536, 65537, 65538, 65539, 65540, 65541]);
        // Every field that the EXPECT line has.
        let line = first
            .lines()
            .find(|line| line.contains("EXPECT id"))
            .unwrap();
        let facts = line.split_once("EXPECT ").unwrap().1.split("; ");
        let mut seen = 0;
        for fact in facts {
            let mut words = fact.split(' ');
            let id: i32 = words.next().unwrap()[3..].parse().unwrap();
            let row = rows.iter().find(|row| row.id.as_raw() == id).unwrap();
            let mut words = words.peekable();
            while let Some(word) = words.next() {
                seen += 1;
                match word.split_once('=').unwrap_or((word, "")) {
                    // `ipcs` shows no mark, so the error of IPC_STAT is the only sign.
                    ("removed", _) => assert_eq!((row.key, row.attached), (0, 1)),
                    ("size", size) => assert_eq!(row.size.to_string(), size),
                    ("mode", mode) => {
                        assert_eq!(Ok(row.mode.bits()), u32::from_str_radix(mode, 8));
                    }
                    ("nattch", count) => assert_eq!(row.attached.to_string(), count),
                    ("key", key) => assert_eq!(row.key.to_string(), key),
                    ("owner", _) => assert_eq!(Some(row.owner), words.next()),
                    other => panic!("{other:?}"),
                }
            }
        }
        assert_eq!(seen, 8);
        assert_eq!((rows[0].creator_pid, rows[0].last_pid), (11, 18));
        assert_eq!(rows[5].creator_group, "longgroupname");
    }

    #[test]
    fn dragonfly_keys_over_32_bits_are_decoded_whole() {
        let rows = rows(captured()[1]).unwrap();
        let keys: Vec<i64> = rows.iter().map(|row| row.key).collect();
        assert_eq!(keys[4..], [1_592_590_342, 0xffff_fffb, 0x12_3456_7890]);
        assert_eq!((rows[4].attached, rows[4].last_pid), (2, 58));
    }

    #[test]
    fn dragonfly_mark_for_removal_is_what_ipc_stat_lets_conclude() {
        let rows = rows(captured()[0]).unwrap();
        let [attached, _, keyed, ..] = rows[..] else {
            panic!("{rows:?}");
        };
        let removed = StatFlags::MARKED_FOR_REMOVAL;
        assert_eq!(mark(&attached, true), Some(removed));
        assert_eq!(mark(&attached, false), Some(StatFlags::REMOVAL_UNKNOWN));
        // Destroyed between the two.
        assert_eq!(mark(&keyed, true), None);
        assert_eq!(mark(&keyed, false), Some(StatFlags::LIVE));
        let held = Row {
            attached: 3,
            ..keyed
        };
        assert_eq!(mark(&held, false), Some(StatFlags::LIVE));
        assert_eq!(mark(&held, true), Some(removed));
    }

    #[test]
    fn dragonfly_complaint_is_the_first_line_without_control_characters() {
        let said = first_message("\n ipcs: /dev/mem: Permission\u{1b} denied \nmore\n");
        assert_eq!(said.as_deref(), Some("ipcs: /dev/mem: Permission denied"));
        assert_eq!(first_message(" \n"), None);
        assert_eq!(first_message(&"x".repeat(1000)).unwrap().len(), 200);
    }

    #[test]
    fn dragonfly_output_of_ipcs_is_decoded() {
        let rows = rows(OUTPUT).unwrap();
        assert_eq!(rows.len(), 3);
        let first = Row {
            id: SegmentId::from_raw(65536),
            key: 0x5eed_0001,
            mode: Mode::from_bits_truncate(0o640),
            owner: "root",
            group: "wheel",
            creator: "root",
            creator_group: "wheel",
            attached: 1,
            size: 10000,
            creator_pid: 812,
            last_pid: 812,
        };
        assert_eq!(rows[0], first);
        assert_eq!((rows[2].owner, rows[2].group), ("verylonguser", "1002"));
        assert_eq!((rows[2].key, rows[2].mode.bits()), (-5, 0o604));
    }

    #[test]
    fn dragonfly_empty_table_is_no_failure_and_a_missing_one_is() {
        let empty: String = OUTPUT
            .lines()
            .take(2)
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(rows(&empty), Ok(Vec::new()));
        let others = format!("Message Queues:\nT ID KEY\nq 1 2\n\n{OUTPUT}\nSemaphores:\n");
        assert_eq!(rows(&others).unwrap().len(), 3);
        assert!(rows("").is_err());
        assert!(rows("Shared Memory:\n").is_err());
        assert!(rows("SVID shared memory not configured in the system\n").is_err());
    }

    #[test]
    fn dragonfly_lines_of_another_form_are_refused() {
        let line = OUTPUT.lines().nth(2).unwrap();
        for (from, to) in [
            ("m  ", "q  "),
            ("65536", "2147483648"),
            ("--rw-r-----", "--rw-w-----"),
            ("--rw-r-----", "rw-r-----"),
            ("10000", "-1"),
            ("noentry", "never"),
            (" 9:59:59", ""),
            (" 9:59:59", " 9:59:59 more"),
        ] {
            let text = OUTPUT.replace(line, &line.replacen(from, to, 1));
            assert_ne!(text, OUTPUT);
            assert!(rows(&text).is_err(), "{from} as {to}");
        }
    }

    fn printed(mode: Mode) -> String {
        let places = "rwarwarwa".chars().enumerate();
        let places = places.map(|(at, c)| {
            if mode.bits() >> (8 - at) & 1 == 1 {
                c
            } else {
                '-'
            }
        });
        "--".chars().chain(places).collect()
    }

    proptest! {
        #[test]
        fn dragonfly_what_was_printed_is_decoded(
            id in any::<i32>(), key in any::<i64>(), bits in 0_u32..=0o777,
            owner in "[a-z_][a-z0-9_-]{0,20}", attached in any::<u64>(), size in any::<u64>(),
            pids in any::<[i32; 2]>(), time in (0..24_u8, 0..60_u8, 0..60_u8),
        ) {
            let mode = Mode::from_bits_truncate(bits);
            let line = format!(
                "m {id:6} {key:10} {} {owner:>8} {owner:>8} {owner:>8} {owner:>8} {attached:6} \
                 {size:6} {:6} {:6} {:2}:{:02}:{:02} noentry {:2}:{:02}:{:02}",
                printed(mode), pids[0], pids[1], time.0, time.1, time.2, time.0, time.1, time.2,
            );
            let head = OUTPUT.lines().take(2).collect::<Vec<_>>().join("\n");
            let text = format!("{head}\n{line}\n\n");
            let row = rows(&text).unwrap()[0];
            prop_assert_eq!(row.id.as_raw(), id);
            prop_assert_eq!(row.key, key);
            prop_assert_eq!((row.mode, row.attached, row.size), (mode, attached, size));
            prop_assert_eq!([row.owner, row.creator_group], [&owner[..], &owner[..]]);
            prop_assert_eq!([row.creator_pid, row.last_pid], pids);
        }

        #[test]
        fn dragonfly_damaged_output_never_panics(bytes in damaged(OUTPUT.as_bytes().to_vec())) {
            let _ = rows(&String::from_utf8_lossy(&bytes));
        }
    }
}
