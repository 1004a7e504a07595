//! Renders the main screens of the demo to SVG, light and dark, for the README
//! and the documents: `cargo xtask pictures` runs it.
//!
//! Every picture comes from the real `view` on the demo's system at a fixed time,
//! so that the same sources give the same files.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod svg;

#[path = "../../tests/support/mod.rs"]
#[allow(unused, reason = "the tests use the rest")]
mod support;

use std::path::PathBuf;

use shm_tui::app::Settings;
use shm_tui::source::fake::Fake;
use support::{Stage, StoppedClock};

/// A picture: its file name, the size of the terminal, and the keys that lead to
/// the screen.
struct Scene {
    name: &'static str,
    width: u16,
    height: u16,
    keys: &'static str,
}

const SCENES: [Scene; 4] = [
    Scene {
        name: "list",
        width: 110,
        height: 30,
        keys: "<Down><Down>",
    },
    Scene {
        name: "bytes",
        width: 110,
        height: 30,
        keys: "<Down><Enter>i",
    },
    Scene {
        name: "processes",
        width: 110,
        height: 20,
        keys: "a",
    },
    Scene {
        name: "help",
        width: 110,
        height: 30,
        keys: "?",
    },
];

fn main() {
    let Some(directory) = std::env::args_os().nth(1).map(PathBuf::from) else {
        println!("usage: pictures DIRECTORY");
        return;
    };
    std::fs::create_dir_all(&directory).unwrap();
    for scene in SCENES {
        let mut stage = stage(scene.width, scene.height);
        stage.press(scene.keys);
        stage.read();
        let buffer = stage.buffer();
        for (name, scheme) in [("light", &svg::LIGHT), ("dark", &svg::DARK)] {
            let path = directory.join(format!("{}-{name}.svg", scene.name));
            std::fs::write(path, svg::render(&buffer, scheme)).unwrap();
        }
    }
}

/// How long the tour has been shown, in seconds: long enough for histories and events.
const SHOWN: u64 = 100;

/// The browser on the system of `--demo`, some time after its beginning.
fn stage(width: u16, height: u16) -> Stage {
    let clock = StoppedClock::at(support::START);
    let fake = Fake::tour(clock.clone());
    let mut stage = Stage::with(fake, Settings::default(), width, height);
    for _ in 0..SHOWN {
        clock.advance(1);
        stage.wait(1);
    }
    stage
}
