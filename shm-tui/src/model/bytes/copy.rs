//! Formats bytes as text to paste elsewhere.

use std::fmt::Write as _;

/// A copy format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Hexadecimal digits.
    Hex,
    /// Text; invalid sequences become `U+FFFD`.
    Text,
    /// An array in C.
    C,
    /// An array in Rust.
    Rust,
}

/// No terminal is certain to accept more than this.
pub const MOST: u64 = 16 << 10;

/// Formats `bytes`.
#[must_use]
pub fn write(bytes: &[u8], form: Form) -> String {
    match form {
        Form::Hex => {
            let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            pairs.join(" ")
        }
        Form::Text => String::from_utf8_lossy(bytes).into_owned(),
        Form::C => array("unsigned char bytes[] = {", bytes, "};\n"),
        Form::Rust => {
            let head = format!("const BYTES: [u8; {}] = [", bytes.len());
            array(&head, bytes, "];\n")
        }
    }
}

fn array(head: &str, bytes: &[u8], tail: &str) -> String {
    let mut text = format!("{head}\n");
    for row in bytes.chunks(12) {
        text.push_str("   ");
        for byte in row {
            // Writing to a string cannot fail.
            let _ = write!(text, " {byte:#04x},");
        }
        text.push('\n');
    }
    text.push_str(tail);
    text
}

/// Returns the control sequence (OSC 52) that copies a text to the clipboard of the
/// terminal, also through a remote login.
#[must_use]
pub fn sequence(text: &str) -> String {
    format!("\x1b]52;c;{}\x07", base64(text.as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |index: usize| group.get(index).copied().unwrap_or(0);
        let bits = u32::from_be_bytes([0, byte(0), byte(1), byte(2)]);
        for digit in 0..4_usize {
            let shift = 18 - 6 * digit;
            let index = usize::try_from(bits >> shift & 63).unwrap_or(0);
            match digit <= group.len() {
                true => text.push(DIGITS.get(index).copied().map_or('=', char::from)),
                false => text.push('='),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form() {
        assert_eq!(write(&[0, 0x41, 0xff], Form::Hex), "00 41 ff");
        assert_eq!(write(b"a\xffb", Form::Text), "a\u{fffd}b");
        assert_eq!(
            write(&[1; 13], Form::C),
            "unsigned char bytes[] = {\n    0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,\n    0x01,\n};\n"
        );
        assert_eq!(
            write(&[7], Form::Rust),
            "const BYTES: [u8; 1] = [\n    0x07,\n];\n"
        );
    }

    #[test]
    fn the_test_vectors_of_rfc_4648() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
        assert_eq!(sequence("foo"), "\x1b]52;c;Zm9v\x07");
    }
}
