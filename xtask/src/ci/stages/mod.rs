//! The stages, one module each, in the order in which they run: cheap ones and
//! those that fail most often first.

mod bindings;
mod cargo;
mod clippy;
mod doc;
mod fmt;
mod layout;
mod test;

use super::stage::Stage;

/// Every stage. `cargo xtask ci --list` prints this.
pub(super) const ALL: &[Stage] = &[
    stage("fmt", "every file is formatted by rustfmt", fmt::run),
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
        "bindings",
        "the committed bindings are what every system's headers give",
        bindings::run,
    ),
    stage(
        "layout",
        "a C compiler with every system's headers finds the same layouts, values, symbols",
        layout::run,
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
