//! Initialization of a part of a segment by one of many processes, which may die
//! meanwhile.

use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicU32, fence};
use core::time::Duration;

use super::{Liveness, ThreadIdentity, WaitError, Waited, Wake};
use crate::{AccessError, Place, View, Writable, sys};

/// How many bytes [`View::init_once`] needs at its offset.
pub const INIT_SIZE: usize = size_of::<InitState>();

/// The bytes of [`View::init_once`] as a field of a structure: 32 bytes, aligned to 8
/// even where a `u64` is aligned to 4.
///
/// A C program declares `_Alignas(8) uint32_t init[8];`. All zeros at first, as in a new
/// segment.
#[derive(Debug)]
#[repr(C, align(8))]
pub struct InitState {
    words: [u32; 8],
}

/// The offset of the common numbering of all callers: 0 before the first.
const NUMBERING: usize = 4;
/// The offset of the owner's identity.
const OWNER: usize = 8;

/// The word: 0 at first, then the number of the initializing thread, with these bits, and
/// `DONE` in the end.
const DONE: u32 = u32::MAX;
/// Somebody sleeps on the word.
const WAITERS: u32 = 1 << 31;
/// The owner's identity is not written yet. Without a number: nobody is initializing, but
/// somebody was.
const CLAIMED: u32 = 1 << 30;
const NUMBER: u32 = CLAIMED - 1;

/// The alignment of the words, the same for peers of 32 and of 64 bits.
const INIT_ALIGN: usize = align_of::<InitState>();

/// How long a wait lasts before the owner is checked again.
const CHECK: Duration = Duration::from_millis(100);

/// The state when it is this thread's turn to initialize, for [`View::init_once`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attempt {
    /// The first attempt: the bytes are zeros, as after the segment's creation.
    First,
    /// An earlier attempt died or failed. The bytes may be half written.
    Again,
}

/// The result of [`View::init_once`]: whether this caller initialized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Initialized {
    /// This caller did.
    Here,
    /// Another caller did, in this process or another.
    Elsewhere,
}

/// Why [`View::init_once`] failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InitError<E> {
    /// The closure failed. The next call starts over, with [`Attempt::Again`].
    #[error("cannot initialize: {0}")]
    Failed(E),
    /// The timeout passed, and somebody is still initializing.
    #[error("thread {number} has not finished initializing ({liveness})")]
    TimedOut {
        /// The number of the initializing thread.
        number: u32,
        /// Whether it still exists.
        liveness: Liveness,
    },
    /// The words are not within the view, or the system cannot wait.
    #[error(transparent)]
    Wait(#[from] WaitError),
}

impl<E> From<AccessError> for InitError<E> {
    fn from(error: AccessError) -> Self {
        Self::Wait(error.into())
    }
}

impl<A: Writable> View<'_, A> {
    /// Runs a closure once for all processes that call this for the same bytes of the
    /// segment, and returns when it has run, here or elsewhere: afterwards everybody sees
    /// what it wrote.
    ///
    /// The state takes [`INIT_SIZE`] bytes at `offset`, which must be zeros at first, as
    /// in a new segment, and at a multiple of 8 in memory. Others sleep while one
    /// initializes. A call after that is one load.
    ///
    /// If the initializing process dies, another caller notices within a tenth of a
    /// second ([`ThreadIdentity::liveness`]) and initializes instead, with
    /// [`Attempt::Again`]. The same holds after a closure failed or panicked.
    ///
    /// Some cases stay unknown: an owner in another process namespace, or hidden from
    /// this process, counts as alive; so does one that died in the instant between
    /// claiming the word and writing its identity, if another thread has its number by
    /// now. Both end at the timeout.
    ///
    /// `timeout` limits the waiting, never the closure; `None` waits without a limit.
    /// Signal handlers do not end it. The closure must not call this for the same bytes.
    ///
    /// ```
    /// use std::time::Duration;
    /// use shm::{INIT_SIZE, Initialized, Segment};
    ///
    /// const TABLE: usize = INIT_SIZE;
    ///
    /// let segment = Segment::private(4096)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let view = attachment.view();
    /// let start = || {
    ///     view.init_once(0, Some(Duration::from_secs(5)), |_| {
    ///         view.slice(TABLE..)?.fill(7);
    ///         Ok::<(), shm::AccessError>(())
    ///     })
    /// };
    /// assert_eq!(start()?, Initialized::Here);
    /// assert_eq!(start()?, Initialized::Elsewhere);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`InitError::Failed`] with the closure's error, [`InitError::TimedOut`], and
    /// [`InitError::Wait`] if the bytes are not within the view, or the system cannot
    /// wait and somebody else is initializing.
    pub fn init_once<E>(
        self,
        offset: usize,
        timeout: Option<Duration>,
        initialize: impl FnOnce(Attempt) -> Result<(), E>,
    ) -> Result<Initialized, InitError<E>> {
        let state = State::at(self, offset)?;
        if state.word.load(Acquire) == DONE {
            return Ok(Initialized::Elsewhere);
        }
        match state.take(timeout)? {
            None => Ok(Initialized::Elsewhere),
            Some(attempt) => {
                // Releases the word unless the guard is defused, also after a panic.
                let mut end = End {
                    state,
                    word: CLAIMED,
                };
                initialize(attempt).map_err(InitError::Failed)?;
                end.word = DONE;
                Ok(Initialized::Here)
            }
        }
    }
}

impl<A: Writable> Place<'_, InitState, A> {
    /// Runs a closure once for all processes that call this for the same place of the
    /// segment: [`View::init_once`], with the state as a field of a structure.
    ///
    /// ```
    /// use std::time::Duration;
    /// use shm::{InitState, Initialized, Place, Segment, field};
    ///
    /// #[repr(C)]
    /// struct Table {
    ///     init: InitState,
    ///     version: u64,
    /// }
    ///
    /// let segment = Segment::private(4096)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let table: Place<Table> = attachment.view().at(0)?;
    /// let start = || {
    ///     table.field(field!(Table, init)).init_once(Some(Duration::from_secs(5)), |_| {
    ///         table.field(field!(Table, version)).set(3);
    ///         Ok::<(), std::convert::Infallible>(())
    ///     })
    /// };
    /// assert_eq!(start()?, Initialized::Here);
    /// assert_eq!(start()?, Initialized::Elsewhere);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`View::init_once`], but never [`WaitError::Access`].
    pub fn init_once<E>(
        self,
        timeout: Option<Duration>,
        initialize: impl FnOnce(Attempt) -> Result<(), E>,
    ) -> Result<Initialized, InitError<E>> {
        self.view().init_once(0, timeout, initialize)
    }
}

/// The words in the segment.
struct State<'a, A: Writable> {
    view: View<'a, A>,
    word: &'a AtomicU32,
    numbering: &'a AtomicU32,
}

impl<'a, A: Writable> State<'a, A> {
    fn at(view: View<'a, A>, offset: usize) -> Result<Self, AccessError> {
        let view = view.slice(offset..offset.saturating_add(INIT_SIZE))?;
        if view.as_ptr().addr() % INIT_ALIGN != 0 {
            let align = INIT_ALIGN;
            return Err(AccessError::Misaligned { offset, align });
        }
        let (word, numbering) = (view.word(0)?, view.word(NUMBERING)?);
        Ok(Self {
            view,
            word,
            numbering,
        })
    }

    /// Makes this thread the owner, or waits until the initialization is done (`None`).
    fn take<E>(&self, timeout: Option<Duration>) -> Result<Option<Attempt>, InitError<E>> {
        let deadline = timeout.map(|timeout| sys::wait::now().saturating_add(timeout));
        let me = ThreadIdentity::current();
        self.join(me.numbering());
        let mut waiters = 0;
        loop {
            let word = self.word.load(Acquire);
            if word == DONE {
                return Ok(None);
            }
            let number = word & NUMBER;
            let liveness = match number {
                0 => Liveness::Dead,
                _ => self.liveness(word, me),
            };
            if liveness == Liveness::Dead {
                // Sleepers are woken in the end, whoever set the bit.
                if self.claim(word, waiters, me)? {
                    let first = word & !WAITERS == 0;
                    return Ok(Some(if first {
                        Attempt::First
                    } else {
                        Attempt::Again
                    }));
                }
                continue;
            }
            let left = deadline.map(|deadline| deadline.saturating_sub(sys::wait::now()));
            if left == Some(Duration::ZERO) {
                return Err(InitError::TimedOut { number, liveness });
            }
            if word & WAITERS == 0 {
                let new = word | WAITERS;
                if self
                    .word
                    .compare_exchange(word, new, Relaxed, Relaxed)
                    .is_err()
                {
                    continue;
                }
            }
            // Woken together with others, this thread cannot know whether it was the last
            // one.
            waiters = WAITERS;
            let most = left.map_or(CHECK, |left| left.min(CHECK));
            let _: Waited = sys::wait::wait(self.word, word | WAITERS, Some(most))?;
        }
    }

    /// Makes a thread the owner, if the word still has the value: first its number, then
    /// its identity, since an identity written first could be overwritten by the
    /// loser of the race.
    fn claim(&self, word: u32, waiters: u32, me: ThreadIdentity) -> Result<bool, AccessError> {
        let new = CLAIMED | (me.number() & NUMBER) | (word & WAITERS) | waiters;
        let claimed = self.word.compare_exchange(word, new, AcqRel, Relaxed);
        if claimed.is_err() {
            return Ok(false);
        }
        fence(Release);
        self.view.write(OWNER, &me.to_words())?;
        self.word.fetch_and(!CLAIMED, Release);
        Ok(true)
    }

    /// Records the numbering of this caller's numbers, before any is written.
    fn join(&self, mine: u32) {
        let first = self.numbering.compare_exchange(0, mine, AcqRel, Acquire);
        if first.is_err_and(|theirs| theirs != mine) {
            self.numbering.store(ThreadIdentity::MIXED, Release);
        }
    }

    /// Returns whether the owner in the word still exists.
    fn liveness(&self, word: u32, me: ThreadIdentity) -> Liveness {
        if word & CLAIMED != 0 {
            // Until its identity is written, only the number is known; it is meaningful
            // if all callers number alike.
            let theirs = self.numbering.load(Acquire);
            return match theirs == me.numbering() && theirs != ThreadIdentity::MIXED {
                true => me.with_number(word & NUMBER).liveness(),
                false => Liveness::Unknown,
            };
        }
        let Some(owner) = self.owner_of(word) else {
            return Liveness::Unknown;
        };
        match owner.liveness() {
            // Only if the words were read whole: a new owner writes first, and changes
            // the word before and after.
            Liveness::Dead if self.owner_of(word) != Some(owner) => Liveness::Unknown,
            liveness => liveness,
        }
    }

    /// Returns the identity of the word's owner, if the word has not changed meanwhile.
    fn owner_of(&self, word: u32) -> Option<ThreadIdentity> {
        let words = self.view.read(OWNER).ok()?;
        // A reader that sees a part of a later owner's identity also sees that owner's
        // word, because of the fence in `claim`.
        fence(Acquire);
        let owner = ThreadIdentity::from_words(words);
        let same = self.word.load(Acquire) & !WAITERS == word & !WAITERS;
        (same && owner.number() == word & NUMBER).then_some(owner)
    }
}

/// Writes the last value of the word on drop, and wakes the waiters.
struct End<'a, A: Writable> {
    state: State<'a, A>,
    word: u32,
}

impl<A: Writable> Drop for End<'_, A> {
    fn drop(&mut self) {
        let before = self.state.word.swap(self.word, AcqRel);
        if before & WAITERS != 0 {
            // Where waking is impossible, nobody sleeps either.
            let _ = self.state.view.wake(0, Wake::All);
        }
    }
}

#[cfg(test)]
mod tests {
    use core::sync::atomic::AtomicU64;

    use super::*;
    use crate::ReadWrite;

    /// Miri shows every order of accesses that the language allows; see
    /// `tests/orderings.rs`.
    #[test]
    fn an_owners_identity_is_read_whole_or_not_at_all() {
        let memory: [AtomicU64; INIT_SIZE / 8] = Default::default();
        let base = core::ptr::NonNull::from(&memory).cast();
        // SAFETY: the words live as long as the view, and only views access them.
        let view = unsafe { View::<ReadWrite>::from_raw_parts(base, INIT_SIZE) };
        let rounds = if cfg!(miri) { 200 } else { 5000 };
        let ended = AtomicU32::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let state = State::at(view, 0).unwrap();
                for round in 1..=rounds {
                    // Owners that fail one after the other, each with its own number.
                    let words = [round, u64::from(u32::MAX) << 32 | round, round];
                    let owner = ThreadIdentity::from_words(words);
                    let word = state.word.load(Relaxed);
                    assert!(state.claim(word, 0, owner).unwrap());
                    drop(End {
                        state: State::at(view, 0).unwrap(),
                        word: CLAIMED,
                    });
                }
                ended.store(1, Relaxed);
            });
            let state = State::at(view, 0).unwrap();
            while ended.load(Relaxed) == 0 {
                let word = state.word.load(Acquire);
                if word & CLAIMED == 0 && word & NUMBER != 0 {
                    if let Some(owner) = state.owner_of(word) {
                        let round = u64::from(owner.number());
                        let whole = [round, u64::from(u32::MAX) << 32 | round, round];
                        assert_eq!(owner.to_words(), whole);
                    }
                }
            }
        });
    }
}
