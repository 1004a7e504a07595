//! Reads the state of one process from a BSD or macOS kernel.

#[cfg(not(target_os = "linux"))]
use crate::model::directory::Process;
#[cfg(any(not(target_os = "linux"), test))]
use crate::model::format;

/// Looks up process `pid`. Absence counts only if the system hides no process, which
/// `shm::process` checks.
#[cfg(not(target_os = "linux"))]
pub(super) fn look_up(pid: i32) -> Process {
    match shm::process(pid) {
        Ok(None) => Process::Gone,
        Ok(Some(found)) if found.zombie => Process::Zombie,
        Ok(Some(found)) => Process::Running {
            command: command(&found.name, &found.arguments).into(),
            started: found.start_time.map(shm::Timestamp::as_secs),
            user: Some(found.uid),
        },
        Err(_) => Process::Unknown,
    }
}

/// Joins arguments by spaces and sanitizes them; without any, returns the name in
/// brackets, as `ps` prints it.
#[cfg(any(not(target_os = "linux"), test))]
fn command(name: &str, arguments: &[String]) -> String {
    match arguments.iter().any(|argument| !argument.is_empty()) {
        true => format::harmless(arguments.join(" ").trim_end()),
        false => format!("[{}]", format::harmless(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_joined_and_a_name_without_any_stands_in_brackets() {
        let arguments = ["postgres".to_owned(), "-D".to_owned(), "\x1b[2J".to_owned()];
        assert_eq!(command("postgres", &arguments), "postgres -D \\x1b[2J");
        assert_eq!(command("pagedaemon", &[]), "[pagedaemon]");
        assert_eq!(command("a\tb", &[String::new()]), "[a\\tb]");
    }
}
