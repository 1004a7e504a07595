//! How a segment is attached.

use core::ffi::c_int;
use core::ptr::NonNull;

use crate::error::{Cause, Error, Operation, Result, Target, explain};
use crate::{Access, Attachment, ReadWrite, SegmentId, Stat, sys};

/// How to attach a segment: at which address, and whether its bytes may be
/// executed.
///
/// Without options the system chooses an address, which is nearly always what
/// is wanted: keep offsets in a segment, not pointers.
///
/// ```
/// use shm::{AttachOptions, Segment};
///
/// let segment = Segment::private(4096)?.remove_on_drop();
/// // An address that is free, since something was just detached from it.
/// let address = std::ptr::NonNull::new(segment.attach()?.as_mut_ptr()).unwrap();
/// match segment.attach_with(&AttachOptions::new().address(address)) {
///     Ok(attachment) => assert_eq!(attachment.as_ptr(), address.as_ptr().cast_const()),
///     Err(taken) => println!("{taken}"),
/// }
/// # Ok::<(), shm::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AttachOptions {
    address: Option<NonNull<u8>>,
    round: bool,
    execute: bool,
}

impl AttachOptions {
    /// At an address of the system's choice, not executable.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            address: None,
            round: false,
            execute: false,
        }
    }

    /// Attaches at this address and nowhere else. It must be a multiple of
    /// SHMLBA: the size of a page, and up to 256 KiB on some machines.
    ///
    /// The system refuses where anything is mapped already, so that this is
    /// safe. Addresses below SHMLBA are refused here: one that rounds to zero
    /// was seen to attach at a null pointer (Linux, as root). So are those just
    /// below the main thread's stack, which would grow into the segment (Linux).
    #[must_use]
    pub const fn address(mut self, address: NonNull<u8>) -> Self {
        self.address = Some(address);
        self
    }

    /// Rounds the [address](Self::address) down to a multiple of SHMLBA.
    ///
    /// The crate does it itself instead of passing `SHM_RND`: OpenBSD's was
    /// seen to cut addresses to 32 bits, and on FreeBSD before 14 the flag
    /// replaces live mappings.
    #[must_use]
    pub const fn round(mut self, round: bool) -> Self {
        self.round = round;
        self
    }

    /// Lets the bytes be executed (`SHM_EXEC`, Linux). The segment's mode must
    /// have the execute bit.
    #[must_use]
    pub const fn execute(mut self, execute: bool) -> Self {
        self.execute = execute;
        self
    }

    /// Attaches with the access that `A` says. `created_size` is the size asked
    /// for where the segment was created by the handle.
    pub(crate) fn attach<A: Access>(
        &self,
        id: SegmentId,
        created_size: Option<usize>,
    ) -> Result<Attachment<A>> {
        // SAFETY: the flags do not let live mappings be replaced: `SHM_REMAP`
        // is not among them, nor on FreeBSD before 14 what means the same.
        unsafe { self.attach_flagged(id, created_size, 0) }
    }

    /// [`attach`](Self::attach) in place of what is mapped there.
    ///
    /// # Safety
    ///
    /// Nothing in use may lie in the range.
    pub(crate) unsafe fn attach_replacing(
        &self,
        id: SegmentId,
        created_size: Option<usize>,
    ) -> Result<Attachment<ReadWrite>> {
        let refused = |cause| Error::refused(Operation::Attach, Target::Segment(id), cause);
        if self.address.is_none() {
            let what = "replacing a mapping needs an address";
            return Err(refused(Cause::InvalidArgument { what }));
        }
        let what = "this system cannot attach in place of another mapping";
        let flag = sys::replace_flag().ok_or_else(|| refused(Cause::Unsupported { what }))?;
        // SAFETY: the caller's promise.
        unsafe { self.attach_flagged(id, created_size, flag) }
    }

    /// # Safety
    ///
    /// As for [`sys::attach`] with `extra_flags`.
    unsafe fn attach_flagged<A: Access>(
        &self,
        id: SegmentId,
        created_size: Option<usize>,
        extra_flags: c_int,
    ) -> Result<Attachment<A>> {
        let refused = |cause| Error::refused(Operation::Attach, Target::Segment(id), cause);
        let flags = extra_flags | self.flags::<A>().map_err(refused)?;
        let address = self.checked_address::<A>().map_err(refused)?;
        let keep_off = |stat: &Stat| match address {
            Some(address) if sys::is_in_the_way(address, stat.size) => {
                Err(refused(Cause::BadAddress {
                    address: address.as_ptr().addr(),
                    problem: "it is too near to the main thread's stack, which may grow",
                }))
            }
            _ => Ok(()),
        };
        if address.is_some() {
            // A state that cannot be had is for the attach to explain.
            sys::stat(id).map_or(Ok(()), |stat| keep_off(&stat))?;
        }
        // SAFETY: the caller's promise about the flags.
        let base = unsafe { sys::attach(id, address, flags) }.map_err(|errno| {
            explain::attach(id, address.map(|address| address.as_ptr().addr()), errno)
        })?;
        // SAFETY: just attached, and nobody else's.
        let attachment = unsafe { adopt(id, base, created_size) }?;
        // The identifier may have come to name a larger segment.
        keep_off(attachment.stat_when_attached()).map(|()| attachment)
    }

    fn flags<A: Access>(&self) -> Result<c_int, Cause> {
        let mut flags = if A::WRITABLE { 0 } else { shm_sys::SHM_RDONLY };
        if self.execute {
            let what = "this system attaches nothing for execution";
            flags |= sys::EXECUTE.ok_or(Cause::Unsupported { what })?;
        }
        Ok(flags)
    }

    fn checked_address<A: Access>(&self) -> Result<Option<NonNull<u8>>, Cause> {
        let Some(asked) = self.address else {
            return Ok(None);
        };
        if let Some(what) = sys::hint_problem(!A::WRITABLE) {
            return Err(Cause::Unsupported { what });
        }
        let granularity = sys::address_granularity();
        let beyond = asked.as_ptr().addr() % granularity;
        let bad = |problem| Cause::BadAddress {
            address: asked.as_ptr().addr(),
            problem,
        };
        if beyond != 0 && !self.round {
            return Err(bad("it is no multiple of SHMLBA"));
        }
        let address = asked.as_ptr().map_addr(|address| address - beyond);
        if address.addr() < granularity {
            return Err(bad("it is below SHMLBA"));
        }
        Ok(NonNull::new(address))
    }
}

/// Makes an attachment of what `shmat` returned, or detaches it.
///
/// The length is what the kernel says *now*: the attachment pins the segment,
/// while before it the identifier may have come to name another, smaller one.
///
/// # Safety
///
/// `base` must be an attachment of the segment with the access that `A` says,
/// and belong to nobody else.
unsafe fn adopt<A: Access>(
    id: SegmentId,
    base: NonNull<u8>,
    created_size: Option<usize>,
) -> Result<Attachment<A>> {
    let stat = match sys::stat(id) {
        Ok(stat) => stat,
        Err(errno) => {
            // SAFETY: just attached, and given to nobody.
            let _ = unsafe { sys::detach(base) };
            return Err(explain::control(Operation::Stat, id, errno));
        }
    };
    let size = stat.size;
    // A slice, and an offset, is at most `isize::MAX`.
    let Some(len) = usize::try_from(size)
        .ok()
        .filter(|len| isize::try_from(*len).is_ok())
    else {
        // SAFETY: likewise.
        let _ = unsafe { sys::detach(base) };
        let cause = Cause::NotAddressable { size };
        return Err(Error::refused(
            Operation::Attach,
            Target::Segment(id),
            cause,
        ));
    };
    let len = created_size.map_or(len, |created| len.min(created));
    // SAFETY: the caller's promise, and the kernel maps the segment's whole
    // size.
    Ok(unsafe { Attachment::from_raw(base, len, stat) })
}
