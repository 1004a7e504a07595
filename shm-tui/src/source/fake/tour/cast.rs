//! The users and segments of the tour.
//!
//! Times are seconds before the start of the tour.

use crate::model::segment::{Flags, Id};

pub(super) const ROOT: u32 = 0;
pub(super) const WWW: u32 = 33;
pub(super) const POSTGRES: u32 = 109;
pub(super) const FEED: u32 = 995;
pub(super) const RENDER: u32 = 998;
pub(super) const ADA: u32 = 1000;
pub(super) const GRACE: u32 = 1001;
/// A user of a container without a name outside.
const CONTAINED: u32 = 100_999;

pub(super) const MINUTE: i64 = 60;
pub(super) const HOUR: i64 = 3600;
pub(super) const DAY: i64 = 86_400;

pub(super) const SUPERVISOR: i32 = 4_100;
pub(super) const XORG: i32 = 1_377;
pub(super) const FIREFOX: i32 = 2_044;
pub(super) const PHP: [i32; 4] = [1_510, 1_511, 1_512, 1_513];

/// A segment of the tour. Unset fields are as in [`PROP`].
pub(super) struct Prop {
    pub(super) id: Id,
    pub(super) key: u64,
    pub(super) size: u64,
    pub(super) mode: u16,
    pub(super) flags: Flags,
    pub(super) owner: u32,
    /// The creator, if it is not the owner.
    pub(super) creator: Option<u32>,
    pub(super) creator_pid: i32,
    /// The last user, if it is not the creator.
    pub(super) last_pid: Option<i32>,
    /// Seconds since its creation.
    pub(super) age: i64,
    /// Seconds since the last attach.
    pub(super) attach: Option<i64>,
    /// Seconds since the last detach.
    pub(super) detach: Option<i64>,
    pub(super) resident: u64,
    pub(super) swapped: u64,
    /// Processes that have it attached for writing.
    pub(super) writers: &'static [i32],
    /// Processes that have it attached for reading.
    pub(super) readers: &'static [i32],
    /// Attachments of processes that cannot be read.
    pub(super) hidden: u64,
}

const NO_FLAGS: Flags = Flags {
    removed: false,
    locked: false,
    huge: false,
    no_reserve: false,
    lingers: false,
    removal_unknown: false,
};
const REMOVED: Flags = Flags {
    removed: true,
    ..NO_FLAGS
};

const PROP: Prop = Prop {
    id: 0,
    key: 0,
    size: 0,
    mode: 0o600,
    flags: NO_FLAGS,
    owner: ROOT,
    creator: None,
    creator_pid: 0,
    last_pid: None,
    age: 0,
    attach: None,
    detach: None,
    resident: 0,
    swapped: 0,
    writers: &[],
    readers: &[],
    hidden: 0,
};

pub(super) const KIB: u64 = 1 << 10;
pub(super) const MIB: u64 = 1 << 20;
pub(super) const GIB: u64 = 1 << 30;

/// The segments with painted contents, by kind.
pub(super) const CLUSTER: Id = 0;
pub(super) const REPORTS: Id = 3;
pub(super) const WINDOW: Id = 32_769;
pub(super) const POSTER: Id = 32_771;
pub(super) const VIDEO: Id = 32_772;
pub(super) const CHECKPOINTS: Id = 65_538;
pub(super) const TILES: [Id; 6] = [65_541, 65_542, 65_543, 65_544, 65_545, 65_546];
pub(super) const JAVA: Id = 98_307;
pub(super) const MEMO: Id = 98_310;
pub(super) const RING: Id = 131_076;
pub(super) const SESSIONS: Id = 163_845;
pub(super) const LEGACY: Id = 163_846;
pub(super) const AUDIO: Id = 196_615;
pub(super) const GRIDS: [Id; 4] = [196_616, 196_617, 196_618, 196_619];
pub(super) const WEIGHTS: Id = 229_386;
const CONTAINER: Id = 262_155;
pub(super) const JOURNAL: Id = 294_924;

/// The data directory's inode number, which is the key.
pub(super) const CLUSTER_KEY: u64 = 0x0010_38e1;
pub(super) const REPORTS_KEY: u64 = 0x0010_38e2;
/// The size of a tile of the render pool.
pub(super) const TILE: u64 = 16 * MIB;
/// The size of one grid of the simulation.
pub(super) const GRID: u64 = 64 * MIB;

/// A tile left behind by a worker of the pool.
const fn leak(id: Id, pid: i32, age: i64) -> Prop {
    Prop {
        id,
        size: TILE,
        owner: RENDER,
        creator_pid: pid,
        age,
        attach: Some(age),
        detach: Some(age - 230),
        resident: TILE,
        ..PROP
    }
}

/// A grid of the simulation: four ranks exchange their borders through it.
const fn grid(id: Id, pid: i32) -> Prop {
    Prop {
        id,
        size: GRID,
        flags: REMOVED,
        owner: GRACE,
        creator_pid: pid,
        last_pid: Some(6_024),
        age: 90 * MINUTE - 2,
        attach: Some(90 * MINUTE - 3),
        resident: GRID,
        writers: &[6_021, 6_022, 6_023, 6_024],
        ..PROP
    }
}

pub(super) const PROPS: &[Prop] = &[
    Prop {
        id: CLUSTER,
        key: CLUSTER_KEY,
        size: 56,
        owner: POSTGRES,
        creator_pid: 812,
        last_pid: Some(9_120),
        age: 3 * DAY + 7_300,
        attach: Some(42),
        detach: Some(55),
        resident: 4 * KIB,
        writers: &[812, 815, 816, 818, 819, 820, 9_120],
        ..PROP
    },
    Prop {
        id: REPORTS,
        key: REPORTS_KEY,
        size: 8_331_264,
        owner: POSTGRES,
        creator_pid: 901,
        last_pid: Some(9_077),
        age: 3 * DAY + 7_200,
        attach: Some(11 * MINUTE),
        detach: Some(14 * MINUTE),
        resident: 5_292_032,
        writers: &[901, 904, 905, 906, 9_077],
        ..PROP
    },
    Prop {
        id: WINDOW,
        size: 8_294_400,
        mode: 0o777,
        flags: REMOVED,
        owner: ADA,
        creator_pid: FIREFOX,
        last_pid: Some(XORG),
        age: 4_000,
        attach: Some(4_000),
        resident: 8_294_400,
        writers: &[FIREFOX],
        readers: &[XORG],
        ..PROP
    },
    Prop {
        id: POSTER,
        size: 3_686_400,
        flags: REMOVED,
        owner: ADA,
        creator_pid: 2_210,
        last_pid: Some(XORG),
        age: 47 * MINUTE,
        attach: Some(47 * MINUTE),
        resident: 3_686_400,
        writers: &[2_210],
        readers: &[XORG],
        ..PROP
    },
    Prop {
        id: VIDEO,
        size: 3_686_400,
        flags: REMOVED,
        owner: ADA,
        creator_pid: 2_318,
        last_pid: Some(XORG),
        age: 9 * MINUTE,
        attach: Some(9 * MINUTE),
        resident: 3_686_400,
        writers: &[2_318],
        readers: &[XORG],
        ..PROP
    },
    Prop {
        id: CHECKPOINTS,
        key: 0x5100_0a2f,
        size: 128 * MIB,
        mode: 0o666,
        owner: ADA,
        creator_pid: 3_333,
        last_pid: Some(3_334),
        age: 9 * DAY,
        attach: Some(2 * DAY + 60),
        detach: Some(2 * DAY),
        resident: MIB,
        swapped: 32 * MIB,
        ..PROP
    },
    leak(TILES[0], 4_101, 5 * DAY),
    leak(TILES[1], 4_102, 2 * DAY + 700),
    leak(TILES[2], 4_103, DAY + 2 * HOUR),
    leak(TILES[3], 4_104, 7 * HOUR),
    leak(TILES[4], 4_105, 3 * HOUR),
    Prop {
        id: TILES[5],
        size: TILE,
        owner: RENDER,
        creator_pid: 4_107,
        last_pid: Some(SUPERVISOR),
        age: 4 * MINUTE,
        attach: Some(4 * MINUTE - 1),
        resident: 9 * MIB,
        writers: &[4_107],
        readers: &[SUPERVISOR],
        ..PROP
    },
    Prop {
        id: JAVA,
        key: 0xdead_beef,
        size: 4 * GIB + 4 * KIB,
        mode: 0o640,
        flags: Flags {
            locked: true,
            ..NO_FLAGS
        },
        owner: ROOT,
        creator: Some(ADA),
        creator_pid: 2_500,
        age: 2 * DAY + 5 * HOUR,
        attach: Some(2 * DAY),
        resident: 64 * KIB,
        writers: &[2_500],
        ..PROP
    },
    Prop {
        id: MEMO,
        key: 0x6d65_6d6f,
        size: GIB,
        mode: 0o640,
        owner: WWW,
        creator_pid: 2_600,
        last_pid: Some(2_612),
        age: 2 * DAY,
        attach: Some(26 * HOUR),
        resident: 600 * 4 * KIB,
        writers: &[2_600],
        readers: &[2_611, 2_612],
        ..PROP
    },
    Prop {
        id: RING,
        key: 0xf33d,
        size: GIB,
        mode: 0o644,
        flags: Flags {
            huge: true,
            ..NO_FLAGS
        },
        owner: FEED,
        creator_pid: 1_620,
        last_pid: Some(1_650),
        age: 6 * DAY,
        attach: Some(5 * HOUR),
        detach: Some(5 * HOUR + 90),
        resident: GIB,
        writers: &[1_620],
        readers: &[1_644, 1_650],
        ..PROP
    },
    Prop {
        id: SESSIONS,
        key: 0x5048_5001,
        size: 10_000,
        mode: 0o666,
        owner: WWW,
        creator_pid: PHP[0],
        last_pid: Some(PHP[2]),
        age: 4 * DAY - 60,
        attach: Some(6),
        detach: Some(6),
        resident: 4 * KIB,
        ..PROP
    },
    Prop {
        id: LEGACY,
        key: 0x51,
        size: 64 * KIB,
        mode: 0o666,
        owner: ROOT,
        creator_pid: 700,
        age: 9 * DAY - 41,
        attach: Some(9 * DAY - 41),
        resident: 12 * KIB,
        writers: &[700],
        hidden: 1,
        ..PROP
    },
    Prop {
        id: AUDIO,
        key: 0x0028_2929,
        size: 2 * MIB,
        flags: Flags {
            locked: true,
            ..NO_FLAGS
        },
        owner: ADA,
        creator_pid: 1_980,
        last_pid: Some(2_007),
        age: 3 * HOUR,
        attach: Some(2 * HOUR - 60),
        resident: 2 * MIB,
        writers: &[1_980, 2_002, 2_007],
        ..PROP
    },
    grid(GRIDS[0], 6_021),
    grid(GRIDS[1], 6_022),
    grid(GRIDS[2], 6_023),
    grid(GRIDS[3], 6_024),
    Prop {
        id: WEIGHTS,
        key: 0x7421_a001,
        size: 512 * MIB,
        owner: GRACE,
        creator_pid: 7_300,
        age: 7 * HOUR - 30,
        attach: Some(7 * HOUR - 30),
        detach: Some(38 * MINUTE),
        resident: 210 * MIB,
        ..PROP
    },
    Prop {
        id: CONTAINER,
        key: 0x6c00_0001,
        size: 32 * MIB,
        owner: CONTAINED,
        age: 19 * HOUR,
        attach: Some(19 * HOUR),
        detach: Some(13 * HOUR),
        swapped: 12 * MIB,
        ..PROP
    },
    Prop {
        id: JOURNAL,
        key: 0x0052_e2c1,
        size: MIB,
        owner: ADA,
        creator_pid: 8_020,
        last_pid: Some(8_031),
        age: 3 * HOUR,
        attach: Some(21 * MINUTE),
        detach: Some(20 * MINUTE),
        resident: 256 * KIB,
        ..PROP
    },
];
