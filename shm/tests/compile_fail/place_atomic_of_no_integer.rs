use shm::{Place, field};

#[repr(C)]
struct Status {
    ratio: f32,
}

fn main() {
    fn add(status: Place<'_, Status>) {
        status.field(field!(Status, ratio)).atomic();
    }
    let _ = add;
}
