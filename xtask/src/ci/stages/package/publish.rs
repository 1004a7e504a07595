//! Checks the requirements of publication beyond a building package: complete metadata,
//! and lock files that name the project's crates and not unrelated ones with the same
//! name.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::project::{PACKAGES, Result};

/// An unrelated crate on the registry with the library's name.
const UNRELATED: &str = "shm";

/// Fields that every package needs.
const NEEDED: [&str; 6] = [
    "description",
    "license",
    "readme",
    "rust_version",
    "keywords",
    "categories",
];

/// Fields that a person decides on before publication.
const UNDECIDED: [&str; 2] = ["repository", "homepage"];

/// Missing metadata, from `cargo metadata`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct MissingMetadata {
    /// Errors, one line each.
    pub(super) wrong: Vec<String>,
    /// The fields that a publisher still has to fill in.
    pub(super) undecided: Vec<&'static str>,
}

pub(super) fn missing_metadata(metadata: &Value) -> MissingMetadata {
    let mut missing_metadata = MissingMetadata::default();
    for (name, _) in PACKAGES {
        let Some(package) = package(metadata, name) else {
            missing_metadata
                .wrong
                .push(format!("{name}: the workspace has no such package"));
            continue;
        };
        let is_missing = |field: &str| match package.get(field) {
            Some(Value::String(text)) => text.is_empty(),
            Some(Value::Array(list)) => list.is_empty(),
            _ => true,
        };
        let missing = NEEDED.iter().filter(|field| is_missing(field));
        missing_metadata
            .wrong
            .extend(missing.map(|field| format!("{name}: Cargo.toml has no `{field}`")));
        for field in UNDECIDED.into_iter().filter(|field| is_missing(field)) {
            if !missing_metadata.undecided.contains(&field) {
                missing_metadata.undecided.push(field);
            }
        }
    }
    missing_metadata
}

fn package<'a>(metadata: &'a Value, name: &str) -> Option<&'a Value> {
    let packages = metadata.get("packages")?.as_array()?;
    packages
        .iter()
        .find(|package| package.get("name").and_then(Value::as_str) == Some(name))
}

/// Checks the lock files in the packages of a directory: an entry with a name of the
/// project's must be the package in the same directory.
pub(super) fn check_locks(directory: &Path, version: &str) -> Result<Vec<String>> {
    let mut checksums = Vec::new();
    for (name, _) in PACKAGES {
        let bytes = fs::read(archive(directory, name, version))?;
        let sum: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        checksums.push((name, sum));
    }
    let mut wrong = Vec::new();
    for (name, _) in PACKAGES {
        match lock_of(&archive(directory, name, version))? {
            Some(lock) => wrong.extend(check_lock(name, &lock, &checksums)),
            None => wrong.push(format!("{name}: the package has no Cargo.lock")),
        }
    }
    Ok(wrong)
}

fn archive(directory: &Path, name: &str, version: &str) -> std::path::PathBuf {
    directory.join(format!("{name}-{version}.crate"))
}

fn lock_of(archive: &Path) -> Result<Option<String>> {
    let mut archive = tar::Archive::new(GzDecoder::new(File::open(archive)?));
    for entry in archive.entries()? {
        let mut entry = entry?;
        let is_lock = {
            let path = entry.path()?;
            path.components().count() == 2 && path.ends_with("Cargo.lock")
        };
        if is_lock {
            let mut text = String::new();
            entry.read_to_string(&mut text)?;
            return Ok(Some(text));
        }
    }
    Ok(None)
}

/// Returns the findings about one lock file.
fn check_lock(package: &str, lock: &str, checksums: &[(&str, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for entry in lock.split("[[package]]").skip(1) {
        let field = |name: &str| {
            entry.lines().find_map(|line| {
                let value = line.strip_prefix(name)?.strip_prefix(" = ")?;
                Some(value.trim_matches('"'))
            })
        };
        let Some(name) = field("name") else { continue };
        if name == UNRELATED {
            wrong.push(format!(
                "{package}: its Cargo.lock holds `{UNRELATED}`, an unrelated crate"
            ));
        }
        let ours = checksums.iter().find(|(ours, _)| *ours == name);
        if let (Some((_, ours)), Some(locked)) = (ours, field("checksum"))
            && ours != locked
        {
            wrong.push(format!(
                "{package}: its Cargo.lock holds a `{name}` that is not ours (checksum {locked})"
            ));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_under_our_name_is_found() {
        let ours = [("shm-sys", "aa".to_owned())];
        let lock = |name: &str, sum: &str| {
            format!(
                "version = 4\n\n[[package]]\nname = \"{name}\"\nversion = \"0.1.0\"\nchecksum = \"{sum}\"\n"
            )
        };
        assert!(check_lock("p", &lock("shm-sys", "aa"), &ours).is_empty());
        assert!(check_lock("p", &lock("libc", "bb"), &ours).is_empty());
        assert_eq!(check_lock("p", &lock("shm-sys", "bb"), &ours).len(), 1);
        assert_eq!(check_lock("p", &lock("shm", "aa"), &ours).len(), 1);
    }

    #[test]
    fn missing_fields_are_errors_and_undecided_ones_are_named() {
        let whole = serde_json::json!({
            "name": "shm-sys", "description": "d", "license": "l", "readme": "r",
            "rust_version": "1.85", "keywords": ["k"], "categories": ["c"],
        });
        let mut others = [whole.clone(), whole.clone(), whole];
        others[1]["name"] = "sysv-shm".into();
        others[2]["name"] = "shm-tui".into();
        others[2]["keywords"] = serde_json::json!([]);
        let found = missing_metadata(&serde_json::json!({ "packages": others }));
        assert_eq!(found.wrong, ["shm-tui: Cargo.toml has no `keywords`"]);
        assert_eq!(found.undecided, ["repository", "homepage"]);
    }
}
