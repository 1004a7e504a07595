//! The engine of this architecture and the portable one, held to the same
//! rules: every alignment, every short length, lengths around page ends, and
//! never a byte beyond, which pages without access on both sides would punish.

use core::mem::MaybeUninit;

use super::{engine, portable};

type Copy = unsafe fn(*mut u8, *const u8, usize);
type Fill = unsafe fn(*mut u8, u8, usize);

/// Returns the engines to test on this machine.
fn copies() -> Vec<(&'static str, Copy)> {
    vec![
        ("engine's load", engine::load as Copy),
        ("engine's store", engine::store),
        ("portable load", portable::load),
        ("portable store", portable::store),
        #[cfg(all(
            target_arch = "x86_64",
            feature = "std",
            not(any(miri, shm_portable_copies))
        ))]
        ("vectors", vectors),
    ]
}

/// The vectors, whether or not this processor would choose them.
#[cfg(all(
    target_arch = "x86_64",
    feature = "std",
    not(any(miri, shm_portable_copies))
))]
unsafe fn vectors(target: *mut u8, source: *const u8, n: usize) {
    use super::assembly::vectors;

    if n >= vectors::MIN_LEN && std::is_x86_feature_detected!("avx") {
        // SAFETY: the caller's promise, and the two conditions.
        unsafe { vectors::copy(target, source, n) }
    } else {
        // SAFETY: the caller's promise.
        unsafe { engine::load(target, source, n) }
    }
}

const TRANSFERS: [(&str, Copy); 2] = [
    ("engine", engine::transfer),
    ("portable", portable::transfer),
];
const FILLS: [(&str, Fill); 2] = [("engine", engine::fill), ("portable", portable::fill)];

/// Miri runs the portable engine, a hundred times slower than a processor.
const LONGEST: usize = if cfg!(miri) { 40 } else { 300 };
const ALIGNMENTS: usize = if cfg!(miri) { 3 } else { 16 };

fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i * 31 + i / 251) as u8 | 1).collect()
}

/// Returns the lengths in an order that reaches short and long ones early, for those who
/// have no time for all of them.
fn lengths() -> impl Iterator<Item = usize> {
    // The step and the count have no divisor in common, so each is met once.
    const { assert!(LONGEST + 1 != 0 && (LONGEST + 1) % 11 != 0) };
    (0..=LONGEST).map(|index| index * 11 % (LONGEST + 1))
}

/// Returns the deadline of an exhaustive test: as long as it takes, or
/// `SHM_TEST_SECONDS`, since an emulator may take minutes.
fn deadline() -> Option<std::time::Instant> {
    let seconds = std::env::var("SHM_TEST_SECONDS").ok()?.parse().ok()?;
    std::time::Instant::now().checked_add(std::time::Duration::from_secs(seconds))
}

#[test]
fn every_length_is_met_once() {
    let mut met: Vec<usize> = lengths().collect();
    met.sort_unstable();
    assert!(met.into_iter().eq(0..=LONGEST));
}

#[test]
fn copies_are_exact_at_every_alignment_and_length() {
    let deadline = deadline();
    // Mutable, since shared bytes are: Miri counts what a pointer was made from.
    let mut all = pattern(ALIGNMENTS + LONGEST);
    let mut place = [0; ALIGNMENTS + LONGEST + 16];
    for (done, n) in lengths().enumerate() {
        for (name, copy) in copies() {
            for from in 0..ALIGNMENTS {
                for to in 0..ALIGNMENTS {
                    let source = all[from..from + n].as_mut_ptr();
                    let target = &mut place[..to + n + 16];
                    target.fill(0);
                    // SAFETY: both have `n` bytes from there on.
                    unsafe { copy(target[to..].as_mut_ptr(), source, n) };
                    let (before, rest) = target.split_at(to);
                    let (copied, behind) = rest.split_at(n);
                    assert!(copied == &all[from..from + n], "{name} {from} {to} {n}");
                    let zeros = [0; ALIGNMENTS + 16];
                    let untouched = before == &zeros[..to] && behind == &zeros[..behind.len()];
                    assert!(
                        untouched,
                        "{name}: {n} bytes from {from} to {to} wrote beyond"
                    );
                }
            }
        }
        if deadline.is_some_and(|deadline| std::time::Instant::now() > deadline) && done < LONGEST {
            return partly(done + 1);
        }
    }
}

/// Says so past the harness, which shows nobody what a passing test prints.
fn partly(lengths: usize) {
    use std::io::Write as _;

    let all = LONGEST + 1;
    let name = std::thread::current().name().unwrap_or("?").to_owned();
    let line = format!("\npartly: {lengths} of {all} lengths in SHM_TEST_SECONDS [{name}]\n");
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}

#[cfg(not(miri))]
#[test]
fn long_copies_are_exact_too() {
    let source = pattern(70_000);
    for (name, copy) in copies() {
        for n in [1000, 4095, 4096, 4097, 4223, 4224, 4225, 8269, 65_541] {
            for (from, to) in [0, 1, 3, 15, 16, 31, 32, 33, 64, 100]
                .into_iter()
                .flat_map(|from| [0, 1, 3, 16, 31, 33, 100].map(|to| (from, to)))
            {
                let mut target = vec![0; to + n + 200];
                // SAFETY: both vectors have `n` bytes from there on.
                unsafe { copy(target[to..].as_mut_ptr(), source[from..].as_ptr(), n) };
                let (before, rest) = target.split_at(to);
                let (copied, behind) = rest.split_at(n);
                assert!(copied == &source[from..from + n], "{name} {from} {to} {n}");
                let untouched = before.iter().chain(behind).all(|byte| *byte == 0);
                assert!(
                    untouched,
                    "{name}: {n} bytes from {from} to {to} wrote beyond"
                );
            }
        }
    }
}

#[test]
fn transfers_to_overlapping_places_move_the_old_bytes() {
    for (name, transfer) in TRANSFERS {
        for n in [0, 1, 7, 8, 63, 64, 65, LONGEST] {
            for (from, to) in [(0, 0), (0, 1), (1, 0), (0, 9), (9, 0), (16, 3), (3, 70)] {
                let old = pattern(140 + LONGEST);
                let mut bytes = old.clone();
                let base = bytes.as_mut_ptr();
                // SAFETY: the range from there on lies in the vector.
                let target = unsafe { base.add(to) };
                // SAFETY: likewise.
                let source = unsafe { base.add(from) };
                // SAFETY: likewise.
                unsafe { transfer(target, source, n) };
                assert_eq!(
                    bytes[to..to + n],
                    old[from..from + n],
                    "{name} {from} {to} {n}"
                );
                assert_eq!(bytes[..to], old[..to], "{name} wrote before the target");
                assert_eq!(
                    bytes[to + n..],
                    old[to + n..],
                    "{name} wrote behind the target"
                );
            }
        }
    }
}

#[test]
fn fills_set_just_the_bytes_asked_for() {
    for (name, fill) in FILLS {
        for at in 0..ALIGNMENTS {
            for n in 0..=LONGEST {
                let mut bytes = vec![7; at + n + 9];
                // SAFETY: the vector has `n` bytes from there on.
                unsafe { fill(bytes[at..].as_mut_ptr(), 0xa5, n) };
                assert!(
                    bytes[at..at + n].iter().all(|b| *b == 0xa5),
                    "{name} {at} {n}"
                );
                let rest = bytes[..at].iter().chain(&bytes[at + n..]).all(|b| *b == 7);
                assert!(rest, "{name} wrote beyond {n} bytes at {at}");
            }
        }
    }
}

#[test]
fn loads_initialize_the_whole_buffer() {
    let mut source = pattern(100);
    let mut buffer = [MaybeUninit::uninit(); 77];
    let shared = core::ptr::NonNull::from(&mut source[5..]).cast();
    // SAFETY: 77 bytes from the sixth on are within the hundred.
    unsafe { super::load(&mut buffer, shared) };
    // SAFETY: all of them have just been written.
    let bytes = buffer.map(|byte| unsafe { byte.assume_init() });
    assert_eq!(bytes[..], source[5..82]);
}

#[test]
fn stores_take_bytes_that_nobody_may_change() {
    let source = pattern(77);
    let mut target = [0; 100];
    let shared = core::ptr::NonNull::from(&mut target[5..]).cast();
    // SAFETY: 77 bytes from the sixth on are within the hundred.
    unsafe { super::store(shared, &source) };
    assert_eq!(target[5..82], source);
    assert!(target[..5].iter().chain(&target[82..]).all(|b| *b == 0));
}

/// Bytes that start at a multiple of 8.
#[repr(align(8))]
struct Aligned([u8; 64]);

/// Stores a word of an engine at an address, loads it again, and compares the
/// bytes and their neighbors.
macro_rules! word {
    ($engine:ident, $load:ident, $store:ident, $word:ty, $at:expr) => {{
        const LEN: usize = size_of::<$word>();
        let word = <$word>::from_ne_bytes(std::array::from_fn(|index| index as u8 | 0xa0));
        let mut aligned = Aligned([7; 64]);
        let bytes = &mut aligned.0;
        let place = bytes[$at..].as_mut_ptr();
        // SAFETY: the word lies within the array.
        unsafe { $engine::$store(place, word) };
        assert_eq!(
            bytes[$at..$at + LEN],
            word.to_ne_bytes(),
            "{} at {}",
            LEN,
            $at
        );
        let rest = bytes[..$at].iter().chain(&bytes[$at + LEN..]);
        assert!(rest.copied().all(|byte| byte == 7), "{} wrote beyond", LEN);
        // SAFETY: likewise.
        let loaded = unsafe { $engine::$load(bytes[$at..].as_mut_ptr()) };
        assert_eq!(loaded, word);
    }};
}

/// Runs [`word!`] for all words at the addresses that the engine allows.
macro_rules! words {
    ($engine:ident) => {
        for at in 0..16 {
            let aligned = |len: usize| $engine::UNALIGNED_WORDS || at % len == 0;
            word!($engine, load_1, store_1, u8, at);
            if aligned(2) {
                word!($engine, load_2, store_2, u16, at);
            }
            if aligned(4) {
                word!($engine, load_4, store_4, u32, at);
            }
            if aligned(8) {
                word!($engine, load_8, store_8, u64, at);
            }
        }
    };
}

#[test]
fn words_keep_their_bits_and_leave_their_neighbors() {
    words!(engine);
    words!(portable);
}

#[test]
fn values_of_every_size_keep_their_bits() {
    fn round_trip<const N: usize>() {
        let value: [u8; N] = std::array::from_fn(|index| index as u8 ^ 0x5a);
        let mut shared = [7_u8; 64];
        for at in 0..16 {
            let place = core::ptr::NonNull::from(&mut shared[at..]).cast();
            // SAFETY: the value fits behind every such offset, and bytes are
            // always aligned.
            unsafe { super::store_value::<_, true>(place, &value) };
            // SAFETY: likewise.
            let loaded = unsafe { super::load_value::<[u8; N], false>(place) };
            // SAFETY: every byte has been written.
            assert_eq!(unsafe { loaded.assume_init() }, value);
            assert_eq!(shared[at..at + N], value);
            assert!(shared[at + N..].iter().all(|byte| *byte == 7));
            shared = [7; 64];
        }
    }
    round_trip::<0>();
    round_trip::<1>();
    round_trip::<2>();
    round_trip::<3>();
    round_trip::<4>();
    round_trip::<7>();
    round_trip::<8>();
    round_trip::<12>();
    round_trip::<24>();
    round_trip::<40>();
}

/// Memory between two pages that may not be touched.
#[cfg(not(miri))]
struct Guarded {
    mapping: *mut u8,
    page: usize,
    pages: usize,
}

#[cfg(not(miri))]
impl Guarded {
    fn new(pages: usize) -> Self {
        let page = crate::sys::page_size();
        let len = (pages + 2) * page;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANON;
        // SAFETY: a new mapping at an address of the kernel's choice.
        let mapping =
            unsafe { libc::mmap(core::ptr::null_mut(), len, libc::PROT_NONE, flags, -1, 0) };
        assert_ne!(mapping, libc::MAP_FAILED);
        let guarded = Self {
            mapping: mapping.cast(),
            page,
            pages,
        };
        let access = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: the pages between the first and the last of our mapping.
        let opened = unsafe { libc::mprotect(guarded.start().cast(), pages * page, access) };
        assert_eq!(opened, 0);
        guarded
    }

    fn len(&self) -> usize {
        self.pages * self.page
    }

    fn start(&self) -> *mut u8 {
        // SAFETY: the second page of the mapping.
        unsafe { self.mapping.add(self.page) }
    }

    fn at(&self, offset: usize) -> *mut u8 {
        assert!(offset <= self.len());
        // SAFETY: within the mapping, by the assertion.
        unsafe { self.start().add(offset) }
    }
}

#[cfg(not(miri))]
impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: our own mapping, which nothing uses afterwards.
        let gone = unsafe { libc::munmap(self.mapping.cast(), self.len() + 2 * self.page) };
        assert_eq!(gone, 0);
    }
}

#[cfg(not(miri))]
#[test]
fn no_byte_beyond_either_end_is_touched() {
    let (source, target) = (Guarded::new(2), Guarded::new(2));
    let page = source.page;
    let copies = copies();
    let lengths = (0..=LONGEST).chain([page - 1, page, page + 1, 2 * page - 1, 2 * page]);
    for n in lengths {
        // Both at the very start, both at the very end, and crosswise.
        let last = source.len() - n;
        for (from, to) in [(0, 0), (last, last), (0, last), (last, 0)] {
            for (_, copy) in &copies {
                // SAFETY: `n` bytes from each offset on are within the pages.
                unsafe { copy(target.at(to), source.at(from), n) };
            }
            for (_, transfer) in TRANSFERS {
                // SAFETY: likewise.
                unsafe { transfer(target.at(to), source.at(from), n) };
            }
            for (_, fill) in FILLS {
                // SAFETY: likewise.
                unsafe { fill(target.at(to), n as u8, n) };
            }
        }
    }
}
