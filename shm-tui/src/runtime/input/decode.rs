//! Decodes the bytes of a terminal into events.
//!
//! termina parses; this module decides the meaning of a byte that may begin a longer key
//! when nothing follows, and translates the result to crossterm's events, which the rest
//! of the program uses.

use std::time::Duration;

use ratatui::crossterm::event as to;
use termina::Parser;
use termina::event as from;

/// How long the rest of a key may take: longer than a terminal needs, shorter than a user
/// notices after Esc.
const REST_OF_A_KEY: Duration = Duration::from_millis(25);
/// The same for multi-byte characters and pasted text, which cannot be keys of their own.
const REST_OF_A_TEXT: Duration = Duration::from_secs(2);

const ESCAPE: u8 = 0x1b;
const PASTE: &[u8] = b"\x1b[200~";

/// Decodes bytes into events, in pieces of any length.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    parser: Parser,
    /// The first bytes of an incomplete event: enough to determine how long to wait for
    /// the rest.
    begun: Vec<u8>,
}

impl Decoder {
    /// Adds bytes and returns the complete events.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<to::Event> {
        let mut events = Vec::new();
        for byte in bytes {
            // Two escapes are two keys, or one before a longer key. An incomplete
            // multi-byte character must not swallow the next key.
            let breaks_off = match self.begun.first().copied() {
                Some(ESCAPE) => *byte == ESCAPE && self.begun == [ESCAPE],
                Some(0x80..) => byte.is_ascii(),
                _ => false,
            };
            if breaks_off {
                events.extend(self.give_up());
            }
            self.parser.parse(&[*byte], true);
            match self.parser.pop() {
                Some(event) => {
                    self.begun.clear();
                    events.extend(translate(event));
                }
                None if self.begun.len() < PASTE.len() => self.begun.push(*byte),
                None => {}
            }
        }
        events
    }

    /// Returns how long to wait for the rest of an incomplete event.
    pub(super) fn patience(&self) -> Option<Duration> {
        match self.begun.as_slice() {
            [] => None,
            [ESCAPE, ..] if self.begun != PASTE => Some(REST_OF_A_KEY),
            _ => Some(REST_OF_A_TEXT),
        }
    }

    /// Completes the event, because nothing followed: an escape is a key; any other
    /// beginning is dropped.
    pub(super) fn give_up(&mut self) -> Vec<to::Event> {
        self.begun.clear();
        let mut parser = std::mem::take(&mut self.parser);
        parser.parse(&[], false);
        parser.pop().and_then(translate).into_iter().collect()
    }
}

/// Returns the event as crossterm's; `None` for answers of the terminal to queries.
fn translate(event: from::Event) -> Option<to::Event> {
    Some(match event {
        from::Event::Key(key) => to::Event::Key(to::KeyEvent {
            code: code(key.code)?,
            modifiers: modifiers(key.modifiers),
            kind: match key.kind {
                from::KeyEventKind::Press => to::KeyEventKind::Press,
                from::KeyEventKind::Repeat => to::KeyEventKind::Repeat,
                from::KeyEventKind::Release => to::KeyEventKind::Release,
            },
            state: to::KeyEventState::NONE,
        }),
        from::Event::Mouse(mouse) => to::Event::Mouse(to::MouseEvent {
            kind: mouse_kind(mouse.kind),
            column: mouse.column,
            row: mouse.row,
            modifiers: modifiers(mouse.modifiers),
        }),
        from::Event::Paste(text) => to::Event::Paste(text),
        from::Event::FocusIn => to::Event::FocusGained,
        from::Event::FocusOut => to::Event::FocusLost,
        from::Event::WindowResized(_)
        | from::Event::Csi(_)
        | from::Event::Osc(_)
        | from::Event::Dcs(_) => return None,
    })
}

/// Returns the key; `None` for keys that no binding can name.
fn code(code: from::KeyCode) -> Option<to::KeyCode> {
    Some(match code {
        from::KeyCode::Char(character) => to::KeyCode::Char(character),
        from::KeyCode::Enter => to::KeyCode::Enter,
        from::KeyCode::Backspace => to::KeyCode::Backspace,
        from::KeyCode::Tab => to::KeyCode::Tab,
        from::KeyCode::BackTab => to::KeyCode::BackTab,
        from::KeyCode::Escape => to::KeyCode::Esc,
        from::KeyCode::Left => to::KeyCode::Left,
        from::KeyCode::Right => to::KeyCode::Right,
        from::KeyCode::Up => to::KeyCode::Up,
        from::KeyCode::Down => to::KeyCode::Down,
        from::KeyCode::Home => to::KeyCode::Home,
        from::KeyCode::End => to::KeyCode::End,
        from::KeyCode::PageUp => to::KeyCode::PageUp,
        from::KeyCode::PageDown => to::KeyCode::PageDown,
        from::KeyCode::Insert => to::KeyCode::Insert,
        from::KeyCode::Delete => to::KeyCode::Delete,
        from::KeyCode::Function(number) => to::KeyCode::F(number),
        _ => return None,
    })
}

fn modifiers(held: from::Modifiers) -> to::KeyModifiers {
    let mut modifiers = to::KeyModifiers::NONE;
    for (from, to) in [
        (from::Modifiers::SHIFT, to::KeyModifiers::SHIFT),
        (from::Modifiers::ALT, to::KeyModifiers::ALT),
        (from::Modifiers::CONTROL, to::KeyModifiers::CONTROL),
        (from::Modifiers::SUPER, to::KeyModifiers::SUPER),
        (from::Modifiers::HYPER, to::KeyModifiers::HYPER),
        (from::Modifiers::META, to::KeyModifiers::META),
    ] {
        modifiers.set(to, held.contains(from));
    }
    modifiers
}

fn mouse_kind(kind: from::MouseEventKind) -> to::MouseEventKind {
    let button = |button| match button {
        from::MouseButton::Left => to::MouseButton::Left,
        from::MouseButton::Right => to::MouseButton::Right,
        from::MouseButton::Middle => to::MouseButton::Middle,
    };
    match kind {
        from::MouseEventKind::Down(pressed) => to::MouseEventKind::Down(button(pressed)),
        from::MouseEventKind::Up(released) => to::MouseEventKind::Up(button(released)),
        from::MouseEventKind::Drag(held) => to::MouseEventKind::Drag(button(held)),
        from::MouseEventKind::Moved => to::MouseEventKind::Moved,
        from::MouseEventKind::ScrollDown => to::MouseEventKind::ScrollDown,
        from::MouseEventKind::ScrollUp => to::MouseEventKind::ScrollUp,
        from::MouseEventKind::ScrollLeft => to::MouseEventKind::ScrollLeft,
        from::MouseEventKind::ScrollRight => to::MouseEventKind::ScrollRight,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::crossterm::event::{Event, KeyCode, KeyModifiers};

    fn keys(events: Vec<Event>) -> Vec<(KeyCode, KeyModifiers)> {
        let keys = events.into_iter().map(|event| match event {
            Event::Key(key) => (key.code, key.modifiers),
            other => panic!("no key: {other:?}"),
        });
        keys.collect()
    }

    fn codes(bytes: &[u8]) -> Vec<KeyCode> {
        let mut decoder = Decoder::default();
        let mut events = decoder.feed(bytes);
        if decoder.patience().is_some() {
            events.extend(decoder.give_up());
        }
        keys(events).into_iter().map(|(code, _)| code).collect()
    }

    #[test]
    fn keys_are_those_of_common_terminals() {
        for (bytes, code) in [
            (&b"q"[..], KeyCode::Char('q')),
            ("é".as_bytes(), KeyCode::Char('é')),
            (b"\r", KeyCode::Enter),
            (b"\x7f", KeyCode::Backspace),
            (b"\x1b", KeyCode::Esc),
            (b"\x1b[A", KeyCode::Up),
            (b"\x1bOB", KeyCode::Down),
            (b"\x1b[5~", KeyCode::PageUp),
            (b"\x1b[3~", KeyCode::Delete),
            (b"\x1b[1~", KeyCode::Home),
            (b"\x1bOP", KeyCode::F(1)),
            (b"\x1b[[A", KeyCode::F(1)),
            (b"\x1b[24~", KeyCode::F(12)),
            (b"\x1b[Z", KeyCode::BackTab),
        ] {
            assert_eq!(codes(bytes), [code], "{bytes:?}");
        }
        let mut decoder = Decoder::default();
        let control = (KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(keys(decoder.feed(b"\x03")), [control]);
        let alt = (KeyCode::Char('x'), KeyModifiers::ALT);
        assert_eq!(keys(decoder.feed(b"\x1bx")), [alt]);
    }

    #[test]
    fn an_escape_is_a_key_if_nothing_follows() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.feed(b"\x1b"), []);
        assert_eq!(decoder.patience(), Some(REST_OF_A_KEY));
        let escape = (KeyCode::Esc, KeyModifiers::NONE);
        assert_eq!(keys(decoder.give_up()), [escape]);
        assert_eq!(decoder.patience(), None);
        // Two are two keys, and one before a longer key is one.
        assert_eq!(codes(b"\x1b\x1b"), [KeyCode::Esc; 2]);
        assert_eq!(codes(b"\x1b\x1b[A"), [KeyCode::Esc, KeyCode::Up]);
    }

    #[test]
    fn what_never_ends_does_not_swallow_later_keys() {
        assert_eq!(codes(b"\xc3q"), [KeyCode::Char('q')]);
        assert_eq!(codes(b"\xff\x1b"), [KeyCode::Esc]);
        for begun in [&b"\x1b["[..], b"\x1b]11;rgb", b"\x1b[200~half", b"\xe2\x82"] {
            let mut decoder = Decoder::default();
            assert_eq!(decoder.feed(begun), [], "{begun:?}");
            assert!(decoder.patience().is_some(), "{begun:?}");
            assert_eq!(decoder.give_up(), [], "{begun:?}");
            let key = (KeyCode::Char('q'), KeyModifiers::NONE);
            assert_eq!(keys(decoder.feed(b"q")), [key], "{begun:?}");
        }
    }

    #[test]
    fn pastes_and_slow_characters_are_waited_for_longer() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.feed(b"\x1b[200~a \x1bb"), []);
        assert_eq!(decoder.patience(), Some(REST_OF_A_TEXT));
        let pasted = decoder.feed(b"\n\x1b[201~");
        assert_eq!(pasted, [Event::Paste("a \u{1b}b\n".to_owned())]);
        assert_eq!(decoder.patience(), None);
        assert_eq!(decoder.feed(b"\xc3"), []);
        assert_eq!(decoder.patience(), Some(REST_OF_A_TEXT));
    }

    fn part() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..8),
            Just(b"\x1b[".to_vec()),
            Just(b"\x1b[<0;".to_vec()),
            Just(b"\x1b[M".to_vec()),
            Just(b"\x1b[200~".to_vec()),
            Just(b"\x1b[201~".to_vec()),
            Just(b"\x1b]11;".to_vec()),
            Just(b"\x1bP1$r".to_vec()),
            proptest::collection::vec(
                proptest::sample::select(&b"0123456789;:?<>uMmR~$\x1b\\"[..]),
                0..12
            ),
        ]
    }

    proptest! {
        #[test]
        fn no_bytes_do_harm(parts in proptest::collection::vec(part(), 0..20)) {
            let mut decoder = Decoder::default();
            for part in parts {
                decoder.feed(&part);
                prop_assert!(decoder.begun.len() <= PASTE.len());
            }
            decoder.give_up();
            prop_assert_eq!(keys(decoder.feed(b"q")).len(), 1);
        }

        #[test]
        fn pieces_make_the_same_events(parts in proptest::collection::vec(part(), 0..20)) {
            let bytes = parts.concat();
            let whole = Decoder::default().feed(&bytes);
            let mut decoder = Decoder::default();
            let pieces: Vec<Event> = parts.iter().flat_map(|part| decoder.feed(part)).collect();
            prop_assert_eq!(pieces, whole);
        }
    }
}
