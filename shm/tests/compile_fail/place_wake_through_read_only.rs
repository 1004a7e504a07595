use shm::{Place, ReadOnly, Wake};

fn main() {
    fn wake(ready: Place<'_, u32, ReadOnly>) {
        let _ = ready.wake(Wake::One);
    }
    let _ = wake;
}
