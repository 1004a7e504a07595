//! Linux: the mappings in `/proc/PID/maps`.
//!
//! The inode of a segment's mapping is the segment's identifier, within the IPC namespace
//! where it was created. So processes of another namespace are excluded; the namespace is
//! read only for processes with such mappings.

use std::fs::{self, DirEntry};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::join::{self, Piece};
use super::probe::{Found, ProcessSearch};
use super::{ProcessAttachment, ProcessScan, cannot};
use crate::decode::maps::Mapping;
use crate::error::{Cause, Error, Result};
use crate::sys::mappings::{Devices, Reader, has_ended};
use crate::{SegmentId, list};

/// Whether a probe was seen to work on a running system.
pub(super) const VERIFIED: bool = true;

pub(super) fn search() -> ProcessSearch {
    ProcessSearch::Scan
}

/// Mappings name their segment here, so an attachment of the caller adds nothing.
pub(super) fn probe(id: SegmentId, _base: u64) -> Result<Found> {
    let scan = scan()?;
    let memory = list::segments_with_memory()?
        .iter()
        .find(|stat| stat.id == id)
        .and_then(|stat| stat.memory);
    Ok(Found {
        attachments: scan.of(id).to_vec(),
        unreadable: scan.unreadable,
        invisible: scan.invisible,
        resident: memory.map(|memory| memory.resident),
    })
}

/// Returns the attachments of every process in this thread's IPC namespace.
pub(super) fn scan() -> Result<ProcessScan> {
    scan_namespace(own_namespace()?)
}

/// Returns the attachments of every process in the IPC namespace with this inode; of all
/// processes if the kernel has no namespaces (`None`).
pub(crate) fn scan_namespace(namespace: Option<u64>) -> Result<ProcessScan> {
    let devices = Devices::find();
    let mut reader = Reader::new();
    let mut scan = ProcessScan {
        invisible: others_are_invisible(),
        ..ProcessScan::default()
    };
    for pid in numbers()? {
        let Some((thread, mappings)) = readable(reader.process(pid), &mut scan) else {
            continue;
        };
        let pieces = pieces(pid, mappings, &devices);
        if pieces.is_empty() {
            continue;
        }
        if let Some(namespace) = namespace {
            match readable(namespace_of(thread), &mut scan) {
                Some(theirs) if theirs == namespace => {}
                _ => continue,
            }
        }
        scan.attachments.extend(join::attachments(pieces));
    }
    scan.sort();
    Ok(scan)
}

/// Returns the mappings that belong to segments.
fn pieces(pid: i32, mappings: &[Mapping], devices: &Devices) -> Vec<Piece> {
    let piece = |mapping: &Mapping| {
        let huge_pages = devices.huge_pages(mapping.device)?;
        let found = ProcessAttachment {
            id: SegmentId::from_raw(i32::try_from(mapping.inode).ok()?),
            pid,
            start: mapping.start,
            end: mapping.end,
            readable: mapping.readable,
            writable: mapping.writable,
            executable: mapping.executable,
            pieces: 1,
            original_key: Some(mapping.key),
            huge_pages,
        };
        Some(Piece {
            found,
            offset: mapping.offset,
        })
    };
    mappings.iter().filter_map(piece).collect()
}

/// Returns the mappings of a process; one that has exited has none, and one that cannot
/// be inspected is counted.
fn readable<T>(read: io::Result<T>, scan: &mut ProcessScan) -> Option<T> {
    read.inspect_err(|error| {
        if !has_ended(error) {
            scan.unreadable += 1;
        }
    })
    .ok()
}

/// Returns the numbers of all visible processes.
pub(crate) fn numbers() -> Result<impl Iterator<Item = i32>> {
    let entries = fs::read_dir("/proc").map_err(|_| no_proc())?;
    let number = |entry: DirEntry| entry.file_name().to_str()?.parse().ok();
    Ok(entries.filter_map(io::Result::ok).filter_map(number))
}

/// Returns the inode of a process's IPC namespace (`ns/ipc`).
pub(crate) fn namespace_of(pid: i32) -> io::Result<u64> {
    fs::metadata(format!("/proc/{pid}/ns/ipc")).map(|metadata| metadata.ino())
}

/// Returns this thread's IPC namespace; `None` if the kernel has none.
pub(crate) fn own_namespace() -> Result<Option<u64>> {
    match fs::metadata("/proc/thread-self/ns/ipc") {
        Ok(metadata) => Ok(Some(metadata.ino())),
        // Either the kernel has no such namespaces, or there is no `/proc`.
        Err(error)
            if error.kind() == ErrorKind::NotFound && Path::new("/proc/self/maps").exists() =>
        {
            Ok(None)
        }
        Err(_) => Err(no_proc()),
    }
}

/// With `hidepid=2`, an unprivileged process cannot see even process 1, which every pid
/// namespace has.
pub(crate) fn others_are_invisible() -> bool {
    !Path::new("/proc/1").exists()
}

fn no_proc() -> Error {
    cannot(Cause::Unsupported {
        what: "/proc is not mounted, or is not that of this process",
    })
}
