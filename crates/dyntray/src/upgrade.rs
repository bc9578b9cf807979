//! Notices that this program's file was replaced, says so, and starts the new one: by itself where nobody would notice,
//! otherwise when somebody asks for it. It looks when the loop has woken anyway, so it wakes nothing.

use std::io;
use std::process::Stdio;
use std::rc::Rc;
use std::time::{Duration, Instant};

use dyntray_core::state::health_issue::HealthIssue;
use tokio::process::Command;
use tokio::time::timeout;

use crate::own_program::{self, Replacement};
use crate::shell::Shell;

/// The time that the new program gets to tell its version.
const PATIENCE: Duration = Duration::from_secs(20);

/// The time until a file that didn't run is tried again, though it is still the same.
const LOOK_AGAIN: Duration = Duration::from_mins(10);

/// Watches until the program ends.
pub async fn watch(shell: Rc<Shell>) {
    let mut rounds = shell.agent().rounds.clone();
    let mut is_told = false;
    let mut failed: Option<(Replacement, Instant)> = None;
    while rounds.changed().await.is_ok() {
        let is_idle = rounds.borrow_and_update().is_idle;
        let Some(there) = own_program::replacement() else { continue };
        if !is_told {
            tracing::info!("another version of this program was installed");
            shell.agent().raise_issue(HealthIssue::ProgramReplaced).await;
            is_told = true;
        }
        let has_just_failed = failed.is_some_and(|(file, at)| file == there && at.elapsed() < LOOK_AGAIN);
        if !is_idle || shell.is_in_use() || has_just_failed {
            continue;
        }
        match runs().await {
            // Somebody may have come meanwhile.
            Ok(()) if shell.is_in_use() => {}
            Ok(()) => {
                tracing::info!("starting the version that was installed");
                return shell.restart();
            }
            // Somebody is still writing it.
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {}
            Err(why) => {
                tracing::warn!(%why, "the version that was installed doesn't run");
                failed = Some((there, Instant::now()));
            }
        }
    }
}

/// Whether the file in this program's place is a whole program that this machine can run: it may be half written, or lack
/// what is installed next.
async fn runs() -> io::Result<()> {
    let mut command = Command::new(own_program::path()?);
    command.arg("--version").kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = timeout(PATIENCE, command.status()).await.map_err(io::Error::from)??;
    if status.success() { Ok(()) } else { Err(io::Error::other(status.to_string())) }
}
