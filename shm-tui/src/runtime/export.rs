//! Writes files that the user requests.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Writes `text` to a new file that only the user may read; never overwrites a file.
/// Returns a message about the result.
///
/// # Errors
///
/// If the file exists or cannot be written.
pub(super) fn write(path: &Path, text: &str) -> Result<String, String> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| format!("cannot create {}: {error}", path.display()))?;
    match file.write_all(text.as_bytes()) {
        Ok(()) => Ok(format!("wrote {}", path.display())),
        Err(error) => Err(format!("cannot write {}: {error}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_and_never_overwritten() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("events");
        assert!(write(&path, "one\n").is_ok());
        assert!(write(&path, "two\n").unwrap_err().contains("exists"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\n");
    }
}
