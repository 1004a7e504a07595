//! Compares the pictures in the documents with the browser.

use super::super::context::Context;
use crate::pictures;
use crate::project::Result;

pub(super) fn run(_: &mut Context<'_>) -> Result {
    pictures::check()
}
