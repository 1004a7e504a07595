//! The orderings of loads and stores, as separate types.
//!
//! The standard library's `Ordering` has variants that panic in a load or in a store. It
//! converts into these types, with an error for the wrong ones.

use core::convert::Infallible;
use core::sync::atomic::Ordering;

use super::AccessError;

/// The ordering of a [`load`](crate::View::load).
///
/// The standard library's [`Ordering`] converts into it with `TryFrom`;
/// `Release` and `AcqRel` are an [`AccessError::InvalidOrdering`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LoadOrdering {
    /// Orders nothing beyond the value itself.
    Relaxed,
    /// Makes everything that the writer did before its release store visible afterwards.
    Acquire,
    /// As `Acquire`, in one order with all other such operations.
    SeqCst,
}

/// The ordering of a [`store`](crate::View::store).
///
/// The standard library's [`Ordering`] converts into it with `TryFrom`;
/// `Acquire` and `AcqRel` are an [`AccessError::InvalidOrdering`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StoreOrdering {
    /// Orders nothing beyond the value itself.
    Relaxed,
    /// Makes everything done before visible to the thread that acquires the value.
    Release,
    /// As `Release`, in one order with all other such operations.
    SeqCst,
}

impl From<LoadOrdering> for Ordering {
    #[inline]
    fn from(ordering: LoadOrdering) -> Self {
        match ordering {
            LoadOrdering::Relaxed => Self::Relaxed,
            LoadOrdering::Acquire => Self::Acquire,
            LoadOrdering::SeqCst => Self::SeqCst,
        }
    }
}

impl From<StoreOrdering> for Ordering {
    #[inline]
    fn from(ordering: StoreOrdering) -> Self {
        match ordering {
            StoreOrdering::Relaxed => Self::Relaxed,
            StoreOrdering::Release => Self::Release,
            StoreOrdering::SeqCst => Self::SeqCst,
        }
    }
}

impl TryFrom<Ordering> for LoadOrdering {
    type Error = AccessError;

    #[inline]
    fn try_from(ordering: Ordering) -> Result<Self, AccessError> {
        match ordering {
            Ordering::Relaxed => Ok(Self::Relaxed),
            Ordering::Acquire => Ok(Self::Acquire),
            Ordering::SeqCst => Ok(Self::SeqCst),
            _ => Err(AccessError::InvalidOrdering {
                operation: "load",
                ordering,
            }),
        }
    }
}

impl TryFrom<Ordering> for StoreOrdering {
    type Error = AccessError;

    #[inline]
    fn try_from(ordering: Ordering) -> Result<Self, AccessError> {
        match ordering {
            Ordering::Relaxed => Ok(Self::Relaxed),
            Ordering::Release => Ok(Self::Release),
            Ordering::SeqCst => Ok(Self::SeqCst),
            _ => Err(AccessError::InvalidOrdering {
                operation: "store",
                ordering,
            }),
        }
    }
}

/// Accepts a [`LoadOrdering`] where a conversion may fail.
impl From<Infallible> for AccessError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
