//! Which symbols an object or program of any system wants from elsewhere.

use object::{Object, ObjectSymbol};

use crate::project::Result;

/// Names of undefined symbols, without Mach-O's leading underscore and ELF's
/// version suffix.
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

#[cfg(test)]
mod tests {
    use super::*;

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
