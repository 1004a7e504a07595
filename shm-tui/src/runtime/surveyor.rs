//! Surveys, each on a thread of its own that can be called off.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};

use super::Event;
use crate::app::survey::{Report, Survey};
use crate::source::{Source, survey};

/// What is under way, by number.
#[derive(Debug, Default)]
pub(super) struct Surveyor {
    running: HashMap<u64, (Arc<AtomicBool>, JoinHandle<()>)>,
}

impl Surveyor {
    /// Starts a survey; what comes of it arrives as events.
    pub(super) fn start(&mut self, source: Arc<dyn Source>, survey: Survey, events: Sender<Event>) {
        self.running.retain(|_, (_, thread)| !thread.is_finished());
        let number = survey.number;
        let wanted = Arc::new(AtomicBool::new(true));
        let still = Arc::clone(&wanted);
        let failed = events.clone();
        let thread = thread::Builder::new()
            .name("survey".to_owned())
            .spawn(move || {
                let mut tell = |report: Report| events.send(Event::Survey(number, report)).is_ok();
                let wanted = || still.load(Ordering::SeqCst);
                survey::perform(&*source, &survey, &wanted, &mut tell);
            });
        match thread {
            Ok(thread) => _ = self.running.insert(number, (wanted, thread)),
            Err(error) => {
                let report = Report::Ended(Err(format!("cannot start a thread: {error}")));
                // Whoever listens is the caller.
                let _ = failed.send(Event::Survey(number, report));
            }
        }
    }

    /// Calls a survey off, if it goes on; it ends soon.
    pub(super) fn cancel(&mut self, number: u64) {
        if let Some((wanted, _)) = self.running.get(&number) {
            wanted.store(false, Ordering::SeqCst);
        }
    }
}

impl Drop for Surveyor {
    /// The program ends: no attachment and no half of a file is left behind.
    fn drop(&mut self) {
        for (wanted, _) in self.running.values() {
            wanted.store(false, Ordering::SeqCst);
        }
        for (_, (_, thread)) in self.running.drain() {
            // A panic has ended the program already.
            let _ = thread.join();
        }
    }
}
