//! Waiting for a word at a place: bounds and alignment are known, so only the system
//! can refuse.

use core::time::Duration;

use super::{AlignedPlace, Place};
use crate::{Access, AtomicField, WaitError, Waitable, Waited, Wake, Writable, sys};

impl<T, A: Access, const ALIGNED: bool> Place<'_, T, A, ALIGNED> {
    /// Waits while the `u32` at this place has a value, until [`wake`](Self::wake) is
    /// called for the same word of the same segment, or until the timeout.
    ///
    /// This is [`View::wait`](crate::View::wait), which describes wakes, signals, `fork`
    /// and read-only places. The place is that of a `u32` or an `AtomicU32`; kernels
    /// compare no other width.
    ///
    /// # Errors
    ///
    /// [`WaitError::Unsupported`] where the system has no such call, and
    /// [`WaitError::System`] for what else the kernel answers. Never
    /// [`WaitError::Access`].
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU32, Ordering};
    /// use std::time::Duration;
    /// use shm::{Place, Segment, Waited, Wake, field};
    ///
    /// #[repr(C)]
    /// struct Job {
    ///     ready: AtomicU32,
    ///     result: u64,
    /// }
    ///
    /// let segment = Segment::private(4096)?.remove_on_drop();
    /// let (ours, theirs) = (segment.attach()?, segment.attach()?.into_place::<Job>(0)?);
    /// std::thread::spawn(move || {
    ///     let job = theirs.place();
    ///     job.field(field!(Job, result)).set(42);
    ///     job.field(field!(Job, ready)).atomic().store(1, Ordering::Release);
    ///     job.field(field!(Job, ready)).wake(Wake::All)
    /// });
    ///
    /// let job: Place<Job> = ours.view().at(0)?;
    /// let ready = job.field(field!(Job, ready));
    /// while ready.atomic().load(Ordering::Acquire) == 0 {
    ///     if ready.wait(0, Some(Duration::from_secs(10)))? == Waited::TimedOut {
    ///         return Err("nobody came".into());
    ///     }
    /// }
    /// assert_eq!(job.field(field!(Job, result)).get(), 42);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A word of another width does not compile:
    ///
    /// ```compile_fail
    /// # fn wrong(place: shm::Place<u64>) {
    /// let _ = place.wait(0, None);
    /// # }
    /// ```
    pub fn wait(self, while_equal: u32, timeout: Option<Duration>) -> Result<Waited, WaitError>
    where
        T: AtomicField<Value = u32>,
        A: Waitable,
        Self: AlignedPlace,
    {
        // SAFETY: the place is aligned by its type; a wait makes only relaxed loads of
        // a `u32`.
        let word = unsafe { self.atomic_ref() };
        sys::wait::wait(word, while_equal, timeout)
    }

    /// Wakes one or all threads that [`wait`](Self::wait) for the word at this place, in
    /// all processes that have the segment attached.
    ///
    /// This is [`View::wake`](crate::View::wake): change the word before.
    ///
    /// # Errors
    ///
    /// As for [`wait`](Self::wait).
    ///
    /// ```
    /// use shm::{Segment, Wake};
    ///
    /// let segment = Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// attachment.view().at::<u32>(0)?.wake(Wake::One)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wake(self, wake: Wake) -> Result<(), WaitError>
    where
        T: AtomicField<Value = u32>,
        A: Writable,
        Self: AlignedPlace,
    {
        sys::wait::wake(self.atomic(), wake)
    }
}
