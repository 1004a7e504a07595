//! Determines the page size of an attachment, and reads pages that a plain read could not
//! survive.
//!
//! A segment with huge pages and without reserve takes pages from the pool at the first
//! touch, even for reading: with an empty pool that touch ends the process by SIGBUS.
//! Read through a file, it is an error, or, if the mapping itself may be opened, zeros
//! without an allocation.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;

use super::{RegionKind, SourceError};

/// Pieces of at least this size are read through the file.
const LARGE: usize = 16 << 10;

/// How the bytes of one attachment are read.
#[derive(Debug)]
pub(super) enum Pages {
    /// Ordinary pages: read in place; larger pieces through the mapped file, if it may be
    /// opened, which is faster than mapping page by page.
    Usual(Option<File>),
    /// Huge pages, through the mapped file: holes read as zeros and stay untouched.
    File(File),
    /// Huge pages, through the memory of this process, from this address on: reads
    /// allocate, and fail if nothing can be allocated.
    Memory(File, u64),
    /// Huge pages, without a safe way to read them.
    Closed(String),
}

impl Pages {
    /// Returns the kind of pages at `address`.
    pub(super) fn of(address: usize) -> Self {
        let Some((range, huge)) = mapping(address) else {
            return Self::Usual(None);
        };
        // Opening it needs an administrator's right.
        match File::open(format!("/proc/self/map_files/{range}")) {
            Ok(file) if huge => Self::File(file),
            file if !huge => Self::Usual(file.ok()),
            _ => match File::open("/proc/self/mem") {
                Ok(file) => Self::Memory(file, address as u64),
                Err(error) => Self::Closed(format!(
                    "its huge pages cannot be read safely, as /proc/self/mem cannot be opened: {error}"
                )),
            },
        }
    }

    /// Returns the state that applies to every page; `None` if it must be queried.
    pub(super) fn known(&self) -> Option<RegionKind> {
        match self {
            Self::Usual(_) => None,
            // This means that reading costs nothing, not that there is data.
            Self::File(_) => Some(RegionKind::Data),
            Self::Memory(..) | Self::Closed(_) => Some(RegionKind::Unknown),
        }
    }

    /// Reads through the file; `None` if the bytes must be read in place.
    pub(super) fn read(&self, offset: u64, buffer: &mut [u8]) -> Option<Result<(), SourceError>> {
        let result = match self {
            Self::Usual(Some(file)) if buffer.len() >= LARGE => {
                // Reading in place still works.
                return file.read_exact_at(buffer, offset).ok().map(Ok);
            }
            Self::Usual(_) => return None,
            Self::File(file) => file.read_exact_at(buffer, offset),
            Self::Memory(file, base) => file.read_exact_at(buffer, base.saturating_add(offset)),
            Self::Closed(why) => return Some(Err(SourceError::new(why))),
        };
        Some(result.map_err(|error| explain(offset, &error)))
    }

    /// Writes through the memory of this process, where the attachment begins at `base`;
    /// `None` if the bytes must be written in place.
    pub(super) fn write(
        &self,
        base: u64,
        offset: u64,
        bytes: &[u8],
    ) -> Option<Result<(), SourceError>> {
        if matches!(self, Self::Usual(_)) {
            return None;
        }
        let file = fs::OpenOptions::new().write(true).open("/proc/self/mem");
        let result = file.and_then(|file| file.write_all_at(bytes, base.saturating_add(offset)));
        Some(result.map_err(|error| explain(offset, &error)))
    }
}

fn explain(offset: u64, error: &io::Error) -> SourceError {
    SourceError::new(format!(
        "cannot reach the huge page at {offset:#x}: {error}; if it was never touched, the pool of huge pages is empty"
    ))
}

/// Returns the addresses of the mapping at `address`, as `/proc` writes them, and whether
/// it has huge pages.
fn mapping(address: usize) -> Option<(String, bool)> {
    let smaps = fs::read_to_string("/proc/self/smaps").ok()?;
    range(&smaps, address, rustix::param::page_size())
}

fn range(smaps: &str, address: usize, page: usize) -> Option<(String, bool)> {
    let start = format!("{address:08x}-");
    let mut lines = smaps.lines().skip_while(|line| !line.starts_with(&start));
    let range = lines.next()?.split(' ').next()?.to_owned();
    let size = lines.find_map(|line| line.strip_prefix("KernelPageSize:"))?;
    let size: usize = size.trim().strip_suffix(" kB")?.parse().ok()?;
    Some((range, size.saturating_mul(1024) > page))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMAPS: &str = "\
00010000-00012000 rw-s 00000000 00:01 0   /SYSV00000000 (deleted)
Size:                  8 kB
KernelPageSize:        4 kB
7f5a1000-7f9a1000 r--s 00000000 00:0f 3   /SYSV00000051 (deleted)
Size:               4096 kB
KernelPageSize:     2048 kB
";

    #[test]
    fn huge_pages_are_told_by_their_size() {
        let usual = ("00010000-00012000".to_owned(), false);
        assert_eq!(range(SMAPS, 0x10000, 4096), Some(usual));
        let huge = ("7f5a1000-7f9a1000".to_owned(), true);
        assert_eq!(range(SMAPS, 0x7f5a_1000, 4096), Some(huge));
        assert_eq!(range(SMAPS, 0x20000, 4096), None);
    }
}
