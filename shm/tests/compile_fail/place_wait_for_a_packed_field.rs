use shm::{Place, Wake, field};

#[repr(C, packed)]
struct Packed {
    tag: u8,
    ready: u32,
}

fn main() {
    fn sleep(packed: Place<'_, Packed>) {
        let _ = packed.field(field!(Packed, ready)).wait(0, None);
        let _ = packed.field(field!(Packed, ready)).wake(Wake::One);
    }
    let _ = sleep;
}
