//! Prints whether System V shared memory works here: `works`, `missing` or `denied`. The
//! script of a bundle runs it before the other tests.

fn main() {
    let (word, why) = match shm::is_supported() {
        shm::Support::Works => ("works", String::new()),
        shm::Support::Missing => ("missing", String::new()),
        shm::Support::Denied(error) => ("denied", format!(": {error}")),
        _ => ("unknown", String::new()),
    };
    println!("{word}{why}");
}
