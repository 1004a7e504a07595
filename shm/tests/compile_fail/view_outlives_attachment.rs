use shm::Segment;

fn main() {
    let segment = Segment::private(4096).unwrap().remove_on_drop();
    let view = {
        let attachment = segment.attach().unwrap();
        attachment.view()
    };
    let _ = view.read::<u8>(0);
}
