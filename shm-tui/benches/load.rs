//! How soon the browser answers a key while the system is busy:
//! `cargo bench -p shm-tui --bench load`.
//!
//! Among 32,000 segments of which 10,000 change every second (attached and detached by
//! another thread), in an IPC namespace of its own, beside `htop` in the same run: the
//! time from the key for the help until the help is on the screen, and the memory of the
//! browser at the end. The number of segments and of keys can be given: `-- 2000 10`.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]

#[cfg(target_os = "linux")]
#[path = "../tests/support/pty.rs"]
mod pty;
#[cfg(target_os = "linux")]
mod support;

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("skipped: namespaces are Linux's");
}

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    support::isolated(busy::measure)
}

#[cfg(target_os = "linux")]
mod busy {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    use portable_pty::CommandBuilder;
    use shm::OwnedSegment;

    use super::pty::Pty;
    use super::support;

    /// Changes every millisecond.
    const CHANGES: usize = 10;

    /// A program, the key for its help, what the help has, and the key that leaves it.
    struct Subject {
        name: &'static str,
        pty: Pty,
        help: &'static str,
        shown: &'static str,
        leave: &'static str,
    }

    pub(super) fn measure() {
        let mut numbers = std::env::args().filter_map(|argument| argument.parse().ok());
        let count: usize = numbers.next().unwrap_or(32_000);
        let keys: usize = numbers.next().unwrap_or(200);
        if std::fs::write("/proc/sys/kernel/shmmni", (count + 1).max(4096).to_string()).is_err() {
            println!("skipped: shmmni cannot be written here, and the usual limit is 4096");
            return;
        }
        let segments = support::resident(count);
        let (ends, changes) = (AtomicBool::new(false), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            scope.spawn(|| change(&segments, &ends, &changes));
            let start = Instant::now();
            for mut subject in subjects() {
                answer(&mut subject, keys, count);
            }
            let rate = changes.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64();
            println!("changes: {rate:.0} a second");
            ends.store(true, Ordering::Relaxed);
        });
    }

    fn subjects() -> Vec<Subject> {
        let mut subjects = vec![Subject {
            name: "shm-tui",
            pty: Pty::browser(&[], 120, 40),
            help: "?",
            shown: " Help ",
            leave: "\x1b",
        }];
        match std::process::Command::new("htop").arg("--version").output() {
            Ok(_) => subjects.push(Subject {
                name: "htop",
                pty: Pty::run(CommandBuilder::new("htop"), 120, 40),
                help: "h",
                shown: "Press any key to return",
                leave: " ",
            }),
            Err(_) => println!("skipped: htop is not installed"),
        }
        subjects
    }

    /// Attaches and detaches segments, each a change of the segment, until told to end.
    fn change(segments: &[OwnedSegment], ends: &AtomicBool, changes: &AtomicUsize) {
        let start = Instant::now();
        let mut next = segments.iter().cycle();
        while !ends.load(Ordering::Relaxed) {
            let due = start.elapsed().as_millis() as usize * CHANGES;
            while changes.load(Ordering::Relaxed) < due {
                drop(next.next().unwrap().attach().unwrap());
                changes.fetch_add(2, Ordering::Relaxed);
            }
            std::thread::sleep(Duration::from_micros(500));
        }
    }

    fn answer(subject: &mut Subject, keys: usize, count: usize) {
        let Subject {
            name,
            pty,
            help,
            shown,
            leave,
        } = subject;
        // Until the table is there and the first changes are in the log.
        std::thread::sleep(Duration::from_secs(3));
        let mut taken = Vec::new();
        for number in 0..keys {
            let start = Instant::now();
            pty.send(help);
            until(pty, |text| text.contains(*shown));
            taken.push(start.elapsed().as_secs_f64() * 1e3);
            pty.send(leave);
            until(pty, |text| !text.contains(*shown));
            // At every moment between two refreshes.
            std::thread::sleep(Duration::from_millis(20 + number as u64 * 37 % 100));
        }
        taken.sort_by(f64::total_cmp);
        let at = |share: f64| taken[(share * (taken.len() - 1) as f64).round() as usize];
        let resident = resident(pty.pid());
        let (median, late) = (at(0.5), at(0.99));
        println!(
            "{name}: a key is answered within {median:.1} ms at the median (at most 50), \
             {late:.1} ms at the 99th percentile (at most 100); resident {resident:.1} MiB \
             (at most 40)"
        );
        if *name == "shm-tui" {
            support::ratio("key_median_milliseconds", count, median);
            support::ratio("key_late_milliseconds", count, late);
            support::ratio("resident_of_40_MiB", count, resident / 40.0);
        }
    }

    /// Waits until the screen is as asked for.
    fn until(pty: &Pty, is_there: impl Fn(&str) -> bool) {
        let end = Instant::now() + super::pty::PATIENCE;
        while !is_there(&pty.text()) {
            assert!(Instant::now() < end, "no answer:\n{}", pty.text());
            std::thread::sleep(Duration::from_micros(500));
        }
    }

    fn resident(pid: i32) -> f64 {
        let statm = std::fs::read_to_string(format!("/proc/{pid}/statm")).unwrap();
        let pages: f64 = statm.split(' ').nth(1).unwrap().parse().unwrap();
        pages * rustix::param::page_size() as f64 / f64::from(1 << 20)
    }
}
