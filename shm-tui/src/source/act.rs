//! Does something to a segment of this system, after one more look at it.

use super::SourceError;
use super::live::{Own, failed, segment};
use crate::model::act::{Act, Deed, Outcome};

/// Carries an act out in the namespace of the calling thread.
pub(super) fn act(act: &Act) -> Result<Outcome, SourceError> {
    let handle = shm::Segment::from_id(shm::SegmentId::from_raw(act.target.id));
    let handle = match handle {
        Ok(handle) => handle,
        Err(error) => return gone(error),
    };
    let now = match handle.stat() {
        Ok(stat) => Some(stat),
        // Its owner may remove what it may not read: the listing needs no right.
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            let list = shm::segments().map_err(failed)?;
            list.iter().find(|stat| stat.id == handle.id()).cloned()
        }
        Err(error) => return gone(error),
    };
    // Attachments are of no interest here, so neither are this program's own.
    let now = now.map(|stat| segment(&stat, &Own::new()));
    match act.check(now.as_ref()) {
        Ok(()) => {}
        Err(Ok(outcome)) => return Ok(outcome),
        Err(Err(changed)) => {
            let id = act.target.id;
            return Err(SourceError::new(format!(
                "segment {id} is left alone: {changed}"
            )));
        }
    }
    let done = match act.deed {
        Deed::Remove => handle.remove(),
    };
    match done {
        Ok(()) => Ok(Outcome::Done),
        Err(error) => gone(error),
    }
}

/// Whoever was faster has done it.
fn gone(error: shm::Error) -> Result<Outcome, SourceError> {
    match error.cause() {
        shm::Cause::Gone => Ok(Outcome::WasGone),
        _ => Err(failed(error)),
    }
}
