//! Determines how much of a segment is mapped at an attachment.
//!
//! `IPC_STAT` does not report it. A segment is a file of the kernel, which a process with
//! `CAP_SYS_ADMIN` or `CAP_CHECKPOINT_RESTORE` can truncate through
//! `/proc/PID/map_files`. A later `shmat` maps the file's current length, while
//! `IPC_STAT` still returns the size at creation (`do_shmat` of `ipc/shm.c` uses
//! `i_size_read`, `shmctl_stat` uses `shm_segsz`; seen on 6.18).
//!
//! The cheapest call that shows the end of a mapping is an `mremap(2)` that cannot
//! succeed. Before it looks for room, the kernel compares the old length with the end of
//! the mapping at the address, and returns `EFAULT` if the mapping is shorter, whatever
//! follows it (`check_prep_vma` of `mm/mremap.c`, `vma_to_resize` before 6.17, and the
//! same in 2.6). It never merges two attachments into one mapping, because each has its
//! own file. No descriptor is needed, and no `/proc`.
//!
//! Not every kernel does so: qemu's user mode returns `ENOMEM` always, and mappings of
//! huge pages are refused earlier (`EINVAL`). Then `/proc/self/maps` is read.

use core::ptr::NonNull;
use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

use super::{own, upper_end_of_stack};
use crate::SegmentId;
use crate::decode::maps;
use crate::sys::{last_errno, page_size};

/// Whether `mremap` shows the end of a mapping here: a property of the kernel, so a
/// forked child may keep it.
static MREMAP: AtomicU8 = AtomicU8::new(UNKNOWN);
const UNKNOWN: u8 = 0;
const REPORTS_EXTENT: u8 = 1;
const NO_EXTENT: u8 = 2;

/// Returns how many of `len` bytes from `base` on are mapped there as one attachment of
/// the segment; `None` if unknown.
///
/// # Safety
///
/// `base` must be what `shmat` returned, and belong to nobody else.
pub(crate) unsafe fn mapped(base: NonNull<u8>, id: SegmentId, len: usize) -> Option<usize> {
    // SAFETY: the caller's promise.
    unsafe { by_mremap(base.as_ptr().addr(), len) }
        .or_else(|| by_maps(base, id).map(|extent| extent.min(len)))
}

/// # Safety
///
/// As for [`mapped`].
unsafe fn by_mremap(base: usize, len: usize) -> Option<usize> {
    let page = page_size();
    let covers = |len| {
        // SAFETY: the caller's promise.
        unsafe { covers(base, len) }
    };
    if MREMAP.load(Relaxed) == UNKNOWN {
        // The mapping has no more pages than the segment.
        let tells = !covers(len.checked_add(page)?)?;
        MREMAP.store(if tells { REPORTS_EXTENT } else { NO_EXTENT }, Relaxed);
    }
    if MREMAP.load(Relaxed) != REPORTS_EXTENT {
        return None;
    }
    if covers(len)? {
        return Some(len);
    }
    // The segment was truncated.
    let (mut fits, mut exceeds) = (0, len.div_ceil(page));
    while exceeds - fits > 1 {
        let middle = usize::midpoint(fits, exceeds);
        if covers(middle * page)? {
            fits = middle;
        } else {
            exceeds = middle;
        }
    }
    (fits > 0).then_some(fits * page)
}

/// Returns whether the mapping at `base` has all of `len` bytes, rounded up to pages.
///
/// # Safety
///
/// As for [`mapped`].
unsafe fn covers(base: usize, len: usize) -> Option<bool> {
    let page = page_size();
    let old_len = len.checked_next_multiple_of(page)?;
    // The kernel always refuses to grow a mapping over the stack.
    let beyond = upper_end_of_stack()? / page * page + page;
    let new_len = beyond.checked_sub(base)?;
    if old_len == 0 || new_len <= old_len {
        return None;
    }
    let start = core::ptr::without_provenance_mut(base);
    // SAFETY: the mapping is the caller's. It can be neither cut, since the new
    // length is the greater one, nor moved without `MREMAP_MAYMOVE`, nor grown:
    // the page just below `beyond` is of the main thread's stack, and only
    // `MREMAP_FIXED` replaces what is mapped.
    let grown = unsafe { libc::mremap(start, old_len, new_len, 0) };
    if grown != libc::MAP_FAILED {
        return None;
    }
    match last_errno().as_raw() {
        libc::EFAULT => Some(false),
        // Both come after the comparison: no room, or beyond the lock limit.
        libc::ENOMEM | libc::EAGAIN => Some(true),
        _ => None,
    }
}

/// Returns the length of the attachment of the segment at `base`, from `/proc/self/maps`;
/// `None` if unreadable.
pub(crate) fn extent(base: NonNull<u8>, id: SegmentId, _size: u64) -> Option<usize> {
    by_maps(base, id)
}

fn by_maps(base: NonNull<u8>, id: SegmentId) -> Option<usize> {
    let text = own::read(c"/proc/self/maps").ok()?;
    let extent = maps::extent(&text, base.as_ptr().addr() as u64, id)?;
    usize::try_from(extent).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Segment;

    #[test]
    fn linux_both_ways_find_the_end_of_a_mapping() {
        let page = page_size();
        for pages in [1, 2, 3, 1000] {
            let segment = Segment::private(pages * page).unwrap();
            let first = segment.attach().unwrap();
            // The neighbors must not count.
            let second = segment.attach().unwrap();
            segment.remove().unwrap();
            for attachment in [&first, &second] {
                let start = NonNull::new(attachment.as_mut_ptr()).unwrap();
                let base = attachment.as_ptr().addr();
                assert_eq!(by_maps(start, attachment.id()), Some(pages * page));
                for asked in [1, page, pages * page, (pages + 5) * page] {
                    let expected = asked.min(pages * page);
                    // SAFETY: this attachment's.
                    let found = unsafe { by_mremap(base, asked) };
                    if MREMAP.load(Relaxed) == REPORTS_EXTENT {
                        assert_eq!(found, Some(expected));
                    } else {
                        assert_eq!(found, None);
                    }
                }
            }
        }
    }
}
