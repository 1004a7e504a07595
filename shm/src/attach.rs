//! Attaching segments.

use alloc::vec::Vec;
use core::ffi::c_int;
use core::ptr::NonNull;

use crate::error::{Cause, Error, Operation, Result, Target, explain};
use crate::{Access, Attachment, Mode, SegmentId, Stat, sys};

/// Options for attaching: the address, and whether the bytes may be executed.
///
/// By default the system chooses the address, which is nearly always best: store offsets
/// in a segment, not pointers.
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
    /// Requests an address of the system's choice, not executable.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            address: None,
            round: false,
            execute: false,
        }
    }

    /// Attaches at this address only. It must be a multiple of SHMLBA: the size of a
    /// page, and up to 256 KiB on some machines.
    ///
    /// The system refuses an address where anything is mapped, so this is safe. Addresses
    /// below SHMLBA are refused here: one that rounds to zero was seen to attach at a
    /// null pointer (Linux, as root). So are addresses to which a stack may grow: just
    /// below the main thread's stack and below mappings made with `MAP_GROWSDOWN` on
    /// Linux, within `RLIMIT_STACK` of the stack's top on DragonFly. On Linux this check
    /// needs a readable `/proc/self/maps`, and the segment is attached elsewhere for a
    /// moment. Where `kernel.shm_rmid_forced` is 1, an attach that fails after that
    /// destroys a segment that nobody else has attached.
    #[must_use]
    pub const fn address(mut self, address: NonNull<u8>) -> Self {
        self.address = Some(address);
        self
    }

    /// [`address`](Self::address) as a number; 0 leaves the choice to the
    /// system, as a null pointer does in C.
    #[must_use]
    pub const fn addr(mut self, address: usize) -> Self {
        self.address = NonNull::new(core::ptr::without_provenance_mut(address));
        self
    }

    /// Rounds the [address](Self::address) down to a multiple of SHMLBA.
    ///
    /// The crate rounds the address, without `SHM_RND`: OpenBSD was seen to truncate
    /// rounded addresses to 32 bits, and on FreeBSD 13 and early 14 the flag replaces
    /// live mappings.
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

    /// Attaches with access `A`. `created_size` is the requested size if the handle
    /// created the segment.
    pub(crate) fn attach<A: Access>(
        &self,
        id: SegmentId,
        created_size: Option<usize>,
    ) -> Result<Attachment<A>> {
        let flags = self.flags::<A>().map_err(|cause| refused(id, cause))?;
        let address = self
            .address_for::<A>()
            .map_err(|cause| refused(id, cause))?;
        let new = New {
            id,
            flags,
            created_size,
        };
        match address {
            None => new.anywhere(),
            Some(address) => new.at(address, sys::memory::address_problem),
        }
    }

    /// Implements [`attach`](Self::attach) in place of existing mappings.
    ///
    /// # Safety
    ///
    /// Nothing in use may lie in the `len` bytes from the address on, rounded up
    /// to whole pages.
    pub(crate) unsafe fn attach_replacing<A: Access>(
        &self,
        id: SegmentId,
        created_size: Option<usize>,
        len: usize,
    ) -> Result<Attachment<A>> {
        let refused = |cause| refused(id, cause);
        let address = self.checked_address().map_err(refused)?;
        let Some(address) = address else {
            let what = "replacing a mapping needs an address";
            return Err(refused(Cause::InvalidArgument { what }));
        };
        if !sys::memory::can_replace() {
            let what = "this system cannot attach in place of another mapping";
            return Err(refused(Cause::Unsupported { what }));
        }
        let new = New {
            id,
            flags: self.flags::<A>().map_err(refused)?,
            created_size,
        };
        // SAFETY: the caller's promise.
        unsafe { new.replacing(address, len) }
    }

    fn flags<A: Access>(&self) -> Result<c_int, Cause> {
        let mut flags = if A::WRITABLE { 0 } else { shm_sys::SHM_RDONLY };
        if self.execute {
            let what = "this system cannot attach a segment for execution";
            flags |= sys::EXECUTE.ok_or(Cause::Unsupported { what })?;
        }
        Ok(flags)
    }

    /// Returns the address, if the system can be asked for one without harm.
    fn address_for<A: Access>(&self) -> Result<Option<NonNull<u8>>, Cause> {
        let address = self.checked_address()?;
        match address.and_then(|_| sys::memory::hint_refusal(!A::WRITABLE)) {
            Some(what) => Err(Cause::Unsupported { what }),
            None => Ok(address),
        }
    }

    fn checked_address(&self) -> Result<Option<NonNull<u8>>, Cause> {
        let Some(asked) = self.address else {
            return Ok(None);
        };
        let granularity = sys::address_granularity();
        let beyond = asked.as_ptr().addr() % granularity;
        let bad = |problem| Cause::BadAddress {
            address: asked.as_ptr().addr(),
            problem,
        };
        if beyond != 0 && !self.round {
            return Err(bad("it is not a multiple of SHMLBA"));
        }
        let address = asked.as_ptr().map_addr(|address| address - beyond);
        if address.addr() < granularity {
            return Err(bad("it is below SHMLBA"));
        }
        Ok(NonNull::new(address))
    }
}

fn refused(id: SegmentId, cause: Cause) -> Error {
    Error::refused(Operation::Attach, Target::Segment(id), cause)
}

/// The parameters of an attachment.
#[derive(Debug, Clone, Copy)]
struct New {
    id: SegmentId,
    /// Flags for `shmat`; none of them lets the system replace existing mappings.
    flags: c_int,
    created_size: Option<usize>,
}

impl New {
    /// Attaches where the system has room.
    fn anywhere<A: Access>(self) -> Result<Attachment<A>> {
        self.attach_at_hint(None)
    }

    /// Attaches at an address, unless there is a problem with it. The check runs three
    /// times: with the size; with the length mapped when the segment is attached
    /// elsewhere, because the identifier may be reused for a larger one; and after the
    /// attach, because a stack may have grown meanwhile.
    fn at<A: Access>(
        self,
        address: NonNull<u8>,
        mut problem: impl FnMut(usize, usize) -> Option<&'static str>,
    ) -> Result<Attachment<A>> {
        if !sys::memory::ATTACHES_ELSEWHERE_FIRST {
            return self.attach_at_hint(Some(address));
        }
        let bad = |problem| {
            let address = address.as_ptr().addr();
            refused(self.id, Cause::BadAddress { address, problem })
        };
        let start = address.as_ptr().addr();
        // Refuses without attaching where possible. If the stat fails, let the attach
        // report why.
        let stat = sys::stat(self.id).ok();
        let len = stat.and_then(|stat| usize::try_from(stat.size).ok());
        if let Some(problem) = len.and_then(|len| problem(start, len)) {
            return Err(bad(problem));
        }
        let (pin, extent) = self.pin::<A>(start)?;
        if let Some(problem) = problem(start, extent) {
            return Err(bad(problem));
        }
        let attachment = self.attach_at_hint(Some(address))?;
        drop(pin);
        if problem(start, extent).is_some() {
            // The stack may use these pages by now, so they stay.
            core::mem::forget(attachment);
            return Err(bad(
                "a stack has grown close meanwhile, so it stays attached: a detach \
                 could unmap the stack",
            ));
        }
        Ok(attachment)
    }

    /// Attaches in place of existing mappings at an address.
    ///
    /// # Safety
    ///
    /// Nothing in use may lie in the `len` bytes from the address on, rounded up
    /// to whole pages.
    unsafe fn replacing<A: Access>(
        self,
        address: NonNull<u8>,
        len: usize,
    ) -> Result<Attachment<A>> {
        let (pin, extent) = self.pin::<A>(address.as_ptr().addr())?;
        if len.div_ceil(sys::page_size()) < extent.div_ceil(sys::page_size()) {
            return Err(refused(
                self.id,
                Cause::SizeMismatch {
                    requested: len as u64,
                    actual: extent as u64,
                },
            ));
        }
        // SAFETY: the pin is in this function's hands only and lies elsewhere; its
        // extent is at most the length that the caller promises for.
        let replaced =
            unsafe { sys::memory::replace(pin.base(), extent, self.id, address, self.flags) };
        replaced.map_err(|errno| {
            let address = address.as_ptr().addr();
            let problem = "the replacement failed, and the previous mapping may be gone";
            let cause = Cause::BadAddress { address, problem };
            Error::from_system(Operation::Attach, Target::Segment(self.id), cause, errno)
        })?;
        Ok(pin.moved_to(address))
    }

    /// Returns an attachment that does not overlap the range of its own extent from
    /// `start` on, and that extent. While it lives, the identifier names this segment.
    fn pin<A: Access>(self, start: usize) -> Result<(Attachment<A>, usize)> {
        // The system may have placed two in that range, but not more.
        let mut in_the_way = Vec::new();
        for _ in 0..4 {
            let pin = self.anywhere::<A>()?;
            let size = pin.stat_when_attached().size;
            let extent = sys::memory::extent(pin.base(), self.id, size)
                .ok_or_else(|| refused(self.id, Cause::UnknownLength))?;
            if pin.as_ptr().addr().abs_diff(start) >= extent {
                return Ok((pin, extent));
            }
            in_the_way.push(pin);
        }
        Err(refused(self.id, Cause::OutOfMemory))
    }

    /// Returns the required access, as permission bits of the owner.
    fn required_mode<A: Access>(self) -> Mode {
        let executes = sys::EXECUTE.is_some_and(|flag| self.flags & flag != 0);
        let write = if A::WRITABLE { 0o200 } else { 0 };
        let execute = if executes { 0o100 } else { 0 };
        Mode::from_bits_truncate(0o400 | write | execute)
    }

    /// Attaches where the system has room, or at an address.
    fn attach_at_hint<A: Access>(self, address: Option<NonNull<u8>>) -> Result<Attachment<A>> {
        // SAFETY: the flags do not let live mappings be replaced: `SHM_REMAP` is
        // not among them, nor, with an address, is the flag that has its effect on FreeBSD
        // (`hint_refusal`).
        let base = unsafe { sys::attach(self.id, address, self.flags) }.map_err(|errno| {
            let address = address.map(|address| address.as_ptr().addr());
            explain::attach(self.id, address, self.required_mode::<A>(), errno)
        })?;
        // SAFETY: just attached, and nobody else's.
        unsafe { self.into_attachment(base) }
    }

    /// Wraps what `shmat` returned in an attachment, or detaches it.
    ///
    /// # Safety
    ///
    /// `base` must be an attachment of the segment with access `A`, not owned by anything
    /// else.
    unsafe fn into_attachment<A: Access>(self, base: NonNull<u8>) -> Result<Attachment<A>> {
        // SAFETY: the caller's promise.
        match unsafe { measured(self.id, base) } {
            Ok((len, stat)) => {
                let len = self.created_size.map_or(len, |created| len.min(created));
                // SAFETY: the caller's promise, and so much is mapped.
                Ok(unsafe { Attachment::new(base, len, stat) })
            }
            Err(error) => {
                // SAFETY: just attached, and given to nobody.
                let _ = unsafe { sys::detach(base) };
                Err(error)
            }
        }
    }
}

/// Returns the length of an attachment, and the segment's state.
///
/// The size is what the kernel reports *now*: the attachment pins the segment, while
/// before it the identifier may have been reused. The length is the mapped part.
///
/// # Safety
///
/// `base` must be an attachment of the segment that lasts for the call.
pub(crate) unsafe fn measured(id: SegmentId, base: NonNull<u8>) -> Result<(usize, Stat)> {
    let stat = sys::stat(id).map_err(|errno| explain::control(Operation::Stat, id, errno))?;
    let size = stat.size;
    // A slice, and an offset, is at most `isize::MAX`.
    let len = usize::try_from(size)
        .ok()
        .filter(|len| isize::try_from(*len).is_ok())
        .ok_or_else(|| refused(id, Cause::NotAddressable { size }))?;
    // SAFETY: the caller's promise.
    let mapped = unsafe { sys::memory::mapped(base, id, len) };
    let len = mapped.ok_or_else(|| refused(id, Cause::UnknownLength))?;
    Ok((len, stat))
}

#[cfg(test)]
mod tests;
