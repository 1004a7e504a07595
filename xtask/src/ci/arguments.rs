//! Parses the command line of `cargo xtask ci`.

use lexopt::prelude::*;

use super::stage::Stage;
use super::stages;

/// The parsed command line.
#[derive(Debug)]
pub(super) struct Arguments {
    pub(super) request: Request,
    pub(super) require_all: bool,
    only: Vec<String>,
    skip: Vec<String>,
    may_skip: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    Run,
    List,
    Help,
}

impl Arguments {
    pub(super) fn parse(parser: &mut lexopt::Parser) -> Result<Self, String> {
        let mut arguments = Self {
            request: Request::Run,
            require_all: false,
            only: Vec::new(),
            skip: Vec::new(),
            may_skip: Vec::new(),
        };
        while let Some(argument) = parser.next().map_err(text)? {
            match argument {
                Long("only") => arguments.only.push(known(&value(parser)?)?),
                Long("skip") => arguments.skip.push(known(&value(parser)?)?),
                Long("may-skip") => {
                    let given = value(parser)?;
                    let Some((name, reason)) = given
                        .split_once('=')
                        .filter(|(_, reason)| !reason.is_empty())
                    else {
                        return Err(format!("--may-skip {given}: missing reason (NAME=REASON)"));
                    };
                    arguments.may_skip.push((known(name)?, reason.to_owned()));
                }
                Long("require-all") => arguments.require_all = true,
                Long("list") => arguments.request = Request::List,
                Short('h') | Long("help") => arguments.request = Request::Help,
                other => return Err(other.unexpected().to_string()),
            }
        }
        Ok(arguments)
    }

    /// Returns whether `stage` is selected.
    pub(super) fn selects(&self, stage: &Stage) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == stage.name);
        let asked = if self.only.is_empty() {
            !stage.opt_in
        } else {
            named(&self.only)
        };
        asked && !named(&self.skip)
    }

    /// Returns the reason why `stage` may be skipped under `--require-all`.
    pub(super) fn may_skip(&self, stage: &Stage) -> Option<&str> {
        self.may_skip
            .iter()
            .find(|(name, _)| name == stage.name)
            .map(|(_, reason)| reason.as_str())
    }
}

fn value(parser: &mut lexopt::Parser) -> Result<String, String> {
    parser.value().map_err(text)?.string().map_err(text)
}

fn known(name: &str) -> Result<String, String> {
    if stages::ALL.iter().any(|stage| stage.name == name) {
        return Ok(name.to_owned());
    }
    let names: Vec<_> = stages::ALL.iter().map(|stage| stage.name).collect();
    Err(format!(
        "no stage {name}; the stages are {}",
        names.join(", ")
    ))
}

fn text(error: lexopt::Error) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Arguments, String> {
        Arguments::parse(&mut lexopt::Parser::from_args(arguments))
    }

    fn names(arguments: &[&str]) -> Vec<&'static str> {
        let arguments = parse(arguments).unwrap();
        stages::ALL
            .iter()
            .filter(|stage| arguments.selects(stage))
            .map(|stage| stage.name)
            .collect()
    }

    #[test]
    fn an_unknown_stage_is_refused_with_the_known_ones() {
        let error = parse(&["--only", "nonsense"]).unwrap_err();
        assert!(
            error.contains("nonsense") && error.contains("clippy"),
            "{error}"
        );
    }

    #[test]
    fn without_a_choice_every_stage_runs_but_those_to_opt_in() {
        let all = names(&[]);
        assert!(all.contains(&"fmt") && all.contains(&"test"));
        assert!(
            stages::ALL
                .iter()
                .all(|stage| all.contains(&stage.name) != stage.opt_in)
        );
    }

    #[test]
    fn only_and_skip_choose() {
        assert_eq!(names(&["--only", "fmt", "--only", "doc"]), ["fmt", "doc"]);
        assert!(!names(&["--skip", "fmt"]).contains(&"fmt"));
    }

    #[test]
    fn a_skip_needs_a_reason() {
        assert!(parse(&["--may-skip", "doc"]).is_err());
        assert!(parse(&["--may-skip", "doc="]).is_err());
        assert!(parse(&["--may-skip", "doc=because"]).is_ok());
    }
}
