//! This system, through the `shm` crate: the only file that uses it.

use std::path::Path;

use super::{Contents, Source, SourceError, processes};
use crate::model::directory::Process;
use crate::model::segment::Identity;
use crate::model::snapshot::Snapshot;

/// This system.
#[derive(Debug, Default)]
pub struct Live {}

impl Live {
    /// This system.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Source for Live {
    fn snapshot(&self, _memory: bool) -> Result<Snapshot, SourceError> {
        Err(SourceError::new("not yet"))
    }

    fn open(&self, _target: &Identity) -> Result<Box<dyn Contents>, SourceError> {
        Err(SourceError::new("not yet"))
    }

    fn process(&self, pid: i32) -> Process {
        processes::look_up(Path::new("/proc"), pid)
    }
}
