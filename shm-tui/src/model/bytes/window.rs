//! The displayed range of bytes, and its movement by keys.
//!
//! The window always starts at a whole row and never extends beyond the segment, whatever
//! the sizes of the screen and of the segment.

/// The displayed part of a segment, and the cursor in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Bytes in the segment.
    pub size: u64,
    /// Bytes in one row.
    pub per_row: u64,
    /// Rows on the screen.
    pub rows: u64,
    /// First displayed byte.
    pub top: u64,
    /// The byte at the cursor.
    pub cursor: u64,
}

impl Window {
    /// Creates a window at the start of a segment of `size` bytes.
    #[must_use]
    pub fn new(size: u64) -> Self {
        Self {
            size,
            per_row: 16,
            rows: 1,
            top: 0,
            cursor: 0,
        }
    }

    /// Fits the window to the screen and keeps the cursor in it.
    pub fn resize(&mut self, per_row: u64, rows: u64) {
        self.per_row = per_row.max(1);
        self.rows = rows.max(1);
        self.top -= self.top % self.per_row;
        self.follow();
    }

    /// Moves the cursor to `offset`, or to the nearest valid byte.
    pub fn go_to(&mut self, offset: u64) {
        self.cursor = offset.min(self.size.saturating_sub(1));
        self.follow();
    }

    /// Moves the cursor to a distant `offset`: if it is not on the screen, it is placed
    /// in the upper part, with some context above.
    pub fn jump(&mut self, offset: u64) {
        let shown = self.top..self.top.saturating_add(self.len());
        if !shown.contains(&offset) {
            let row = offset - offset % self.per_row;
            let above = (self.rows / 3).saturating_mul(self.per_row);
            self.top = row.saturating_sub(above).min(self.last_top());
        }
        self.go_to(offset);
    }

    /// Moves the cursor by this many bytes.
    pub fn step(&mut self, by: i64) {
        self.go_to(self.cursor.saturating_add_signed(by));
    }

    /// Moves by whole screens; the cursor keeps its place on the screen.
    pub fn page(&mut self, screens: i64) {
        let bytes = self.shown_bytes();
        let by = screens.saturating_mul(i64::try_from(bytes).unwrap_or(i64::MAX));
        let top = self.top.saturating_add_signed(by).min(self.last_top());
        self.top = top - top % self.per_row;
        self.step(by);
    }

    /// Returns the length of the displayed part: less than a screen at the end.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.shown_bytes().min(self.size - self.top.min(self.size))
    }

    /// Returns whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn shown_bytes(&self) -> u64 {
        self.per_row.saturating_mul(self.rows)
    }

    fn last_top(&self) -> u64 {
        let rows = self.size.div_ceil(self.per_row);
        rows.saturating_sub(self.rows) * self.per_row
    }

    fn follow(&mut self) {
        let row = self.cursor - self.cursor % self.per_row;
        let above = (self.rows - 1) * self.per_row;
        self.top = self.top.clamp(row.saturating_sub(above), row);
        self.top = self.top.min(self.last_top().max(row.saturating_sub(above)));
    }
}

/// Bytes read beyond the window, for values that begin in it.
pub const LOOKAHEAD: u64 = 7;

/// Returns how many bytes of a row fit into `width` cells beside the offset, in groups of
/// `group`: a power of two, at most 64, and at least one group.
#[must_use]
pub fn bytes_per_row(width: u16, offset_digits: u16, group: u64) -> u64 {
    let fits = |bytes: u64| {
        let columns = Columns {
            per_row: bytes,
            group,
        };
        u64::from(offset_digits) + 2 + columns.width() + bytes <= u64::from(width)
    };
    [64, 32, 16, 8, 4, 2]
        .into_iter()
        .find(|bytes| *bytes >= group && fits(*bytes))
        .unwrap_or(group)
}

/// The cells of the digits of a row, counted from the first digit.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// Bytes in a row.
    pub per_row: u64,
    /// Bytes in one number: a power of two.
    pub group: u64,
}

impl Columns {
    /// Returns the cells of the digits including gaps: one after every group, and one
    /// more after every eighth byte.
    #[must_use]
    pub fn width(self) -> u64 {
        self.per_row * 2 + self.per_row / self.group + self.per_row / 8 + 1
    }

    /// Returns the cell of the first digit of a byte. In little-endian order, the first
    /// byte of a number is shown last.
    #[must_use]
    pub fn cell(self, index: u64, lowest_first: bool) -> u64 {
        let within = index % self.group;
        let first = index - within;
        let place = match lowest_first {
            true => self.group - 1 - within,
            false => within,
        };
        first * 2 + first / self.group + first / 8 + place * 2
    }

    /// Returns the byte whose digits are at a cell.
    #[must_use]
    pub fn byte_at(self, cell: u64, lowest_first: bool) -> Option<u64> {
        (0..self.per_row).find(|index| {
            let start = self.cell(*index, lowest_first);
            (start..start + 2).contains(&cell)
        })
    }
}

/// Returns how many hexadecimal digits the largest offset of a segment needs, at least 8.
#[must_use]
pub fn offset_digits(size: u64) -> u16 {
    let bits = 64 - size.saturating_sub(1).leading_zeros();
    u16::try_from(bits.div_ceil(4)).unwrap_or(16).max(8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rows_fill_the_width_in_powers_of_two() {
        assert_eq!(bytes_per_row(80, 8, 1), 16);
        assert_eq!(bytes_per_row(160, 8, 1), 32);
        assert_eq!(bytes_per_row(40, 8, 1), 4);
        assert_eq!(bytes_per_row(1, 8, 1), 1);
        assert_eq!(bytes_per_row(1, 8, 8), 8);
        assert_eq!(bytes_per_row(400, 8, 4), 64);
    }

    #[test]
    fn large_segments_have_wide_offsets() {
        assert_eq!(offset_digits(0), 8);
        assert_eq!(offset_digits(1 << 32), 8);
        assert_eq!(offset_digits((1 << 32) + 1), 9);
        assert_eq!(offset_digits(u64::MAX), 16);
    }

    #[test]
    fn groups_are_numbers() {
        let columns = Columns {
            per_row: 16,
            group: 4,
        };
        let cells = |lowest_first| [0, 1, 3, 4, 8].map(|index| columns.cell(index, lowest_first));
        assert_eq!(cells(false), [0, 2, 6, 9, 19]);
        assert_eq!(cells(true), [6, 4, 0, 15, 25]);
    }

    proptest! {
        #[test]
        fn every_byte_has_cells_of_its_own(
            rows in 0..=6u32, group in 0..=3u32, lowest_first: bool,
        ) {
            let columns = Columns { per_row: 1 << rows.max(group), group: 1 << group };
            for index in 0..columns.per_row {
                let cell = columns.cell(index, lowest_first);
                prop_assert!(cell + 2 <= columns.width());
                prop_assert_eq!(columns.byte_at(cell, lowest_first), Some(index));
                prop_assert_eq!(columns.byte_at(cell + 1, lowest_first), Some(index));
            }
        }
    }

    #[derive(Clone, Debug)]
    enum Move {
        Resize(u64, u64),
        GoTo(u64),
        Jump(u64),
        By(i64),
        Page(i64),
    }

    fn step() -> impl Strategy<Value = Move> {
        prop_oneof![
            (0..70u64, 0..50u64).prop_map(|(per_row, rows)| Move::Resize(per_row, rows)),
            any::<u64>().prop_map(Move::GoTo),
            any::<u64>().prop_map(Move::Jump),
            any::<i64>().prop_map(Move::By),
            (-3..3i64).prop_map(Move::Page),
        ]
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_in_the_window(
            size in prop_oneof![0..5000u64, any::<u64>()],
            steps in proptest::collection::vec(step(), 0..20),
        ) {
            let mut window = Window::new(size);
            for step in steps {
                match step {
                    Move::Resize(per_row, rows) => window.resize(per_row, rows),
                    Move::GoTo(offset) => window.go_to(offset),
                    Move::Jump(offset) => window.jump(offset),
                    Move::By(by) => window.step(by),
                    Move::Page(screens) => window.page(screens),
                }
                prop_assert_eq!(window.top % window.per_row, 0);
                prop_assert!(window.top <= window.cursor);
                if size > 0 {
                    prop_assert!(window.cursor < size);
                    prop_assert!(window.cursor - window.top < window.len());
                } else {
                    prop_assert_eq!((window.cursor, window.len()), (0, 0));
                }
            }
        }
    }
}
