//! `std`'s `Read`, `Write` and `Seek` on a view.

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom, Write};

use super::View;
use crate::{Access, Writable};

/// A position in a view, for code that uses [`Read`], [`Write`] and [`Seek`]; from
/// [`View::cursor`].
///
/// The end is fixed: reads return 0 there, writes fail with
/// [`ErrorKind::WriteZero`] through `write_all`. Seeking beyond it is allowed.
#[derive(Debug, Clone)]
pub struct Cursor<'a, A: Access> {
    view: View<'a, A>,
    position: u64,
}

impl<'a, A: Access> View<'a, A> {
    /// Returns a cursor at the view's start.
    ///
    /// ```
    /// use std::io::{Read, Seek, SeekFrom, Write};
    ///
    /// let segment = shm::Segment::private(100)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let mut cursor = attachment.view().cursor();
    /// write!(cursor, "{} bytes", 100)?;
    /// cursor.seek(SeekFrom::Start(4))?;
    /// let mut text = [0; 5];
    /// cursor.read_exact(&mut text)?;
    /// assert_eq!(&text, b"bytes");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn cursor(self) -> Cursor<'a, A> {
        Cursor {
            view: self,
            position: 0,
        }
    }
}

impl<'a, A: Access> Cursor<'a, A> {
    /// Returns the underlying view.
    #[must_use]
    pub const fn view(&self) -> View<'a, A> {
        self.view
    }

    /// Returns the offset of the next byte.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// Returns the position as an offset; positions beyond `usize::MAX` count as the end.
    fn offset(&self) -> usize {
        usize::try_from(self.position).unwrap_or(usize::MAX)
    }
}

impl<A: Access> Read for Cursor<'_, A> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let n = self.view.read_at(self.offset(), buffer);
        self.position += n as u64;
        Ok(n)
    }
}

impl<A: Writable> Write for Cursor<'_, A> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let n = self.view.write_at(self.offset(), bytes);
        self.position += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl<A: Access> Seek for Cursor<'_, A> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(distance) => (self.view.len() as u64).checked_add_signed(distance),
            SeekFrom::Current(distance) => self.position.checked_add_signed(distance),
        };
        self.position = position
            .ok_or_else(|| Error::new(ErrorKind::InvalidInput, "a position before the start"))?;
        Ok(self.position)
    }
}
