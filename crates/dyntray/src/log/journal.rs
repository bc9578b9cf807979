//! The journal's form of a line: systemd reads a priority from the beginning of each line that a service writes to standard
//! error, as in `sd-daemon(3)`, and has its own time for it.

use tracing::Level;

/// The priority of a level, as the journal reads it from a line's beginning.
fn priority(level: Level) -> &'static str {
    match level {
        Level::ERROR => "<3>",
        Level::WARN => "<4>",
        Level::INFO => "<6>",
        Level::DEBUG | Level::TRACE => "<7>",
    }
}

/// A line of the log as the journal wants it: its priority instead of time and level.
pub(super) fn line(level: Level, line: &str) -> String {
    let without_time = line.split_once(' ').map_or(line, |(_, rest)| rest.trim_start());
    let text = without_time.strip_prefix(level.as_str()).map_or(without_time, str::trim_start);
    format!("{}{text}", priority(level))
}

/// A text of several lines as errors, each line for itself.
pub(super) fn errors(text: &str) -> String {
    text.lines().flat_map(|line| [priority(Level::ERROR), line, "\n"]).collect()
}

/// True if standard error is the journal. systemd says which file it gave a service (`systemd.exec(5)`), and the service
/// may have been given another one since, by a shell for example.
#[cfg(target_os = "linux")]
pub(super) fn is_stderr() -> bool {
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::MetadataExt as _;
    let Ok(said) = std::env::var("JOURNAL_STREAM") else { return false };
    let stderr = std::io::stderr().as_fd().try_clone_to_owned().map(std::fs::File::from);
    stderr.and_then(|file| file.metadata()).is_ok_and(|file| said == format!("{}:{}", file.dev(), file.ino()))
}

/// Other systems have no journal.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_stderr() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_journal_gets_a_priority_instead_of_time_and_level() {
        let warning = "2026-11-23T12:00:00.123456Z  WARN dyntray::service: refused\n";
        assert_eq!(line(Level::WARN, warning), "<4>dyntray::service: refused\n");
        let error = "2026-11-23T12:00:00.123456Z ERROR dyntray: it failed: WARN\n";
        assert_eq!(line(Level::ERROR, error), "<3>dyntray: it failed: WARN\n");
        assert_eq!(line(Level::INFO, "odd\n"), "<6>odd\n");
        assert_eq!(errors("a mistake\n  at its place"), "<3>a mistake\n<3>  at its place\n");
    }
}
