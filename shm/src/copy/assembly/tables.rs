//! The two tables that an architecture's file fills in: its instructions for one word,
//! and its call of a function.

/// Loads and stores of one word, from rows of
/// `load_N store_N move_N: type => register class, "load", "store";`.
///
/// In the instructions `{at}` is the address and `{v}` the word.
macro_rules! words {
    (
        address in $address:ident;
        $($load:ident $store:ident $move:ident: $word:ty => $class:ident, $read:literal, $write:literal;)*
    ) => {$(
        /// Loads one word.
        ///
        /// # Safety
        ///
        /// `source` must be readable for the word.
        #[inline(always)]
        pub(in crate::copy) unsafe fn $load(source: *const u8) -> $word {
            let word;
            // SAFETY: reads just these bytes, by the caller's promise, and uses
            // neither stack nor flags.
            unsafe {
                core::arch::asm!(
                    $read,
                    at = in($address) source,
                    v = out($class) word,
                    options(nostack, preserves_flags),
                );
            }
            word
        }

        /// Stores one word.
        ///
        /// # Safety
        ///
        /// `target` must be writable for the word.
        #[inline(always)]
        pub(in crate::copy) unsafe fn $store(target: *mut u8, word: $word) {
            // SAFETY: writes just these bytes, by the caller's promise, and uses
            // neither stack nor flags.
            unsafe {
                core::arch::asm!(
                    $write,
                    at = in($address) target,
                    v = in($class) word,
                    options(nostack, preserves_flags),
                );
            }
        }

        /// Moves one word.
        ///
        /// # Safety
        ///
        /// `source` must be readable and `target` writable for the word.
        #[allow(dead_code, reason = "not every architecture moves every word")]
        #[inline(always)]
        pub(super) unsafe fn $move(target: *mut u8, source: *const u8) {
            // SAFETY: the caller's promise.
            let word = unsafe { $load(source) };
            // SAFETY: likewise.
            unsafe { $store(target, word) };
        }
    )*};
}

/// Loads and stores of 8 bytes where a register has 4.
#[cfg(target_pointer_width = "32")]
macro_rules! words_of_8_by_halves {
    () => {
        /// Loads 8 bytes.
        ///
        /// # Safety
        ///
        /// `source` must be readable for 8 bytes.
        #[inline(always)]
        pub(in crate::copy) unsafe fn load_8(source: *const u8) -> u64 {
            // SAFETY: the first half, within the caller's promise.
            let first = u64::from(unsafe { load_4(source) });
            // SAFETY: the second half starts within it.
            let source = unsafe { source.add(4) };
            // SAFETY: and ends within it.
            let second = u64::from(unsafe { load_4(source) });
            if cfg!(target_endian = "little") {
                (second << 32) | first
            } else {
                (first << 32) | second
            }
        }

        /// Stores 8 bytes.
        ///
        /// # Safety
        ///
        /// `target` must be writable for 8 bytes.
        #[inline(always)]
        pub(in crate::copy) unsafe fn store_8(target: *mut u8, word: u64) {
            let (low, high) = (word as u32, (word >> 32) as u32);
            let (first, second) = if cfg!(target_endian = "little") {
                (low, high)
            } else {
                (high, low)
            };
            // SAFETY: the first half, within the caller's promise.
            unsafe { store_4(target, first) };
            // SAFETY: the second half starts within it.
            let target = unsafe { target.add(4) };
            // SAFETY: and ends within it.
            unsafe { store_4(target, second) };
        }

        /// Moves 8 bytes.
        ///
        /// # Safety
        ///
        /// `source` must be readable and `target` writable for 8 bytes.
        #[allow(dead_code, reason = "not every architecture moves every word")]
        #[inline(always)]
        pub(super) unsafe fn move_8(target: *mut u8, source: *const u8) {
            // SAFETY: the caller's promise.
            let word = unsafe { load_8(source) };
            // SAFETY: likewise.
            unsafe { store_8(target, word) };
        }
    };
}

/// Moves 16 bytes as twice 8, where no register has 16.
#[cfg(any(
    target_arch = "x86",
    target_arch = "loongarch64",
    target_arch = "s390x"
))]
macro_rules! moves_of_16_by_halves {
    () => {
        /// Moves 16 bytes.
        ///
        /// # Safety
        ///
        /// `source` must be readable and `target` writable for 16 bytes.
        #[inline(always)]
        pub(super) unsafe fn move_16(target: *mut u8, source: *const u8) {
            // SAFETY: the first half, within the caller's promise.
            unsafe { move_8(target, source) };
            // SAFETY: the second half starts within it.
            let target = unsafe { target.add(8) };
            // SAFETY: likewise.
            let source = unsafe { source.add(8) };
            // SAFETY: and ends within it.
            unsafe { move_8(target, source) };
        }
    };
}

/// The C library's routines, called from assembly by
/// `call!(function, first, second, third)`.
macro_rules! calls {
    ($call:ident) => {
        /// Calls `memcpy` of the C library.
        ///
        /// # Safety
        ///
        /// As for `memcpy`, except that the shared bytes may change meanwhile.
        #[inline]
        pub(super) unsafe fn call_memcpy(target: *mut u8, source: *const u8, n: usize) {
            $call!(libc::memcpy, target, source, n);
        }

        /// Calls `memmove` of the C library.
        ///
        /// # Safety
        ///
        /// As for `memmove`, except that the shared bytes may change meanwhile.
        pub(super) unsafe fn call_memmove(target: *mut u8, source: *const u8, n: usize) {
            $call!(libc::memmove, target, source, n);
        }

        /// Calls `memset` of the C library.
        ///
        /// # Safety
        ///
        /// As for `memset`, except that the bytes may change meanwhile.
        pub(super) unsafe fn call_memset(target: *mut u8, byte: u8, n: usize) {
            $call!(libc::memset, target, core::ffi::c_int::from(byte), n);
        }
    };
}
