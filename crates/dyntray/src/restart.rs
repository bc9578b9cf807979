//! Restarting the program: after a failure of its own, in another desktop session, or as the version that was installed.
//!
//! A panic in work that is contained (`dyntray_agent::faults`) fails that work only; the agent handles it. A failure of the
//! loop, of the tray or of anything else, whatever thread it is in, would leave an icon that says "fine" for ever, with
//! nothing or less behind it. So the program starts again, which loses nothing: what it knows is on disk before it acts on it. If that fails
//! again soon, it ends and says so.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use dyntray_control::DesktopSession;
use dyntray_texts::Texts;
use dyntray_texts::notice::NoticeText;

use crate::app_error::AppError;
use crate::{notification, own_program};

/// In the environment of a program that was restarted.
const AGAIN: &str = "DYNTRAY_STARTED_AGAIN";

/// A restarted program must have run for so long before it is restarted once more.
const LASTING: Duration = Duration::from_mins(10);

/// In the environment of a program that has taken the place of another version.
const UPGRADED: &str = "DYNTRAY_UPGRADED";

/// True if this program has taken the place of another version: nobody expects a window.
pub fn was_upgraded() -> bool {
    std::env::var_os(UPGRADED).is_some()
}

/// True if this is such a new start: nobody has just asked for the program.
pub fn was_restarted() -> bool {
    std::env::var_os(AGAIN).is_some()
}

/// Replaces this program, which was started at `began` and has failed, with a new start of it. Where that isn't
/// allowed or fails, the person is told, since nothing keeps the host names up to date any more.
pub fn restart(began: Instant) -> ExitCode {
    if may_restart(was_restarted(), began.elapsed()) {
        tracing::warn!("starting again after a fault");
        match start_again() {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => tracing::error!(%error, "the program can't be started again"),
        }
    }
    let texts = Texts::of_system();
    let text = AppError::PartFailed.text(&texts);
    tracing::error!("{text}");
    notification::tell_at_the_end(&NoticeText::of_program(&texts, text));
    ExitCode::FAILURE
}

/// Replaces this program with a new start of it in `session`.
pub fn move_to(session: &DesktopSession) -> ExitCode {
    let moved = again().and_then(|mut command| {
        for (variable, value) in session.variables() {
            match value {
                Some(value) => command.env(variable, value),
                None => command.env_remove(variable),
            };
        }
        replace_process(command)
    });
    told(moved, "the program can't be started again in another session")
}

/// Replaces this program with a start of the file that is in its place.
pub fn into_installed() -> ExitCode {
    let replaced = again().and_then(|mut command| {
        command.env(UPGRADED, "1").env_remove(AGAIN);
        replace_process(command)
    });
    told(replaced, "the program can't be started again")
}

/// The exit code of a process that should have been replaced. A failure is told in the log.
fn told(replaced: std::io::Result<()>, failure: &str) -> ExitCode {
    match replaced {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "{failure}");
            ExitCode::FAILURE
        }
    }
}

fn may_restart(was_restarted: bool, ran_for: Duration) -> bool {
    !was_restarted || ran_for >= LASTING
}

fn start_again() -> std::io::Result<()> {
    let mut command = again()?;
    command.env(AGAIN, "1");
    replace_process(command)
}

/// The command that started this program.
fn again() -> std::io::Result<Command> {
    let mut command = Command::new(own_program::path()?);
    command.args(std::env::args_os().skip(1));
    Ok(command)
}

/// Replaces this process, so that a session or a terminal keeps what it started. It returns only when it can't.
#[cfg(unix)]
fn replace_process(mut command: Command) -> std::io::Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec())
}

#[cfg(not(unix))]
fn replace_process(mut command: Command) -> std::io::Result<()> {
    command.spawn().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_restarts_once_and_again_only_after_it_has_run_for_a_while() {
        let short = Duration::from_secs(599);
        assert!(may_restart(false, Duration::ZERO));
        assert!(!may_restart(true, Duration::ZERO));
        assert!(!may_restart(true, short));
        assert!(may_restart(true, LASTING));
    }
}
