//! Runs tests and counts them. Rust tests are run by nextest where it is installed, else by cargo.

use std::fs;

use crate::{
    Result, command,
    count::{self, Counts},
    screenshots, workspace,
};

/// The start of the line that a story prints when a program it needs isn't installed.
const SKIPPED: &str = "SKIPPED ";

/// A part of the workspace's tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tests {
    /// All tests except the desktop stories.
    Crates,
    /// The desktop stories.
    Stories,
}

/// Runs these tests.
pub fn run(tests: Tests) -> (Counts, Result<()>) {
    if command::succeeds(command::cargo().args(["nextest", "--version"])) {
        nextest(tests)
    } else {
        println!("cargo-nextest isn't installed: `cargo test` runs the tests, with less output.");
        libtest(tests)
    }
}

fn nextest(tests: Tests) -> (Counts, Result<()>) {
    // Many of the agent's tests wait for a time-out; each story starts a desktop.
    let (filter, threads) = match tests {
        Tests::Crates => ("not package(dyntray-stories)", 4),
        Tests::Stories => ("package(dyntray-stories)", 3),
    };
    let junit = workspace::root().join("target/nextest/default/junit.xml");
    let _ = fs::remove_file(&junit);
    let mut cargo = command::linting_cargo();
    cargo.args(["nextest", "run", "--workspace", "--no-fail-fast", "-E", filter]);
    cargo.args(["--test-threads", &threads.to_string()]);
    let (mut counts, result) = count_tests(|listen| command::run_and_listen(&mut cargo, listen));
    // nextest hides the output of passed tests; the report has it.
    let report = fs::read_to_string(junit).unwrap_or_default();
    let skipped: Vec<_> = report.lines().filter_map(skipped_story).collect();
    for story in &skipped {
        println!("{SKIPPED}{story}");
    }
    counts.skip(skipped.len());
    (counts, result)
}

fn libtest(tests: Tests) -> (Counts, Result<()>) {
    let mut cargo = command::linting_cargo();
    cargo.args(["test", "--no-fail-fast", "--tests"]);
    match tests {
        Tests::Crates => cargo.args(["--workspace", "--exclude", "dyntray-stories"]),
        // Stories in one process would share a display server: one at a time.
        Tests::Stories => cargo.args(["-p", "dyntray-stories", "--", "--test-threads=1", "--show-output"]),
    };
    let mut skipped = 0;
    let (mut counts, result) = count_tests(|listen| {
        command::run_and_listen(&mut cargo, |line| {
            skipped += usize::from(skipped_story(line).is_some());
            listen(line);
        })
    });
    counts.skip(skipped);
    (counts, result)
}

/// Runs the examples in the documentation.
pub fn doc_tests() -> (Counts, Result<()>) {
    let mut cargo = command::linting_cargo();
    cargo.args(["test", "--workspace", "--doc", "--no-fail-fast"]);
    count_tests(|listen| command::run_and_listen(&mut cargo, listen))
}

/// Runs the window's tests.
pub fn window_tests() -> (Counts, Result<()>) {
    let mut npm = command::npm();
    npm.arg("test");
    count_tests(|listen| command::run_and_listen(&mut npm, listen))
}

/// Takes pictures of the window's pages, each of which is a test, in both languages, both themes and a narrow window.
/// `cargo xtask screenshots` takes them in every look.
pub fn pictures() -> (Counts, Result<()>) {
    let mut camera = screenshots::camera(&screenshots::folder());
    camera.args(["light-en", "dark-de", "narrow-de"]);
    count_tests(|listen| command::run_and_listen(&mut camera, listen))
}

/// Adds up the summaries in the output of a run. A run that succeeds without a summary counts as failed.
pub fn count_tests(run: impl FnOnce(&mut (dyn FnMut(&str) + Send)) -> Result<()>) -> (Counts, Result<()>) {
    let mut counts = Counts::default();
    let mut summaries = 0;
    let result = run(&mut |line| {
        if let Some(more) = count::summary(line) {
            // nextest also shows the summary that a failed test printed: only its own counts.
            counts = if count::is_of_nextest(line) { more } else { counts + more };
            summaries += 1;
        }
    });
    match result {
        Ok(()) if summaries == 0 => (counts, Err("the run succeeded, but its summary wasn't found".into())),
        result => (counts, result),
    }
}

/// The story that was skipped, according to a line of output.
fn skipped_story(line: &str) -> Option<&str> {
    // In the report the first line of output follows an XML tag.
    let behind_tag = line.rfind('>').and_then(|tag| line.get(tag + 1..));
    line.strip_prefix(SKIPPED).or_else(|| behind_tag?.strip_prefix(SKIPPED))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[&str], result: Result<()>) -> (Counts, Result<()>) {
        count_tests(|listen| {
            for line in lines {
                listen(line);
            }
            result
        })
    }

    #[test]
    fn summaries_of_several_programs_are_added_up() {
        let line = "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(counted(&[line, "noise", line], Ok(())), (Counts::of(4, 0, 0), Ok(())));
    }

    #[test]
    fn the_output_of_a_failed_test_is_not_counted_beside_nextests_summary() {
        let own = "test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out";
        let all = "     Summary [   1.2s] 3 tests run: 2 passed, 1 failed, 0 skipped";
        assert_eq!(counted(&[own, all], Ok(())).0, Counts::of(2, 1, 0));
    }

    #[test]
    fn a_run_without_a_summary_is_no_success() {
        assert!(counted(&["Finished"], Ok(())).1.is_err());
    }

    #[test]
    fn skipped_stories_are_found_in_reports_and_in_plain_output() {
        let report = "            <system-err>SKIPPED a desktop: not installed: Xvfb";
        assert_eq!(skipped_story(report), Some("a desktop: not installed: Xvfb"));
        assert_eq!(
            skipped_story("SKIPPED a desktop: not installed: dunst"),
            Some("a desktop: not installed: dunst")
        );
        assert_eq!(
            skipped_story("SKIPPED a -> b: not installed: dunst"),
            Some("a -> b: not installed: dunst")
        );
        assert_eq!(skipped_story("a line about SKIPPED things"), None);
    }
}
