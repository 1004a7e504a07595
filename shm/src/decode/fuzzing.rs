//! What the fuzz targets call, one function a decoder: the decoders themselves
//! are private. Only compiled with `--cfg fuzzing`, as `cargo fuzz` does.
//!
//! Each asserts what must hold of any input besides not panicking: nothing is
//! found that there was no room for.

use alloc::string::String;

use super::{dragonfly, freebsd, freebsd_vm, macos, maps, netbsd, openbsd, sysvipc};

/// `kern.ipc.shmsegs`; the first two bytes say how many slots were promised.
pub fn freebsd_segments(input: &[u8]) {
    let Some((slots, table)) = input.split_first_chunk::<2>() else {
        return;
    };
    let slots = usize::from(u16::from_le_bytes(*slots));
    if let Ok(found) = freebsd::segments(table, slots) {
        assert!(found.len() <= slots && slots * freebsd::STRIDE == table.len());
    }
    let fitting = table.len() / freebsd::STRIDE;
    let whole = table.get(..fitting * freebsd::STRIDE).unwrap_or_default();
    assert!(freebsd::segments(whole, fitting).is_ok_and(|found| found.len() <= fitting));
}

/// `kern.proc.vmmap`.
pub fn freebsd_mappings(input: &[u8]) {
    if let Ok(found) = freebsd_vm::mappings(input) {
        assert!(found.len() <= input.len() / freebsd_vm::PATH);
    }
}

/// `kern.ipc.sysvipc_info`.
pub fn netbsd_segments(input: &[u8]) {
    if let Ok(found) = netbsd::segments(input) {
        assert!(found.len() <= (input.len() - netbsd::HEADER) / netbsd::STRIDE);
        assert!(netbsd::limits(input, 4096).is_ok());
    }
}

/// `KERN_SYSVIPC_SHM_INFO`.
pub fn openbsd_segments(input: &[u8]) {
    if let Ok(found) = openbsd::segments(input) {
        assert!(found.len() <= (input.len() - openbsd::HEADER) / openbsd::STRIDE);
        assert!(openbsd::limits(input, 4096).is_ok());
    }
}

/// `kern.sysv.ipcs.shm`.
pub fn macos_segment(input: &[u8]) {
    assert_eq!(
        macos::segment(input, input.len()).is_ok(),
        input.len() == macos::STRIDE
    );
    assert_eq!(
        macos::limits(input, 4096).is_ok(),
        input.len() == macos::LIMITS
    );
}

/// The output of `ipcs -am`.
pub fn dragonfly_rows(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Ok(found) = dragonfly::rows(&text) {
        assert!(found.len() <= text.lines().count());
    }
}

/// `/proc/sysvipc/shm`.
pub fn linux_segments(input: &[u8]) {
    if let Ok(found) = sysvipc::segments(input, 4096) {
        let lines = input.split(|byte| *byte == b'\n').count();
        assert!(found.len() < lines.max(2));
    }
}

/// `/proc/PID/maps`.
pub fn linux_mappings(input: &[u8]) {
    for mapping in maps::mappings(input) {
        let key = alloc::format!("{:08x}", mapping.key.as_raw() as u32);
        assert!(
            input
                .to_ascii_lowercase()
                .windows(8)
                .any(|found| found == key.as_bytes())
        );
    }
}
