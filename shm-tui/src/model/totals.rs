//! Where the memory goes: totals by owner, by creator's program and by state, for the
//! screen of that name.

use std::collections::HashMap;
use std::sync::Arc;

use super::command::Command;
use super::directory::Directory;
use super::segment::{Id, Segment};
use super::state::{self, State};

/// Totals of segments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Number of segments.
    pub segments: u64,
    /// Total size.
    pub size: u64,
    /// Resident bytes of those with known figures.
    pub resident: u64,
    /// Swapped bytes of those with known figures.
    pub swapped: u64,
    /// Number without memory figures.
    pub unknown: u64,
}

impl Sum {
    /// Adds one segment.
    pub fn add(&mut self, segment: &Segment) {
        self.segments += 1;
        self.size = self.size.saturating_add(segment.size);
        match segment.memory {
            Some(memory) => {
                self.resident = self.resident.saturating_add(memory.resident);
                self.swapped = self.swapped.saturating_add(memory.swapped);
            }
            None => self.unknown += 1,
        }
    }

    /// Returns whether no segment has memory figures.
    #[must_use]
    pub fn lacks_memory(&self) -> bool {
        self.unknown == self.segments
    }

    /// Returns the value for bars: resident bytes, or sizes if none are known.
    #[must_use]
    pub fn weight(&self, whole: &Self) -> u64 {
        match whole.lacks_memory() {
            true => self.size,
            false => self.resident,
        }
    }
}

/// Segments with a common property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The common property.
    pub name: Arc<str>,
    /// Returns the state, if that is the property.
    pub state: Option<State>,
    /// Their totals.
    pub sum: Sum,
    /// The segments.
    pub ids: Vec<Id>,
}

/// A criterion that divides segments: in the screen of the totals, and in the grouped
/// table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Division {
    /// The owner.
    Owner,
    /// The user who created it.
    Creator,
    /// The program that created it.
    Program,
    /// The state.
    State,
}

/// The divisions of the screen, in order, with their titles.
pub const DIVISIONS: [(Division, &str); 3] = [
    (Division::State, "by state"),
    (Division::Owner, "by owner"),
    (Division::Program, "by creator"),
];

/// The totals of all segments, and of each division.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// The totals of all.
    pub whole: Sum,
    /// Parts in the order of [`DIVISIONS`], largest first.
    pub parts: [Vec<Part>; 3],
}

impl Totals {
    /// Computes the totals of `segments`.
    #[must_use]
    pub fn of<'a>(
        segments: impl Iterator<Item = &'a Segment>,
        names: &Directory,
        now: i64,
    ) -> Self {
        let mut whole = Sum::default();
        let mut parts: [HashMap<Common<'_>, Part>; 3] = Default::default();
        for segment in segments {
            whole.add(segment);
            for (parts, (division, _)) in parts.iter_mut().zip(DIVISIONS) {
                let common = Common::of(segment, division, names, now);
                let part = parts.entry(common).or_insert_with(|| Part {
                    name: common.name(names),
                    state: common.state(),
                    sum: Sum::default(),
                    ids: Vec::new(),
                });
                part.sum.add(segment);
                part.ids.push(segment.id);
            }
        }
        let parts = parts.map(|parts| {
            let mut parts: Vec<Part> = parts.into_values().collect();
            parts.sort_by(|a, b| {
                let weight = |part: &Part| (part.sum.weight(&whole), part.sum.size);
                let order = weight(b).cmp(&weight(a));
                order.then_with(|| a.name.cmp(&b.name))
            });
            parts
        });
        Self { whole, parts }
    }
}

/// The common property of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Common<'a> {
    /// Their state.
    State(State),
    /// The owning or creating user.
    User(u32),
    /// The creating program.
    Program(&'a str),
    /// The number of the creating process, if its program is unknown.
    Pid(i32),
}

impl<'a> Common<'a> {
    /// Returns the property of `segment` for a criterion.
    #[must_use]
    pub fn of(segment: &Segment, division: Division, names: &'a Directory, now: i64) -> Self {
        match division {
            Division::State => Self::State(state::classify(segment, names, now)),
            Division::Owner => Self::User(segment.owner),
            Division::Creator => Self::User(segment.creator),
            Division::Program => {
                let pid = segment.creator_pid;
                match names.command(pid, segment.existed_at()) {
                    Some(command) => Self::Program(Command::of(command).program),
                    None => Self::Pid(pid),
                }
            }
        }
    }

    /// Returns the state, if that is the property.
    #[must_use]
    pub fn state(self) -> Option<State> {
        match self {
            Self::State(state) => Some(state),
            _ => None,
        }
    }

    /// Returns its name.
    #[must_use]
    pub fn name(self, names: &Directory) -> Arc<str> {
        match self {
            Self::State(state) => state.label().into(),
            Self::User(uid) => names.user(uid),
            Self::Program(program) => program.into(),
            Self::Pid(0) => "unknown".into(),
            Self::Pid(pid) => format!("process {pid}").into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::directory::Process;
    use crate::model::segment::Memory;

    fn segment(id: Id, owner: u32, creator_pid: i32, resident: u64) -> Segment {
        Segment {
            id,
            owner,
            creator_pid,
            size: 10_000,
            change_time: Some(500),
            attached: u64::from(owner == 1),
            memory: Some(Memory {
                resident,
                swapped: 1,
            }),
            ..Segment::default()
        }
    }

    fn names() -> Directory {
        let running = |command: &str| Process::Running {
            command: command.into(),
            started: Some(100),
            user: None,
        };
        Directory {
            users: [(1, Some("ada".into()))].into_iter().collect(),
            processes: [
                (10, running("/usr/bin/postgres -D x")),
                (11, running("postgres: checkpointer")),
                (12, Process::Gone),
            ]
            .into_iter()
            .collect(),
            ..Directory::default()
        }
    }

    #[test]
    fn each_division_has_every_segment_once_and_the_largest_first() {
        let segments = [
            segment(1, 1, 10, 4096),
            segment(2, 1, 11, 8192),
            segment(3, 2, 12, 9000),
        ];
        let totals = Totals::of(segments.iter(), &names(), 1000);
        assert_eq!(totals.whole.resident, 21_288);
        let shown: Vec<Vec<(String, u64, u64)>> = totals
            .parts
            .iter()
            .map(|parts| {
                let line = |part: &Part| {
                    let sum = part.sum;
                    (part.name.to_string(), sum.segments, sum.resident)
                };
                parts.iter().map(line).collect()
            })
            .collect();
        let line = |name: &str, segments, resident| (name.to_owned(), segments, resident);
        assert_eq!(
            shown,
            [
                vec![line("in use", 2, 12_288), line("orphan?", 1, 9000)],
                vec![line("ada", 2, 12_288), line("2", 1, 9000)],
                vec![line("postgres", 2, 12_288), line("process 12", 1, 9000)],
            ]
        );
        for parts in &totals.parts {
            let ids: usize = parts.iter().map(|part| part.ids.len()).sum();
            assert_eq!(ids, 3);
        }
    }

    #[test]
    fn without_memory_figures_sizes_are_compared() {
        let mut segments = [segment(1, 1, 10, 9), segment(2, 2, 11, 0)];
        segments
            .iter_mut()
            .for_each(|segment| segment.memory = None);
        segments[1].size = 20_000;
        let totals = Totals::of(segments.iter(), &names(), 1000);
        assert!(totals.whole.lacks_memory());
        assert_eq!(&*totals.parts[1][0].name, "2");
        assert_eq!(totals.parts[1][0].sum.weight(&totals.whole), 20_000);
    }
}
