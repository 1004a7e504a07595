//! Ratios as a bar chart in SVG: one bar a case, the baseline as a line at 1.

use std::fmt::Write as _;

/// One measured ratio, as a benchmark prints it for programs: `ratio NAME SIZE VALUE`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) size: String,
    pub(super) value: f64,
    /// What the value should reach, from a line `target NAME SIZE VALUE`.
    pub(super) target: Option<f64>,
}

/// Returns the ratios among the lines that a benchmark printed. Figures with a unit
/// of their own, such as milliseconds, have no baseline and are left out.
pub(super) fn bars(printed: &str) -> Vec<Bar> {
    let mut bars = Vec::new();
    let ratios = printed.lines().filter_map(|line| figure(line, "ratio"));
    for (name, size, value) in ratios {
        let has_unit = ["_milliseconds", "_per_second"]
            .iter()
            .any(|unit| name.ends_with(unit));
        if !has_unit {
            let mut targets = printed.lines().filter_map(|line| figure(line, "target"));
            let target = targets.find(|target| (target.0, target.1) == (name, size));
            bars.push(Bar {
                name: name.to_owned(),
                size: size.to_owned(),
                value,
                target: target.map(|(_, _, value)| value),
            });
        }
    }
    bars
}

/// Splits a line for programs into name, size and value.
fn figure<'a>(line: &'a str, kind: &str) -> Option<(&'a str, &'a str, f64)> {
    let mut words = line.strip_prefix(kind)?.strip_prefix(' ')?.split(' ');
    let (name, size, value) = (words.next()?, words.next()?, words.next()?);
    Some((name, size, value.parse().ok()?))
}

/// The parts of the picture, in pixels.
const LABELS: f64 = 250.0;
const PLOT: f64 = 380.0;
const VALUES: f64 = 90.0;
const HEAD: f64 = 30.0;
const ROW: f64 = 18.0;
const BAR: f64 = 11.0;
const FOOT: f64 = 12.0;

/// Light and dark, as the page around it.
const STYLE: &str = "\
<style>
text{font:12px ui-sans-serif,system-ui,sans-serif;fill:#24292f}
.small{font-size:11px;fill:#57606a}.good{fill:#0969da}.bad{fill:#bc4c00}
.line{stroke:#57606a;stroke-width:1}.target{stroke:#1a7f37;stroke-width:2}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}
.good{fill:#4493f8}.bad{fill:#db6d28}.line{stroke:#9198a1}.target{stroke:#3fb950}}
</style>
";

/// Draws the bars. `more_is_better` says whether the ratios are of speeds.
///
/// Lengths are linear from 0, and a bar that does not fit is cut: its figure stands
/// beside it.
pub(super) fn svg(bars: &[Bar], more_is_better: bool) -> String {
    let longest = bars.iter().map(|bar| bar.value).fold(1.0, f64::max);
    let scale = PLOT / (longest * 1.05).min(2.0);
    let at = |ratio: f64| LABELS + (ratio * scale).clamp(0.0, PLOT);
    let (width, bottom) = (LABELS + PLOT + VALUES, HEAD + ROW * bars.len() as f64);
    let height = bottom + FOOT;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">\n{STYLE}"
    );
    let sense = if more_is_better { "more" } else { "less" };
    let one = at(1.0);
    // Writing to a string cannot fail.
    _ = writeln!(
        svg,
        "<text class=\"small\" x=\"{one:.1}\" y=\"16\" text-anchor=\"middle\">\
         baseline = 1; {sense} is better</text>"
    );
    for (index, bar) in bars.iter().enumerate() {
        let top = HEAD + ROW * index as f64;
        let (baseline, end) = (top + BAR, at(bar.value));
        let is_good = match more_is_better {
            true => bar.value >= 0.995,
            false => bar.value <= 1.005,
        };
        let class = if is_good { "good" } else { "bad" };
        let label = escaped(&format!("{} {}", bar.name, shown_size(&bar.size)));
        _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{baseline:.1}\" text-anchor=\"end\">{label}</text>\
             <rect class=\"{class}\" x=\"{LABELS}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{BAR}\"/>\
             <text x=\"{:.1}\" y=\"{baseline:.1}\">{:.3}</text>",
            LABELS - 8.0,
            (end - LABELS).max(1.0),
            end + 5.0,
            bar.value
        );
        if let Some(target) = bar.target {
            let (x, above, below) = (at(target), top - 2.0, top + BAR + 2.0);
            _ = writeln!(svg, "{}", line("target", x, above, below));
        }
    }
    let line = line("line", one, HEAD - 6.0, bottom);
    _ = write!(svg, "{line}\n</svg>\n");
    svg
}

fn line(class: &str, x: f64, top: f64, bottom: f64) -> String {
    format!(
        "<line class=\"{class}\" x1=\"{x:.1}\" y1=\"{top:.1}\" x2=\"{x:.1}\" y2=\"{bottom:.1}\"/>"
    )
}

/// Returns a number of bytes that is a power of two with its unit, else the size as
/// it is.
fn shown_size(size: &str) -> String {
    match size.parse::<u64>() {
        Ok(bytes) if bytes >= 1 << 20 && bytes.is_power_of_two() => format!("{} MiB", bytes >> 20),
        _ => size.to_owned(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "case  ratio\nratio list_ipcs 4000 0.1000\n\
                           ratio first_frame_milliseconds 100 4.3\n\
                           target list_ipcs 4000 0.12\nratio copy_in 1048576 1.2500\n";

    #[test]
    fn lines_for_programs_become_bars_with_their_targets() {
        let bar = |name: &str, size: &str, value, target| Bar {
            name: name.to_owned(),
            size: size.to_owned(),
            value,
            target,
        };
        let expected = [
            bar("list_ipcs", "4000", 0.1, Some(0.12)),
            bar("copy_in", "1048576", 1.25, None),
        ];
        assert_eq!(bars(PRINTED), expected);
    }

    #[test]
    fn a_bar_is_as_long_as_its_ratio() {
        let svg = svg(&bars(PRINTED), false);
        let widths: Vec<f64> = svg
            .split("<rect class=\"")
            .skip(1)
            .filter_map(|bar| {
                bar.split("width=\"")
                    .nth(1)?
                    .split('"')
                    .next()?
                    .parse()
                    .ok()
            })
            .collect();
        assert!((widths[1] / widths[0] - 12.5).abs() < 0.1, "{widths:?}");
        assert!(svg.contains(">list_ipcs 4000<") && svg.contains(">copy_in 1 MiB<"));
        assert!(svg.contains("class=\"good\"") && svg.contains("class=\"bad\""));
        assert_eq!(svg.matches("class=\"target\"").count(), 1);
    }

    #[test]
    fn a_ratio_beyond_the_picture_is_cut() {
        let bar = Bar {
            name: "x".to_owned(),
            size: "1".to_owned(),
            value: 50.0,
            target: None,
        };
        let picture = svg(&[bar], true);
        assert!(
            picture.contains(&format!("width=\"{PLOT:.1}\"")),
            "{picture}"
        );
        assert!(picture.contains(">50.000<"));
    }
}
