//! The entry points of the fuzz targets, one function per decoder, because the decoders
//! are private. Only compiled with `--cfg fuzzing`, as `cargo fuzz` does.
//!
//! Besides not panicking, each asserts for any input that nothing is found beyond the
//! input's room.

use alloc::string::String;

use super::{
    dragonfly, freebsd, freebsd_objects, freebsd_vm, macos, macos_regions, maps, netbsd, netbsd_vm,
    openbsd, process, procfs_map, sysvipc,
};

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

/// `vm.objects`.
pub fn freebsd_objects(input: &[u8]) {
    if let Ok(found) = freebsd_objects::objects(input) {
        assert!(found.len() <= input.len() / freebsd_objects::PATH);
    }
}

/// `vm.proc.map`.
pub fn netbsd_mappings(input: &[u8]) {
    if let Ok(found) = netbsd_vm::mappings(input) {
        assert!(found.len() <= input.len() / netbsd_vm::STRIDE);
    }
}

/// `/proc/PID/map` of DragonFly and FreeBSD.
pub fn procfs_mappings(input: &[u8]) {
    let found = procfs_map::mappings(input);
    let lines = input.split(|byte| *byte == b'\n').count();
    assert!(found.len() <= lines && found.iter().all(|found| found.start < found.end));
}

/// `PROC_PIDREGIONINFO`.
pub fn macos_region(input: &[u8]) {
    assert_eq!(
        macos_regions::region(input).is_ok(),
        input.len() == macos_regions::SIZE
    );
}

/// Decodes the records and arguments of processes in every system's form.
pub fn processes(input: &[u8]) {
    use process::{arguments, layouts};

    for layout in [
        layouts::FREEBSD,
        layouts::DRAGONFLY,
        layouts::NETBSD,
        layouts::OPENBSD,
        layouts::MACOS,
    ] {
        assert_eq!(layout.decode(input).is_ok(), input.len() == layout.size);
        let whole = input.len() % layout.size == 0;
        assert_eq!(layout.pids(input).is_ok(), whole);
    }
    assert!(arguments::strings(input).len() <= input.len());
    assert!(arguments::pointers(input, 1 << 40).len() <= input.len() / 8);
    assert!(arguments::counted(input).len() <= input.len());
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

/// Decodes the output of `ipcs -am`.
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
