//! Detects the effect of flags of `shmat` on a mapping, with a private page and a private
//! segment.

use core::ffi::c_int;
use core::ptr::NonNull;

use crate::Key;
use crate::sys;

/// Returns whether an attach with these flags at the address of a mapping replaces it;
/// `None` if the probe failed.
pub(super) fn replaces(flags: c_int) -> Option<bool> {
    let id = sys::get(Key::PRIVATE, sys::page_size(), shm_sys::IPC_CREAT | 0o600).ok()?;
    let answer = on_page_of_our_own(|page| {
        // SAFETY: nothing in use lies in the page, which is all that the segment
        // could replace.
        match unsafe { sys::attach(id, Some(page), flags) } {
            Ok(base) => {
                // SAFETY: just attached, and given to nobody.
                let detached = unsafe { sys::detach(base) };
                detached.ok().map(|()| base == page)
            }
            // Every system returns this for an occupied address.
            Err(errno) if matches!(errno.as_raw(), libc::ENOMEM | libc::EINVAL) => Some(false),
            Err(_) => None,
        }
    });
    // A failure would leave an empty segment behind, and there is nobody to
    // report it to.
    let _ = sys::remove(id);
    answer
}

/// Maps room for one page at a multiple of SHMLBA, which is more than a page on some
/// machines: an attach at any other address fails for that reason alone.
fn on_page_of_our_own(work: impl FnOnce(NonNull<u8>) -> Option<bool>) -> Option<bool> {
    let size = sys::page_size();
    let granularity = sys::address_granularity().max(size);
    let room = granularity.checked_add(size)?;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let kind = libc::MAP_PRIVATE | libc::MAP_ANON;
    // SAFETY: a new mapping where the system has room.
    let start = unsafe { libc::mmap(core::ptr::null_mut(), room, rights, kind, -1, 0) };
    if start == libc::MAP_FAILED {
        return None;
    }
    let before = start.addr().next_multiple_of(granularity) - start.addr();
    let page = start.wrapping_byte_add(before);
    let answer = NonNull::new(page.cast::<u8>()).and_then(work);
    let after = before + size;
    // SAFETY: the room before the page, which nothing used.
    unsafe { unmap(start, before) };
    // SAFETY: the room behind it, likewise.
    unsafe { unmap(start.wrapping_byte_add(after), room - after) };
    if answer == Some(false) {
        // SAFETY: mapped above, replaced by nothing, and used by nobody. (What was
        // replaced is unmapped by the detach; another thread may have mapped
        // something there since.)
        unsafe { unmap(page, size) };
    }
    answer
}

/// Unmaps a range that may be empty.
///
/// # Safety
///
/// As for `munmap(2)`: nothing in use may lie in the range.
unsafe fn unmap(start: *mut libc::c_void, size: usize) {
    if size > 0 {
        // SAFETY: the caller's promise.
        unsafe { libc::munmap(start, size) };
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn linux_a_probe_tells_flags_that_replace_from_others() {
        assert_eq!(replaces(0), Some(false));
        assert_eq!(replaces(shm_sys::SHM_RDONLY), Some(false));
        assert_eq!(replaces(shm_sys::SHM_REMAP), Some(true));
    }
}
