//! Gauges for Prometheus, for node_exporter's textfile collector.
//!
//! Only gauges, without times and units: such a text is valid both as OpenMetrics and in
//! the classic text format. Unknown values are omitted.

use std::collections::BTreeMap;

use crate::model::column::Context;
use crate::model::format;
use crate::model::segment::Segment;
use crate::model::snapshot::Snapshot;
use crate::model::state::{self, State};

/// The sums of one owner's segments.
#[derive(Clone, Copy, Debug, Default)]
struct OwnerTotals {
    segments: u64,
    bytes: u64,
    resident: Option<u64>,
    swapped: Option<u64>,
    attachments: u64,
    removed: u64,
    possible: Group,
    likely: Group,
    /// The unattached ones, by the time since their last use.
    unattached: [Group; UNUSED.len()],
    longest: Option<i64>,
}

/// The upper limits of the classes of unattached segments, in seconds; the first that
/// fits counts. No segment is in two classes, so sums are right.
const UNUSED: [(&str, i64); 4] = [
    ("under_1h", 3600),
    ("under_1d", 86_400),
    ("under_7d", 7 * 86_400),
    ("over_7d", i64::MAX),
];

#[derive(Clone, Copy, Debug, Default)]
struct Group {
    segments: u64,
    bytes: u64,
}

impl Group {
    fn add(&mut self, segment: &Segment) {
        self.segments += 1;
        self.bytes = self.bytes.saturating_add(segment.size);
    }
}

impl OwnerTotals {
    fn add(&mut self, segment: &Segment, state: State, now: i64) {
        self.segments += 1;
        self.bytes = self.bytes.saturating_add(segment.size);
        self.attachments = self.attachments.saturating_add(segment.attached);
        if let Some(memory) = segment.memory {
            *self.resident.get_or_insert(0) += memory.resident;
            *self.swapped.get_or_insert(0) += memory.swapped;
        }
        if segment.attached == 0 {
            let unused = segment.unused_for(now).unwrap_or(0);
            let classes = self.unattached.iter_mut().zip(UNUSED);
            let mut fitting = classes.filter(|(_, (_, most))| unused < *most);
            if let Some((class, _)) = fitting.next() {
                class.add(segment);
            }
            self.longest = self.longest.max(Some(unused));
        }
        match state {
            State::Removed => self.removed += 1,
            State::PossibleOrphan => self.possible.add(segment),
            State::LikelyOrphan => self.likely.add(segment),
            State::InUse | State::Idle | State::Unknown => {}
        }
    }
}

/// What one IPC namespace has.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// The namespace, if every sample is to have its label.
    pub namespace: Option<u64>,
    /// Its segments and sums.
    pub snapshot: &'a Snapshot,
    /// The names, and the time.
    pub context: Context<'a>,
}

impl Part<'_> {
    /// The labels that every sample has, with a comma after them.
    fn labels(&self) -> String {
        let label = |inode| format!("namespace=\"{inode}\",");
        self.namespace.map(label).unwrap_or_default()
    }
}

/// Everything there is to say, with the end that OpenMetrics wants and others
/// take for a comment. `closed` is the number of namespaces that could not be entered,
/// if all were wanted.
#[must_use]
pub fn text(parts: &[Part<'_>], closed: Option<u64>) -> String {
    let owners: Vec<(String, OwnerTotals)> = parts.iter().flat_map(owners).collect();
    let mut text = String::new();
    of_owners(&mut text, &owners);
    of_orphans(&mut text, &owners);
    of_unattached(&mut text, &owners);
    of_system(&mut text, parts);
    let closed = closed.map(|count| (String::new(), count.to_string()));
    family(
        &mut text,
        "unreadable_namespaces",
        "IPC namespaces that could not be entered.",
        closed.into_iter(),
    );
    text.push_str("# EOF\n");
    text
}

/// The totals of every owner in one namespace, and their labels.
fn owners(part: &Part<'_>) -> Vec<(String, OwnerTotals)> {
    let Part {
        snapshot, context, ..
    } = part;
    let mut owners: BTreeMap<u32, OwnerTotals> = BTreeMap::new();
    for segment in &snapshot.segments {
        let state = state::classify(segment, context.directory, context.now);
        let sums = owners.entry(segment.owner).or_default();
        sums.add(segment, state, context.now);
    }
    owners
        .into_iter()
        .map(|(uid, sums)| {
            let name = escaped(&context.directory.user(uid));
            // The number makes it unique: two may share a name.
            let labels = format!("{}owner=\"{name}\",uid=\"{uid}\"", part.labels());
            (labels, sums)
        })
        .collect()
}

fn of_owners(text: &mut String, owners: &[(String, OwnerTotals)]) {
    type Figure = fn(&OwnerTotals) -> Option<u64>;
    let families: [(&str, &str, Figure); 6] = [
        ("segments", "Segments, by owner.", |sums| {
            Some(sums.segments)
        }),
        ("bytes", "Total size of the segments.", |sums| {
            Some(sums.bytes)
        }),
        (
            "resident_bytes",
            "Resident bytes of the segments.",
            |sums| sums.resident,
        ),
        ("swapped_bytes", "Swapped bytes of the segments.", |sums| {
            sums.swapped
        }),
        ("attachments", "Attachments of the segments.", |sums| {
            Some(sums.attachments)
        }),
        (
            "removed_segments",
            "Segments marked for removal that are still attached.",
            |sums| Some(sums.removed),
        ),
    ];
    for (name, help, figure) in families {
        let samples = owners
            .iter()
            .filter_map(|(labels, sums)| Some((labels.clone(), figure(sums)?.to_string())));
        family(text, name, help, samples);
    }
}

fn of_orphans(text: &mut String, owners: &[(String, OwnerTotals)]) {
    type Figure = fn(&Group) -> u64;
    let families: [(&str, &str, Figure); 2] = [
        (
            "orphan_segments",
            "Unattached segments whose creator has exited.",
            |orphans| orphans.segments,
        ),
        ("orphan_bytes", "Total size of those segments.", |orphans| {
            orphans.bytes
        }),
    ];
    for (name, help, figure) in families {
        let samples = owners.iter().flat_map(|(labels, sums)| {
            [("possible", sums.possible), ("likely", sums.likely)].map(|(certainty, orphans)| {
                let labels = format!("{labels},certainty=\"{certainty}\"");
                (labels, figure(&orphans).to_string())
            })
        });
        family(text, name, help, samples);
    }
}

/// For every creator: in a container whose processes are invisible from here, nothing is
/// called an orphan, and these figures remain.
fn of_unattached(text: &mut String, owners: &[(String, OwnerTotals)]) {
    type Figure = fn(&Group) -> u64;
    let families: [(&str, &str, Figure); 2] = [
        (
            "unattached_segments",
            "Segments that no process has attached, by the time since their last use.",
            |group| group.segments,
        ),
        (
            "unattached_bytes",
            "Total size of those segments.",
            |group| group.bytes,
        ),
    ];
    for (name, help, figure) in families {
        let samples = owners.iter().flat_map(|(labels, sums)| {
            let classes = UNUSED.iter().zip(&sums.unattached);
            classes.map(move |((class, _), group)| {
                let labels = format!("{labels},unused=\"{class}\"");
                (labels, figure(group).to_string())
            })
        });
        family(text, name, help, samples);
    }
    let longest = owners
        .iter()
        .filter_map(|(labels, sums)| Some((labels.clone(), sums.longest?.to_string())));
    family(
        text,
        "unattached_longest_seconds",
        "Seconds since the last use of the unattached segment that is unused the longest.",
        longest,
    );
}

fn of_system(text: &mut String, parts: &[Part<'_>]) {
    type Figure = fn(&Snapshot) -> Option<String>;
    fn most(limit: Option<u64>) -> Option<String> {
        Some(limit.map_or_else(|| "+Inf".to_owned(), |limit| limit.to_string()))
    }
    fn count(number: u64) -> Option<String> {
        Some(number.to_string())
    }
    fn is_listed(snapshot: &Snapshot) -> bool {
        snapshot.unlisted.is_none()
    }
    let families: [(&str, &str, Figure); 7] = [
        (
            "segments_listed",
            "Whether the segments could be listed; with 0 all figures of segments are absent.",
            |of| count(is_listed(of).into()),
        ),
        (
            "pages",
            "Pages that all segments may take together.",
            |of| of.usage.pages.and_then(count),
        ),
        ("page_bytes", "Bytes in one page.", |of| {
            count(of.limits.page_bytes)
        }),
        (
            "hidden_segments",
            "Segments that the system hides from this program.",
            |of| {
                Some(of.usage.hidden)
                    .filter(|_| is_listed(of))
                    .and_then(count)
            },
        ),
        (
            "limit_segments",
            "Limit on the number of segments (SHMMNI); +Inf is no limit.",
            |of| most(of.limits.segments),
        ),
        (
            "limit_segment_bytes",
            "Limit on the size of a segment (SHMMAX); +Inf is no limit.",
            |of| most(of.limits.segment_bytes),
        ),
        (
            "limit_pages",
            "Limit on the pages of all segments together (SHMALL); +Inf is no limit.",
            |of| most(of.limits.pages),
        ),
    ];
    for (name, help, figure) in families {
        let samples = parts.iter().filter_map(|part| {
            let labels = part.labels().trim_end_matches(',').to_owned();
            Some((labels, figure(part.snapshot)?))
        });
        family(text, name, help, samples);
    }
}

/// Appends a gauge with its samples; nothing without samples.
fn family(
    text: &mut String,
    name: &str,
    help: &str,
    samples: impl Iterator<Item = (String, String)>,
) {
    for (index, (labels, value)) in samples.enumerate() {
        if index == 0 {
            format::push(text, format_args!("# HELP sysv_shm_{name} {help}\n"));
            format::push(text, format_args!("# TYPE sysv_shm_{name} gauge\n"));
        }
        let labels = match labels.is_empty() {
            true => labels,
            false => format!("{{{labels}}}"),
        };
        format::push(text, format_args!("sysv_shm_{name}{labels} {value}\n"));
    }
}

/// Escapes the value of a label.
fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::directory::Directory;

    fn part<'a>(snapshot: &'a Snapshot, context: Context<'a>) -> Part<'a> {
        Part {
            namespace: None,
            snapshot,
            context,
        }
    }

    #[test]
    fn unattached_segments_are_counted_whoever_created_them() {
        const DAY: i64 = 86_400;
        let of = |attached, used: i64| Segment {
            owner: 1,
            size: 10,
            attached,
            detach_time: Some(10 * DAY - used),
            ..Segment::default()
        };
        let snapshot = Snapshot {
            segments: vec![
                of(0, 60),
                of(0, 3600),
                of(0, 8 * DAY),
                of(0, 9 * DAY),
                of(1, 0),
            ],
            ..Snapshot::default()
        };
        let directory = Directory::default();
        let context = Context {
            directory: &directory,
            now: 10 * DAY,
            exact: true,
        };
        let text = text(&[part(&snapshot, context)], None);
        for (class, count) in [
            ("under_1h", 1),
            ("under_1d", 1),
            ("under_7d", 0),
            ("over_7d", 2),
        ] {
            let labels = format!("{{owner=\"1\",uid=\"1\",unused=\"{class}\"}}");
            for (name, value) in [("segments", count), ("bytes", count * 10)] {
                let line = format!("sysv_shm_unattached_{name}{labels} {value}");
                assert!(text.lines().any(|known| known == line), "{line}\n{text}");
            }
        }
        let longest = format!(
            "sysv_shm_unattached_longest_seconds{{owner=\"1\",uid=\"1\"}} {}",
            9 * DAY
        );
        assert!(text.lines().any(|known| known == longest), "{text}");
        // Their creators are unknown, so none of them is an orphan.
        assert!(
            !text
                .lines()
                .any(|line| line.contains("orphan_segments{") && !line.ends_with(" 0"))
        );
    }

    #[test]
    fn limits_stand_where_the_segments_cannot_be_listed() {
        let directory = Directory::default();
        let context = Context {
            directory: &directory,
            now: 0,
            exact: true,
        };
        let listed = text(&[part(&Snapshot::default(), context)], None);
        assert!(
            listed.contains("\nsysv_shm_segments_listed 1\n"),
            "{listed}"
        );
        let snapshot = Snapshot {
            unlisted: Some("ipcs failed".to_owned()),
            ..Snapshot::default()
        };
        let text = text(&[part(&snapshot, context)], None);
        assert!(text.contains("\nsysv_shm_segments_listed 0\n"), "{text}");
        assert!(text.contains("\nsysv_shm_limit_segments +Inf\n"), "{text}");
        assert!(!text.contains("sysv_shm_hidden_segments"), "{text}");
    }

    #[test]
    fn owners_are_told_apart_and_their_names_escaped() {
        let mut directory = Directory::default();
        for uid in [1, 2] {
            directory.users.insert(uid, Some("a\"b\\".into()));
        }
        let of = |owner, size| Segment {
            owner,
            size,
            ..Segment::default()
        };
        let snapshot = Snapshot {
            segments: vec![of(1, 10), of(2, 20), of(1, 5), of(3, u64::MAX), of(3, 1)],
            ..Snapshot::default()
        };
        let context = Context {
            directory: &directory,
            now: 0,
            exact: true,
        };
        let text = text(&[part(&snapshot, context)], None);
        for line in [
            "sysv_shm_bytes{owner=\"a\\\"b\\\\\",uid=\"1\"} 15",
            "sysv_shm_bytes{owner=\"a\\\"b\\\\\",uid=\"2\"} 20",
            "sysv_shm_bytes{owner=\"3\",uid=\"3\"} 18446744073709551615",
            "sysv_shm_limit_segments +Inf",
        ] {
            assert!(text.lines().any(|known| known == line), "{line}\n{text}");
        }
        // Resident memory is unknown.
        assert!(!text.contains("resident"), "{text}");
        assert!(text.ends_with("\n# EOF\n"));
    }
}
