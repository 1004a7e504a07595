//! Scans the bytes of a segment, for the view and for all jobs: search, map, snapshots,
//! comparison, dump.
//!
//! A scan must not cost memory or invent contents: holes count as zeros and are not
//! touched. Pages of unknown state are either read, because the user asked for it, or
//! passed on as unknown, never as zeros. The state of pages is queried in stretches, so
//! that it is fresh, and bytes are copied in pieces that fit into the cache.

use std::ops::{ControlFlow, Range};
use std::time::{Duration, Instant};

use super::{Contents, RegionKind, Release, SourceError};

/// Length of a stretch.
const STRETCH: u64 = 64 << 20;
/// Length of a piece.
pub const PIECE: usize = 128 << 10;
/// How often a long scan checks whether to release the segment.
const CHECK: Duration = Duration::from_millis(250);

/// How to handle pages of unknown state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unknown {
    /// Pass them on as unknown.
    #[default]
    Skip,
    /// Read them, which may allocate memory: the user asked for this part.
    Read,
}

/// A part of the segment for the visitor.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Bytes from an offset on; the first of them repeat the end of the previous piece.
    Bytes {
        /// Their offset.
        offset: u64,
        /// The bytes.
        bytes: &'a [u8],
        /// How many of them are repeated.
        carried: usize,
    },
    /// A hole: zeros.
    Zeros(Range<u64>),
    /// Not read.
    Unknown(Range<u64>),
}

/// How a scan ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// At the end of the range.
    Complete,
    /// The visitor stopped it.
    Enough,
    /// It was canceled.
    Cancelled,
    /// The segment must be released.
    Released(Release),
}

/// The result of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// Bytes of unknown state, read or not.
    pub unknown: u64,
}

/// A scan of a part of a segment.
#[derive(Clone, Debug)]
pub struct ByteScan {
    /// The range.
    pub range: Range<u64>,
    /// How to handle pages of unknown state.
    pub unknown: Unknown,
    /// How many bytes of a piece are repeated with the next one.
    pub overlap: usize,
}

impl ByteScan {
    /// Creates a scan of a range that does not read pages of unknown state.
    #[must_use]
    pub fn of(range: Range<u64>) -> Self {
        Self {
            range,
            unknown: Unknown::Skip,
            overlap: 0,
        }
    }

    /// Passes every part to `visit`, in order. Calls `going` with the progress, at least
    /// once per piece; it returns whether to continue.
    ///
    /// # Errors
    ///
    /// If the bytes cannot be read, or the visitor fails.
    pub fn run<E: From<SourceError>>(
        &self,
        contents: &dyn Contents,
        going: &mut dyn FnMut(u64) -> bool,
        visit: &mut dyn FnMut(Piece<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<Outcome, E> {
        let mut pass = Pass {
            scan: self,
            contents,
            going,
            visit,
            buffer: vec![0; self.overlap + PIECE.max(self.overlap)],
            held: 0,
            unknown: 0,
            checked: Instant::now(),
        };
        let end = match pass.go()? {
            ControlFlow::Continue(()) => End::Complete,
            ControlFlow::Break(end) => end,
        };
        let unknown = pass.unknown;
        Ok(Outcome { end, unknown })
    }
}

/// A running scan.
struct Pass<'a, E> {
    scan: &'a ByteScan,
    contents: &'a dyn Contents,
    going: &'a mut dyn FnMut(u64) -> bool,
    visit: &'a mut dyn FnMut(Piece<'_>) -> Result<ControlFlow<()>, E>,
    buffer: Vec<u8>,
    /// Bytes at the start of the buffer to repeat.
    held: usize,
    unknown: u64,
    checked: Instant,
}

type Flow<E> = Result<ControlFlow<End>, E>;

impl<E: From<SourceError>> Pass<'_, E> {
    fn go(&mut self) -> Flow<E> {
        let end = self.scan.range.end.min(self.contents.size());
        let mut at = self.scan.range.start;
        let mut stretch = STRETCH;
        while at < end {
            let stop = end.min(at.saturating_add(stretch));
            let regions = self.contents.regions(at..stop);
            // A uniform stretch takes the kernel the same time per page.
            stretch = match regions.as_slice() {
                [_] => stretch.saturating_mul(2),
                _ => STRETCH,
            };
            for region in regions {
                let flow = match (region.kind, self.scan.unknown) {
                    (RegionKind::Hole, _) => self.hole(region.range)?,
                    (RegionKind::Data, _) => self.data(region.range)?,
                    (RegionKind::Unknown, Unknown::Read) => {
                        self.unknown += region.range.end - region.range.start;
                        self.data(region.range)?
                    }
                    (RegionKind::Unknown, Unknown::Skip) => {
                        self.unknown += region.range.end - region.range.start;
                        self.held = 0;
                        self.hand(Piece::Unknown(region.range))?
                    }
                };
                if flow.is_break() {
                    return Ok(flow);
                }
            }
            at = stop;
            if let ControlFlow::Break(end) = self.may_go_on(at) {
                return Ok(ControlFlow::Break(end));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn may_go_on(&mut self, at: u64) -> ControlFlow<End> {
        if !(self.going)(at) {
            return ControlFlow::Break(End::Cancelled);
        }
        if self.checked.elapsed() >= CHECK {
            self.checked = Instant::now();
            if let Some(why) = self.contents.release() {
                return ControlFlow::Break(End::Released(why));
            }
        }
        ControlFlow::Continue(())
    }

    fn hand(&mut self, piece: Piece<'_>) -> Flow<E> {
        Ok(match (self.visit)(piece)? {
            ControlFlow::Continue(()) => ControlFlow::Continue(()),
            ControlFlow::Break(()) => ControlFlow::Break(End::Enough),
        })
    }

    /// Passes on the first bytes of the buffer, and keeps the last of them.
    fn hand_bytes(&mut self, end: u64, length: usize) -> Flow<E> {
        let offset = end - length as u64;
        let carried = self.held;
        let bytes = self.buffer.get(..length).unwrap_or_default();
        let flow = (self.visit)(Piece::Bytes {
            offset,
            bytes,
            carried,
        })?;
        let kept = length.min(self.scan.overlap);
        self.buffer.copy_within(length - kept..length, 0);
        self.held = kept;
        Ok(match flow {
            ControlFlow::Continue(()) => ControlFlow::Continue(()),
            ControlFlow::Break(()) => ControlFlow::Break(End::Enough),
        })
    }

    fn data(&mut self, range: Range<u64>) -> Flow<E> {
        let mut at = range.start;
        while at < range.end {
            let length = usize::try_from(range.end - at).map_or(PIECE, |left| left.min(PIECE));
            let filled = self.held + length;
            let Some(buffer) = self.buffer.get_mut(self.held..filled) else {
                break;
            };
            self.contents.copy(at, buffer)?;
            at += length as u64;
            let flow = self.hand_bytes(at, filled)?;
            if flow.is_break() {
                return Ok(flow);
            }
            if let ControlFlow::Break(end) = self.may_go_on(at) {
                return Ok(ControlFlow::Break(end));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Passes the parts that overlap with neighbors as bytes.
    fn hole(&mut self, range: Range<u64>) -> Flow<E> {
        let mut start = range.start;
        let shared = usize::try_from(range.end - start)
            .map_or(self.scan.overlap, |length| length.min(self.scan.overlap));
        if shared > 0 {
            let filled = self.held + shared;
            if let Some(buffer) = self.buffer.get_mut(self.held..filled) {
                buffer.fill(0);
            }
            start += shared as u64;
            let flow = self.hand_bytes(start, filled)?;
            if flow.is_break() {
                return Ok(flow);
            }
        }
        if start < range.end {
            return self.hand(Piece::Zeros(start..range.end));
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// The result of reading a part for the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WindowBytes {
    /// Bytes read: fewer than requested at the end of the segment.
    pub length: usize,
    /// How many of them are of unknown state.
    pub unknown: u64,
}

/// Reads a part that the user asked to see: a screen, a selection.
///
/// # Errors
///
/// If the bytes cannot be read.
pub fn read_window(
    contents: &dyn Contents,
    offset: u64,
    buffer: &mut [u8],
) -> Result<WindowBytes, SourceError> {
    let end = offset
        .saturating_add(buffer.len() as u64)
        .min(contents.size());
    let mut looked = WindowBytes::default();
    for region in contents.regions(offset..end) {
        let within = |at: u64| usize::try_from(at - offset).unwrap_or(usize::MAX);
        let range = within(region.range.start)..within(region.range.end);
        looked.length = range.end;
        let Some(part) = buffer.get_mut(range) else {
            continue;
        };
        match region.kind {
            RegionKind::Hole => part.fill(0),
            RegionKind::Data => contents.copy(region.range.start, part)?,
            RegionKind::Unknown => {
                looked.unknown += part.len() as u64;
                contents.copy(region.range.start, part)?;
            }
        }
    }
    Ok(looked)
}

#[cfg(test)]
mod tests;
