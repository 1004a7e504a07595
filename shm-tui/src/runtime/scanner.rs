//! Scans every process on its own thread, and only while a view shows the result, because
//! it costs more than everything else together.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use super::Event;
use crate::model::scan::Scan;
use crate::model::segment::{Id, Identity};
use crate::source::{Source, SourceError};

/// A message to the thread.
pub enum Request {
    /// Scan now, and again after each period; with details of this segment.
    Scan(Option<Id>, Option<Duration>),
    /// Probe once for the processes that have this segment attached.
    Probe(Identity),
    /// Stop scanning.
    Stop,
    /// List the namespaces once.
    Namespaces,
    /// Switch to another source.
    Source(Arc<dyn Source>),
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Scan(..) => "Scan",
            Self::Probe(_) => "Probe",
            Self::Stop => "Stop",
            Self::Namespaces => "Namespaces",
            Self::Source(_) => "Source",
        })
    }
}

/// Starts the thread; it ends when either side of its channels is dropped.
///
/// # Errors
///
/// If the system cannot start a thread.
pub fn spawn(source: Arc<dyn Source>, events: Sender<Event>) -> std::io::Result<Sender<Request>> {
    let (orders, received) = channel();
    thread::Builder::new()
        .name("scanner".to_owned())
        .spawn(move || run(source, &received, &events))?;
    Ok(orders)
}

fn run(mut source: Arc<dyn Source>, orders: &Receiver<Request>, events: &Sender<Event>) {
    let mut generation = 0;
    let mut focus = None;
    let mut period = None;
    loop {
        let request = match period {
            Some(period) => orders.recv_timeout(period),
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let event = match request {
            Ok(Request::Scan(new_focus, new_period)) => {
                (focus, period) = (new_focus, new_period);
                scan(&*source, generation, focus)
            }
            Ok(Request::Probe(target)) => scanned(source.probe(&target), generation),
            Err(RecvTimeoutError::Timeout) => scan(&*source, generation, focus),
            Ok(Request::Stop) => {
                period = None;
                continue;
            }
            Ok(Request::Namespaces) => {
                Event::Namespaces(source.namespaces().map_err(|error| error.to_string()))
            }
            Ok(Request::Source(new)) => {
                (source, period) = (new, None);
                generation += 1;
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        if events.send(event).is_err() {
            return;
        }
    }
}

fn scan(source: &dyn Source, generation: u64, focus: Option<Id>) -> Event {
    scanned(source.scan(focus), generation)
}

fn scanned(scan: Result<Scan, SourceError>, generation: u64) -> Event {
    let scan = scan.map(|scan| Box::new(Scan { generation, ..scan }));
    Event::Scanned(scan.map_err(|error| error.to_string()))
}
