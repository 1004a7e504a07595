//! Known structures in the inspector and in the details; whole command lines in the list
//! of processes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use shm_tui::app::Settings;
use shm_tui::source::fake::Fake;
use support::{START, Stage, StoppedClock};

fn stage(width: u16, height: u16) -> Stage {
    let fake = Fake::tour(StoppedClock::at(START));
    Stage::with(fake, Settings::default(), width, height)
}

/// Shows the bytes of a segment and the inspector.
fn inspecting(filter: &str, width: u16, height: u16) -> Stage {
    let mut stage = stage(width, height);
    stage.press(&format!("/{filter}<Enter><Enter>"));
    stage.read();
    stage.press("i");
    stage
}

#[test]
fn the_inspector_shows_the_fields_beside_the_values() {
    insta::assert_snapshot!(inspecting("id=0", 110, 30).picture());
    insta::assert_snapshot!(inspecting("id=163845", 120, 40).picture());
}

#[test]
fn on_a_narrow_screen_the_field_at_the_cursor_has_a_line() {
    let mut stage = inspecting("id=0", 80, 24);
    let line = |stage: &Stage| {
        let picture = stage.picture();
        let found = picture.lines().find(|line| line.contains("PGShmemHeader"));
        found
            .unwrap_or_else(|| panic!("{picture}"))
            .trim()
            .to_owned()
    };
    assert_eq!(line(&stage), "PostgreSQL PGShmemHeader.magic = 679834894");
    stage.press("llllllll");
    let total = "PostgreSQL PGShmemHeader.totalsize = 149,520,384 (142.6M)";
    assert_eq!(line(&stage), total);
    // Between two fields is none.
    stage.press(":28<Enter>");
    assert_eq!(line(&stage), "PostgreSQL PGShmemHeader is at 0x0 to 0x38");
}

#[test]
fn the_details_show_it_once_the_bytes_were_shown_and_only_then() {
    let mut stage = stage(140, 30);
    assert!(
        !stage.picture().contains("begins with"),
        "nothing is attached for it"
    );
    stage.press("<Enter>");
    stage.read();
    stage.press("q");
    let picture = stage.picture();
    let line = picture.lines().find(|line| line.contains("begins with"));
    let line = line.unwrap_or_else(|| panic!("{picture}"));
    assert!(
        line.contains("PostgreSQL PGShmemHeader: creatorPID 812 /usr/lib/postgresql"),
        "{line}"
    );
    stage.press("<Down>");
    assert!(!stage.picture().contains("begins with"));
}

#[test]
fn bytes_that_only_look_alike_are_not_claimed() {
    let clock = StoppedClock::at(START);
    let fake = Fake::tour(clock);
    fake.change(|system| {
        system.paintings.remove(&0);
        // The magic of PostgreSQL, and more free space than there is.
        let mut bytes = vec![0; 56];
        bytes[..4].copy_from_slice(&679_834_894_u32.to_ne_bytes());
        bytes[16] = 1;
        system.bytes.insert(0, bytes);
    });
    let mut stage = Stage::with(fake, Settings::default(), 120, 30);
    stage.press("<Enter>");
    stage.read();
    stage.press("i");
    assert!(!stage.picture().contains("PGShmemHeader"));
}

#[test]
fn the_whole_command_line_of_the_selected_process_is_shown() {
    let mut stage = stage(80, 24);
    stage.press("/id=131076<Enter>a");
    let picture = stage.picture();
    let shown = |part: &str| picture.lines().any(|line| line.contains(part));
    assert!(shown("Process 1620"), "{picture}");
    assert!(
        shown("--huge-pages --symbols=all") && shown("--interface=eth1"),
        "{picture}"
    );
    stage.press("<Down>");
    assert!(stage.picture().contains("Process 1644"));
    // Without room the list has all of it.
    stage.resize(80, 12);
    assert!(!stage.picture().contains("Process 1644"));
}
