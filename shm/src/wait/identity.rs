//! The identity of a word's owner: a thread that another process can recognize, even
//! after its number was reused.

use crate::sys::thread::{self, Existence};

/// A thread, as another process can recognize it: by its number, its start time, and the
/// boot and namespaces in which both are valid.
///
/// For locks in a segment whose owner may die. Numbers are reused, so the number alone
/// would take another thread for the owner.
///
/// Outside Linux it is the process, whose start is known to the second: there an exited
/// thread counts as alive until its process exits. Under OpenBSD's `pledge(2)` the query
/// needs the promise `ps`.
///
/// ```
/// use shm::{Liveness, ThreadIdentity};
///
/// let me = ThreadIdentity::current();
/// assert_eq!(ThreadIdentity::from_words(me.to_words()), me);
/// assert_ne!(me.liveness(), Liveness::Dead);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ThreadIdentity {
    number: u32,
    started: u64,
    numbering: u64,
}

/// Whether a thread still exists, from [`ThreadIdentity::liveness`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Liveness {
    /// It exists.
    Alive,
    /// It has exited: no thread has its number, or one that started at another time.
    Dead,
    /// Unknown here: it is in another process namespace, or hidden from this process.
    Unknown,
}

impl core::fmt::Display for Liveness {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(match self {
            Self::Alive => "alive",
            Self::Dead => "dead",
            Self::Unknown => "unknown whether alive",
        })
    }
}

impl ThreadIdentity {
    /// Returns the identity of this thread.
    ///
    /// Reads some files of `/proc` on Linux (tens of microseconds), so keep the value;
    /// but not across a `fork(2)`, after which this is another thread.
    #[must_use]
    pub fn current() -> Self {
        let number = thread::number();
        Self {
            number,
            started: system::seen(number).started().unwrap_or(0),
            numbering: system::numbering(),
        }
    }

    /// Returns the thread's number (`gettid(2)`; outside of Linux the process's).
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Returns a number that identifies how threads are numbered here: this boot and
    /// these namespaces. Never 0; [`MIXED`](Self::MIXED) if unknown.
    ///
    /// A lock stores the numbering common to its users, or `MIXED` once they differ, and
    /// so knows whether a thread number has the same meaning for all of them.
    #[must_use]
    pub const fn numbering(&self) -> u32 {
        match (self.numbering >> 32) as u32 ^ self.numbering as u32 {
            _ if self.numbering == 0 => Self::MIXED,
            0 => 1,
            number => number,
        }
    }

    /// No common numbering of threads, for locks: see [`numbering`](Self::numbering).
    pub const MIXED: u32 = u32::MAX;

    /// Returns the identity of another thread of this numbering, known only by its
    /// number. It is [`Dead`](Liveness::Dead) if no thread has the number, and else
    /// [`Unknown`](Liveness::Unknown).
    #[must_use]
    pub const fn with_number(self, number: u32) -> Self {
        Self {
            number,
            started: 0,
            ..self
        }
    }

    /// Returns the identity as three words, to store in a segment.
    #[must_use]
    pub const fn to_words(self) -> [u64; 3] {
        [self.number as u64, self.started, self.numbering]
    }

    /// Returns the identity from the words of [`to_words`](Self::to_words). Any words are
    /// valid: nonsense in the segment names a thread that does not exist.
    #[must_use]
    pub const fn from_words([number, started, numbering]: [u64; 3]) -> Self {
        Self {
            number: number as u32,
            started,
            numbering,
        }
    }

    /// Returns whether the thread still exists.
    ///
    /// `Dead` is certain; a process that the system may hide is `Unknown`. `Alive` was
    /// true at the moment of the query.
    #[must_use]
    pub fn liveness(&self) -> Liveness {
        // In another namespace a number denotes another thread, and in an unknown one
        // nothing.
        if self.numbering == 0 || self.numbering != system::numbering() {
            return Liveness::Unknown;
        }
        system::seen(self.number).liveness(self.started, || thread::existence(self.number))
    }
}

/// The state of a thread, as the system shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Observed {
    /// It runs, and started then (0: unknown).
    Running(u64),
    /// It has exited, and its parent has not waited for it.
    Ended,
    /// Not visible.
    Nothing,
}

impl Observed {
    fn started(self) -> Option<u64> {
        match self {
            Self::Running(started) => Some(started),
            Self::Ended | Self::Nothing => None,
        }
    }

    /// Returns whether the observed thread is the one that started at that time.
    fn liveness(self, started: u64, existence: impl FnOnce() -> Existence) -> Liveness {
        match self {
            Self::Running(0) => Liveness::Unknown,
            Self::Running(_) if started == 0 => Liveness::Unknown,
            Self::Running(seen) if seen == started => Liveness::Alive,
            Self::Running(_) | Self::Ended => Liveness::Dead,
            // Exited, or hidden (`hidepid`): `kill` finds hidden ones too.
            Self::Nothing => match existence() {
                Existence::NotThere => Liveness::Dead,
                Existence::There | Existence::Unknown => Liveness::Unknown,
            },
        }
    }
}

/// Returns the state and start time from a `/proc/PID/stat` (`proc_pid_stat(5)`): fields
/// 3 and 22, counted from after the name, which may contain any bytes but ends at the
/// last `)`.
#[cfg(any(target_os = "linux", test))]
fn parse_stat(text: &[u8]) -> Option<Observed> {
    let end = text.iter().rposition(|&byte| byte == b')')?;
    let rest = core::str::from_utf8(text.get(end + 1..)?).ok()?;
    let mut fields = rest.split_ascii_whitespace();
    match fields.next()? {
        "Z" | "X" | "x" => Some(Observed::Ended),
        _ => Some(Observed::Running(fields.nth(18)?.parse().ok()?)),
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::os::unix::fs::MetadataExt;

    use super::{Observed, parse_stat};

    pub(super) fn seen(number: u32) -> Observed {
        std::fs::read(format!("/proc/{number}/stat"))
            .ok()
            .and_then(|text| parse_stat(&text))
            .unwrap_or(Observed::Nothing)
    }

    /// Returns a number for this boot, this process namespace and this time namespace
    /// (start times are shifted by its offset); 0 if unknown, or if `/proc` belongs to
    /// another namespace.
    pub(super) fn numbering() -> u64 {
        let inode = |name| Some(std::fs::metadata(name).ok()?.ino());
        let ours = || {
            let shown = std::fs::read_link("/proc/self").ok()?;
            if shown.to_str()? != std::process::id().to_string() {
                return None;
            }
            let boot = std::fs::read("/proc/sys/kernel/random/boot_id").ok()?;
            let processes = inode("/proc/self/ns/pid")?;
            // Before Linux 5.6 there is none.
            let times = inode("/proc/self/ns/time").unwrap_or(0);
            Some((boot, [processes, times]))
        };
        let Some((boot, namespaces)) = ours() else {
            return 0;
        };
        // FNV-1a of all: equal for equal ones, and otherwise different with near
        // certainty.
        let numbers = namespaces.into_iter().flat_map(u64::to_ne_bytes);
        boot.into_iter()
            .chain(numbers)
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            })
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::Observed;

    /// Returns the state of a process, from `process()`; its start is 0 if the system
    /// hides processes.
    pub(super) fn seen(number: u32) -> Observed {
        let found = i32::try_from(number).map(crate::process);
        match found {
            Ok(Ok(Some(process))) if process.zombie => Observed::Ended,
            Ok(Ok(Some(process))) => {
                let started = process.start_time.map_or(0, crate::Timestamp::as_secs);
                Observed::Running(started.unsigned_abs())
            }
            Ok(Ok(None)) => Observed::Nothing,
            Ok(Err(_)) | Err(_) => Observed::Running(0),
        }
    }

    /// Returns a constant: a segment does not outlive a boot, and there are no process
    /// namespaces.
    pub(super) fn numbering() -> u64 {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::{Existence, Liveness, Observed, ThreadIdentity, parse_stat};

    #[test]
    fn a_stat_line_is_read_from_behind_the_name() {
        let rest = "S 1 2 3 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4711 0 0";
        for name in ["cat", "a b", "x) R 1", ")", ""] {
            let line = format!("77 ({name}) {rest}\n");
            assert_eq!(
                parse_stat(line.as_bytes()),
                Some(Observed::Running(4711)),
                "{name}"
            );
        }
        assert_eq!(parse_stat(b"77 (\xff\xfe) Z 1 2"), Some(Observed::Ended));
        for broken in [
            "",
            "77",
            "77 (cat",
            "77 (cat)",
            "77 (cat) S 1 2",
            "77 (cat) S x",
        ] {
            assert_eq!(parse_stat(broken.as_bytes()), None, "{broken}");
        }
    }

    #[test]
    fn a_number_that_was_given_out_again_is_no_life() {
        let no_need = || -> Existence { panic!("what is seen is enough") };
        assert_eq!(Observed::Running(5).liveness(5, no_need), Liveness::Alive);
        assert_eq!(Observed::Running(6).liveness(5, no_need), Liveness::Dead);
        assert_eq!(Observed::Ended.liveness(5, no_need), Liveness::Dead);
        assert_eq!(Observed::Running(0).liveness(5, no_need), Liveness::Unknown);
        assert_eq!(Observed::Running(5).liveness(0, no_need), Liveness::Unknown);
    }

    #[test]
    fn what_is_hidden_is_unknown_and_what_kill_does_not_find_is_dead() {
        let judged = |existence| Observed::Nothing.liveness(5, || existence);
        assert_eq!(judged(Existence::NotThere), Liveness::Dead);
        assert_eq!(judged(Existence::There), Liveness::Unknown);
        assert_eq!(judged(Existence::Unknown), Liveness::Unknown);
    }

    #[test]
    fn another_numbering_makes_no_claim() {
        let mut other = ThreadIdentity::current();
        other.numbering ^= 1;
        assert_eq!(other.liveness(), Liveness::Unknown);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_thread_is_alive_until_it_is_joined_and_dead_afterwards() {
        let me = ThreadIdentity::current();
        let other = std::thread::spawn(move || {
            assert_eq!(me.liveness(), Liveness::Alive);
            ThreadIdentity::current()
        });
        let other = other.join().unwrap();
        assert_ne!(other.number(), me.number());
        // The kernel may take a moment to remove the thread.
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while other.liveness() != Liveness::Dead {
            assert!(std::time::Instant::now() < deadline);
            std::thread::yield_now();
        }
        assert_eq!(me.liveness(), Liveness::Alive);
        let mut older = me;
        older.started -= 1;
        assert_eq!(
            older.liveness(),
            Liveness::Dead,
            "the number alone is no proof"
        );
    }
}
