use shm::{Place, field};

#[repr(C)]
struct Status {
    count: u64,
}

#[repr(C)]
struct Other {
    count: u64,
}

fn main() {
    fn get(status: Place<'_, Status>) -> u64 {
        status.field(field!(Other, count)).get()
    }
    let _ = get;
}
