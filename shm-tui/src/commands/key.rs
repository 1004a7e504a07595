//! `shm-tui key`: the key that `ftok(3)` derives from a file.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::print;
use crate::cli::{KeyOf, Project};
use crate::model::segment::Key;

pub(super) fn run(arguments: &KeyOf) -> io::Result<ExitCode> {
    print(&format!("{}\n", of(&arguments.path, arguments.project)?))?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the key of a file and a project.
fn of(path: &Path, project: Project) -> io::Result<Key> {
    let key = shm::Key::from_path(path, project.0).map_err(io::Error::other)?;
    Ok(Key(key.bits()))
}

/// Returns the key that the values of `--path` name: a file, and a project after it.
pub(super) fn of_values(values: &[PathBuf]) -> io::Result<Key> {
    let (path, project) = match values {
        [path] => (path, Project(1)),
        [path, project] => (
            path,
            project
                .to_string_lossy()
                .parse()
                .map_err(io::Error::other)?,
        ),
        _ => return Err(io::Error::other("--path takes a file and a project")),
    };
    of(path, project)
}
