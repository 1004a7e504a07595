//! Suggests corrections for unknown words.

/// Returns the known word that differs from `word` by the fewest edits, if few enough:
/// one in a short word, two in a longer one. A swap of neighbors is one edit.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().take(40).collect();
    let most = if word.len() <= 4 { 1 } else { 2 };
    let scored = known.map(|known| (edits(&word, known), known));
    let (edits, best) = scored.min_by_key(|(edits, _)| *edits)?;
    (edits <= most && edits < word.len()).then_some(best)
}

/// Returns the number of edits between two words (optimal string alignment).
fn edits(a: &[char], b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut line = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX);
            let replaced = at(&above, j) + usize::from(x != y);
            let mut least = replaced.min(at(&above, j + 1) + 1).min(at(&line, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            line.push(least);
        }
        before = std::mem::replace(&mut above, line);
    }
    above.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_other_words_are_not() {
        let known = ["size", "owner", "resident", "id", "cmd"];
        let find = |word| nearest(word, known.into_iter());
        assert_eq!(find("sise"), Some("size"));
        assert_eq!(find("ownr"), Some("owner"));
        assert_eq!(find("OWENR"), Some("owner"));
        assert_eq!(find("residnet"), Some("resident"));
        assert_eq!(find("dmc"), None);
        assert_eq!(find("postgres"), None);
        assert_eq!(find("x"), None);
        assert_eq!(find(""), None);
    }
}
