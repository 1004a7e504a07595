//! Joins the pieces of an attachment.
//!
//! `mprotect(2)` on a part splits a mapping, and `munmap(2)` cuts holes into it. The
//! pieces stay in place: address minus offset is the same for all of them, and differs
//! between attachments.

use super::ProcessAttachment;

/// A mapping, and its offset in its segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) found: ProcessAttachment,
    pub(super) offset: u64,
}

/// Returns the attachments of one process that consist of these mappings.
pub(super) fn attachments(pieces: impl IntoIterator<Item = Piece>) -> Vec<ProcessAttachment> {
    let mut joined: Vec<(u64, ProcessAttachment)> = Vec::new();
    for Piece { found, offset } in pieces {
        let base = found.start.wrapping_sub(offset);
        let whole = joined
            .iter_mut()
            .find(|(other, first)| *other == base && first.id == found.id);
        match whole {
            Some((_, whole)) => {
                whole.start = whole.start.min(found.start);
                whole.end = whole.end.max(found.end);
                whole.readable |= found.readable;
                whole.writable |= found.writable;
                whole.executable |= found.executable;
                whole.pieces = whole.pieces.saturating_add(found.pieces);
            }
            None => joined.push((base, found)),
        }
    }
    joined
        .into_iter()
        .map(|(_, attachment)| attachment)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SegmentId;

    fn piece(id: i32, start: u64, length: u64, offset: u64, writable: bool) -> Piece {
        let found = ProcessAttachment {
            id: SegmentId::from_raw(id),
            pid: 1,
            start,
            end: start + length,
            readable: true,
            writable,
            executable: false,
            pieces: 1,
            original_key: None,
            huge_pages: false,
        };
        Piece { found, offset }
    }

    #[test]
    fn pieces_of_one_attachment_are_one() {
        let joined = attachments([
            piece(5, 0x10000, 0x1000, 0, false),
            piece(5, 0x11000, 0x1000, 0x1000, true),
            // A hole was cut before this piece.
            piece(5, 0x14000, 0x2000, 0x4000, false),
        ]);
        let [one] = joined[..] else {
            panic!("{joined:?}")
        };
        assert_eq!((one.start, one.end, one.pieces), (0x10000, 0x16000, 3));
        assert!(one.readable && one.writable && !one.executable);
    }

    #[test]
    fn an_attachment_has_the_rights_of_any_piece() {
        let piece = |offset: u64, readable, executable| {
            let mut piece = piece(5, 0x10000 + offset, 0x1000, offset, false);
            (piece.found.readable, piece.found.executable) = (readable, executable);
            piece
        };
        let joined = attachments([piece(0, false, false), piece(0x1000, true, true)]);
        assert!(joined[0].readable && joined[0].executable, "{joined:?}");
        let joined = attachments([piece(0, true, true), piece(0x1000, false, false)]);
        assert!(joined[0].readable && joined[0].executable, "{joined:?}");
    }

    #[test]
    fn attachments_side_by_side_stay_two() {
        let joined = attachments([
            piece(5, 0x10000, 0x1000, 0, true),
            piece(5, 0x11000, 0x1000, 0, true),
            piece(6, 0x12000, 0x1000, 0x2000, true),
        ]);
        assert_eq!(joined.len(), 3);
        assert!(joined.iter().all(|attachment| attachment.pieces == 1));
    }
}
