//! Reads which symbols an object or program of any system imports.

use object::{Object, ObjectSymbol};

use crate::project::Result;

/// Returns the undefined symbols, without Mach-O's leading underscore and ELF's version
/// suffix.
pub(crate) fn undefined(bytes: &[u8]) -> Result<Vec<String>> {
    let file = object::File::parse(bytes)?;
    let underscore = file.format() == object::BinaryFormat::MachO;
    let mut names = Vec::new();
    for symbol in file
        .symbols()
        .chain(file.dynamic_symbols())
        .filter(ObjectSymbol::is_undefined)
    {
        let name = symbol.name()?;
        let name = if underscore {
            name.strip_prefix('_').unwrap_or(name)
        } else {
            name
        };
        let name = name.split_once('@').map_or(name, |(plain, _)| plain);
        if !name.is_empty() {
            names.push(name.to_owned());
        }
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// Returns the oldest macOS that a 64-bit Mach-O program requires, if it is one.
pub(crate) fn least_macos(bytes: &[u8]) -> Option<(u32, u32)> {
    let object::File::MachO64(file) = object::File::parse(bytes).ok()? else {
        return None;
    };
    let endian = file.endian();
    let mut commands = file.macho_load_commands().ok()?;
    while let Some(command) = commands.next().ok()? {
        if let Some(build) = command.build_version().ok()? {
            let version = build.minos.get(endian);
            return Some((version >> 16, version >> 8 & 0xff));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_for_macos_says_which_it_needs() {
        // A 64-bit header, and one LC_BUILD_VERSION: macOS 15.2, no tools.
        let header: [u32; 8] = [0xfeed_facf, 0x0100_0007, 3, 2, 1, 24, 0, 0];
        let command: [u32; 6] = [0x32, 24, 1, 0x000f_0200, 0, 0];
        let words = header.into_iter().chain(command);
        let program: Vec<u8> = words.flat_map(u32::to_le_bytes).collect();
        assert_eq!(least_macos(&program), Some((15, 2)));
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert_eq!(least_macos(&own), None);
        assert_eq!(least_macos(b"#!/bin/sh\n"), None);
    }

    #[test]
    fn a_program_wants_what_it_calls() {
        let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let names = undefined(&program).unwrap();
        assert!(
            names.iter().any(|name| name == "memcpy" || name == "write"),
            "{names:?}"
        );
    }
}
