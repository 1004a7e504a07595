//! An interactive terminal browser for live System V shared memory segments.
#![forbid(unsafe_code)]
