//! Atomics at places: the alignment is known, so no access fails.

use core::sync::atomic;

use super::{ArrayPlace, Place};
use crate::view::load_through;
use crate::{Access, AtomicValue, AtomicWord, LoadOrdering, Writable};

mod sealed {
    pub trait Sealed {}
}

/// The type of a field that can be used as an atomic: an integer, or one of the standard
/// library's atomics.
///
/// Both have the same bytes, and `AtomicU32` in a structure documents the use. An integer
/// qualifies only if its alignment is that of its atomic: on 32-bit x86 a `u64` does not,
/// and an `AtomicU64` does. Sealed.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot be used as an atomic",
    label = "needs an integer that is aligned like its atomic, or an atomic",
    note = "on 32-bit x86, declare a `u64` in the structure as `AtomicU64`"
)]
pub trait AtomicField: sealed::Sealed {
    /// The integer.
    type Value: AtomicValue;
}

/// A place whose address is a multiple of its type's alignment. Sealed.
#[diagnostic::on_unimplemented(
    message = "this place may not be aligned",
    label = "a field of a packed structure cannot be used as an atomic"
)]
pub trait AlignedPlace: sealed::Sealed {}

impl<T, A: Access> sealed::Sealed for Place<'_, T, A> {}
impl<T, A: Access> AlignedPlace for Place<'_, T, A> {}
impl<T, A: Access> sealed::Sealed for ArrayPlace<'_, T, A> {}
impl<T, A: Access> AlignedPlace for ArrayPlace<'_, T, A> {}

impl<'a, T, A: Access, const ALIGNED: bool> Place<'a, T, A, ALIGNED> {
    /// Returns the standard library's atomic at this place, with all of its
    /// operations.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU32, Ordering};
    /// use shm::Segment;
    ///
    /// let segment = Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let state: &AtomicU32 = attachment.view().at::<AtomicU32>(0)?.atomic();
    /// state.store(1, Ordering::Release);
    /// assert_eq!(attachment.view().at::<u32>(0)?.atomic().load(Ordering::Acquire), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn atomic(self) -> &'a <T::Value as AtomicValue>::Atomic
    where
        T: AtomicField,
        A: Writable,
        Self: AlignedPlace,
    {
        // SAFETY: a place is mapped for `'a`, and aligned for the atomic, since
        // it is for `T`, which has the same alignment (asserted below).
        unsafe { self.atomic_ref() }
    }

    /// Loads the value in one access: it never tears.
    ///
    /// Works on read-only places too, as [`View::load`](crate::View::load) does.
    ///
    /// ```
    /// use shm::{LoadOrdering::Acquire, Segment};
    ///
    /// let segment = Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach_read_only()?;
    /// assert_eq!(attachment.view().at::<u32>(0)?.load(Acquire), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn load(self, ordering: LoadOrdering) -> T::Value
    where
        T: AtomicField<Value: AtomicWord>,
        Self: AlignedPlace,
    {
        // SAFETY: as in `atomic`; on a read-only mapping `load_through` makes
        // relaxed loads of at most a word.
        let atomic = unsafe { self.atomic_ref() };
        load_through::<T::Value, A>(atomic, ordering)
    }

    /// # Safety
    ///
    /// The place is aligned. On a read-only mapping only relaxed loads of at
    /// most a word may be made through the reference.
    #[inline]
    pub(super) unsafe fn atomic_ref(self) -> &'a <T::Value as AtomicValue>::Atomic
    where
        T: AtomicField,
    {
        // SAFETY: the place is mapped for `'a` and aligned; any bytes are a
        // valid atomic, which may change behind the reference.
        unsafe { self.base.cast().as_ref() }
    }
}

impl<'a, T: AtomicField, A: Writable, const ALIGNED: bool> ArrayPlace<'a, T, A, ALIGNED> {
    /// Returns the elements as the standard library's atomics.
    ///
    /// ```
    /// use std::sync::atomic::Ordering::Relaxed;
    /// use shm::Segment;
    ///
    /// let segment = Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let counters = attachment.view().array::<u32>(0, 16)?.atomics();
    /// counters[3].fetch_add(1, Relaxed);
    /// assert_eq!(attachment.view().read::<u32>(12)?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn atomics(self) -> &'a [<T::Value as AtomicValue>::Atomic]
    where
        Self: AlignedPlace,
    {
        let (first, len) = (self.as_mut_ptr().cast(), self.len());
        // SAFETY: the elements are mapped for `'a`, aligned for the atomic,
        // since they are for `T`, and together at most `isize::MAX` bytes; any
        // bytes are a valid atomic, which may change behind the reference.
        unsafe { core::slice::from_raw_parts(first, len) }
    }
}

/// A field that is the atomic itself.
macro_rules! atomic {
    ($value:ty, $atomic:ident) => {
        impl sealed::Sealed for atomic::$atomic {}
        impl AtomicField for atomic::$atomic {
            type Value = $value;
        }
    };
}

/// A field that is the integer, or the atomic.
macro_rules! integer {
    ($value:ty, $atomic:ident) => {
        const _: () = assert!(
            align_of::<$value>() == align_of::<atomic::$atomic>()
                && size_of::<$value>() == size_of::<atomic::$atomic>(),
            "the integer is laid out like its atomic"
        );
        impl sealed::Sealed for $value {}
        impl AtomicField for $value {
            type Value = $value;
        }
        atomic!($value, $atomic);
    };
}

integer!(u8, AtomicU8);
integer!(i8, AtomicI8);
integer!(u16, AtomicU16);
integer!(i16, AtomicI16);
integer!(u32, AtomicU32);
integer!(i32, AtomicI32);
integer!(usize, AtomicUsize);
integer!(isize, AtomicIsize);
#[cfg(all(target_has_atomic = "64", not(target_arch = "x86")))]
integer!(u64, AtomicU64);
#[cfg(all(target_has_atomic = "64", not(target_arch = "x86")))]
integer!(i64, AtomicI64);
// The System V ABI of 32-bit x86 aligns 64-bit integers to 4 bytes; a locked
// access across a cache line is slow, and an exception where the kernel detects
// it. std's atomics are aligned to 8.
#[cfg(all(target_has_atomic = "64", target_arch = "x86"))]
atomic!(u64, AtomicU64);
#[cfg(all(target_has_atomic = "64", target_arch = "x86"))]
atomic!(i64, AtomicI64);
