//! Checks whether a segment left by an earlier run is still in use, as PostgreSQL does
//! before it starts on a data directory.
//!
//! ```sh
//! cargo run --example still_in_use -- /var/lib/postgresql/15/main
//! ```

use std::error::Error;
use std::path::Path;

use shm::{Cause, RawKey, Segment, SegmentId};

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args()
        .nth(1)
        .ok_or("usage: still_in_use DATA_DIRECTORY")?;
    let lock_file = std::fs::read_to_string(Path::new(&directory).join("postmaster.pid"))?;
    // The seventh line has the key and the identifier.
    let mut line = lock_file
        .lines()
        .nth(6)
        .ok_or("no segment is named")?
        .split_whitespace();
    let (key, id) = (
        line.next().ok_or("no key")?,
        line.next().ok_or("no identifier")?,
    );
    let attached = match Segment::from_id(id.parse::<SegmentId>()?).stat() {
        // The identifier may have been reused. The server prints the key as an unsigned
        // number of 64 bits.
        Ok(stat) if stat.key.as_raw() == key.parse::<u64>()? as RawKey => stat.attached,
        Ok(_) => 0,
        Err(error) if matches!(error.cause(), Cause::Gone) => 0,
        Err(error) => return Err(error.into()),
    };
    match attached {
        0 => println!("not in use"),
        count => println!("in use: {count} attachments"),
    }
    Ok(())
}
