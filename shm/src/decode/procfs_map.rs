//! `/proc/PID/map` of DragonFly and FreeBSD: one line per mapping, with the kernel
//! address of the VM object behind it (`procfs_map.c` of both).
//!
//! The object identifies the segment: every process that has the segment attached shows
//! the same one. FreeBSD adds two fields at the end. DragonFly 5.9 was seen to print −1
//! for the resident pages.

use alloc::string::String;
use alloc::vec::Vec;

/// A mapping with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// Resident pages, if the kernel counts them.
    pub(crate) resident_pages: Option<u64>,
    /// The kernel address of the VM object, never 0.
    pub(crate) object: u64,
    pub(crate) readable: bool,
    pub(crate) writable: bool,
    pub(crate) executable: bool,
}

/// Returns the mappings that have an object; a line of another form is skipped.
pub(crate) fn mappings(text: &[u8]) -> Vec<Mapping> {
    let lines = text.split(|byte| *byte == b'\n');
    // The path at the end may not be UTF-8.
    lines
        .filter_map(|line| mapping(&String::from_utf8_lossy(line)))
        .collect()
}

fn mapping(line: &str) -> Option<Mapping> {
    let mut fields = line.split_ascii_whitespace();
    let start = address(fields.next()?)?;
    let end = address(fields.next()?)?;
    let resident: i64 = fields.next()?.parse().ok()?;
    let _private = fields.next()?;
    let object = address(fields.next()?).filter(|object| *object != 0)?;
    let &[read, write, execute] = fields.next()?.as_bytes() else {
        return None;
    };
    (start < end).then_some(Mapping {
        start,
        end,
        resident_pages: u64::try_from(resident).ok(),
        object,
        readable: read == b'r',
        writable: write == b'w',
        executable: execute == b'x',
    })
}

/// `0x…`, or the plain 0 of a null pointer.
fn address(field: &str) -> Option<u64> {
    match field.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => (field == "0").then_some(0),
    }
}

#[cfg(test)]
mod tests {
    use core::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;
    use crate::decode::testing::damaged;

    const CAPTURE: &str = include_str!("../../tests/fixtures/dragonfly-5.9-proc-map.txt");

    /// Returns the lines of the capture that one process had: they start with its name.
    fn captured(process: &str) -> Vec<Mapping> {
        let lines = CAPTURE
            .lines()
            .filter_map(|line| line.strip_prefix(process));
        let text: Vec<&str> = lines.collect();
        mappings(text.join("\n").as_bytes())
    }

    #[test]
    fn dragonfly_capture_shows_one_object_in_all_holders() {
        let holders = ["pid 17 ", "pid 18 ", "pid 56 "].map(captured);
        for holder in &holders {
            let [mapping] = holder[..] else {
                panic!("{holder:?}")
            };
            assert_eq!(mapping.object, 0xffff_f800_50b4_8420);
            assert_eq!(mapping.end - mapping.start, 3 * 4096);
            assert_eq!(mapping.resident_pages, None);
        }
        let rights = holders.map(|holder| (holder[0].readable, holder[0].writable));
        assert_eq!(rights, [(true, true), (true, true), (true, false)]);
    }

    #[test]
    fn dragonfly_capture_is_read_whole() {
        let own = captured("curproc ");
        let lines = CAPTURE.lines().filter(|line| line.starts_with("curproc "));
        // Two of them have no object.
        assert_eq!(own.len(), lines.count() - 2);
        assert!(own.iter().all(|mapping| mapping.object > 1 << 63));
        assert!(own.iter().any(|mapping| mapping.executable));
    }

    #[test]
    fn freebsd_line_has_two_fields_more_and_a_count_of_pages() {
        let line =
            b"0x822a00000 0x822a05000 3 0 0xfffff80001c5db58 rw- 2 0 0x1000 NCOW NNC swap - CH 0\n";
        let [mapping] = mappings(line)[..] else {
            panic!()
        };
        assert_eq!(mapping.object, 0xffff_f800_01c5_db58);
        assert_eq!(mapping.resident_pages, Some(3));
        let path_of_other_bytes = b"0x1000 0x2000 1 0 0xff r-x 1 0 0x0 COW NC vnode /\xff\xfe\n";
        assert_eq!(mappings(path_of_other_bytes).len(), 1);
    }

    #[test]
    fn lines_of_another_form_are_skipped() {
        for line in [
            "",
            "0x1000",
            "0x1000 0x2000 0 0 zzz rw-",
            "0x2000 0x1000 0 0 0x5 rw-",
        ] {
            assert_eq!(mappings(line.as_bytes()), [], "{line}");
        }
    }

    proptest! {
        #[test]
        fn procfs_mappings_that_were_written_are_read(
            all in proptest::collection::vec(
                (0_u64..1 << 47, 1_u64..1 << 40, -1_i64..1 << 40, 1_u64.., any::<[bool; 3]>()),
                0..10,
            )
        ) {
            let mut text = String::new();
            let expected: Vec<Mapping> = all.into_iter().map(|(start, length, pages, object, rights)| {
                let [readable, writable, executable] = rights;
                let end = start + length;
                let sign = |on, sign| if on { sign } else { '-' };
                writeln!(
                    text, "{start:#018x} {end:#018x} {pages} -1 {object:#x} {}{}{} 4 0 0x0190 NCOW NNC default -",
                    sign(readable, 'r'), sign(writable, 'w'), sign(executable, 'x'),
                ).unwrap();
                let resident_pages = u64::try_from(pages).ok();
                Mapping { start, end, resident_pages, object, readable, writable, executable }
            }).collect();
            prop_assert_eq!(mappings(text.as_bytes()), expected);
        }

        #[test]
        fn damaged_procfs_maps_never_panic(bytes in damaged(CAPTURE.as_bytes().to_vec())) {
            let _ = mappings(&bytes);
        }
    }
}
