//! The log, on stderr or in systemd's journal, and in a file of bounded size. On the way to both, everything that looks
//! like a token is masked.

mod file;
mod journal;

use std::io::{self, Write};
use std::{panic, thread};

use dyntray_agent::faults;
use dyntray_core::types::redact::redact;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::debug_fn;
use tracing_subscriber::prelude::*;
use tracing_subscriber::registry::LookupSpan;

use file::DETAILS;
pub use file::{LogFile, newest_in};

/// Starts logging: Dyntray's own steps, and other crates' warnings. `DYNTRAY_LOG` chooses otherwise, for example
/// `dyntray_agent=debug`.
///
/// The file keeps nothing until it is opened in a folder.
pub fn begin() -> LogFile {
    let usual = || {
        Targets::new()
            .with_default(Level::WARN)
            .with_targets([("dyntray", Level::INFO), ("dyntray_agent", Level::INFO)])
    };
    let wanted = std::env::var("DYNTRAY_LOG").ok().and_then(|targets| targets.parse::<Targets>().ok());
    let file = LogFile::default();
    let lines = lines(Lines::to(&file));
    tracing_subscriber::registry().with(lines.with_filter(wanted.unwrap_or_else(usual))).init();
    file
}

/// Writes each event as time, level, part of the program, sentence and details.
fn lines<S>(writer: Lines) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let fields = debug_fn(|writer, field, value| {
        if field.name() == "message" {
            write!(writer, "{value:?}")
        } else {
            write!(writer, "{field}={value:?}")
        }
    });
    tracing_subscriber::fmt::layer()
        .fmt_fields(fields.delimited(DETAILS))
        .with_writer(writer)
        .with_ansi(false)
}

/// Makes a [`Line`] for each event.
struct Lines {
    file: LogFile,
    stderr: Stderr,
}

/// The reader of standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stderr {
    /// A person, or a file of theirs.
    Person,
    /// systemd's journal.
    Journal,
}

impl Stderr {
    fn now() -> Self {
        if journal::is_stderr() { Stderr::Journal } else { Stderr::Person }
    }

    /// Writes one line of the log.
    fn write(self, level: Level, line: &str) {
        let written = match self {
            Stderr::Person => io::stderr().lock().write_all(line.as_bytes()),
            Stderr::Journal => io::stderr().lock().write_all(journal::line(level, line).as_bytes()),
        };
        // There is nowhere else to report that the log can't be written.
        drop(written);
    }
}

impl Lines {
    fn to(file: &LogFile) -> Self {
        Lines { file: file.clone(), stderr: Stderr::now() }
    }
}

/// Says on standard error why the program can't go on. In the journal each line counts as an error.
pub fn say_error(text: &str) {
    match Stderr::now() {
        Stderr::Person => eprintln!("{text}"),
        Stderr::Journal => eprint!("{}", journal::errors(text)),
    }
}

/// One event on its way to the log. It is written as a whole when it is dropped, however many pieces it came in.
struct Line {
    file: LogFile,
    stderr: Stderr,
    level: Level,
    text: Vec<u8>,
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { file: self.file.clone(), stderr: self.stderr, level: Level::INFO, text: Vec::new() }
    }

    fn make_writer_for(&'a self, event: &Metadata<'_>) -> Line {
        Line { file: self.file.clone(), stderr: self.stderr, level: *event.level(), text: Vec::new() }
    }
}

impl Write for Line {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let line = one_safe_line(&String::from_utf8_lossy(&self.text));
        self.stderr.write(self.level, &line);
        self.file.append(&line);
    }
}

/// Has every panic noted, and logged as one line, with everything masked that looks like a token: a panic's message may
/// quote anything.
pub fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let thread = thread::current();
        log_or_print(&format!("thread {} {panic}", thread.name().unwrap_or("without a name")));
        faults::panicked();
    }));
}

/// Logs `text`; before there is a log, it goes to stderr.
fn log_or_print(text: &str) {
    if tracing::dispatcher::has_been_set() {
        tracing::error!("{text}");
    } else {
        say_error(one_safe_line(text).trim_end());
    }
}

/// One line without secrets. A line break in what others send could otherwise fake a line of ours.
fn one_safe_line(text: &str) -> String {
    let mut line = redact(text.trim_end()).replace(|c: char| c.is_control(), " ");
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_logged_becomes_one_line_without_a_token() {
        let text =
            "2026-11-23T12:00:00Z  INFO dyntray: said=good abcd-efgh-ijkl\n2026-11-23T12:00:01Z ERROR x\n";
        let expected =
            "2026-11-23T12:00:00Z  INFO dyntray: said=good ****-****-**** 2026-11-23T12:00:01Z ERROR x\n";
        assert_eq!(one_safe_line(text), expected);
    }

    #[test]
    fn an_event_reaches_the_file_with_its_token_masked() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = LogFile::default();
        file.open(folder.path());
        let layer = lines(Lines::to(&file));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            tracing::warn!(line = "abcd-efgh-ijkl", secret = ?Some("abcd-efgh-ijkl"), "a canary");
        });
        let kept = file.newest(10);
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert!(kept[0].text.contains("a canary") && kept[0].text.contains("****-****-****"), "{kept:?}");
        assert!(!kept[0].text.contains("abcd"), "{kept:?}");
        assert_eq!(kept[0].message, "a canary", "{kept:?}");
    }
}
