use shm::Segment;

fn main() {
    let segment = Segment::private(4096).unwrap().into_owned();
    let attachment = segment.attach_read_only().unwrap();
    let _ = attachment.view().write_all_at(b"no", 0);
}
