//! Systems with a single set of segments.

use super::{Namespace, Namespaces};
use crate::error::{Cause, Error, Operation, Result, Target};
use crate::processes::{self, ProcessScan};

const NONE: Cause = Cause::Unsupported {
    what: "only Linux has IPC namespaces",
};

pub(super) fn all() -> Result<Namespaces> {
    Err(none())
}

pub(super) fn of_process(_pid: i32) -> Result<Namespace> {
    Err(none())
}

pub(super) fn own_inode() -> Option<u64> {
    None
}

pub(super) fn scan(_inode: Option<u64>) -> Result<ProcessScan> {
    processes::scan_processes()
}

/// Never called: no namespace has an inode here.
pub(super) fn enter<T>(
    _inode: u64,
    _processes: &[i32],
    _work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    Err(none())
}

fn none() -> Error {
    Error::refused(Operation::EnterNamespace, Target::Segments, NONE)
}
