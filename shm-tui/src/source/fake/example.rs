//! The initial invented system of most tests.

use super::{Fake, System};
use crate::model::directory::Process;
use crate::model::scan::{Attachment, Namespace, NamespaceScan, NamespaceUsage, Scan};
use crate::model::segment::{Flags, Key, Memory, Segment};
use crate::model::snapshot::Limits;

impl Fake {
    /// Creates a database, a display, a cache and their leftovers, as of `now`.
    #[must_use]
    pub fn example(now: i64) -> Self {
        let running = |command: &str, ago: i64| Process::Running {
            command: command.into(),
            started: Some(now - ago),
            user: Some(if command.contains("postgres") {
                109
            } else {
                1000
            }),
        };
        let postgres = Segment {
            id: 0,
            key: Key(0x0010_38e1),
            size: 56,
            mode: 0o600,
            owner: 109,
            group: 117,
            creator: 109,
            creator_group: 117,
            creator_pid: 812,
            last_pid: 9_120,
            attached: 7,
            attach_time: Some(now - 42),
            detach_time: Some(now - 55),
            change_time: Some(now - 86_400 * 3 - 7_300),
            memory: Some(Memory {
                resident: 4096,
                swapped: 0,
            }),
            ..Segment::default()
        };
        let display = Segment {
            id: 32_769,
            size: 8_294_400,
            mode: 0o777,
            flags: Flags {
                removed: true,
                ..Flags::default()
            },
            owner: 1000,
            group: 1000,
            creator: 1000,
            creator_group: 1000,
            creator_pid: 2_044,
            last_pid: 1_377,
            attached: 2,
            attach_time: Some(now - 4_000),
            change_time: Some(now - 4_000),
            memory: Some(Memory {
                resident: 8_294_400,
                swapped: 0,
            }),
            ..Segment::default()
        };
        let orphan = Segment {
            id: 65_538,
            key: Key(0x5100_0a2f),
            size: 134_217_728,
            mode: 0o666,
            owner: 1000,
            group: 1000,
            creator: 1000,
            creator_group: 1000,
            creator_pid: 3_333,
            last_pid: 3_334,
            detach_time: Some(now - 86_400 * 2),
            attach_time: Some(now - 86_400 * 2 - 60),
            change_time: Some(now - 86_400 * 9),
            memory: Some(Memory {
                resident: 1_048_576,
                swapped: 33_554_432,
            }),
            ..Segment::default()
        };
        let cache = Segment {
            id: 98_307,
            key: Key(0xdead_beef),
            size: 4_294_967_296 + 4096,
            mode: 0o640,
            flags: Flags {
                locked: true,
                ..Flags::default()
            },
            owner: 0,
            group: 0,
            creator: 1000,
            creator_group: 1000,
            creator_pid: 2_500,
            last_pid: 2_500,
            attached: 1,
            attach_time: Some(now - 20),
            change_time: Some(now - 20),
            memory: Some(Memory {
                resident: 65_536,
                swapped: 0,
            }),
            ..Segment::default()
        };
        let segments = [postgres, display, orphan, cache];
        let header: Vec<u8> = (0..56u8).map(|n| n.wrapping_mul(37)).collect();
        Self::new(System {
            segments: segments.map(|segment| (segment.id, segment)).into(),
            bytes: [
                (0, header),
                (65_538, b"\x1b[31mcheckpoint 0042\x00\x07 written".to_vec()),
            ]
            .into(),
            unreadable: vec![98_307],
            processes: [
                (
                    812,
                    running(
                        "/usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main",
                        86_400 * 3 + 7_301,
                    ),
                ),
                (1_377, running("/usr/lib/xorg/Xorg :0", 90_000)),
                (2_044, running("firefox-esr", 5_000)),
                (2_500, running("java -Xmx4g -jar cache.jar", 30)),
                (9_120, running("postgres: main app [local] idle", 44)),
            ]
            .into(),
            scan: Scan {
                attachments: vec![
                    Attachment {
                        id: 0,
                        key: Some(Key(0x0010_38e1)),
                        pid: 812,
                        start: 0x7f5a_1c00_0000,
                        end: 0x7f5a_1c00_1000,
                        writable: true,
                        pieces: 1,
                        resident: Some(4096),
                    },
                    Attachment {
                        id: 0,
                        key: Some(Key(0x0010_38e1)),
                        pid: 9_120,
                        start: 0x7f5a_1c00_0000,
                        end: 0x7f5a_1c00_1000,
                        writable: true,
                        pieces: 1,
                        resident: Some(0),
                    },
                    Attachment {
                        id: 32_769,
                        key: None,
                        pid: 1_377,
                        start: 0x7fd0_0400_0000,
                        end: 0x7fd0_047e_9000,
                        writable: false,
                        pieces: 1,
                        resident: Some(8_294_400),
                    },
                    Attachment {
                        id: 32_769,
                        key: None,
                        pid: 2_044,
                        start: 0x7f11_0000_0000,
                        end: 0x7f11_007e_9000,
                        writable: true,
                        pieces: 1,
                        resident: Some(8_294_400),
                    },
                ],
                total: 214,
                unreadable: 3,
                ..Scan::default()
            },
            namespaces: NamespaceScan {
                list: vec![
                    Namespace {
                        inode: 4_026_531_839,
                        own: true,
                        processes: vec![(1, "/sbin/init".into())],
                        count: 210,
                        usage: Ok(NamespaceUsage::default()),
                    },
                    Namespace {
                        inode: 4_026_532_411,
                        own: false,
                        processes: vec![(7_001, "postgres -D /data".into())],
                        count: 4,
                        usage: Ok(NamespaceUsage::default()),
                    },
                ],
                unreadable: 3,
                invisible: false,
            },
            others: [(4_026_532_411, Self::default())].into(),
            limits: Limits {
                segments: Some(4096),
                segment_bytes: None,
                smallest: Some(1),
                pages: None,
                page_bytes: 4096,
                rmid_forced: Some(false),
                attach_removed: Some(true),
            },
            ..System::default()
        })
    }
}
