//! The room that the cells of the visible rows need: measured when rows are filtered, not
//! when they are drawn.

use super::Row;
use crate::model::directory::Directory;
use unicode_width::UnicodeWidthStr;

/// The widest cells of the visible rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Widths {
    /// Characters of the longest key.
    pub key: u16,
    /// Digits of the largest identifier.
    pub id: u16,
    /// Digits of the largest number of attachments.
    pub attached: u16,
    /// Cells of the longest owner's name.
    pub owner: u16,
    /// The most flags of one segment.
    pub flags: u16,
    /// Whether any row has a status.
    pub status: bool,
    /// Whether any row has memory figures.
    pub memory: bool,
}

impl Widths {
    /// Measures `rows`.
    pub(super) fn of<'a>(rows: impl Iterator<Item = &'a Row>, names: &Directory) -> Self {
        let mut widths = Self::default();
        let mut owner = None;
        for row in rows {
            let segment = &row.segment;
            widths.key = widths.key.max(segment.key.text_width());
            widths.id = widths.id.max(digits(segment.id.unsigned_abs().into()));
            widths.attached = widths.attached.max(digits(segment.attached));
            widths.flags = widths.flags.max(segment.notable_flags());
            widths.status |= segment.flags.labels().next().is_some();
            widths.memory |= segment.memory.is_some();
            // Neighbors usually have the same owner.
            if owner.replace(segment.owner) != Some(segment.owner) {
                let name = names.user(segment.owner);
                let width = u16::try_from(name.width()).unwrap_or(u16::MAX);
                widths.owner = widths.owner.max(width);
            }
        }
        widths
    }
}

/// Returns the number of decimal digits.
fn digits(number: u64) -> u16 {
    let digits = number.checked_ilog10().unwrap_or(0) + 1;
    u16::try_from(digits).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::segment::{Flags, Memory, Segment};

    #[test]
    fn the_widest_cell_counts() {
        let row = |segment| Row {
            segment,
            mark: None,
        };
        let rows = [
            row(Segment {
                id: 0,
                owner: 7,
                mode: 0o602,
                ..Segment::default()
            }),
            row(Segment {
                id: 65_538,
                owner: 8,
                attached: 12,
                flags: Flags {
                    locked: true,
                    huge: true,
                    ..Flags::default()
                },
                memory: Some(Memory::default()),
                ..Segment::default()
            }),
        ];
        let names = Directory {
            users: [(7, Some("postgres".into()))].into_iter().collect(),
            ..Directory::default()
        };
        let widths = Widths::of(rows.iter(), &names);
        assert_eq!(
            widths,
            Widths {
                key: 10,
                id: 5,
                attached: 2,
                owner: 8,
                flags: 2,
                status: true,
                memory: true,
            }
        );
        assert!(!Widths::of(rows.iter().take(1), &names).status);
    }
}
