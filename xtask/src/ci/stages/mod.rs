//! The stages, one module each, in the order in which they run: cheap ones and
//! those that fail most often first.

mod bench;
mod bindings;
mod cargo;
mod clippy;
mod cross_check;
mod cross_link;
mod deny;
mod doc;
mod emulate;
mod fmt;
mod fuzz;
mod layout;
mod miri;
mod msrv;
mod mutants;
mod package;
mod pictures;
mod sanitizers;
mod test;
mod words;

use super::stage::Stage;

/// Every stage. `cargo xtask ci --list` prints this.
pub(super) const ALL: &[Stage] = &[
    stage("fmt", "every file is formatted by rustfmt", fmt::run),
    stage(
        "words",
        "documents, comments and messages use the glossary and American spelling",
        words::run,
    ),
    stage(
        "clippy",
        "no lint warns, with any set of features",
        clippy::run,
    ),
    stage(
        "test",
        "every test of the workspace passes on this machine",
        test::run,
    ),
    stage(
        "doc",
        "the documentation builds, its links lead somewhere",
        doc::run,
    ),
    stage(
        "pictures",
        "the pictures in the documents are what the browser draws",
        pictures::run,
    ),
    stage(
        "bindings",
        "the committed bindings are what every system's headers give",
        bindings::run,
    ),
    stage(
        "layout",
        "a C compiler with every system's headers finds the same layouts, values, symbols",
        layout::run,
    ),
    stage(
        "cross-check",
        "everything type-checks on all systems and architectures, without a warning",
        cross_check::run,
    ),
    stage(
        "cross-link",
        "all that is called exists in the C libraries of the BSDs and macOS",
        cross_link::run,
    ),
    stage(
        "emulate",
        "tests pass on 32-bit, big-endian and weakly ordered processors",
        emulate::run,
    ),
    stage(
        "msrv",
        "every package builds with the oldest Rust that it promises",
        msrv::run,
    ),
    stage(
        "miri",
        "the copies' byte loop and the decoders have no undefined behavior",
        miri::run,
    ),
    stage(
        "deny",
        "dependencies have licenses that fit, come from the registry, and come once",
        deny::run,
    ),
    stage(
        "advisories",
        "no dependency has a known vulnerability",
        deny::advisories,
    ),
    stage(
        "package",
        "each package holds what it should, and builds from that alone",
        package::run,
    ),
    opt_in(
        "fuzz",
        "no bytes make a decoder panic or find more than there is",
        fuzz::run,
    ),
    opt_in(
        "sanitizers",
        "the library runs past no buffer, uses nothing freed, and leaks nothing",
        sanitizers::run,
    ),
    opt_in(
        "mutants",
        "a test fails for every change of the library that a user could notice",
        mutants::run,
    ),
    opt_in(
        "bench",
        "every benchmark runs, with what it compares with",
        bench::run,
    ),
];

const fn stage(
    name: &'static str,
    guards: &'static str,
    run: fn(&mut super::context::Context<'_>) -> crate::project::Result,
) -> Stage {
    Stage {
        name,
        guards,
        opt_in: false,
        run,
    }
}

/// A stage that runs only when it is named.
const fn opt_in(
    name: &'static str,
    guards: &'static str,
    run: fn(&mut super::context::Context<'_>) -> crate::project::Result,
) -> Stage {
    Stage {
        opt_in: true,
        ..stage(name, guards, run)
    }
}
