//! Finds out by trying what flags of `shmat` do to a mapping: on a page of our
//! own, with a segment of our own.

use core::ffi::c_int;
use core::ptr::NonNull;

use crate::Key;
use crate::sys;

/// Whether an attach with these flags at the address of a mapping replaces it;
/// `None` where it cannot be tried.
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
            // What every system answers where something is mapped.
            Err(errno) if matches!(errno.as_raw(), libc::ENOMEM | libc::EINVAL) => Some(false),
            Err(_) => None,
        }
    });
    // A failure would leave an empty segment behind, and there is nobody to
    // report it to.
    let _ = sys::remove(id);
    answer
}

fn on_page_of_our_own(work: impl FnOnce(NonNull<u8>) -> Option<bool>) -> Option<bool> {
    let size = sys::page_size();
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let kind = libc::MAP_PRIVATE | libc::MAP_ANON;
    // SAFETY: a new mapping where the system has room.
    let page = unsafe { libc::mmap(core::ptr::null_mut(), size, rights, kind, -1, 0) };
    if page == libc::MAP_FAILED {
        return None;
    }
    let answer = NonNull::new(page.cast::<u8>()).and_then(work);
    if answer == Some(false) {
        // SAFETY: mapped above, replaced by nothing, and used by nobody. (What was
        // replaced is unmapped by the detach; another thread may have mapped
        // something there since.)
        unsafe { libc::munmap(page, size) };
    }
    answer
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
