//! An attachment whose access is known only at run time.

use crate::error::{Error, Result};
use crate::{AttachOptions, Attachment, OwnedSegment, ReadOnly, ReadWrite, Segment, SegmentId};
use crate::{Stat, View};

/// An attachment with access chosen at run time, from [`Segment::attach_any`]: for
/// programs that decide by an argument, and for wrappers in other languages.
///
/// [`view`](Self::view) reads with either access; [`writable`](Self::writable) returns
/// the view that also writes, if there is one.
///
/// ```
/// use shm::{AttachOptions, Segment};
///
/// let segment = Segment::private(4096)?.remove_on_drop();
/// for may_write in [true, false] {
///     let attachment = segment.attach_any(&AttachOptions::new(), may_write)?;
///     if let Some(view) = attachment.writable() {
///         view.write_all_at(0, b"seen")?;
///     }
///     assert!(attachment.view().slice(..4)?.eq_bytes(b"seen"));
///     assert_eq!(attachment.is_writable(), may_write);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub enum AnyAttachment {
    /// Attached for reading and writing.
    ReadWrite(Attachment<ReadWrite>),
    /// Attached for reading only.
    ReadOnly(Attachment<ReadOnly>),
}

/// Calls a method of either attachment.
macro_rules! either {
    ($self:expr, $attachment:ident => $call:expr) => {
        match $self {
            Self::ReadWrite($attachment) => $call,
            Self::ReadOnly($attachment) => $call,
        }
    };
}

impl AnyAttachment {
    /// Returns a view for reading.
    #[must_use]
    pub const fn view(&self) -> View<'_, ReadOnly> {
        either!(self, attachment => attachment.view().read_only())
    }

    /// Returns a view for reading and writing, or `None` if the attachment is read-only.
    #[must_use]
    pub const fn writable(&self) -> Option<View<'_, ReadWrite>> {
        match self {
            Self::ReadWrite(attachment) => Some(attachment.view()),
            Self::ReadOnly(_) => None,
        }
    }

    /// Returns whether the attachment is writable.
    #[must_use]
    pub const fn is_writable(&self) -> bool {
        matches!(self, Self::ReadWrite(_))
    }

    /// Returns the identifier of the segment.
    #[must_use]
    pub const fn id(&self) -> SegmentId {
        either!(self, attachment => attachment.id())
    }

    /// Returns the number of bytes, as [`Attachment::len`] does.
    #[must_use]
    pub const fn len(&self) -> usize {
        either!(self, attachment => attachment.len())
    }

    /// Returns false: a segment has at least one byte.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the state of the segment just after it was attached, as
    /// [`Attachment::stat_when_attached`] does.
    #[must_use]
    pub const fn stat_when_attached(&self) -> &Stat {
        either!(self, attachment => attachment.stat_when_attached())
    }

    /// Detaches, and reports whether it worked, unlike dropping.
    ///
    /// # Errors
    ///
    /// As for [`Attachment::detach`], without the attachment.
    pub fn detach(self) -> Result<()> {
        either!(self, attachment => attachment.detach().map_err(Error::from))
    }
}

impl From<Attachment<ReadWrite>> for AnyAttachment {
    fn from(attachment: Attachment<ReadWrite>) -> Self {
        Self::ReadWrite(attachment)
    }
}

impl From<Attachment<ReadOnly>> for AnyAttachment {
    fn from(attachment: Attachment<ReadOnly>) -> Self {
        Self::ReadOnly(attachment)
    }
}

impl Segment {
    /// Attaches for reading, and with `writable` for writing too.
    ///
    /// # Errors
    ///
    /// As for [`attach_with`](Self::attach_with).
    pub fn attach_any(&self, options: &AttachOptions, writable: bool) -> Result<AnyAttachment> {
        Ok(if writable {
            self.attach_with(options)?.into()
        } else {
            self.attach_read_only_with(options)?.into()
        })
    }
}

impl OwnedSegment {
    /// Attaches as [`Segment::attach_any`], by this value's policy.
    ///
    /// # Errors
    ///
    /// As for [`attach`](Self::attach) and [`attach_with`](Self::attach_with).
    pub fn attach_any(&self, options: &AttachOptions, writable: bool) -> Result<AnyAttachment> {
        Ok(if writable {
            self.attach_with(options)?.into()
        } else {
            self.attach_read_only_with(options)?.into()
        })
    }
}
