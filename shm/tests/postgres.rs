//! The PostgreSQL example with a real server on a private directory. Needs the examples,
//! which cargo builds beside the tests, so it is not part of a bundle.

#![cfg(all(target_os = "linux", feature = "std"))]
#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests")]

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{example, lacks};
use shm::{Coverage, SegmentId};

/// A server for the lifetime of the value. It refuses to run as root, so the superuser
/// runs it as another user.
struct Server {
    programs: PathBuf,
    directory: PathBuf,
}

impl Server {
    fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            lacks("PostgreSQL's server is not installed");
            return None;
        };
        let name = format!("shm-test-postgres-{}", std::process::id());
        let server = Self {
            programs,
            directory: std::env::temp_dir().join(name),
        };
        std::fs::create_dir(&server.directory).unwrap();
        if superuser() {
            let chown = Command::new("chown")
                .arg(USER)
                .arg(&server.directory)
                .status();
            if !chown.is_ok_and(|status| status.success()) {
                lacks(format!(
                    "the superuser cannot run a server, and there is no {USER}"
                ));
                return None;
            }
        }
        server.run("initdb", &["--auth=trust", "--no-sync", "-D"]);
        // A private socket, no network, and the real segment instead of the
        // small one that is the default.
        let socket = server.directory.display();
        let options = format!(
            "-k {socket} -c listen_addresses= -c shared_memory_type=sysv -c autovacuum=off"
        );
        server.run(
            "pg_ctl",
            &[
                "start",
                "--wait",
                "--silent",
                "-o",
                &options,
                "-l",
                "/dev/null",
                "-D",
            ],
        );
        Some(server)
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn command(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        if superuser() {
            let mut command = Command::new("runuser");
            command.args(["-u", USER, "--"]).arg(path);
            command
        } else {
            Command::new(path)
        }
    }

    /// Runs one of the server's programs on its data directory.
    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = self.command(program);
        command.args(arguments).arg(self.data()).current_dir("/");
        // `pg_ctl` leaves a server behind that would keep a pipe open.
        let status = command
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{program}: {status}");
    }

    fn psql(&self, sql: &str) -> Output {
        let mut command = self.command("psql");
        command
            .args(["-h"])
            .arg(&self.directory)
            .args(["-d", "postgres", "-At", "-c", sql]);
        command.current_dir("/").output().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.data().join("postmaster.pid").exists() {
            self.run("pg_ctl", &["stop", "--silent", "-m", "fast", "-D"]);
        }
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

const USER: &str = "nobody";

fn superuser() -> bool {
    // SAFETY: takes nothing.
    unsafe { libc::geteuid() == 0 }
}

/// Debian's directory, or one in the `PATH`.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let debian = versions.map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all: Vec<_> = debian.chain(std::env::split_paths(&path)).collect();
    all.into_iter().find(|directory| {
        ["initdb", "pg_ctl", "psql"]
            .iter()
            .all(|program| directory.join(program).exists())
    })
}

fn segment(data: &Path) -> SegmentId {
    let lock = std::fs::read_to_string(data.join("postmaster.pid")).unwrap();
    lock.lines()
        .nth(6)
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}

#[test]
fn every_backend_that_the_server_knows_is_attached_and_named() {
    let Some(example) = example("postgres") else {
        return;
    };
    let Some(server) = Server::start() else {
        return;
    };
    let id = segment(&server.data());
    let stat = shm::segments()
        .unwrap()
        .into_iter()
        .find(|stat| stat.id == id)
        .unwrap();
    assert!(stat.size > 1 << 20);

    let sleepers: Vec<_> = (0..3)
        .map(|_| {
            let mut psql = server.command("psql");
            psql.arg("-h").arg(&server.directory);
            psql.args(["-d", "postgres", "-c", "select pg_sleep(600)"])
                .current_dir("/");
            psql.stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null());
            psql.spawn().unwrap()
        })
        .collect();
    let backends = |condition: &str| -> BTreeSet<i32> {
        let sql = "select pid from pg_stat_activity where pid <> pg_backend_pid()";
        let output = server.psql(&format!("{sql} and {condition}"));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|pid| pid.parse().unwrap()).collect()
    };
    // Each query is a separate connection and takes a while; a thousand of them take
    // longer than any machine needs to start three clients.
    let all_sleep = (0..1000).any(|_| backends("query ~ 'pg_sleep'").len() == 3);
    assert!(all_sleep, "the clients did not connect");

    let attached = shm::attached_processes(id).unwrap();
    let pids: BTreeSet<i32> = attached.attachments.iter().map(|found| found.pid).collect();
    let known = backends("true");
    assert!(known.is_subset(&pids), "{known:?} are not all in {pids:?}");
    assert!(
        pids.contains(&stat.creator_pid),
        "the postmaster is attached too"
    );
    if attached.unreadable == 0 {
        assert_eq!(attached.coverage, Coverage::Complete, "{attached:?}");
    }

    let output = Command::new(example).arg(server.data()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(
        said.matches("pg_sleep").count() + said.matches("SELECT").count(),
        3,
        "{said}"
    );
    for pid in known {
        assert!(said.contains(&pid.to_string()), "{pid} is not in {said}");
    }

    // Not this connection's own, whose query contains the word as well: it would end
    // before the others.
    server.psql(
        "select pg_terminate_backend(pid) from pg_stat_activity \
         where query ~ 'pg_sleep' and pid <> pg_backend_pid()",
    );
    let _deadline = common::deadline();
    for mut sleeper in sleepers {
        sleeper.wait().unwrap();
    }
    drop(server);
    assert!(
        shm::Segment::open_id(id).is_err(),
        "the server removed its segment"
    );
}
