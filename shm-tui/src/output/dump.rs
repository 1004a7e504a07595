//! Writes a part of a segment as a file, or as a hex dump.
//!
//! The file is new, readable only by the user, sparse like the segment, and removed if it
//! stays incomplete.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write};
use std::ops::{ControlFlow, Range};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::hexdump::Hexdump;
use crate::source::byte_scan::{ByteScan, End, Outcome, Piece, Unknown};
use crate::source::{Contents, SourceError};

/// Why a dump failed.
#[derive(Debug)]
pub enum Error {
    /// The segment could not be read.
    Source(SourceError),
    /// The bytes could not be written.
    Write(io::Error),
}

impl From<SourceError> for Error {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Source(error) => error.fmt(f),
            Self::Write(error) => error.fmt(f),
        }
    }
}

/// The destination of the bytes.
trait Sink {
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Writes this many zeros from a hole.
    fn zeros(&mut self, count: u64) -> io::Result<()>;
    fn finish(&mut self) -> io::Result<()>;
}

/// Bytes one after the other.
struct Stream<W>(W);

impl<W: Write> Sink for Stream<W> {
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn zeros(&mut self, count: u64) -> io::Result<()> {
        let zeros = [0; 1 << 16];
        let mut left = count;
        while left > 0 {
            let length = usize::try_from(left).map_or(zeros.len(), |left| left.min(zeros.len()));
            self.0.write_all(zeros.get(..length).unwrap_or_default())?;
            left -= length as u64;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A file with holes.
struct Sparse(File);

impl Sink for Sparse {
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn zeros(&mut self, count: u64) -> io::Result<()> {
        let by = i64::try_from(count).map_err(io::Error::other)?;
        self.0.seek(SeekFrom::Current(by)).map(drop)
    }

    fn finish(&mut self) -> io::Result<()> {
        let length = self.0.stream_position()?;
        self.0.set_len(length)
    }
}

/// A hex dump.
struct Digits<W>(Hexdump<W>);

impl<W: Write> Sink for Digits<W> {
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.bytes(bytes)
    }

    fn zeros(&mut self, count: u64) -> io::Result<()> {
        self.0.zeros(count)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.0.finish()
    }
}

/// The part and the format of a dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump {
    /// The part. Pages of unknown state are read as well, because the user asked for
    /// them.
    pub range: Range<u64>,
    /// As a hex dump.
    pub hex: bool,
}

/// Receives the progress, and returns whether to continue.
pub type Going<'a> = &'a mut dyn FnMut(u64) -> bool;

impl Dump {
    fn pour(
        &self,
        contents: &dyn Contents,
        sink: &mut dyn Sink,
        going: Going<'_>,
    ) -> Result<Outcome, Error> {
        let scan = ByteScan {
            unknown: Unknown::Read,
            ..ByteScan::of(self.range.clone())
        };
        let outcome = scan.run(contents, going, &mut |piece| {
            let written = match piece {
                Piece::Bytes { bytes, .. } => sink.bytes(bytes),
                Piece::Zeros(range) => sink.zeros(range.end - range.start),
                // A scan that reads pages of unknown state passes on none as unknown.
                Piece::Unknown(_) => Ok(()),
            };
            written.map_err(Error::Write)?;
            Ok::<_, Error>(ControlFlow::Continue(()))
        })?;
        sink.finish().map_err(Error::Write)?;
        Ok(outcome)
    }

    /// Writes to a stream.
    ///
    /// # Errors
    ///
    /// If the segment cannot be read or the stream not be written.
    pub fn to_stream(
        &self,
        contents: &dyn Contents,
        out: impl Write,
        going: Going<'_>,
    ) -> Result<Outcome, Error> {
        match self.hex {
            true => {
                let out = io::BufWriter::with_capacity(1 << 16, out);
                let hexdump = Hexdump::new(out, self.range.start);
                self.pour(contents, &mut Digits(hexdump), going)
            }
            false => self.pour(contents, &mut Stream(out), going),
        }
    }

    /// Writes a new file; it remains only if it is complete.
    ///
    /// # Errors
    ///
    /// If the segment cannot be read, or the file exists or cannot be written.
    pub fn to_file(
        &self,
        contents: &dyn Contents,
        path: &Path,
        going: Going<'_>,
    ) -> Result<Outcome, Error> {
        let (file, partial) = Partial::create(path).map_err(Error::Write)?;
        let outcome = match self.hex {
            true => self.to_stream(contents, file, going)?,
            false => self.pour(contents, &mut Sparse(file), going)?,
        };
        if outcome.end == End::Complete {
            partial.keep();
        }
        Ok(outcome)
    }
}

/// Files that are still incomplete.
static PARTIAL: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn partial() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    PARTIAL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes incomplete files at the end of the program.
pub fn remove_partial() {
    // The lock is kept: a file is either completed before or removed.
    let mut paths = partial();
    for path in paths.drain(..) {
        // Ignored: nothing can be done about it, and nobody is left to report it to.
        let _ = std::fs::remove_file(path);
    }
    std::mem::forget(paths);
}

/// A file that is removed on drop unless it is kept.
struct Partial(PathBuf);

impl Partial {
    fn create(path: &Path) -> io::Result<(File, Self)> {
        let mut paths = partial();
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        paths.push(path.to_owned());
        Ok((file, Self(path.to_owned())))
    }

    fn keep(self) {
        partial().retain(|path| *path != self.0);
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        let mut paths = partial();
        if let Some(at) = paths.iter().position(|path| *path == self.0) {
            paths.swap_remove(at);
            // The write failed too, and its error is the one to report.
            let _ = std::fs::remove_file(&self.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::segment::Segment;
    use crate::source::Source as _;
    use crate::source::fake::{Fake, System};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    fn contents(size: u64, bytes: &[u8]) -> Box<dyn Contents> {
        let segment = Segment {
            size,
            ..Segment::default()
        };
        let fake = Fake::new(System {
            segments: [(0, segment)].into(),
            bytes: [(0, bytes.to_vec())].into(),
            ..System::default()
        });
        fake.open(&segment.identity()).unwrap()
    }

    fn all(size: u64) -> Dump {
        Dump {
            range: 0..size,
            hex: false,
        }
    }

    #[test]
    fn a_dump_is_sparse_and_for_the_user_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("dump");
        let contents = contents(1 << 32, &[5; 8192]);
        let outcome = all(1 << 32).to_file(&*contents, &path, &mut |_| true);
        assert_eq!(outcome.unwrap().end, End::Complete);
        let metadata = std::fs::metadata(&path).unwrap();
        assert_eq!(metadata.len(), 1 << 32);
        assert!(metadata.blocks() * 512 <= 1 << 20, "{}", metadata.blocks());
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        let again = all(1 << 32).to_file(&*contents, &path, &mut |_| true);
        assert!(again.unwrap_err().to_string().contains("exists"));
    }

    #[test]
    fn a_dump_that_is_called_off_leaves_no_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("dump");
        let contents = contents(1 << 32, &[5; 8192]);
        let outcome = all(1 << 32).to_file(&*contents, &path, &mut |_| false);
        assert_eq!(outcome.unwrap().end, End::Cancelled);
        assert!(!path.exists());
    }

    #[test]
    fn a_part_is_that_part() {
        let contents = contents(20_000, b"abcdefgh");
        let mut out = Vec::new();
        let part = Dump {
            range: 6..10_000,
            hex: false,
        };
        part.to_stream(&*contents, &mut out, &mut |_| true).unwrap();
        let mut expected = b"gh".to_vec();
        expected.resize(9_994, 0);
        assert_eq!(out, expected);
    }
}
