//! When the program itself is at fault.
//!
//! A fault in work beside the loop ends as that work's start_error; the agent sees to it. One in the loop, in the drawing
//! of the tray or in whatever else the program can't be without would leave an icon that says "fine" for ever, and
//! nothing behind it. So the program begins anew, which costs nothing that matters: what it knows is written before it
//! acts on it. Where that doesn't last, it ends and says so.

use std::panic;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use dyntray_texts::Texts;

use crate::start_error::StartError;
use crate::{log, notify};

/// In the environment of a program that was started again.
const AGAIN: &str = "DYNTRAY_STARTED_AGAIN";

/// A program that was started again must have lasted so long before that is done once more.
const LASTING: Duration = Duration::from_mins(10);

/// Has every panic logged as one line, with what looks like a token masked: its message may quote anything.
pub fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let thread = thread::current();
        log::say(&format!("thread {} {panic}", thread.name().unwrap_or("without a name")));
    }));
}

/// Starts the program again in the place of this one, which has failed after it `began`. Where it may not or can't, the
/// person is told, as nobody would look after the host names any more.
pub fn begin_anew(began: Instant) -> ExitCode {
    if may_begin_anew(std::env::var_os(AGAIN).is_some(), began.elapsed()) {
        tracing::warn!("starting again after a fault");
        match start_again() {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => tracing::error!(%error, "the program can't be started again"),
        }
    }
    let said = StartError::Fault.said(&Texts::of_system());
    tracing::error!("{said}");
    notify::tell_at_the_end(said);
    ExitCode::FAILURE
}

fn may_begin_anew(was_again: bool, lasted: Duration) -> bool {
    !was_again || lasted >= LASTING
}

fn start_again() -> std::io::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(std::env::args_os().skip(1)).env(AGAIN, "1");
    become_it(command)
}

/// The same process goes on as the new program, so that a session or a terminal keeps what it started. It returns only
/// when it can't.
#[cfg(unix)]
fn become_it(mut command: Command) -> std::io::Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec())
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> std::io::Result<()> {
    command.spawn().map(|_| ())
}

/// Fails where a story wants it to: so many milliseconds after the start as `DYNTRAY_FAULT_AFTER` says. Programs that
/// are shipped don't have it.
#[cfg(debug_assertions)]
pub async fn on_purpose() {
    let after = std::env::var("DYNTRAY_FAULT_AFTER").ok().and_then(|after| after.parse().ok());
    let Some(after) = after else { return std::future::pending().await };
    tokio::time::sleep(Duration::from_millis(after)).await;
    panic!("a fault on purpose, with a secret in its words: abcd-efgh-ijkl");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_anew_once_and_then_only_what_had_lasted() {
        let short = Duration::from_secs(599);
        assert!(may_begin_anew(false, Duration::ZERO));
        assert!(!may_begin_anew(true, Duration::ZERO));
        assert!(!may_begin_anew(true, short));
        assert!(may_begin_anew(true, LASTING));
    }
}
