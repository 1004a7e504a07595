//! Paths of the project: the workspace, its target directory, the tools.

use std::env;
use std::path::{Path, PathBuf};

/// The result of a chore; the user sees the text of an error unchanged.
pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Returns the workspace's directory.
pub(crate) fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// Returns cargo's target directory.
pub(crate) fn target_dir() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => root().join("target"),
    }
}

/// Returns the directory into which `cargo xtask setup` installs tools. CI keeps it
/// outside the clone.
pub(crate) fn tools_dir() -> PathBuf {
    match env::var_os("XTASK_TOOLS_DIR") {
        Some(directory) => root().join(directory),
        None => target_dir().join("tools"),
    }
}

/// Returns the directory of `shm-sys`'s generator.
pub(crate) fn generator_dir() -> PathBuf {
    root().join("shm-sys").join("gen")
}

/// Returns the directory of the committed bindings.
pub(crate) fn bindings_dir() -> PathBuf {
    root().join("shm-sys").join("src").join("bindings")
}

/// Returns `path` relative to the workspace, for messages.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}

/// The packages for users and their folders, each after its dependencies.
pub(crate) const PACKAGES: [(&str, &str); 3] = [
    ("shm-sys", "shm-sys"),
    ("sysv-shm", "shm"),
    ("shm-tui", "shm-tui"),
];
