//! Acts on a segment of this system after reading it again, or creates one.

use super::SourceError;
use super::convert::{Own, failed, segment};
use crate::model::act::{Act, Creation, Operation, Outcome, Permissions, Refused};
use crate::model::key::{Key, KeyError, WIDTH};
use crate::model::segment::{Id, Segment};

/// Carries an act out in the namespace of the calling thread.
pub(super) fn act(act: &Act) -> Result<Outcome, SourceError> {
    let handle = shm::Segment::open_id(shm::SegmentId::from_raw(act.target.id));
    let handle = match handle {
        Ok(handle) => handle,
        Err(error) => return gone(act, error),
    };
    let now = match handle.stat() {
        Ok(stat) => Some(stat),
        // The owner may remove a segment without the right to read it; the listing needs
        // no right.
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            let list = shm::segments().map_err(failed)?;
            list.iter().find(|stat| stat.id == handle.id()).cloned()
        }
        Err(error) => return gone(act, error),
    };
    // Attachments do not matter here, so this program's own are not subtracted.
    let now = now.map(|stat| segment(&stat, &Own::new()));
    match act.check(now.as_ref()) {
        Ok(()) => {}
        Err(Ok(outcome)) => return Ok(outcome),
        Err(Err(unfit)) => return Err(left_alone(act, unfit)),
    }
    let done = match act.operation {
        Operation::Remove => handle.remove(),
        Operation::Permit(permissions) => handle.set_permissions(&wanted(permissions)?),
        Operation::Lock => handle.lock(),
        Operation::Unlock => handle.unlock(),
    };
    match done {
        Ok(()) => Ok(Outcome::Done),
        Err(error) => gone(act, error),
    }
}

fn left_alone(act: &Act, unfit: Refused) -> SourceError {
    let id = act.target.id;
    SourceError::new(format!("segment {id} is left alone: {unfit}"))
}

/// Some systems answer for a segment that is marked for removal as if it no longer
/// existed, but list it. A removal by somebody else counts as done.
fn gone(act: &Act, error: shm::Error) -> Result<Outcome, SourceError> {
    match error.cause() {
        shm::Cause::Gone => act
            .gone_or_marked(listed(act.target.id).as_ref())
            .map_err(|unfit| left_alone(act, unfit)),
        _ => Err(failed(error)),
    }
}

/// Returns the segment from the listing, which needs no right to read it.
pub(super) fn listed(id: Id) -> Option<Segment> {
    let list = shm::segments().ok()?;
    let stat = list.iter().find(|stat| stat.id.as_raw() == id)?;
    Some(segment(stat, &Own::new()))
}

fn mode(bits: u16) -> Result<shm::Mode, SourceError> {
    let wrong = || SourceError::new(format!("0{bits:o} is not a mode"));
    shm::Mode::from_bits(bits.into()).ok_or_else(wrong)
}

fn wanted(permissions: Permissions) -> Result<shm::Permissions, SourceError> {
    let Permissions {
        owner,
        group,
        mode: bits,
    } = permissions;
    let mut wanted = shm::Permissions::new();
    if let Some(owner) = owner {
        wanted = wanted.owner(owner);
    }
    if let Some(group) = group {
        wanted = wanted.group(group);
    }
    if let Some(bits) = bits {
        wanted = wanted.mode(mode(bits)?);
    }
    Ok(wanted)
}

/// Creates a segment in the namespace of the calling thread.
pub(super) fn create(creation: &Creation) -> Result<Id, SourceError> {
    let size = usize::try_from(creation.size).map_err(|_| {
        SourceError::new("the segment would be larger than this program can address")
    })?;
    let options = shm::SegmentOptions::new()
        .size(size)
        .mode(mode(creation.mode)?);
    let made = match creation.key {
        Some(key) => options.create_new(true).open(kernel_key(key)?),
        None => options.private(),
    };
    Ok(made.map_err(failed)?.id().as_raw())
}

/// Converts the key to the kernel's type, which may be narrower than a script's key.
fn kernel_key(key: Key) -> Result<shm::Key, SourceError> {
    let too_wide = || SourceError::new(format!("{key} {}", KeyError::TooWide(WIDTH)));
    shm::Key::from_bits(key.bits()).ok_or_else(too_wide)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::act::Act;
    use crate::source::SnapshotOptions;
    use crate::source::Source as _;
    use crate::source::live::Live;

    #[test]
    fn the_widest_key_of_this_system_is_made_listed_and_removed() {
        let source = Live::new();
        // The top bit: not a 32-bit number on the BSDs, a negative one elsewhere.
        let key = Key(shm::Key::random().bits() | 1 << (WIDTH - 1));
        let creation = Creation {
            key: Some(key),
            size: 4096,
            mode: 0o600,
        };
        let id = source.create(&creation).unwrap();
        let made = shm::Segment::open(kernel_key(key).unwrap()).unwrap();
        assert_eq!(made.id().as_raw(), id);
        let made = made.remove_on_drop();
        let wanted = SnapshotOptions {
            memory: false,
            totals: false,
        };
        let listed = source.snapshot(wanted).unwrap().segments;
        let segment = listed.iter().find(|segment| segment.id == id).unwrap();
        assert_eq!(segment.key, key);
        let target = segment.identity();
        let act = Act {
            target,
            operation: Operation::Remove,
        };
        assert_eq!(source.act(&act), Ok(Outcome::Done));
        assert!(made.stat().is_err());
    }
}
