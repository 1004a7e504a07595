//! The invented system of `--demo`: a machine with a database, a desktop, a render pool
//! that leaks, and their leftovers, changing over time.

use std::fmt;
use std::sync::Arc;

use super::{Fake, System};
use crate::model::directory::Process;
use crate::model::scan::{Attachment, Namespace, NamespaceScan, NamespaceUsage, Scan};
use crate::model::segment::{Key, Memory, Segment};
use crate::model::snapshot::Limits;
use crate::model::time::Clock;

mod actors;
mod cast;
mod motion;
mod paint;

pub use paint::Painting;

/// How many seconds at most are replayed after a pause.
const CATCH_UP: i32 = 3600;
/// Duration of the tour: longer than anybody watches.
const LONGEST: i32 = 100 * 86_400;

/// The namespace of a container that can be entered, and of one that cannot.
const CONTAINER: u64 = 4_026_532_411;
const CLOSED: u64 = 4_026_532_977;

/// The state of the tour.
#[derive(Clone)]
pub struct Tour {
    clock: Arc<dyn Clock>,
    /// Its start, in seconds since the epoch.
    start: i64,
    /// Seconds since the start.
    seconds: i32,
}

impl Tour {
    /// Returns the current moment of the tour, in seconds since the epoch.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.start + i64::from(self.seconds)
    }

    /// Returns the seconds since the start.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        self.seconds.unsigned_abs().into()
    }
}

impl fmt::Debug for Tour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tour")
            .field("start", &self.start)
            .field("seconds", &self.seconds)
            .finish_non_exhaustive()
    }
}

impl Fake {
    /// Creates the system of `--demo`, which starts now and follows `clock`.
    #[must_use]
    pub fn tour(clock: Arc<dyn Clock>) -> Self {
        let now = clock.now().wall;
        let mut system = machine(now);
        system.others = [(CONTAINER, Self::new(container(now)))].into();
        system.tour = Some(Tour {
            clock,
            start: now,
            seconds: 0,
        });
        Self::new(system)
    }
}

/// Advances the system to the time of its clock.
pub(super) fn advance(system: &mut System) {
    let Some(tour) = &mut system.tour else {
        return;
    };
    let (start, done) = (tour.start, tour.seconds);
    let since = tour.clock.now().wall.saturating_sub(start);
    let target = i32::try_from(since).unwrap_or(LONGEST).clamp(done, LONGEST);
    tour.seconds = target;
    for step in done.max(target - CATCH_UP)..target {
        motion::step(system, step + 1, start + i64::from(step) + 1);
    }
}

/// Creates an attachment at an address that the kernel might choose.
fn attachment(segment: &Segment, pid: i32, writable: bool) -> Attachment {
    let start = 0x7f00_0000_0000
        + (u64::from(pid.unsigned_abs()) << 24)
        + (u64::from(segment.id.unsigned_abs()) << 12);
    Attachment {
        id: segment.id,
        key: Some(segment.key),
        pid,
        start,
        end: start + segment.size.next_multiple_of(4096),
        writable,
        pieces: 1,
        resident: segment.memory.map(|memory| memory.resident),
    }
}

fn segment(prop: &cast::Prop, now: i64) -> Segment {
    let creator = prop.creator.unwrap_or(prop.owner);
    let attached = prop.writers.len() + prop.readers.len();
    Segment {
        id: prop.id,
        key: Key(prop.key),
        size: prop.size,
        mode: prop.mode,
        flags: prop.flags,
        owner: prop.owner,
        group: group(prop.owner),
        creator,
        creator_group: group(creator),
        creator_pid: prop.creator_pid,
        last_pid: prop.last_pid.unwrap_or(prop.creator_pid),
        attached: attached as u64 + prop.hidden,
        attach_time: prop.attach.map(|ago| now - ago),
        detach_time: prop.detach.map(|ago| now - ago),
        change_time: Some(now - prop.age),
        memory: Some(Memory {
            resident: prop.resident,
            swapped: prop.swapped,
        }),
        ..Segment::default()
    }
}

/// Returns the group of a user: with the same number, except for the database's.
fn group(user: u32) -> u32 {
    match user {
        cast::POSTGRES => 117,
        other => other,
    }
}

fn machine(now: i64) -> System {
    let running = |actor: &actors::Actor| Process::Running {
        command: actor.command.into(),
        started: Some(now - actor.started),
        user: Some(actor.user),
    };
    let segments = cast::PROPS.iter().map(|prop| segment(prop, now));
    let segments: Vec<Segment> = segments.collect();
    let attachments = cast::PROPS
        .iter()
        .zip(&segments)
        .flat_map(|(prop, segment)| {
            let writers = prop
                .writers
                .iter()
                .map(|pid| attachment(segment, *pid, true));
            let readers = prop
                .readers
                .iter()
                .map(|pid| attachment(segment, *pid, false));
            writers.chain(readers)
        });
    System {
        scan: Scan {
            attachments: attachments.collect(),
            total: 214,
            unreadable: 3,
            ..Scan::default()
        },
        segments: segments
            .into_iter()
            .map(|segment| (segment.id, segment))
            .collect(),
        paintings: paint::all(),
        unreadable: vec![cast::JAVA],
        processes: actors::ACTORS
            .iter()
            .map(|actor| (actor.pid, running(actor)))
            .collect(),
        namespaces: namespaces(),
        limits: limits(),
        ..System::default()
    }
}

/// Counts of segments are computed on request.
fn namespaces() -> NamespaceScan {
    let namespace = |inode, own, processes: &[(i32, &str)], count, usage| Namespace {
        inode,
        own,
        processes: processes
            .iter()
            .map(|(pid, command)| (*pid, (*command).into()))
            .collect(),
        count,
        usage,
    };
    NamespaceScan {
        list: vec![
            namespace(
                4_026_531_839,
                true,
                &[(1, "/sbin/init")],
                204,
                Ok(NamespaceUsage::default()),
            ),
            namespace(
                CONTAINER,
                false,
                &[
                    (7_001, "postgres -D /data"),
                    (7_044, "postgres: checkpointer"),
                ],
                6,
                Ok(NamespaceUsage::default()),
            ),
            namespace(
                CLOSED,
                false,
                &[(7_501, "/pause")],
                1,
                Err("cannot enter this IPC namespace: Operation not permitted".to_owned()),
            ),
        ],
        unreadable: 3,
        invisible: false,
    }
}

fn limits() -> Limits {
    Limits {
        segments: Some(4096),
        segment_bytes: None,
        smallest: Some(1),
        pages: None,
        page_bytes: 4096,
        rmid_forced: Some(false),
        attach_removed: Some(true),
    }
}

/// The container: its database, and the leftovers of an earlier one.
fn container(now: i64) -> System {
    let database = Segment {
        id: 0,
        key: Key(0x0020_07d1),
        size: 56,
        mode: 0o600,
        owner: 999,
        group: 999,
        creator: 999,
        creator_group: 999,
        creator_pid: 7_001,
        last_pid: 7_044,
        attached: 1,
        attach_time: Some(now - 500),
        change_time: Some(now - 90_000),
        memory: Some(Memory {
            resident: 4096,
            swapped: 0,
        }),
        ..Segment::default()
    };
    let left = Segment {
        id: 1,
        key: Key(0x0020_07d0),
        size: 48 << 20,
        creator_pid: 6_870,
        last_pid: 6_870,
        attached: 0,
        attach_time: Some(now - 500_000),
        detach_time: Some(now - 410_000),
        change_time: Some(now - 500_000),
        memory: Some(Memory {
            resident: 41 << 20,
            swapped: 0,
        }),
        ..database
    };
    let process = Process::Running {
        command: "postgres -D /data".into(),
        started: Some(now - 90_001),
        user: Some(999),
    };
    System {
        scan: Scan {
            attachments: vec![attachment(&database, 7_001, true)],
            total: 214,
            ..Scan::default()
        },
        segments: [database, left].map(|segment| (segment.id, segment)).into(),
        processes: [(7_001, process)].into(),
        namespaces: NamespaceScan::default(),
        limits: limits(),
        ..System::default()
    }
}
