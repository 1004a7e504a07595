use shm::Segment;

fn main() {
    let segment = Segment::private(4096).unwrap().into_owned();
    let view = {
        let attachment = segment.attach().unwrap();
        attachment.view()
    };
    let _ = view.read::<u8>(0);
}
