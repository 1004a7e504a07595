//! Looks at every process on a thread of its own: only while somebody wants to
//! see it, as it costs more than all the rest together.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use super::Event;
use crate::model::scan::Scan;
use crate::model::segment::{Id, Identity};
use crate::source::{Source, SourceError};

/// What the thread can be told.
pub enum Order {
    /// Look now, and again after each period; in detail at this segment.
    Scan(Option<Id>, Option<Duration>),
    /// Find once who has this segment attached, by attaching it.
    Probe(Identity),
    /// Look no more.
    Stop,
    /// Look once which namespaces there are.
    Namespaces,
    /// Look at another system from now on.
    Source(Arc<dyn Source>),
}

impl std::fmt::Debug for Order {
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
/// If the system gives no thread.
pub fn spawn(source: Arc<dyn Source>, events: Sender<Event>) -> std::io::Result<Sender<Order>> {
    let (orders, received) = channel();
    thread::Builder::new()
        .name("scanner".to_owned())
        .spawn(move || run(source, &received, &events))?;
    Ok(orders)
}

fn run(mut source: Arc<dyn Source>, orders: &Receiver<Order>, events: &Sender<Event>) {
    let mut turn = 0;
    let mut focus = None;
    let mut period = None;
    loop {
        let order = match period {
            Some(period) => orders.recv_timeout(period),
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let event = match order {
            Ok(Order::Scan(new_focus, new_period)) => {
                (focus, period) = (new_focus, new_period);
                scan(&*source, turn, focus)
            }
            Ok(Order::Probe(target)) => scanned(source.probe(&target), turn),
            Err(RecvTimeoutError::Timeout) => scan(&*source, turn, focus),
            Ok(Order::Stop) => {
                period = None;
                continue;
            }
            Ok(Order::Namespaces) => {
                Event::Namespaces(source.namespaces().map_err(|error| error.to_string()))
            }
            Ok(Order::Source(new)) => {
                (source, period) = (new, None);
                turn += 1;
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        if events.send(event).is_err() {
            return;
        }
    }
}

fn scan(source: &dyn Source, turn: u64, focus: Option<Id>) -> Event {
    scanned(source.scan(focus), turn)
}

fn scanned(scan: Result<Scan, SourceError>, turn: u64) -> Event {
    let scan = scan.map(|scan| Box::new(Scan { turn, ..scan }));
    Event::Scanned(scan.map_err(|error| error.to_string()))
}
