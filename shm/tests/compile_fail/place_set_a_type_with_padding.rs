use shm::{Place, field};

#[derive(Clone, Copy)]
#[repr(C)]
struct Padded {
    small: u8,
    large: u64,
}

#[repr(C)]
struct Status {
    padded: Padded,
}

fn main() {
    fn set(status: Place<'_, Status>) {
        status.field(field!(Status, padded)).set(Padded { small: 1, large: 2 });
    }
    let _ = set;
}
