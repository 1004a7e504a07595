use std::sync::atomic::Ordering;

use shm::Segment;

fn main() {
    let segment = Segment::private(4096).unwrap().remove_on_drop();
    let attachment = segment.attach().unwrap();
    let counter = attachment.view().atomic::<u32>(0).unwrap();
    attachment.detach().unwrap();
    counter.store(1, Ordering::Relaxed);
}
