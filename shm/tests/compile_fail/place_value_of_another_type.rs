use shm::{Place, field};

#[repr(C)]
struct Status {
    state: u32,
    count: u64,
}

fn main() {
    fn set(status: Place<'_, Status>) {
        status.field(field!(Status, count)).set(7_u32);
        let _: u32 = status.field(field!(Status, count)).get();
        let _: &std::sync::atomic::AtomicU64 = status.field(field!(Status, state)).atomic();
    }
    let _ = set;
}
