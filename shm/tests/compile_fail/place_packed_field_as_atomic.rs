use shm::{LoadOrdering, Place, field};

#[repr(C, packed)]
struct Packed {
    tag: u8,
    count: u32,
}

fn main() {
    fn add(packed: Place<'_, Packed>) {
        packed.field(field!(Packed, count)).atomic();
        packed.field(field!(Packed, count)).load(LoadOrdering::Acquire);
    }
    let _ = add;
}
