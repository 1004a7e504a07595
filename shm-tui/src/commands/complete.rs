//! `shm-tui complete`: what can be typed next, for the completions of shells. Hidden:
//! the scripts of `--generate` call it.
//!
//! One candidate a line, with a tab and a description after it. The one line
//! [`FILES`] asks the shell to complete the name of a file.

use std::io;
use std::process::ExitCode;

use clap::{Arg, ArgAction, Command, CommandFactory as _, ValueHint};

use super::{System, print};
use crate::cli::{Cli, Complete, Generated, NamespaceArgument};
use crate::source;

mod values;

/// The line that stands for the names of files.
const FILES: &str = ":files";

/// Something that can be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Candidate {
    text: String,
    about: String,
}

impl Candidate {
    fn new(text: impl Into<String>, about: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            about: about.into(),
        }
    }
}

/// What can be typed in one place.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Candidates(Vec<Candidate>),
    Files,
}

pub(super) fn run(cli: &Cli, arguments: &Complete) -> io::Result<ExitCode> {
    let (words, split) = match arguments.shell {
        Generated::Bash => joined(&arguments.words),
        _ => (arguments.words.clone(), false),
    };
    let mut root = Cli::command();
    root.build();
    let Some((current, before)) = words.split_last() else {
        return Ok(ExitCode::SUCCESS);
    };
    let system = System::new(&Cli {
        demo: before.iter().any(|word| word == "--demo"),
        ..cli.clone()
    });
    enter(before);
    print(&match answer(&root, &system, before, current) {
        Answer::Files => format!("{FILES}\n"),
        Answer::Candidates(candidates) => lines(&candidates, current, split),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Moves into the namespace that was typed, if there is one. Where that fails, the own
/// one is as good: the command itself will say why.
fn enter(words: &[String]) {
    let mut pairs = words.iter().zip(words.iter().skip(1));
    let value = pairs.find_map(|(option, value)| (option == "--namespace").then_some(value));
    let argument = value.and_then(|value| value.parse::<NamespaceArgument>().ok());
    if let Some(argument) = argument {
        let _ = source::enter(&argument.path);
    }
}

/// The candidates that begin with what was typed. For a word that bash has split, it
/// replaces only the part after the last sign.
fn lines(candidates: &[Candidate], current: &str, split: bool) -> String {
    let behind = current.rfind(SIGNS).map_or(0, |at| at + 1);
    let skip = if split { behind } else { 0 };
    let mut text = String::new();
    for candidate in candidates
        .iter()
        .filter(|one| one.text.starts_with(current))
    {
        text.push_str(candidate.text.get(skip..).unwrap_or_default());
        if !candidate.about.is_empty() {
            text.push('\t');
            text.push_str(candidate.about.lines().next().unwrap_or_default());
        }
        text.push('\n');
    }
    text
}

/// Where bash splits words that a person takes for one.
const SIGNS: [char; 2] = ['=', ':'];

/// Puts together what bash has split, and says whether that was the last word.
fn joined(words: &[String]) -> (Vec<String>, bool) {
    let mut joined: Vec<String> = Vec::new();
    let (mut open, mut split) = (false, false);
    for word in words {
        // A quote that is not closed yet.
        let word = word.strip_prefix(['"', '\'']).unwrap_or(word);
        let is_sign = !word.is_empty() && word.chars().all(|sign| SIGNS.contains(&sign));
        split = (is_sign || open) && !joined.is_empty();
        match joined.last_mut().filter(|_| is_sign || open) {
            Some(last) => last.push_str(word),
            None => joined.push(word.to_owned()),
        }
        open = is_sign;
    }
    (joined, split)
}

/// What can be typed as `current` after the words `before`.
fn answer(root: &Command, system: &System, before: &[String], current: &str) -> Answer {
    let place = Place::after(root, before);
    if let Some(argument) = place.waiting {
        return values_of(argument, system, current);
    }
    let inline = current
        .strip_prefix("--")
        .and_then(|option| option.split_once('='));
    if let Some((name, value)) = inline {
        return match place.option(name) {
            Some(argument) => match values_of(argument, system, value) {
                Answer::Candidates(mut candidates) => {
                    for candidate in &mut candidates {
                        candidate.text.insert_str(0, &format!("--{name}="));
                    }
                    Answer::Candidates(candidates)
                }
                Answer::Files => Answer::Files,
            },
            None => Answer::Candidates(Vec::new()),
        };
    }
    if current.starts_with('-') {
        return Answer::Candidates(place.options());
    }
    match place.positional() {
        Some(argument) => values_of(argument, system, current),
        None => Answer::Candidates(place.commands()),
    }
}

/// Where in a command line something is typed.
struct Place<'a> {
    command: &'a Command,
    /// The option whose value comes next.
    waiting: Option<&'a Arg>,
    /// How many words stood for themselves.
    positionals: usize,
}

impl<'a> Place<'a> {
    fn after(root: &'a Command, words: &[String]) -> Self {
        let mut place = Place {
            command: root,
            waiting: None,
            positionals: 0,
        };
        for word in words {
            place.take(word);
        }
        place
    }

    fn take(&mut self, word: &str) {
        if self.waiting.take().is_some() {
            return;
        }
        let takes_value =
            |argument: &&Arg| matches!(argument.get_action(), ArgAction::Set | ArgAction::Append);
        if let Some(name) = word.strip_prefix("--") {
            self.waiting = self.option(name).filter(takes_value);
        } else if let Some(short) = word.strip_prefix('-').and_then(|rest| rest.chars().next()) {
            let mut options = self.command.get_arguments();
            let found = options.find(|argument| argument.get_short() == Some(short));
            self.waiting =
                found.filter(|argument| word.chars().count() == 2 && takes_value(argument));
        } else if let Some(command) = self.command.find_subcommand(word) {
            self.command = command;
        } else {
            self.positionals += 1;
        }
    }

    /// The option of this name; none if the name has a value behind it.
    fn option(&self, name: &str) -> Option<&'a Arg> {
        let mut options = self.command.get_arguments();
        options.find(|argument| argument.get_long() == Some(name))
    }

    fn options(&self) -> Vec<Candidate> {
        let shown = self
            .command
            .get_arguments()
            .filter(|argument| !argument.is_hide_set());
        let named = shown.filter_map(|argument| {
            let about = argument
                .get_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            Some(Candidate::new(format!("--{}", argument.get_long()?), about))
        });
        named.collect()
    }

    fn commands(&self) -> Vec<Candidate> {
        let shown = self
            .command
            .get_subcommands()
            .filter(|command| !command.is_hide_set());
        let named = shown.map(|command| {
            let about = command
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default();
            Candidate::new(command.get_name(), about)
        });
        named.collect()
    }

    /// What the next word that stands for itself is.
    fn positional(&self) -> Option<&'a Arg> {
        let mut positionals = self.command.get_positionals();
        let last = self.command.get_positionals().last();
        let repeats = last.filter(|last| matches!(last.get_action(), ArgAction::Append));
        positionals.nth(self.positionals).or(repeats)
    }
}

/// What the value of an argument can be.
fn values_of(argument: &Arg, system: &System, typed: &str) -> Answer {
    let possible = argument.get_possible_values();
    if !possible.is_empty() {
        let shown = possible.iter().filter(|value| !value.is_hide_set());
        let named = shown.map(|value| {
            let about = value
                .get_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            Candidate::new(value.get_name(), about)
        });
        return Answer::Candidates(named.collect());
    }
    if matches!(
        argument.get_value_hint(),
        ValueHint::AnyPath | ValueHint::FilePath
    ) {
        return Answer::Files;
    }
    let names = argument.get_value_names().unwrap_or_default();
    let name = names.first().map_or("", |name| name.as_str());
    match name {
        "COLUMN" => Answer::Candidates(values::sorts()),
        "COLUMNS" => Answer::Candidates(values::columns(typed)),
        "FILTER" => Answer::Candidates(values::filter(typed, system)),
        "THRESHOLD" => Answer::Candidates(values::thresholds()),
        "ID|KEY" => Answer::Candidates(values::segments(typed, system)),
        "PID|PATH" if typed.contains('/') => Answer::Files,
        "PID|PATH" => Answer::Candidates(values::namespaces(system)),
        _ => Answer::Candidates(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn what_bash_has_split_is_one_word_again() {
        let join = |text: &str| joined(&words(text));
        assert_eq!(join("list --sort = -si"), (words("list --sort=-si"), true));
        assert_eq!(join("list --sort ="), (words("list --sort="), true));
        assert_eq!(
            join("list --filter state = o"),
            (words("list --filter state=o"), true)
        );
        assert_eq!(
            join("list --filter 'state=o"),
            (words("list --filter state=o"), false)
        );
        assert_eq!(join("list --sort s"), (words("list --sort s"), false));
        assert_eq!(joined(&[String::new()]), (vec![String::new()], false));
        assert_eq!(join("="), (words("="), false));
    }

    #[test]
    fn only_what_follows_the_last_sign_of_a_split_word_is_printed() {
        let candidates = [
            Candidate::new("state=orphan", ""),
            Candidate::new("size=", "bytes"),
        ];
        assert_eq!(
            lines(&candidates, "s", false),
            "state=orphan\nsize=\tbytes\n"
        );
        assert_eq!(lines(&candidates, "state=", true), "orphan\n");
        assert_eq!(lines(&candidates, "x", false), "");
    }

    #[test]
    fn the_place_in_a_command_line_is_found() {
        let mut root = Cli::command();
        root.build();
        let place = |text: &str| Place::after(&root, &words(text));
        let waits = |text: &str| {
            place(text)
                .waiting
                .map(|argument| argument.get_id().to_string())
        };
        assert_eq!(place("--demo list").command.get_name(), "list");
        assert_eq!(waits("list --sort").as_deref(), Some("sort"));
        assert_eq!(waits("list --sort=size"), None);
        assert_eq!(waits("list --sort size"), None);
        assert_eq!(waits("list --json"), None);
        assert_eq!(waits("dump 5 -o").as_deref(), Some("output"));
        assert_eq!(waits("--namespace").as_deref(), Some("namespace"));
        assert!(place("show 5").positional().is_none());
        assert!(
            place("remove 5 6").positional().is_some(),
            "as many as one likes"
        );
        assert_eq!(place("").commands().len(), place("--demo").commands().len());
        assert!(
            place("list")
                .options()
                .iter()
                .any(|option| option.text == "--demo")
        );
        assert!(
            !place("")
                .commands()
                .iter()
                .any(|command| command.text == "complete")
        );
    }
}
