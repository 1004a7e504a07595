//! Segments that are removed on drop.

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
/// Only the process that created the value (or [adopted](Self::adopt) it) removes the
/// segment, so that after `fork(2)` a child does not remove its parent's segment. The
/// [policy](RemovePolicy) decides when:
///
/// | policy | removes | a crash leaves it behind |
/// | --- | --- | --- |
/// | `OnDrop` (the default) | on drop | yes |
/// | `AfterAttach` | after the first attach through this value, else on drop | no |
/// | [`keep`](Self::keep) | never | yes |
///
/// The policy holds for every attach method: the value does not give out its [`Segment`],
/// so no attach can bypass it. For a function that takes a `&Segment`, use a handle of
/// the [identifier](Self::id) ([`Segment::from_id`]), which is outside the policy.
///
/// # Never another segment
///
/// Kernels reuse identifiers. Before the segment is removed, on drop and by
/// [`remove`](Self::remove), the kernel is asked again, and the segment with the
/// identifier is left alone unless it has the key, the size and the creator (process and
/// user) of this value's segment. Owner, mode and change time may have changed. Two
/// limits remain:
///
/// * No kernel has a conditional removal. Between the comparison (`IPC_STAT`) and the
///   removal (`IPC_RMID`), other processes may remove the segment and create
///   another one, which gets this identifier only if the identifier space has just
///   wrapped around.
/// * If the creator can no longer be recognized, nothing is removed. That happens in a
///   child that adopted the value and lives in another pid or user namespace than the
///   creator, because Linux shows it other numbers. Let the creator remove the segment,
///   or create a new handle there.
///
/// # After `fork`
///
/// The process is identified by its number. Two processes of one family have the same
/// number only in different pid namespaces of Linux (a child cloned with `CLONE_NEWPID`
/// is 1 in its own, its parent has a number of the outer one) or after the creator has
/// exited and its number was reused: in such a child call [`keep`](Self::keep) or
/// [`std::mem::forget`].
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
    /// Set after an early removal.
    removed: AtomicBool,
}

/// When an [`OwnedSegment`] is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum RemovePolicy {
    /// When the value is dropped, in the process that created it.
    #[default]
    OnDrop,
    /// After the first attach through the value: then not even `kill -9` leaves it
    /// behind. Peers can attach by identifier while anybody is attached.
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

    /// Returns the value with another policy.
    ///
    /// # Errors
    ///
    /// [`Cause::Unsupported`] for [`RemovePolicy::AfterAttach`] if the system refuses
    /// attaching after the removal (NetBSD, macOS; FreeBSD and DragonFly by setting). The
    /// value is dropped then, so the segment is removed.
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
            let what = "this system refuses attaching a segment after its removal";
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

    /// Returns the identifier, to pass to others.
    #[must_use]
    pub const fn id(&self) -> SegmentId {
        self.segment.id()
    }

    /// Returns the segment's current state.
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
    /// As for [`Segment::attach`]; and if the removal by the policy fails, its error:
    /// then nothing is attached, and the next attach, or the drop, tries the removal
    /// again.
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

    /// Attaches and applies the policy. Every attach method goes through here.
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

    /// Makes this process the one that removes the segment: for a daemon that forked and
    /// whose parent, which created the value, exited by `_exit(2)` or without dropping
    /// it.
    pub fn adopt(&mut self) {
        self.owner = sys::process_id();
    }

    /// Returns the plain handle; the segment stays.
    #[must_use]
    pub fn keep(self) -> Segment {
        let kept = ManuallyDrop::new(self);
        // The other fields own nothing.
        kept.segment.clone()
    }

    /// Removes the segment now and reports whether it worked, unlike dropping.
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
            // It may already be gone, or its identifier another segment's, which stays.
            let _ = self.segment.remove();
        }
    }
}
