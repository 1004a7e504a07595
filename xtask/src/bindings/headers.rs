//! Generates one target's bindings from its headers, with the options of `shm-sys`'s
//! build script.

use std::path::{Path, PathBuf};

use crate::project::{Result, generator_dir};
use crate::targets::{Headers, Target, with_abi};
use crate::tools::python;

#[path = "../../../shm-sys/gen/generator.rs"]
mod generator;

/// The newest glibc that zig's headers describe; they require a version.
const GLIBC_MINOR: &str = "-D__GLIBC_MINOR__=43";

/// Returns the text of the file for `target`.
pub(super) fn bindings(zig: &Path, target: &Target) -> Result<String> {
    let clang_args = if target.cfg.env == "gnu" {
        vec![GLIBC_MINOR.to_owned()]
    } else {
        Vec::new()
    };
    let request = generator::Request {
        wrapper: &generator_dir().join("wrapper.h"),
        clang_target: target.clang,
        include: &include(zig, target),
        clang_args: &clang_args,
    };
    let generated = generator::builder(&request)?
        .formatter(bindgen::Formatter::Prettyplease)
        .generate()
        .map_err(|error| {
            format!(
                "bindgen cannot read the headers of {}: {error}",
                target.triple
            )
        })?;
    Ok(format!(
        "{}{}",
        heading(target),
        generator::complete(&generated.to_string())
    ))
}

/// Returns the directories of headers: clang's own first (`stddef.h`), then the system's.
pub(crate) fn include(zig: &Path, target: &Target) -> Vec<PathBuf> {
    let lib = zig.join("lib");
    let mut include = vec![lib.join("include")];
    match target.headers {
        Headers::Zig(directories) => {
            include.extend(
                directories
                    .iter()
                    .map(|name| lib.join("libc").join("include").join(name)),
            );
        }
        Headers::Transcribed { directory, .. } => include.push(generator_dir().join(directory)),
    }
    include
}

fn heading(target: &Target) -> String {
    let source = match target.headers {
        Headers::Zig(_) => format!(
            "the headers in {} {}",
            python::ZIG.name,
            python::ZIG.version
        ),
        Headers::Transcribed { source, .. } => {
            format!("declarations transcribed from {source}, which is in no package")
        }
    };
    let mut text = format!(
        "// Made by `cargo xtask bindings` from {source}.\n// Not to be edited: the same command checks it. Used by\n"
    );
    for target in with_abi(target.abi) {
        text.push_str(&format!("//   {}\n", target.triple));
    }
    text.push('\n');
    text
}
