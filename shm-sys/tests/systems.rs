//! Reads the committed files as text on any system: each has the names and values of its
//! own system only. The cases are mistakes of tables written by hand: one value of
//! `SHM_LOCK` for all systems, and Linux's flags everywhere.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

/// One file's constants.
struct System {
    name: String,
    constants: BTreeMap<String, String>,
    text: String,
}

impl System {
    fn is(&self, family: &str) -> bool {
        self.name.starts_with(family)
    }

    fn value(&self, constant: &str) -> Option<i64> {
        self.constants
            .get(constant)
            .map(|value| value.parse().unwrap())
    }

    fn has(&self, constant: &str) -> bool {
        self.constants.contains_key(constant)
    }
}

macro_rules! committed {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../src/bindings/", $name, ".rs")))),+]
    };
}

/// Compiled in, because this runs on machines without the sources.
const FILES: [(&str, &str); 16] = committed!(
    "dragonfly",
    "freebsd",
    "linux_gnu_64",
    "linux_gnu_arm",
    "linux_gnu_i686",
    "linux_gnu_mips64",
    "linux_gnu_powerpc64",
    "linux_musl_64",
    "linux_musl_arm",
    "linux_musl_i686",
    "linux_musl_mips64",
    "linux_musl_powerpc64",
    "macos_aarch64",
    "macos_x86_64",
    "netbsd",
    "openbsd",
);

fn systems() -> Vec<System> {
    FILES
        .iter()
        .map(|(name, text)| System {
            name: (*name).to_owned(),
            constants: text.lines().filter_map(constant).collect(),
            text: (*text).to_owned(),
        })
        .collect()
}

#[test]
fn every_committed_file_is_looked_at() {
    let chosen = include_str!("../src/bindings/mod.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("mod "));
    // `missing` is for targets outside the table and has no file.
    let chosen = chosen.filter(|rest| rest.ends_with(';'));
    let mut chosen: Vec<_> = chosen.map(|rest| rest.trim_end_matches(';')).collect();
    chosen.sort_unstable();
    assert_eq!(chosen, FILES.map(|(name, _)| name));
}

/// Name and value of `pub const NAME: libc::c_int = VALUE;`.
fn constant(line: &str) -> Option<(String, String)> {
    let (name, rest) = line.strip_prefix("pub const ")?.split_once(": ")?;
    let value = rest.strip_prefix("libc::c_int = ")?.strip_suffix(';')?;
    Some((name.to_owned(), value.to_owned()))
}

#[test]
fn locking_is_11_on_linux_and_freebsd_3_on_netbsd_and_openbsd_and_absent_elsewhere() {
    for system in systems() {
        let expected = if system.is("linux") || system.is("freebsd") {
            (Some(11), Some(12))
        } else if system.is("netbsd") || system.is("openbsd") {
            (Some(3), Some(4))
        } else {
            (None, None)
        };
        assert_eq!(
            (system.value("SHM_LOCK"), system.value("SHM_UNLOCK")),
            expected,
            "{}",
            system.name
        );
    }
}

#[test]
fn flags_of_linux_are_nowhere_else() {
    let of_linux = [
        "SHM_EXEC",
        "SHM_HUGETLB",
        "SHM_NORESERVE",
        "SHM_DEST",
        "SHM_LOCKED",
        "SHM_STAT_ANY",
        "SHM_HUGE_SHIFT",
        "SHM_HUGE_MASK",
        "SHM_HUGE_16KB",
        "SHM_HUGE_2MB",
        "SHM_HUGE_16GB",
    ];
    for system in systems() {
        for name in of_linux {
            assert_eq!(
                system.has(name),
                system.is("linux"),
                "{name} in {}",
                system.name
            );
        }
        for name in ["SHM_REMAP", "SHM_STAT", "SHM_INFO", "IPC_INFO"] {
            assert_eq!(
                system.has(name),
                system.is("linux") || system.is("freebsd"),
                "{name} in {}",
                system.name
            );
        }
    }
}

#[test]
fn helper_bits_of_the_bsds_are_not_on_linux() {
    for system in systems() {
        for name in ["IPC_R", "IPC_W", "IPC_M", "SHMSEG_REMOVED"] {
            assert_eq!(
                system.has(name),
                !system.is("linux"),
                "{name} in {}",
                system.name
            );
        }
    }
}

#[test]
fn the_status_command_asks_for_64_bit_times_on_32_bit_musl_only() {
    for system in systems() {
        let with_times = system.name == "linux_musl_i686" || system.name == "linux_musl_arm";
        assert_eq!(
            system.value("IPC_STAT"),
            Some(if with_times { 0x102 } else { 2 }),
            "{}",
            system.name
        );
        if system.is("linux") {
            let expected = if with_times { (0x10d, 0x10f) } else { (13, 15) };
            assert_eq!(
                (system.value("SHM_STAT"), system.value("SHM_STAT_ANY")),
                (Some(expected.0), Some(expected.1))
            );
        }
    }
}

#[test]
fn netbsd_links_the_control_call_of_its_header() {
    for system in systems() {
        let renamed = system.text.contains("#[link_name = \"\\u{1}__shmctl50\"]");
        assert_eq!(renamed, system.is("netbsd"), "{}", system.name);
        for call in ["shmget", "shmat", "shmdt", "shmctl", "ftok"] {
            assert!(
                system.text.contains(&format!("pub fn {call}(")),
                "{call} in {}",
                system.name
            );
        }
    }
}

#[test]
fn removed_segments_are_marked_as_each_kernel_marks_them() {
    for system in systems() {
        let (name, bit) = match system.name.as_str() {
            linux if linux.starts_with("linux") => ("SHM_DEST", 0o1000),
            "openbsd" => ("SHMSEG_REMOVED", 0o1000),
            _ => ("SHMSEG_REMOVED", 0o2000),
        };
        assert_eq!(system.value(name), Some(bit), "{}", system.name);
    }
}

#[test]
fn what_listing_and_limits_need_is_there() {
    for system in systems() {
        let structures: &[&str] = match system.name.as_str() {
            linux if linux.starts_with("linux") => &["shminfo", "shm_info"],
            "freebsd" => &["shmid_kernel", "shminfo"],
            "netbsd" => &[
                "shm_sysctl_info",
                "shmid_ds_sysctl",
                "ipc_perm_sysctl",
                "shminfo",
            ],
            "openbsd" => &["shm_sysctl_info", "shminfo"],
            macos if macos.starts_with("macos") => &["IPCS_command", "shminfo"],
            "dragonfly" => &["shminfo"],
            other => panic!("{other} is not known to this test"),
        };
        for structure in structures.iter().chain(&["shmid_ds", "ipc_perm"]) {
            assert!(
                system.text.contains(&format!("pub struct {structure} ")),
                "{structure} in {}",
                system.name
            );
            assert!(
                system.text.contains(&format!("size_of::<{structure}>()")),
                "{structure} in {}",
                system.name
            );
        }
    }
}

#[test]
fn management_numbers_are_those_of_the_running_kernels() {
    // mib {1, 82, 1, 6} on NetBSD, {1, 51, 3} on OpenBSD.
    for system in systems() {
        let mib = |names: [&str; 3]| names.map(|name| system.value(name));
        match system.name.as_str() {
            "netbsd" => {
                assert_eq!(system.value("KERN_SYSVIPC"), Some(82));
                let rest = mib(["CTL_KERN", "KERN_SYSVIPC_INFO", "KERN_SYSVIPC_SHM_INFO"]);
                assert_eq!(rest, [Some(1), Some(1), Some(6)]);
            }
            "openbsd" => {
                let all = mib(["CTL_KERN", "KERN_SYSVIPC_INFO", "KERN_SYSVIPC_SHM_INFO"]);
                assert_eq!(all, [Some(1), Some(51), Some(3)]);
            }
            _ => assert!(!system.has("KERN_SYSVIPC_INFO"), "{}", system.name),
        }
    }
}
