//! Atomics in the segment: the standard library's own, at an offset.
//!
//! They are the one kind of reference into a segment that safe code gets: an
//! atomic may be changed by others at any time, from another process too.

use core::fmt::Debug;
use core::sync::atomic::{self, Ordering, fence};

use super::{AccessError, View};
use crate::{Access, Writable};

/// What a [`load`](View::load) synchronises: the orderings that a load can
/// have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LoadOrdering {
    /// Nothing beyond the value itself.
    Relaxed,
    /// What the writer did before its release store is visible afterwards.
    Acquire,
    /// As `Acquire`, in one order with all other such operations.
    SeqCst,
}

/// What a [`store`](View::store) synchronises: the orderings that a store can
/// have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StoreOrdering {
    /// Nothing beyond the value itself.
    Relaxed,
    /// What was done before is visible to whoever acquires the value.
    Release,
    /// As `Release`, in one order with all other such operations.
    SeqCst,
}

impl From<LoadOrdering> for Ordering {
    fn from(ordering: LoadOrdering) -> Self {
        match ordering {
            LoadOrdering::Relaxed => Self::Relaxed,
            LoadOrdering::Acquire => Self::Acquire,
            LoadOrdering::SeqCst => Self::SeqCst,
        }
    }
}

impl From<StoreOrdering> for Ordering {
    fn from(ordering: StoreOrdering) -> Self {
        match ordering {
            StoreOrdering::Relaxed => Self::Relaxed,
            StoreOrdering::Release => Self::Release,
            StoreOrdering::SeqCst => Self::SeqCst,
        }
    }
}

mod sealed {
    pub trait Sealed {
        /// The standard library's atomic of this value.
        type Atomic;
        fn load(atomic: &Self::Atomic, ordering: core::sync::atomic::Ordering) -> Self;
        fn store(atomic: &Self::Atomic, value: Self, ordering: core::sync::atomic::Ordering);
    }
}

/// A value that is loaded and stored whole, also from a read-only attachment:
/// the integers of up to the machine's word.
pub trait AtomicValue: sealed::Sealed + Copy + Debug + 'static {}

impl<'a, A: Access> View<'a, A> {
    /// The atomic at an offset, as a reference.
    ///
    /// Private: on a read-only mapping only relaxed loads of at most a word may
    /// be made through it, which is what [`View::load`] does.
    fn atomic<T>(self, offset: usize) -> Result<&'a T, AccessError> {
        let place = self.place(offset, size_of::<T>())?.cast::<T>();
        if !place.is_aligned() {
            return Err(AccessError::Misaligned {
                offset,
                align: align_of::<T>(),
            });
        }
        // SAFETY: within the mapping for `'a` and aligned; `T` is one of the
        // atomics below, for which any bytes are valid and which may be changed
        // behind the reference.
        Ok(unsafe { place.as_ref() })
    }

    /// Loads the value at an offset at once: it never tears.
    ///
    /// Works on read-only views too, as a relaxed load with fences, which is
    /// all that a read-only mapping allows.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] where it is not within the view, and
    /// [`AccessError::Misaligned`] where its address is no multiple of its
    /// atomic's alignment (that of the value, except for 64 bits on 32-bit
    /// x86, where atomics want 8 bytes).
    pub fn load<T: AtomicValue>(
        self,
        offset: usize,
        ordering: LoadOrdering,
    ) -> Result<T, AccessError> {
        let atomic = self.atomic::<T::Atomic>(offset)?;
        if A::WRITABLE {
            return Ok(T::load(atomic, ordering.into()));
        }
        // The standard library allows only relaxed loads of read-only memory;
        // the fences make of it what was asked for.
        if ordering == LoadOrdering::SeqCst {
            fence(Ordering::SeqCst);
        }
        let value = T::load(atomic, Ordering::Relaxed);
        match ordering {
            LoadOrdering::Relaxed => {}
            LoadOrdering::Acquire => fence(Ordering::Acquire),
            LoadOrdering::SeqCst => fence(Ordering::SeqCst),
        }
        Ok(value)
    }
}

impl<A: Writable> View<'_, A> {
    /// Stores a value at an offset at once: no reader sees a part of it.
    ///
    /// # Errors
    ///
    /// As for [`load`](Self::load).
    ///
    /// ```
    /// use shm::{LoadOrdering, Segment, StoreOrdering};
    ///
    /// let segment = Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let view = attachment.view();
    /// view.store(8, 7_u32, StoreOrdering::Release)?;
    /// assert_eq!(view.load::<u32>(8, LoadOrdering::Acquire)?, 7);
    /// assert!(view.load::<u32>(9, LoadOrdering::Relaxed).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn store<T: AtomicValue>(
        self,
        offset: usize,
        value: T,
        ordering: StoreOrdering,
    ) -> Result<(), AccessError> {
        T::store(self.atomic::<T::Atomic>(offset)?, value, ordering.into());
        Ok(())
    }
}

/// An integer of at most a machine word (so that its load cannot need a write)
/// and its atomic.
macro_rules! value {
    ($value:ty, $atomic:ident) => {
        impl sealed::Sealed for $value {
            type Atomic = atomic::$atomic;

            fn load(atomic: &Self::Atomic, ordering: Ordering) -> Self {
                atomic.load(ordering)
            }

            fn store(atomic: &Self::Atomic, value: Self, ordering: Ordering) {
                atomic.store(value, ordering);
            }
        }

        impl AtomicValue for $value {}
    };
}

/// The method of a writable view that hands out the atomic itself.
macro_rules! reference {
    ($method:ident, $atomic:ident) => {
        impl<'a, A: Writable> View<'a, A> {
            #[doc = concat!("The [`", stringify!($atomic), "`](atomic::", stringify!($atomic), ")")]
            /// at an offset, with all of its operations.
            ///
            /// # Errors
            ///
            /// [`AccessError::OutOfBounds`] where its bytes are not within the
            /// view, [`AccessError::Misaligned`] where its address is no
            /// multiple of its alignment.
            pub fn $method(self, offset: usize) -> Result<&'a atomic::$atomic, AccessError> {
                self.atomic(offset)
            }
        }
    };
}

value!(u8, AtomicU8);
value!(i8, AtomicI8);
value!(u16, AtomicU16);
value!(i16, AtomicI16);
value!(u32, AtomicU32);
value!(i32, AtomicI32);
value!(usize, AtomicUsize);
value!(isize, AtomicIsize);
#[cfg(target_pointer_width = "64")]
value!(u64, AtomicU64);
#[cfg(target_pointer_width = "64")]
value!(i64, AtomicI64);

reference!(atomic_u8, AtomicU8);
reference!(atomic_i8, AtomicI8);
reference!(atomic_u16, AtomicU16);
reference!(atomic_i16, AtomicI16);
reference!(atomic_u32, AtomicU32);
reference!(atomic_i32, AtomicI32);
#[cfg(target_has_atomic = "64")]
reference!(atomic_u64, AtomicU64);
#[cfg(target_has_atomic = "64")]
reference!(atomic_i64, AtomicI64);
reference!(atomic_usize, AtomicUsize);
reference!(atomic_isize, AtomicIsize);
