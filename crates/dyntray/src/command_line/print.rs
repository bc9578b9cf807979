//! The output of commands, and the exit codes that go with it.

use std::io::{self, Write as _};
use std::process::ExitCode;

use dyntray_control::{LogLine, Response};
use dyntray_core::Snapshot;
use dyntray_texts::{Language, Texts};
use jiff::Timestamp;

use super::exit_code;
use crate::app_paths::AppPaths;
use crate::diagnostics::log_line;
use crate::rejection;

pub(super) fn texts_for(snapshot: &Snapshot) -> Texts {
    Texts::of(Language::chosen(snapshot.language))
}

/// The texts of a report. A service has no window that they could speak of.
fn texts_for_reader(snapshot: &Snapshot, paths: &AppPaths) -> Texts {
    let texts = texts_for(snapshot);
    if paths.is_service { texts.for_commands(paths.program()) } else { texts }
}

/// Prints a report; the exit code says how things are.
pub(super) fn print_report(
    snapshot: &Snapshot,
    paths: &AppPaths,
    report: fn(&Texts, &Snapshot, Timestamp) -> String,
) -> ExitCode {
    let texts = texts_for_reader(snapshot, paths);
    print(Ok(report(&texts, snapshot, Timestamp::now())), exit_code::of(snapshot))
}

/// Prints an explanation; the exit code says whether a person is needed.
pub(super) fn print_explanation(snapshot: &Snapshot, paths: &AppPaths) -> ExitCode {
    let text = texts_for_reader(snapshot, paths).why_report(snapshot, Timestamp::now());
    print(Ok(text), exit_code::of_explanation(snapshot))
}

/// Prints the snapshot as JSON, with the exit code of a report.
pub(super) fn print_snapshot(snapshot: &Snapshot) -> ExitCode {
    print(json(snapshot), exit_code::of(snapshot))
}

/// A value as JSON.
pub(super) fn json(value: &impl serde::Serialize) -> io::Result<String> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(io::Error::other)
}

/// Prints a text. The exit code is `code`, unless it can't be printed.
fn print(text: io::Result<String>, code: ExitCode) -> ExitCode {
    match written(text.and_then(|text| print_text(&text))) {
        ExitCode::SUCCESS => code,
        failed => failed,
    }
}

pub(super) fn print_text(text: &str) -> io::Result<()> {
    io::stdout().write_all(text.as_bytes())
}

/// Prints a line or more. The reader may have closed the pipe already.
pub(super) fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{}", text.trim_end());
}

pub(super) fn written(result: io::Result<()>) -> ExitCode {
    match result {
        // The reader may close the pipe early: `dyntray status | head -1`.
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

/// Prints the reason if the request was rejected.
pub(super) fn print_done(response: &Response) -> ExitCode {
    print_done_of(response, &[])
}

/// Prints the reason if the request was rejected, or if a secret stays that was to go. Mistakes belong to entries with these host names, in this order.
pub(super) fn print_done_of(response: &Response, hostnames: &[String]) -> ExitCode {
    match response {
        Response::Rejected { rejection } => {
            eprintln!("{}", rejection::text(&Texts::of_system(), rejection, hostnames));
            ExitCode::FAILURE
        }
        Response::Saved { secret_stays: Some(error), .. } => {
            let texts = Texts::of_system();
            eprintln!("{}", texts.say_with("secret-stays", &[("why", &texts.retryable_error(error))]));
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
