use shm::{Place, field};

#[repr(C)]
struct Status {
    ready: bool,
}

fn main() {
    fn get(status: Place<'_, Status>) -> bool {
        status.field(field!(Status, ready)).get()
    }
    let _ = get;
}
