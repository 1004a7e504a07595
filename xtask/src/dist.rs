//! `cargo xtask dist`: packs what a user unpacks below `/usr/local`: the release binary,
//! the manual page and completions that it prints, licenses and documents. The same
//! sources give the same archive.

use std::fs;
use std::path::Path;

use lexopt::prelude::*;
use xshell::{Shell, cmd};

use crate::archive::{Packed, compressed, pack, plain};
use crate::project::{Result, root, shown, target_dir};
use crate::tools::crates::CARGO_DEB;

const HELP: &str = "\
cargo xtask dist

Builds shm-tui for this machine and packs it with its manual page, completions,
licenses and documents into target/dist/shm-tui-VERSION-TARGET.tar.gz. Install
it with

  tar --extract --gunzip --file ARCHIVE --strip-components 1 --directory /usr/local

On Linux it packs a Debian package beside it, for `apt-get install ./PACKAGE`,
with cargo-deb, which `cargo xtask setup --opt-in` installs.
";

/// Each output of `shm-tui --generate`, its path below `/usr/local`, and its name for
/// cargo-deb (`[package.metadata.deb]` of shm-tui).
const GENERATED: [(&str, &str, &str); 4] = [
    ("man", "share/man/man1/shm-tui.1", "shm-tui.1.gz"),
    (
        "bash",
        "share/bash-completion/completions/shm-tui",
        "shm-tui.bash",
    ),
    ("zsh", "share/zsh/site-functions/_shm-tui", "_shm-tui"),
    (
        "fish",
        "share/fish/vendor_completions.d/shm-tui.fish",
        "shm-tui.fish",
    ),
];

/// Files of the workspace's directory that are packed unchanged.
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
    let generated = target_dir().join("dist").join("generated");
    fs::create_dir_all(&generated)?;
    for (what, path, name) in GENERATED {
        let text = cmd!(shell, "{program} --generate {what}")
            .quiet()
            .output()?;
        let bytes = match name.ends_with(".gz") {
            true => compressed(&text.stdout)?,
            false => text.stdout.clone(),
        };
        fs::write(generated.join(name), bytes)?;
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
    debian_package(&shell)
}

/// Packs the output of [`run`] as a Debian package.
fn debian_package(shell: &Shell) -> Result {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let Some(program) = CARGO_DEB.path() else {
        println!(
            "no Debian package: cargo-deb is missing; `cargo xtask setup --opt-in` installs it"
        );
        return Ok(());
    };
    let directory = target_dir().join("dist").join("debian");
    fs::create_dir_all(&directory)?;
    cmd!(
        shell,
        "{program} deb --quiet --locked --no-build --no-strip --profile dist --package shm-tui --output {directory}"
    )
    .quiet()
    .ignore_stdout()
    .run()?;
    for entry in fs::read_dir(&directory)? {
        println!("{}", shown(&entry?.path()));
    }
    Ok(())
}

/// Returns every file below a directory.
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
    Ok(host.ok_or("rustc does not report its target")?.to_owned())
}
