//! `cargo xtask audit`: what is known of the dependencies. What can't be asked from here is said, and isn't a failure.

use std::process::{Command, ExitCode};

use crate::{
    Result, command,
    count::Counts,
    node, package,
    report::{self, Report},
    tool,
};

/// Each is a test.
const RULES: [(&str, &str); 3] = [
    ("Crates: licences", "licenses"),
    ("Crates: what mustn't come in", "bans"),
    ("Crates: where they come from", "sources"),
];
const ADVISORIES: &str = "Crates: known weaknesses";
/// What npm is asked.
const NPM: [(&str, &[&str]); 2] =
    [("npm packages: signatures", &["audit", "signatures"]), ("npm packages: known weaknesses", &["audit"])];

/// Asks all of them.
pub fn audit() -> Result<ExitCode> {
    report::headed("Set-up: npm packages", node::prepare)?;
    tool::DENY.prepared()?;
    let mut report = Report::new(RULES.len() + 1 + NPM.len());
    for (title, rule) in RULES {
        report.step(title, || check(deny(&["check", rule])));
    }
    if deny(&["fetch", "db"]).is_ok() {
        report.step(ADVISORIES, || check(deny(&["--offline", "check", "advisories"])));
    } else {
        report.leave_out(ADVISORIES, "the database of advisories can't be reached");
    }
    for (title, question) in NPM {
        match asked_of_npm(question) {
            Told::Good(words) => report.step(title, || {
                println!("{words}");
                (Counts::PASSED, Ok(()))
            }),
            Told::Bad(words) => report.step(title, || (Counts::FAILED, Err(words))),
            Told::Nothing => report.leave_out(title, "the registry doesn't offer it, or can't be reached"),
        }
    }
    Ok(package::closed(&report))
}

fn deny(arguments: &[&str]) -> Result<()> {
    let mut deny = tool::DENY.prepared()?;
    command::run(deny.args(arguments))
}

fn check(end: Result<()>) -> (Counts, Result<()>) {
    (if end.is_ok() { Counts::PASSED } else { Counts::FAILED }, end)
}

/// What npm's registry said.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    Good(String),
    Bad(String),
    /// There was no answer to the question.
    Nothing,
}

fn asked_of_npm(question: &[&str]) -> Told {
    let mut npm: Command = command::npm();
    // Who doesn't answer at once won't.
    npm.args(question).args(["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]);
    println!("$ {}", command::spelled(&npm));
    match npm.output() {
        Ok(output) => {
            let words = [output.stdout, output.stderr].concat();
            told(output.status.success(), String::from_utf8_lossy(&words).trim())
        }
        Err(error) => Told::Bad(format!("npm can't be started: {error}")),
    }
}

/// npm ends in the same way when it found something and when it couldn't ask.
fn told(ended_well: bool, words: &str) -> Told {
    let no_answer =
        ["npm error network", "audit endpoint returned an error", "npm error code E4", "npm error code E5"];
    if ended_well {
        Told::Good(words.to_owned())
    } else if no_answer.iter().any(|sign| words.contains(sign)) {
        Told::Nothing
    } else {
        Told::Bad(words.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_that_cant_be_asked_is_told_from_one_that_found_something() {
        let silent = "npm warn audit 405 Method Not Allowed\n\nnpm error audit endpoint returned an error";
        assert_eq!(told(false, silent), Told::Nothing);
        assert_eq!(told(false, "npm error code ENOTFOUND\nnpm error network request failed"), Told::Nothing);
        assert!(matches!(told(false, "svelte  <5.1\nSeverity: high"), Told::Bad(_)));
        assert!(matches!(told(true, "found 0 vulnerabilities"), Told::Good(_)));
    }
}
