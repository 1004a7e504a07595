//! Raw System V shared memory bindings.
#![no_std]
