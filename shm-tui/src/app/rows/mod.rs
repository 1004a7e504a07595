//! The rows of the table: the segments and their recent changes, the sort order, the
//! selection and the scroll position.
//!
//! A row follows its segment, not its position. The row of a destroyed segment stays for
//! a while, marked.

use std::sync::Arc;
use std::time::Duration;

use crate::model::column::Context;
use crate::model::diff::Change;
use crate::model::query::Filter;
use crate::model::segment::{Id, Segment};
use crate::model::sort::Sort;

mod groups;
mod widths;

pub use groups::{Group, Grouping};
pub use widths::Widths;

/// How long a row is marked as new, changed or gone.
pub const MARKED: Duration = Duration::from_secs(4);

/// A recent change of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It was created.
    New,
    /// Something about it changed.
    Changed,
    /// It was destroyed.
    Gone,
}

/// One segment in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The segment as last seen.
    pub segment: Segment,
    /// Its recent change, and until when that is shown.
    pub mark: Option<(Mark, Duration)>,
}

impl Row {
    /// Returns whether the segment no longer exists.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self.mark, Some((Mark::Gone, _)))
    }
}

/// A line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    /// A position in `all`.
    Row(usize),
    Heading(Group),
}

impl Item {
    fn row(&self) -> Option<usize> {
        match self {
            Self::Row(index) => Some(*index),
            Self::Heading(_) => None,
        }
    }
}

/// A line of the table, for drawing.
#[derive(Clone, Copy, Debug)]
pub enum Shown<'a> {
    /// A segment.
    Row(&'a Row),
    /// The heading of a group.
    Heading(&'a Group),
}

/// How rows are selected and ordered.
#[derive(Clone, Copy, Debug)]
pub struct Arrangement<'a> {
    /// Order, within a group or of all rows.
    pub sort: Sort,
    /// The filter.
    pub filter: &'a Filter,
    /// If set, only these segments are shown; in order.
    pub only: Option<&'a [Id]>,
    /// The grouping.
    pub grouping: Option<Grouping<'a>>,
}

/// All rows.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Ordered by identifier; of two with the same one, the destroyed one comes first.
    all: Vec<Row>,
    /// The visible lines, in order.
    order: Vec<Item>,
    /// The selected segment, as last seen.
    selected: Option<Segment>,
    /// The name of the group whose heading is selected instead.
    heading: Option<Arc<str>>,
    /// Its position in `order`, or its last one.
    position: usize,
    /// The first visible position.
    top: usize,
    /// Returns whether a first sample was stored.
    begun: bool,
    /// The number of visible segments that exist.
    shown: usize,
    /// The number of segments that exist.
    count: usize,
    /// Their total size in bytes.
    bytes: u64,
    /// The widths of the visible cells.
    widths: Widths,
}

impl Rows {
    /// Applies changes. Segments of the first sample are not marked as new.
    pub fn apply(&mut self, changes: &[Change], now: Duration) {
        let first = !self.begun;
        self.begun = true;
        let until = now + MARKED;
        // Appends only: rows are found by their order meanwhile.
        let mut appeared = Vec::new();
        for change in changes {
            match *change {
                Change::Appeared(segment) => {
                    let mark = (!first).then_some((Mark::New, until));
                    appeared.push(Row { segment, mark });
                }
                Change::Changed { after, .. } => self.replace(after, (Mark::Changed, until)),
                Change::Gone(segment) => self.replace(segment, (Mark::Gone, until)),
            }
        }
        if !appeared.is_empty() {
            self.all.append(&mut appeared);
            self.all.sort_by_key(|row| (row.segment.id, !row.is_gone()));
        }
        let exist = self.all.iter().filter(|row| !row.is_gone());
        self.count = exist.clone().count();
        self.bytes = exist.fold(0, |sum, row| row.segment.size.saturating_add(sum));
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

    /// Drops expired marks and the rows of destroyed segments. Returns whether anything
    /// was dropped.
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

    /// Returns when the next mark expires.
    #[must_use]
    pub fn next_expiry(&self) -> Option<Duration> {
        let marks = self.all.iter().filter_map(|row| row.mark);
        marks.map(|(_, until)| until).min()
    }

    /// Filters and orders the rows.
    pub fn arrange(&mut self, how: &Arrangement<'_>, context: &Context<'_>) {
        let passes = |segment: &Segment| {
            how.only
                .is_none_or(|ids| ids.binary_search(&segment.id).is_ok())
                && (how.filter.is_empty() || how.filter.passes(segment, context))
        };
        let rows = self.all.iter().enumerate();
        let mut passing: Vec<(usize, &Row)> =
            rows.filter(|(_, row)| passes(&row.segment)).collect();
        passing.sort_by(|(_, a), (_, b)| how.sort.compare(&a.segment, &b.segment, context));
        self.shown = passing.iter().filter(|(_, row)| !row.is_gone()).count();
        self.widths = Widths::of(passing.iter().map(|(_, row)| *row), context.directory);
        self.order = match how.grouping {
            None => passing.iter().map(|(index, _)| Item::Row(*index)).collect(),
            Some(grouping) => groups::with_headings(&passing, grouping, how.sort, context),
        };
        self.find_selected();
    }

    /// Moves the selection to the new position of the selected segment or heading, or to
    /// the line that took its place.
    fn find_selected(&mut self) {
        let Self {
            all,
            order,
            selected,
            heading,
            position,
            ..
        } = self;
        let is_it = |item: &Item| match (item, &*selected, &*heading) {
            (Item::Row(index), Some(selected), _) => {
                let row = all.get(*index);
                row.is_some_and(|row| selected.is_same(&row.segment))
            }
            (Item::Heading(group), None, Some(name)) => group.name == *name,
            _ => false,
        };
        // Usually its position is unchanged.
        let found = match order.get(*position).is_some_and(is_it) {
            true => Some(*position),
            false => order.iter().position(is_it),
        };
        if let Some(found) = found {
            *position = found;
        }
        self.select(self.position);
    }

    /// Selects the line at `position`, or the last one.
    pub fn select(&mut self, position: usize) {
        let last = self.order.len().saturating_sub(1);
        self.position = position.min(last);
        self.selected = self.at(self.position).map(|row| row.segment);
        self.heading = self.group().map(|group| Arc::clone(&group.name));
    }

    /// Selects the row of a segment; returns whether it is shown.
    pub fn select_id(&mut self, id: Id) -> bool {
        let is_it = |index: usize| self.all.get(index).is_some_and(|row| row.segment.id == id);
        let mut shown = self.order.iter();
        let found = shown.position(|item| item.row().is_some_and(is_it));
        if let Some(position) = found {
            self.select(position);
        }
        found.is_some()
    }

    /// Moves the selection down by this many lines.
    pub fn step(&mut self, by: isize) {
        self.select(self.position.saturating_add_signed(by));
    }

    /// Scrolls the selected row into a screen of `height` lines, together with its
    /// heading if there is room.
    pub fn settle(&mut self, height: usize) {
        let height = height.max(1);
        let last = self.order.len().saturating_sub(height);
        let above = self
            .position
            .checked_sub(1)
            .filter(|above| height > 1 && matches!(self.order.get(*above), Some(Item::Heading(_))));
        let highest = above.unwrap_or(self.position);
        let lowest = self.position.saturating_sub(height - 1).min(highest);
        self.top = self.top.min(last).clamp(lowest, highest);
    }

    /// Returns the selected row.
    #[must_use]
    pub fn selected(&self) -> Option<&Row> {
        self.at(self.position)
    }

    /// The group whose heading is selected.
    #[must_use]
    pub fn group(&self) -> Option<&Group> {
        match self.order.get(self.position)? {
            Item::Heading(group) => Some(group),
            Item::Row(_) => None,
        }
    }

    /// Position of the selected line among those shown.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// Returns the position of the first visible row.
    #[must_use]
    pub fn top(&self) -> usize {
        self.top
    }

    /// Returns the lines on a screen of `height` lines.
    pub fn visible(&self, height: usize) -> impl Iterator<Item = Shown<'_>> {
        let lines = self.order.iter().skip(self.top).take(height);
        lines.filter_map(|item| match item {
            Item::Row(index) => self.all.get(*index).map(Shown::Row),
            Item::Heading(group) => Some(Shown::Heading(group)),
        })
    }

    /// Returns the row at a position.
    #[must_use]
    pub fn at(&self, position: usize) -> Option<&Row> {
        self.all.get(self.order.get(position)?.row()?)
    }

    /// Returns every segment that exists, visible or not.
    pub fn existing(&self) -> impl Iterator<Item = &Segment> {
        let exist = self.all.iter().filter(|row| !row.is_gone());
        exist.map(|row| &row.segment)
    }

    /// Returns the existing segment with this identifier.
    #[must_use]
    pub fn segment(&self, id: Id) -> Option<&Segment> {
        let after = self.all.partition_point(|row| row.segment.id <= id);
        let row = self.all.get(after.checked_sub(1)?)?;
        (row.segment.id == id && !row.is_gone()).then_some(&row.segment)
    }

    /// Returns the visible segments that exist.
    pub fn passing(&self) -> impl Iterator<Item = &Segment> {
        let rows = self.order.iter().filter_map(Item::row);
        let rows = rows.filter_map(|index| self.all.get(index));
        rows.filter(|row| !row.is_gone()).map(|row| &row.segment)
    }

    /// Returns how many segments are shown, without rows of destroyed ones: at
    /// most [`count`](Self::count).
    #[must_use]
    pub fn shown(&self) -> usize {
        self.shown
    }

    /// Returns the number of lines: rows and headings.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.order.len()
    }

    /// Discards everything, as before the first sample.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// How wide the cells of the rows shown are.
    #[must_use]
    pub fn widths(&self) -> Widths {
        self.widths
    }

    /// Returns the number of segments that exist, visible or not.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Returns the total size of all segments that exist.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns whether a first sample was stored.
    #[must_use]
    pub fn begun(&self) -> bool {
        self.begun
    }
}

#[cfg(test)]
mod tests;
