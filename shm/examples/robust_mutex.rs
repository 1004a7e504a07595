//! A mutex between processes that survives the death of its owner: another process
//! acquires it, and learns that the protected data may be half changed.
//!
//! ```sh
//! cargo run --example robust_mutex
//! ```
//!
//! The word has the owner's thread number, and a bit for sleepers. The owner's identity
//! follows it, so that another thread with the same number is not taken for the owner.
//! Waiters wake at intervals and check that the owner is alive. The kernel's list of
//! robust futexes is not used: its links would lie in the segment, where any writer could
//! turn them against this process.
//!
//! Two cases stay unknown, and then the lock stays taken: an owner in another process
//! namespace, or hidden from this process; and an owner that died between claiming the
//! word and writing its identity, a few instructions later, if another thread has its
//! number.

use std::error::Error;
use std::process::Command;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU32, fence};
use std::time::Duration;

use shm::{Liveness, Place, Segment, SegmentId, ThreadIdentity, WaitError, Waited, Wake, field};

/// Somebody sleeps on the word.
const WAITERS: u32 = 1 << 31;
/// The identity behind the word is not yet the owner's.
const CLAIMED: u32 = 1 << 30;
/// How long a wait lasts before the owner is checked.
const CHECK: Duration = Duration::from_millis(100);

/// A mutex in a segment: zeros at first.
#[repr(C)]
pub(crate) struct Words {
    /// The owner's thread number, and the two bits.
    word: AtomicU32,
    /// How all users number threads.
    numbering: AtomicU32,
    /// The owner's identity.
    identity: [u64; 3],
}

/// One thread's way to a mutex.
pub(crate) struct Mutex<'a> {
    words: Place<'a, Words>,
    word: &'a AtomicU32,
    me: ThreadIdentity,
}

impl<'a> Mutex<'a> {
    pub(crate) fn new(words: Place<'a, Words>) -> Self {
        let (word, me) = (
            words.field(field!(Words, word)).atomic(),
            ThreadIdentity::current(),
        );
        let numbering = words.field(field!(Words, numbering)).atomic();
        let mine = me.numbering();
        let first = numbering.compare_exchange(0, mine, AcqRel, Relaxed);
        if first.is_err_and(|theirs| theirs != mine) {
            numbering.store(ThreadIdentity::MIXED, Release);
        }
        Self { words, word, me }
    }

    pub(crate) fn lock(&self) -> Result<Guard<'_, 'a>, WaitError> {
        let (mut waited, mut check) = (0, false);
        loop {
            let word = self.word.load(Relaxed);
            let owner_died = check && self.owner_is_dead(word);
            if word & !WAITERS == 0 || owner_died {
                // Who has slept cannot know whether others still do.
                let mine = self.me.number() | CLAIMED | word & WAITERS | waited;
                if self.replace(word, mine) {
                    fence(Release);
                    self.words
                        .field(field!(Words, identity))
                        .set(self.me.to_words());
                    self.word.fetch_and(!CLAIMED, Release);
                    return Ok(Guard {
                        mutex: self,
                        owner_died,
                    });
                }
            } else if word & WAITERS != 0 || self.replace(word, word | WAITERS) {
                waited = WAITERS;
                let place = self.words.field(field!(Words, word));
                check = place.wait(word | WAITERS, Some(CHECK))? == Waited::TimedOut;
            }
        }
    }

    fn replace(&self, word: u32, new: u32) -> bool {
        self.word
            .compare_exchange(word, new, AcqRel, Relaxed)
            .is_ok()
    }

    fn owner_is_dead(&self, word: u32) -> bool {
        let owner = self.owner(word);
        // Read twice, so that it is no mixture of two owners.
        owner.is_some_and(|owner| owner.liveness() == Liveness::Dead) && self.owner(word) == owner
    }

    /// The identity of the word's owner, as far as it is known.
    fn owner(&self, word: u32) -> Option<ThreadIdentity> {
        if word & CLAIMED != 0 {
            let numbering = self
                .words
                .field(field!(Words, numbering))
                .atomic()
                .load(Acquire);
            let known = numbering == self.me.numbering() && numbering != ThreadIdentity::MIXED;
            return known.then_some(self.me.with_number(word & !(WAITERS | CLAIMED)));
        }
        let owner = ThreadIdentity::from_words(self.words.field(field!(Words, identity)).get());
        fence(Acquire);
        let same = self.word.load(Relaxed) & !WAITERS == word & !WAITERS;
        (same && owner.number() == word & !WAITERS).then_some(owner)
    }
}

/// The lock, given back when dropped.
pub(crate) struct Guard<'m, 'a> {
    mutex: &'m Mutex<'a>,
    /// The last owner died with the lock.
    pub(crate) owner_died: bool,
}

impl Drop for Guard<'_, '_> {
    fn drop(&mut self) {
        if self.mutex.word.swap(0, Release) & WAITERS != 0 {
            // If it fails, or this process dies here, the others wake at their interval.
            let _ = self.mutex.words.field(field!(Words, word)).wake(Wake::One);
        }
    }
}

/// Two numbers that are equal whenever nobody has the lock.
#[repr(C)]
struct Protected {
    mutex: Words,
    first: u64,
    second: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(id) = std::env::args().nth(1) {
        let attachment = Segment::from_id(id.parse::<SegmentId>()?).attach()?;
        let protected: Place<'_, Protected> = attachment.view().at(0)?;
        let mutex = Mutex::new(protected.field(field!(Protected, mutex)));
        let _guard = mutex.lock()?;
        protected.field(field!(Protected, first)).set(1);
        std::process::abort();
    }
    let segment = Segment::private(size_of::<Protected>())?.remove_on_drop();
    let attachment = segment.attach()?;
    let protected: Place<'_, Protected> = attachment.view().at(0)?;
    let child = Command::new(std::env::current_exe()?)
        .arg(segment.id().to_string())
        .status()?;
    let mutex = Mutex::new(protected.field(field!(Protected, mutex)));
    let guard = mutex.lock()?;
    let first = protected.field(field!(Protected, first)).get();
    let second = protected.field(field!(Protected, second)).get();
    println!(
        "{child}; owner died: {}; numbers {:?}",
        guard.owner_died,
        (first, second)
    );
    if guard.owner_died {
        protected.field(field!(Protected, second)).set(first);
    }
    drop(guard);
    println!("next owner died: {}", mutex.lock()?.owner_died);
    Ok(())
}
