//! The pictures in the documents against what the browser draws now.

use super::super::context::Context;
use crate::pictures;
use crate::project::Result;

pub(super) fn run(_: &mut Context<'_>) -> Result {
    pictures::check()
}
