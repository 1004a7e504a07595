// The options with which bindgen reads `wrapper.h`, for the committed files (`cargo xtask
// bindings`) and for the feature `bindgen` (build.rs); both include this file. What
// bindgen drops or mistypes is repaired here or in the wrapper, never by editing its
// output.

use std::path::{Path, PathBuf};

use bindgen::callbacks::{
    DeriveTrait, ImplementsTrait, IntKind, ItemInfo, MacroParsingBehavior, ParseCallbacks,
};

/// The input of the generator.
pub(crate) struct Request<'a> {
    /// The wrapper header.
    pub(crate) wrapper: &'a Path,
    /// The triple for clang.
    pub(crate) clang_target: &'a str,
    /// Directories of system headers, the only ones searched, in this order. If empty,
    /// clang searches the host's.
    pub(crate) include: &'a [PathBuf],
    /// Further arguments for clang.
    pub(crate) clang_args: &'a [String],
}

/// The functions, in the order of their manual pages.
const FUNCTIONS: &str = "shmget|shmat|shmdt|shmctl|ftok";

/// Structures that no function signature mentions.
const STRUCTURES: &str =
    "ipc_perm|shminfo|shm_info|shmid_kernel|shm_sysctl_info|shmid_ds_sysctl|IPCS_command";

/// Base types taken from libc, so that values pass between both crates.
const LIBC_TYPES: [&str; 5] = ["gid_t", "key_t", "mode_t", "pid_t", "uid_t"];

/// FreeBSD's kernel structures behind the pointers of `shmid_kernel`.
const OPAQUE: [&str; 3] = ["vm_object", "label", "ucred"];

/// Prefix of names in the wrapper that replace a macro.
const PREFIX: &str = "shm_sys_";

/// Minor and patch number of the oldest Rust that must accept the output.
const OLDEST_RUST: (u64, u64) = (85, 0);

/// Macros that the wrapper redefines under [`PREFIX`].
const RESTATED: [&str; 2] = ["IPC_PRIVATE", "SHM_HUGE_16GB"];

/// Returns the options. The caller may add a formatter before it generates.
pub(crate) fn builder(request: &Request<'_>) -> Result<bindgen::Builder, String> {
    let (minor, patch) = OLDEST_RUST;
    let rust_target = bindgen::RustTarget::stable(minor, patch)
        .map_err(|error| format!("bindgen does not know Rust 1.{minor}: {error}"))?;
    let mut clang_args = vec![format!("--target={}", request.clang_target)];
    if !request.include.is_empty() {
        clang_args.push("-nostdinc".to_owned());
        for directory in request.include {
            clang_args.push("-isystem".to_owned());
            clang_args.push(directory.display().to_string());
        }
    }
    clang_args.extend_from_slice(request.clang_args);

    let mut builder = bindgen::builder()
        .header(request.wrapper.display().to_string())
        .clang_args(clang_args)
        .rust_target(rust_target)
        .rust_edition(bindgen::RustEdition::Edition2024)
        .use_core()
        .ctypes_prefix("libc")
        .generate_cstr(true)
        .derive_default(true)
        .layout_tests(true)
        .disable_header_comment()
        .allowlist_function(FUNCTIONS)
        .allowlist_type(STRUCTURES)
        .allowlist_var("_?(IPC|IPCS|SHM|SHMSEG)_[A-Z0-9_]+|SHMLBA")
        .allowlist_var("CTL_KERN|KERN_SYSV(IPC|SHM)[A-Z_]*|KERN_SHMINFO[A-Z_]*")
        .allowlist_var(format!("{PREFIX}[A-Z].*"))
        .parse_callbacks(Box::new(Repairs {
            glibc: request.clang_target.contains("-linux-gnu"),
        }));
    for name in LIBC_TYPES {
        builder = builder.blocklist_type(libc_type_pattern(name));
    }
    for name in OPAQUE {
        builder = builder.blocklist_type(name);
    }
    Ok(builder)
}

/// Completes bindgen's output: adds the types that were excluded, and `SHMLBA` where the
/// header defines it as a function call.
pub(crate) fn complete(generated: &str) -> String {
    let mut text = String::new();
    let used: Vec<_> = LIBC_TYPES
        .iter()
        .copied()
        .filter(|name| mentions(generated, name))
        .collect();
    text.push_str(&format!("pub use libc::{{{}}};\n", used.join(", ")));
    for name in OPAQUE.iter().filter(|name| mentions(generated, name)) {
        text.push_str(&format!(
            "/// Of the kernel; only its address is ever seen.\npub type {name} = libc::c_void;\n"
        ));
    }
    text.push('\n');
    text.push_str(generated);
    if !generated.contains("pub const SHMLBA:") {
        text.push_str(SHMLBA_FUNCTION);
    }
    text
}

/// A function where the header's `SHMLBA` calls for the page size.
const SHMLBA_FUNCTION: &str = "
/// Multiple that attach addresses are rounded to: asks for the page size, as
/// the header's macro of this name does.
#[must_use]
pub fn SHMLBA() -> libc::c_int {
    crate::shmlba()
}
";

/// `uid_t` is `__uid_t` in glibc and FreeBSD, `__darwin_uid_t` in macOS.
fn libc_type_pattern(name: &str) -> String {
    format!("(__(darwin_)?)?{name}")
}

/// Returns whether `text` contains `name` as a word.
fn mentions(text: &str, name: &str) -> bool {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(start, _)| {
        let before = text.get(..start).and_then(|part| part.chars().next_back());
        let after = text
            .get(start + name.len()..)
            .and_then(|part| part.chars().next());
        !before.is_some_and(in_word) && !after.is_some_and(in_word)
    })
}

/// Repairs by name, while bindgen parses.
#[derive(Debug)]
struct Repairs {
    glibc: bool,
}

impl ParseCallbacks for Repairs {
    fn will_parse_macro(&self, name: &str) -> MacroParsingBehavior {
        if RESTATED.contains(&name) {
            MacroParsingBehavior::Ignore
        } else {
            MacroParsingBehavior::Default
        }
    }

    /// Flags and commands are `int` in every call; bindgen would choose `u32`.
    fn int_macro(&self, _name: &str, _value: i64) -> Option<IntKind> {
        Some(IntKind::Custom {
            name: "libc::c_int",
            is_signed: true,
        })
    }

    /// libc's types and the pointers' targets implement `Copy` and `Debug`.
    fn blocklisted_type_implements_trait(
        &self,
        _name: &str,
        wanted: DeriveTrait,
    ) -> Option<ImplementsTrait> {
        match wanted {
            DeriveTrait::Copy | DeriveTrait::Debug | DeriveTrait::Default => {
                Some(ImplementsTrait::Yes)
            }
            _ => None,
        }
    }

    fn item_name(&self, item: ItemInfo<'_>) -> Option<String> {
        if let Some(name) = item.name.strip_prefix(PREFIX) {
            return Some(name.to_owned());
        }
        // macOS renames the structures by macro; the bindings use the plain names.
        if let Some(name) = item
            .name
            .strip_prefix("__")
            .and_then(|name| name.strip_suffix("_new"))
        {
            return Some(name.to_owned());
        }
        // Defined here, because libc's has 32 bits where musl's header has 64. glibc's
        // structures use only this name.
        if self.glibc && item.name == "__time_t" {
            return Some("time_t".to_owned());
        }
        let plain = item
            .name
            .strip_prefix("__darwin_")
            .or_else(|| item.name.strip_prefix("__"));
        plain
            .filter(|name| LIBC_TYPES.contains(name))
            .map(str::to_owned)
    }
}
