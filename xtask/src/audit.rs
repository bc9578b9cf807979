//! `cargo xtask audit`: licences, sources and known vulnerabilities of the dependencies. A database that can't be reached
//! is named, and is no failure.

use std::process::{Command, ExitCode};

use crate::{
    Result, command,
    count::Counts,
    node,
    report::{self, Report},
    steps::counted,
    tool,
};

/// The rules of cargo-deny that need no network; each is a test.
const RULES: [(&str, &str); 3] =
    [("Crates: licences", "licenses"), ("Crates: bans", "bans"), ("Crates: sources", "sources")];
const ADVISORIES: &str = "Crates: known vulnerabilities";
/// The questions to npm's registry.
const NPM: [(&str, &[&str]); 2] = [
    ("npm packages: signatures", &["audit", "signatures"]),
    ("npm packages: known vulnerabilities", &["audit"]),
];

/// Runs all checks.
pub fn audit() -> Result<ExitCode> {
    report::section("Set-up: npm packages", node::prepare)?;
    tool::DENY.command()?;
    let mut report = Report::new(RULES.len() + 1 + NPM.len());
    for (title, rule) in RULES {
        report.step(title, || counted(deny(&["check", rule])));
    }
    if deny(&["fetch", "db"]).is_ok() {
        report.step(ADVISORIES, || counted(deny(&["--offline", "check", "advisories"])));
    } else {
        report.leave_out(ADVISORIES, "the advisory database can't be reached");
    }
    for (title, question) in NPM {
        match ask_npm(question) {
            Answer::Clean(text) => report.step(title, || {
                println!("{text}");
                (Counts::PASSED, Ok(()))
            }),
            Answer::Findings(text) => report.step(title, || (Counts::FAILED, Err(text))),
            Answer::None => report.leave_out(title, "the registry doesn't offer it, or can't be reached"),
        }
    }
    Ok(report.finish())
}

fn deny(arguments: &[&str]) -> Result<()> {
    let mut deny = tool::DENY.command()?;
    command::run(deny.args(arguments))
}

/// The answer of npm's registry.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Clean(String),
    Findings(String),
    /// The registry didn't answer the question.
    None,
}

fn ask_npm(question: &[&str]) -> Answer {
    let mut npm: Command = command::npm();
    // A registry that doesn't answer at once won't answer later.
    npm.args(question).args(["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]);
    println!("$ {}", command::command_line(&npm));
    match npm.output() {
        Ok(output) => {
            let text = [output.stdout, output.stderr].concat();
            answer(output.status.success(), String::from_utf8_lossy(&text).trim())
        }
        Err(error) => Answer::Findings(format!("npm can't be started: {error}")),
    }
}

/// Reads npm's output: its exit code is the same for findings and for a registry that can't be asked.
fn answer(succeeded: bool, text: &str) -> Answer {
    let no_answer =
        ["npm error network", "audit endpoint returned an error", "npm error code E4", "npm error code E5"];
    if succeeded {
        Answer::Clean(text.to_owned())
    } else if no_answer.iter().any(|sign| text.contains(sign)) {
        Answer::None
    } else {
        Answer::Findings(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_that_cant_be_asked_is_distinguished_from_one_with_findings() {
        let silent = "npm warn audit 405 Method Not Allowed\n\nnpm error audit endpoint returned an error";
        assert_eq!(answer(false, silent), Answer::None);
        assert_eq!(answer(false, "npm error code ENOTFOUND\nnpm error network request failed"), Answer::None);
        assert!(matches!(answer(false, "svelte  <5.1\nSeverity: high"), Answer::Findings(_)));
        assert!(matches!(answer(true, "found 0 vulnerabilities"), Answer::Clean(_)));
    }
}
