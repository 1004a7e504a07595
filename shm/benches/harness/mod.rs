//! Shared by the benchmarks: compares a candidate with a baseline, as a ratio that is
//! comparable between machines and days.
//!
//! Times alone are not comparable: clocks change speed, neighbors wake up. So both are
//! measured in the same run, alternately, in many rounds of a fraction of a millisecond.
//! Each sample of the candidate is divided by the two samples of the baseline beside it,
//! and the median of all rounds is the result. In the same rounds the baseline itself is
//! measured as if it were a candidate. This control should be 1; its deviation is the
//! error of the method, so results are divided by it.
//!
//! A benchmark prints a table while it runs and, at its end, lines for programs: `ratio
//! NAME SIZE VALUE`, with the size in plain bytes or as a count. If NAME begins with
//! `copy`, VALUE is the candidate's speed relative to the baseline (more is better), else
//! its time (less is better).
//!
//! `cargo bench -p sysv-shm` measures; with `-- --quick` it only runs a few short rounds,
//! to see that everything works, and so does an executable started without cargo's
//! `--bench`.
#![allow(dead_code, reason = "each benchmark uses its part")]

mod format;
mod sample;

use std::error::Error;

/// The size of a case: the second column.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Size {
    /// Bytes.
    Bytes(usize),
    /// Anything else.
    Count(usize),
}

/// A row of the table: the subject, and how to read its ratio.
#[derive(Debug, Clone, Copy)]
struct Case {
    name: &'static str,
    size: Size,
}

impl Case {
    /// Whether the ratio is one of speeds instead of times.
    fn is_speed(self) -> bool {
        self.name.starts_with("copy")
    }
}

/// A run of one benchmark.
#[derive(Debug)]
pub(crate) struct Harness {
    quick: bool,
    /// Only cases whose name contains one of these, if there are any.
    filters: Vec<String>,
    lines: Vec<String>,
}

impl Harness {
    /// Parses the command line and prints the head of the table.
    pub(crate) fn start() -> Self {
        let (flags, filters): (Vec<_>, Vec<_>) = std::env::args()
            .skip(1)
            .partition(|arg| arg.starts_with('-'));
        let has = |flag| flags.iter().any(|given| given == flag);
        let quick = has("--quick") || !has("--bench");
        if quick {
            println!("a quick run: its figures mean nothing");
        }
        format::head();
        Self {
            quick,
            filters,
            lines: Vec::new(),
        }
    }

    /// Returns whether this run only checks that everything works.
    pub(crate) fn is_quick(&self) -> bool {
        self.quick
    }

    /// Measures a case: one call of each closure is one operation, and both do the same
    /// work on the same data. They are `move` closures over cloneable values, so that
    /// each sample works on local variables.
    ///
    /// # Errors
    ///
    /// The first error of a closure.
    pub(crate) fn compare<E, F>(
        &mut self,
        name: &'static str,
        size: Size,
        mut baseline: impl FnMut() -> Result<(), E> + Clone,
        mut candidate: impl FnMut() -> Result<(), F> + Clone,
    ) -> Result<(), Box<dyn Error>>
    where
        E: Into<Box<dyn Error>>,
        F: Into<Box<dyn Error>>,
    {
        if !self.filters.is_empty() && !self.filters.iter().any(|part| name.contains(part)) {
            return Ok(());
        }
        let case = Case { name, size };
        let plan = sample::Plan::new(self.quick);
        let times = sample::measure(plan, &move || baseline().map_err(Into::into), &move || {
            candidate().map_err(Into::into)
        })?;
        let outcome = times.outcome(case.is_speed());
        format::row(case, &outcome);
        self.lines.push(format::line(case, &outcome));
        Ok(())
    }

    /// Prints that a case cannot be measured here, and why.
    pub(crate) fn skip(&self, name: &str, size: usize, why: impl std::fmt::Display) {
        println!("skipped: {name} {size}: {why}");
    }

    /// Prints the lines for programs.
    pub(crate) fn finish(self) {
        println!();
        for line in self.lines {
            println!("{line}");
        }
    }
}
