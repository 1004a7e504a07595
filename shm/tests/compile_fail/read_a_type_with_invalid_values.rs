use shm::Segment;

fn main() {
    let segment = Segment::private(4096).unwrap().remove_on_drop();
    let attachment = segment.attach().unwrap();
    let _ = attachment.view().read::<bool>(0);
    let _ = attachment.view().read::<&'static str>(0);
}
