//! A timeline of tasks, as text and as a picture.

use std::fmt::Write as _;

/// The work of a task in one column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Has not begun, or has ended.
    Absent,
    WaitsForCache,
    HoldsCache,
    HoldsCacheAndWaits,
    WaitsForDisk,
    UsesDisk,
}

/// The steps of some tasks.
pub(crate) struct Timeline {
    name: &'static str,
    tasks: [&'static str; 5],
    columns: Vec<[Step; 5]>,
}

pub(crate) const LEGEND: &str = "  █ uses the disk   - waits for it\n  \
                          ▓ holds the lock, = holds it and waits for the disk, ? waits for the lock";

impl Timeline {
    pub(crate) fn new(name: &'static str, tasks: [&'static str; 5]) -> Timeline {
        Timeline {
            name,
            tasks,
            columns: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, column: [Step; 5]) {
        self.columns.push(column);
    }

    /// The number of columns in which the first task waits for the lock.
    pub(crate) fn waited(&self) -> usize {
        let waits = |column: &&[Step; 5]| column[0] == Step::WaitsForCache;
        self.columns.iter().filter(waits).count()
    }

    fn title(&self) -> String {
        let [first, ..] = self.tasks;
        format!("{}: {first} waits for {} steps", self.name, self.waited())
    }

    pub(crate) fn in_text(&self) -> String {
        let mut text = format!("  {}\n", self.title());
        for (task, name) in self.tasks.iter().enumerate() {
            let row: String = self
                .columns
                .iter()
                .map(|column| column[task].letter())
                .collect();
            let _ = writeln!(text, "    {name:6} {}", row.trim_end());
        }
        text
    }
}

impl Step {
    fn letter(self) -> char {
        match self {
            Step::Absent => ' ',
            Step::WaitsForCache => '?',
            Step::HoldsCache => '▓',
            Step::HoldsCacheAndWaits => '=',
            Step::WaitsForDisk => '-',
            Step::UsesDisk => '█',
        }
    }

    /// The colour and the height of its bar.
    fn bar(self) -> Option<(&'static str, usize)> {
        match self {
            Step::Absent => None,
            Step::WaitsForCache => Some(("#d03030", 8)),
            Step::HoldsCache => Some(("#e09020", 20)),
            Step::HoldsCacheAndWaits => Some(("#e09020", 8)),
            Step::WaitsForDisk => Some(("#4878a8", 8)),
            Step::UsesDisk => Some(("#4878a8", 20)),
        }
    }
}

const COLUMN: usize = 32;
const LINE: usize = 26;
const LEFT: usize = 90;

/// The timelines below each other.
pub(crate) fn in_svg(timelines: &[Timeline]) -> String {
    let mut parts = String::new();
    let mut top = 10;
    for timeline in timelines {
        top += LINE;
        write_text(&mut parts, 10, top - 8, &timeline.title());
        for (task, name) in timeline.tasks.iter().enumerate() {
            write_text(&mut parts, 20, top + 18, name);
            for (at, column) in timeline.columns.iter().enumerate() {
                if let Some((colour, height)) = column[task].bar() {
                    let (x, y) = (LEFT + at * COLUMN, top + (LINE - height) / 2);
                    let _ = writeln!(
                        parts,
                        "<rect x='{x}' y='{y}' width='{}' height='{height}' fill='{colour}'/>",
                        COLUMN - 1
                    );
                }
            }
            top += LINE;
        }
        top += LINE / 2;
    }
    let legend = "blue: uses the disk, thin: waits for it; orange: holds the lock, thin: and waits \
                  for the disk; red: waits for the lock";
    write_text(&mut parts, 10, top + 14, legend);
    let columns = timelines.iter().map(|timeline| timeline.columns.len());
    let width = (LEFT + columns.max().unwrap_or(0) * COLUMN + 10).max(800);
    let height = top + 28;
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' \
         font-family='sans-serif' font-size='13'>\n\
         <rect width='{width}' height='{height}' fill='white'/>\n{parts}</svg>\n"
    )
}

fn write_text(parts: &mut String, x: usize, y: usize, words: &str) {
    let _ = writeln!(parts, "<text x='{x}' y='{y}'>{words}</text>");
}
