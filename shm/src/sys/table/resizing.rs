//! Reads a table whose length is queried first, and which may grow before it is read.

use alloc::vec;
use alloc::vec::Vec;

use crate::error::Errno;

/// How often a table may outgrow its buffer before that is an error: the buffer grows by
/// an eighth each time, faster than any table of identifiers.
const ATTEMPTS: usize = 16;

/// Returns the whole table. `probe` returns its current length, `read` fills a buffer and
/// returns the number of bytes, or fails with `ENOMEM` if the buffer was too small.
pub(super) fn read(
    mut probe: impl FnMut() -> Result<usize, Errno>,
    mut read: impl FnMut(&mut [u8]) -> Result<usize, Errno>,
) -> Result<Vec<u8>, Errno> {
    let too_small = Errno::from_raw(libc::ENOMEM);
    for attempt in 0..ATTEMPTS {
        let length = probe()?;
        // Adds room from the second attempt on; the first usually suffices, and then
        // nothing is cut.
        let slack = (length / 8).saturating_add(64).saturating_mul(attempt);
        let mut buffer = vec![0; length.saturating_add(slack)];
        match read(&mut buffer) {
            Ok(length) => {
                buffer.truncate(length);
                return Ok(buffer);
            }
            Err(errno) if errno == too_small => {}
            Err(errno) => return Err(errno),
        }
    }
    Err(too_small)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENOMEM: Errno = Errno::from_raw(libc::ENOMEM);

    #[test]
    fn table_that_grows_between_probe_and_read_is_read_whole() {
        let mut lengths = [100, 200, 900, 1000].into_iter();
        let now = core::cell::Cell::new(0);
        let table = read(
            || Ok(now.get()),
            |buffer| {
                now.set(lengths.next().unwrap_or(now.get()));
                buffer.get_mut(..now.get()).ok_or(ENOMEM)?.fill(7);
                Ok(now.get())
            },
        );
        assert_eq!(table, Ok(vec![7; 1000]));
    }

    #[test]
    fn table_that_shrinks_is_cut_and_an_endless_one_given_up() {
        assert_eq!(read(|| Ok(50), |_| Ok(20)), Ok(vec![0; 20]));
        let mut reads = 0;
        let endless = read(
            || Ok(50),
            |_| {
                reads += 1;
                Err(ENOMEM)
            },
        );
        assert_eq!((endless, reads), (Err(ENOMEM), ATTEMPTS));
        let denied = Errno::from_raw(libc::EPERM);
        assert_eq!(read(|| Ok(50), |_| Err(denied)), Err(denied));
        assert_eq!(read(|| Err(denied), |_| Ok(0)), Err(denied));
    }
}
