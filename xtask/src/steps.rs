//! Steps that build on each other, taken one after the other.

use std::process::ExitCode;

use crate::{Result, count::Counts, report::Report};

/// One of several steps.
pub trait Step: Copy + PartialEq + 'static {
    /// Its heading, and its line in the table.
    fn title(self) -> &'static str;

    /// The steps without which this one can't go well.
    fn needs(self) -> &'static [Self];
}

/// Takes all steps but those that `left_out` has a reason against, whatever happens to the ones they don't need. The
/// last line is the sum of all single tests.
pub fn take<S: Step>(
    steps: &[S],
    left_out: impl Fn(S) -> Option<String>,
    perform: impl Fn(S) -> (Counts, Result<()>),
) -> ExitCode {
    let mut report = Report::new(steps.len());
    let mut missed: Vec<S> = Vec::new();
    for &step in steps {
        if let Some(why) = left_out(step) {
            report.leave_out(step.title(), why);
            continue;
        }
        if let Some(lacking) = step.needs().iter().find(|needed| missed.contains(needed)) {
            report.leave_out(step.title(), format!("it needs \"{}\"", lacking.title()));
            missed.push(step);
            continue;
        }
        let before = report.counts().failed;
        report.step(step.title(), || perform(step));
        if report.counts().failed > before {
            missed.push(step);
        }
    }
    println!("\n== All steps, {:.0} s\n{}", report.took().as_secs_f64(), report.table());
    println!("{}", report.counts().line());
    if report.counts().failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A step that only others need: it counts when it fails.
pub fn work(end: Result<()>) -> (Counts, Result<()>) {
    (Counts::default(), end)
}

/// A step that is one test.
pub fn check(end: Result<()>) -> (Counts, Result<()>) {
    (if end.is_ok() { Counts::PASSED } else { Counts::FAILED }, end)
}

/// Each step must come after those it needs.
#[cfg(test)]
pub fn assert_in_order<S: Step + std::fmt::Debug>(steps: &[S]) {
    for (place, step) in steps.iter().enumerate() {
        for needed in step.needs() {
            assert!(steps[..place].contains(needed), "{step:?} needs {needed:?}");
        }
    }
}
