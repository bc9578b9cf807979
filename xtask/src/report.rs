//! The report of a sequence of steps: headings while they run, and a table at the end.

use std::{
    io::{self, Write as _},
    process::ExitCode,
    time::{Duration, Instant},
};

use crate::{Result, count::Counts};

/// The outcome of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    /// The step wasn't run, for this reason.
    LeftOut(String),
}

#[derive(Debug)]
struct Row {
    title: &'static str,
    outcome: Outcome,
    took: Duration,
    counts: Counts,
}

/// The steps that were run so far.
#[derive(Debug)]
pub struct Report {
    rows: Vec<Row>,
    steps: usize,
    started: Instant,
}

impl Report {
    /// An empty report of a known number of steps.
    pub fn new(steps: usize) -> Self {
        Self { rows: Vec::new(), steps, started: Instant::now() }
    }

    /// Runs a step. A step that fails counts as one failure even when none of its tests failed.
    pub fn step(&mut self, title: &'static str, work: impl FnOnce() -> (Counts, Result<()>)) {
        self.heading(title);
        let started = Instant::now();
        let (mut counts, result) = work();
        let took = started.elapsed();
        let outcome = match result {
            Ok(()) if counts.failed == 0 => Outcome::Passed,
            Ok(()) => Outcome::Failed,
            Err(problem) => {
                eprintln!("\n{title}: {problem}");
                counts.failed = counts.failed.max(1);
                Outcome::Failed
            }
        };
        println!("-- {:.1} s", took.as_secs_f64());
        self.rows.push(Row { title, outcome, took, counts });
    }

    /// Records a step that isn't run.
    pub fn leave_out(&mut self, title: &'static str, why: impl Into<String>) {
        let why = why.into();
        self.heading(title);
        println!("-- left out: {why}");
        self.rows.push(Row {
            title,
            outcome: Outcome::LeftOut(why),
            took: Duration::ZERO,
            counts: Counts::default(),
        });
    }

    fn heading(&self, title: &str) {
        println!("\n== {}/{} {title}", self.rows.len() + 1, self.steps);
        let _ = io::stdout().flush();
    }

    /// Prints the table and the sum of all tests. The exit code tells whether any failed.
    pub fn finish(&self) -> ExitCode {
        println!("\n== All steps, {:.0} s\n{}", self.started.elapsed().as_secs_f64(), self.table());
        println!("{}", self.counts().line());
        if self.counts().failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn table(&self) -> String {
        let width = self.rows.iter().map(|row| row.title.chars().count()).max().unwrap_or(0);
        let mut table = String::new();
        for row in &self.rows {
            let (word, detail) = match &row.outcome {
                Outcome::Passed => ("ok", tested(row.counts)),
                Outcome::Failed => ("FAILED", tested(row.counts)),
                Outcome::LeftOut(why) => ("left out", why.clone()),
            };
            let line = format!("{:width$}  {word:8}  {:7.1} s  {detail}", row.title, row.took.as_secs_f64());
            table.push_str(line.trim_end());
            table.push('\n');
        }
        table
    }

    /// The sum of all tests.
    pub fn counts(&self) -> Counts {
        let mut sum = Counts::default();
        self.rows.iter().for_each(|row| sum += row.counts);
        sum
    }
}

/// Runs something that isn't counted under a heading, and prints how long it took.
pub fn section(title: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("\n== {title}");
    let started = Instant::now();
    work()?;
    println!("-- {:.1} s", started.elapsed().as_secs_f64());
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
