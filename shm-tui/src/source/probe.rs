//! Finds attached processes with the `shm` crate; by a probe, which attaches the segment,
//! if the system has no other way.

use std::path::Path;

use super::attached::{Place, lock};
use super::convert::failed;
use super::{SourceError, in_namespace, processes};
use crate::model::scan::{Abilities, Attachment, Finding, Probed, Scan};
use crate::model::segment::{Id, Identity, Key};

/// Returns the abilities of this system.
pub(super) fn abilities() -> Abilities {
    Abilities {
        finding: match shm::process_search() {
            shm::ProcessSearch::Scan => Finding::Scan,
            shm::ProcessSearch::Probe => Finding::Probe,
            shm::ProcessSearch::Unsupported(why) => Finding::Impossible(why),
            _ => Finding::Impossible("this program does not support this system's way"),
        },
        locks: shm::supports_lock(),
    }
}

/// Converts a scan, without this program's own attachments. `focus` is the segment whose
/// resident bytes are requested.
pub(super) fn model(
    found: &[shm::ProcessAttachment],
    unreadable: usize,
    invisible: bool,
    focus: Option<Id>,
) -> Scan {
    let own = i32::try_from(std::process::id()).unwrap_or(0);
    let proc = Path::new("/proc");
    let mut scan = Scan {
        total: processes::count(proc),
        unreadable: unreadable as u64,
        invisible,
        ..Scan::default()
    };
    for found in found.iter().filter(|found| found.pid != own) {
        let id = found.id.as_raw();
        scan.processes
            .entry(found.pid)
            .or_insert_with(|| processes::of(found.pid));
        scan.attachments.push(Attachment {
            id,
            key: found.original_key.map(|key| Key(key.bits())),
            pid: found.pid,
            start: found.start,
            end: found.end,
            writable: found.writable,
            pieces: found.pieces,
            resident: (focus == Some(id))
                .then(|| processes::resident(proc, found))
                .flatten(),
        });
    }
    scan
}

impl Place<'_> {
    /// Attaches a segment read-only, finds the other processes that have it attached, and
    /// detaches it. An unattached segment is attached only if the detach does not destroy
    /// it.
    pub(super) fn probe(self, target: &Identity) -> Result<Scan, SourceError> {
        // Held to the end, so that no listing counts this attachment.
        let own = lock(self.own);
        let probe = in_namespace::run(self.namespace, || {
            let opened = self.attach(target, &own, true, shm::Segment::attach_read_only)?;
            shm::probe_processes(&opened.attachment).map_err(failed)
        })?;
        drop(own);
        let attached = &probe.attached;
        let scan = model(
            &attached.attachments,
            attached.unreadable,
            attached.invisible,
            None,
        );
        Ok(Scan {
            probed: Some(Probed {
                id: target.id,
                resident: probe.resident,
                verified: probe.verified,
            }),
            ..scan
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_this_program_has_attached_itself_is_not_shown() {
        let segment = shm::Segment::private(4096).unwrap().remove_on_drop();
        let attachment = segment.attach_read_only().unwrap();
        let id = segment.id().as_raw();
        let Ok(probe) = shm::probe_processes(&attachment) else {
            // OpenBSD, or FreeBSD without procfs.
            assert!(matches!(abilities().finding, Finding::Impossible(_)));
            return;
        };
        let found = &probe.attached.attachments;
        assert_eq!(found.len(), 1, "{found:?}");
        let scan = model(found, 3, false, Some(id));
        assert!(scan.attachments.is_empty() && scan.processes.is_empty());
        assert_eq!(scan.unreadable, 3);
    }
}
