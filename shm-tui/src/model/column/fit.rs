//! Selects the columns that fit side by side, and their widths.
//!
//! `app::layout` calls it for the browser's table, and commands that print a table to a
//! terminal may: both then show the same columns at the same width. The order of the
//! columns is their priority: columns that do not fit are dropped from the right. The key
//! and the identifier stay while the others scroll sideways, and the sort column is never
//! dropped.

use super::{Column, Definition};

/// The gap between two columns, in cells.
pub const GAP: u16 = 1;

/// The room that a column needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// The column.
    pub column: Column,
    /// Minimum width in cells; a narrower column is dropped.
    pub least: u16,
    /// Maximum useful width in cells.
    pub most: u16,
}

/// A column that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fitted {
    /// The column.
    pub column: Column,
    /// Its left edge in cells.
    pub x: u16,
    /// Its width in cells, without the gap after it.
    pub width: u16,
}

/// Returns whether a column stays while the others scroll sideways.
#[must_use]
pub fn is_pinned(column: Column) -> bool {
    matches!(column, Column::Key | Column::Id)
}

/// Returns the minimum and maximum width of a column in a table of `width` cells, if its
/// cells are not measured.
#[must_use]
pub fn cells(definition: &Definition, width: u16) -> (u16, u16) {
    // Half of a program's name still identifies it; even with more room, less important
    // columns must not take it all.
    let least = match (definition.column, width) {
        (Column::CreatorCommand, ..100) => 8,
        (Column::CreatorCommand | Column::LastCommand, 128..) => 16,
        (Column::CreatorCommand | Column::LastCommand, _) => 12,
        (Column::AttachedCommands, 128..) => 14,
        (Column::AttachedCommands, _) => 11,
        (Column::Group | Column::Creator | Column::CreatorGroup | Column::Status, _) => 8,
        _ => definition.width,
    };
    match definition.grows() {
        true => (least, u16::MAX),
        false => (least, definition.width),
    }
}

/// Returns the columns that fit into `width` cells, in order, after `skipped` scrollable
/// ones. Free room is shared equally by the columns that can use it.
///
/// A first column wider than the table is cut, not dropped.
#[must_use]
pub fn fit(columns: &[Room], width: u16, skipped: usize, sorted: Option<Column>) -> Vec<Fitted> {
    let chosen = choose(columns, width, skipped, sorted);
    let mut free = width.saturating_sub(total(&chosen));
    let mut widths: Vec<u16> = chosen.iter().map(|room| room.least).collect();
    // In rounds: room that one column cannot use is left for the others.
    while free > 0 {
        let growing = chosen.iter().zip(&widths);
        let growing = growing.filter(|(room, width)| **width < room.most).count();
        let Some(count) = u16::try_from(growing).ok().filter(|count| *count > 0) else {
            break;
        };
        let share = (free / count).max(1);
        for (room, width) in chosen.iter().zip(&mut widths) {
            let more = room.most.saturating_sub(*width).min(share).min(free);
            *width += more;
            free -= more;
        }
    }
    let mut x = 0;
    let placed = chosen.iter().zip(widths).map(|(room, cells)| {
        let fitted = Fitted {
            column: room.column,
            x,
            width: cells.min(width.saturating_sub(x)),
        };
        x = x.saturating_add(cells + GAP);
        fitted
    });
    placed.filter(|fitted| fitted.width > 0).collect()
}

/// Returns the selected columns in order: pinned and sort columns have priority.
fn choose(columns: &[Room], width: u16, skipped: usize, sorted: Option<Column>) -> Vec<Room> {
    let kept = |room: &Room| is_pinned(room.column) || sorted == Some(room.column);
    let mut taken = vec![false; columns.len()];
    let mut used = 0u16;
    let mut take = |room: &Room, first: bool| {
        let more = room.least + if first { 0 } else { GAP };
        let fits = used.saturating_add(more) <= width || first;
        used += if fits { more } else { 0 };
        fits
    };
    let mut any = false;
    let sorted_first = |room: &&(usize, &Room)| sorted != Some(room.1.column);
    let mut fixed: Vec<(usize, &Room)> = columns.iter().enumerate().collect();
    fixed.retain(|(_, room)| kept(room));
    // On the narrowest screens the sort column has priority over the pinned ones.
    fixed.sort_by_key(|room| sorted_first(&room));
    for (index, room) in fixed {
        if let Some(taken) = taken.get_mut(index) {
            *taken = take(room, !any);
            any |= *taken;
        }
    }
    let scrolling = columns.iter().enumerate();
    let scrolling = scrolling.filter(|(_, room)| !is_pinned(room.column));
    for (index, room) in scrolling.skip(skipped) {
        let Some(taken) = taken.get_mut(index).filter(|taken| !**taken) else {
            continue;
        };
        *taken = take(room, !any);
        any |= *taken;
        if !*taken {
            break;
        }
    }
    let chosen = columns.iter().zip(taken);
    chosen
        .filter_map(|(room, taken)| taken.then_some(*room))
        .collect()
}

/// Returns the minimum width of columns, with the gaps between them.
fn total(columns: &[Room]) -> u16 {
    let cells = columns.iter().map(|room| room.least + GAP);
    cells.fold(0, u16::saturating_add).saturating_sub(GAP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn room(column: Column, least: u16, most: u16) -> Room {
        Room {
            column,
            least,
            most,
        }
    }

    const TABLE: [Room; 6] = [
        room(Column::Key, 10, 10),
        room(Column::Id, 6, 6),
        room(Column::Owner, 8, 8),
        room(Column::Size, 7, 7),
        room(Column::CreatorCommand, 10, u16::MAX),
        room(Column::LastCommand, 10, u16::MAX),
    ];

    fn names(fitted: &[Fitted]) -> Vec<Column> {
        fitted.iter().map(|fitted| fitted.column).collect()
    }

    #[test]
    fn what_does_not_fit_is_left_out_from_the_right() {
        use Column::*;

        assert_eq!(names(&fit(&TABLE, 34, 0, None)), [Key, Id, Owner, Size]);
        assert_eq!(names(&fit(&TABLE, 33, 0, None)), [Key, Id, Owner]);
        assert_eq!(names(&fit(&TABLE, 4, 0, None)), [Key], "cut, not left out");
        assert_eq!(names(&fit(&TABLE, 0, 0, None)), []);
    }

    #[test]
    fn free_room_goes_to_the_columns_that_can_use_it() {
        let fitted = fit(&TABLE, 34 + 2 * 31, 0, None);
        let widths: Vec<u16> = fitted.iter().map(|fitted| fitted.width).collect();
        assert_eq!(widths, [10, 6, 8, 7, 30, 30]);
        let mut short = TABLE;
        short[4].most = 12;
        let fitted = fit(&short, 34 + 2 * 31, 0, None);
        assert_eq!((fitted[4].width, fitted[5].width), (12, 48));
    }

    #[test]
    fn key_and_identifier_stay_while_the_others_scroll() {
        use Column::*;

        assert_eq!(names(&fit(&TABLE, 34, 1, None)), [Key, Id, Size]);
        assert_eq!(names(&fit(&TABLE, 34, 3, None)), [Key, Id, LastCommand]);
        assert_eq!(names(&fit(&TABLE, 34, 99, None)), [Key, Id]);
    }

    #[test]
    fn the_sorted_column_is_never_left_out() {
        use Column::*;

        let sorted = |width, skipped, column| names(&fit(&TABLE, width, skipped, Some(column)));
        assert_eq!(sorted(40, 0, LastCommand), [Key, Id, Owner, LastCommand]);
        assert_eq!(sorted(34, 3, Owner), [Key, Id, Owner]);
        assert_eq!(sorted(12, 0, LastCommand), [LastCommand]);
    }

    proptest! {
        #[test]
        fn columns_never_overlap_or_leave_the_screen(
            least in prop::collection::vec((1..20u16, 0..30u16), 0..12),
            width in 0..200u16,
            skipped in 0..12usize,
            sorted in 0..12usize,
        ) {
            let all = super::super::COLUMNS.map(|definition| definition.column);
            let columns: Vec<Room> = least
                .iter()
                .zip(all)
                .map(|((least, more), column)| room(column, *least, least + more))
                .collect();
            let sorted = columns.get(sorted).map(|room| room.column);
            let fitted = fit(&columns, width, skipped, sorted);
            let mut next = 0;
            for column in &fitted {
                prop_assert!(column.x >= next);
                next = column.x + column.width;
                prop_assert!(next <= width);
            }
            if width > 0 && sorted.is_some() {
                prop_assert!(fitted.iter().any(|column| Some(column.column) == sorted));
            }
            let order: Vec<_> = fitted
                .iter()
                .map(|column| columns.iter().position(|room| room.column == column.column))
                .collect();
            prop_assert!(order.is_sorted());
        }
    }
}
