//! The committed listings of the public API against the API, so that no item comes or
//! goes unseen.

use super::super::context::Context;
use crate::api::{self, Found};
use crate::project::Result;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    match api::list()? {
        Found::Listings(listings) => api::compare(&listings),
        Found::Missing(what) => {
            context.skip("the public API", &what);
            Ok(())
        }
    }
}
