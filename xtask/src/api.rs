//! `cargo xtask api`: the public API of the libraries as text, one item per line, so that
//! every change of it shows in a diff.
//!
//! A nightly rustdoc writes the API as JSON; cargo-public-api converts it to lines. The JSON
//! has a format number, and each version of the tool reads one format. Where the pinned
//! tool and the installed nightly do not fit, nothing is compared.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use lexopt::prelude::*;
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::project::{Result, root, target_dir};
use crate::tools::{crates::CARGO_PUBLIC_API, toolchains};

const HELP: &str = "\
cargo xtask api [--check]

Writes docs/public-api: the public items of shm-sys and sysv-shm, one a line, for
Linux on x86-64. With --check it only reports whether the files are up to date.
Needs a nightly toolchain and cargo-public-api (`cargo xtask setup --opt-in`).
";

const DIRECTORY: &str = "docs/public-api";
const TARGET: &str = "x86_64-unknown-linux-gnu";
/// The format of rustdoc's JSON that the pinned cargo-public-api reads.
const FORMAT: u64 = 57;

/// A package, its library, and the features that add public items.
struct Library {
    package: &'static str,
    name: &'static str,
    features: &'static str,
}

const LIBRARIES: [Library; 2] = [
    Library {
        package: "shm-sys",
        name: "shm_sys",
        features: "",
    },
    Library {
        package: "sysv-shm",
        name: "shm",
        features: "derive,serde,zerocopy",
    },
];

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
    let listings = match list()? {
        Found::Listings(listings) => listings,
        Found::Missing(what) => return Err(what.into()),
    };
    if only_check {
        return compare(&listings);
    }
    fs::create_dir_all(root().join(DIRECTORY))?;
    for listing in &listings {
        fs::write(listing.path(), &listing.text)?;
    }
    Ok(())
}

/// What [`list`] found.
pub(crate) enum Found {
    Listings(Vec<Listing>),
    /// What is missing here, with the command that installs it.
    Missing(String),
}

/// The public items of one package.
pub(crate) struct Listing {
    package: &'static str,
    text: String,
}

impl Listing {
    fn path(&self) -> PathBuf {
        root().join(DIRECTORY).join(format!("{}.txt", self.package))
    }
}

/// Lists the public items of every library.
pub(crate) fn list() -> Result<Found> {
    let missing = |what: &str| Ok(Found::Missing(what.to_owned()));
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return missing("done on Linux x86_64 only");
    }
    let Some(program) = CARGO_PUBLIC_API.path() else {
        return missing("no cargo-public-api; `cargo xtask setup --opt-in` installs it");
    };
    let Some(nightly) = toolchains::named("nightly") else {
        return missing("no nightly; `rustup toolchain install nightly --profile minimal`");
    };
    let mut listings = Vec::new();
    for library in &LIBRARIES {
        let json = document(&nightly, library)?;
        let format = format_of(&fs::read_to_string(&json)?)?;
        if format != FORMAT {
            return missing(&other_format(format));
        }
        let shell = Shell::new()?;
        let text = cmd!(
            shell,
            "{program} public-api --rustdoc-json {json} --omit blanket-impls --color never"
        )
        .quiet()
        .read()?;
        listings.push(Listing {
            package: library.package,
            text: without_unstable(&text),
        });
    }
    Ok(Found::Listings(listings))
}

/// Has rustdoc write the JSON of a library, and returns its path.
fn document(nightly: &str, library: &Library) -> Result<PathBuf> {
    let shell = Shell::new()?;
    shell.change_dir(root());
    let target_dir = target_dir().join("api");
    let (package, features) = (library.package, library.features);
    toolchains::run(&shell, nightly)
        .args(["cargo", "rustdoc", "--quiet", "--locked", "--lib"])
        .args(["--package", package, "--features", features])
        .args(["--target", TARGET, "--"])
        .args(["-Zunstable-options", "--output-format=json"])
        .args(["--cap-lints=allow"])
        .env("CARGO_TARGET_DIR", &target_dir)
        .quiet()
        .run()?;
    let name = format!("{}.json", library.name);
    Ok(target_dir.join(TARGET).join("doc").join(name))
}

/// The format number of a JSON document of rustdoc.
fn format_of(json: &str) -> Result<u64> {
    let document: Value = serde_json::from_str(json)?;
    document
        .get("format_version")
        .and_then(Value::as_u64)
        .ok_or_else(|| "rustdoc's JSON has no format_version".into())
}

fn other_format(format: u64) -> String {
    let (name, version) = (CARGO_PUBLIC_API.name, CARGO_PUBLIC_API.version);
    format!(
        "the nightly's rustdoc writes JSON of format {format}, and {name} {version} reads format \
         {FORMAT}; a nightly of May 2026 fits"
    )
}

/// Auto traits that no stable program can name come and go with the compiler.
fn without_unstable(text: &str) -> String {
    const UNSTABLE: [&str; 2] = ["core::marker::Freeze", "core::marker::UnsafeUnpin"];
    text.lines()
        .filter(|line| !UNSTABLE.iter().any(|name| line.contains(name)))
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// Fails if the committed files differ from the listings.
pub(crate) fn compare(listings: &[Listing]) -> Result {
    let mut wrong = Vec::new();
    for listing in listings {
        let committed = fs::read_to_string(listing.path()).unwrap_or_default();
        let changes = changes(&committed, &listing.text);
        if committed != listing.text {
            let name = Path::new(DIRECTORY).join(format!("{}.txt", listing.package));
            wrong.push(format!("{} is not up to date:", name.display()));
            wrong.extend(changes);
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    wrong.push("run `cargo xtask api`, and say in CHANGELOG.md what changes for users".to_owned());
    Err(wrong.join("\n").into())
}

/// The lines that only one of two listings has.
fn changes(before: &str, after: &str) -> Vec<String> {
    let (old, new): (BTreeSet<_>, BTreeSet<_>) =
        (before.lines().collect(), after.lines().collect());
    let removed = old.difference(&new).map(|line| format!("- {line}"));
    let added = new.difference(&old).map(|line| format!("+ {line}"));
    removed.chain(added).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removed_and_added_items_are_named() {
        let changes = changes("pub fn a()\npub fn b()\n", "pub fn b()\npub fn c()\n");
        assert_eq!(changes, ["- pub fn a()", "+ pub fn c()"]);
    }

    #[test]
    fn the_format_is_read_from_the_document() {
        assert_eq!(
            format_of(r#"{"index":{"format_version":1},"format_version":57}"#).unwrap(),
            57
        );
        assert!(format_of("{}").is_err());
        assert!(format_of("nonsense").is_err());
        assert!(other_format(58).contains("format 58"));
    }

    #[test]
    fn auto_traits_without_a_stable_name_are_left_out() {
        let text = "pub struct shm::A\nimpl core::marker::Freeze for shm::A\nimpl core::marker::Send for shm::A";
        assert_eq!(
            without_unstable(text),
            "pub struct shm::A\nimpl core::marker::Send for shm::A\n"
        );
    }

    #[test]
    fn every_feature_with_public_items_is_listed() {
        let manifest = fs::read_to_string(root().join("shm/Cargo.toml")).unwrap();
        let (_, rest) = manifest.split_once("[features]\n").unwrap();
        let (features, _) = rest.split_once("\n\n").unwrap();
        for line in features.lines() {
            let name = line.split(' ').next().unwrap();
            let known = ["#", "default", "std", "bindgen"].contains(&name);
            assert!(
                known
                    || LIBRARIES[1]
                        .features
                        .split(',')
                        .any(|listed| listed == name),
                "{name}"
            );
        }
    }
}
