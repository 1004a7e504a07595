//! Phrases to avoid, and what to write instead.

/// A phrase to avoid.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    /// Lower case; found at word boundaries, in any case, also across a line break.
    pub(super) phrase: &'static str,
    pub(super) instead: &'static str,
}

const fn avoid(phrase: &'static str, instead: &'static str) -> Phrase {
    Phrase { phrase, instead }
}

const PHRASES: &[Phrase] = &[
    avoid("in plain sight", "\"reported as skipped\""),
    avoid("by meaning", "\"semantically\""),
    avoid("cannot be had", "\"is not available\""),
    avoid("can be had", "\"is available\""),
    avoid("may be had", "\"how to install it\""),
    avoid("not any more", "\"no longer\""),
    avoid("turn the order round", "\"reverse the sort order\""),
    avoid("turned round", "\"reversed\""),
    avoid("of which nothing", "a clause with a subject"),
    avoid("of which none", "a clause with a subject"),
    avoid("what is not given", "\"unset fields\""),
    avoid("what is not known", "\"unknown\""),
    avoid("as far as it tells", "what the system reports"),
    avoid("may not be looked at", "\"cannot inspect\""),
    avoid("look at the system", "\"refresh\""),
    avoid("by intent", "\"deliberately\""),
    avoid("was told", "\"received\", \"was given\""),
    avoid("to be told", "\"to learn\""),
    avoid("not told", "\"unknown\", \"not reported\""),
    avoid("is told", "\"learns\", \"distinguishes\""),
    avoid("are told", "\"learn\""),
    avoid("it is none", "\"is not a ...\""),
    avoid("stand under", "\"run\""),
    avoid("is done with it", "\"no longer needs it\""),
    avoid("the maker", "\"the creator\""),
    avoid("given out again", "\"reused\""),
    avoid("the other way round", "\"in reverse\", \"conversely\""),
    avoid("nobody has it attached", "\"not attached\""),
    avoid("who has it attached", "\"the attached processes\""),
    avoid("look at it again", "\"check it again\""),
    avoid("looks again", "\"checks again\""),
    avoid("told apart", "\"distinguished\""),
    avoid("tells apart", "\"distinguishes\""),
    avoid("made anew", "\"regenerated\""),
    avoid("as far as it goes", "a clause with a subject"),
    avoid("is no number", "\"is not a number\""),
    avoid("is no key", "\"is not a key\""),
    avoid("is no mode", "\"is not a mode\""),
];

/// Returns the phrases in a text, each with its line, counted from 1.
pub(super) fn found_in(text: &str) -> impl Iterator<Item = (usize, &'static Phrase)> {
    let folded = Folded::new(text);
    PHRASES.iter().flat_map(move |phrase| {
        let lines: Vec<usize> = folded.lines_of(phrase.phrase).collect();
        lines.into_iter().map(move |line| (line, phrase))
    })
}

/// A text in lower case, with every run of white space and comment markers as one space,
/// so that a line break in the middle of a phrase does not hide it.
struct Folded {
    text: String,
    /// The line of each byte of `text`.
    lines: Vec<usize>,
}

impl Folded {
    fn new(text: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(text.len()),
            lines: Vec::with_capacity(text.len()),
        };
        for (number, line) in text.lines().enumerate() {
            let line = line
                .trim_start()
                .trim_start_matches(['/', '!', '#', '>', '*', '|']);
            for word in line.split_whitespace() {
                folded.push(" ", number + 1);
                folded.push(&word.to_lowercase(), number + 1);
            }
        }
        folded.push(" ", 0);
        folded
    }

    fn push(&mut self, piece: &str, line: usize) {
        self.text.push_str(piece);
        self.lines.resize(self.text.len(), line);
    }

    fn lines_of<'a>(&'a self, phrase: &'a str) -> impl Iterator<Item = usize> + 'a {
        let is_word = |found: Option<char>| found.is_some_and(char::is_alphanumeric);
        self.text
            .match_indices(phrase)
            .filter_map(move |(start, _)| {
                let before = self.text.get(..start)?.chars().next_back();
                let after = self.text.get(start + phrase.len()..)?.chars().next();
                let line = self.lines.get(start).copied()?;
                (!is_word(before) && !is_word(after)).then_some(line)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(usize, &'static str)> {
        found_in(text)
            .map(|(line, found)| (line, found.phrase))
            .collect()
    }

    #[test]
    fn a_phrase_is_found_in_any_case_and_across_lines() {
        assert_eq!(lines("a\nIn plain sight"), [(2, "in plain sight")]);
        assert_eq!(
            lines("/// skipped in plain\n/// sight."),
            [(1, "in plain sight")]
        );
    }

    #[test]
    fn a_part_of_a_word_is_no_phrase() {
        assert_eq!(lines("main plain sights, bylaw of meaning"), []);
        assert_eq!(lines("the makers"), []);
    }

    #[test]
    fn phrases_are_lower_case_and_listed_once() {
        for (index, one) in PHRASES.iter().enumerate() {
            assert_eq!(one.phrase, one.phrase.to_lowercase());
            assert!(
                PHRASES
                    .iter()
                    .skip(index + 1)
                    .all(|other| other.phrase != one.phrase)
            );
        }
    }
}
