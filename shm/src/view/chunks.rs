//! Iterates over a view in pieces.

use core::iter::FusedIterator;
use core::num::NonZeroUsize;

use super::View;
use crate::Access;

/// The consecutive pieces of a view, from [`View::chunks`].
#[derive(Debug, Clone)]
pub struct Chunks<'a, A: Access> {
    rest: View<'a, A>,
    size: NonZeroUsize,
}

impl<'a, A: Access> View<'a, A> {
    /// Returns the view in pieces of `size` bytes; the last one may be shorter.
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    ///
    /// let segment = shm::Segment::private(10)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let size = NonZeroUsize::new(4).unwrap();
    /// let lens: Vec<_> = attachment.view().chunks(size).map(|chunk| chunk.len()).collect();
    /// assert_eq!(lens, [4, 4, 2]);
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn chunks(self, size: NonZeroUsize) -> Chunks<'a, A> {
        Chunks { rest: self, size }
    }
}

impl<'a, A: Access> Iterator for Chunks<'a, A> {
    type Item = View<'a, A>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let middle = self.rest.len().min(self.size.get());
        let (chunk, rest) = self.rest.split_at(middle).ok()?;
        self.rest = rest;
        Some(chunk)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.rest.len().div_ceil(self.size.get());
        (left, Some(left))
    }
}

impl<A: Access> ExactSizeIterator for Chunks<'_, A> {}
impl<A: Access> FusedIterator for Chunks<'_, A> {}
