//! Measures a frame: `cargo bench -p shm-tui --bench frame`.
//!
//! A frame at 160x48 must cost the same with 32,768 segments as with 100, and so
//! must one step down the table with the frame after it.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]

mod support;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use shm_tui::app::keymap::Command;
use shm_tui::app::{Action, App, Settings, update};
use shm_tui::model::segment::{Key, Segment};
use shm_tui::model::time::Now;
use shm_tui::runtime::sampler::Sampler;
use shm_tui::source::fake::{Fake, System};
use shm_tui::ui;
use support::{median, ratio, time};

const SIZE: Size = Size {
    width: 160,
    height: 48,
};

fn system(count: i32) -> Fake {
    let segments = (0..count).map(|id| {
        let segment = Segment {
            id,
            key: Key(u64::from(id.unsigned_abs()) * 7919),
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

fn now() -> Now {
    Now {
        wall: 1_000_000,
        steady: Duration::ZERO,
    }
}

fn app(fake: &Fake) -> App {
    let mut app = App::new(Settings::default(), SIZE, now());
    let mut sampler = Sampler::new(Arc::new(fake.clone()), Arc::new(fake.clone()));
    let sampled = sampler.sample(Duration::ZERO).unwrap();
    let _ = update(&mut app, Action::Sampled(Box::new(sampled)), now());
    app
}

/// The three sizes are measured in turns: the machine's speed changes.
fn frames() {
    const COUNTS: [usize; 3] = [100, 4_096, 32_768];
    let mut apps = COUNTS.map(|count| app(&system(i32::try_from(count).unwrap())));
    let backend = || Terminal::new(TestBackend::new(SIZE.width, SIZE.height)).unwrap();
    let mut terminals = COUNTS.map(|_| backend());
    let mut still = [const { Vec::new() }; 3];
    let mut scrolled = [const { Vec::new() }; 3];
    for _ in 0..300 {
        for index in 0..COUNTS.len() {
            let (app, terminal) = (&mut apps[index], &mut terminals[index]);
            let mut draw = |app: &App| {
                terminal
                    .draw(|frame| ui::view(black_box(app), frame))
                    .unwrap();
            };
            still[index].push(time(|| draw(app)));
            scrolled[index].push(time(|| {
                let _ = update(app, Action::Command(Command::Down), now());
                draw(app);
            }));
        }
    }
    for (name, times) in [("frame", still), ("scroll", scrolled)] {
        let times = times.map(median);
        for (count, time) in COUNTS.into_iter().zip(times) {
            let share = time / times[0];
            println!(
                "{name}, {count:>6} segments: {time:>5.0} us (at most 1000), {share:.2} of that with 100 (at most 1.5)"
            );
            ratio(&format!("{name}_against_100"), count, share);
            ratio(&format!("{name}_milliseconds"), count, time / 1e3);
        }
    }
}

fn main() {
    frames();
}
