//! The path of the figures from the kernel to an alert, with Debian's promtool,
//! node_exporter and Prometheus.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/http.rs"]
mod http;
#[path = "support/namespace.rs"]
mod namespace;
#[path = "support/programs.rs"]
mod programs;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use namespace::{installed, isolated, skipped};
use programs::Running;
use serde_json::Value;
use shm::OwnedSegment;

const SHM_TUI: &str = env!("CARGO_BIN_EXE_shm-tui");
const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/monitoring");
const PROMTOOL: (&str, &str) = ("promtool", "prometheus");
const PROMETHEUS: (&str, &str) = ("prometheus", "prometheus");
const EXPORTER: (&str, &str) = ("prometheus-node-exporter", "prometheus-node-exporter");

/// Generous: two Go programs start on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(120);

fn metrics(arguments: &[&str]) -> String {
    let arguments = [&["metrics"], arguments].concat();
    namespace::output(SHM_TUI, &arguments)
}

/// What `promtool` says of a text; nothing if all is well.
fn promtool_check(text: &str) -> String {
    let mut child = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert_eq!(output.status.success(), said.is_empty(), "{said}");
    said
}

fn keyed(key: i32, size: usize) -> OwnedSegment {
    namespace::keyed(key, size, 0o600)
}

#[test]
fn promtool_finds_nothing_wrong_with_the_metrics() {
    isolated("promtool_finds_nothing_wrong_with_the_metrics", || {
        if let Err(missing) = installed(PROMTOOL.0, PROMTOOL.1) {
            return skipped(&missing);
        }
        assert_eq!(promtool_check(&metrics(&["--demo"])), "");
        // No segment at all, and a few.
        assert_eq!(promtool_check(&metrics(&[])), "");
        let segments = (keyed(0x51, 4096), keyed(0x52, 1));
        assert_eq!(promtool_check(&metrics(&[])), "");
        drop(segments);
        // It would tell.
        assert_ne!(promtool_check("sysv_shm_total 1\n"), "");
    });
}

#[test]
fn the_metrics_of_the_tour_are_these() {
    insta::assert_snapshot!(metrics(&["--demo"]));
}

#[test]
fn the_alerts_fire_when_they_should_and_only_then() {
    if let Err(missing) = installed(PROMTOOL.0, PROMTOOL.1) {
        return skipped(&missing);
    }
    for arguments in [
        ["check", "rules", "alerts.yml"],
        ["test", "rules", "alerts.test.yml"],
    ] {
        let output = Command::new("promtool")
            .args(arguments)
            .current_dir(RULES)
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&said)
        );
    }
}

/// Asks until there is an answer that is as wanted.
#[track_caller]
fn wait_for<T>(what: &str, running: &mut [&mut Running], mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        for program in running.iter_mut() {
            program.assert_runs();
        }
        assert!(Instant::now() < end, "never: {what}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The labels and values of a query's answer.
fn query(port: u16, text: &str) -> Option<Vec<(Value, f64)>> {
    let escaped: String = text
        .bytes()
        .map(|byte| match byte.is_ascii_alphanumeric() || byte == b'_' {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect();
    let answer = http::get(port, &format!("/api/v1/query?query={escaped}")).ok()?;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["status"], "success", "{answer}");
    let found = answer["data"]["result"].as_array().unwrap().iter();
    let found = found.map(|sample| {
        let value = sample["value"][1].as_str().unwrap();
        (sample["metric"].clone(), value.parse().unwrap())
    });
    Some(found.collect())
}

/// Writes the file by the very command of the unit that users install.
fn as_the_service_does(path: &Path) {
    let unit = fs::read_to_string(format!("{RULES}/shm-tui-metrics.service")).unwrap();
    let command = unit
        .lines()
        .find_map(|line| line.strip_prefix("ExecStart=/bin/sh -c '"));
    let (script, rest) = command.unwrap().split_once('\'').unwrap();
    assert_eq!(rest, " sh /var/lib/prometheus/node-exporter/sysv-shm.prom");
    // systemd takes two dollars for one.
    let script = script.replace("$$", "$");
    let programs = Path::new(SHM_TUI).parent().unwrap().display().to_string();
    let status = Command::new("/bin/sh")
        .args(["-c", &script, "sh"])
        .arg(path)
        .env("PATH", format!("{programs}:/usr/bin:/bin"))
        .status();
    assert!(status.unwrap().success());
}

fn exporter(directory: &Path, port: u16) -> Running {
    let log = File::create(directory.join("exporter.log")).unwrap();
    Running::start(
        Command::new(EXPORTER.0)
            .args(["--collector.disable-defaults", "--collector.textfile"])
            .arg(format!(
                "--collector.textfile.directory={}",
                directory.display()
            ))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .stderr(log),
    )
}

fn prometheus(directory: &Path, port: u16, targets: &[(&str, u16)]) -> Running {
    let mut config = format!(
        "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\n\
         rule_files: ['{RULES}/alerts.yml']\n\
         scrape_configs:\n"
    );
    for (job, port) in targets {
        config.push_str(&format!(
            "  - {{job_name: {job}, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}\n"
        ));
    }
    let file = directory.join("prometheus.yml");
    fs::write(&file, config).unwrap();
    let log = File::create(directory.join("prometheus.log")).unwrap();
    Running::start(
        Command::new(PROMETHEUS.0)
            .arg(format!("--config.file={}", file.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                directory.join("data").display()
            ))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .stderr(log),
    )
}

#[test]
fn prometheus_scrapes_what_the_kernel_has() {
    isolated("prometheus_scrapes_what_the_kernel_has", || {
        for (program, package) in [EXPORTER, PROMETHEUS] {
            if let Err(missing) = installed(program, package) {
                return skipped(&missing);
            }
        }
        let segments = (keyed(0x51, 5001), keyed(0x52, 4096));
        let attachment = segments.0.attach().unwrap();
        let text = metrics(&[]);
        let place = tempfile::tempdir().unwrap();
        as_the_service_does(&place.path().join("sysv-shm.prom"));
        // Once by the exporter, as it is meant, and once as OpenMetrics, to have
        // the same text read by that parser too.
        let openmetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        let direct = http::serve(openmetrics, text);
        let (node, port) = (http::free_port(), http::free_port());
        let mut exporter = exporter(place.path(), node);
        let mut prometheus = prometheus(place.path(), port, &[("node", node), ("direct", direct)]);
        let all = &mut [&mut exporter, &mut prometheus];

        wait_for("both are scraped", all, || {
            query(port, "up == 1").filter(|up| up.len() == 2)
        });
        for job in ["node", "direct"] {
            let value = |name: &str| {
                let text = format!("sum(sysv_shm_{name}{{job=\"{job}\"}})");
                query(port, &text).and_then(|found| Some(found.first()?.1))
            };
            wait_for("there are segments", all, || value("segments"));
            assert_eq!(value("segments"), Some(2.0), "{job}");
            assert_eq!(value("bytes"), Some(9097.0), "{job}");
            assert_eq!(value("attachments"), Some(1.0), "{job}");
            assert_eq!(value("pages"), Some(3.0), "{job}");
            let limit = fs::read_to_string("/proc/sys/kernel/shmmni").unwrap();
            let limit = limit.trim().parse::<f64>().unwrap();
            assert_eq!(value("limit_segments"), Some(limit), "{job}");
        }
        let error = query(port, "node_textfile_scrape_error").unwrap();
        assert_eq!(error[0].1, 0.0);
        // The alerts work on the real series: none of them is broken or fires.
        let rules = http::get(port, "/api/v1/rules").unwrap();
        let rules: Value = serde_json::from_str(&rules).unwrap();
        let rules = rules["data"]["groups"][0]["rules"].as_array().unwrap();
        assert_eq!(rules.len(), 5);
        for rule in rules {
            assert_ne!(rule["health"], "err", "{rule:#}");
            assert_eq!(rule["state"], "inactive", "{rule:#}");
        }
        drop(attachment);
    });
}
