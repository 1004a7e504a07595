#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| shm::fuzzing::linux_mappings(input));
