//! Draws the changes of the selected segment since it was first seen, in one line.
//!
//! ```text
//! resident ▁▁▃▅█ 9M, most 12M  attached ▁▅█ 7  since 01:12:40, from 0
//! ```

use ratatui::style::Style;

use super::plot;
use crate::app::App;
use crate::model::format;
use crate::model::segment::Segment;
use crate::model::series::Point;

/// Width of a plot.
const CELLS: usize = 16;

/// Returns the line, in pieces; `None` while the plots would be flat.
pub(super) fn line(app: &App, segment: &Segment) -> Option<Vec<(String, Style)>> {
    let series = app.series.of(segment)?;
    series.next_step(app.now.steady)?;
    let points = series.points(app.now.steady);
    let value = |of: fn(&Point) -> u64| points.iter().map(of).collect::<Vec<u64>>();
    let resident = value(|point| point.resident.unwrap_or(0));
    let attached = value(|point| point.attached);
    let mut pieces = Vec::new();
    let mut add = |label: &str, values: &[u64], shown: fn(u64) -> String| {
        let (Some(last), Some(most)) = (values.last(), values.iter().max()) else {
            return;
        };
        pieces.push((label.to_owned(), app.theme.dim()));
        pieces.push((plot::history(app.theme, values, CELLS), app.theme.fresh()));
        let mut words = format!(" {}", shown(*last));
        if most > last {
            words.push_str(&format!(", most {}", shown(*most)));
        }
        words.push_str("  ");
        pieces.push((words, Style::new()));
    };
    if points.iter().any(|point| point.resident.is_some()) {
        add("resident ", &resident, format::size);
    }
    add("attached ", &attached, format::thousands);
    let ago = app.now.steady.saturating_sub(series.since()).as_secs();
    let seconds = i64::try_from(ago).unwrap_or(i64::MAX);
    let since = format!("for {}, from 0", format::age(seconds));
    pieces.push((since, app.theme.dim()));
    Some(pieces)
}
