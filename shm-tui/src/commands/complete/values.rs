//! The values that arguments can have.

use std::collections::BTreeSet;

use super::Candidate;
use crate::commands::System;
use crate::model::column::COLUMNS;
use crate::model::format;
use crate::model::query::{FIELDS, Kind};
use crate::model::segment::Segment;
use crate::model::state::STATES;
use crate::source::SnapshotOptions;

/// Segments that are offered at most.
const MOST: usize = 500;

/// Columns to sort by, either way.
pub(super) fn sorts() -> Vec<Candidate> {
    let up = COLUMNS
        .iter()
        .map(|column| Candidate::new(column.name, column.about));
    let down = COLUMNS.iter().map(|column| {
        Candidate::new(
            format!("-{}", column.name),
            format!("{}, reversed", column.about),
        )
    });
    up.chain(down).collect()
}

/// One more column after those typed already.
pub(super) fn columns(typed: &str) -> Vec<Candidate> {
    let (before, _) = split_behind(typed, &[',']);
    let chosen: Vec<&str> = before.split(',').collect();
    let rest = COLUMNS
        .iter()
        .filter(|column| !chosen.contains(&column.name));
    rest.map(|column| Candidate::new(format!("{before}{}", column.name), column.about))
        .collect()
}

/// The text up to the last of some characters, and what is behind.
fn split_behind<'a>(text: &'a str, signs: &[char]) -> (&'a str, &'a str) {
    let at = text.rfind(signs).map_or(0, |at| at + 1);
    text.split_at_checked(at).unwrap_or(("", text))
}

/// Sums that `list --fail-if` compares.
pub(super) fn thresholds() -> Vec<Candidate> {
    let sums = ["count", "size", "resident", "swapped", "attached"];
    let with = sums
        .iter()
        .flat_map(|sum| [">", ">="].map(|sign| Candidate::new(format!("{sum}{sign}"), "")));
    with.collect()
}

/// One more field, or the value of the last one.
pub(super) fn filter(typed: &str, system: &System) -> Vec<Candidate> {
    let (before, word) = split_behind(typed, &[' ', '(', '!']);
    let (head, _) = split_behind(word, &['=', '<', '>', '~']);
    if head.is_empty() {
        let names = FIELDS
            .iter()
            .flat_map(|field| field.names.iter().take(1).map(move |name| (field, name)));
        let fields =
            names.map(|(field, name)| Candidate::new(format!("{before}{name}="), field.example));
        return fields.collect();
    }
    let name = head.trim_end_matches(['=', '<', '>', '~', '!']);
    let Some(field) = FIELDS.iter().find(|field| field.names.contains(&name)) else {
        return Vec::new();
    };
    let values = match (field.kind, field.names.first()) {
        (Kind::State, _) => {
            let states = STATES.iter().map(|(_, name, _)| (*name).to_owned());
            states.chain(["orphan".to_owned()]).collect()
        }
        (_, Some(&"status")) => ["dest", "locked", "hugetlb", "noreserve"]
            .map(str::to_owned)
            .into(),
        (_, Some(name)) => seen(name, system),
        (_, None) => BTreeSet::new(),
    };
    values
        .iter()
        .map(|value| Candidate::new(format!("{before}{head}{value}"), ""))
        .collect()
}

/// The values that the segments have in a field.
fn seen(field: &str, system: &System) -> BTreeSet<String> {
    let segments = list(system);
    let value = |segment: &Segment| {
        let user = |uid| system.names.user_or_number(uid).to_string();
        Some(match field {
            "owner" => user(segment.owner),
            "creator" => user(segment.creator),
            "group" => system.names.group(segment.group)?,
            "id" => segment.id.to_string(),
            "key" => segment.key.to_string(),
            "mode" => format!("{:o}", segment.mode),
            "cpid" => segment.creator_pid.to_string(),
            "lpid" | "pid" => segment.last_pid.to_string(),
            _ => return None,
        })
    };
    segments.iter().filter_map(value).collect()
}

/// Identifiers, and keys where a key is typed or nothing yet.
pub(super) fn segments(typed: &str, system: &System) -> Vec<Candidate> {
    let segments = list(system);
    let about = |segment: &Segment| {
        let owner = system.names.user_or_number(segment.owner);
        format!(
            "{}, {owner}, {}",
            format::size(segment.size),
            format::counted(segment.attached, "attachment")
        )
    };
    let ids = segments
        .iter()
        .map(|one| Candidate::new(one.id.to_string(), format!("{}, {}", one.key, about(one))));
    let public = segments.iter().filter(|segment| !segment.key.is_private());
    let keys = public.map(|one| {
        Candidate::new(
            one.key.to_string(),
            format!("id {}, {}", one.id, about(one)),
        )
    });
    let fitting = ids
        .chain(keys)
        .filter(|candidate| candidate.text.starts_with(typed));
    fitting.take(MOST).collect()
}

/// Without a listing there is nothing to offer.
fn list(system: &System) -> Vec<Segment> {
    let plain = SnapshotOptions {
        memory: false,
        totals: false,
    };
    system
        .source
        .snapshot(plain)
        .map(|snapshot| snapshot.segments)
        .unwrap_or_default()
}

/// A process of every other IPC namespace.
pub(super) fn namespaces(system: &System) -> Vec<Candidate> {
    let list = system
        .source
        .namespaces()
        .map(|scan| scan.list)
        .unwrap_or_default();
    let others = list.iter().filter(|namespace| !namespace.own);
    let processes = others.filter_map(|namespace| {
        let (pid, command) = namespace.processes.first()?;
        Some(Candidate::new(
            pid.to_string(),
            format!("{}: {command}", namespace.inode),
        ))
    });
    processes.collect()
}
