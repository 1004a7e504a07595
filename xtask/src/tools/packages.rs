//! Packages of the operating system that checks need; installing them takes root. Each is
//! recognized by its programs.

use std::path::Path;

use super::crates::on_path;

/// How packages are installed where each of these programs exists: on Debian, on FreeBSD
/// and DragonFly, with Homebrew.
const MANAGERS: [(&str, &str); 3] = [
    ("apt-get", "apt-get install"),
    ("pkg", "pkg install"),
    ("brew", "brew install"),
];

/// A requirement, and the packages that satisfy it.
struct Requirement {
    /// Any of these programs or files satisfies it.
    programs: &'static [&'static str],
    what_for: &'static str,
    /// Its name for each of [`MANAGERS`]; empty if the system includes it, or no check
    /// needs it there.
    packages: [&'static str; MANAGERS.len()],
}

const REQUIREMENTS: [Requirement; 15] = [
    need(&["cc"], "linking", ["gcc libc6-dev", "", ""]),
    need(
        &["python3"],
        "zig, libclang and sysv_ipc",
        ["python3 python3-venv", "python3", "python"],
    ),
    need(
        &["/usr/lib/rustlib/src/rust/library/Cargo.lock"],
        "standard libraries of other systems",
        ["cargo-web rustc-web rust-web-src", "", ""],
    ),
    need(
        &["qemu-s390x-static", "qemu-s390x"],
        "tests of other processors",
        ["qemu-user-static", "", ""],
    ),
    // Debian installs the servers of all versions there, off the path.
    need(
        &["/usr/lib/postgresql", "postgres"],
        "PostgreSQL's segment",
        ["postgresql", "postgresql17-server", "postgresql"],
    ),
    need(&["Xvfb"], "MIT-SHM", ["xvfb xauth", "xorg-vfbserver", ""]),
    need(
        &["perl"],
        "another language's segments",
        ["perl", "perl5", ""],
    ),
    need(&["lsipc"], "comparison", ["util-linux", "", ""]),
    need(&["strace"], "counting system calls", ["strace", "", ""]),
    need(&["lsof"], "comparison", ["lsof", "lsof", "lsof"]),
    need(
        &["tmux"],
        "the browser's terminal",
        ["tmux", "tmux", "tmux"],
    ),
    need(&["htop"], "comparison", ["htop", "htop", "htop"]),
    need(&["promtool"], "checking metrics", ["prometheus", "", ""]),
    need(
        &["prometheus-node-exporter"],
        "checking metrics",
        ["prometheus-node-exporter", "", ""],
    ),
    need(&["hexdump"], "comparison", ["bsdextrautils", "", ""]),
];

const fn need(
    programs: &'static [&'static str],
    what_for: &'static str,
    packages: [&'static str; MANAGERS.len()],
) -> Requirement {
    Requirement {
        programs,
        what_for,
        packages,
    }
}

/// Prints the missing packages, with the command that installs them.
pub(crate) fn report_missing() {
    let manager = MANAGERS
        .iter()
        .position(|(program, _)| on_path(program).is_some());
    let missing: Vec<String> = REQUIREMENTS
        .iter()
        .filter(|need| !is_there(need))
        .filter_map(|need| install_command(need, manager))
        .collect();
    if !missing.is_empty() {
        println!("missing packages of the system:");
    }
    for line in missing {
        println!("  {line}");
    }
}

/// Without a known manager, names the programs.
fn install_command(need: &Requirement, manager: Option<usize>) -> Option<String> {
    let what_for = need.what_for;
    let Some(index) = manager else {
        return Some(format!("{}    # {what_for}", need.programs.join(" or ")));
    };
    let (_, command) = MANAGERS.get(index)?;
    let packages = need.packages.get(index).filter(|name| !name.is_empty())?;
    Some(format!("{command} {packages}    # {what_for}"))
}

fn is_there(need: &Requirement) -> bool {
    need.programs.iter().any(|program| {
        on_path(program).is_some()
            || Path::new(program).is_absolute() && Path::new(program).exists()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::root;

    /// Returns each of Debian's packages once, by name.
    fn debian() -> impl Iterator<Item = &'static str> {
        REQUIREMENTS
            .iter()
            .flat_map(|need| need.packages[0].split_whitespace())
    }

    #[test]
    fn what_a_system_brings_by_itself_is_not_asked_for() {
        let compiler = &REQUIREMENTS[0];
        assert_eq!(
            install_command(compiler, Some(0)).unwrap(),
            "apt-get install gcc libc6-dev    # linking"
        );
        assert_eq!(install_command(compiler, Some(1)), None);
        assert_eq!(install_command(compiler, None).unwrap(), "cc    # linking");
    }

    #[test]
    fn what_ci_installs_is_what_setup_names() {
        let script = std::fs::read_to_string(root().join(".ci/run")).unwrap();
        let list = script.split_once("packages=(").unwrap().1;
        let list = list.split_once("\n)").unwrap().0;
        let words = list
            .lines()
            .flat_map(|line| line.split('#').next().unwrap_or("").split_whitespace());
        let (mut installed, mut named): (Vec<_>, Vec<_>) = (words.collect(), debian().collect());
        installed.sort_unstable();
        named.sort_unstable();
        assert_eq!(installed, named);
    }

    #[test]
    fn contributing_lists_packages_beyond_plain_debian() {
        let page = std::fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
        let list = page.split_once("apt-get install ").unwrap().1;
        let list = list.split_once("```").unwrap().0;
        let listed: Vec<_> = list.split_whitespace().collect();
        // Dependencies of the others, and packages that are essential in Debian.
        const IMPLIED: [&str; 5] = ["libc6-dev", "perl", "python3", "util-linux", "xauth"];
        for package in debian().filter(|package| !IMPLIED.contains(package)) {
            assert!(listed.contains(&package), "{package}");
        }
    }
}
