//! Formats the table for people and the lines for programs.

use super::sample::Outcome;
use super::{Case, Size};

pub(super) fn head() {
    println!(
        "{:<20} {:>8} {:>11} {:>11} {:>7}  {:^13} {:>7} {:>6}",
        "case", "size", "baseline", "ours", "ratio", "middle half", "control", "rounds"
    );
}

pub(super) fn row(case: Case, outcome: &Outcome) {
    let (low, high) = outcome.quartiles;
    println!(
        "{:<20} {:>8} {:>11} {:>11} {:>7.3}  {:>5.2} – {:<5.2} {:>7.3} {:>6}",
        case.name,
        size(case.size),
        duration(outcome.baseline),
        duration(outcome.candidate),
        outcome.ratio,
        low.min(high),
        low.max(high),
        outcome.control,
        outcome.rounds,
    );
}

pub(super) fn line(case: Case, outcome: &Outcome) -> String {
    let (Size::Bytes(size) | Size::Count(size)) = case.size;
    format!("ratio {} {size} {:.4}", case.name, outcome.ratio)
}

fn size(size: Size) -> String {
    match size {
        Size::Count(count) => count.to_string(),
        Size::Bytes(bytes) => match bytes {
            ..1024 => format!("{bytes} B"),
            1024..0x10_0000 => format!("{} KiB", bytes >> 10),
            _ => format!("{} MiB", bytes >> 20),
        },
    }
}

fn duration(seconds: f64) -> String {
    let nanoseconds = seconds * 1e9;
    match nanoseconds {
        ..1e4 => format!("{nanoseconds:.1} ns"),
        ..1e7 => format!("{:.1} µs", nanoseconds / 1e3),
        _ => format!("{:.1} ms", nanoseconds / 1e6),
    }
}
