//! A segment that is removed on drop.

use core::mem::ManuallyDrop;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::error::{Cause, Error, Operation, Result, Target};
use crate::{
    Access, AttachOptions, Attachment, Permissions, ReadOnly, ReadWrite, Segment, SegmentId, Stat,
    support, sys,
};

/// A segment that is removed when this value is dropped, from
/// [`Segment::open_owned`] and [`Segment::remove_on_drop`].
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
/// The policy holds whichever method attaches: the value does not give out its
/// [`Segment`], so that nothing can attach past it. A function that wants a
/// `&Segment` gets a handle of the [identifier](Self::id)
/// ([`Segment::from_id`]), which is outside of the policy.
///
/// # Never another segment
///
/// Kernels give identifiers out again. Before the segment is removed, on drop
/// and by [`remove`](Self::remove), the kernel is asked once more, and what has
/// the identifier by then is left alone unless it has the key, the size and the
/// creator (process and user) of the segment that this value is for. Owner,
/// mode and change time may have changed. Two things remain:
///
/// * The kernels have no "remove if it still is that one". Between the question
///   (`IPC_STAT`) and the removal (`IPC_RMID`) somebody else may remove the
///   segment and somebody create another one, which gets this identifier only
///   if the identifier space has just wrapped around.
/// * Where the creator can no longer be recognized, nothing is removed. That
///   is so in a child that adopted the value and lives in another pid or user
///   namespace than the creator: Linux shows it other numbers. Let the creator
///   remove the segment, or take a new handle there.
///
/// # After `fork`
///
/// The process is known by its number. Two processes of one family can have the
/// same number only in different pid namespaces of Linux (a child cloned with
/// `CLONE_NEWPID` is 1 in its own, its parent has a number of the outer one) or
/// after the creator has exited and its number was given out again: call
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
    removed: AtomicBool,
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
            removed: AtomicBool::new(false),
        }
    }

    /// Returns the same with another policy.
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
    ///     // Others that know the identifier can still attach.
    ///     Segment::open_id(attachment.id())?.attach()?;
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

    /// Returns the identifier, to hand to others.
    #[must_use]
    pub const fn id(&self) -> SegmentId {
        self.segment.id()
    }

    /// Returns what the kernel says of the segment now.
    ///
    /// # Errors
    ///
    /// As for [`Segment::stat`].
    pub fn stat(&self) -> Result<Stat> {
        self.segment.stat()
    }

    /// Attaches as [`Segment::attach`], by this value's policy.
    ///
    /// # Errors
    ///
    /// As for [`Segment::attach`]; and where the removal that the policy wants
    /// fails, its error: nothing is attached then, and the next attach, or the
    /// drop, tries the removal again.
    pub fn attach(&self) -> Result<Attachment<ReadWrite>> {
        self.by_policy(Segment::attach)
    }

    /// Attaches as [`Segment::attach_read_only`], by this value's policy.
    ///
    /// # Errors
    ///
    /// As for [`attach`](Self::attach).
    pub fn attach_read_only(&self) -> Result<Attachment<ReadOnly>> {
        self.by_policy(Segment::attach_read_only)
    }

    /// Attaches as [`Segment::attach_with`], by this value's policy.
    ///
    /// # Errors
    ///
    /// As for [`attach`](Self::attach) and [`Segment::attach_with`].
    pub fn attach_with(&self, options: &AttachOptions) -> Result<Attachment<ReadWrite>> {
        self.by_policy(|segment| segment.attach_with(options))
    }

    /// Attaches as [`Segment::attach_read_only_with`], by this value's policy.
    ///
    /// # Errors
    ///
    /// As for [`attach`](Self::attach) and [`Segment::attach_with`].
    pub fn attach_read_only_with(&self, options: &AttachOptions) -> Result<Attachment<ReadOnly>> {
        self.by_policy(|segment| segment.attach_read_only_with(options))
    }

    /// Attaches as [`Segment::attach_replacing`], by this value's policy.
    ///
    /// # Errors
    ///
    /// As for [`attach`](Self::attach) and [`Segment::attach_replacing`].
    ///
    /// # Safety
    ///
    /// As for [`Segment::attach_replacing`].
    pub unsafe fn attach_replacing(
        &self,
        options: &AttachOptions,
        len: usize,
    ) -> Result<Attachment> {
        // SAFETY: the caller's promise is the one that is asked for.
        self.by_policy(|segment| unsafe { segment.attach_replacing(options, len) })
    }

    /// Attaches as [`Segment::attach_read_only_replacing`], by this value's policy.
    ///
    /// # Errors
    ///
    /// As for [`attach`](Self::attach) and [`Segment::attach_replacing`].
    ///
    /// # Safety
    ///
    /// As for [`Segment::attach_replacing`].
    pub unsafe fn attach_read_only_replacing(
        &self,
        options: &AttachOptions,
        len: usize,
    ) -> Result<Attachment<ReadOnly>> {
        // SAFETY: the caller's promise is the one that is asked for.
        self.by_policy(|segment| unsafe { segment.attach_read_only_replacing(options, len) })
    }

    /// Changes owner, group or permissions as [`Segment::set_permissions`].
    ///
    /// # Errors
    ///
    /// As for [`Segment::set_permissions`].
    pub fn set_permissions(&self, permissions: &Permissions) -> Result<()> {
        self.segment.set_permissions(permissions)
    }

    /// Locks the segment in memory as [`Segment::lock`].
    ///
    /// # Errors
    ///
    /// As for [`Segment::lock`].
    pub fn lock(&self) -> Result<()> {
        self.segment.lock()
    }

    /// Undoes [`lock`](Self::lock), as [`Segment::unlock`].
    ///
    /// # Errors
    ///
    /// As for [`Segment::lock`].
    pub fn unlock(&self) -> Result<()> {
        self.segment.unlock()
    }

    /// Attaches and does what the policy wants after it. Every method that
    /// attaches goes through here.
    fn by_policy<A: Access>(
        &self,
        attach: impl FnOnce(&Segment) -> Result<Attachment<A>>,
    ) -> Result<Attachment<A>> {
        let attachment = attach(&self.segment)?;
        // If several threads attach at once, one removes.
        if self.policy == RemovePolicy::AfterAttach && !self.removed.swap(true, Relaxed) {
            self.segment
                .remove()
                .inspect_err(|_| self.removed.store(false, Relaxed))?;
        }
        Ok(attachment)
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

    /// Removes the segment now and reports whether it worked, which dropping
    /// does not.
    ///
    /// # Errors
    ///
    /// As for [`Segment::remove`]; [`Cause::Gone`] or [`Cause::Replaced`] where
    /// [another segment](#never-another-segment) has the identifier.
    pub fn remove(self) -> Result<()> {
        let removed_early = self.removed.load(Relaxed);
        let segment = self.keep();
        if removed_early {
            Ok(())
        } else {
            segment.remove()
        }
    }
}

impl Drop for OwnedSegment {
    fn drop(&mut self) {
        if !*self.removed.get_mut() && self.owner == sys::process_id() {
            // It may be gone already, which is what was wanted, or its
            // identifier another segment's, which stays.
            let _ = self.segment.remove();
        }
    }
}
