//! Takes alternating samples, and computes the results.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

type Outcomes<T> = Result<T, Box<dyn Error>>;

/// The subjects of a measurement.
pub(super) trait Operation: FnMut() -> Outcomes<()> + Clone {}

impl<F: FnMut() -> Outcomes<()> + Clone> Operation for F {}

/// How long to measure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// A sample repeats its operation until it takes about this long.
    sample: Duration,
    /// After this time no more rounds begin ...
    budget: Duration,
    /// ... except for these.
    least_rounds: usize,
    most_rounds: usize,
}

impl Plan {
    pub(super) fn new(quick: bool) -> Self {
        if quick {
            Self {
                sample: Duration::from_micros(20),
                budget: Duration::ZERO,
                least_rounds: 3,
                most_rounds: 3,
            }
        } else {
            Self {
                sample: Duration::from_micros(200),
                budget: Duration::from_millis(1500),
                least_rounds: 101,
                most_rounds: 1001,
            }
        }
    }
}

/// The samples of all rounds, in seconds an operation.
#[derive(Debug, Default)]
pub(super) struct Times {
    baseline: Vec<f64>,
    candidate: Vec<f64>,
    /// Time of the candidate divided by that of the baseline beside it.
    ratios: Vec<f64>,
    /// The same with the baseline as the candidate.
    controls: Vec<f64>,
}

/// The result of a case.
#[derive(Debug)]
pub(super) struct Outcome {
    /// Seconds an operation.
    pub(super) baseline: f64,
    /// Seconds an operation.
    pub(super) candidate: f64,
    /// Candidate relative to baseline, divided by the control.
    pub(super) ratio: f64,
    /// The range of the middle half of the rounds.
    pub(super) quartiles: (f64, f64),
    /// The control itself.
    pub(super) control: f64,
    pub(super) rounds: usize,
}

/// Measures: in every round the candidate and the control, each between two
/// samples of the baseline, in alternating order.
pub(super) fn measure<B, C>(plan: Plan, baseline: &B, candidate: &C) -> Outcomes<Times>
where
    B: Operation,
    C: Operation,
{
    let repeats = repeats(plan, baseline)?;
    // Once unmeasured, for caches, page tables and branch predictors.
    time(repeats, candidate)?;
    let mut times = Times::default();
    let started = Instant::now();
    for round in 0..plan.most_rounds {
        if round >= plan.least_rounds && started.elapsed() > plan.budget {
            break;
        }
        deeper(round % STACK_DEPTHS, &mut || {
            times.add_round(round % 2 == 0, repeats, baseline, candidate)
        })?;
    }
    Ok(times)
}

impl Times {
    fn add_round<B, C>(
        &mut self,
        candidate_first: bool,
        repeats: u32,
        baseline: &B,
        candidate: &C,
    ) -> Outcomes<()>
    where
        B: Operation,
        C: Operation,
    {
        let before = time(repeats, baseline)?;
        let (ours, middle, control, after);
        if candidate_first {
            ours = time(repeats, candidate)?;
            middle = time(repeats, baseline)?;
            control = time(repeats, baseline)?;
            after = time(repeats, baseline)?;
            self.ratios.push(ours / f64::midpoint(before, middle));
            self.controls.push(control / f64::midpoint(middle, after));
        } else {
            control = time(repeats, baseline)?;
            middle = time(repeats, baseline)?;
            ours = time(repeats, candidate)?;
            after = time(repeats, baseline)?;
            self.ratios.push(ours / f64::midpoint(middle, after));
            self.controls.push(control / f64::midpoint(before, middle));
        }
        self.candidate.push(ours);
        self.baseline.extend([before, middle, after]);
        Ok(())
    }

    pub(super) fn outcome(mut self, is_speed: bool) -> Outcome {
        if is_speed {
            for ratio in self.ratios.iter_mut().chain(&mut self.controls) {
                *ratio = ratio.recip();
            }
        }
        let control = quantile(&mut self.controls, 0.5);
        Outcome {
            baseline: quantile(&mut self.baseline, 0.5),
            candidate: quantile(&mut self.candidate, 0.5),
            ratio: quantile(&mut self.ratios, 0.5) / control,
            quartiles: (
                quantile(&mut self.ratios, 0.25) / control,
                quantile(&mut self.ratios, 0.75) / control,
            ),
            control,
            rounds: self.ratios.len(),
        }
    }
}

/// Returns how many operations make a sample long enough.
fn repeats(plan: Plan, operation: &impl Operation) -> Outcomes<u32> {
    let mut repeats = 1;
    while time(repeats, operation)? * f64::from(repeats) < plan.sample.as_secs_f64() {
        repeats *= 2;
    }
    Ok(repeats)
}

/// Returns the seconds per operation. Never inlined, so that the baseline is the same
/// machine code wherever it is measured; and with a copy of the data, as a program has it
/// in local variables.
#[inline(never)]
fn time<F: Operation>(repeats: u32, operation: &F) -> Outcomes<f64> {
    let mut operation = operation.clone();
    let started = Instant::now();
    for _ in 0..black_box(repeats) {
        operation()?;
    }
    Ok(started.elapsed().as_secs_f64() / f64::from(repeats))
}

/// How many distances from the stack's top the rounds use: a page in steps of a cache
/// line. Processors compare the lowest twelve bits of addresses, so a loop's own
/// variables can disturb a copy by a fifth of its time, depending on the layout of the
/// stack.
const STACK_DEPTHS: usize = 64;

/// Calls a function with the stack this many cache lines deeper.
#[inline(never)]
fn deeper<T>(cache_lines: usize, then: &mut dyn FnMut() -> T) -> T {
    match cache_lines.checked_sub(1) {
        None => then(),
        Some(less) => {
            let frame = black_box([0_u8; 48]);
            let answer = deeper(less, then);
            // Used until here, so that this is not a tail call.
            black_box(&frame);
            answer
        }
    }
}

/// Returns the quantile of the values; NaN without values.
fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().saturating_sub(1) as f64;
    values
        .get((last * part).round() as usize)
        .copied()
        .unwrap_or(f64::NAN)
}
