//! A segment that somebody is responsible for.

use core::mem::ManuallyDrop;
use core::ops::Deref;

use crate::error::{Cause, Error, Operation, Result, Target};
use crate::{AttachOptions, Attachment, ReadOnly, ReadWrite, Segment, support, sys};

/// A segment that is removed when this value is dropped, from
/// [`Segment::remove_on_drop`].
///
/// It is removed only by the process that made the value (or
/// [adopted](Self::adopt) it), so that a `fork(2)` does not let the child take
/// the segment away from its parent. When it is removed is a
/// [policy](RemovePolicy):
///
/// | policy | removed | a crash leaves it behind |
/// | --- | --- | --- |
/// | `OnDrop` (the default) | on drop | yes |
/// | `AfterAttach` | right after the first attach through this value, else on drop | no |
/// | [`keep`](Self::keep) | never | yes |
///
/// The process is told by its number. Two processes of one family can have the
/// same number only in different pid namespaces of Linux (a child cloned with
/// `CLONE_NEWPID` is 1 in its own, its parent has a number of the outer one) or
/// after the maker has ended and its number was given out again: call
/// [`keep`](Self::keep) or [`std::mem::forget`] in a child that could be such a
/// one.
///
/// ```
/// use shm::{Key, Segment};
///
/// let key = Key::random();
/// {
///     let _segment = Segment::create_new(key, 4096)?.remove_on_drop();
///     assert!(Segment::open(key).is_ok());
/// }
/// assert!(Segment::open(key).is_err());
/// # Ok::<(), shm::Error>(())
/// ```
#[derive(Debug)]
pub struct OwnedSegment {
    segment: Segment,
    policy: RemovePolicy,
    /// The process that removes it.
    owner: i32,
    /// Set once it has been removed early.
    removed: core::sync::atomic::AtomicBool,
}

/// When an [`OwnedSegment`] is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum RemovePolicy {
    /// When the value is dropped, in the process that made it.
    #[default]
    OnDrop,
    /// Right after the first attach through the value: not even `kill -9` then
    /// leaves it behind. Peers attach by identifier for as long as anybody is
    /// attached.
    AfterAttach,
}

impl OwnedSegment {
    pub(crate) fn new(segment: Segment) -> Self {
        Self {
            segment,
            policy: RemovePolicy::OnDrop,
            owner: sys::process_id(),
            removed: false.into(),
        }
    }

    /// The same with another policy.
    ///
    /// # Errors
    ///
    /// [`Cause::Unsupported`] for [`RemovePolicy::AfterAttach`] where the
    /// system lets nobody attach after the removal (NetBSD, macOS; FreeBSD and
    /// DragonFly by setting). The value is dropped then, so the segment is
    /// removed.
    ///
    /// ```
    /// use shm::{RemovePolicy, Segment};
    ///
    /// let segment = Segment::private(4096)?.remove_on_drop();
    /// if let Ok(segment) = segment.with_policy(RemovePolicy::AfterAttach) {
    ///     let attachment = segment.attach()?;
    ///     assert!(segment.stat()?.flags.marked_for_removal());
    ///     // Others that are told the identifier can still attach.
    ///     Segment::from_id(attachment.id())?.attach()?;
    /// }
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn with_policy(mut self, policy: RemovePolicy) -> Result<Self> {
        if policy == RemovePolicy::AfterAttach && !support::attaches_after_removal()? {
            let what = "this system lets nobody attach a segment after its removal";
            let target = Target::Segment(self.segment.id());
            return Err(Error::refused(
                Operation::Remove,
                target,
                Cause::Unsupported { what },
            ));
        }
        self.policy = policy;
        Ok(self)
    }

    /// [`Segment::attach`], by this value's policy.
    ///
    /// # Errors
    ///
    /// As for [`Segment::attach`]; and where the removal that the policy wants
    /// fails, its error.
    pub fn attach(&self) -> Result<Attachment<ReadWrite>> {
        self.attach_with(&AttachOptions::new())
    }

    /// [`Segment::attach_read_only`], by this value's policy.
    ///
    /// # Errors
    ///
    /// As for [`attach`](Self::attach).
    pub fn attach_read_only(&self) -> Result<Attachment<ReadOnly>> {
        let attachment = self.segment.attach_read_only()?;
        self.attached().map(|()| attachment)
    }

    /// [`Segment::attach_with`], by this value's policy.
    ///
    /// # Errors
    ///
    /// As for [`attach`](Self::attach) and [`Segment::attach_with`].
    pub fn attach_with(&self, options: &AttachOptions) -> Result<Attachment<ReadWrite>> {
        let attachment = self.segment.attach_with(options)?;
        self.attached().map(|()| attachment)
    }

    /// Does what the policy wants after an attach.
    fn attached(&self) -> Result<()> {
        use core::sync::atomic::Ordering::Relaxed;
        // Of several threads that attach at once, one removes.
        if self.policy == RemovePolicy::AfterAttach && !self.removed.swap(true, Relaxed) {
            return self
                .segment
                .remove()
                .inspect_err(|_| self.removed.store(false, Relaxed));
        }
        Ok(())
    }

    /// Makes this process the one that removes the segment: for a daemon that
    /// forked and whose parent, which made the value, ended by `_exit(2)` or
    /// without dropping it.
    pub fn adopt(&mut self) {
        self.owner = sys::process_id();
    }

    /// Gives the plain handle back; the segment stays.
    #[must_use]
    pub fn keep(self) -> Segment {
        let kept = ManuallyDrop::new(self);
        // The other fields own nothing.
        kept.segment.clone()
    }

    /// Removes the segment now and says whether it worked, which dropping does
    /// not.
    ///
    /// # Errors
    ///
    /// As for [`Segment::remove`].
    pub fn remove(self) -> Result<()> {
        let removed_early = self.removed.load(core::sync::atomic::Ordering::Relaxed);
        let segment = self.keep();
        if removed_early {
            Ok(())
        } else {
            segment.remove()
        }
    }
}

impl Deref for OwnedSegment {
    type Target = Segment;

    fn deref(&self) -> &Segment {
        &self.segment
    }
}

impl Drop for OwnedSegment {
    fn drop(&mut self) {
        if !*self.removed.get_mut() && self.owner == sys::process_id() {
            // It may be gone already, which is what was wanted.
            let _ = self.segment.remove();
        }
    }
}
