//! Counts of tests, read from the summaries of test runners.

use std::ops::{Add, AddAssign};

/// The number of tests by outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    /// Tests that can't run on this machine.
    pub skipped: usize,
}

impl Counts {
    pub const PASSED: Self = Self::of(1, 0, 0);
    pub const FAILED: Self = Self::of(0, 1, 0);

    pub const fn of(passed: usize, failed: usize, skipped: usize) -> Self {
        Self { passed, failed, skipped }
    }

    /// The closing line: `N passed, N failed`, and the number of skipped tests if there are any.
    pub fn line(self) -> String {
        let Self { passed, failed, skipped } = self;
        match skipped {
            0 => format!("{passed} passed, {failed} failed"),
            _ => format!("{passed} passed, {failed} failed, {skipped} skipped"),
        }
    }

    /// Moves tests from passed to skipped: those that did nothing because they can't run here.
    pub fn skip(&mut self, skipped: usize) {
        let skipped = skipped.min(self.passed);
        self.passed -= skipped;
        self.skipped += skipped;
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// The counts in a line of output without colours, if it is a summary.
pub fn summary(line: &str) -> Option<Counts> {
    let line = line.trim();
    nextest(line).or_else(|| libtest(line)).or_else(|| vitest(line)).or_else(|| camera(line))
}

/// Tells nextest's summary, beside which no other line of the run counts.
pub fn is_of_nextest(line: &str) -> bool {
    nextest(line.trim()).is_some()
}

/// `Summary [   1.2s] 46 tests run: 44 passed (1 slow), 1 failed, 1 timed out, 3 skipped`. nextest's skipped tests weren't
/// selected (filtered out, or helpers of another test), so they aren't counted as skipped.
fn nextest(line: &str) -> Option<Counts> {
    let (_, rest) = line.strip_prefix("Summary [")?.split_once(']')?;
    let (_, ends) = rest.split_once("run:")?;
    let mut counts = Counts::default();
    for (number, word) in numbered(&outside_parentheses(ends), ',') {
        match word {
            "passed" => counts.passed += number,
            "skipped" => {}
            // "failed", "timed out", "exec failed": all of these are failures.
            _ => counts.failed += number,
        }
    }
    Some(counts)
}

/// `test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s`
fn libtest(line: &str) -> Option<Counts> {
    let (_, ends) = line.strip_prefix("test result: ")?.split_once(". ")?;
    Some(listed(ends, ';'))
}

/// `Tests  1 failed | 11 passed | 2 skipped (14)`
fn vitest(line: &str) -> Option<Counts> {
    Some(listed(&outside_parentheses(line.strip_prefix("Tests  ")?), '|'))
}

/// `Pictures: 311 passed, 1 failed`, the last line of `ui/pictures/camera.mjs`.
fn camera(line: &str) -> Option<Counts> {
    Some(listed(line.strip_prefix("Pictures: ")?, ','))
}

fn listed(list: &str, separator: char) -> Counts {
    let mut counts = Counts::default();
    for (number, word) in numbered(list, separator) {
        match word {
            "passed" => counts.passed += number,
            "failed" => counts.failed += number,
            "skipped" | "todo" => counts.skipped += number,
            _ => {}
        }
    }
    counts
}

fn numbered(list: &str, separator: char) -> impl Iterator<Item = (usize, &str)> {
    list.split(separator).filter_map(|item| {
        let (number, word) = item.trim().split_once(' ')?;
        Some((number.parse().ok()?, word.trim()))
    })
}

fn outside_parentheses(text: &str) -> String {
    let mut depth = 0_usize;
    let mut outside = String::new();
    for letter in text.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(letter),
            _ => {}
        }
    }
    outside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_of_nextest_are_read() {
        let plain = "     Summary [   0.123s] 46 tests run: 46 passed, 0 skipped";
        assert_eq!(summary(plain), Some(Counts::of(46, 0, 0)));
        let one = "     Summary [   0.123s] 1 test run: 1 passed, 12 skipped";
        assert_eq!(summary(one), Some(Counts::of(1, 0, 0)));
        let mixed = "Summary [ 190.1s] 49 tests run: 44 passed (2 slow, 1 flaky), 2 failed (1 leaky), 3 timed out, 3 skipped";
        assert_eq!(summary(mixed), Some(Counts::of(44, 5, 0)));
        let cancelled = "Summary [   1.0s] 3/46 tests run: 2 passed, 1 exec failed, 0 skipped";
        assert_eq!(summary(cancelled), Some(Counts::of(2, 1, 0)));
        let none = "Summary [   0.000s] 0 tests run: 0 passed, 0 skipped";
        assert_eq!(summary(none), Some(Counts::default()));
    }

    #[test]
    fn summaries_of_libtest_are_read() {
        let good =
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 9 filtered out; finished in 0.00s";
        assert_eq!(summary(good), Some(Counts::of(3, 0, 0)));
        let bad = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(summary(bad), Some(Counts::of(3, 2, 0)));
    }

    #[test]
    fn summaries_of_vitest_are_read() {
        assert_eq!(summary("      Tests  12 passed (12)"), Some(Counts::of(12, 0, 0)));
        let mixed = "      Tests  1 failed | 11 passed | 2 skipped | 1 todo (15)";
        assert_eq!(summary(mixed), Some(Counts::of(11, 1, 3)));
        assert_eq!(summary(" Test Files  3 passed (3)"), None);
        assert_eq!(summary("      Tests  no tests"), Some(Counts::default()));
    }

    #[test]
    fn summaries_of_the_camera_are_read() {
        assert_eq!(summary("Pictures: 311 passed, 1 failed"), Some(Counts::of(311, 1, 0)));
        assert_eq!(summary("Pictures are in /somewhere/target/screenshots"), None);
    }

    #[test]
    fn other_lines_are_no_summaries() {
        for line in ["", "PASS [ 0.1s] core::decide 1 passed", "test a_test ... ok", "Summary of changes"] {
            assert_eq!(summary(line), None, "{line}");
        }
    }

    #[test]
    fn the_closing_line_names_skipped_tests_only_if_there_are_any() {
        let mut counts = Counts::of(12, 1, 0);
        assert_eq!(counts.line(), "12 passed, 1 failed");
        counts.skip(2);
        assert_eq!(counts.line(), "10 passed, 1 failed, 2 skipped");
    }
}
