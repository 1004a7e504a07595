use std::io::Write;

use shm::Segment;

fn main() {
    let segment = Segment::private(4096).unwrap().remove_on_drop();
    let attachment = segment.attach().unwrap();
    let mut cursor = attachment.view().cursor();
    // A cursor borrows the attachment, so it cannot go to a thread that may
    // outlive it.
    std::thread::spawn(move || cursor.write_all(b"late"));
}
