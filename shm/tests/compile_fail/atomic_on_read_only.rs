use shm::Segment;

fn main() {
    let segment = Segment::private(4096).unwrap().remove_on_drop();
    let attachment = segment.attach_read_only().unwrap();
    let _ = attachment.view().atomic::<u32>(0);
}
