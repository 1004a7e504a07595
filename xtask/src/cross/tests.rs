//! Test executables of another system: one call of cargo builds them, and its messages
//! name them.

use std::path::PathBuf;

use xshell::Shell;

use super::standard::Standard;
use crate::project::Result;
use crate::targets::Target;

/// A test executable, or the browser.
#[derive(Debug, Clone)]
pub(crate) struct Executable {
    /// The package, the same as its directory's name.
    pub(crate) package: String,
    /// Its name in the package: `errors`, or the crate's for unit tests.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// Whether it contains tests, unlike the browser itself.
    pub(crate) is_test: bool,
}

/// Returns the call that builds the selected test executables of one target. `chosen` has
/// cargo's arguments (`-p shm --lib --test errors`).
pub(crate) fn build<'a>(
    shell: &'a Shell,
    standard: &Standard,
    target: &Target,
    chosen: &[&str],
) -> Result<xshell::Cmd<'a>> {
    Ok(super::cargo(shell, standard, &[target], "test")?
        .args(["--no-run", "--message-format=json-render-diagnostics"])
        .args(chosen))
}

/// Returns the executables named in the output of that call.
pub(crate) fn executables(lines: &[String]) -> Vec<Executable> {
    lines.iter().filter_map(|line| executable(line)).collect()
}

fn executable(line: &str) -> Option<Executable> {
    let message: serde_json::Value = serde_json::from_str(line).ok()?;
    let path = PathBuf::from(message.get("executable")?.as_str()?);
    let manifest = PathBuf::from(message.get("manifest_path")?.as_str()?);
    let target = message.get("target")?;
    Some(Executable {
        package: manifest.parent()?.file_name()?.to_str()?.to_owned(),
        name: target.get("name")?.as_str()?.to_owned(),
        path,
        is_test: message.get("profile")?.get("test")?.as_bool()?,
    })
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn executables_are_found_in_what_cargo_says() {
        let lines = [
            r#"{"reason":"compiler-artifact","manifest_path":"/w/shm/Cargo.toml","target":{"name":"shm"},"profile":{"test":false},"executable":null}"#,
            r#"{"reason":"compiler-artifact","manifest_path":"/w/shm/Cargo.toml","target":{"name":"errors"},"profile":{"test":true},"executable":"/t/deps/errors-53b5"}"#,
            "   Compiling shm v0.1.0 (/w/shm)",
            r#"{"reason":"build-finished","success":true}"#,
        ]
        .map(str::to_owned);
        let found = executables(&lines);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].package, "shm");
        assert_eq!(found[0].name, "errors");
        assert!(found[0].is_test);
    }
}
