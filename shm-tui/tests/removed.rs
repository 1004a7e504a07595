//! A segment marked for removal while it is attached, on systems that refuse new
//! attachments (NetBSD, macOS) and on those that allow them (Linux, OpenBSD).

#![allow(clippy::unwrap_used)]

mod support;

use shm_tui::app::Settings;
use shm_tui::model::segment::{Flags, Segment};
use shm_tui::source::fake::{Fake, System};
use support::Stage;

/// One removed segment that is attached twice.
fn stage(attach_removed: Option<bool>, lingers: bool) -> Stage {
    let mut system = System::default();
    system.limits.attach_removed = attach_removed;
    let segment = Segment {
        id: 65537,
        size: 4096,
        attached: 2,
        flags: Flags {
            removed: true,
            lingers,
            ..Flags::default()
        },
        ..Segment::default()
    };
    system.segments.insert(segment.id, segment);
    let mut stage = Stage::with(Fake::new(system), Settings::default(), 160, 40);
    stage.press("<Down>");
    stage
}

const CLOSED: &str = "this system refuses new attachments";

#[test]
fn the_details_say_whether_anybody_can_still_attach_it() {
    for (attach_removed, lingers, closed) in [
        (Some(false), false, true),
        // NetBSD's SHM_RMLINGER.
        (Some(false), true, false),
        (Some(true), false, false),
        (None, false, false),
    ] {
        let picture = stage(attach_removed, lingers).picture();
        assert!(picture.contains("marked for removal"), "{picture}");
        assert_eq!(picture.contains(CLOSED), closed, "{picture}");
    }
}

#[test]
fn a_removal_of_what_is_removed_offers_no_command() {
    let mut stage = stage(Some(false), false);
    stage.press("D");
    let picture = stage.picture();
    assert!(picture.contains("already marked for removal"), "{picture}");
    assert!(picture.contains("refuses new attachments"), "{picture}");
    assert!(!picture.contains("ipcrm"), "{picture}");
}

#[test]
fn where_the_mark_is_not_reported_the_state_is_unknown() {
    let mut system = System::default();
    let segment = Segment {
        id: 65537,
        attached: 1,
        flags: Flags {
            removal_unknown: true,
            ..Flags::default()
        },
        ..Segment::default()
    };
    system.segments.insert(segment.id, segment);
    let stage = Stage::with(Fake::new(system), Settings::default(), 160, 40);
    let picture = stage.picture();
    assert!(!picture.contains("in use"), "{picture}");
    let words = "does not say whether it is marked for removal";
    assert!(picture.contains(words), "{picture}");
}
