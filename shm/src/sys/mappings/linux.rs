//! Linux: `/proc/PID/maps`, by `PROCMAP_QUERY` if the kernel has it (6.11 and later),
//! with which the kernel returns only shared file mappings; otherwise by reading the
//! text.

use std::ffi::{c_int, c_uint};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::MetadataExt;

use crate::decode::maps::{self, Mapping};
use crate::error::Errno;
use crate::sys::last_errno;

/// Reads the mappings of processes.
#[derive(Debug)]
pub(crate) struct Reader {
    found: Vec<Mapping>,
    text: Vec<u8>,
    /// Whether the kernel has answered queries so far.
    queries: bool,
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self {
            found: Vec::new(),
            text: Vec::new(),
            queries: true,
        }
    }

    /// Returns a reader of the text, even if the kernel answers queries.
    #[cfg(test)]
    pub(crate) fn of_text() -> Self {
        Self {
            queries: false,
            ..Self::new()
        }
    }

    /// Returns the mappings of a process that have the name of a segment, and the thread
    /// that showed them. The main thread may have exited while others run: then its own
    /// directory is as empty as a zombie's.
    pub(crate) fn process(&mut self, pid: c_int) -> io::Result<(c_int, &[Mapping])> {
        let thread = match self.read(pid) {
            Ok(()) => pid,
            Err(error) if has_ended(&error) => {
                let other = other_thread(pid).ok_or(error)?;
                self.read(other)?;
                other
            }
            Err(error) => return Err(error),
        };
        Ok((thread, &self.found))
    }

    /// Reads the mappings that one thread shows.
    fn read(&mut self, pid: c_int) -> io::Result<()> {
        self.found.clear();
        let mut file = File::open(format!("/proc/{pid}/maps"))?;
        if self.queries {
            match query_all(&file, &mut self.found) {
                Err(error) if is_no_query(&error) => self.queries = false,
                done => return done,
            }
        }
        self.text.clear();
        file.read_to_end(&mut self.text)?;
        if self.text.is_empty() {
            // The same as the answer to a query without memory.
            return Err(io::Error::from_raw_os_error(libc::ESRCH));
        }
        self.found.extend(maps::mappings(&self.text));
        Ok(())
    }
}

/// Returns another thread of a process whose main thread has exited: only the directories
/// of other threads show the memory of such a process.
fn other_thread(pid: c_int) -> Option<c_int> {
    let tasks = format!("/proc/{pid}/task");
    // Two links of its own and one for each thread: most without memory are kernel
    // threads, with one thread, and need no listing.
    if std::fs::metadata(&tasks).ok()?.nlink() <= 3 {
        return None;
    }
    let numbers = std::fs::read_dir(tasks).ok()?;
    let number = |entry: std::fs::DirEntry| entry.file_name().to_str()?.parse().ok();
    numbers
        .filter_map(Result::ok)
        .filter_map(number)
        .find(|thread| *thread != pid)
}

/// Returns whether the process exited before it could be inspected, or has no memory (a
/// kernel thread).
pub(crate) fn has_ended(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOENT | libc::ESRCH))
}

/// Moves this thread into the IPC namespace of an open `/proc/PID/ns/ipc`.
pub(crate) fn enter_ipc_namespace(namespace: &File) -> Result<(), Errno> {
    // SAFETY: takes an open descriptor and a flag, and touches no memory. This
    // thread's attachments stay as they are.
    match unsafe { libc::setns(namespace.as_raw_fd(), libc::CLONE_NEWIPC) } {
        -1 => Err(last_errno()),
        _ => Ok(()),
    }
}

/// `struct procmap_query` of `<linux/fs.h>`.
#[repr(C)]
#[derive(Debug, Default)]
struct Query {
    size: u64,
    flags: u64,
    address: u64,
    start: u64,
    end: u64,
    rights: u64,
    page_size: u64,
    offset: u64,
    inode: u64,
    major: u32,
    minor: u32,
    name_size: u32,
    build_id_size: u32,
    name: u64,
    build_id: u64,
}

const _: () = assert!(size_of::<Query>() == 104);

// `_IOWR('f', 17, struct procmap_query)`: the same on all architectures.
const PROCMAP_QUERY: u32 = 0xc068_6611;

const READABLE: u64 = 0x01;
const WRITABLE: u64 = 0x02;
const EXECUTABLE: u64 = 0x04;
const SHARED: u64 = 0x08;
const COVERING_OR_NEXT: u64 = 0x10;
const FILE_BACKED: u64 = 0x20;

/// Returns every shared mapping of a file that has the name of a segment.
fn query_all(maps: &File, found: &mut Vec<Mapping>) -> io::Result<()> {
    let mut address = 0;
    loop {
        let mut query = Query {
            flags: SHARED | FILE_BACKED | COVERING_OR_NEXT,
            address,
            ..Query::default()
        };
        match run(maps, &mut query, &mut []) {
            Ok(()) => {}
            // No more mappings.
            Err(error) if error.raw_os_error() == Some(libc::ENOENT) => return Ok(()),
            Err(error) => return Err(error),
        }
        // Devices of segments have no major number: only then is the name worth a second
        // query.
        if query.major == 0 {
            found.extend(named(maps, &query));
        }
        if query.end <= address {
            return Ok(());
        }
        address = query.end;
    }
}

/// Returns the mapping, if it has a segment's name; `None` also if it no longer exists.
fn named(maps: &File, mapping: &Query) -> Option<Mapping> {
    // Longer names make the query fail, and are not segments'.
    let mut name = [0; 64];
    let mut query = Query {
        address: mapping.start,
        ..Query::default()
    };
    run(maps, &mut query, &mut name).ok()?;
    // The size counts the NUL.
    let length = usize::try_from(query.name_size).ok()?.checked_sub(1)?;
    let key = maps::key_in_name(name.get(..length)?)?;
    Some(Mapping {
        start: query.start,
        end: query.end,
        offset: query.offset,
        readable: query.rights & READABLE != 0,
        writable: query.rights & WRITABLE != 0,
        executable: query.rights & EXECUTABLE != 0,
        device: (query.major, query.minor),
        inode: query.inode,
        key,
    })
}

/// `ioctl(PROCMAP_QUERY)`; the name goes into a buffer, unless that is empty.
fn run(maps: &File, query: &mut Query, name: &mut [u8]) -> io::Result<()> {
    query.size = size_of::<Query>() as u64;
    if !name.is_empty() {
        query.name_size = u32::try_from(name.len()).unwrap_or(u32::MAX);
        query.name = name.as_mut_ptr() as u64;
    }
    // SAFETY: the kernel reads and writes one structure of the size that it
    // states, and no more of the name's buffer than it states; both outlive
    // the call.
    let answer = unsafe { libc::ioctl(maps.as_raw_fd(), PROCMAP_QUERY as _, &raw mut *query) };
    if answer == -1 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

/// Returns whether this kernel, or its emulation, lacks the query.
fn is_no_query(error: &io::Error) -> bool {
    let number = error.raw_os_error();
    matches!(
        number,
        Some(libc::ENOTTY | libc::EINVAL | libc::ENOSYS | libc::EOPNOTSUPP)
    )
}

/// The devices of the memory of segments.
///
/// Any deleted file may be called `/SYSV…`, but no file of a mountable file system is on
/// these devices: they are the kernel's own, one for ordinary pages and one for each size
/// of huge pages. `memfd_create(2)` creates files on the same ones, and so shows their
/// numbers.
#[derive(Debug)]
pub(crate) struct Devices {
    ordinary: Option<(u32, u32)>,
    huge: Vec<(u32, u32)>,
    /// Whether the devices of all page sizes are known.
    all_huge: bool,
}

impl Devices {
    /// Detects the devices.
    pub(crate) fn find() -> Self {
        let sizes = huge_page_sizes();
        let huge: Vec<_> = sizes
            .iter()
            .filter_map(|size| device_of(libc::MFD_HUGETLB | size.trailing_zeros() << 26))
            .collect();
        Self {
            ordinary: device_of(0),
            all_huge: huge.len() == sizes.len(),
            huge,
        }
    }

    /// Returns whether segments on this device have huge pages; `None` if no segment is
    /// on it.
    pub(crate) fn huge_pages(&self, device: (u32, u32)) -> Option<bool> {
        if self.ordinary == Some(device) {
            return Some(false);
        }
        if self.huge.contains(&device) {
            return Some(true);
        }
        // If the devices are unknown, the name has to suffice.
        match self.ordinary {
            None => (device.0 == 0).then_some(false),
            Some(_) => (device.0 == 0 && !self.all_huge).then_some(true),
        }
    }
}

/// Returns whether this is certainly the device of segments with ordinary pages.
pub(crate) fn is_of_ordinary_pages(device: (u32, u32)) -> bool {
    device_of(0) == Some(device)
}

/// Returns the sizes of huge pages that the kernel offers, in bytes.
fn huge_page_sizes() -> Vec<u64> {
    let Ok(entries) = std::fs::read_dir("/sys/kernel/mm/hugepages") else {
        return Vec::new();
    };
    let size = |entry: std::fs::DirEntry| {
        let name = entry.file_name();
        let kib = name
            .to_str()?
            .strip_prefix("hugepages-")?
            .strip_suffix("kB")?;
        kib.parse::<u64>().ok()?.checked_mul(1024)
    };
    entries.filter_map(Result::ok).filter_map(size).collect()
}

/// Returns the device of a file created by `memfd_create(2)` with these flags.
fn device_of(flags: c_uint) -> Option<(u32, u32)> {
    // SAFETY: a NUL-terminated name that outlives the call.
    let fd = unsafe { libc::memfd_create(c"shm".as_ptr(), flags | libc::MFD_CLOEXEC) };
    if fd == -1 {
        return None;
    }
    // SAFETY: just made, and nobody else's.
    let file = unsafe { File::from_raw_fd(fd) };
    let device = file.metadata().ok()?.dev();
    // Both functions only split a number.
    Some((libc::major(device), libc::minor(device)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Segment;

    #[test]
    fn linux_query_and_text_of_maps_tell_the_same() {
        let segment = Segment::private(20_000).unwrap().remove_on_drop();
        let _writable = segment.attach().unwrap();
        let _read_only = segment.attach_read_only().unwrap();
        let pid = crate::sys::process_id();
        let ours = |mappings: &[Mapping]| -> Vec<Mapping> {
            let id = segment.id().as_raw() as u64;
            mappings
                .iter()
                .filter(|mapping| mapping.inode == id)
                .copied()
                .collect()
        };
        let text = ours(Reader::of_text().process(pid).unwrap().1);
        assert_eq!(text.len(), 2);
        assert_eq!(text.iter().filter(|mapping| mapping.writable).count(), 1);
        assert_eq!(ours(Reader::new().process(pid).unwrap().1), text);
        let devices = Devices::find();
        assert!(
            text.iter()
                .all(|mapping| devices.huge_pages(mapping.device) == Some(false))
        );
    }

    #[test]
    fn linux_process_that_has_ended_is_told_from_one_that_is_hidden() {
        let ended = Reader::new()
            .process(c_int::MAX)
            .map(|(_, mappings)| mappings.len())
            .unwrap_err();
        assert!(has_ended(&ended));
        assert!(!has_ended(&io::Error::from_raw_os_error(libc::EACCES)));
    }

    #[test]
    fn linux_devices_of_file_systems_are_no_segments() {
        let known = Devices {
            ordinary: Some((0, 1)),
            huge: vec![(0, 17)],
            all_huge: true,
        };
        assert_eq!(known.huge_pages((0, 1)), Some(false));
        assert_eq!(known.huge_pages((0, 17)), Some(true));
        assert_eq!(known.huge_pages((0, 30)), None);
        assert_eq!(known.huge_pages((254, 1)), None);
        let unknown = Devices {
            all_huge: false,
            ..known
        };
        assert_eq!(unknown.huge_pages((0, 30)), Some(true));
        assert_eq!(unknown.huge_pages((254, 1)), None);
    }
}
