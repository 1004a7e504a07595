//! macOS: `os_sync_wait_on_address`, with the flag for memory shared between processes.
//!
//! The functions exist from 14.4 on. They are looked up by name, because a program linked
//! to them does not start on an older system.

use core::ffi::{CStr, c_int, c_void};
use core::sync::atomic::AtomicU32;
use core::time::Duration;

use super::answer::Kernel;
use super::errno_if;
use crate::error::Errno;
use crate::wait::Wake;

pub(super) const KERNEL: Kernel = Kernel::MacOs;

/// `OS_SYNC_WAIT_ON_ADDRESS_SHARED` and `OS_SYNC_WAKE_BY_ADDRESS_SHARED`.
const SHARED: u32 = 1;
/// `OS_CLOCK_MACH_ABSOLUTE_TIME` of `os/clock.h`: the only accepted clock.
const CLOCK: u32 = 32;

type Sleep = unsafe extern "C" fn(*mut c_void, u64, usize, u32) -> c_int;
type SleepFor = unsafe extern "C" fn(*mut c_void, u64, usize, u32, u32, u64) -> c_int;
type WakeFn = unsafe extern "C" fn(*mut c_void, usize, u32) -> c_int;

const SLEEP: &CStr = c"os_sync_wait_on_address";
const SLEEP_FOR: &CStr = c"os_sync_wait_on_address_with_timeout";
const WAKE_ONE: &CStr = c"os_sync_wake_by_address_any";
const WAKE_ALL: &CStr = c"os_sync_wake_by_address_all";

/// Fails before macOS 14.4.
pub(super) fn missing() -> Option<&'static str> {
    find(SLEEP)
        .is_none()
        .then_some("waiting for a word needs macOS 14.4")
}

/// Returns the address of a function of the C library.
fn find(name: &CStr) -> Option<*mut c_void> {
    // SAFETY: takes a NUL-terminated name that outlives the call.
    let function = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
    (!function.is_null()).then_some(function)
}

fn not_there() -> Errno {
    Errno::from_raw(libc::ENOSYS)
}

/// Sleeps while the word has the value, at most this long. The kernel also returns 0 or
/// more if the word has another value.
pub(super) fn sleep(word: &AtomicU32, value: u32, limit: Option<Duration>) -> Result<(), Errno> {
    let (place, value) = (word.as_ptr().cast::<c_void>(), u64::from(value));
    let answer = if let Some(limit) = limit {
        let function = find(SLEEP_FOR).ok_or_else(not_there)?;
        // SAFETY: the function of this name has this type
        // (`os/os_sync_wait_on_address.h`).
        let sleep = unsafe { core::mem::transmute::<*mut c_void, SleepFor>(function) };
        // The function refuses a time of 0.
        let limit = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX).max(1);
        // SAFETY: the word is mapped, aligned and of the size that is said, for the
        // whole call; the kernel reads it.
        unsafe { sleep(place, value, size_of::<u32>(), SHARED, CLOCK, limit) }
    } else {
        let function = find(SLEEP).ok_or_else(not_there)?;
        // SAFETY: the function of this name has this type.
        let sleep = unsafe { core::mem::transmute::<*mut c_void, Sleep>(function) };
        // SAFETY: as above.
        unsafe { sleep(place, value, size_of::<u32>(), SHARED) }
    };
    errno_if(answer)
}

pub(super) fn wake(word: &AtomicU32, wake: Wake) -> Result<(), Errno> {
    let name = match wake {
        Wake::One => WAKE_ONE,
        Wake::All => WAKE_ALL,
    };
    let function = find(name).ok_or_else(not_there)?;
    // SAFETY: both functions have this type.
    let rouse = unsafe { core::mem::transmute::<*mut c_void, WakeFn>(function) };
    // SAFETY: the word is mapped for the whole call, which takes its address as a
    // name.
    let answer = unsafe { rouse(word.as_ptr().cast::<c_void>(), size_of::<u32>(), SHARED) };
    errno_if(answer)
}
