//! Headings while the steps run, and the table at the end.

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use crate::{Result, count::Counts};

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
enum End {
    Good,
    Bad,
    /// Not begun, and why.
    LeftOut(String),
}

#[derive(Debug)]
struct Row {
    title: &'static str,
    end: End,
    took: Duration,
    counts: Counts,
}

/// What was done so far.
#[derive(Debug)]
pub struct Report {
    rows: Vec<Row>,
    steps: usize,
    began: Instant,
}

impl Report {
    /// A report of so many steps.
    pub fn new(steps: usize) -> Self {
        Self { rows: Vec::new(), steps, began: Instant::now() }
    }

    /// Takes a step. `work` gives the single tests it counted, and how it ended. A step that ends badly counts as one
    /// failure when none of its tests did.
    pub fn step(&mut self, title: &'static str, work: impl FnOnce() -> (Counts, Result<()>)) {
        self.heading(title);
        let began = Instant::now();
        let (mut counts, end) = work();
        let took = began.elapsed();
        let end = match end {
            Ok(()) if counts.failed == 0 => End::Good,
            Ok(()) => End::Bad,
            Err(problem) => {
                eprintln!("\n{title}: {problem}");
                counts.failed = counts.failed.max(1);
                End::Bad
            }
        };
        println!("-- {:.1} s", took.as_secs_f64());
        self.rows.push(Row { title, end, took, counts });
    }

    /// Notes a step that isn't taken.
    pub fn leave_out(&mut self, title: &'static str, why: impl Into<String>) {
        let why = why.into();
        self.heading(title);
        println!("-- left out: {why}");
        self.rows.push(Row {
            title,
            end: End::LeftOut(why),
            took: Duration::ZERO,
            counts: Counts::default(),
        });
    }

    fn heading(&self, title: &str) {
        println!("\n== {}/{} {title}", self.rows.len() + 1, self.steps);
        let _ = io::stdout().flush();
    }

    /// The table of all steps.
    pub fn table(&self) -> String {
        let width = self.rows.iter().map(|row| row.title.chars().count()).max().unwrap_or(0);
        let mut table = String::new();
        for row in &self.rows {
            let (word, detail) = match &row.end {
                End::Good => ("ok", tested(row.counts)),
                End::Bad => ("FAILED", tested(row.counts)),
                End::LeftOut(why) => ("left out", why.clone()),
            };
            let line = format!("{:width$}  {word:8}  {:7.1} s  {detail}", row.title, row.took.as_secs_f64());
            table.push_str(line.trim_end());
            table.push('\n');
        }
        table
    }

    /// All single tests together.
    pub fn counts(&self) -> Counts {
        let mut sum = Counts::default();
        self.rows.iter().for_each(|row| sum += row.counts);
        sum
    }

    /// Since the first step began.
    pub fn took(&self) -> Duration {
        self.began.elapsed()
    }
}

/// Takes a step that nobody counts, under its heading, and says how long it took.
pub fn headed(title: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("\n== {title}");
    let began = Instant::now();
    work()?;
    println!("-- {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

fn tested(counts: Counts) -> String {
    if counts == Counts::default() {
        return String::new();
    }
    counts.line()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_without_a_failed_test_counts_once_and_a_failed_test_is_not_counted_again() {
        let mut report = Report::new(4);
        report.step("Format", || (Counts::PASSED, Ok(())));
        report.step("Build", || (Counts::default(), Err("no compiler".into())));
        report.step("Tests", || (Counts::of(7, 2, 1), Err("exit code 100".into())));
        report.leave_out("Stories", "needs Build");
        assert_eq!(report.counts(), Counts::of(8, 3, 1));
        let table = report.table();
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[0].starts_with("Format   ok"), "{table}");
        assert!(lines[1].starts_with("Build    FAILED"), "{table}");
        assert!(lines[2].ends_with("7 passed, 2 failed, 1 skipped"), "{table}");
        assert!(lines[3].ends_with("needs Build"), "{table}");
    }
}
