//! The log: to stderr, and to a file that never outgrows its bounds. Whatever looks like a token is masked on the way
//! to both.

mod file;

use std::io::{self, Write};

use dyntray_core::types::redact::redact;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;

pub use file::{LogFile, newest_in};

/// Logs what Dyntray does, and what other crates warn of. `DYNTRAY_LOG` says otherwise: `dyntray_agent=debug`.
///
/// What is returned keeps nothing until it is told its folder.
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

/// One event on its way: it is written as a whole when it is dropped, however many pieces it came in.
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
        // There is nowhere else to say that the log can't be written.
        let _ = io::stderr().lock().write_all(line.as_bytes());
        self.file.append(&line);
    }
}

/// Says `text` on stderr and, where a log is kept, there.
pub fn say(text: &str) {
    if tracing::dispatcher::has_been_set() {
        tracing::error!("{text}");
    } else {
        eprint!("{}", one_safe_line(text));
    }
}

/// One line without secrets. What others send could hold line breaks, and so pretend to be lines of ours.
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
