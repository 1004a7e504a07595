//! The segment of a real PostgreSQL server, on a private directory and in a new IPC
//! namespace.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/namespace.rs"]
mod namespace;
#[path = "support/programs.rs"]
mod programs;
#[path = "support/pty.rs"]
mod pty;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use namespace::{isolated, missing, skipped};
use programs::Running;
use pty::Pty;

/// A server for as long as the value lives. It refuses to run as the superuser,
/// who runs it as another user.
struct Server {
    programs: PathBuf,
    place: tempfile::TempDir,
}

impl Server {
    fn start() -> Option<Self> {
        if !rustix::process::geteuid().is_root() || Command::new("runuser").output().is_err() {
            skipped("only the superuser can run a server as another user here");
            return None;
        }
        let versions = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten();
        let programs = versions.flatten().map(|version| version.path().join("bin"));
        let Some(programs) = programs
            .into_iter()
            .find(|path| path.join("initdb").exists())
        else {
            let sentence = "PostgreSQL's server is missing (apt-get install postgresql)";
            skipped(&missing(sentence.to_owned()));
            return None;
        };
        let place = tempfile::tempdir().unwrap();
        let given = std::os::unix::fs::chown(place.path(), Some(65_534), None);
        let server = Self { programs, place };
        if given.is_err() || !server.runs("initdb", &["--auth=trust", "--no-sync"]) {
            // As in a user namespace that has no second user.
            skipped("no other user can run a server here");
            return None;
        }
        let place = server.place.path().display();
        let options =
            format!("-k {place} -c listen_addresses= -c shared_memory_type=sysv -c autovacuum=off");
        let arguments = [
            "start",
            "--wait",
            "--silent",
            "-l",
            "/dev/null",
            "-o",
            &options,
        ];
        assert!(server.runs("pg_ctl", &arguments));
        Some(server)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("runuser");
        command
            .args(["-u", "nobody", "--"])
            .arg(self.programs.join(program))
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Runs one of the server's programs on its data.
    fn runs(&self, program: &str, arguments: &[&str]) -> bool {
        let mut command = self.command(program);
        command
            .args(arguments)
            .arg("-D")
            .arg(self.place.path().join("data"));
        command.status().unwrap().success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.runs("pg_ctl", &["stop", "--silent", "-m", "immediate"]);
    }
}

#[test]
fn the_query_of_a_client_is_found_in_the_servers_segment() {
    isolated(
        "the_query_of_a_client_is_found_in_the_servers_segment",
        || {
            let Some(server) = Server::start() else {
                return;
            };
            // The server keeps the text of running queries in shared memory.
            let mut client = server.command("psql");
            client.arg("-h").arg(server.place.path());
            client.args([
                "-d",
                "postgres",
                "-c",
                "select pg_sleep(600) /* a needle 4711 */",
            ]);
            let mut client = Running::start(&mut client);

            let mut pty = Pty::browser(&["--sort=-size"], 110, 30);
            pty.expect("nobody");
            pty.send("\r");
            pty.expect("live, read-only");
            // The server's header is known, with the process that made it.
            pty.send("i");
            pty.expect("PostgreSQL PGShmemHeader");
            pty.expect("freeoffset");
            pty.send("i");
            // The client may still be on its way.
            let end = std::time::Instant::now() + pty::PATIENCE;
            while !pty.text().contains("match 1 of") {
                assert!(std::time::Instant::now() < end, "{}", pty.text());
                pty.send("/needle 4711\r");
                std::thread::sleep(std::time::Duration::from_millis(500));
            }
            client.assert_runs();
            pty.expect("select pg_sleep(");
            pty.send("m");
            pty.expect("Map of segment");
            pty.send("qq");
            pty.expect("F10Quit");
        },
    );
}
