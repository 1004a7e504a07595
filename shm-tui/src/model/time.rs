//! Time as a value, so that tests do not wait.
//!
//! The wall clock gives ages (the kernel stores whole seconds since the epoch); the
//! steady clock gives deadlines, because the wall clock may be set.

use std::time::Duration;

/// A reading of both clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Seconds since the Unix epoch.
    pub wall: i64,
    /// Time since a fixed moment; never goes back.
    pub steady: Duration,
}

/// A source of time.
pub trait Clock: Send + Sync {
    /// Reads both clocks.
    fn now(&self) -> Now;
}

/// The system's clocks.
#[derive(Debug)]
pub struct SystemClock {
    start: std::time::Instant,
}

impl SystemClock {
    /// Creates a clock whose steady time starts at zero now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            start: std::time::Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        let wall = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| {
                i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
            });
        Now {
            wall,
            steady: self.start.elapsed(),
        }
    }
}

/// A clock that always shows the same moment.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub Now);

impl Clock for FixedClock {
    fn now(&self) -> Now {
        self.0
    }
}
