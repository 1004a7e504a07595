//! The stages, one module each, in the order in which they run: cheap ones and those that
//! fail most often come first.

mod api;
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
mod instructions;
mod layout;
mod miri;
mod msrv;
mod mutants;
mod package;
mod pictures;
mod sanitizers;
mod semver;
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
        "the documentation builds and its links resolve",
        doc::run,
    ),
    stage(
        "pictures",
        "the pictures in the documents match the browser",
        pictures::run,
    ),
    stage(
        "api",
        "no public item comes or goes without a change of the committed listings",
        api::run,
    ),
    stage(
        "semver",
        "the version number announces what breaks since the last release",
        semver::run,
    ),
    stage(
        "bindings",
        "the committed bindings match every system's headers",
        bindings::run,
    ),
    stage(
        "layout",
        "layouts, values and symbols match every system's headers in C",
        layout::run,
    ),
    stage(
        "cross-check",
        "everything type-checks on all systems and architectures, without a warning",
        cross_check::run,
    ),
    stage(
        "cross-link",
        "every called function exists in the C libraries of the BSDs and macOS",
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
        "the copies' byte loop and the orderings have no undefined behavior",
        miri::run,
    ),
    stage(
        "deny",
        "dependencies are licensed compatibly, from the registry, and not duplicated",
        deny::run,
    ),
    stage(
        "advisories",
        "no dependency has a known vulnerability",
        deny::advisories,
    ),
    stage(
        "package",
        "each package has the right files, and builds from them alone",
        package::run,
    ),
    opt_in(
        "fuzz",
        "no input makes a decoder panic or return more than there is",
        fuzz::run,
    ),
    opt_in(
        "sanitizers",
        "the library has no buffer overflow, use after free, or leak",
        sanitizers::run,
    ),
    opt_in(
        "mutants",
        "a test fails for every observable change of the library",
        mutants::run,
    ),
    opt_in(
        "instructions",
        "no command takes 3 % more instructions than the committed figures",
        instructions::run,
    ),
    opt_in(
        "bench",
        "every benchmark runs, with the programs it compares with",
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

/// Creates a stage that runs only when it is named.
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
