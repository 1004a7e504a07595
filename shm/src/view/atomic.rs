//! Atomics in the segment: the standard library's own, at an offset.
//!
//! They are the only references into a segment that safe code gets, because an atomic may
//! be changed by other threads and processes at any time.

use core::fmt::Debug;
use core::sync::atomic::{self, Ordering, fence};

use super::{AccessError, LoadOrdering, StoreOrdering, View};
use crate::{Access, Writable};

mod sealed {
    pub trait Sealed {}
}

/// An integer for which the standard library has an atomic.
///
/// `u8` to `u64`, `usize` and their signed counterparts, if the machine has atomics of
/// that width. Sealed.
pub trait AtomicValue: sealed::Sealed + Copy + Debug + Send + Sync + 'static {
    /// The standard library's atomic of this value. Its size is the value's,
    /// and its alignment the same or (64 bits on 32-bit x86) larger.
    type Atomic: Debug + Send + Sync + 'static;

    #[doc(hidden)]
    fn load(atomic: &Self::Atomic, ordering: Ordering) -> Self;

    #[doc(hidden)]
    fn store(atomic: &Self::Atomic, value: Self, ordering: Ordering);
}

/// An [`AtomicValue`] of at most a machine word.
///
/// The machine loads it without a write, so it can be loaded through a read-only view. On
/// 32-bit machines an atomic load of 64 bits may write.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be loaded atomically through every view",
    label = "needs an integer of at most a machine word",
    note = "load a `u64` on a 32-bit machine through `View::atomic`, which needs a writable view"
)]
pub trait AtomicWord: AtomicValue {}

/// Loads with an ordering, also from read-only memory.
#[inline]
pub(crate) fn load_through<T: AtomicValue, A: Access>(
    atomic: &T::Atomic,
    ordering: LoadOrdering,
) -> T {
    if A::WRITABLE {
        return T::load(atomic, ordering.into());
    }
    // The standard library allows only relaxed loads of read-only memory; the
    // fences add the ordering (`core::sync::atomic`, "Atomic accesses to
    // read-only memory").
    if ordering == LoadOrdering::SeqCst {
        fence(Ordering::SeqCst);
    }
    let value = T::load(atomic, Ordering::Relaxed);
    match ordering {
        LoadOrdering::Relaxed => {}
        LoadOrdering::Acquire => fence(Ordering::Acquire),
        LoadOrdering::SeqCst => fence(Ordering::SeqCst),
    }
    value
}

impl<'a, A: Access> View<'a, A> {
    /// Returns the `count` atomics from an offset on.
    ///
    /// Private, because through a read-only mapping only relaxed loads of at most a word
    /// are allowed, which is what [`View::load`] does.
    #[inline]
    fn atomics_at<T: AtomicValue>(
        self,
        offset: usize,
        count: usize,
    ) -> Result<&'a [T::Atomic], AccessError> {
        let len = count.saturating_mul(size_of::<T::Atomic>());
        let first = self.aligned_place::<T::Atomic>(offset, len)?.cast();
        // SAFETY: all of them are within the mapping for `'a` and aligned; any
        // bytes are a valid atomic, which may change behind the reference. A
        // view's length, and so the slice's, is at most `isize::MAX`.
        Ok(unsafe { core::slice::from_raw_parts(first.as_ptr(), count) })
    }

    /// Returns the atomic at an offset; for read-only mappings see `atomics_at`.
    #[inline]
    pub(crate) fn atomic_at<T: AtomicValue>(
        self,
        offset: usize,
    ) -> Result<&'a T::Atomic, AccessError> {
        let place = self.aligned_place::<T::Atomic>(offset, size_of::<T::Atomic>())?;
        // SAFETY: as in `atomics_at`.
        Ok(unsafe { place.cast().as_ref() })
    }

    /// Loads the value at an offset in one access: it never tears.
    ///
    /// The ordering is a [`LoadOrdering`] or the standard library's [`Ordering`]. Works
    /// on read-only views too, as a relaxed load with fences, the only access that a
    /// read-only mapping allows.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] if it does not lie within the view,
    /// [`AccessError::Misaligned`] if its address is not a multiple of the
    /// atomic's alignment, and [`AccessError::InvalidOrdering`] for
    /// `Ordering::Release` and `Ordering::AcqRel`.
    ///
    /// ```
    /// use std::sync::atomic::Ordering;
    /// use shm::{LoadOrdering, Segment};
    ///
    /// let segment = Segment::private(64)?.remove_on_drop();
    /// let reader = segment.attach_read_only()?;
    /// assert_eq!(reader.view().load::<u32>(8, LoadOrdering::Acquire)?, 0);
    /// assert_eq!(reader.view().load::<u32>(8, Ordering::Acquire)?, 0);
    /// assert!(reader.view().load::<u32>(8, Ordering::Release).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn load<T: AtomicWord>(
        self,
        offset: usize,
        ordering: impl TryInto<LoadOrdering, Error: Into<AccessError>>,
    ) -> Result<T, AccessError> {
        let ordering = ordering.try_into().map_err(Into::into)?;
        let atomic = self.atomic_at::<T>(offset)?;
        Ok(load_through::<T, A>(atomic, ordering))
    }
}

impl<'a, A: Writable> View<'a, A> {
    /// Returns the standard library's atomic at an offset, with all of its
    /// operations: `view.atomic::<u32>(8)?` is an
    /// [`AtomicU32`](atomic::AtomicU32).
    ///
    /// Atomics of different sizes on overlapping bytes are undefined according to the
    /// standard library; see [soundness](crate::soundness).
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] if its bytes do not lie within the view,
    /// [`AccessError::Misaligned`] if its address is not a multiple of its
    /// alignment (that of the value, except for 64 bits on 32-bit x86, where
    /// atomics need 8 bytes).
    ///
    /// ```
    /// use std::sync::atomic::Ordering::Relaxed;
    ///
    /// let segment = shm::Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let counter = attachment.view().atomic::<u32>(8)?;
    /// assert_eq!(counter.fetch_add(5, Relaxed), 0);
    /// assert_eq!(counter.load(Relaxed), 5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn atomic<T: AtomicValue>(self, offset: usize) -> Result<&'a T::Atomic, AccessError> {
        self.atomic_at::<T>(offset)
    }

    /// Returns `count` consecutive atomics from an offset on.
    ///
    /// # Errors
    ///
    /// As for [`atomic`](Self::atomic).
    ///
    /// ```
    /// use std::sync::atomic::Ordering::Relaxed;
    ///
    /// let segment = shm::Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let slots = attachment.view().atomics::<u16>(2, 31)?;
    /// assert!(slots.iter().all(|slot| slot.load(Relaxed) == 0));
    /// assert!(attachment.view().atomics::<u16>(2, 32).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn atomics<T: AtomicValue>(
        self,
        offset: usize,
        count: usize,
    ) -> Result<&'a [T::Atomic], AccessError> {
        self.atomics_at::<T>(offset, count)
    }

    /// Stores a value at an offset in one access: no reader sees a part of it.
    ///
    /// The ordering is a [`StoreOrdering`] or the standard library's
    /// [`Ordering`].
    ///
    /// # Errors
    ///
    /// As for [`atomic`](Self::atomic), and [`AccessError::InvalidOrdering`]
    /// for `Ordering::Acquire` and `Ordering::AcqRel`.
    ///
    /// ```
    /// use std::sync::atomic::Ordering::{Acquire, Release};
    ///
    /// let segment = shm::Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let view = attachment.view();
    /// view.store(8, 7_u32, Release)?;
    /// assert_eq!(view.load::<u32>(8, Acquire)?, 7);
    /// assert!(view.store(9, 7_u32, Release).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn store<T: AtomicValue>(
        self,
        offset: usize,
        value: T,
        ordering: impl TryInto<StoreOrdering, Error: Into<AccessError>>,
    ) -> Result<(), AccessError> {
        let ordering = ordering.try_into().map_err(Into::into)?;
        T::store(self.atomic_at::<T>(offset)?, value, ordering.into());
        Ok(())
    }
}

/// An integer and its atomic.
macro_rules! value {
    ($value:ty, $atomic:ident) => {
        impl sealed::Sealed for $value {}

        impl AtomicValue for $value {
            type Atomic = atomic::$atomic;

            #[inline]
            fn load(atomic: &Self::Atomic, ordering: Ordering) -> Self {
                atomic.load(ordering)
            }

            #[inline]
            fn store(atomic: &Self::Atomic, value: Self, ordering: Ordering) {
                atomic.store(value, ordering);
            }
        }
    };
}

/// A [`value!`] that is at most a machine word.
macro_rules! word {
    ($value:ty, $atomic:ident) => {
        value!($value, $atomic);

        impl AtomicWord for $value {}
    };
}

word!(u8, AtomicU8);
word!(i8, AtomicI8);
word!(u16, AtomicU16);
word!(i16, AtomicI16);
word!(u32, AtomicU32);
word!(i32, AtomicI32);
word!(usize, AtomicUsize);
word!(isize, AtomicIsize);
#[cfg(target_has_atomic = "64")]
value!(u64, AtomicU64);
#[cfg(target_has_atomic = "64")]
value!(i64, AtomicI64);
#[cfg(target_pointer_width = "64")]
impl AtomicWord for u64 {}
#[cfg(target_pointer_width = "64")]
impl AtomicWord for i64 {}
