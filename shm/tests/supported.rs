//! Whether System V shared memory works here, in a word: `works`, `missing` or
//! `denied`. The script of a bundle asks it before it runs the other tests.

fn main() {
    let (word, why) = match shm::is_supported() {
        shm::Support::Works => ("works", String::new()),
        shm::Support::Missing => ("missing", String::new()),
        shm::Support::Denied(error) => ("denied", format!(": {error}")),
        _ => ("unknown", String::new()),
    };
    println!("{word}{why}");
}
