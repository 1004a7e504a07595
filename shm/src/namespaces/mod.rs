//! The IPC namespaces of the machine, and their contents.
//!
//! On Linux each IPC namespace has its own segments: a container has its own identifiers,
//! keys and limits. Identifiers have no meaning outside, so no handle leaves a namespace:
//! work runs on a thread that enters the namespace and then ends, and returns plain
//! records.
//!
//! The other systems have a single set of segments (except for jails of FreeBSD, which
//! cannot be entered this way): [`Namespace::own`] represents it, and everything works on
//! it, so that a program needs no second code path.

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "single.rs"]
mod system;

use crate::error::{Cause, Error, Operation, Result, Target};
use crate::list::{self, Segments};
use crate::processes::{AttachedProcesses, ProcessScan};
use crate::{Limits, Permissions, Segment, Stat, Usage};

/// An IPC namespace: of this thread ([`Namespace::own`]), or one of the
/// machine's ([`namespaces()`]).
///
/// ```
/// use shm::{Namespace, Segment};
///
/// let segment = Segment::private(4096)?.remove_on_drop();
/// let namespace = Namespace::own();
/// let listed = namespace.segments()?;
/// let ours = listed.iter().find(|stat| stat.id == segment.id()).unwrap();
/// namespace.remove(ours)?;
/// assert!(segment.stat().is_err());
/// # Ok::<(), shm::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    /// `None` if the system has no such namespaces.
    inode: Option<u64>,
    processes: Vec<i32>,
}

/// The visible namespaces, from [`namespaces()`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Namespaces {
    /// The namespaces, ordered by number; the caller's own is among them.
    pub list: Vec<Namespace>,
    /// The number of processes whose namespace is unknown.
    pub unreadable: usize,
    /// Whether the system hides other users' processes altogether (`hidepid` of Linux).
    pub invisible: bool,
}

/// The IPC namespaces of all processes that this one can inspect.
///
/// A namespace without processes, kept by a mount or an open file, is not found.
///
/// # Errors
///
/// `/proc` is not mounted, or the system has no IPC namespaces
/// ([`Cause::Unsupported`]).
///
#[cfg_attr(target_os = "linux", doc = "```")]
#[cfg_attr(not(target_os = "linux"), doc = "```no_run")]
/// for namespace in shm::namespaces()?.list {
///     println!("{:?}: {} processes", namespace.inode(), namespace.processes().len());
///     match namespace.segments() {
///         Ok(segments) => println!("  {} segments", segments.len()),
///         Err(error) => println!("  {error}"),
///     }
/// }
/// # Ok::<(), shm::Error>(())
/// ```
pub fn namespaces() -> Result<Namespaces> {
    system::all()
}

impl Namespace {
    /// Returns the namespace that the calling thread is in.
    ///
    /// ```
    /// assert!(shm::Namespace::own().is_own());
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use]
    pub fn own() -> Self {
        Self {
            inode: system::own_inode(),
            processes: Vec::new(),
        }
    }

    /// Returns the namespace of a process.
    ///
    /// # Errors
    ///
    /// The process does not exist, or this one cannot inspect it; the system has no IPC
    /// namespaces ([`Cause::Unsupported`]).
    ///
    #[cfg_attr(target_os = "linux", doc = "```")]
    #[cfg_attr(not(target_os = "linux"), doc = "```no_run")]
    /// use shm::Namespace;
    ///
    /// let ours = Namespace::of_process(std::process::id() as i32)?;
    /// assert_eq!(ours.inode(), Namespace::own().inode());
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn of_process(pid: i32) -> Result<Self> {
        system::of_process(pid)
    }

    /// Returns its number: the inode of `/proc/PID/ns/ipc`, as `lsns(8)` shows it. `None`
    /// if the system has no such namespaces.
    ///
    /// ```
    /// println!("{:?}", shm::Namespace::own().inode());
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use]
    pub const fn inode(&self) -> Option<u64> {
        self.inode
    }

    /// Returns the processes that were seen in it, if it is from [`namespaces()`].
    #[must_use]
    pub fn processes(&self) -> &[i32] {
        &self.processes
    }

    /// Returns whether the calling thread is in it.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.inode.is_none() || self.inode == system::own_inode()
    }

    /// Returns its segments, as [`segments()`](crate::segments()).
    ///
    /// # Errors
    ///
    /// As [`segments()`](crate::segments()). A namespace other than the
    /// caller's can be entered only with `CAP_SYS_ADMIN` over it
    /// ([`Cause::NamespaceDenied`]), and as long as a process is in it
    /// ([`Cause::NamespaceGone`]).
    ///
    /// ```
    /// let segments = shm::Namespace::own().segments()?;
    /// println!("{} segments", segments.len());
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn segments(&self) -> Result<Segments> {
        self.inside(list::segments)
    }

    /// Returns its segments with memory figures, as
    /// [`segments_with_memory()`](crate::segments_with_memory()).
    ///
    /// # Errors
    ///
    /// As [`segments`](Self::segments).
    ///
    /// ```
    /// let segments = shm::Namespace::own().segments_with_memory()?;
    /// println!("{:?}", segments.first().map(|stat| stat.memory));
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn segments_with_memory(&self) -> Result<Segments> {
        self.inside(list::segments_with_memory)
    }

    /// Returns its limits, as [`limits()`](crate::limits()).
    ///
    /// # Errors
    ///
    /// As [`segments`](Self::segments).
    ///
    /// ```
    /// println!("{}", shm::Namespace::own().limits()?.max_segments);
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn limits(&self) -> Result<Limits> {
        self.inside(list::limits)
    }

    /// Returns its usage, as [`usage()`](crate::usage()).
    ///
    /// # Errors
    ///
    /// As [`segments`](Self::segments).
    ///
    /// ```
    /// println!("{}", shm::Namespace::own().usage()?.segments);
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn usage(&self) -> Result<Usage> {
        self.inside(list::usage)
    }

    /// Returns the attachments of its segments by its processes, as
    /// [`scan_processes()`](crate::scan_processes()). Needs no right to enter it, only to
    /// inspect the processes.
    ///
    /// # Errors
    ///
    /// As [`scan_processes()`](crate::scan_processes()).
    ///
    #[cfg_attr(target_os = "linux", doc = "```")]
    #[cfg_attr(not(target_os = "linux"), doc = "```no_run")]
    /// for found in shm::Namespace::own().scan_processes()?.attachments {
    ///     println!("process {} has segment {}", found.pid, found.id);
    /// }
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn scan_processes(&self) -> Result<ProcessScan> {
        system::scan(self.inode)
    }

    /// Returns the processes that have a segment of this namespace attached.
    ///
    /// # Errors
    ///
    /// As [`scan_processes()`](crate::scan_processes()).
    ///
    #[cfg_attr(target_os = "linux", doc = "```")]
    #[cfg_attr(not(target_os = "linux"), doc = "```no_run")]
    /// let segment = shm::Segment::private(4096)?.remove_on_drop();
    /// let namespace = shm::Namespace::own();
    /// let found = namespace.attached_processes(&segment.stat()?)?;
    /// assert!(found.attachments.is_empty());
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn attached_processes(&self, segment: &Stat) -> Result<AttachedProcesses> {
        self.scan_processes().map(|scan| scan.attached(segment))
    }

    /// Marks a segment for removal, if it is still the listed one.
    ///
    /// The segment is compared just before; it could be replaced only in the instant
    /// between the two calls, and only after the identifier space wraps around.
    ///
    /// # Errors
    ///
    /// The identifier names another segment by now, or the segment was changed
    /// ([`Cause::Replaced`]); as [`Segment::remove`]; as
    /// [`segments`](Self::segments) for entering.
    ///
    /// ```
    /// use shm::{Cause, Namespace, Segment};
    ///
    /// let segment = Segment::private(4096)?.remove_on_drop();
    /// let mut listed = segment.stat()?;
    /// listed.size = 8192;
    /// let error = Namespace::own().remove(&listed).unwrap_err();
    /// assert!(matches!(error.cause(), Cause::Replaced));
    /// listed.size = 4096;
    /// Namespace::own().remove(&listed)?;
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn remove(&self, listed: &Stat) -> Result<()> {
        self.change(Operation::Remove, listed, |segment| segment.remove())
    }

    /// Changes owner, group or mode of a segment, if it is still the listed one.
    ///
    /// # Errors
    ///
    /// As [`remove`](Self::remove) and [`Segment::set_permissions`].
    ///
    /// ```
    /// use shm::{Mode, Namespace, Permissions, Segment};
    ///
    /// let segment = Segment::private(4096)?.remove_on_drop();
    /// let permissions = Permissions::new().mode(Mode::ALL_READ_WRITE);
    /// Namespace::own().set_permissions(&segment.stat()?, &permissions)?;
    /// assert_eq!(segment.stat()?.mode, Mode::ALL_READ_WRITE);
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn set_permissions(&self, listed: &Stat, permissions: &Permissions) -> Result<()> {
        self.change(Operation::SetPermissions, listed, |segment| {
            segment.set_permissions(permissions)
        })
    }

    /// Locks a segment in memory, if it is still the listed one.
    ///
    /// # Errors
    ///
    /// As [`remove`](Self::remove) and [`Segment::lock`].
    ///
    /// ```no_run
    /// let namespace = shm::Namespace::own();
    /// for stat in &namespace.segments()? {
    ///     namespace.lock(stat)?;
    /// }
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn lock(&self, listed: &Stat) -> Result<()> {
        self.change(Operation::Lock, listed, |segment| segment.lock())
    }

    /// Undoes [`lock`](Self::lock).
    ///
    /// # Errors
    ///
    /// As [`remove`](Self::remove) and [`Segment::unlock`].
    ///
    /// ```no_run
    /// let namespace = shm::Namespace::own();
    /// for stat in &namespace.segments()? {
    ///     namespace.unlock(stat)?;
    /// }
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn unlock(&self, listed: &Stat) -> Result<()> {
        self.change(Operation::Unlock, listed, |segment| segment.unlock())
    }

    /// Acts on a segment in the namespace, after comparing it with its record.
    fn change(
        &self,
        operation: Operation,
        listed: &Stat,
        work: impl FnOnce(Segment) -> Result<()> + Send,
    ) -> Result<()> {
        self.inside(|| {
            let refused = |cause| Error::refused(operation, Target::Segment(listed.id), cause);
            let now = list::find(listed.id).ok_or_else(|| refused(Cause::Gone))?;
            if !listed.is_same_segment(&now) {
                return Err(refused(Cause::Replaced));
            }
            work(Segment::from_id(listed.id))
        })
    }

    /// Runs work in the namespace: on this thread, or on one that has entered it.
    fn inside<T: Send>(&self, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        match self.inode {
            Some(inode) if !self.is_own() => system::enter(inode, &self.processes, work),
            _ => work(),
        }
    }
}
