//! Finds the segment of a running PostgreSQL server and names every process
//! that has it attached:
//!
//! ```sh
//! cargo run --example postgres -- /var/lib/postgresql/15/main
//! ```
//!
//! The server writes key and identifier of its segment to `postmaster.pid` in its data
//! directory. With `shared_memory_type = mmap`, the default, the segment is a small one
//! that keeps a second server off the directory.

use std::error::Error;
use std::path::Path;

use shm::{Coverage, SegmentId};

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args()
        .nth(1)
        .ok_or("usage: postgres DATA_DIRECTORY")?;
    let lock_file = std::fs::read_to_string(Path::new(&directory).join("postmaster.pid"))?;
    let (postmaster, id) = parse(&lock_file).ok_or("postmaster.pid names no segment")?;

    let attached = shm::attached_processes(id)?;
    println!("segment {id} of the server {postmaster}:");
    for attachment in &attached.attachments {
        println!("{:>8}  {}", attachment.pid, title(attachment.pid));
    }
    match attached.coverage {
        Coverage::Complete => println!("these are all"),
        Coverage::Hidden(count) => println!("and {count} that cannot be inspected"),
        Coverage::Surplus(_) => println!("some came or went meanwhile"),
    }
    Ok(())
}

/// The server's process and segment: the first line, and the second number of the
/// seventh.
fn parse(lock_file: &str) -> Option<(i32, SegmentId)> {
    let mut lines = lock_file.lines();
    let postmaster = lines.next()?.trim().parse().ok()?;
    let id = lines.nth(5)?.split_whitespace().nth(1)?.parse().ok()?;
    Some((postmaster, id))
}

/// The process's own title: PostgreSQL's describe what they are doing.
fn title(pid: i32) -> String {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let title: String = String::from_utf8_lossy(&line).replace('\0', " ");
    title
        .chars()
        .filter(|c| !c.is_control())
        .collect::<String>()
        .trim_end()
        .to_owned()
}
