//! Bar charts as SVG, one a case, for a README that is read in light and in dark.

use std::path::Path;
use std::{fs, io};

use super::{figure, koil};
use crate::harness::{Measured, Quantity, Row};
use crate::rivals::{KOIL, STD_SOCKET};

const WIDTH: f64 = 720.0;
const LABELS: f64 = 210.0;
const BARS: f64 = 400.0;
const TOP: f64 = 52.0;
const ROW: f64 = 26.0;
const BAR: f64 = 16.0;

/// A bar longer than this many of koil's is cut, and says so: one slow rival must not hide the
/// differences between the others.
const LONGEST: f64 = 8.0;

/// Colours that stand on white and on black; a viewer that knows its scheme gets better ones.
const STYLE: &str = "
  text { font: 13px system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #767c85 }
  .title { font-size: 15px; font-weight: 600 }
  .koil { font-weight: 600 }
  rect { fill: #8b949e }
  rect.koil { fill: #2f81f7 }
  rect.floor { fill: #3fb950 }
  path { stroke: #8b949e; stroke-width: 2; fill: none }
  @media (prefers-color-scheme: light) { text { fill: #1f2328 } rect { fill: #afb8c1 } }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } rect { fill: #6e7681 } }";

/// Writes `{group}-{case}.svg` for each case in which koil takes part.
pub fn write(folder: &Path, cases: &[Measured]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for case in cases {
        // No bar can be drawn in measures of nothing.
        if let Some(koil) = koil(case).filter(|koil| koil.median > 0.0) {
            fs::write(folder.join(file(case)), chart(case, koil))?;
        }
    }
    Ok(())
}

/// Lower-case words and hyphens, so that the name can stand in a link.
fn file(case: &Measured) -> String {
    let words = format!("{} {}", case.group, case.case).to_lowercase();
    let words = words.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-") + ".svg"
}

fn chart(case: &Measured, koil: &Row) -> String {
    let mut rows: Vec<&Row> = case.rows.iter().collect();
    rows.sort_by(|a, b| a.median.total_cmp(&b.median));
    let slowest = rows.iter().map(|row| row.median).fold(0.0, f64::max);
    let scale = Scale {
        full: slowest.min(koil.median * LONGEST),
    };
    let bars: String = rows
        .iter()
        .enumerate()
        .map(|(place, row)| bar(case, row, TOP + ROW * place as f64, &scale))
        .collect();
    let height = TOP + ROW * rows.len() as f64 + 8.0;
    let (what, place) = match (case.quantity, case.pinned) {
        (Quantity::Time, true) => ("time", ", one core"),
        (Quantity::Time, false) => ("time", ", free placement"),
        (Quantity::Size, _) => ("size", ""),
        (Quantity::Number, _) => ("number", ""),
    };
    let title = escape(&format!("{}: {}", case.group, case.case));
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{title}">
<style>{STYLE}
</style>
<text class="title" x="8" y="20">{title}</text>
<text x="8" y="38">median {} per {}, shorter is better{place}</text>
{bars}</svg>
"#,
        what, case.per,
    )
}

/// The length of a bar.
struct Scale {
    /// The time that fills the whole width.
    full: f64,
}

impl Scale {
    fn length(&self, ns: f64) -> f64 {
        (ns / self.full).min(1.0) * BARS
    }

    fn cuts(&self, ns: f64) -> bool {
        ns > self.full
    }
}

fn bar(case: &Measured, row: &Row, y: f64, scale: &Scale) -> String {
    let class = match row.variant.as_str() {
        STD_SOCKET => "floor",
        variant if variant.starts_with(KOIL) => "koil",
        _ => "rival",
    };
    let length = scale.length(row.median).max(1.0);
    let text = y + BAR - 3.5;
    let label = LABELS - 8.0;
    let end = LABELS + length;
    let value = end + if scale.cuts(row.median) { 14.0 } else { 6.0 };
    let cut = if scale.cuts(row.median) {
        tear(end, y)
    } else {
        String::new()
    };
    format!(
        r#"<text class="{class}" x="{label}" y="{text}" text-anchor="end">{}</text>
<rect class="{class}" x="{LABELS}" y="{y}" width="{length:.1}" height="{BAR}" rx="2"/>{cut}
<text class="{class}" x="{value:.1}" y="{text}">{}</text>
"#,
        escape(&row.variant),
        figure(case.quantity, row.median),
    )
}

/// Two slanted strokes at the end of a bar that is longer than the picture.
fn tear(x: f64, y: f64) -> String {
    let (low, high) = (y + BAR, y);
    format!(
        r#"<path d="M{:.1} {low} L{:.1} {high} M{:.1} {low} L{:.1} {high}"/>"#,
        x + 1.0,
        x + 5.0,
        x + 6.0,
        x + 10.0,
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
