//! A buffer of cells as an SVG: one rectangle for each run of one background,
//! one text for each run of one style, placed by cell.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

/// The colors of a terminal, as `#rrggbb`.
pub(crate) struct Scheme {
    background: &'static str,
    foreground: &'static str,
    /// The sixteen, in the order of their numbers.
    colors: [&'static str; 16],
}

pub(crate) const DARK: Scheme = Scheme {
    background: "#1c1f26",
    foreground: "#d5d9e0",
    colors: [
        "#2b303b", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#abb2bf",
        "#7f8692", "#ff8791", "#b3e08f", "#ffd68a", "#82c7ff", "#de97f3", "#74d5e0", "#ffffff",
    ],
};

pub(crate) const LIGHT: Scheme = Scheme {
    background: "#fafafa",
    foreground: "#24292f",
    colors: [
        "#24292f", "#b3261e", "#1a7f37", "#8a6100", "#0550ae", "#8250df", "#0a6d78", "#6e7781",
        "#57606a", "#cf222e", "#116329", "#7a5500", "#0969da", "#6639ba", "#1b7c83", "#8c959f",
    ],
};

/// A cell in pixels.
const WIDTH: f32 = 8.4;
const HEIGHT: f32 = 18.0;
const MARGIN: f32 = 12.0;
/// From the top of a cell to the baseline.
const BASELINE: f32 = 13.5;

/// The style of a run of cells.
#[derive(Clone, Copy, PartialEq)]
struct Style {
    foreground: Color,
    background: Color,
    modifier: Modifier,
}

impl Style {
    fn of(cell: &Cell) -> Self {
        Self {
            foreground: cell.fg,
            background: cell.bg,
            modifier: cell.modifier,
        }
    }
}

pub(crate) fn render(buffer: &Buffer, scheme: &Scheme) -> String {
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let width = f32::from(columns) * WIDTH + 2.0 * MARGIN;
    let height = f32::from(rows) * HEIGHT + 2.0 * MARGIN;
    let mut svg = String::new();
    _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{}\"/>\n\
         <g font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" \
         font-size=\"14\" xml:space=\"preserve\">",
        scheme.background
    );
    for y in 0..rows {
        let mut x = 0;
        while x < columns {
            x = run(buffer, scheme, x, y, &mut svg);
        }
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// Draws the run of one style that begins at a cell; returns the cell after it.
fn run(buffer: &Buffer, scheme: &Scheme, start: u16, y: u16, svg: &mut String) -> u16 {
    let style = Style::of(&buffer[(start, y)]);
    let mut text = String::new();
    let mut end = start;
    while end < buffer.area.width && Style::of(&buffer[(end, y)]) == style {
        let symbol = buffer[(end, y)].symbol();
        text.push_str(symbol);
        // A wide character hides the cells behind it.
        end = end.saturating_add(u16::try_from(symbol.width().max(1)).unwrap_or(1));
    }
    let end = end.min(buffer.area.width);
    let reversed = style.modifier.contains(Modifier::REVERSED);
    let foreground = color(style.foreground, scheme.foreground, scheme);
    let background = color(style.background, scheme.background, scheme);
    let (ink, paper) = match reversed {
        true => (background, foreground),
        false => (foreground, background),
    };
    let left = MARGIN + f32::from(start) * WIDTH;
    let top = MARGIN + f32::from(y) * HEIGHT;
    if paper != scheme.background {
        let width = f32::from(end - start) * WIDTH;
        _ = writeln!(
            svg,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{HEIGHT:.1}\" fill=\"{paper}\"/>"
        );
    }
    if !text.trim().is_empty() {
        let length = f32::from(end - start) * WIDTH;
        _ = writeln!(
            svg,
            "<text x=\"{left:.1}\" y=\"{:.1}\" textLength=\"{length:.1}\" fill=\"{ink}\"{}>{}</text>",
            top + BASELINE,
            attributes(style.modifier),
            escaped(&text)
        );
    }
    end
}

fn attributes(modifier: Modifier) -> String {
    let mut attributes = String::new();
    if modifier.contains(Modifier::BOLD) {
        attributes.push_str(" font-weight=\"bold\"");
    }
    if modifier.contains(Modifier::DIM) {
        attributes.push_str(" opacity=\"0.65\"");
    }
    if modifier.contains(Modifier::UNDERLINED) {
        attributes.push_str(" text-decoration=\"underline\"");
    } else if modifier.contains(Modifier::CROSSED_OUT) {
        attributes.push_str(" text-decoration=\"line-through\"");
    }
    attributes
}

/// A color of the terminal; what it leaves to the terminal is `default`.
fn color(color: Color, default: &'static str, scheme: &Scheme) -> &'static str {
    let index = match color {
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        _ => return default,
    };
    scheme.colors.get(index).copied().unwrap_or(default)
}

/// Text for XML, with the spaces that would collapse.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            ' ' => escaped.push('\u{a0}'),
            other => escaped.push(other),
        }
    }
    escaped
}
