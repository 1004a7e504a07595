//! Runs a job, with its own attachment that ends with it.
//!
//! The browser calls it on a thread per job, tests call it directly.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::time::{Duration, Instant};

use super::byte_scan::{self, ByteScan, End, PIECE, Unknown};
use super::snapshot::{self, Snapshot};
use super::{Source, SourceError};
use crate::app::job::{Answer, Job, LoadPreview, Report, Work};
use crate::model::bytes::copy;
use crate::model::bytes::hits::{self, Gather};
use crate::model::bytes::map::Map;
use crate::model::bytes::search::{Finder, Needle};
use crate::model::directory::Process;
use crate::model::format;
use crate::output::dump::{self, Dump};

/// Interval of progress reports.
const PERIOD: Duration = Duration::from_millis(100);

/// Receives reports; returns whether to continue.
pub type ReportFn<'a> = &'a mut dyn FnMut(Report) -> bool;

/// Runs the whole job. The last report is its end.
pub fn perform(source: &dyn Source, job: &Job, wanted: &dyn Fn() -> bool, report: ReportFn<'_>) {
    let mut work = Working {
        source,
        job,
        wanted,
        report,
        reported: Instant::now(),
    };
    let end = work.answer().map_err(|error| error.to_string());
    (work.report)(Report::Ended(end));
}

struct Working<'a> {
    source: &'a dyn Source,
    job: &'a Job,
    wanted: &'a dyn Fn() -> bool,
    report: ReportFn<'a>,
    reported: Instant,
}

/// Ends a job early, with a result or with an error.
fn conclude(end: End, answer: impl FnOnce() -> Answer) -> Result<Answer, SourceError> {
    match end {
        End::Complete | End::Enough => Ok(answer()),
        End::Cancelled => Ok(Answer::Cancelled),
        End::Released(why) => Err(SourceError::new(format!("the segment was released: {why}"))),
    }
}

impl Working<'_> {
    /// Reports the progress from time to time; returns whether to continue.
    fn going(&mut self, done: u64) -> bool {
        if self.reported.elapsed() >= PERIOD {
            self.reported = Instant::now();
            if !(self.report)(Report::Progress(done)) {
                return false;
            }
        }
        (self.wanted)()
    }

    fn byte_scan(&self, range: std::ops::Range<u64>) -> ByteScan {
        let mut byte_scan = ByteScan::of(range);
        if self.job.read_unknown {
            byte_scan.unknown = Unknown::Read;
        }
        byte_scan
    }

    fn answer(&mut self) -> Result<Answer, SourceError> {
        let job = self.job;
        match &job.work {
            Work::Map => self.map(),
            Work::Search(needle, from) => self.search(needle, *from),
            Work::Snapshot(number, taken) => self.snapshot(*number, *taken),
            Work::Compare(before, after) => self.compare(before, after.as_deref()),
            Work::Copy(range, form) => {
                let contents = self.source.open(&job.target)?;
                let length = usize::try_from(range.end - range.start).unwrap_or(0);
                let mut bytes = vec![0; length];
                let looked = byte_scan::read_window(&*contents, range.start, &mut bytes)?;
                bytes.truncate(looked.length);
                let text = copy::write(&bytes, *form);
                Ok(Answer::Copied(text, bytes.len() as u64))
            }
            Work::Dump(dump, path) => self.dump(dump, path),
            Work::PreviewLoad(path) => self.preview_load(path),
            Work::Load(path, offset, length) => self.load(path, *offset, *length),
        }
    }

    fn map(&mut self) -> Result<Answer, SourceError> {
        let contents = self.source.open(&self.job.target)?;
        let mut map = Map::new(contents.size());
        let byte_scan = self.byte_scan(0..contents.size());
        let outcome = byte_scan.run(&*contents, &mut |done| self.going(done), &mut |piece| {
            map.take(&piece);
            Ok::<_, SourceError>(std::ops::ControlFlow::Continue(()))
        })?;
        conclude(outcome.end, || Answer::Map(Box::new(map), outcome.unknown))
    }

    /// From the cursor to the end, then from the start.
    fn search(&mut self, needle: &Needle, from: u64) -> Result<Answer, SourceError> {
        let contents = self.source.open(&self.job.target)?;
        let size = contents.size();
        let mut gather = Gather::new(Finder::new(needle.clone()), hits::MOST);
        let mut unknown = 0;
        let overlap = gather.overlap() as u64;
        let parts = [
            (from, from..size),
            (0, 0..from.saturating_add(overlap).min(size)),
        ];
        for (begin, range) in parts {
            let ahead = size - from;
            let before = if begin == 0 && from > 0 { ahead } else { 0 };
            let mut byte_scan = self.byte_scan(range);
            byte_scan.overlap = gather.overlap();
            let mut first = true;
            let mut reported = Instant::now();
            // Two closures use it alternately.
            let working = std::cell::RefCell::new(&mut *self);
            let outcome = byte_scan.run(
                &*contents,
                &mut |done| {
                    working
                        .borrow_mut()
                        .going(before + done.saturating_sub(begin))
                },
                &mut |piece| {
                    let flow = gather.take(&piece);
                    if (first || reported.elapsed() >= PERIOD) && gather.has_found() {
                        (first, reported) = (false, Instant::now());
                        let found = Report::Found(gather.found());
                        if !(working.borrow_mut().report)(found) {
                            return Ok(std::ops::ControlFlow::Break(()));
                        }
                    }
                    Ok::<_, SourceError>(flow)
                },
            )?;
            unknown += outcome.unknown;
            if gather.has_found() {
                (self.report)(Report::Found(gather.found()));
            }
            match outcome.end {
                End::Complete if from > 0 => {}
                End::Complete => break,
                End::Enough => {
                    return Ok(Answer::Searched {
                        more: true,
                        unknown,
                    });
                }
                end => return conclude(end, || Answer::Cancelled),
            }
        }
        Ok(Answer::Searched {
            more: false,
            unknown,
        })
    }

    fn snapshot(&mut self, number: u64, taken: i64) -> Result<Answer, SourceError> {
        let contents = self.source.open(&self.job.target)?;
        let byte_scan = self.byte_scan(0..contents.size());
        let mut going = |done| self.going(done);
        let (snapshot, outcome) =
            Snapshot::take(&*contents, &byte_scan, number, taken, &mut going)?;
        conclude(outcome.end, || {
            Answer::Snapshot(snapshot.into(), outcome.unknown)
        })
    }

    fn compare(
        &mut self,
        before: &Snapshot,
        after: Option<&Snapshot>,
    ) -> Result<Answer, SourceError> {
        let live = match after {
            Some(_) => None,
            None => Some(self.source.open(&self.job.target)?),
        };
        let after: &dyn super::Contents = match (&live, after) {
            (_, Some(after)) => after,
            (Some(live), None) => &**live,
            (None, None) => return Ok(Answer::Cancelled),
        };
        let byte_scan = self.byte_scan(0..after.size());
        let (difference, end) =
            snapshot::compare(before, after, &byte_scan, &mut |done| self.going(done))?;
        conclude(end, || Answer::Compared(difference))
    }

    fn dump(&mut self, dump: &Dump, path: &Path) -> Result<Answer, SourceError> {
        let contents = self.source.open(&self.job.target)?;
        let start = dump.range.start;
        let result = dump.to_file(&*contents, path, &mut |at| {
            self.going(at.saturating_sub(start))
        });
        let outcome = result.map_err(|error| match error {
            dump::Error::Source(error) => error,
            dump::Error::Write(error) => {
                SourceError::new(format!("cannot write {}: {error}", path.display()))
            }
        })?;
        let read = match outcome.unknown {
            0 => String::new(),
            unknown => format!(
                "; {} of unknown state read, which may have allocated memory",
                format::counted(unknown, "byte")
            ),
        };
        let count = format::counted(dump.range.end - start, "byte");
        let path = format::harmless(&path.display().to_string());
        conclude(outcome.end, || {
            Answer::Said(format!("wrote {count} to {path}{read}"))
        })
    }

    fn preview_load(&self, path: &Path) -> Result<Answer, SourceError> {
        let file = std::fs::metadata(path).map_err(|error| cannot("open", path, &error))?;
        if !file.is_file() {
            let path = path.display();
            return Err(SourceError::new(format!("{path} is not a regular file")));
        }
        let mut weight = LoadPreview {
            length: file.len(),
            ..LoadPreview::default()
        };
        // Without a way to find the processes, none can be named; the count says how many
        // there are.
        if let Ok(scan) = self.source.scan(None) {
            weight.unreadable = scan.unreadable;
            let ours = scan.attachments.iter();
            for found in ours.filter(|found| found.id == self.job.target.id) {
                let command = match self.source.process(found.pid) {
                    Process::Running { command, .. } => command.to_string(),
                    Process::Zombie | Process::Gone | Process::Unknown => String::new(),
                };
                weight.attached.push((found.pid, command));
            }
            weight.attached.dedup();
        }
        Ok(Answer::LoadPreview(weight))
    }

    fn load(&mut self, path: &Path, offset: u64, length: u64) -> Result<Answer, SourceError> {
        let mut file = File::open(path).map_err(|error| cannot("open", path, &error))?;
        let found = file.seek(SeekFrom::End(0)).and_then(|end| {
            file.rewind()?;
            Ok(end)
        });
        let found = found.map_err(|error| cannot("read", path, &error))?;
        if found != length {
            return Err(SourceError::new(format!(
                "{} has changed its size since you confirmed: nothing was written",
                path.display()
            )));
        }
        let store = self.source.open_to_write(&self.job.target)?;
        let mut buffer = vec![0; PIECE];
        let mut done = 0;
        while done < length {
            let rest = usize::try_from(length - done).unwrap_or(PIECE).min(PIECE);
            let piece = buffer.get_mut(..rest).unwrap_or_default();
            let result = file.read_exact(piece).map_err(|e| cannot("read", path, &e));
            let result = result.and_then(|()| store.write(offset.saturating_add(done), piece));
            if let Err(error) = result {
                return Err(SourceError::new(format!(
                    "{error}; {} written before",
                    format::counted(done, "byte")
                )));
            }
            done += rest as u64;
            if !self.going(done) && done < length {
                return Ok(Answer::Said(format!(
                    "canceled after {} of {}",
                    format::thousands(done),
                    format::counted(length, "byte")
                )));
            }
        }
        let path = format::harmless(&path.display().to_string());
        let length = format::counted(length, "byte");
        Ok(Answer::Said(format!(
            "wrote {length} of {path} to segment {} at {offset:#x}",
            self.job.target.id
        )))
    }
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> SourceError {
    SourceError::new(format!("cannot {what} {}: {error}", path.display()))
}
