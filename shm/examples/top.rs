//! Prints the ten segments that occupy the most memory, once a second, or once with
//! `--once`.
//!
//! ```sh
//! cargo run --example top
//! ```

use std::time::Duration;

fn main() -> Result<(), shm::Error> {
    let once = std::env::args().any(|argument| argument == "--once");
    loop {
        let mut segments: Vec<_> = shm::segments_with_memory()?.into_iter().collect();
        // If the system reports no memory, the size is used.
        segments.sort_by_key(|stat| {
            std::cmp::Reverse(stat.memory.map_or(stat.size, |memory| memory.resident))
        });
        println!(
            "{:>12} {:>12} {:>12} {:>8} {:>8}",
            "id", "resident", "size", "attached", "creator"
        );
        for stat in segments.iter().take(10) {
            let resident = stat
                .memory
                .map_or("?".to_owned(), |memory| memory.resident.to_string());
            let (id, size) = (stat.id.to_string(), stat.size);
            println!(
                "{id:>12} {resident:>12} {size:>12} {:>8} {:>8}",
                stat.attached, stat.creator_pid
            );
        }
        if once {
            return Ok(());
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}
