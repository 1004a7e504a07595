use shm::Segment;

#[derive(Clone, Copy)]
#[repr(C)]
struct Padded {
    small: u8,
    large: u64,
}

fn main() {
    let segment = Segment::private(4096).unwrap().remove_on_drop();
    let attachment = segment.attach().unwrap();
    let _ = attachment.view().write(0, &Padded { small: 1, large: 2 });
}
