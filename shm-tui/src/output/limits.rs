//! Formats the system's limits and usage.

use serde::Serialize;

use super::json::{VERSION, pretty};
use crate::model::format;
use crate::model::snapshot::Totals;

#[derive(Debug, Serialize)]
struct Document {
    version: u32,
    limits: Limits,
    usage: Usage,
}

/// `null` means unlimited or unknown.
#[derive(Debug, Serialize)]
struct Limits {
    segments: Option<u64>,
    segment_bytes: Option<u64>,
    smallest_segment_bytes: Option<u64>,
    pages: Option<u64>,
    page_bytes: u64,
}

/// `null` means unknown.
#[derive(Debug, Serialize)]
struct Usage {
    segments: Option<u64>,
    pages: Option<u64>,
    resident_bytes: Option<u64>,
    swapped_bytes: Option<u64>,
    hidden_segments: Option<u64>,
}

/// `{"version": 2, "limits": {...}, "usage": {...}}`, with a line end.
///
/// # Errors
///
/// Never for these types; the encoder's signature allows it.
pub fn document(totals: &Totals) -> serde_json::Result<String> {
    let Totals { limits, usage, .. } = totals;
    pretty(&Document {
        version: VERSION,
        limits: Limits {
            segments: limits.segments,
            segment_bytes: limits.segment_bytes,
            smallest_segment_bytes: limits.smallest,
            pages: limits.pages,
            page_bytes: limits.page_bytes,
        },
        usage: Usage {
            segments: totals.segments,
            pages: usage.pages,
            resident_bytes: usage.resident,
            swapped_bytes: usage.swapped,
            hidden_segments: totals.segments.map(|_| usage.hidden),
        },
    })
}

/// Formats one line per limit, with its usage.
#[must_use]
pub fn text(totals: &Totals) -> String {
    let Totals { limits, usage, .. } = totals;
    let most = |limit: Option<u64>, unit: fn(u64) -> String| {
        limit.map_or_else(|| "unlimited".to_owned(), unit)
    };
    let known = |count: Option<u64>, unit: fn(u64) -> String| {
        count.map_or_else(|| "unknown".to_owned(), unit)
    };
    let count = |number: u64| number.to_string();
    let bytes = |pages: Option<u64>| pages.map(|count| count.saturating_mul(limits.page_bytes));
    let largest = match (totals.largest, totals.segments) {
        // Not requested.
        (None, Some(_)) => String::new(),
        (largest, _) => known(largest, format::size),
    };
    let mut lines = vec![
        (
            "segments",
            known(totals.segments, count),
            most(limits.segments, count),
            share(totals.segments, limits.segments),
            "SHMMNI",
        ),
        (
            "pages",
            known(usage.pages, count),
            most(limits.pages, count),
            share(usage.pages, limits.pages),
            "SHMALL",
        ),
        (
            "bytes",
            known(bytes(usage.pages), format::size),
            most(bytes(limits.pages), format::size),
            share(usage.pages, limits.pages),
            "SHMALL",
        ),
        (
            "largest segment",
            largest,
            most(limits.segment_bytes, format::size),
            share(totals.largest, limits.segment_bytes),
            "SHMMAX",
        ),
    ];
    let mut in_use = |what, used| lines.push((what, used, String::new(), String::new(), ""));
    in_use("resident", known(usage.resident, format::size));
    in_use("swapped", known(usage.swapped, format::size));
    if usage.hidden > 0 {
        in_use("hidden segments", count(usage.hidden));
    }
    let rows = lines.into_iter().map(|(what, used, most, share, name)| {
        [what.to_owned(), used, most, share, name.to_owned()]
    });
    let header = ["WHAT", "IN-USE", "LIMIT", "USE%", "NAME"];
    super::text::lines(header, [false, true, true, true, false], rows)
}

/// Returns the usage of a limit in whole percents, rounded up as `df` does; empty without
/// a limit.
fn share(used: Option<u64>, limit: Option<u64>) -> String {
    match (used, limit) {
        (Some(used), Some(limit)) if limit > 0 => {
            let percent = (u128::from(used) * 100).div_ceil(u128::from(limit));
            format!("{percent}%")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_stand_where_the_segments_cannot_be_listed() {
        let totals = Totals {
            limits: crate::model::snapshot::Limits {
                segments: Some(512),
                page_bytes: 4096,
                ..Default::default()
            },
            ..Totals::default()
        };
        let lines = text(&totals);
        let first = lines.lines().nth(1).unwrap();
        let words: Vec<&str> = first.split_whitespace().collect();
        assert_eq!(words, ["segments", "unknown", "512", "-", "SHMMNI"]);
        assert!(!lines.contains(" 0 "), "{lines}");
        let document: serde_json::Value =
            serde_json::from_str(&document(&totals).unwrap()).unwrap();
        assert_eq!(document["limits"]["segments"], 512);
        assert!(document["usage"]["segments"].is_null());
        assert!(document["usage"]["hidden_segments"].is_null());
    }

    #[test]
    fn the_largest_segment_is_unknown_only_if_somebody_asked() {
        let used = |segments, largest| {
            let totals = Totals {
                segments,
                largest,
                ..Totals::default()
            };
            let lines = text(&totals);
            let line = lines
                .lines()
                .find_map(|line| line.strip_prefix("largest segment"));
            line.unwrap().split_whitespace().next().unwrap().to_owned()
        };
        assert_eq!(used(Some(3), Some(4096)), "4K");
        assert_eq!(used(Some(3), None), "-");
        assert_eq!(used(None, None), "unknown");
    }

    #[test]
    fn the_share_of_a_limit_is_rounded_up() {
        assert_eq!(share(Some(0), Some(4096)), "0%");
        assert_eq!(share(Some(1), Some(4096)), "1%");
        assert_eq!(share(Some(4095), Some(4096)), "100%");
        assert_eq!(share(Some(u64::MAX), Some(u64::MAX)), "100%");
        assert_eq!(share(Some(5), None), "");
        assert_eq!(share(None, Some(5)), "");
        assert_eq!(share(Some(5), Some(0)), "");
    }
}
