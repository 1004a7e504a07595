//! `shm-tui namespaces`: the IPC namespaces of the machine.

use std::io;
use std::process::ExitCode;

use super::{System, print, print_warning};
use crate::cli::Namespaces;
use crate::output::namespaces;

pub(super) fn run(system: &System, arguments: &Namespaces) -> io::Result<ExitCode> {
    let scan = system.source.namespaces().map_err(io::Error::other)?;
    if arguments.json {
        print(&namespaces::document(&scan)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    print(&namespaces::text(&scan))?;
    let gaps = scan.gaps().into_iter().chain(scan.closed());
    gaps.for_each(|gap| print_warning(&gap));
    Ok(ExitCode::SUCCESS)
}
