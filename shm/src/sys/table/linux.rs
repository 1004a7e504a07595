//! Linux: `SHM_STAT_ANY` over the table of the caller's IPC namespace, or
//! `/proc/sysvipc/shm`, the only source of memory figures.

use core::ffi::c_int;

use shm_sys::{shm_info, shmid_ds, shminfo};

use super::scan::{self, TableScan};
use super::{no_limits, not_listed};
use crate::error::{Errno, Error, Operation, Result, Target, explain};
use crate::list::Segments;
use crate::sys::{control, page_size, stat_of};
use crate::{Limit, Limits, SegmentId, Stat, Usage};

/// Returns every segment, whoever may read it.
///
/// `SHM_STAT_ANY` (4.17 and later) needs no permission and is several times faster than
/// `/proc`. A kernel without it returns `EINVAL`, as for an empty slot: then `/proc` is
/// read, and if that is missing too, `SHM_STAT` shows the segments that this process may
/// read. `/proc` also helps if a sandbox filters the system call itself (`ENOSYS`,
/// `EPERM`).
pub(crate) fn segments() -> Result<Segments> {
    let any = match scan(shm_sys::SHM_STAT_ANY) {
        Ok(any) => any,
        Err(errno) => return proc::segments().unwrap_or_else(|| Err(not_listed(errno))),
    };
    if any.refused == 0 && (!any.found.is_empty() || in_use() == Some(0)) {
        return Ok(any.into());
    }
    // A security module refuses some, or the command is missing.
    if let Some(all) = proc::segments().transpose()? {
        return Ok(all);
    }
    if !any.found.is_empty() {
        return Ok(any.into());
    }
    scan(shm_sys::SHM_STAT)
        .map(Segments::from)
        .map_err(not_listed)
}

/// Returns the same with memory figures, or without them if `/proc` is missing.
pub(crate) fn segments_with_memory() -> Result<Segments> {
    match proc::segments() {
        Some(all) => all,
        None => segments(),
    }
}

/// Returns the segment with this identifier, if there is one.
pub(crate) fn find(id: SegmentId) -> Option<Stat> {
    let at = |slot| {
        stat_slot(shm_sys::SHM_STAT_ANY, slot)
            .ok()
            .filter(|stat| stat.id == id)
    };
    possible_slots(id).into_iter().find_map(at).or_else(|| {
        segments()
            .ok()?
            .records
            .into_iter()
            .find(|stat| stat.id == id)
    })
}

/// Returns the slots that an identifier may have: its low 15 bits, or 24 on a kernel that
/// was booted with `ipcmni_extend` (`ipc/util.h`). The bits above count reuses of the slot.
const fn possible_slots(id: SegmentId) -> [c_int; 2] {
    [id.as_raw() & 0x7fff, id.as_raw() & 0xff_ffff]
}

/// Returns the limits of the caller's IPC namespace.
///
/// If the call is filtered, `/proc/sys/kernel` has them.
pub(crate) fn limits() -> Result<Limits> {
    let (info, _) = match ipc_info() {
        Ok(info) => info,
        Err(errno) => return proc::limits().ok_or_else(|| no_limits(errno)),
    };
    Ok(Limits {
        max_size: Limit::from_raw(wide(info.shmmax)),
        min_size: wide(info.shmmin),
        max_segments: Limit::from_raw(wide(info.shmmni)),
        // The kernel reports SHMSEG and never enforces it.
        max_attachments: Limit::Unlimited,
        max_pages: Limit::from_raw(wide(info.shmall)),
        page_size: page_size() as u64,
    })
}

/// Returns the usage of the caller's IPC namespace.
///
/// If the call is filtered, the table of `/proc` is added up.
pub(crate) fn usage() -> Result<Usage> {
    let info = match shm_info() {
        Ok(info) => info,
        Err(errno) => {
            let cause = explain::general(errno);
            let refused = Error::from_system(Operation::ReadLimits, Target::Usage, cause, errno);
            return match proc::segments() {
                Some(all) => all.map(|all| sum(&all.records)),
                None => Err(refused),
            };
        }
    };
    let pages = wide(info.shm_tot);
    Ok(Usage {
        segments: u64::try_from(info.used_ids).unwrap_or(0),
        pages,
        // Too large for huge-page segments, as in `Memory::resident`.
        resident_pages: Some(wide(info.shm_rss).min(pages)),
        swapped_pages: Some(wide(info.shm_swp)),
    })
}

/// Adds up a table with memory figures.
fn sum(segments: &[Stat]) -> Usage {
    let page = (page_size() as u64).max(1);
    let mut usage = Usage {
        segments: segments.len() as u64,
        resident_pages: Some(0),
        swapped_pages: Some(0),
        ..Usage::default()
    };
    let add = |sum: Option<u64>, bytes: Option<u64>| Some(sum?.saturating_add(bytes? / page));
    for segment in segments {
        usage.pages = usage.pages.saturating_add(segment.size.div_ceil(page));
        let memory = segment.memory;
        usage.resident_pages = add(usage.resident_pages, memory.map(|memory| memory.resident));
        usage.swapped_pages = add(usage.swapped_pages, memory.map(|memory| memory.swapped));
    }
    usage
}

impl From<TableScan> for Segments {
    fn from(scan: TableScan) -> Self {
        Self {
            records: scan.found,
            unreadable: scan.refused,
        }
    }
}

/// Returns a C `unsigned long`, which has 32 bits on 32-bit systems.
#[allow(clippy::unnecessary_cast, reason = "necessary on 32-bit systems")]
fn wide(value: libc::c_ulong) -> u64 {
    value as u64
}

fn scan(command: c_int) -> Result<TableScan, Errno> {
    scan::by_index(
        || ipc_info().map(|(_, highest)| highest),
        |slot| stat_slot(command, slot),
    )
}

/// Returns the number of segments, including those that cannot be inspected.
fn in_use() -> Option<c_int> {
    shm_info().ok().map(|info| info.used_ids)
}

/// `SHM_STAT` or `SHM_STAT_ANY` of one slot.
fn stat_slot(command: c_int, slot: c_int) -> Result<Stat, Errno> {
    // SAFETY: a C structure of numbers, for which all zeros are valid.
    let mut ds: shmid_ds = unsafe { core::mem::zeroed() };
    // SAFETY: both commands write one `shmid_ds`, and this one is ours.
    let id = unsafe { control(slot, command, &raw mut ds) }?;
    Ok(stat_of(SegmentId::from_raw(id), &ds))
}

/// Calls `IPC_INFO`: the limits, and the highest slot in use (also 0 if none is).
fn ipc_info() -> Result<(shminfo, c_int), Errno> {
    // SAFETY: a C structure of numbers, for which all zeros are valid.
    let mut info: shminfo = unsafe { core::mem::zeroed() };
    let buffer = (&raw mut info).cast::<shmid_ds>();
    // SAFETY: the command writes one `shminfo`, and this one is ours.
    let highest = unsafe { control(0, shm_sys::IPC_INFO, buffer) }?;
    Ok((info, highest))
}

/// Calls `SHM_INFO`: the usage. The kernel visits every segment for it.
fn shm_info() -> Result<shm_info, Errno> {
    // SAFETY: a C structure of numbers, for which all zeros are valid.
    let mut info: shm_info = unsafe { core::mem::zeroed() };
    let buffer = (&raw mut info).cast::<shmid_ds>();
    // SAFETY: the command writes one `shm_info`, and this one is ours.
    unsafe { control(0, shm_sys::SHM_INFO, buffer) }?;
    Ok(info)
}

#[cfg(feature = "std")]
mod proc {
    use std::fs::File;
    use std::io::Read;

    use crate::decode::sysvipc;
    use crate::error::Result;
    use crate::list::Segments;
    use crate::sys::page_size;
    use crate::sys::table::not_decoded;
    use crate::{Limit, Limits};

    /// Returns the limits in `/proc/sys/kernel` for the caller's IPC namespace, or `None`
    /// if one of them is unreadable.
    pub(super) fn limits() -> Option<Limits> {
        let limit = |name: &str| {
            let text = std::fs::read_to_string(std::format!("/proc/sys/kernel/{name}")).ok()?;
            text.trim().parse::<u64>().ok().map(Limit::from_raw)
        };
        Some(Limits {
            max_size: limit("shmmax")?,
            // SHMMIN of `include/uapi/linux/shm.h`; there is no file for it.
            min_size: 1,
            max_segments: limit("shmmni")?,
            max_attachments: Limit::Unlimited,
            max_pages: limit("shmall")?,
            page_size: page_size() as u64,
        })
    }

    /// Reads `/proc/sysvipc/shm`; `None` if it is missing or hidden. It shows the
    /// namespace of the task that opens it, and checks no permissions.
    pub(super) fn segments() -> Option<Result<Segments>> {
        let mut text = Vec::with_capacity(64 << 10);
        File::open("/proc/sysvipc/shm")
            .ok()?
            .read_to_end(&mut text)
            .ok()?;
        let decoded = sysvipc::segments(&text, page_size() as u64);
        Some(decoded.map(Segments::from).map_err(not_decoded))
    }
}

#[cfg(not(feature = "std"))]
mod proc {
    use crate::Limits;
    use crate::error::Result;
    use crate::list::Segments;

    /// Files are not available.
    pub(super) fn limits() -> Option<Limits> {
        None
    }

    /// Files are not available.
    pub(super) fn segments() -> Option<Result<Segments>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Segment;

    #[test]
    fn an_identifier_has_its_slot_below_the_count_of_reuses() {
        let slots = |id| possible_slots(SegmentId::from_raw(id));
        // The third use of slot 5, in either layout.
        assert_eq!(slots(3 << 15 | 5)[0], 5);
        assert_eq!(slots(3 << 24 | 5), [5, 5]);
        assert_eq!(slots(3 << 24 | 40_000)[1], 40_000);
        assert_eq!(slots(i32::MAX), [0x7fff, 0xff_ffff]);
    }

    #[test]
    fn a_segment_is_found_in_its_slot() {
        let segment = Segment::private(4096).unwrap().remove_on_drop();
        let in_slot = |slot| stat_slot(shm_sys::SHM_STAT_ANY, slot);
        let found = possible_slots(segment.id()).map(in_slot);
        if found.iter().all(Result::is_err) {
            // Kernels before 4.17, and filters of system calls.
            return;
        }
        let ids = found.map(|stat| stat.ok().map(|stat| stat.id));
        assert!(ids.contains(&Some(segment.id())), "{ids:?}");
        assert_eq!(find(segment.id()).map(|stat| stat.id), Some(segment.id()));
    }
}
