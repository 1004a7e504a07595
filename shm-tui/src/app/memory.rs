//! The screen "where the memory goes": totals of segments, in lines.

use super::cursor::Cursor;
use super::keymap::Command;
use crate::model::totals::{DIVISIONS, Division, Part, Totals};

/// The state of the screen.
#[derive(Clone, Debug, Default)]
pub struct MemoryView {
    /// The totals, as of the last sample.
    pub totals: Totals,
    /// The selected line.
    pub cursor: Cursor,
}

/// A line of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// An empty line between two divisions.
    Blank,
    /// The title of a division.
    Title(&'static str),
    /// A part of a division.
    Part(Division, &'a Part),
}

impl MemoryView {
    /// Returns the lines, from top to bottom.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let divisions = DIVISIONS.into_iter().zip(&self.totals.parts).enumerate();
        divisions.flat_map(|(index, ((division, title), parts))| {
            let blank = (index > 0).then_some(Line::Blank);
            let parts = parts.iter().map(move |part| Line::Part(division, part));
            blank.into_iter().chain([Line::Title(title)]).chain(parts)
        })
    }

    /// Returns the selected part.
    #[must_use]
    pub fn chosen(&self) -> Option<(Division, &Part)> {
        match self.lines().nth(self.cursor.position)? {
            Line::Part(division, part) => Some((division, part)),
            Line::Blank | Line::Title(_) => None,
        }
    }

    /// Selects a part, if it still exists.
    pub fn seek(&mut self, division: Division, name: &str) {
        let found = self.lines().position(|line| match line {
            Line::Part(at, part) => at == division && &*part.name == name,
            Line::Blank | Line::Title(_) => false,
        });
        self.cursor.position = found.unwrap_or(self.cursor.position);
        self.rest(false);
    }

    /// Moves the selection from part to part.
    pub fn step(&mut self, command: Command, height: usize) {
        self.cursor.apply(command, height);
        let up = matches!(command, Command::Up | Command::PageUp);
        self.rest(up);
    }

    /// Selects the nearest part: above if `up` is set and there is one, else below, else
    /// the last.
    pub fn rest(&mut self, up: bool) {
        let is_part = |(_, line): &(usize, Line<'_>)| matches!(line, Line::Part(..));
        let parts: Vec<usize> = self
            .lines()
            .enumerate()
            .filter(is_part)
            .map(|(at, _)| at)
            .collect();
        let position = self.cursor.position;
        let above = parts.iter().rfind(|at| **at <= position).filter(|_| up);
        let below = parts.iter().find(|at| **at >= position);
        let nearest = above.or(below).or(parts.last());
        self.cursor.position = nearest.copied().unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::directory::Directory;
    use crate::model::segment::Segment;

    #[test]
    fn the_cursor_goes_from_part_to_part() {
        let segments = [1, 2, 3].map(|owner| Segment {
            id: i32::try_from(owner).unwrap(),
            owner,
            ..Segment::default()
        });
        let totals = Totals::of(segments.iter(), &Directory::default(), 0);
        let mut view = MemoryView {
            totals,
            cursor: Cursor::default(),
        };
        view.rest(false);
        let mut seen = Vec::new();
        for _ in 0..6 {
            let (division, part) = view.chosen().unwrap();
            seen.push((division, part.name.to_string()));
            view.step(Command::Down, 10);
        }
        let one = |division, name: &str| (division, name.to_owned());
        assert_eq!(
            seen,
            [
                one(Division::State, "unknown"),
                one(Division::Owner, "1"),
                one(Division::Owner, "2"),
                one(Division::Owner, "3"),
                one(Division::Program, "unknown"),
                one(Division::Program, "unknown"),
            ]
        );
        view.step(Command::Up, 10);
        assert_eq!(view.chosen().unwrap().0, Division::Owner);
        view.step(Command::First, 10);
        assert_eq!(view.chosen().unwrap().0, Division::State);
    }
}
