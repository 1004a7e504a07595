//! Does what the one test of the Go library `gen2brain/shm` does: `Get`, `At`, `Ctl`,
//! `Size`, `Rm`, `Dt`.
//!
//! ```sh
//! cargo run --example seed
//! ```

use shm::{Mode, SegmentOptions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = SegmentOptions::new()
        .size(65_536)
        .mode(Mode::OWNER_READ_WRITE);
    let segment = options.private()?.remove_on_drop();
    let attachment = segment.attach()?;
    attachment.view().fill(0xff);
    println!("segment {} of {} bytes", segment.id(), segment.stat()?.size);
    segment.remove()?;
    attachment.detach()?;
    Ok(())
}
