use shm::{Place, ReadOnly, field};

#[repr(C)]
struct Status {
    state: u32,
}

fn main() {
    fn set(status: Place<'_, Status, ReadOnly>) {
        status.field(field!(Status, state)).set(7);
        status.field(field!(Status, state)).atomic();
    }
    let _ = set;
}
