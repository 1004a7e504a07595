//! Access as a type: writing through a read-only view does not compile.

use core::fmt::Debug;

mod sealed {
    pub trait Sealed {}
}

/// The access of an attachment or view: [`ReadWrite`] or [`ReadOnly`].
pub trait Access: sealed::Sealed + Copy + Debug + Send + Sync + 'static {
    /// Whether it includes writing.
    const WRITABLE: bool;
}

/// An [`Access`] that includes writing.
#[diagnostic::on_unimplemented(
    message = "this attachment or view is read-only",
    label = "needs `ReadWrite`",
    note = "attach with `Segment::attach` instead of `Segment::attach_read_only`"
)]
pub trait Writable: Access {}

/// Reading and writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReadWrite;

/// Reading only; the kernel stops writes with a signal, the compiler before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReadOnly;

impl sealed::Sealed for ReadWrite {}
impl sealed::Sealed for ReadOnly {}

impl Access for ReadWrite {
    const WRITABLE: bool = true;
}

impl Access for ReadOnly {
    const WRITABLE: bool = false;
}

impl Writable for ReadWrite {}
