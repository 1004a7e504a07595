//! Recognizes segments whose last use was only a view by this program, possibly in earlier
//! runs.
//!
//! An attach sets the segment's attach time and last process, a detach the detach time: a
//! dumped orphan would count as used. So the last use before the view is written to a
//! small file of the user, and [`OwnUses::before`] finds it again. The record is valid as
//! long as the kernel still names this process as the last one and its attach as the last
//! attach.
//!
//! A line has the boot, the IPC namespace, the segment's identity, this program's process
//! and attach time, and the last use before. Unparsable lines are ignored.

use std::collections::HashMap;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use rustix::fs::{FlockOperation, OFlags, flock};

use crate::model::segment::{Id, Segment, Use};

/// Number of records kept, the newest ones.
const MOST: usize = 500;
/// A larger file is not this program's.
const LARGEST: u64 = 1 << 20;

/// A view of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OwnUse {
    /// The IPC namespace; 0 if the system has none.
    namespace: u64,
    id: Id,
    creator_pid: i32,
    size: u64,
    /// This program's process and attach time.
    pid: i32,
    attached: i64,
    /// The last use before.
    before: Use,
}

impl OwnUse {
    /// Returns whether it is still the segment's last use.
    fn is_last_use_of(&self, segment: &Segment) -> bool {
        segment.id == self.id
            && segment.creator_pid == self.creator_pid
            && segment.size == self.size
            && segment.last_pid == self.pid
            && segment.attach_time == Some(self.attached)
    }

    fn line(&self, boot: &str) -> String {
        let time = |time: Option<i64>| time.map_or("-".to_owned(), |time| time.to_string());
        format!(
            "{boot} {} {} {} {} {} {} {} {} {}\n",
            self.namespace,
            self.id,
            self.creator_pid,
            self.size,
            self.pid,
            self.attached,
            self.before.pid,
            time(self.before.attach_time),
            time(self.before.detach_time),
        )
    }

    /// Parses a line; ignores those of another boot.
    fn parse(line: &str, boot: &str) -> Option<Self> {
        let mut words = line.strip_prefix(boot)?.strip_prefix(' ')?.split(' ');
        let mut next = || words.next();
        let time = |word: &str| match word {
            "-" => Some(None),
            word => word.parse().ok().map(Some),
        };
        let entry = Self {
            namespace: next()?.parse().ok()?,
            id: next()?.parse().ok()?,
            creator_pid: next()?.parse().ok()?,
            size: next()?.parse().ok()?,
            pid: next()?.parse().ok()?,
            attached: next()?.parse().ok()?,
            before: Use {
                pid: next()?.parse().ok()?,
                attach_time: time(next()?)?,
                detach_time: time(next()?)?,
            },
        };
        next().is_none().then_some(entry)
    }
}

/// The recorded views, and their file.
#[derive(Debug)]
pub(super) struct OwnUses {
    /// `None` if the user has no directory for state files.
    path: Option<PathBuf>,
    boot: OnceLock<String>,
    /// The views of this run, in case the file cannot be written.
    ours: Mutex<Vec<OwnUse>>,
}

impl Default for OwnUses {
    fn default() -> Self {
        // A service may have no HOME.
        let variable = |name: &str| {
            let set = std::env::var(name).ok();
            set.or_else(|| (name == "HOME").then(home).flatten())
        };
        Self::at(crate::environment::state(variable).map(|folder| folder.join("looks")))
    }
}

/// The home directory that the user database has for this user.
fn home() -> Option<String> {
    use uzers::os::unix::UserExt as _;
    let user = uzers::get_user_by_uid(rustix::process::geteuid().as_raw())?;
    user.home_dir().to_str().map(str::to_owned)
}

impl OwnUses {
    fn at(path: Option<PathBuf>) -> Self {
        Self {
            path,
            boot: OnceLock::new(),
            ours: Mutex::default(),
        }
    }

    /// Returns this boot's identifier; a dash if the system has none. Most runs have no
    /// file and need none.
    fn boot(&self) -> &str {
        self.boot.get_or_init(|| {
            let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
            match boot.unwrap_or_default().trim() {
                "" => "-".to_owned(),
                boot => boot.to_owned(),
            }
        })
    }

    /// Adds the last use before a view to every segment whose last use was a view.
    pub(super) fn before(&self, namespace: Option<u64>, segments: &mut [Segment]) {
        let read = || {
            let mut file = OpenOptions::new()
                .read(true)
                .open(self.path.as_ref()?)
                .ok()?;
            self.read(&mut file).ok()
        };
        let mut entries = read().unwrap_or_default();
        entries.extend(self.ours().iter().copied());
        if entries.is_empty() {
            return;
        }
        let namespace = namespace.unwrap_or(0);
        let entries = entries
            .into_iter()
            .filter(|entry| entry.namespace == namespace);
        // If a segment has several views, the last one counts.
        let entries: HashMap<Id, OwnUse> = entries.map(|entry| (entry.id, entry)).collect();
        for segment in segments {
            let entry = entries.get(&segment.id);
            segment.before_view = entry
                .filter(|entry| entry.is_last_use_of(segment))
                .map(|entry| entry.before);
        }
    }

    /// Records a view, in the IPC namespace of this thread, unless others use the
    /// segment: `before` is the segment just before, `attached` the last attach after
    /// it. Processes that have it attached are viewers if the last use was a view;
    /// otherwise `are_viewers` decides.
    pub(super) fn record_unless_used(
        &self,
        mut before: Segment,
        attached: Option<i64>,
        are_viewers: impl FnOnce(Id, u64) -> bool,
    ) -> io::Result<()> {
        let namespace = shm::Namespace::own().inode();
        self.before(namespace, std::slice::from_mut(&mut before));
        let viewed = || before.before_view.is_some() || are_viewers(before.id, before.attached);
        if before.attached > 0 && !viewed() {
            return Ok(());
        }
        self.record(namespace, &before, attached)
    }

    /// Records a view: `before` is the segment just before it, `attached` the attach
    /// time.
    fn record(
        &self,
        namespace: Option<u64>,
        before: &Segment,
        attached: Option<i64>,
    ) -> io::Result<()> {
        let pid = i32::try_from(std::process::id()).unwrap_or(0);
        let Some(attached) = attached else {
            return Ok(());
        };
        let entry = OwnUse {
            namespace: namespace.unwrap_or(0),
            id: before.id,
            creator_pid: before.creator_pid,
            size: before.size,
            pid,
            attached,
            before: before.counted_use(),
        };
        let mut ours = self.ours();
        ours.retain(|known| known.id != entry.id || known.namespace != entry.namespace);
        ours.push(entry);
        drop(ours);
        let Some(path) = &self.path else {
            return Err(io::Error::other("this user has no directory for it"));
        };
        self.append(path, entry)
    }

    fn ours(&self) -> std::sync::MutexGuard<'_, Vec<OwnUse>> {
        self.ours.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns every view since boot, oldest first.
    fn read(&self, file: &mut File) -> io::Result<Vec<OwnUse>> {
        let metadata = file.metadata()?;
        if !metadata.is_file() || metadata.len() > LARGEST {
            return Err(io::Error::other("this is not a file of shm-tui"));
        }
        let mut text = Vec::new();
        file.take(LARGEST).read_to_end(&mut text)?;
        let text = String::from_utf8_lossy(&text);
        Ok(text
            .lines()
            .filter_map(|line| OwnUse::parse(line, self.boot()))
            .collect())
    }

    fn append(&self, path: &Path, entry: OwnUse) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)?;
        }
        let nofollow = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or(0);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags(nofollow)
            .open(path)?;
        // Two runs at once must not overwrite each other's entries.
        flock(&file, FlockOperation::LockExclusive)?;
        let mut entries = self.read(&mut file)?;
        let same = |known: &OwnUse| known.id == entry.id && known.namespace == entry.namespace;
        entries.retain(|known| !same(known));
        entries.push(entry);
        let first = entries.len().saturating_sub(MOST);
        let lines = entries
            .iter()
            .skip(first)
            .map(|entry| entry.line(self.boot()));
        let text: String = lines.collect();
        file.rewind()?;
        file.write_all(text.as_bytes())?;
        file.set_len(text.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn unused(id: Id) -> Segment {
        Segment {
            id,
            size: 4096,
            creator_pid: 5,
            last_pid: 6,
            attach_time: Some(100),
            detach_time: Some(110),
            ..Segment::default()
        }
    }

    /// The segment after the attach and detach.
    fn looked_at(before: Segment, attached: i64) -> Segment {
        Segment {
            last_pid: i32::try_from(std::process::id()).unwrap(),
            attach_time: Some(attached),
            detach_time: Some(attached + 1),
            ..before
        }
    }

    fn of(entries: &OwnUses, namespace: u64, mut segment: Segment) -> Option<Use> {
        entries.before(Some(namespace), std::slice::from_mut(&mut segment));
        segment.before_view
    }

    #[test]
    fn a_look_is_found_again_by_the_next_run_and_by_no_other_segment() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state").join("looks");
        let run = || OwnUses::at(Some(path.clone()));
        run().record(Some(9), &unused(7), Some(500)).unwrap();
        let after = looked_at(unused(7), 500);
        let before = unused(7).counted_use();
        assert_eq!(of(&run(), 9, after), Some(before));
        assert_eq!(of(&run(), 8, after), None, "another namespace");
        assert_eq!(of(&run(), 9, Segment { id: 8, ..after }), None);
        assert_eq!(of(&run(), 9, Segment { size: 1, ..after }), None);
        let used = Segment {
            attach_time: Some(501),
            ..after
        };
        assert_eq!(of(&run(), 9, used), None, "attached since");
        let used = Segment {
            last_pid: 6,
            ..after
        };
        assert_eq!(of(&run(), 9, used), None, "detached since by others");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let folder = path.parent().unwrap().metadata().unwrap();
        assert_eq!(folder.permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_second_look_keeps_the_use_before_the_first() {
        let directory = tempfile::tempdir().unwrap();
        let entries = OwnUses::at(Some(directory.path().join("looks")));
        entries.record(Some(9), &unused(7), Some(500)).unwrap();
        let mut between = looked_at(unused(7), 500);
        entries.before(Some(9), std::slice::from_mut(&mut between));
        entries.record(Some(9), &between, Some(600)).unwrap();
        let after = looked_at(unused(7), 600);
        assert_eq!(of(&entries, 9, after), Some(unused(7).counted_use()));
    }

    #[test]
    fn the_file_is_bounded_and_what_is_wrong_in_it_is_ignored() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("looks");
        std::fs::write(&path, "x\n\nanother-boot 9 7 5 4096 1 500 6 - -\n\u{0}\n").unwrap();
        let entries = OwnUses::at(Some(path.clone()));
        let most = Id::try_from(MOST).unwrap();
        for id in 0..most + 5 {
            entries.record(Some(9), &unused(id), Some(500)).unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), MOST);
        assert!(
            text.lines()
                .all(|line| OwnUse::parse(line, entries.boot()).is_some())
        );
        assert!(!text.contains("another-boot"));
    }

    #[test]
    fn without_a_file_this_run_still_knows_its_own_looks() {
        let entries = OwnUses::at(None);
        assert!(entries.record(None, &unused(7), Some(500)).is_err());
        let mut after = [looked_at(unused(7), 500)];
        entries.before(None, &mut after);
        assert_eq!(after[0].before_view, Some(unused(7).counted_use()));
    }
}
