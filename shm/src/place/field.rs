//! Fields: their offsets in a structure, and their types.

use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

use super::Place;
use crate::Access;

/// A field of a structure: its offset and its type, from [`field!`](crate::field!).
///
/// A field can be a constant:
///
/// ```
/// use shm::{Field, field};
///
/// #[repr(C)]
/// struct Status {
///     state: u32,
///     count: u64,
/// }
///
/// const COUNT: Field<Status, u64> = field!(Status, count);
/// assert_eq!(COUNT.offset(), std::mem::offset_of!(Status, count));
/// ```
pub struct Field<S, F, const ALIGNED: bool = true> {
    /// `offset + size_of::<F>() <= size_of::<S>()`, and with `ALIGNED` the
    /// field is aligned wherever the structure is.
    offset: usize,
    marker: PhantomData<fn(&S) -> *const F>,
}

impl<S, F, const ALIGNED: bool> Clone for Field<S, F, ALIGNED> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S, F, const ALIGNED: bool> Copy for Field<S, F, ALIGNED> {}

impl<S, F, const ALIGNED: bool> fmt::Debug for Field<S, F, ALIGNED> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field")
            .field("offset", &self.offset)
            .field("aligned", &ALIGNED)
            .finish()
    }
}

/// Returns whether a field is aligned wherever its structure is. For the macro.
#[doc(hidden)]
#[must_use]
pub const fn is_aligned<S, F>(offset: usize, _: fn(&S) -> *const F) -> bool {
    offset % align_of::<F>() == 0 && align_of::<S>() % align_of::<F>() == 0
}

impl<S, F, const ALIGNED: bool> Field<S, F, ALIGNED> {
    /// Returns the field at an offset of a structure, or `None` if a field of that type
    /// does not fit there.
    ///
    /// For generic structures, for which [`field!`](crate::field!) does not compile. The
    /// closure provides the type; it is never called. A wrong offset does no harm: it
    /// gives bytes of another field.
    ///
    /// ```
    /// use std::mem::offset_of;
    /// use shm::Field;
    ///
    /// #[repr(C)]
    /// struct Slot<T> {
    ///     sequence: u32,
    ///     value: T,
    /// }
    ///
    /// fn value<T>() -> Field<Slot<T>, T> {
    ///     const {
    ///         Field::new(offset_of!(Slot<T>, value), |slot: &Slot<T>| &raw const slot.value).unwrap()
    ///     }
    /// }
    ///
    /// assert_eq!(value::<u64>().offset(), offset_of!(Slot<u64>, value));
    /// assert!(Field::<Slot<u64>, u64>::new(12, |slot| &raw const slot.value).is_none());
    /// assert!(Field::<Slot<u64>, u64>::new(1, |slot| &raw const slot.value).is_none());
    /// ```
    #[must_use]
    pub const fn new(offset: usize, field: fn(&S) -> *const F) -> Option<Self> {
        let within = match size_of::<S>().checked_sub(offset) {
            Some(rest) => size_of::<F>() <= rest,
            None => false,
        };
        if within && (!ALIGNED || is_aligned(offset, field)) {
            Some(Self {
                offset,
                marker: PhantomData,
            })
        } else {
            None
        }
    }

    /// Returns the distance from the structure's start, in bytes.
    #[must_use]
    pub const fn offset(self) -> usize {
        self.offset
    }
}

/// Names a field of a structure, with its type: `field!(Status, count)`.
///
/// A path of nested fields works too: `field!(Status, owner.pid)`. The macro contains no
/// `unsafe`. The fields must be visible at the call.
///
/// A field that a packed structure leaves unaligned gives a `Field<S, F, false>`, which
/// can be copied but has no atomic. For generic structures see [`Field::new`].
///
/// ```
/// # #![forbid(unsafe_code)]
/// use shm::{Segment, field};
///
/// #[repr(C)]
/// struct Owner {
///     pid: i32,
///     uid: u32,
/// }
///
/// #[repr(C)]
/// struct Status {
///     count: u64,
///     owner: Owner,
/// }
///
/// let segment = Segment::private(4096)?.remove_on_drop();
/// let attachment = segment.attach()?;
/// let status = attachment.view().at::<Status>(0)?;
/// status.field(field!(Status, owner.pid)).set(4711);
///
/// let owner = status.field(field!(Status, owner));
/// assert_eq!(owner.field(field!(Owner, pid)).get(), 4711);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[macro_export]
macro_rules! field {
    ($structure:ty, $($field:tt).+ $(,)?) => {
        const {
            $crate::Field::<
                $structure,
                _,
                {
                    $crate::__is_aligned(
                        ::core::mem::offset_of!($structure, $($field).+),
                        |structure: &$structure| &raw const structure.$($field).+,
                    )
                },
            >::new(
                ::core::mem::offset_of!($structure, $($field).+),
                |structure: &$structure| &raw const structure.$($field).+,
            )
            .expect("a structure contains its fields")
        }
    };
}

impl<'a, S, A: Access> Place<'a, S, A> {
    /// Returns the place of a field.
    ///
    /// ```
    /// use shm::{Place, field};
    ///
    /// #[repr(C)]
    /// struct Status {
    ///     state: u32,
    ///     count: u64,
    /// }
    ///
    /// fn add(status: Place<Status>, n: u64) {
    ///     let count: Place<u64> = status.field(field!(Status, count));
    ///     count.set(count.get() + n);
    /// }
    /// # let segment = shm::Segment::private(16)?.remove_on_drop();
    /// # let attachment = segment.attach()?;
    /// # add(attachment.view().at(0)?, 3);
    /// # assert_eq!(attachment.view().read::<u64>(8)?, 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn field<F, const ALIGNED: bool>(
        self,
        field: Field<S, F, ALIGNED>,
    ) -> Place<'a, F, A, ALIGNED> {
        let base = field.place_in(self.base);
        // SAFETY: the field lies within the structure, by its invariant, and so
        // within this place; and is aligned, if it says so, since this is.
        unsafe { Place::new(base) }
    }
}

impl<'a, S, A: Access> Place<'a, S, A, false> {
    /// Returns the place of a field. In a structure that may be unaligned,
    /// fields may be too.
    #[inline]
    pub fn field<F, const ALIGNED: bool>(
        self,
        field: Field<S, F, ALIGNED>,
    ) -> Place<'a, F, A, false> {
        let base = field.place_in(self.base);
        // SAFETY: the field lies within the structure, by its invariant, and so
        // within this place.
        unsafe { Place::new(base) }
    }
}

impl<S, F, const ALIGNED: bool> Field<S, F, ALIGNED> {
    /// Returns the field's address in a structure at `base`.
    #[inline]
    const fn place_in(self, base: NonNull<u8>) -> NonNull<u8> {
        // SAFETY: only places call this, whose bytes are those of an `S`, and
        // the offset is within an `S`.
        unsafe { base.add(self.offset) }
    }
}
