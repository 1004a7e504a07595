//! Measures 4,000 segments of the kernel: `cargo bench -p shm-tui --bench list`.
//!
//! The whole process of `shm-tui list` compared with `ipcs -m` and `lsipc -m`, and a
//! refresh of the browser (read, compare, update the model), without `segments()` itself,
//! compared with `segments()`. All alternately, in a new IPC namespace; the number of
//! segments can be given: `-- 1000`.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]

#[cfg(target_os = "linux")]
mod support;

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("skipped: namespaces are Linux's");
}

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    support::isolated(|| {
        let mut counts = std::env::args().filter_map(|argument| argument.parse().ok());
        let count = counts.next_back().unwrap_or(4_000);
        let segments = support::segments(count);
        measured::list(count);
        measured::refresh(&segments);
    })
}

#[cfg(target_os = "linux")]
mod measured {
    use std::hint::black_box;
    use std::process::{Command, Stdio};
    use std::sync::Arc;
    use std::time::Duration;

    use ratatui::layout::Size;
    use shm::OwnedSegment;
    use shm_tui::app::{Action, App, Settings, update};
    use shm_tui::model::time::Now;
    use shm_tui::runtime::sampler::Sampler;
    use shm_tui::source::live::Live;
    use shm_tui::source::names::SystemNames;

    use super::support::{median, ratio, time};

    const ROUNDS: usize = 15;

    /// The time of a whole process, in microseconds.
    fn process(program: &str, arguments: &[&str]) -> f64 {
        time(|| {
            let status = Command::new(program)
                .args(arguments)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .status();
            assert!(status.unwrap().success(), "{program}");
        })
    }

    fn installed(program: &str) -> bool {
        let mut command = Command::new(program);
        let command = command.arg("-V").stdout(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    pub(super) fn list(count: usize) {
        let ours = env!("CARGO_BIN_EXE_shm-tui");
        for (program, most) in [("ipcs", 0.25), ("lsipc", 0.2)] {
            if !installed(program) {
                println!("skipped: {program} is not installed");
                continue;
            }
            let rounds = (0..ROUNDS).map(|_| {
                let theirs = process(program, &["-m"]);
                let own = process(ours, &["list"]);
                (own, theirs)
            });
            let (own, theirs): (Vec<f64>, Vec<f64>) = rounds.unzip();
            let ratios = own.iter().zip(&theirs).map(|(own, theirs)| own / theirs);
            let share = median(ratios.collect());
            let (own, theirs) = (median(own) / 1e3, median(theirs) / 1e3);
            println!(
                "list of {count} segments: {own:.1} ms, {program} -m {theirs:.1} ms; {share:.3} of it (at most {most})"
            );
            ratio(&format!("list_{program}"), count, share);
        }
    }

    /// A look a second, with ten segments changed between two. The mean and not
    /// the median, as some of the looks also ask for the memory figures.
    pub(super) fn refresh(segments: &[OwnedSegment]) {
        const LOOKS: usize = 120;
        let count = segments.len();
        let at = |second: usize| Now {
            wall: 2_000_000_000,
            steady: Duration::from_secs(second as u64),
        };
        let mut app = App::new(Settings::default(), Size::new(160, 48), at(0));
        let mut sampler = Sampler::new(Arc::new(Live::new()), Arc::new(SystemNames));
        let mut look = |second| {
            if let Some(sampled) = sampler.sample(at(second).steady) {
                let action = Action::Sampled(Box::new(sampled));
                let _ = update(&mut app, action, at(second));
            }
        };
        look(0);
        let (mut plain, mut whole) = (0.0, 0.0);
        for second in 1..=LOOKS {
            for segment in segments.iter().cycle().skip(second * 10 % count).take(10) {
                segment.attach().unwrap();
            }
            plain += time(|| drop(black_box(shm::segments().unwrap()))) / LOOKS as f64;
            whole += time(|| look(second)) / LOOKS as f64;
        }
        let beyond = whole / plain - 1.0;
        println!(
            "refresh of {count} segments: {whole:.0} us, segments() alone {plain:.0} us; {beyond:.2} of that beyond it (at most 1.0)"
        );
        ratio("refresh_beyond_segments", count, beyond);
    }
}
