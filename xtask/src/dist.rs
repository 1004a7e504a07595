//! `cargo xtask dist`: what a user unpacks. The release binary, the manual page
//! and completions that the binary itself prints, licences and documents, laid
//! out as below `/usr/local`. The same sources give the same archive: order,
//! owners and times in it are fixed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use lexopt::prelude::*;
use tar::{Builder, EntryType, Header};
use xshell::{Shell, cmd};

use crate::project::{Result, root, shown, target_dir};

const HELP: &str = "\
cargo xtask dist

Builds shm-tui for this machine and packs it with its manual page, completions,
licences and documents into target/dist/shm-tui-VERSION-TARGET.tar.gz. Install
it with

  tar --extract --gunzip --file ARCHIVE --strip-components 1 --directory /usr/local
";

/// Where each output of `shm-tui --generate` belongs.
const GENERATED: [(&str, &str); 4] = [
    ("man", "share/man/man1/shm-tui.1"),
    ("bash", "share/bash-completion/completions/shm-tui"),
    ("zsh", "share/zsh/site-functions/_shm-tui"),
    ("fish", "share/fish/vendor_completions.d/shm-tui.fish"),
];

/// What lies in the workspace's directory and is packed as it is.
const DOCUMENTS: [&str; 5] = [
    "README.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
];

/// A file of the archive.
struct Packed {
    path: String,
    bytes: Vec<u8>,
    executable: bool,
}

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result {
    match arguments.next()? {
        None => {}
        Some(Short('h') | Long("help")) => {
            print!("{HELP}");
            return Ok(());
        }
        Some(other) => return Err(other.unexpected().into()),
    }
    let shell = Shell::new()?;
    shell.change_dir(root());
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    cmd!(
        shell,
        "{cargo} build --locked --profile dist --package shm-tui"
    )
    .run()?;
    let program = target_dir().join("dist").join("shm-tui");

    let mut files = vec![Packed {
        path: "bin/shm-tui".to_owned(),
        bytes: fs::read(&program)?,
        executable: true,
    }];
    for (what, path) in GENERATED {
        let text = cmd!(shell, "{program} --generate {what}")
            .quiet()
            .output()?;
        files.push(plain(path, text.stdout));
    }
    for name in DOCUMENTS {
        let path = format!("share/doc/shm-tui/{name}");
        files.push(plain(&path, fs::read(root().join(name))?));
    }
    documents(&root().join("docs"), "share/doc/shm-tui/docs", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));

    let version = env!("CARGO_PKG_VERSION");
    let name = format!("shm-tui-{version}-{}", host(&shell)?);
    let archive = pack(&name, &files)?;
    println!("{}: {} files", shown(&archive), files.len());
    Ok(())
}

fn plain(path: &str, bytes: Vec<u8>) -> Packed {
    Packed {
        path: path.to_owned(),
        bytes,
        executable: false,
    }
}

/// Everything in a directory and below it.
fn documents(directory: &Path, packed: &str, files: &mut Vec<Packed>) -> Result {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let path = format!("{packed}/{}", entry.file_name().display());
        match entry.file_type()?.is_dir() {
            true => documents(&entry.path(), &path, files)?,
            false => files.push(plain(&path, fs::read(entry.path())?)),
        }
    }
    Ok(())
}

fn host(shell: &Shell) -> Result<String> {
    let about = cmd!(shell, "rustc --version --verbose").quiet().read()?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host
        .ok_or("rustc does not say what it builds for")?
        .to_owned())
}

/// Writes the archive beside the build; returns where it is.
fn pack(name: &str, files: &[Packed]) -> Result<PathBuf> {
    let directory = target_dir().join("dist");
    fs::create_dir_all(&directory)?;
    let path = directory.join(format!("{name}.tar.gz"));
    let mut archive = Builder::new(GzEncoder::new(File::create(&path)?, Compression::best()));
    for file in files {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_size(file.bytes.len() as u64);
        header.set_mode(if file.executable { 0o755 } else { 0o644 });
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        let inside = Path::new(name).join(&file.path);
        archive.append_data(&mut header, inside, file.bytes.as_slice())?;
    }
    archive.into_inner()?.finish()?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_has_what_was_packed_and_is_the_same_again() {
        let files = [
            Packed {
                path: "bin/x".to_owned(),
                bytes: b"program".to_vec(),
                executable: true,
            },
            plain("share/doc/y", b"text".to_vec()),
        ];
        let name = format!("test-of-dist-{}", std::process::id());
        let path = pack(&name, &files).unwrap();
        let first = fs::read(&path).unwrap();
        let again = fs::read(pack(&name, &files).unwrap()).unwrap();
        fs::remove_file(path).unwrap();
        assert_eq!(first, again);
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(first.as_slice()));
        let found: Vec<(String, u32, u64)> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let path = entry.path().unwrap().display().to_string();
                (path, entry.header().mode().unwrap(), entry.size())
            })
            .collect();
        let expected = [
            (format!("{name}/bin/x"), 0o755, 7),
            (format!("{name}/share/doc/y"), 0o644, 4),
        ];
        assert_eq!(found, expected);
    }
}
