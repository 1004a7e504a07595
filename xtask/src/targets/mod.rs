//! The targets: their ABI, their names for clang and zig, and their headers. Only
//! `table.rs` has rows.

mod table;

pub(crate) use table::TARGETS;

/// A rustc target that `shm-sys` has bindings for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    /// Its name for rustc.
    pub(crate) triple: &'static str,
    /// The file under `shm-sys/src/bindings/` that it uses.
    pub(crate) abi: &'static str,
    /// Its name for clang.
    pub(crate) clang: &'static str,
    /// Its name for `zig cc`; without a system where zig has no libc for it.
    pub(crate) zig: &'static str,
    /// The source of its headers.
    pub(crate) headers: Headers,
    /// The `cfg` values that distinguish it.
    pub(crate) cfg: Cfg,
}

/// The source of a target's headers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Headers {
    /// Directories under `lib/libc/include` of the Python package `ziglang`, in search
    /// order.
    Zig(&'static [&'static str]),
    /// A directory under `shm-sys/gen`, and the source it was transcribed from.
    Transcribed {
        directory: &'static str,
        source: &'static str,
    },
}

/// The values of rustc's `target_os`, `_env`, `_arch`, `_endian`, `_pointer_width`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cfg {
    pub(crate) os: &'static str,
    pub(crate) env: &'static str,
    pub(crate) arch: &'static str,
    pub(crate) endian: &'static str,
    pub(crate) width: u8,
}

impl Target {
    /// Returns the row of a triple.
    pub(crate) fn of(triple: &str) -> Option<&'static Self> {
        TARGETS.iter().find(|target| target.triple == triple)
    }
}

/// Returns every ABI once, in the order of the table.
pub(crate) fn abis() -> Vec<&'static str> {
    let mut abis = Vec::new();
    for target in TARGETS {
        if !abis.contains(&target.abi) {
            abis.push(target.abi);
        }
    }
    abis
}

/// Returns the rows that share an ABI.
pub(crate) fn with_abi(abi: &str) -> impl Iterator<Item = &'static Target> + '_ {
    TARGETS.iter().filter(move |target| target.abi == abi)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docs_rs_is_told_every_target_of_the_table() {
        let known: Vec<_> = TARGETS.iter().map(|target| target.triple).collect();
        for folder in ["shm-sys", "shm"] {
            let manifest = crate::project::root().join(folder).join("Cargo.toml");
            let text = std::fs::read_to_string(manifest).unwrap();
            let (_, rest) = text.split_once("\ntargets = [\n").unwrap();
            let (list, _) = rest.split_once(']').unwrap();
            let listed: Vec<_> = list
                .lines()
                .map(|line| line.trim().trim_matches([',', '"']))
                .collect();
            assert_eq!(listed, known, "{folder}");
        }
    }
}
