use shm::{Place, Wake, field};

#[repr(C)]
struct Status {
    count: u64,
    signed: i32,
}

fn main() {
    fn sleep(status: Place<'_, Status>) {
        let _ = status.field(field!(Status, count)).wait(0, None);
        let _ = status.field(field!(Status, signed)).wake(Wake::All);
        let _ = status.wait(0, None);
    }
    let _ = sleep;
}
