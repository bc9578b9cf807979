//! Running Rust tests and counting them: by nextest where it is installed, else by cargo alone.

use std::fs;

use crate::{
    Result, command,
    count::{self, Counts},
    screenshots, workspace,
};

/// What the stories print when a part they need isn't installed.
const SKIPPED: &str = "SKIPPED ";

/// Which of the workspace's tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tests {
    /// All but the desktop stories.
    Crates,
    /// The desktop stories.
    Stories,
}

/// Builds all programs and tests with one set of features, so that nothing is compiled twice later.
pub fn build_all() -> Result<()> {
    command::run(command::cargo().args(["build", "--workspace", "--all-targets"]))
}

/// Runs them.
pub fn run(tests: Tests) -> (Counts, Result<()>) {
    if command::succeeds(command::cargo().args(["nextest", "--version"])) {
        nextest(tests)
    } else {
        println!("cargo-nextest isn't installed: `cargo test` does it, with less to see.");
        libtest(tests)
    }
}

fn nextest(tests: Tests) -> (Counts, Result<()>) {
    // Many of the agent's tests wait for a time-out to pass; each story starts a desktop.
    let (filter, at_once) = match tests {
        Tests::Crates => ("not package(dyntray-stories)", 4),
        Tests::Stories => ("package(dyntray-stories)", 3),
    };
    let junit = workspace::root().join("target/nextest/default/junit.xml");
    let _ = fs::remove_file(&junit);
    let mut cargo = command::cargo();
    cargo.args(["nextest", "run", "--workspace", "--no-fail-fast", "-E", filter]);
    cargo.args(["--test-threads", &at_once.to_string()]);
    let (mut counts, end) = count_tests(|listen| command::run_and_listen(&mut cargo, listen));
    // Passed tests are silent; the report has what they printed.
    let report = fs::read_to_string(junit).unwrap_or_default();
    let skipped: Vec<_> = report.lines().filter_map(skip).collect();
    for story in &skipped {
        println!("{SKIPPED}{story}");
    }
    counts.skip(skipped.len());
    (counts, end)
}

fn libtest(tests: Tests) -> (Counts, Result<()>) {
    let mut cargo = command::cargo();
    cargo.args(["test", "--no-fail-fast", "--tests"]);
    match tests {
        Tests::Crates => cargo.args(["--workspace", "--exclude", "dyntray-stories"]),
        // Stories that share a process share its display server's luck as well: one at a time.
        Tests::Stories => cargo.args(["-p", "dyntray-stories", "--", "--test-threads=1", "--show-output"]),
    };
    let mut skipped = 0;
    let (mut counts, end) = count_tests(|listen| {
        command::run_and_listen(&mut cargo, |line| {
            skipped += usize::from(skip(line).is_some());
            listen(line);
        })
    });
    counts.skip(skipped);
    (counts, end)
}

/// The documentation's examples.
pub fn doc_tests() -> (Counts, Result<()>) {
    let mut cargo = command::cargo();
    cargo.args(["test", "--workspace", "--doc", "--no-fail-fast"]);
    count_tests(|listen| command::run_and_listen(&mut cargo, listen))
}

/// The window's tests.
pub fn window_tests() -> (Counts, Result<()>) {
    let mut npm = command::npm();
    npm.arg("test");
    count_tests(|listen| command::run_and_listen(&mut npm, listen))
}

/// The pictures of the window's pages, each of which is a test: both languages, both themes, and a narrow window.
/// `cargo xtask screenshots` takes them in every look.
pub fn pictures() -> (Counts, Result<()>) {
    let mut camera = screenshots::camera(&screenshots::folder());
    camera.args(["light-en", "dark-de", "narrow-de"]);
    count_tests(|listen| command::run_and_listen(&mut camera, listen))
}

/// Adds up the summaries among the lines of a run. A run that says it went well, but no word of its tests, didn't.
pub fn count_tests(run: impl FnOnce(&mut (dyn FnMut(&str) + Send)) -> Result<()>) -> (Counts, Result<()>) {
    let mut counts = Counts::default();
    let mut summaries = 0;
    let end = run(&mut |line| {
        if let Some(more) = count::in_line(line) {
            // nextest shows what a failed test printed, its own summary included: only the last word is its own.
            counts = if count::is_final(line) { more } else { counts + more };
            summaries += 1;
        }
    });
    match end {
        Ok(()) if summaries == 0 => (counts, Err("the run ended well, but its summary wasn't found".into())),
        end => (counts, end),
    }
}

/// The story that a line says was skipped.
fn skip(line: &str) -> Option<&str> {
    // In the report the first line of output follows its XML tag.
    let behind_tag = line.rfind('>').and_then(|tag| line.get(tag + 1..));
    line.strip_prefix(SKIPPED).or_else(|| behind_tag?.strip_prefix(SKIPPED))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &[&str], end: Result<()>) -> (Counts, Result<()>) {
        count_tests(|listen| {
            for line in lines {
                listen(line);
            }
            end
        })
    }

    #[test]
    fn summaries_of_several_programs_are_added_up() {
        let line = "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(told(&[line, "noise", line], Ok(())), (Counts::of(4, 0, 0), Ok(())));
    }

    #[test]
    fn what_a_failed_test_printed_is_not_counted_beside_nextests_own_words() {
        let own = "test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out";
        let all = "     Summary [   1.2s] 3 tests run: 2 passed, 1 failed, 0 skipped";
        assert_eq!(told(&[own, all], Ok(())).0, Counts::of(2, 1, 0));
    }

    #[test]
    fn silence_is_no_success() {
        assert!(told(&["Finished"], Ok(())).1.is_err());
    }

    #[test]
    fn skipped_stories_are_found_in_reports_and_in_plain_output() {
        let report = "            <system-err>SKIPPED a desktop: not installed: Xvfb";
        assert_eq!(skip(report), Some("a desktop: not installed: Xvfb"));
        assert_eq!(skip("SKIPPED a desktop: not installed: dunst"), Some("a desktop: not installed: dunst"));
        assert_eq!(skip("SKIPPED a -> b: not installed: dunst"), Some("a -> b: not installed: dunst"));
        assert_eq!(skip("a line about SKIPPED things"), None);
    }
}
