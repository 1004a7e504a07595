//! Where things lie: the workspace, its target directory, the tools.

use std::env;
use std::path::{Path, PathBuf};

/// What a chore returns; the text of an error is shown to the user as it is.
pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The workspace's directory.
pub(crate) fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// Cargo's target directory.
pub(crate) fn target_dir() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => root().join("target"),
    }
}

/// Where `cargo xtask setup` puts tools. CI keeps them outside the clone.
pub(crate) fn tools_dir() -> PathBuf {
    match env::var_os("XTASK_TOOLS_DIR") {
        Some(directory) => root().join(directory),
        None => target_dir().join("tools"),
    }
}

/// What `shm-sys` is generated from.
pub(crate) fn generator_dir() -> PathBuf {
    root().join("shm-sys").join("gen")
}

/// Where the committed bindings lie.
pub(crate) fn bindings_dir() -> PathBuf {
    root().join("shm-sys").join("src").join("bindings")
}

/// `path` as seen from the workspace, for messages.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}

/// The packages that users get, each after those that it depends on, and their folders.
pub(crate) const PACKAGES: [(&str, &str); 3] = [
    ("shm-sys", "shm-sys"),
    ("sysv-shm", "shm"),
    ("shm-tui", "shm-tui"),
];
