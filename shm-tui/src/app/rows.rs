//! The rows of the table: the segments, what happened to them lately, in which
//! order they stand, which is selected and which is the first on the screen.
//!
//! A row is followed by what it is, never by its position. One that is gone
//! stays for a while, marked, so that it can be seen to go.

use std::time::Duration;

use crate::model::column::Context;
use crate::model::diff::Change;
use crate::model::filter::Filter;
use crate::model::segment::{Id, Segment};
use crate::model::sort::Sort;

/// How long a row shows that it is new, changed or gone.
pub const MARKED: Duration = Duration::from_secs(4);

/// What happened to a row lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It was made.
    New,
    /// Something about it changed.
    Changed,
    /// It does not exist any more.
    Gone,
}

/// One segment in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The segment as last seen.
    pub segment: Segment,
    /// What happened to it lately, and until when that is shown.
    pub mark: Option<(Mark, Duration)>,
}

impl Row {
    /// Whether the segment does not exist any more.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self.mark, Some((Mark::Gone, _)))
    }
}

/// All rows.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Ordered by identifier; of two with the same one, the gone comes first.
    all: Vec<Row>,
    /// Positions in `all` of the rows that are shown, in the order shown.
    order: Vec<usize>,
    /// The segment that is selected, as last seen.
    selected: Option<Segment>,
    /// Its position in `order`, or where it was.
    position: usize,
    /// The first position on the screen.
    top: usize,
    /// Whether the first look has been taken over.
    begun: bool,
}

impl Rows {
    /// Takes over what changed. What the first look finds is not new.
    pub fn apply(&mut self, changes: &[Change], now: Duration) {
        let first = !self.begun;
        self.begun = true;
        let until = now + MARKED;
        let mut appeared = false;
        for change in changes {
            match *change {
                Change::Appeared(segment) => {
                    let mark = (!first).then_some((Mark::New, until));
                    self.all.push(Row { segment, mark });
                    appeared = true;
                }
                Change::Changed { after, .. } => self.replace(after, (Mark::Changed, until)),
                Change::Gone(segment) => self.replace(segment, (Mark::Gone, until)),
            }
        }
        if appeared {
            self.all.sort_by_key(|row| (row.segment.id, !row.is_gone()));
        }
    }

    fn replace(&mut self, segment: Segment, mark: (Mark, Duration)) {
        if self
            .selected
            .is_some_and(|selected| selected.is_same(&segment))
        {
            self.selected = Some(segment);
        }
        if let Some(row) = self.live_mut(segment.id) {
            *row = Row {
                segment,
                mark: Some(mark),
            };
        }
    }

    fn live_mut(&mut self, id: Id) -> Option<&mut Row> {
        let after = self.all.partition_point(|row| row.segment.id <= id);
        self.all
            .get_mut(after.checked_sub(1)?)
            .filter(|row| row.segment.id == id && !row.is_gone())
    }

    /// Drops marks that have been shown long enough, and rows that are gone.
    /// Says whether anything was dropped.
    pub fn expire(&mut self, now: Duration) -> bool {
        let over = |row: &Row| matches!(row.mark, Some((_, until)) if until <= now);
        if !self.all.iter().any(over) {
            return false;
        }
        self.all.retain(|row| !(over(row) && row.is_gone()));
        for row in self.all.iter_mut().filter(|row| over(row)) {
            row.mark = None;
        }
        true
    }

    /// When the next mark has been shown long enough.
    #[must_use]
    pub fn next_expiry(&self) -> Option<Duration> {
        let marks = self.all.iter().filter_map(|row| row.mark);
        marks.map(|(_, until)| until).min()
    }

    /// Chooses and orders the rows that are shown.
    pub fn arrange(&mut self, sort: Sort, filter: &Filter, context: &Context<'_>) {
        let Self { all, order, .. } = self;
        let passing = all
            .iter()
            .enumerate()
            .filter(|(_, row)| filter.is_empty() || filter.passes(&row.segment, context))
            .map(|(index, _)| index);
        order.clear();
        order.extend(passing);
        order.sort_by(|a, b| match (all.get(*a), all.get(*b)) {
            (Some(a), Some(b)) => sort.compare(&a.segment, &b.segment, context.directory),
            _ => a.cmp(b),
        });
        self.find_selected();
    }

    /// Puts the selection where the selected segment now stands; if it stands
    /// nowhere, on the row that took its place.
    fn find_selected(&mut self) {
        let Self {
            all,
            order,
            selected,
            position,
            ..
        } = self;
        let found = selected.and_then(|selected| {
            let is_it = |index: &usize| {
                all.get(*index)
                    .is_some_and(|row| selected.is_same(&row.segment))
            };
            // Most of the time it stands where it stood.
            match order.get(*position).is_some_and(is_it) {
                true => Some(*position),
                false => order.iter().position(is_it),
            }
        });
        if let Some(found) = found {
            *position = found;
        }
        self.select(self.position);
    }

    /// Selects the row at `position`, or the nearest there is.
    pub fn select(&mut self, position: usize) {
        self.position = position.min(self.order.len().saturating_sub(1));
        self.selected = self.at(self.position).map(|row| row.segment);
    }

    /// Selects the row so many further down.
    pub fn step(&mut self, by: isize) {
        self.select(self.position.saturating_add_signed(by));
    }

    /// Brings the selected row onto a screen of `height` rows.
    pub fn settle(&mut self, height: usize) {
        let height = height.max(1);
        let last = self.order.len().saturating_sub(height);
        self.top = self.top.min(last).clamp(
            self.position.saturating_sub(height - 1).min(self.position),
            self.position,
        );
    }

    /// The selected row.
    #[must_use]
    pub fn selected(&self) -> Option<&Row> {
        self.at(self.position)
    }

    /// Position of the selected row among those shown.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// Position of the first row on the screen.
    #[must_use]
    pub fn top(&self) -> usize {
        self.top
    }

    /// The rows on a screen of `height` rows.
    pub fn visible(&self, height: usize) -> impl Iterator<Item = &Row> {
        self.order
            .iter()
            .skip(self.top)
            .take(height)
            .filter_map(|index| self.all.get(*index))
    }

    /// The row at a position.
    #[must_use]
    pub fn at(&self, position: usize) -> Option<&Row> {
        self.all.get(*self.order.get(position)?)
    }

    /// The segment with this identifier that exists.
    #[must_use]
    pub fn segment(&self, id: Id) -> Option<&Segment> {
        let after = self.all.partition_point(|row| row.segment.id <= id);
        let row = self.all.get(after.checked_sub(1)?)?;
        (row.segment.id == id && !row.is_gone()).then_some(&row.segment)
    }

    /// How many rows are shown.
    #[must_use]
    pub fn shown(&self) -> usize {
        self.order.len()
    }

    /// The segments that exist, shown or not.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        let live = self.all.iter().filter(|row| !row.is_gone());
        live.map(|row| &row.segment)
    }

    /// Whether the first look has been taken over.
    #[must_use]
    pub fn begun(&self) -> bool {
        self.begun
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::column::Column;
    use crate::model::directory::Directory;

    fn segment(id: Id, size: u64) -> Segment {
        Segment {
            id,
            size,
            ..Segment::default()
        }
    }

    fn arrange(rows: &mut Rows) {
        let directory = Directory::default();
        let context = Context {
            directory: &directory,
            now: 0,
            exact: false,
        };
        let sort = Sort {
            column: Column::Size,
            descending: false,
        };
        rows.arrange(sort, &Filter::default(), &context);
    }

    fn three() -> Rows {
        let mut rows = Rows::default();
        let list = [segment(0, 30), segment(1, 10), segment(2, 20)];
        rows.apply(&list.map(Change::Appeared), Duration::ZERO);
        arrange(&mut rows);
        rows
    }

    #[test]
    fn the_selection_follows_the_segment_and_not_the_position() {
        let mut rows = three();
        rows.select(1);
        assert_eq!(rows.selected().unwrap().segment.id, 2);
        rows.apply(&[Change::Appeared(segment(9, 1))], Duration::ZERO);
        arrange(&mut rows);
        assert_eq!(rows.selected().unwrap().segment.id, 2);
        assert_eq!(rows.position(), 2);
    }

    #[test]
    fn a_gone_row_stays_marked_and_then_its_neighbour_is_selected() {
        let mut rows = three();
        rows.select(1);
        rows.apply(&[Change::Gone(segment(2, 20))], Duration::ZERO);
        arrange(&mut rows);
        assert!(rows.selected().unwrap().is_gone());
        assert!(rows.segment(2).is_none());
        assert!(rows.expire(MARKED));
        arrange(&mut rows);
        assert_eq!(rows.shown(), 2);
        assert_eq!(rows.selected().unwrap().segment.id, 0);
    }

    #[test]
    fn the_first_look_marks_nothing_as_new() {
        let mut rows = three();
        assert_eq!(rows.next_expiry(), None);
        rows.apply(&[Change::Appeared(segment(9, 1))], Duration::ZERO);
        assert_eq!(rows.next_expiry(), Some(MARKED));
    }

    #[test]
    fn a_number_may_be_gone_and_new_at_once() {
        let mut rows = three();
        let changes = [
            Change::Gone(segment(1, 10)),
            Change::Appeared(segment(1, 11)),
        ];
        rows.apply(&changes, Duration::ZERO);
        arrange(&mut rows);
        assert_eq!(rows.shown(), 4);
        assert_eq!(rows.segment(1).unwrap().size, 11);
        rows.expire(MARKED);
        arrange(&mut rows);
        assert_eq!(rows.shown(), 3);
    }

    #[test]
    fn the_selected_row_is_on_the_screen() {
        let mut rows = three();
        rows.select(2);
        rows.settle(2);
        assert_eq!(rows.top(), 1);
        rows.select(0);
        rows.settle(2);
        assert_eq!(rows.top(), 0);
        rows.settle(0);
        assert_eq!(rows.top(), 0);
    }
}
