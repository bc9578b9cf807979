//! The log, on stderr and in a file of bounded size. On the way to both, everything that looks like a token is masked.

mod file;

use std::io::{self, Write};
use std::{panic, thread};

use dyntray_core::types::redact::redact;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;

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
    let lines = tracing_subscriber::fmt::layer().with_writer(Lines { file: file.clone() }).with_ansi(false);
    tracing_subscriber::registry().with(lines.with_filter(wanted.unwrap_or_else(usual))).init();
    file
}

/// Makes a [`Line`] for each event.
struct Lines {
    file: LogFile,
}

/// One event on its way to the log. It is written as a whole when it is dropped, however many pieces it came in.
struct Line {
    file: LogFile,
    text: Vec<u8>,
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { file: self.file.clone(), text: Vec::new() }
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
        // There is nowhere else to report that the log can't be written.
        let _ = io::stderr().lock().write_all(line.as_bytes());
        self.file.append(&line);
    }
}

/// Has every panic logged as one line, with everything masked that looks like a token: a panic's message may quote
/// anything.
pub fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let thread = thread::current();
        log_or_print(&format!("thread {} {panic}", thread.name().unwrap_or("without a name")));
    }));
}

/// Logs `text`; before there is a log, it goes to stderr.
fn log_or_print(text: &str) {
    if tracing::dispatcher::has_been_set() {
        tracing::error!("{text}");
    } else {
        eprint!("{}", one_safe_line(text));
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
        let lines = Lines { file: file.clone() };
        let layer = tracing_subscriber::fmt::layer().with_writer(lines).with_ansi(false);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            tracing::warn!(line = "abcd-efgh-ijkl", secret = ?Some("abcd-efgh-ijkl"), "a canary");
        });
        let kept = file.newest(10);
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert!(kept[0].text.contains("a canary") && kept[0].text.contains("****-****-****"), "{kept:?}");
        assert!(!kept[0].text.contains("abcd"), "{kept:?}");
    }
}
