//! The service without a desktop: notices go to the log, and systemd is told the state.

use dyntray_agent::Handle;
use dyntray_core::state::notice::{Notice, NoticeGroup};
use dyntray_texts::{Language, Texts};
use jiff::Timestamp;
use tokio::sync::mpsc;

/// Writes every notice to the log, and tells systemd that the service is ready and the state of the host names, until
/// the task is ended.
pub async fn run(mut notices: mpsc::UnboundedReceiver<Notice>, agent: Handle) {
    let mut snapshots = agent.snapshots.clone();
    notify_systemd(&State::Ready);
    if snapshots.borrow().entries.is_empty() {
        let language = Language::chosen(snapshots.borrow().language);
        tracing::warn!("{}", Texts::of(language).say("report-none"));
    }
    loop {
        let language = Language::chosen(snapshots.borrow().language);
        tokio::select! {
            Some(notice) = notices.recv() => {
                let text = Texts::of(language).notification(&NoticeGroup::One(notice));
                if text.button.is_some() {
                    tracing::warn!("{}: {}", text.summary, text.body);
                } else {
                    tracing::info!("{}: {}", text.summary, text.body);
                }
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
    Status(&'a str),
    Ending,
}

/// Tells systemd, if it started the service and listens.
#[cfg(target_os = "linux")]
fn notify_systemd(state: &State<'_>) {
    use sd_notify::NotifyState;
    let state = match state {
        State::Ready => NotifyState::Ready,
        State::Status(status) => NotifyState::Status(status),
        State::Ending => NotifyState::Stopping,
    };
    if let Err(error) = sd_notify::notify(false, &[state]) {
        tracing::debug!(%error, "systemd couldn't be told");
    }
}

/// Other systems have no systemd.
#[cfg(not(target_os = "linux"))]
fn notify_systemd(state: &State<'_>) {
    match state {
        State::Ready | State::Ending => {}
        State::Status(status) => tracing::debug!(status, "the service"),
    }
}
