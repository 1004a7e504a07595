use shm::Segment;

fn main() {
    let segment = Segment::private(4096).unwrap().remove_on_drop();
    let writer = segment.attach().unwrap();
    let reader = segment.attach_read_only().unwrap();
    writer.view().copy_to(reader.view());
}
