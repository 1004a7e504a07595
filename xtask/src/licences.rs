//! `cargo xtask licences`: the dependencies with their licences, as a document.
//!
//! Made from what cargo says of the locked versions, so that nobody has to
//! believe a list; the stage `deny` checks that it is up to date.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use lexopt::prelude::*;
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::project::{Result, root};

const HELP: &str = "\
cargo xtask licences [--check]

Writes docs/licences.md: every dependency with its licence, and what it is in.
With --check it only tells whether the file is up to date.
";

const PATH: &str = "docs/licences.md";
/// What users get, in the order of the document.
const PARTS: [(&str, &str); 2] = [
    ("sysv-shm", "The safe crate, and `shm-sys` below it"),
    ("shm-tui", "The browser, beside those of the safe crate"),
];
const REST: &str = "Tests, benchmarks and chores only";

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result {
    let mut only_check = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Short('h') | Long("help") => {
                print!("{HELP}");
                return Ok(());
            }
            Long("check") => only_check = true,
            other => return Err(other.unexpected().into()),
        }
    }
    match only_check {
        true => check(),
        false => Ok(fs::write(root().join(PATH), document()?)?),
    }
}

/// Fails if the document is not what the dependencies are.
pub(crate) fn check() -> Result {
    let found = fs::read_to_string(root().join(PATH)).unwrap_or_default();
    match found == document()? {
        true => Ok(()),
        false => Err(format!("{PATH} is not up to date: run `cargo xtask licences`").into()),
    }
}

fn document() -> Result<String> {
    let shell = Shell::new()?;
    shell.change_dir(root());
    let cargo = crate::tools::cargo();
    let arguments = [
        "metadata",
        "--locked",
        "--format-version",
        "1",
        "--all-features",
    ];
    let text = cmd!(shell, "{cargo} {arguments...}").quiet().read()?;
    let metadata: Value = serde_json::from_str(&text)?;
    let packages = Packages::new(&metadata);

    let mut text = "\
# Licences of the dependencies

Made by `cargo xtask licences` from the locked versions; on one system a build has only
those that it needs. Which licences may be is said by `deny.toml`.
"
    .to_owned();
    let mut listed = BTreeSet::new();
    for (name, title) in PARTS {
        let part = packages.reached_from(name);
        let new: BTreeSet<&str> = part.difference(&listed).copied().collect();
        packages.table(title, &new, &mut text);
        listed.extend(new);
    }
    let all: BTreeSet<&str> = packages.foreign.keys().copied().collect();
    let rest: BTreeSet<&str> = all.difference(&listed).copied().collect();
    packages.table(REST, &rest, &mut text);
    Ok(text)
}

/// What cargo says of the packages, by their identifiers.
struct Packages<'a> {
    /// Name, version and licence of those that are not ours.
    foreign: BTreeMap<&'a str, [&'a str; 3]>,
    /// What each one needs to run.
    needs: BTreeMap<&'a str, Vec<&'a str>>,
    /// Ours, by name.
    own: BTreeMap<&'a str, &'a str>,
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    let list = value.get(field).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default()
}

impl<'a> Packages<'a> {
    fn new(metadata: &'a Value) -> Self {
        let (mut foreign, mut own) = (BTreeMap::new(), BTreeMap::new());
        for package in list(metadata, "packages") {
            let id = text(package, "id");
            let fields = ["name", "version", "license"].map(|field| text(package, field));
            match package.get("source") {
                Some(Value::String(_)) => _ = foreign.insert(id, fields),
                _ => _ = own.insert(fields[0], id),
            }
        }
        let is_normal = |dependency: &&Value| {
            let kinds = list(dependency, "dep_kinds");
            kinds
                .iter()
                .any(|kind| kind.get("kind") == Some(&Value::Null))
        };
        let nodes = metadata
            .get("resolve")
            .map(|resolve| list(resolve, "nodes"));
        let needs = nodes.unwrap_or_default().iter().map(|node| {
            let needed = list(node, "deps").iter().filter(is_normal);
            (
                text(node, "id"),
                needed.map(|dependency| text(dependency, "pkg")).collect(),
            )
        });
        Self {
            foreign,
            needs: needs.collect(),
            own,
        }
    }

    /// The foreign packages that one of ours needs to run.
    fn reached_from(&self, name: &str) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&str> = self.own.get(name).copied().into_iter().collect();
        while let Some(id) = open.pop() {
            if reached.insert(id) {
                open.extend(self.needs.get(id).into_iter().flatten());
            }
        }
        reached.retain(|id| self.foreign.contains_key(id));
        reached
    }

    fn table(&self, title: &str, ids: &BTreeSet<&str>, text: &mut String) {
        let mut rows: Vec<&[&str; 3]> = ids.iter().filter_map(|id| self.foreign.get(id)).collect();
        rows.sort();
        _ = writeln!(
            text,
            "\n## {title}\n\n| crate | version | licence |\n| --- | --- | --- |"
        );
        for [name, version, licence] in rows {
            _ = writeln!(text, "| {name} | {version} | {licence} |");
        }
    }
}
