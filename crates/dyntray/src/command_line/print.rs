//! What commands print, and the exit codes that go with it.

use std::io::{self, Write as _};
use std::process::ExitCode;

use dyntray_control::{LogLine, Rejection, Response};
use dyntray_core::Snapshot;
use dyntray_core::present::Mood;
use dyntray_texts::{Language, Texts};
use jiff::Timestamp;

use crate::diagnostics::log_line;
use crate::mistakes::mistake;

/// An entry needs the person.
const NEEDS_YOU: u8 = 4;

pub(super) fn texts_for(snapshot: &Snapshot) -> Texts {
    Texts::of(Language::chosen(snapshot.language))
}

/// Prints a report; the exit code says whether a person is needed.
pub(super) fn print_report(
    snapshot: &Snapshot,
    report: fn(&Texts, &Snapshot, Timestamp) -> String,
) -> ExitCode {
    print(Ok(report(&texts_for(snapshot), snapshot, Timestamp::now())), snapshot)
}

/// Prints the snapshot as JSON; the exit code as for a report.
pub(super) fn print_snapshot(snapshot: &Snapshot) -> ExitCode {
    print(json(snapshot), snapshot)
}

/// Anything as JSON.
pub(super) fn json(value: &impl serde::Serialize) -> io::Result<String> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(io::Error::other)
}

fn print(text: io::Result<String>, snapshot: &Snapshot) -> ExitCode {
    match written(text.and_then(|text| print_text(&text))) {
        ExitCode::SUCCESS if snapshot.mood == Mood::NeedsYou => ExitCode::from(NEEDS_YOU),
        code => code,
    }
}

pub(super) fn print_text(text: &str) -> io::Result<()> {
    io::stdout().write_all(text.as_bytes())
}

pub(super) fn written(result: io::Result<()>) -> ExitCode {
    match result {
        // Whoever reads may have seen enough: `dyntray status | head -1`.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("dyntray: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

pub(super) fn print_lines(lines: &[LogLine]) -> ExitCode {
    if lines.is_empty() {
        eprintln!("{}", Texts::of_system().say("report-no-log"));
    }
    let text: String = lines.iter().map(|line| log_line(line) + "\n").collect();
    written(print_text(&text))
}

/// Says why something wasn't done, where it wasn't.
pub(super) fn print_done(answer: &Response) -> ExitCode {
    print_done_of(answer, &[])
}

/// The same, where mistakes may be those of host names in this order.
pub(super) fn print_done_of(answer: &Response, hostnames: &[String]) -> ExitCode {
    match answer {
        Response::Rejected { rejection } => {
            eprintln!("{}", refused(rejection, hostnames));
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Why the running program didn't do as asked, in the person's words.
fn refused(rejection: &Rejection, hostnames: &[String]) -> String {
    let texts = Texts::of_system();
    match rejection {
        Rejection::Fields { errors } => {
            let said: Vec<String> = errors.iter().map(|error| mistake(&texts, error, hostnames)).collect();
            said.join("\n")
        }
        Rejection::KeyringLocked => texts.say("refusal-keyring-locked"),
        Rejection::KeyringAbsent => {
            format!("{}\n{}", texts.say("refusal-keyring-absent"), texts.say("report-secrets-file"))
        }
        Rejection::SecretsReadOnly => texts.say("refusal-secrets-read-only"),
        Rejection::NotWritten { why } => texts.say_with("refusal-not-written", &[("why", why)]),
        Rejection::NoSuchEntry => texts.say("refusal-no-such-entry"),
        Rejection::NoWindow { why } => texts.say_with("refusal-no-window", &[("why", why)]),
        Rejection::NotShown { why } => texts.say_with("refusal-not-shown", &[("why", why)]),
        Rejection::NotUnderstood => texts.say("refusal-not-understood"),
    }
}
