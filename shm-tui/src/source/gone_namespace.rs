//! An IPC namespace without processes: every call fails.

use std::sync::Arc;

use super::live::Live;
use super::{AllNamespaces, Contents, SnapshotOptions, Source, SourceError, Store};
use crate::model::act::{Act, Creation, Outcome};
use crate::model::directory::Process;
use crate::model::dry_run::Caller;
use crate::model::scan::{Abilities, NamespaceScan, Scan};
use crate::model::segment::{Id, Identity};
use crate::model::snapshot::{Limits, Snapshot};

/// A namespace without processes.
#[derive(Debug)]
pub(super) struct GoneNamespace;

impl GoneNamespace {
    fn error() -> SourceError {
        SourceError::new("this IPC namespace no longer exists; n shows those that do")
    }
}

impl Source for GoneNamespace {
    fn snapshot(&self, _: SnapshotOptions) -> Result<Snapshot, SourceError> {
        Err(Self::error())
    }

    fn limits(&self) -> Result<Limits, SourceError> {
        Err(Self::error())
    }

    fn open(&self, _: &Identity) -> Result<Box<dyn Contents>, SourceError> {
        Err(Self::error())
    }

    fn open_to_write(&self, _: &Identity) -> Result<Box<dyn Store>, SourceError> {
        Err(Self::error())
    }

    fn scan(&self, _: Option<Id>) -> Result<Scan, SourceError> {
        Err(Self::error())
    }

    fn abilities(&self) -> Abilities {
        Live::new().abilities()
    }

    fn probe(&self, _: &Identity) -> Result<Scan, SourceError> {
        Err(Self::error())
    }

    fn namespaces(&self) -> Result<NamespaceScan, SourceError> {
        Live::new().namespaces()
    }

    fn all_namespaces(&self) -> Result<AllNamespaces, SourceError> {
        Live::new().all_namespaces()
    }

    fn enter(&self, inode: Option<u64>) -> Arc<dyn Source> {
        Live::new().enter(inode)
    }

    fn act(&self, _: &Act) -> Result<Outcome, SourceError> {
        Err(Self::error())
    }

    fn create(&self, _: &Creation) -> Result<Id, SourceError> {
        Err(Self::error())
    }

    fn process(&self, pid: i32) -> Process {
        Live::new().process(pid)
    }

    fn caller(&self) -> Caller {
        super::caller::caller()
    }
}
