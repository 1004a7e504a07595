//! Draws bars and histories with characters.

use crate::theme::Theme;

/// Returns a bar of `cells` cells: `part` of `whole` filled, then `more` of it hatched.
///
/// A nonzero part fills something, and only the whole fills the bar.
#[must_use]
pub fn bar(theme: Theme, part: u64, more: u64, whole: u64, cells: usize) -> [String; 3] {
    if theme.plain {
        return Default::default();
    }
    let steps = theme.bar_steps();
    let each = steps.len() as u64;
    let total = cells as u64 * each;
    let filled = share(part, whole, total);
    let both = share(part.saturating_add(more), whole, total);
    let (full, rest) = (filled / each, filled % each);
    let mut bar = String::new();
    let last = steps.last().copied().unwrap_or("");
    bar.extend(std::iter::repeat_n(last, full as usize));
    let partial = rest.checked_sub(1);
    let partial = partial.and_then(|step| steps.get(step as usize)).copied();
    bar.push_str(partial.unwrap_or(""));
    let used = full + u64::from(partial.is_some());
    let hatched = match more {
        0 => 0,
        _ => both.div_ceil(each).saturating_sub(used).max(1),
    };
    let hatched = hatched.min((cells as u64).saturating_sub(used));
    let empty = (cells as u64).saturating_sub(used + hatched);
    let (hatch, nothing) = (theme.hatch(), theme.gauge().1);
    [
        bar,
        hatch.repeat(hatched as usize),
        nothing.repeat(empty as usize),
    ]
}

/// Returns how many of `steps` a part of a whole fills: none only for zero, all only for
/// the whole.
fn share(part: u64, whole: u64, steps: u64) -> u64 {
    if part == 0 || whole == 0 {
        return 0;
    }
    if part >= whole {
        return steps;
    }
    let share = u128::from(part) * u128::from(steps) / u128::from(whole);
    let share = u64::try_from(share).unwrap_or(steps);
    share.clamp(1, steps.saturating_sub(1).max(1))
}

/// Returns a history in at most `cells` cells, scaled from zero to its largest value. The
/// largest of the values that share a cell is shown.
#[must_use]
pub fn history(theme: Theme, values: &[u64], cells: usize) -> String {
    let most = values.iter().copied().max().unwrap_or(0);
    let levels: Vec<char> = theme.levels().chars().collect();
    let top = levels.len().saturating_sub(1) as u64;
    let each = values.len().div_ceil(cells.max(1)).max(1);
    let mark = |values: &[u64]| {
        let value = values.iter().copied().max()?;
        levels.get(share(value, most, top) as usize).copied()
    };
    // From the end, so that the last cell is complete.
    let mut text: Vec<char> = values.rchunks(each).filter_map(mark).collect();
    text.reverse();
    text.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    fn drawn(part: u64, more: u64, whole: u64, cells: usize) -> String {
        bar(Theme::default(), part, more, whole, cells).concat()
    }

    #[test]
    fn a_bar_shows_what_there_is() {
        assert_eq!(drawn(0, 0, 8, 4), "░░░░");
        assert_eq!(drawn(1, 0, 1 << 40, 4), "▏░░░");
        assert_eq!(drawn(4, 0, 8, 4), "██░░");
        assert_eq!(drawn(5, 0, 16, 4), "█▎░░");
        assert_eq!(drawn(8, 0, 8, 4), "████");
        assert_eq!(drawn(u64::MAX - 1, 0, u64::MAX, 4), "███▉");
        assert_eq!(drawn(4, 2, 8, 4), "██▒░");
        assert_eq!(drawn(0, 1, 1 << 40, 4), "▒░░░");
        assert_eq!(drawn(8, 9, 8, 4), "████");
        assert_eq!(drawn(3, 0, 0, 4), "░░░░");
        let ascii = Theme {
            ascii: true,
            ..Theme::default()
        };
        assert_eq!(bar(ascii, 4, 2, 8, 4).concat(), "##=.");
    }

    #[test]
    fn a_history_is_scaled_from_zero() {
        let drawn = |values: &[u64], cells| history(Theme::default(), values, cells);
        assert_eq!(drawn(&[0, 50, 100], 8), "▁▄█");
        assert_eq!(drawn(&[99, 100], 8), "▇█");
        assert_eq!(drawn(&[1, 9, 2, 0, 0], 3), "▂█▁");
        assert_eq!(drawn(&[], 8), "");
    }

    proptest! {
        #[test]
        fn plots_keep_to_their_room(
            values in prop::collection::vec(any::<u64>(), 0..70),
            part: u64, more: u64, whole: u64,
            cells in 1..40usize,
        ) {
            prop_assert!(history(Theme::default(), &values, cells).width() <= cells);
            prop_assert_eq!(drawn(part, more, whole, cells).width(), cells);
        }
    }
}
