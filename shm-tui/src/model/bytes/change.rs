//! Tracks which of the displayed bytes changed, and how long ago.
//!
//! Heat fades in steps; the newest step is also marked without color. Bytes are compared
//! at the same offset, so that scrolling never looks like a change.

use std::time::Duration;

/// How long a change stays visible.
pub const FADE: Duration = Duration::from_secs(3);
const STEPS: u32 = 3;

/// Bytes from one offset on, with the time of each one's last change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tracked {
    offset: u64,
    bytes: Vec<u8>,
    changed: Vec<Option<Duration>>,
}

impl Tracked {
    /// The offset of the first byte.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the bytes as last read.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Stores a new reading, made at `now`.
    pub fn update(&mut self, offset: u64, bytes: Vec<u8>, now: Duration) {
        let changed = bytes
            .iter()
            .zip(offset..)
            .map(|(byte, at)| {
                let (was, when) = self.entry(at)?;
                if was == *byte { when } else { Some(now) }
            })
            .collect();
        *self = Self {
            offset,
            bytes,
            changed,
        };
    }

    /// Returns the heat of the byte at `index` of the window: 0 is cold, 3 has just
    /// changed.
    #[must_use]
    pub fn heat(&self, index: usize, now: Duration) -> u32 {
        let Some(Some(when)) = self.changed.get(index) else {
            return 0;
        };
        let since = now.saturating_sub(*when);
        if since >= FADE {
            return 0;
        }
        let step = since.as_millis() * u128::from(STEPS) / FADE.as_millis();
        STEPS - u32::try_from(step).unwrap_or(STEPS)
    }

    /// Returns when the picture next changes by fading.
    #[must_use]
    pub fn next_fade(&self, now: Duration) -> Option<Duration> {
        let step = FADE / STEPS;
        self.changed
            .iter()
            .flatten()
            .filter(|when| now.saturating_sub(**when) < FADE)
            .map(|when| {
                let since = now.saturating_sub(*when);
                let steps = since.as_nanos() / step.as_nanos().max(1) + 1;
                *when + step * u32::try_from(steps).unwrap_or(STEPS)
            })
            .min()
    }

    fn entry(&self, at: u64) -> Option<(u8, Option<Duration>)> {
        let index = usize::try_from(at.checked_sub(self.offset)?).ok()?;
        Some((*self.bytes.get(index)?, *self.changed.get(index)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_changed_byte_is_hot_and_cools() {
        let mut tracked = Tracked::default();
        tracked.update(0, vec![1, 2, 3], SECOND);
        assert_eq!(tracked.heat(1, SECOND), 0, "the first reading is no change");
        tracked.update(0, vec![1, 9, 3], 2 * SECOND);
        assert_eq!(tracked.heat(0, 2 * SECOND), 0);
        let heats: Vec<u32> = (2..6).map(|s| tracked.heat(1, s * SECOND)).collect();
        assert_eq!(heats, [3, 2, 1, 0]);
        assert_eq!(tracked.next_fade(2 * SECOND), Some(3 * SECOND));
        assert_eq!(tracked.next_fade(6 * SECOND), None);
    }

    #[test]
    fn scrolling_is_no_change_and_keeps_the_heat() {
        let mut tracked = Tracked::default();
        tracked.update(0, vec![1, 2, 3, 4], SECOND);
        tracked.update(0, vec![1, 2, 7, 4], 2 * SECOND);
        tracked.update(2, vec![7, 4, 5, 6], 2 * SECOND);
        let heats: Vec<u32> = (0..4).map(|i| tracked.heat(i, 2 * SECOND)).collect();
        assert_eq!(heats, [3, 0, 0, 0]);
    }
}
