//! Runs jobs, each on its own thread, and cancels them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};

use super::Event;
use crate::app::job::{Job, Report};
use crate::source::{Source, job};

/// The running jobs, by number.
#[derive(Debug, Default)]
pub(super) struct JobRunner {
    running: HashMap<u64, (Arc<AtomicBool>, JoinHandle<()>)>,
}

impl JobRunner {
    /// Starts a job; its reports arrive as events.
    pub(super) fn start(&mut self, source: Arc<dyn Source>, job: Job, events: Sender<Event>) {
        self.running.retain(|_, (_, thread)| !thread.is_finished());
        let number = job.number;
        let wanted = Arc::new(AtomicBool::new(true));
        let still = Arc::clone(&wanted);
        let failed = events.clone();
        let thread = thread::Builder::new()
            .name("job".to_owned())
            .spawn(move || {
                let mut send = |report: Report| events.send(Event::Job(number, report)).is_ok();
                let wanted = || still.load(Ordering::SeqCst);
                job::perform(&*source, &job, &wanted, &mut send);
            });
        match thread {
            Ok(thread) => _ = self.running.insert(number, (wanted, thread)),
            Err(error) => {
                let report = Report::Ended(Err(format!("cannot start a thread: {error}")));
                // The receiver is the caller.
                let _ = failed.send(Event::Job(number, report));
            }
        }
    }

    /// Cancels a job, if it is running; it ends soon.
    pub(super) fn cancel(&mut self, number: u64) {
        if let Some((wanted, _)) = self.running.get(&number) {
            wanted.store(false, Ordering::SeqCst);
        }
    }
}

impl Drop for JobRunner {
    /// Cancels all jobs at the end of the program, so that no attachment and no partial
    /// file is left behind.
    fn drop(&mut self) {
        for (wanted, _) in self.running.values() {
            wanted.store(false, Ordering::SeqCst);
        }
        for (_, (_, thread)) in self.running.drain() {
            // After a panic the program has ended already.
            let _ = thread.join();
        }
    }
}
