//! A line for each figure, with its goal and the figures of others from the same run.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Megabytes,
    Milliseconds,
    PerMinute,
}

/// The bound that a figure should keep.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    None,
    AtMost(f64),
}

/// All figures, in the order in which they were measured.
#[derive(Default)]
pub struct Figures {
    lines: Vec<Line>,
}

struct Line {
    what: String,
    figure: f64,
    unit: Unit,
    goal: Goal,
    beside: Vec<(String, f64)>,
}

impl Figures {
    /// Notes a figure, and prints it.
    pub fn add(&mut self, what: &str, figure: f64, unit: Unit, goal: Goal) {
        println!("{what}: {}", words(figure, unit));
        self.lines.push(Line { what: what.to_owned(), figure, unit, goal, beside: Vec::new() });
    }

    /// Notes the same figure of another program, and prints it with the ratio.
    pub fn beside(&mut self, who: &str, figure: f64) {
        if let Some(line) = self.lines.last_mut() {
            println!("  {who}: {} (ratio {:.2})", words(figure, line.unit), line.figure / figure);
            line.beside.push((who.to_owned(), figure));
        }
    }

    /// Writes `report.md` and `memory.svg`.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("report.md"), self.report())?;
        fs::write(folder.join("memory.svg"), self.chart())
    }

    fn report(&self) -> String {
        let mut report = "| | Dyntray | goal | beside it |\n|---|---|---|---|\n".to_owned();
        for line in &self.lines {
            let goal = match line.goal {
                Goal::None => String::new(),
                Goal::AtMost(most) => {
                    let met = if line.figure <= most { "met" } else { "missed" };
                    format!("at most {}: {met}", words(most, line.unit))
                }
            };
            let beside: Vec<String> = line
                .beside
                .iter()
                .map(|(who, figure)| {
                    format!("{who} {} (ratio {:.2})", words(*figure, line.unit), line.figure / figure)
                })
                .collect();
            // Writing to a String can't fail.
            let _ = writeln!(
                report,
                "| {} | {} | {goal} | {} |",
                line.what,
                words(line.figure, line.unit),
                beside.join(", ")
            );
        }
        report
    }

    /// Bars for all figures of memory.
    fn chart(&self) -> String {
        let mut bars: Vec<(String, f64)> = Vec::new();
        for line in self.lines.iter().filter(|line| line.unit == Unit::Megabytes) {
            bars.push((format!("Dyntray: {}", line.what), line.figure));
            bars.extend(line.beside.iter().map(|(who, figure)| (format!("{who}: {}", line.what), *figure)));
        }
        bars.retain(|(what, _)| !what.contains("window open") && !what.contains("size"));
        let most = bars.iter().map(|(_, figure)| *figure).fold(1.0, f64::max);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 {}\" font-family=\"sans-serif\" \
             font-size=\"13\">\n<style>text {{ fill: #55626e }} .ours {{ fill: #0a6570 }} .other {{ fill: #b9c4cb }}\
             </style>\n",
            bars.len() * 30 + 10
        );
        for (row, (what, figure)) in bars.iter().enumerate() {
            let top = row * 30 + 10;
            let class = if what.starts_with("Dyntray") { "ours" } else { "other" };
            let _ = writeln!(
                svg,
                "<text x=\"350\" y=\"{}\" text-anchor=\"end\">{what}</text><rect class=\"{class}\" x=\"360\" \
                 y=\"{top}\" width=\"{:.0}\" height=\"18\"/><text x=\"{:.0}\" y=\"{}\">{}</text>",
                top + 14,
                figure / most * 320.0,
                366.0 + figure / most * 320.0,
                top + 14,
                words(*figure, Unit::Megabytes)
            );
        }
        svg + "</svg>\n"
    }
}

fn words(figure: f64, unit: Unit) -> String {
    match unit {
        Unit::Megabytes => format!("{figure:.1} MB"),
        Unit::Milliseconds if figure < 10.0 => format!("{figure:.1} ms"),
        Unit::Milliseconds if figure < 10_000.0 => format!("{figure:.0} ms"),
        Unit::Milliseconds => format!("{:.0} s", figure / 1000.0),
        Unit::PerMinute => format!("{figure:.1} a minute"),
    }
}
