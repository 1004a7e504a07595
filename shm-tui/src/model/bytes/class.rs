//! The classes of bytes that a hex dump distinguishes.

/// A class of bytes, in ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Zero.
    Zero,
    /// A printable character, or a space.
    Printable,
    /// White space other than the space: tab, line feed, form feed, carriage return.
    Space,
    /// Any other control character.
    Control,
    /// 0x80 and above.
    High,
}

/// Every class, with its word in the legend.
pub const CLASSES: [(Class, &str); 5] = [
    (Class::Zero, "zero"),
    (Class::Printable, "printable"),
    (Class::Space, "white space"),
    (Class::Control, "control"),
    (Class::High, "0x80 and above"),
];

impl Class {
    /// Returns the class of a byte.
    #[must_use]
    pub const fn of(byte: u8) -> Self {
        match byte {
            0 => Self::Zero,
            0x20..=0x7e => Self::Printable,
            b'\t'..=b'\r' => Self::Space,
            0x80.. => Self::High,
            _ => Self::Control,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_one_class() {
        let count = |class| (0..=255).filter(|byte| Class::of(*byte) == class).count();
        let counts = CLASSES.map(|(class, _)| count(class));
        assert_eq!(counts, [1, 95, 5, 27, 128]);
        assert_eq!(Class::of(b' '), Class::Printable);
        assert_eq!(Class::of(0x7f), Class::Control);
    }
}
