//! Raw System V shared memory bindings, made by bindgen from each system's own
//! `<sys/shm.h>`.
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(not(feature = "bindgen"))]
#[rustfmt::skip]
#[allow(missing_docs, non_camel_case_types, non_snake_case, clippy::all, clippy::restriction)]
mod bindings;

#[cfg(feature = "bindgen")]
#[allow(
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    clippy::all,
    clippy::restriction
)]
mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

pub use bindings::*;

/// Multiple that attach addresses are rounded to (`SHMLBA`), in bytes. The
/// kernel may want more than the header says.
#[must_use]
pub fn shmlba() -> libc::c_int {
    if SHMLBA_PAGES == 0 {
        return SHMLBA_BYTES;
    }
    // SAFETY: `sysconf` takes any number and has no other precondition.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    // Pages of all systems fit an int, and `_SC_PAGESIZE` cannot fail.
    SHMLBA_BYTES.saturating_add(
        SHMLBA_PAGES.saturating_mul(libc::c_int::try_from(page).unwrap_or(libc::c_int::MAX)),
    )
}
