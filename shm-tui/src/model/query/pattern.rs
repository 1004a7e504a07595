//! Globs: `*` stands for any text, `?` for one character.

/// Returns whether `text` contains a glob character.
pub(super) fn is_glob(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Returns whether all of `text` matches `glob`. Takes time linear in the product of the
/// lengths: only the last `*` is ever retried.
pub(super) fn matches(glob: &str, text: &str) -> bool {
    let (mut glob, mut text) = (glob.chars(), text.chars());
    // Where to continue after a mismatch: behind the last `*`, one character later.
    let mut retry: Option<(std::str::Chars<'_>, std::str::Chars<'_>)> = None;
    loop {
        let before = text.clone();
        match (glob.next(), text.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                retry = Some((glob.clone(), before.clone()));
                text = before;
            }
            (Some('?'), Some(_)) => {}
            (Some(wanted), Some(found)) if wanted == found => {}
            _ => {
                let Some((after_star, mut later)) = retry.take() else {
                    return false;
                };
                if later.next().is_none() {
                    return false;
                }
                glob = after_star.clone();
                text = later.clone();
                retry = Some((after_star, later));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stars_and_question_marks_match_as_in_a_shell() {
        for (glob, text) in [
            ("", ""),
            ("*", ""),
            ("*", "abc"),
            ("post*", "postgres"),
            ("*gres", "postgres"),
            ("*st*re*", "postgres"),
            ("p?stgr?s", "postgres"),
            ("a*b*c", "a b bb c"),
            ("?", "ö"),
            ("**", "x"),
        ] {
            assert!(matches(glob, text), "{glob} {text}");
        }
        for (glob, text) in [
            ("", "a"),
            ("?", ""),
            ("post", "postgres"),
            ("*gre", "postgres"),
            ("a*b", "ac"),
            ("p?gres", "postgres"),
        ] {
            assert!(!matches(glob, text), "{glob} {text}");
        }
    }

    /// The definition, which may take exponential time.
    fn by_definition(glob: &[char], text: &[char]) -> bool {
        match (glob.first(), text.first()) {
            (None, None) => true,
            (Some('*'), _) => {
                by_definition(&glob[1..], text)
                    || (!text.is_empty() && by_definition(glob, &text[1..]))
            }
            (Some('?'), Some(_)) => by_definition(&glob[1..], &text[1..]),
            (Some(a), Some(b)) if a == b => by_definition(&glob[1..], &text[1..]),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn a_glob_matches_what_its_definition_says(glob in "[ab*?]{0,7}", text in "[ab]{0,7}") {
            let (g, t): (Vec<char>, Vec<char>) = (glob.chars().collect(), text.chars().collect());
            prop_assert_eq!(matches(&glob, &text), by_definition(&g, &t));
        }
    }
}
