//! The course of a segment's memory and attachments since it was first seen.
//!
//! Only changes are stored, in bounded memory: a series has at most [`STEPS`] steps,
//! whose length doubles when they are full, and only the [`SERIES`] segments with the
//! most recent changes have one. 32,768 segments that all change take 2 MiB.

use std::collections::HashMap;
use std::time::Duration;

use super::diff::Change;
use super::segment::{Id, Segment};

/// The initial length of a step.
const STEP: Duration = Duration::from_secs(5);
/// Maximum number of steps of a series.
pub const STEPS: usize = 48;
/// Maximum number of series.
pub const SERIES: usize = 1024;

/// The figures of a segment at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// Resident bytes; `None` if unknown.
    pub resident: Option<u64>,
    /// Attachments.
    pub attached: u64,
}

impl Point {
    fn of(segment: &Segment) -> Self {
        Self {
            resident: segment.memory.map(|memory| memory.resident),
            attached: segment.attached,
        }
    }

    fn max(self, other: Self) -> Self {
        Self {
            resident: self.resident.max(other.resident),
            attached: self.attached.max(other.attached),
        }
    }
}

/// The largest values in each step since a segment was first seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    segment: Segment,
    since: Duration,
    step: Duration,
    /// The first values, followed by the largest of each step.
    points: Vec<Point>,
    now: Point,
    changed: Duration,
}

impl Series {
    fn new(segment: &Segment, since: Duration) -> Self {
        let now = Point::of(segment);
        Self {
            segment: *segment,
            since,
            step: STEP,
            points: vec![now],
            now,
            changed: since,
        }
    }

    fn record(&mut self, segment: &Segment, now: Duration) {
        self.advance(now);
        self.segment = *segment;
        self.now = Point::of(segment);
        self.changed = now;
        if let Some(last) = self.points.last_mut() {
            *last = last.max(self.now);
        }
    }

    /// Extends the last values until `now`.
    fn advance(&mut self, now: Duration) {
        while self.index(now) >= STEPS {
            self.step *= 2;
            let pairs = self.points.chunks(2);
            let merged = pairs.filter_map(|pair| pair.iter().copied().reduce(Point::max));
            self.points = merged.collect();
        }
        let length = self.index(now) + 1;
        if length > self.points.len() {
            self.points.resize(length, self.now);
        }
    }

    fn index(&self, now: Duration) -> usize {
        let steps = now.saturating_sub(self.since).as_millis() / self.step.as_millis();
        usize::try_from(steps)
            .unwrap_or(usize::MAX)
            .saturating_add(1)
    }

    /// Returns when the segment was first seen, in steady time.
    #[must_use]
    pub fn since(&self) -> Duration {
        self.since
    }

    /// Returns the values until `now`, oldest first.
    #[must_use]
    pub fn points(&self, now: Duration) -> Vec<Point> {
        let mut until = self.clone();
        until.advance(now);
        until.points
    }

    /// Returns when the picture changes without new values: never while it is flat.
    #[must_use]
    pub fn next_step(&self, now: Duration) -> Option<Duration> {
        let flat = self.points.iter().all(|point| *point == self.now);
        let passed = now.saturating_sub(self.since);
        let mut step = self.step;
        while passed.as_millis() / step.as_millis() + 1 >= STEPS as u128 {
            step *= 2;
        }
        let next = passed.as_millis() / step.as_millis() + 1;
        let next = u32::try_from(next).unwrap_or(u32::MAX);
        (!flat).then(|| self.since + step.saturating_mul(next))
    }
}

/// The series of the segments with the most recent changes.
#[derive(Clone, Debug, Default)]
pub struct SeriesBook {
    series: HashMap<Id, Series>,
    /// When the first sample arrived, which showed the segments that existed before.
    begun: Option<Duration>,
}

impl SeriesBook {
    /// Records the changes of a sample that arrived at `now`.
    pub fn record(&mut self, changes: &[Change], now: Duration) {
        let first = self.begun.is_none();
        let begun = *self.begun.get_or_insert(now);
        for change in changes {
            match change {
                // For segments that existed before, only changes are worth memory.
                Change::Appeared(_) if first => {}
                Change::Appeared(segment) => {
                    self.series.insert(segment.id, Series::new(segment, now));
                }
                Change::Changed { before, after } => {
                    let point = (Point::of(before), Point::of(after));
                    let known = self.series.contains_key(&after.id);
                    if known || point.0 != point.1 {
                        let new = || Series::new(before, begun);
                        let series = self.series.entry(after.id).or_insert_with(new);
                        series.record(after, now);
                    }
                }
                Change::Gone(segment) => {
                    self.series.remove(&segment.id);
                }
            }
            // In batches, because finding the oldest takes a pass over all.
            if self.series.len() >= 2 * SERIES {
                self.forget();
            }
        }
        if self.series.len() > SERIES {
            self.forget();
        }
    }

    /// Drops the series with the oldest changes.
    fn forget(&mut self) {
        let one = |(id, series): (&Id, &Series)| (series.changed, *id);
        let mut oldest: Vec<(Duration, Id)> = self.series.iter().map(one).collect();
        oldest.sort_unstable();
        let surplus = oldest.len().saturating_sub(SERIES);
        for (_, id) in oldest.into_iter().take(surplus) {
            self.series.remove(&id);
        }
    }

    /// Returns the series of a segment, if it changed since it was first seen.
    #[must_use]
    pub fn of(&self, segment: &Segment) -> Option<&Series> {
        let series = self.series.get(&segment.id);
        series.filter(|series| series.segment.is_same(segment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::segment::Memory;
    use proptest::prelude::*;

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn segment(id: Id, resident: u64, attached: u64) -> Segment {
        Segment {
            id,
            attached,
            memory: Some(Memory {
                resident,
                swapped: 0,
            }),
            ..Segment::default()
        }
    }

    fn changed(before: Segment, after: Segment) -> Change {
        Change::Changed { before, after }
    }

    fn residents(series: &Series, now: u64) -> Vec<u64> {
        let points = series.points(at(now)).into_iter();
        points.map(|point| point.resident.unwrap()).collect()
    }

    #[test]
    fn a_series_begins_when_the_segment_was_first_seen() {
        let mut book = SeriesBook::default();
        let [small, large] = [segment(1, 10, 1), segment(1, 30, 2)];
        book.record(&[Change::Appeared(small)], at(100));
        assert_eq!(book.of(&small), None, "nothing happened");
        book.record(&[changed(small, large)], at(112));
        let series = book.of(&large).unwrap();
        assert_eq!(series.since(), at(100));
        assert_eq!(residents(series, 121), [10, 10, 10, 30, 30, 30]);
        assert_eq!(series.next_step(at(121)), Some(at(125)));
        book.record(&[changed(large, small)], at(126));
        let series = book.of(&small).unwrap();
        assert_eq!(residents(series, 130), [10, 10, 10, 30, 30, 30, 30, 10]);
        let other = Segment { size: 7, ..small };
        assert_eq!(book.of(&other), None, "another segment of this number");
        book.record(&[Change::Gone(small)], at(131));
        assert_eq!(book.of(&small), None);
    }

    #[test]
    fn a_long_series_is_thinned_and_loses_no_peak() {
        let mut book = SeriesBook::default();
        let [low, high] = [segment(1, 1, 0), segment(1, 9, 0)];
        book.record(&[], at(0));
        book.record(&[Change::Appeared(low)], at(1));
        book.record(&[changed(low, high)], at(50));
        book.record(&[changed(high, low)], at(51));
        let later = residents(book.of(&low).unwrap(), 100_000);
        assert!(later.len() <= STEPS && later.len() > STEPS / 2, "{later:?}");
        assert_eq!(later.iter().max(), Some(&9));
        assert_eq!(later.last(), Some(&1));
    }

    #[test]
    fn memory_is_bounded_and_the_most_recent_are_kept() {
        let mut book = SeriesBook::default();
        book.record(&[], at(0));
        for second in 1..40 {
            let first = i32::try_from(second).unwrap() * 1000;
            let appeared = (first..first + 1000).map(|id| Change::Appeared(segment(id, 1, 0)));
            book.record(&appeared.collect::<Vec<_>>(), at(second));
            assert!(book.series.len() <= SERIES);
        }
        assert!(book.of(&segment(39_500, 1, 0)).is_some());
        let all: Vec<_> = (0..5000)
            .map(|id| Change::Appeared(segment(id, 1, 0)))
            .collect();
        book.record(&all, at(50));
        assert!(book.series.len() <= SERIES);
        assert!(size_of::<Series>() + STEPS * size_of::<Point>() < 1536);
    }

    proptest! {
        #[test]
        fn the_last_point_is_the_present_one(
            times in prop::collection::vec((0..5000u64, 0..100u64), 1..40),
        ) {
            let mut series = Series::new(&segment(1, 5, 0), at(0));
            let mut now = 0;
            for (later, resident) in times {
                now += later;
                series.record(&segment(1, resident, 0), at(now));
                prop_assert!(series.points.len() <= STEPS);
                let after = residents(&series, now + 100_000);
                prop_assert!(after.len() <= STEPS);
                prop_assert_eq!(after.last(), Some(&resident));
            }
        }
    }
}
