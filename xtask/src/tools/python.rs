//! Pinned packages of PyPI in a virtual environment: zig (a C compiler with every
//! system's headers and link stubs) and libclang (for bindgen). Once installed, nothing
//! is fetched again.

use std::path::{Path, PathBuf};

use xshell::{Shell, cmd};

use crate::project::{Result, shown, tools_dir};

/// A package in exactly one version, so that generated files are the same
/// everywhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

pub(crate) const ZIG: Package = Package {
    name: "ziglang",
    version: "0.17.1",
};

pub(crate) const LIBCLANG: Package = Package {
    name: "libclang",
    version: "18.1.1",
};

/// The library with which the tests exchange segments.
pub(crate) const SYSV_IPC: Package = Package {
    name: "sysv_ipc",
    version: "1.2.0",
};

/// The spelling checker, a program in a wheel.
pub(crate) const TYPOS: Package = Package {
    name: "typos",
    version: "1.52.0",
};

/// Returns the interpreter that has [`SYSV_IPC`], if it is installed.
pub(crate) fn with_sysv_ipc() -> Option<PathBuf> {
    SYSV_IPC.directory()?;
    let python = environment().join("bin").join("python");
    python.is_file().then_some(python)
}

impl Package {
    /// Returns the `site-packages` that contains exactly this version.
    pub(crate) fn directory(self) -> Option<PathBuf> {
        let record = format!("{}-{}.dist-info", self.name, self.version);
        site_packages(&environment())
            .into_iter()
            .find(|directory| directory.join(&record).is_dir())
    }

    /// Returns the path of a program that exactly this version installed.
    pub(crate) fn program(self, name: &str) -> Option<PathBuf> {
        self.directory()?;
        let program = environment().join("bin").join(name);
        program.is_file().then_some(program)
    }

    fn requirement(self) -> String {
        format!("{}=={}", self.name, self.version)
    }
}

/// Installs the missing ones of `packages`, and prints that it does.
pub(crate) fn install(packages: &[Package]) -> Result {
    let missing: Vec<String> = packages
        .iter()
        .filter(|package| package.directory().is_none())
        .map(|package| package.requirement())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let environment = environment();
    let python = environment.join("bin").join("python");
    println!(
        "installing {} into {}",
        missing.join(", "),
        shown(&environment)
    );
    let shell = Shell::new()?;
    if !python.is_file() {
        cmd!(shell, "python3 -m venv {environment}").quiet().run().map_err(|error| {
            format!("{error}; Python 3 with its venv module is needed (Debian: apt-get install python3-venv)")
        })?;
    }
    cmd!(
        shell,
        "{python} -m pip install --quiet --disable-pip-version-check {missing...}"
    )
    .quiet()
    .run()?;
    Ok(())
}

fn environment() -> PathBuf {
    tools_dir().join("venv")
}

/// `lib/python3.N/site-packages` for whatever N is there.
fn site_packages(environment: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(environment.join("lib")) else {
        return Vec::new();
    };
    entries
        .flatten()
        .map(|entry| entry.path().join("site-packages"))
        .collect()
}
