//! The events of the tour, second by second.
//!
//! Each step depends only on its number, so every run shows the same at the same moment.
//! A segment that the user removed stays removed.

use super::cast::{self, KIB, MIB, POSTGRES, RENDER, SUPERVISOR, TILE, XORG};
use super::{attachment, paint};
use crate::model::directory::Process;
use crate::model::segment::{Flags, Id, Memory, Segment};
use crate::source::fake::System;

/// Identifiers of the pixmaps that come and go.
const PIXMAPS: Id = 1_000_000;
/// Identifiers of the tiles that the pool creates.
const TILES: Id = 2_000_000;
/// Number of abandoned tiles at which an administrator's job removes the oldest.
const LEAKS: Id = 6;

/// Applies the events of second `step` of the tour, at the time `now`.
pub(super) fn step(system: &mut System, step: i32, now: i64) {
    backends(system, step, now);
    pixmaps(system, step, now);
    pool(system, step, now);
    requests(system, step, now);
    growth(system, step);
}

fn backends(system: &mut System, step: i32, now: i64) {
    let pid = 9_200 + step / 7 % 600;
    match step % 7 {
        3 => {
            let command = "postgres: 15/main: app shop [local] SELECT";
            run(system, pid, POSTGRES, command, now);
            attach(system, cast::CLUSTER, pid, true, now);
        }
        6 => system.end_process(pid, now),
        _ => {}
    }
}

/// The browser shows a picture for some seconds.
fn pixmaps(system: &mut System, step: i32, now: i64) {
    let id = PIXMAPS + step / 11 % 10_000;
    match step % 11 {
        2 => {
            let segment = Segment {
                id,
                size: 786_432,
                mode: 0o777,
                flags: Flags {
                    removed: true,
                    ..Flags::default()
                },
                owner: cast::ADA,
                group: cast::ADA,
                creator: cast::ADA,
                creator_group: cast::ADA,
                creator_pid: cast::FIREFOX,
                change_time: Some(now),
                memory: Some(Memory {
                    resident: 786_432,
                    swapped: 0,
                }),
                ..Segment::default()
            };
            system.segments.insert(id, segment);
            attach(system, id, cast::FIREFOX, true, now);
            attach(system, id, XORG, false, now);
        }
        8 => destroy(system, id),
        _ => {}
    }
}

/// A worker renders a tile and crashes; nobody removes the tile.
fn pool(system: &mut System, step: i32, now: i64) {
    let number = step / 23;
    let (id, pid) = (TILES + number, 4_200 + number % 3_000);
    match step % 23 {
        4 => {
            let command = format!(
                "/opt/render/bin/worker --job={pid} --scene=/srv/render/harbor/scene-0114.usd"
            );
            run(system, pid, RENDER, &command, now);
            let segment = Segment {
                id,
                size: TILE,
                mode: 0o600,
                owner: RENDER,
                group: RENDER,
                creator: RENDER,
                creator_group: RENDER,
                creator_pid: pid,
                change_time: Some(now),
                memory: Some(Memory::default()),
                ..Segment::default()
            };
            system.segments.insert(id, segment);
            system.paintings.insert(id, paint::tile_of(id));
            attach(system, id, pid, true, now);
            attach(system, id, SUPERVISOR, false, now);
        }
        5..19 => grow(system, id, MIB, TILE),
        19 => {
            system.end_process(pid, now);
            system.detach(id, SUPERVISOR, now);
        }
        21 => destroy(system, id - LEAKS),
        _ => {}
    }
}

/// Every few seconds a request reads its session.
fn requests(system: &mut System, step: i32, now: i64) {
    let turn = usize::try_from(step / 5).unwrap_or(0) % cast::PHP.len();
    if step % 5 == 0
        && let Some(pid) = cast::PHP.get(turn)
        && let Some(segment) = system.segments.get_mut(&cast::SESSIONS)
    {
        segment.last_pid = *pid;
        segment.attach_time = Some(now);
        segment.detach_time = Some(now);
    }
}

fn growth(system: &mut System, step: i32) {
    grow(system, cast::JAVA, 64 * KIB, 900 * MIB);
    grow(system, cast::TILES[5], 256 * KIB, TILE);
    if step % 2 == 0 {
        grow(system, cast::REPORTS, 8 * KIB, 8_331_264);
    }
}

fn grow(system: &mut System, id: Id, by: u64, most: u64) {
    if let Some(memory) = system
        .segments
        .get_mut(&id)
        .and_then(|one| one.memory.as_mut())
    {
        memory.resident = (memory.resident + by).min(most);
    }
}

fn run(system: &mut System, pid: i32, user: u32, command: &str, now: i64) {
    let process = Process::Running {
        command: command.into(),
        started: Some(now),
        user: Some(user),
    };
    system.processes.insert(pid, process);
}

fn attach(system: &mut System, id: Id, pid: i32, writable: bool, now: i64) {
    if let Some(segment) = system.segments.get_mut(&id) {
        segment.attached += 1;
        segment.attach_time = Some(now);
        segment.last_pid = pid;
        let attachment = attachment(segment, pid, writable);
        system.scan.attachments.push(attachment);
    }
}

fn destroy(system: &mut System, id: Id) {
    system.segments.remove(&id);
    system.paintings.remove(&id);
    system.scan.attachments.retain(|found| found.id != id);
}
