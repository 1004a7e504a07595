//! `kernel.shm_rmid_forced` of Linux: whether a detach destroys a segment.
//!
//! If this setting of an IPC namespace is 1, the kernel destroys a segment at its last
//! detach, whoever detaches. An unattached segment outlives its creation only until the
//! first program that attaches it detaches again, and a viewer is such a program
//! (`shm_may_destroy` in `ipc/shm.c`). So this program does not attach such a segment
//! unless the user asked for its destruction, and releases an attachment once it is the
//! last one.

use std::fmt;

use super::SourceError;

/// Why an attachment must be released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// The segment is marked for removal, or its state is no longer readable.
    Removed,
    /// Every other attachment is gone, and the last detach destroys the segment.
    LastOne,
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Removed => "it is marked for removal, and an attachment would keep it alive",
            Self::LastOne => {
                "its last user has detached it, and an attachment would keep it alive (kernel.shm_rmid_forced is 1)"
            }
        })
    }
}

/// Refuses to attach a segment that only viewers would have attached, where the last
/// detach would destroy it. `setting` is `None` if unreadable. `are_viewers` returns
/// whether all others are viewers too, and is called only if that matters.
///
/// # Errors
///
/// If the segment would be destroyed, or might be ([`SourceError::destroys`]).
pub fn admit(
    id: i32,
    others: u64,
    setting: impl FnOnce() -> Option<bool>,
    are_viewers: impl FnOnce(i32, u64) -> bool,
) -> Result<(), SourceError> {
    let why = match setting() {
        Some(false) => return Ok(()),
        Some(true) => "kernel.shm_rmid_forced is 1",
        None => "kernel.shm_rmid_forced cannot be read and may be 1",
    };
    if others > 0 && !are_viewers(id, others) {
        return Ok(());
    }
    let who = match others {
        0 => "no process has it attached",
        _ => "only viewers like this one have it attached",
    };
    Err(SourceError::destroying(format!(
        "segment {id} was not attached: {why} and {who}, so the kernel would destroy it with its contents when this program detaches it (--allow-destroy without --read-only attaches it nevertheless)"
    )))
}

/// Returns whether an attachment must be released: `others` have the segment attached
/// now, and `had_others` says whether anybody had since it was attached. An attachment
/// that was alone from the start is kept, because its release would destroy the segment.
/// `are_viewers` returns whether all others are viewers too.
#[must_use]
pub fn release(
    removed: bool,
    others: u64,
    had_others: bool,
    setting: impl FnOnce() -> Option<bool>,
    are_viewers: impl FnOnce() -> bool,
) -> Option<Release> {
    if removed {
        return Some(Release::Removed);
    }
    let last = had_others && setting() == Some(true) && (others == 0 || are_viewers());
    last.then_some(Release::LastOne)
}

/// Returns the setting of the calling thread's IPC namespace; `None` if unreadable. The
/// kernel uses the namespace of the thread that opens the file.
#[cfg(target_os = "linux")]
pub(super) fn setting() -> Option<bool> {
    let read = std::fs::read_to_string("/proc/sys/kernel/shm_rmid_forced");
    decode(read, || {
        std::path::Path::new("/proc/sys/kernel/osrelease").exists()
    })
}

/// Other systems have no such setting.
#[cfg(not(target_os = "linux"))]
pub(super) fn setting() -> Option<bool> {
    Some(false)
}

/// Parses the file. A kernel before 3.1, or an emulation, has no such file among its
/// settings, and destroys nothing.
#[cfg(any(target_os = "linux", test))]
fn decode(read: std::io::Result<String>, has_settings: impl FnOnce() -> bool) -> Option<bool> {
    match read {
        Ok(text) => text.trim().parse::<i64>().ok().map(|value| value != 0),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && has_settings() => Some(false),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Error, ErrorKind};

    #[test]
    fn only_an_attachment_that_would_be_alone_is_refused() {
        let admit = |others, setting, viewers| admit(7, others, || setting, |_, _| viewers);
        assert!(admit(1, Some(true), false).is_ok());
        assert!(admit(0, Some(false), false).is_ok());
        assert!(admit(1, Some(false), true).is_ok());
        for (others, setting, viewers) in [
            (0, Some(true), false),
            (0, None, false),
            (1, Some(true), true),
            (1, None, true),
        ] {
            let error = admit(others, setting, viewers).unwrap_err();
            assert!(error.destroys(), "{others} {setting:?}");
            assert!(error.to_string().contains("destroy"), "{error}");
        }
        assert!(!SourceError::new("x").destroys());
    }

    #[test]
    fn an_attachment_is_released_once_it_is_the_last_one() {
        let forced = || Some(true);
        let viewers = release(false, 1, true, forced, || true);
        assert_eq!(viewers, Some(Release::LastOne), "only viewers");
        let of = |removed, others, had_others, setting: fn() -> Option<bool>| {
            release(removed, others, had_others, setting, || false)
        };
        assert_eq!(of(true, 3, true, forced), Some(Release::Removed));
        assert_eq!(of(false, 0, true, forced), Some(Release::LastOne));
        assert_eq!(of(false, 1, true, forced), None);
        assert_eq!(of(false, 0, false, forced), None, "never had others");
        assert_eq!(of(false, 0, true, || Some(false)), None);
        assert_eq!(of(false, 0, true, || None), None);
    }

    #[test]
    fn a_setting_that_cannot_be_read_is_unknown_and_one_that_is_missing_is_off() {
        let error = |kind| Err(Error::from(kind));
        assert_eq!(decode(Ok("1\n".into()), || true), Some(true));
        assert_eq!(decode(Ok("0\n".into()), || true), Some(false));
        assert_eq!(decode(Ok(String::new()), || true), None);
        assert_eq!(decode(error(ErrorKind::NotFound), || true), Some(false));
        assert_eq!(decode(error(ErrorKind::NotFound), || false), None);
        assert_eq!(decode(error(ErrorKind::PermissionDenied), || true), None);
    }
}
