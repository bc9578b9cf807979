//! A sequence of steps that may need each other.

use std::process::ExitCode;

use crate::{Result, count::Counts, report::Report};

/// A step of a sequence.
pub trait Step: Copy + PartialEq + 'static {
    /// The step's heading, also in the table at the end.
    fn title(self) -> &'static str;

    /// The steps that must succeed before this one.
    fn needs(self) -> &'static [Self];
}

/// Runs all steps except those that `left_out` has a reason for. A step that fails stops only those that need it.
pub fn run<S: Step>(
    steps: &[S],
    left_out: impl Fn(S) -> Option<String>,
    run: impl Fn(S) -> (Counts, Result<()>),
) -> ExitCode {
    let mut report = Report::new(steps.len());
    let mut failed: Vec<S> = Vec::new();
    for &step in steps {
        if let Some(why) = left_out(step) {
            report.leave_out(step.title(), why);
            continue;
        }
        if let Some(missing) = step.needs().iter().find(|needed| failed.contains(needed)) {
            report.leave_out(step.title(), format!("it needs \"{}\"", missing.title()));
            failed.push(step);
            continue;
        }
        let before = report.counts().failed;
        report.step(step.title(), || run(step));
        if report.counts().failed > before {
            failed.push(step);
        }
    }
    report.finish()
}

/// The result of a step that is no test: it counts only when it fails.
pub fn uncounted(result: Result<()>) -> (Counts, Result<()>) {
    (Counts::default(), result)
}

/// The result of a step that is one test.
pub fn counted(result: Result<()>) -> (Counts, Result<()>) {
    (if result.is_ok() { Counts::PASSED } else { Counts::FAILED }, result)
}

/// Asserts that each step comes after those it needs.
#[cfg(test)]
pub fn assert_in_order<S: Step + std::fmt::Debug>(steps: &[S]) {
    for (index, step) in steps.iter().enumerate() {
        for needed in step.needs() {
            assert!(steps[..index].contains(needed), "{step:?} needs {needed:?}");
        }
    }
}
