//! What a frame and a refresh cost: `cargo bench -p shm-tui --bench frame`.
//!
//! A frame at 160x48 must cost the same with 32,768 segments as with 100; what
//! a refresh adds to `segments()` must be less than `segments()` itself.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use shm_tui::app::{Action, App, Settings, update};
use shm_tui::model::segment::{Key, Segment};
use shm_tui::model::time::Now;
use shm_tui::runtime::sampler::Sampler;
use shm_tui::source::fake::{Fake, System};
use shm_tui::source::{Source, Wanted};
use shm_tui::ui;

const SIZE: Size = Size {
    width: 160,
    height: 48,
};

fn system(count: i32) -> Fake {
    let segments = (0..count).map(|id| {
        let segment = Segment {
            id,
            key: Key(id * 7919),
            size: u64::from(id.unsigned_abs()) * 4096 + 1,
            mode: 0o640,
            owner: 1000,
            creator_pid: 4_000 + id % 50,
            last_pid: 4_000 + id % 70,
            attached: u64::from(id % 3 == 0),
            attach_time: Some(900_000),
            change_time: Some(100_000),
            ..Segment::default()
        };
        (id, segment)
    });
    Fake::new(System {
        segments: segments.collect(),
        ..System::default()
    })
}

/// The median time of one run, in microseconds.
fn median(runs: usize, mut run: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn now() -> Now {
    Now {
        wall: 1_000_000,
        steady: Duration::ZERO,
    }
}

fn app(fake: &Fake) -> App {
    let mut app = App::new(Settings::default(), SIZE, now());
    let mut sampler = Sampler::new(Arc::new(fake.clone()), Arc::new(fake.clone()));
    let sampled = sampler.look(Duration::ZERO).unwrap();
    let _ = update(&mut app, Action::Sampled(Box::new(sampled)), now());
    app
}

fn frames() {
    let mut small = 0.0;
    for count in [100, 4_096, 32_768] {
        let app = app(&system(count));
        let mut terminal = Terminal::new(TestBackend::new(SIZE.width, SIZE.height)).unwrap();
        let time = median(300, || {
            terminal
                .draw(|frame| ui::view(black_box(&app), frame))
                .unwrap();
        });
        small = if count == 100 { time } else { small };
        println!(
            "frame, {count:>6} segments: {time:>7.0} us, {:.2} times that with 100",
            time / small
        );
    }
}

/// Ten of the segments change between two looks.
fn refresh() {
    const COUNT: i32 = 4_000;
    let fake = system(COUNT);
    let mut app = app(&fake);
    let mut sampler = Sampler::new(Arc::new(fake.clone()), Arc::new(fake.clone()));
    sampler.look(Duration::ZERO);
    // None of them is attached so often at first.
    let mut turn = 10;
    let read = median(200, || {
        black_box(fake.snapshot(Wanted::ALL).unwrap());
    });
    let all = median(200, || {
        turn += 1;
        fake.change(|system| {
            for id in 0..10 {
                system.segments.get_mut(&(id * 300)).unwrap().attached = turn;
            }
        });
        let sampled = sampler.look(Duration::ZERO).unwrap();
        let _ = update(&mut app, Action::Sampled(Box::new(sampled)), now());
    });
    println!(
        "refresh, {COUNT} segments: {:.0} us to compare and update, beside {read:.0} us to copy the invented table",
        all - read
    );
    #[cfg(target_os = "linux")]
    real(all - read);
}

/// The same against the kernel's table, in as many segments as there are.
#[cfg(target_os = "linux")]
fn real(beyond: f64) {
    let live = shm_tui::source::live::Live::new();
    let count = live.snapshot(Wanted::ALL).unwrap().segments.len();
    let plain = median(50, || {
        black_box(shm::segments().unwrap());
    });
    let wanted = median(50, || {
        black_box(live.snapshot(Wanted::ALL).unwrap());
    });
    println!(
        "the kernel's {count} segments: segments() {plain:.0} us, with memory and totals {wanted:.0} us"
    );
    if count >= 1_000 {
        let share = beyond / plain * count as f64 / 4_000.0;
        println!("compare and update against segments(): {share:.2} (at most 1.0)");
    } else {
        println!("for a ratio run it among 4,000 segments, in an IPC namespace of its own");
    }
}

fn main() {
    frames();
    refresh();
}
