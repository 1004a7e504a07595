//! Keys wider than 32 bits, as on the 64-bit BSDs, in every place where a key is shown,
//! compared or typed. The unit tests of `source` create the system's own widest key.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "support/schema.rs"]
mod schema;
mod support;

use serde_json::Value;
use shm_tui::app::Settings;
use shm_tui::model::act::{Creation, Outcome};
use shm_tui::model::column::{Column, Context};
use shm_tui::model::directory::{Directory, Process};
use shm_tui::model::key::{Key, WIDTH};
use shm_tui::model::query::Filter;
use shm_tui::model::segment::{Name, Segment};
use shm_tui::model::state::{State, classify};
use shm_tui::output::{Table, json, removal, text};
use shm_tui::source::Source as _;
use shm_tui::source::fake::{Fake, System};
use shm_tui::source::live::Live;

/// What the kernels' listings have: `ftok` of OpenBSD, C's 0xdeadbeef, keys over
/// 32 bits, -2 and -5 in 64 bits.
const WIDE: [(u64, &str); 5] = [
    (0x8000_005c, "0x8000005c"),
    (0xdead_beef, "0xdeadbeef"),
    (0x1_0000_0001, "0x100000001"),
    (0x12_3456_7890, "0x1234567890"),
    (u64::MAX - 4, "0xfffffffffffffffb"),
];

fn segment(key: u64) -> Segment {
    Segment {
        id: 65538,
        key: Key(key),
        creator_pid: 7,
        change_time: Some(0),
        ..Segment::default()
    }
}

fn directory() -> Directory {
    let mut directory = Directory::default();
    directory.processes.insert(7, Process::Gone);
    directory
}

fn context(directory: &Directory) -> Context<'_> {
    Context {
        directory,
        // Two hours: long for a private segment, not for one with a key.
        now: 7200,
        exact: true,
    }
}

#[test]
fn a_wide_key_is_shown_whole_and_is_not_private() {
    let directory = directory();
    let context = context(&directory);
    for (bits, shown) in WIDE {
        let segment = segment(bits);
        let columns = [Column::Key, Column::Id];
        let (mut table, mut listed) = (Vec::new(), Vec::new());
        let rows = Table {
            segments: &[segment],
            columns: &columns,
            context,
            headers: true,
        };
        text::table(&mut table, &rows).unwrap();
        let table = String::from_utf8(table).unwrap();
        assert!(table.contains(shown), "{table}");
        json::document(&mut listed, &[segment], &context).unwrap();
        let planned = removal::document(&[(segment, Ok(Outcome::Done))], true).unwrap();
        let listed: Value = serde_json::from_slice(&listed).unwrap();
        let planned: Value = serde_json::from_str(&planned).unwrap();
        schema::assert_is("segments", &listed);
        schema::assert_is("removal", &planned);
        assert_eq!(listed["segments"][0]["key"], shown);
        assert_eq!(planned["results"][0]["key"], shown);
        assert_eq!(classify(&segment, &directory, 7200), State::PossibleOrphan);
        for (filter, passes) in [("key=0", false), ("key!=0", true), ("key=5", false)] {
            let filter = Filter::parse(filter).unwrap();
            assert_eq!(filter.passes(&segment, &context), passes, "{shown}");
        }
    }
    let private = classify(&segment(0), &directory, 7200);
    assert_eq!(private, State::LikelyOrphan);
}

#[test]
fn a_key_is_found_by_its_own_text_and_no_other() {
    let directory = directory();
    let context = context(&directory);
    for (bits, shown) in WIDE {
        let fits = bits >> (WIDTH - 1) <= 1;
        let filter = Filter::parse(&format!("key={shown}"));
        assert_eq!(filter.is_ok(), fits, "{shown}");
        match shown.parse::<Name>() {
            Ok(name) => assert!(name.names(&segment(bits)) && !name.names(&segment(bits ^ 1))),
            Err(error) => {
                assert!(!fits);
                assert!(error.to_string().contains("does not fit"), "{error}");
            }
        }
        if let Ok(filter) = filter {
            assert!(filter.passes(&segment(bits), &context));
            // The same low half is another key.
            assert!(!filter.passes(&segment(bits ^ 1 << 40), &context));
        }
    }
    let explained = Filter::parse("key=0x10000000000000000").unwrap_err();
    assert!(explained.message.contains("does not fit into a key"));
    // A decimal number is the key itself, not the low half of a negative one.
    let name: Name = "key:4294967291".parse().unwrap();
    assert!(name.names(&segment(0xffff_fffb)) && !name.names(&segment(u64::MAX - 4)));
}

#[test]
fn the_table_gives_a_wide_key_the_room_it_takes() {
    let mut system = System::default();
    for (id, (bits, _)) in (65536..).zip(WIDE) {
        let segment = Segment {
            id,
            ..segment(bits)
        };
        system.segments.insert(id, segment);
    }
    let stage = support::Stage::with(Fake::new(system), Settings::default(), 80, 24);
    let picture = stage.picture();
    for (_, shown) in WIDE {
        assert!(picture.contains(&format!("{shown} ")), "{picture}");
    }
}

#[test]
fn a_key_that_the_kernel_cannot_hold_makes_no_segment() {
    let wide = Creation {
        key: Some(Key(1 << 40)),
        size: 4096,
        mode: 0o600,
    };
    if WIDTH == 32 {
        let error = Live::new().create(&wide).unwrap_err().to_string();
        assert_eq!(
            error,
            "0x10000000000 does not fit into a key: 32 bits on this system"
        );
    }
    let typed = format!("size=1 key=0x1{:0>1$}", "", (WIDTH / 4) as usize);
    let error = typed.parse::<Creation>().unwrap_err();
    assert!(error.contains("does not fit into a key"), "{error}");
}
