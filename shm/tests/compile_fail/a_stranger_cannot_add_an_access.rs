#[derive(Debug, Clone, Copy)]
struct Everything;

impl shm::Access for Everything {
    const WRITABLE: bool = true;
}

fn main() {}
