//! The rows of the table: the segments, what happened to them lately, in which
//! order they stand, which is selected and which is the first on the screen.
//!
//! A row is followed by what it is, never by its position. One that is gone
//! stays for a while, marked, so that it can be seen to go.

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

use crate::model::column::Context;
use crate::model::diff::Change;
use crate::model::query::Filter;
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

/// What rows are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// Those of one owner.
    Owner,
    /// Those of one creator.
    Creator,
}

impl Grouping {
    fn user(self, segment: &Segment) -> u32 {
        match self {
            Self::Owner => segment.owner,
            Self::Creator => segment.creator,
        }
    }
}

/// The line above the rows that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they have in common.
    pub name: Arc<str>,
    /// How many there are.
    pub rows: usize,
    /// Their bytes together.
    pub bytes: u64,
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

/// A line of the table, to be drawn.
#[derive(Clone, Copy, Debug)]
pub enum Shown<'a> {
    /// A segment.
    Row(&'a Row),
    /// The line above a group.
    Heading(&'a Group),
}

/// How rows are chosen and ordered.
#[derive(Clone, Copy, Debug)]
pub struct Arrangement<'a> {
    /// Within a group, or altogether.
    pub sort: Sort,
    /// Which are shown.
    pub filter: &'a Filter,
    /// If set, only these are shown.
    pub only: Option<&'a [Id]>,
    /// Which belong together.
    pub grouping: Option<Grouping>,
}

/// All rows.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Ordered by identifier; of two with the same one, the gone comes first.
    all: Vec<Row>,
    /// The lines that are shown, in the order shown.
    order: Vec<Item>,
    /// The segment that is selected, as last seen.
    selected: Option<Segment>,
    /// Its position in `order`, or where it was.
    position: usize,
    /// The first position on the screen.
    top: usize,
    /// Whether the first look has been taken over.
    begun: bool,
    /// How many of the segments that exist are shown.
    shown: usize,
    /// How many segments exist.
    count: usize,
    /// Their bytes together.
    bytes: u64,
    /// How many characters the longest key shown has.
    key_width: u16,
}

/// Puts a heading before every run of rows with the same name. Those that are
/// gone do not count.
fn with_headings(passing: &[(usize, &Row)], name: impl Fn(&Segment) -> Arc<str>) -> Vec<Item> {
    let mut items = Vec::with_capacity(passing.len() + 8);
    for group in passing.chunk_by(|(_, a), (_, b)| name(&a.segment) == name(&b.segment)) {
        let Some((_, first)) = group.first() else {
            continue;
        };
        let exist = group.iter().filter(|(_, row)| !row.is_gone());
        items.push(Item::Heading(Group {
            name: name(&first.segment),
            rows: exist.clone().count(),
            bytes: exist.fold(0, |sum, (_, row)| row.segment.size.saturating_add(sum)),
        }));
        items.extend(group.iter().map(|(index, _)| Item::Row(*index)));
    }
    items
}

impl Rows {
    /// Takes over what changed. What the first look finds is not new.
    pub fn apply(&mut self, changes: &[Change], now: Duration) {
        let first = !self.begun;
        self.begun = true;
        let until = now + MARKED;
        // Added at the end only: rows are found by their order meanwhile.
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
    pub fn arrange(&mut self, how: &Arrangement<'_>, context: &Context<'_>) {
        let passes = |segment: &Segment| {
            how.only.is_none_or(|ids| ids.contains(&segment.id))
                && (how.filter.is_empty() || how.filter.passes(segment, context))
        };
        let rows = self.all.iter().enumerate();
        let mut passing: Vec<(usize, &Row)> =
            rows.filter(|(_, row)| passes(&row.segment)).collect();
        let group = |segment: &Segment| {
            let name = |grouping: Grouping| context.directory.user(grouping.user(segment));
            how.grouping.map(name)
        };
        passing.sort_by(|(_, a), (_, b)| {
            let (a, b) = (&a.segment, &b.segment);
            let groups = match how.grouping {
                Some(_) => group(a).cmp(&group(b)),
                None => Ordering::Equal,
            };
            groups.then_with(|| how.sort.compare(a, b, context))
        });
        self.shown = passing.iter().filter(|(_, row)| !row.is_gone()).count();
        let keys = passing.iter().map(|(_, row)| row.segment.key.text_width());
        self.key_width = keys.max().unwrap_or(0);
        self.order = match how.grouping {
            None => passing.iter().map(|(index, _)| Item::Row(*index)).collect(),
            Some(_) => with_headings(&passing, |segment| group(segment).unwrap_or_default()),
        };
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
            let is_it = |item: &Item| {
                let row = item.row().and_then(|index| all.get(index));
                row.is_some_and(|row| selected.is_same(&row.segment))
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

    /// Selects the row at `position`, or the nearest there is; a heading is
    /// followed by a row.
    pub fn select(&mut self, position: usize) {
        let last = self.order.len().saturating_sub(1);
        self.position = position.min(last);
        if matches!(self.order.get(self.position), Some(Item::Heading(_))) {
            self.position = (self.position + 1).min(last);
        }
        self.selected = self.at(self.position).map(|row| row.segment);
    }

    /// Selects the row so many lines further down.
    pub fn step(&mut self, by: isize) {
        let mut target = self.position.saturating_add_signed(by);
        if by < 0 && matches!(self.order.get(target), Some(Item::Heading(_))) {
            target = target.saturating_sub(1);
        }
        self.select(target);
    }

    /// Brings the selected row onto a screen of `height` lines, and a heading
    /// above it too if there is room.
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

    /// The lines on a screen of `height` lines.
    pub fn visible(&self, height: usize) -> impl Iterator<Item = Shown<'_>> {
        let lines = self.order.iter().skip(self.top).take(height);
        lines.filter_map(|item| match item {
            Item::Row(index) => self.all.get(*index).map(Shown::Row),
            Item::Heading(group) => Some(Shown::Heading(group)),
        })
    }

    /// The row at a position.
    #[must_use]
    pub fn at(&self, position: usize) -> Option<&Row> {
        self.all.get(self.order.get(position)?.row()?)
    }

    /// Every segment that exists, whether it is shown or not.
    pub fn existing(&self) -> impl Iterator<Item = &Segment> {
        let exist = self.all.iter().filter(|row| !row.is_gone());
        exist.map(|row| &row.segment)
    }

    /// The segment with this identifier that exists.
    #[must_use]
    pub fn segment(&self, id: Id) -> Option<&Segment> {
        let after = self.all.partition_point(|row| row.segment.id <= id);
        let row = self.all.get(after.checked_sub(1)?)?;
        (row.segment.id == id && !row.is_gone()).then_some(&row.segment)
    }

    /// The segments that are shown and exist.
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

    /// How many lines there are: rows and headings.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.order.len()
    }

    /// Forgets everything, as before the first look.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// How many characters the longest key shown has.
    #[must_use]
    pub fn key_width(&self) -> u16 {
        self.key_width
    }

    /// How many segments exist, shown or not.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The bytes of all segments that exist.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether the first look has been taken over.
    #[must_use]
    pub fn begun(&self) -> bool {
        self.begun
    }
}

#[cfg(test)]
mod tests;
