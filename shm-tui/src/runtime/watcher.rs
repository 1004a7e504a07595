//! Reads the displayed segment, and keeps it attached no longer than that.
//!
//! Attaching changes counts that others see, and keeps a removed segment alive. So there
//! is at most one attachment. It is released when the view is closed, when the segment is
//! marked for removal, and when no other process has it attached where the last detach
//! destroys.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use super::Event;
use crate::app::action::Reading;
use crate::app::effect::Part;
use crate::model::segment::Identity;
use crate::source::{Contents, Source, byte_scan};

/// Interval of readings of the visible bytes.
const PERIOD: Duration = Duration::from_millis(250);
/// More than any screen shows.
const MOST: u64 = 1 << 20;

/// A message to the thread.
#[derive(Clone)]
pub enum Request {
    /// Read this part repeatedly; attach the segment if necessary.
    Show(Part),
    /// Stop reading, but stay attached.
    Hold,
    /// Detach.
    Close,
    /// Detach, and switch to another source.
    Source(Arc<dyn Source>),
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Show(part) => f.debug_tuple("Show").field(part).finish(),
            Self::Hold => f.write_str("Hold"),
            Self::Close => f.write_str("Close"),
            Self::Source(_) => f.write_str("Source"),
        }
    }
}

/// The state of the thread.
pub struct Watcher {
    source: Arc<dyn Source>,
    attached: Option<(Identity, Box<dyn Contents>)>,
    part: Option<Part>,
    sent: Vec<u8>,
}

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watcher")
            .field("part", &self.part)
            .finish_non_exhaustive()
    }
}

impl Watcher {
    /// Creates a watcher without a segment.
    #[must_use]
    pub fn new(source: Arc<dyn Source>) -> Self {
        Self {
            source,
            attached: None,
            part: None,
            sent: Vec::new(),
        }
    }

    /// Handles a message and returns the events to send, in order.
    pub fn handle(&mut self, request: Request) -> Vec<(Identity, Reading)> {
        match request {
            Request::Close => {
                self.part = None;
                self.attached = None;
                Vec::new()
            }
            Request::Source(source) => {
                self.source = source;
                self.handle(Request::Close)
            }
            Request::Hold => {
                self.part = None;
                Vec::new()
            }
            Request::Show(part) => {
                if let Err(error) = self.attach(part.target) {
                    self.part = None;
                    return vec![(part.target, Reading::Failed(error))];
                }
                self.part = Some(part);
                self.read(true)
            }
        }
    }

    fn attach(&mut self, target: Identity) -> Result<(), String> {
        if matches!(&self.attached, Some((held, _)) if *held == target) {
            return Ok(());
        }
        // Never hold two attachments.
        self.attached = None;
        let contents = self.source.open(&target).map_err(|e| e.to_string())?;
        self.attached = Some((target, contents));
        Ok(())
    }

    /// Reads the visible part; returns the bytes only if they changed, or if `all` is
    /// set.
    pub fn read(&mut self, all: bool) -> Vec<(Identity, Reading)> {
        let (Some(part), Some((_, contents))) = (self.part, &self.attached) else {
            return self.check_release();
        };
        let length = usize::try_from(part.length.min(MOST)).unwrap_or(0);
        let mut bytes = vec![0; length];
        let mut readings = Vec::new();
        match byte_scan::read_window(&**contents, part.offset, &mut bytes) {
            Ok(looked) => {
                bytes.truncate(looked.length);
                if all || bytes != self.sent {
                    self.sent.clone_from(&bytes);
                    let reading = Reading::Bytes {
                        offset: part.offset,
                        bytes,
                        unknown: looked.unknown,
                    };
                    readings.push((part.target, reading));
                }
            }
            Err(error) => {
                self.handle(Request::Close);
                return vec![(part.target, Reading::Failed(error.to_string()))];
            }
        }
        readings.extend(self.check_release());
        readings
    }

    /// Releases a segment that the attachment would keep alive.
    fn check_release(&mut self) -> Vec<(Identity, Reading)> {
        let attached = self.attached.as_ref();
        let due = attached.and_then(|(target, contents)| Some((*target, contents.release()?)));
        match due {
            Some((target, why)) => {
                self.handle(Request::Close);
                vec![(target, Reading::LetGo(why.to_string()))]
            }
            None => Vec::new(),
        }
    }

    fn is_attached(&self) -> bool {
        self.attached.is_some()
    }
}

/// Starts the thread; it ends when either side of its channels is dropped.
///
/// # Errors
///
/// If the system cannot start a thread.
pub fn spawn(mut watcher: Watcher, events: Sender<Event>) -> std::io::Result<Sender<Request>> {
    let (orders, received) = channel();
    thread::Builder::new()
        .name("watcher".to_owned())
        .spawn(move || run(&mut watcher, &received, &events))?;
    Ok(orders)
}

fn run(watcher: &mut Watcher, orders: &Receiver<Request>, events: &Sender<Event>) {
    loop {
        let request = match watcher.is_attached() {
            true => orders.recv_timeout(PERIOD),
            false => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let readings = match request {
            Ok(request) => {
                let waiting = std::iter::once(request).chain(orders.try_iter());
                let orders = newest(waiting);
                orders.into_iter().flat_map(|o| watcher.handle(o)).collect()
            }
            Err(RecvTimeoutError::Timeout) => watcher.read(false),
            Err(RecvTimeoutError::Disconnected) => return,
        };
        for (target, reading) in readings {
            if events.send(Event::Contents(target, reading)).is_err() {
                return;
            }
        }
    }
}

/// Drops superseded messages: keys repeat faster than a slow segment can be read.
fn newest(waiting: impl Iterator<Item = Request>) -> Vec<Request> {
    let mut orders = Vec::new();
    for request in waiting {
        match request {
            Request::Show(_) | Request::Close => {
                orders.retain(|request| matches!(request, Request::Source(_)));
            }
            Request::Source(_) => orders.clear(),
            Request::Hold => {}
        }
        orders.push(request);
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::fake::Fake;

    fn part(fake: &Fake, id: i32) -> Part {
        let target = fake.change(|system| system.segments[&id].identity());
        Part {
            target,
            offset: 0,
            length: 8,
        }
    }

    fn held(fake: &Fake, id: i32) -> u64 {
        fake.change(|system| system.held.get(&id).copied().unwrap_or(0))
    }

    #[test]
    fn it_is_attached_only_while_shown() {
        let fake = Fake::example(0);
        let mut watcher = Watcher::new(Arc::new(fake.clone()));
        let readings = watcher.handle(Request::Show(part(&fake, 65_538)));
        assert!(matches!(&readings[..], [(_, Reading::Bytes { bytes, .. })] if bytes.len() == 8));
        assert_eq!(held(&fake, 65_538), 1);
        assert_eq!(watcher.read(false), [], "no differences");
        watcher.handle(Request::Close);
        assert_eq!(held(&fake, 65_538), 0);
    }

    #[test]
    fn never_two_at_once() {
        let fake = Fake::example(0);
        let mut watcher = Watcher::new(Arc::new(fake.clone()));
        watcher.handle(Request::Show(part(&fake, 65_538)));
        watcher.handle(Request::Show(part(&fake, 0)));
        assert_eq!((held(&fake, 65_538), held(&fake, 0)), (0, 1));
    }

    #[test]
    fn it_lets_go_when_marked_for_removal_also_while_held() {
        for hold in [false, true] {
            let fake = Fake::example(0);
            let mut watcher = Watcher::new(Arc::new(fake.clone()));
            watcher.handle(Request::Show(part(&fake, 65_538)));
            if hold {
                watcher.handle(Request::Hold);
            }
            fake.change(|system| {
                system.segments.get_mut(&65_538).unwrap().flags.removed = true;
            });
            let readings = watcher.read(false);
            assert!(
                matches!(readings[..], [(_, Reading::LetGo(_))]),
                "{readings:?}"
            );
            assert_eq!(held(&fake, 65_538), 0);
        }
    }

    #[test]
    fn one_that_may_not_be_read_says_so() {
        let fake = Fake::example(0);
        let mut watcher = Watcher::new(Arc::new(fake.clone()));
        let readings = watcher.handle(Request::Show(part(&fake, 98_307)));
        assert!(matches!(&readings[..], [(_, Reading::Failed(why))] if why.contains("denied")));
    }

    #[test]
    fn only_the_newest_messages_are_handled() {
        let fake = Fake::example(0);
        let (first, second) = (part(&fake, 0), part(&fake, 65_538));
        let waiting = [
            Request::Show(first),
            Request::Close,
            Request::Show(second),
            Request::Hold,
        ];
        let orders = newest(waiting.into_iter());
        assert!(
            matches!(orders[..], [Request::Show(part), Request::Hold] if part == second),
            "{orders:?}"
        );
    }

    #[test]
    fn changed_bytes_are_told() {
        let fake = Fake::example(0);
        let mut watcher = Watcher::new(Arc::new(fake.clone()));
        watcher.handle(Request::Show(part(&fake, 0)));
        fake.change(|system| system.bytes.get_mut(&0).unwrap()[3] = 0xff);
        let readings = watcher.read(false);
        assert!(matches!(&readings[..], [(_, Reading::Bytes { bytes, .. })] if bytes[3] == 0xff));
    }
}
