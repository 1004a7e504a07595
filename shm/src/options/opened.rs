//! The result of opening: an existing segment, or a created one.

use crate::error::Result;
use crate::{Access, Attachment, OwnedSegment, ReadOnly, ReadWrite, Segment, SegmentId};

/// Whether [`SegmentOptions::open_owned`](crate::SegmentOptions::open_owned) created the
/// segment or found it. Dropping the value removes a created segment, and never an
/// existing one.
///
/// ```
/// use shm::{Key, Opened, Segment};
///
/// let opened = Segment::open_owned(Key::random(), 4096)?;
/// let attachment = opened.attach()?;
/// match &opened {
///     Opened::Created(_) => attachment.view().write_all_at(0, b"hello")?,
///     Opened::Existing(_) => println!("there is a segment already"),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "a created segment is removed when the value is dropped"]
pub enum Opened {
    /// This call created the segment: this process should initialize it, and will remove
    /// it.
    Created(OwnedSegment),
    /// The segment already existed. Its creator may still be initializing it.
    Existing(Segment),
}

impl Opened {
    /// Returns whether this call created the segment.
    #[must_use]
    pub const fn is_created(&self) -> bool {
        matches!(self, Self::Created(_))
    }

    /// Returns the segment's identifier.
    #[must_use]
    pub const fn id(&self) -> SegmentId {
        match self {
            Self::Created(segment) => segment.id(),
            Self::Existing(segment) => segment.id(),
        }
    }

    /// Attaches for reading and writing.
    ///
    /// # Errors
    ///
    /// As for [`Segment::attach`].
    pub fn attach(&self) -> Result<Attachment<ReadWrite>> {
        match self {
            Self::Created(segment) => segment.attach(),
            Self::Existing(segment) => segment.attach(),
        }
    }

    /// Attaches for reading.
    ///
    /// # Errors
    ///
    /// As for [`Segment::attach_read_only`].
    pub fn attach_read_only(&self) -> Result<Attachment<ReadOnly>> {
        match self {
            Self::Created(segment) => segment.attach_read_only(),
            Self::Existing(segment) => segment.attach_read_only(),
        }
    }

    /// Returns the plain handle; a created segment stays.
    #[must_use]
    pub fn keep(self) -> Segment {
        match self {
            Self::Created(segment) => segment.keep(),
            Self::Existing(segment) => segment,
        }
    }

    /// Returns the value with the attachment that `attach` makes; removes a created
    /// segment that cannot be attached.
    pub(super) fn attached<A: Access>(
        self,
        attach: impl FnOnce(&Self) -> Result<Attachment<A>>,
    ) -> Result<(Self, Attachment<A>)> {
        let attachment = attach(&self)?;
        Ok((self, attachment))
    }
}
