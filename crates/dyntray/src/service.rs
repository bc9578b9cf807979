//! The service without a desktop: notices go to the log, systemd is told the state, and SIGHUP has it look again.

use dyntray_agent::Handle;
use dyntray_agent::faults::fail_on_purpose;
use dyntray_core::state::notice::{Notice, NoticeGroup};
use dyntray_texts::{Language, Texts};
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::shutdown_signal::{HangUp, Reloads};

/// Writes every notice to the log, and tells systemd that the service is ready and the state of the host names, until
/// the task is ended. Where SIGHUP means that, the settings are read again and addresses looked up. Commands begin with
/// `program`.
pub async fn run(
    mut notices: mpsc::UnboundedReceiver<Notice>,
    agent: Handle,
    hang_up: HangUp,
    program: &'static str,
) {
    let mut snapshots = agent.snapshots.clone();
    fail_on_purpose("the service");
    // Before systemd knows that it may send one.
    let mut reloads = Reloads::heard(hang_up);
    notify_systemd(&State::Ready);
    if snapshots.borrow().entries.is_empty() {
        let language = Language::chosen(snapshots.borrow().language);
        tracing::warn!("{}", Texts::of(language).for_commands(program).no_host_name());
    }
    loop {
        let language = Language::chosen(snapshots.borrow().language);
        tokio::select! {
            Some(notice) = notices.recv() => {
                let texts = Texts::of(language).for_commands(program);
                let command = texts.command_after(&notice).map(|command| format!(" {command}")).unwrap_or_default();
                let text = texts.notification(&NoticeGroup::One(notice));
                if text.button.is_some() {
                    tracing::warn!("{}: {}{command}", text.summary, text.body);
                } else {
                    tracing::info!("{}: {}", text.summary, text.body);
                }
            }
            () = reloads.next() => {
                notify_systemd(&State::Reloading);
                agent.reload().await;
                notify_systemd(&State::Ready);
            }
            changed = snapshots.changed() => match changed {
                Ok(()) => {
                    let status = Texts::of(language).in_short(&snapshots.borrow_and_update(), Timestamp::now());
                    notify_systemd(&State::Status(&status));
                }
                Err(_) => return,
            },
        }
    }
}

/// Tells systemd that the program is ending.
pub fn ending() {
    notify_systemd(&State::Ending);
}

enum State<'a> {
    Ready,
    Reloading,
    Status(&'a str),
    Ending,
}

/// Tells systemd, if it started the service and listens.
#[cfg(target_os = "linux")]
fn notify_systemd(state: &State<'_>) {
    use sd_notify::NotifyState;
    let one_line;
    let state = match state {
        State::Ready => vec![NotifyState::Ready],
        // systemd wants to know that this isn't about a request of an earlier time (sd_notify(3)).
        State::Reloading => {
            [NotifyState::Reloading].into_iter().chain(NotifyState::monotonic_usec_now().ok()).collect()
        }
        State::Status(status) => {
            // A message to systemd has one assignment a line.
            one_line = status.replace('\n', " · ");
            vec![NotifyState::Status(&one_line)]
        }
        State::Ending => vec![NotifyState::Stopping],
    };
    if let Err(error) = sd_notify::notify(false, &state) {
        tracing::debug!(%error, "systemd couldn't be told");
    }
}

/// Other systems have no systemd.
#[cfg(not(target_os = "linux"))]
fn notify_systemd(state: &State<'_>) {
    match state {
        State::Ready | State::Reloading | State::Ending => {}
        State::Status(status) => tracing::debug!(status, "the service"),
    }
}
