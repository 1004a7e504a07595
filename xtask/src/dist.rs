//! `cargo xtask dist`: what a user unpacks. The release binary, the manual page
//! and completions that the binary itself prints, licences and documents, laid
//! out as below `/usr/local`. The same sources give the same archive.

use std::fs;
use std::path::Path;

use lexopt::prelude::*;
use xshell::{Shell, cmd};

use crate::archive::{Packed, pack, plain};
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
    let cargo = crate::tools::cargo();
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
    let archive = pack(&target_dir().join("dist"), &name, &files)?;
    println!("{}: {} files", shown(&archive), files.len());
    Ok(())
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
