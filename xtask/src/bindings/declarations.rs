//! Parses a committed bindings file: constants, sizes, offsets, and the symbols that its
//! functions link to.

/// The declarations in one file.
#[derive(Debug, Default)]
pub(crate) struct Declarations {
    /// Name and value of every integer constant.
    pub(crate) constants: Vec<(String, i64)>,
    /// Structure, size and alignment.
    pub(crate) structures: Vec<(String, u64, u64)>,
    /// Structure, field and offset.
    pub(crate) offsets: Vec<(String, String, u64)>,
    /// The name in Rust and the name for the linker.
    pub(crate) functions: Vec<(String, String)>,
}

impl Declarations {
    pub(crate) fn read(text: &str) -> Self {
        let mut declarations = Self::default();
        let mut sizes = Vec::new();
        let mut link_name = None;
        for line in text.lines().map(str::trim) {
            if let Some(constant) = constant(line) {
                declarations.constants.push(constant);
            } else if let Some(size) = number_about(line, "size_of::<") {
                sizes.push(size);
            } else if let Some((name, alignment)) = number_about(line, "align_of::<") {
                if let Some((_, size)) = sizes.iter().find(|(of, _)| *of == name) {
                    declarations.structures.push((name, *size, alignment));
                }
            } else if let Some(offset) = offset(line) {
                declarations.offsets.push(offset);
            } else if let Some(name) = line.strip_prefix("#[link_name = \"\\u{1}") {
                link_name = name.strip_suffix("\"]").map(str::to_owned);
            } else if let Some(name) = function(line) {
                let symbol = link_name.take().unwrap_or_else(|| name.clone());
                declarations.functions.push((name, symbol));
            }
        }
        declarations
    }
}

/// `pub const NAME: libc::c_int = VALUE;`, and `key_t` likewise.
fn constant(line: &str) -> Option<(String, i64)> {
    let (name, rest) = line.strip_prefix("pub const ")?.split_once(": ")?;
    let (_, value) = rest.strip_suffix(';')?.split_once(" = ")?;
    Some((name.to_owned(), value.parse().ok()?))
}

/// `pub fn NAME(..`, except the one that has a body.
fn function(line: &str) -> Option<String> {
    let (name, _) = line.strip_prefix("pub fn ")?.split_once('(')?;
    (name != "SHMLBA").then(|| name.to_owned())
}

/// `..size_of::<NAME>() - 48usize];`
fn number_about(line: &str, operator: &str) -> Option<(String, u64)> {
    let (name, rest) = line.split_once(operator)?.1.split_once(">() - ")?;
    Some((name.to_owned(), rest.strip_suffix("usize];")?.parse().ok()?))
}

/// `..offset_of!(NAME, FIELD) - 48usize];`
fn offset(line: &str) -> Option<(String, String, u64)> {
    let (names, rest) = line.split_once("offset_of!(")?.1.split_once(") - ")?;
    let (name, field) = names.split_once(", ")?;
    let number = rest.strip_suffix("usize];")?.parse().ok()?;
    Some((name.to_owned(), field.to_owned(), number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_file_asserts_is_overlooked() {
        for entry in std::fs::read_dir(crate::project::bindings_dir()).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with("mod.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let declarations = Declarations::read(&text);
            let count = |word: &str| text.matches(word).count();
            assert_eq!(
                declarations.structures.len(),
                count("pub struct "),
                "{}",
                path.display()
            );
            assert_eq!(
                declarations.structures.len(),
                count("size_of::<"),
                "{}",
                path.display()
            );
            assert_eq!(
                declarations.offsets.len(),
                count("offset_of!("),
                "{}",
                path.display()
            );
            assert_eq!(
                declarations.constants.len(),
                count("pub const ") - count("CStr = "),
                "{}",
                path.display()
            );
            assert_eq!(declarations.functions.len(), 5, "{}", path.display());
        }
    }

    #[test]
    fn a_link_name_belongs_to_the_function_below_it() {
        let text = "#[link_name = \"\\u{1}__shmctl50\"]\npub fn shmctl(\npub fn shmdt(x: y);";
        let declarations = Declarations::read(text);
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            declarations.functions,
            [pair("shmctl", "__shmctl50"), pair("shmdt", "shmdt")]
        );
    }
}
