//! Thresholds on sums over segments, for checks: `list --fail-if 'size>=1g'`.
//!
//! ```text
//! count>10          segments; of SHMMNI with a percentage: count>=90%
//! size>=1.5g        bytes; of SHMALL with a percentage: size>=90%
//! resident swapped  bytes in main memory, bytes swapped out
//! attached          attachments
//! ```

use std::fmt;
use std::str::FromStr;

use super::format;
use super::query;
use super::segment::Segment;
use super::snapshot::Limits;

/// A sum over segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sum {
    Count,
    Size,
    Resident,
    Swapped,
    Attached,
}

/// Every sum with its names, the preferred one first.
const SUMS: [(Sum, &[&str]); 5] = [
    (Sum::Count, &["count", "segments"]),
    (Sum::Size, &["size", "bytes"]),
    (Sum::Resident, &["resident", "rss"]),
    (Sum::Swapped, &["swapped", "swap"]),
    (Sum::Attached, &["attached", "nattch"]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    GreaterOrEqual,
    LessOrEqual,
    NotEqual,
    Greater,
    Less,
    Equal,
}

/// Longer operators precede their prefixes.
const COMPARISONS: [(&str, Comparison); 7] = [
    (">=", Comparison::GreaterOrEqual),
    ("<=", Comparison::LessOrEqual),
    ("!=", Comparison::NotEqual),
    ("==", Comparison::Equal),
    (">", Comparison::Greater),
    ("<", Comparison::Less),
    ("=", Comparison::Equal),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    Number(u64),
    /// Thousandths of a percent of the system's limit.
    Percent(u64),
}

/// A condition under which a check fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    text: String,
    sum: Sum,
    comparison: Comparison,
    bound: Bound,
}

/// Why a text is not a threshold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoThreshold(String);

impl fmt::Display for NoThreshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoThreshold {}

impl FromStr for Threshold {
    type Err = NoThreshold;

    fn from_str(text: &str) -> Result<Self, NoThreshold> {
        let found = text.find(['<', '>', '=', '!']);
        let (name, rest) = text.split_at(found.unwrap_or(text.len()));
        let name = name.trim();
        let is_it = |(_, names): &&(Sum, &[&str])| {
            names.iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        let sum = SUMS.iter().find(is_it).map(|(sum, _)| *sum);
        let sum = sum.ok_or_else(|| {
            let names = SUMS.map(|(_, names)| names.first().copied().unwrap_or_default());
            let names = names.join(", ");
            NoThreshold(format!("`{name}` is not a sum: {names}; as in count>10"))
        })?;
        let begun = COMPARISONS
            .iter()
            .find_map(|(symbol, comparison)| Some((*comparison, rest.strip_prefix(symbol)?)));
        let (comparison, value) = begun.ok_or_else(|| {
            NoThreshold(format!(
                "a comparison is missing after `{name}`, as in {name}>10"
            ))
        })?;
        Ok(Self {
            text: text.trim().to_owned(),
            sum,
            comparison,
            bound: bound(sum, value.trim())?,
        })
    }
}

fn bound(sum: Sum, text: &str) -> Result<Bound, NoThreshold> {
    let wrong = |wanted: &str| NoThreshold(format!("`{text}` is not {wanted}"));
    if let Some(percent) = text.strip_suffix('%') {
        if !matches!(sum, Sum::Count | Sum::Size) {
            return Err(NoThreshold(
                "only count (of SHMMNI) and size (of SHMALL) have a limit to take a percentage of"
                    .to_owned(),
            ));
        }
        let percent: f64 = percent.trim().parse().map_err(|_| wrong("a percentage"))?;
        if !(0.0..=100.0).contains(&percent) {
            return Err(wrong("between 0% and 100%"));
        }
        return Ok(Bound::Percent((percent * 1000.0).round() as u64));
    }
    let number = match sum {
        Sum::Count | Sum::Attached => text.parse().ok(),
        Sum::Size | Sum::Resident | Sum::Swapped => query::size(text),
    };
    let wanted = match sum {
        Sum::Count | Sum::Attached => "a number",
        Sum::Size | Sum::Resident | Sum::Swapped => "a size, as 4096, 64k or 1.5g",
    };
    number.map(Bound::Number).ok_or_else(|| wrong(wanted))
}

impl Threshold {
    /// Returns whether the memory figures of the segments are needed.
    #[must_use]
    pub fn needs_memory(&self) -> bool {
        matches!(self.sum, Sum::Resident | Sum::Swapped)
    }

    /// Returns whether the system's limits are needed.
    #[must_use]
    pub fn needs_limits(&self) -> bool {
        matches!(self.bound, Bound::Percent(_))
    }

    /// Returns a sentence if the segments reach the threshold.
    ///
    /// # Errors
    ///
    /// If the system does not report the summed value: a check that cannot be made must
    /// not pass.
    pub fn reached(
        &self,
        segments: &[Segment],
        limits: &Limits,
    ) -> Result<Option<String>, NoThreshold> {
        let sum = self.add_up(segments).ok_or_else(|| {
            NoThreshold(format!(
                "`{}` cannot be checked: this system does not report it",
                self.text
            ))
        })?;
        // A limit that does not exist is never approached.
        let reached = match self.bound {
            Bound::Number(bound) => self.compares(sum.into(), bound.into()),
            Bound::Percent(part) => self.limit(limits).is_some_and(|limit| {
                self.compares(
                    u128::from(sum) * 100_000,
                    u128::from(limit) * u128::from(part),
                )
            }),
        };
        let shown = match self.sum {
            Sum::Count | Sum::Attached => format::thousands(sum),
            Sum::Size | Sum::Resident | Sum::Swapped => format::size(sum),
        };
        let text = &self.text;
        Ok(reached.then(|| format!("threshold reached: {text}; it is {shown}")))
    }

    fn add_up(&self, segments: &[Segment]) -> Option<u64> {
        let add = |of: fn(&Segment) -> Option<u64>| {
            segments
                .iter()
                .try_fold(0_u64, |sum, segment| Some(sum.saturating_add(of(segment)?)))
        };
        match self.sum {
            Sum::Count => Some(segments.len() as u64),
            Sum::Size => add(|segment| Some(segment.size)),
            Sum::Resident => add(|segment| Some(segment.memory?.resident)),
            Sum::Swapped => add(|segment| Some(segment.memory?.swapped)),
            Sum::Attached => add(|segment| Some(segment.attached)),
        }
    }

    fn limit(&self, limits: &Limits) -> Option<u64> {
        match self.sum {
            Sum::Count => limits.segments,
            _ => Some(limits.pages?.saturating_mul(limits.page_bytes)),
        }
    }

    fn compares(&self, sum: u128, bound: u128) -> bool {
        match self.comparison {
            Comparison::GreaterOrEqual => sum >= bound,
            Comparison::LessOrEqual => sum <= bound,
            Comparison::NotEqual => sum != bound,
            Comparison::Greater => sum > bound,
            Comparison::Less => sum < bound,
            Comparison::Equal => sum == bound,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::segment::Memory;

    fn segment(size: u64, resident: Option<u64>) -> Segment {
        Segment {
            size,
            attached: 2,
            memory: resident.map(|resident| Memory {
                resident,
                swapped: 1,
            }),
            ..Segment::default()
        }
    }

    fn reached(text: &str, segments: &[Segment]) -> bool {
        let limits = Limits {
            segments: Some(4),
            pages: Some(2),
            page_bytes: 4096,
            ..Limits::default()
        };
        let threshold: Threshold = text.parse().unwrap();
        threshold.reached(segments, &limits).unwrap().is_some()
    }

    #[test]
    fn sums_are_compared_with_numbers_sizes_and_percentages() {
        let segments = [segment(4096, Some(7)), segment(1024, Some(3))];
        for yes in [
            "count>1",
            "count>=2",
            "count=2",
            "count==2",
            "count!=3",
            "segments<3",
            "size>=5k",
            "bytes=5120",
            "rss=10",
            "resident<=10",
            "swap=2",
            "nattch=4",
            "count>=50%",
            "size>62.4%",
            " size > 5000 ",
        ] {
            assert!(reached(yes, &segments), "{yes}");
        }
        for no in [
            "count>2",
            "size>5k",
            "count>50%",
            "size>=62.6%",
            "rss>10",
            "attached<4",
        ] {
            assert!(!reached(no, &segments), "{no}");
        }
        assert!(reached("count=0", &[]) && !reached("size>0", &[]));
    }

    #[test]
    fn what_cannot_be_checked_does_not_pass() {
        let threshold: Threshold = "resident>1g".parse().unwrap();
        let unknown = [segment(1, Some(1)), segment(1, None)];
        assert!(threshold.reached(&unknown, &Limits::default()).is_err());
        // No limit is never reached.
        let threshold: Threshold = "count>=0.1%".parse().unwrap();
        let known = threshold.reached(&unknown, &Limits::default());
        assert_eq!(known, Ok(None));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, words) in [
            ("", "is not a sum: count, size, resident, swapped, attached"),
            ("number>1", "`number` is not a sum"),
            ("count", "a comparison is missing"),
            ("count>", "`` is not a number"),
            ("count>1k", "`1k` is not a number"),
            ("size>x", "`x` is not a size"),
            ("resident>90%", "only count"),
            ("count>101%", "between 0% and 100%"),
            ("count>x%", "is not a percentage"),
        ] {
            let error = text.parse::<Threshold>().unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
