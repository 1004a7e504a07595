//! The course of a number in the last minutes, for the sparkline.
//!
//! Time is divided into steps of fixed length, so that the picture changes only at the
//! end of a step; a constant number gives a constant picture.

use std::collections::VecDeque;
use std::time::Duration;

use super::snapshot::Usage;

/// Length of one step.
pub const STEP: Duration = Duration::from_secs(10);
/// Number of steps kept.
pub const STEPS: usize = 60;

/// The largest value of each of the last steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The step of the last value, counted from the start of the clock.
    step: u64,
    values: VecDeque<u64>,
    current: u64,
}

impl History {
    /// Records that the number is `value` from `now` on.
    pub fn record(&mut self, value: u64, now: Duration) {
        if self.values.is_empty() {
            self.step = step_of(now);
            self.values.push_back(value);
        }
        self.advance(now);
        self.current = value;
        if let Some(last) = self.values.back_mut() {
            *last = value.max(*last);
        }
    }

    /// Extends the last value until `now`.
    pub fn advance(&mut self, now: Duration) {
        if self.values.is_empty() {
            return;
        }
        let behind = step_of(now).saturating_sub(self.step);
        self.step += behind;
        for _ in 0..behind.min(STEPS as u64) {
            self.values.push_back(self.current);
            if self.values.len() > STEPS {
                self.values.pop_front();
            }
        }
    }

    /// Returns the largest values of the steps, oldest first.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = u64> {
        self.values.iter().copied()
    }

    /// Returns when the picture changes without new values: never if it is flat.
    #[must_use]
    pub fn next_step(&self) -> Option<Duration> {
        let first = self.values.front()?;
        let flat = self.values.iter().all(|value| value == first);
        (!flat).then(|| STEP * u32::try_from(self.step + 1).unwrap_or(u32::MAX))
    }
}

fn step_of(now: Duration) -> u64 {
    now.as_secs() / STEP.as_secs()
}

/// What the header plots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histories {
    /// How many segments exist.
    pub count: History,
    /// Their resident bytes; empty where the system does not report them.
    pub resident: History,
    /// Their bytes swapped out; empty where the system does not report them.
    pub swapped: History,
}

impl Histories {
    /// Records the numbers from `now` on.
    pub fn record(&mut self, count: u64, usage: &Usage, now: Duration) {
        self.count.record(count, now);
        let known = [
            (&mut self.resident, usage.resident),
            (&mut self.swapped, usage.swapped),
        ];
        for (history, value) in known {
            if let Some(value) = value {
                history.record(value, now);
            }
        }
    }

    /// Carries the last values on until `now`.
    pub fn advance(&mut self, now: Duration) {
        self.count.advance(now);
        self.resident.advance(now);
        self.swapped.advance(now);
    }

    /// When a picture moves although nothing happens.
    #[must_use]
    pub fn next_step(&self) -> Option<Duration> {
        let all = [&self.count, &self.resident, &self.swapped];
        all.into_iter().filter_map(History::next_step).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_largest_value_of_a_step_is_kept() {
        let mut history = History::default();
        history.record(5, at(3));
        history.record(9, at(4));
        history.record(2, at(5));
        history.record(3, at(31));
        assert_eq!(history.values().collect::<Vec<_>>(), [9, 2, 2, 3]);
        assert_eq!(history.next_step(), Some(at(40)));
    }

    #[test]
    fn a_flat_line_never_moves_and_a_long_pause_is_bounded() {
        let mut history = History::default();
        history.record(5, at(3));
        history.advance(at(1_000_000));
        assert_eq!(history.next_step(), None);
        assert_eq!(history.values().count(), STEPS);
    }
}
