//! Moments as people write them: a day, a time of day, or a time before now.

use jiff::civil;
use jiff::tz::TimeZone;

/// A moment, known to the day, the minute or the second. It is in the user's time zone,
/// so it is resolved where the zone is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// `2026-11-20`, `2026-11-20T08:00`, `2026-11-20T08:00:30`.
    Civil(civil::DateTime, Unit),
    /// `today`, `yesterday`: this many days before today.
    Day(i64),
    /// `08:00` today.
    Clock(civil::Time, Unit),
    /// `-2h`: this many seconds before now; `now` is zero.
    Ago(i64),
    /// With an offset or `Z`: seconds since the epoch.
    At(i64),
}

/// The precision of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Day,
}

impl Moment {
    /// Parses a moment.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "now" => return Some(Self::Ago(0)),
            "today" => return Some(Self::Day(0)),
            "yesterday" => return Some(Self::Day(1)),
            _ => {}
        }
        if let Some(span) = text.strip_prefix('-') {
            return super::value::span(span).map(Self::Ago);
        }
        if let Some(seconds) = text.strip_prefix('@') {
            return seconds.parse().ok().map(Self::At);
        }
        // jiff also accepts forms without separators: a mistyped number must not become a
        // day.
        let has = |separator| text.contains(separator);
        let unit = match text.matches(':').count() {
            1 => Unit::Minute,
            _ => Unit::Second,
        };
        if !has('-') {
            let clock = has(':').then(|| text.parse().ok())?;
            return clock.map(|clock| Self::Clock(clock, unit));
        }
        if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
            return Some(Self::At(stamp.as_second()));
        }
        if !has(':') {
            let day: civil::Date = text.parse().ok().filter(|_| text.len() == 10)?;
            return Some(Self::Civil(
                day.to_datetime(civil::Time::midnight()),
                Unit::Day,
            ));
        }
        text.parse().ok().map(|at| Self::Civil(at, unit))
    }

    /// Returns its first second and the first one after it; `None` if not representable.
    pub(super) fn resolve(self, now: i64, zone: Option<&TimeZone>) -> Option<(i64, i64)> {
        let utc = TimeZone::UTC;
        let zone = zone.unwrap_or(&utc);
        let today = || {
            let now = jiff::Timestamp::from_second(now).ok()?;
            Some(zone.to_datetime(now).date())
        };
        let (from, unit) = match self {
            Self::At(at) => return Some((at, at.checked_add(1)?)),
            Self::Ago(seconds) => {
                let at = now.checked_sub(seconds)?;
                return Some((at, at.checked_add(1)?));
            }
            Self::Civil(at, unit) => (at, unit),
            Self::Clock(time, unit) => (today()?.to_datetime(time), unit),
            Self::Day(before) => {
                let day = today()?
                    .checked_sub(jiff::Span::new().try_days(before).ok()?)
                    .ok()?;
                (day.to_datetime(civil::Time::midnight()), Unit::Day)
            }
        };
        let length = match unit {
            Unit::Second => jiff::Span::new().seconds(1),
            Unit::Minute => jiff::Span::new().minutes(1),
            Unit::Day => jiff::Span::new().days(1),
        };
        let second = |at: civil::DateTime| {
            let stamp = zone.to_ambiguous_timestamp(at).compatible().ok()?;
            Some(stamp.as_second())
        };
        Some((second(from)?, second(from.checked_add(length).ok()?)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2001-09-09 01:46:40 UTC.
    const NOW: i64 = 1_000_000_000;

    fn resolved(text: &str) -> (i64, i64) {
        Moment::parse(text).unwrap().resolve(NOW, None).unwrap()
    }

    #[test]
    fn a_day_a_minute_and_a_second_are_as_long_as_they_are() {
        assert_eq!(resolved("2001-09-09"), (NOW - 6400, NOW - 6400 + 86_400));
        assert_eq!(resolved("today"), resolved("2001-09-09"));
        assert_eq!(resolved("yesterday"), resolved("2001-09-08"));
        assert_eq!(resolved("2001-09-09T01:46"), (NOW - 40, NOW + 20));
        assert_eq!(resolved("01:46"), (NOW - 40, NOW + 20));
        assert_eq!(resolved("2001-09-09 01:46:40"), (NOW, NOW + 1));
        assert_eq!(resolved("2001-09-09T03:46:40+02:00"), (NOW, NOW + 1));
        assert_eq!(resolved("-1d12h"), (NOW - 129_600, NOW - 129_599));
        assert_eq!(resolved("now"), (NOW, NOW + 1));
        assert_eq!(resolved("@1000000000"), (NOW, NOW + 1));
    }

    #[test]
    fn the_zone_is_that_of_the_reader() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let day = Moment::parse("2001-09-09").unwrap();
        let (from, to) = day.resolve(NOW, Some(&zone)).unwrap();
        assert_eq!((from, to - from), (NOW - 6400 - 7200, 86_400));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for wrong in [
            "",
            "2d",
            "20010909",
            "5",
            "2001-13-01",
            "25:00",
            "-",
            "-x",
            "@",
            "1-2-3",
        ] {
            assert_eq!(Moment::parse(wrong), None, "{wrong}");
        }
    }
}
