//! Without a desktop: what people would be told goes to the log, and systemd hears how things are.

use dyntray_agent::Handle;
use dyntray_core::state::notice::{Notice, Told};
use dyntray_texts::{Language, Texts};
use jiff::Timestamp;
use tokio::sync::mpsc;

/// Writes every notice to the log, and tells systemd that all is up and what the host names are at, until the task is
/// ended.
pub async fn tell(mut notices: mpsc::UnboundedReceiver<Notice>, handle: Handle) {
    let mut snapshots = handle.snapshots.clone();
    say(&State::Ready);
    if snapshots.borrow().entries.is_empty() {
        let language = Language::chosen(snapshots.borrow().language);
        tracing::warn!("{}", Texts::of(language).say("report-none"));
    }
    loop {
        let language = Language::chosen(snapshots.borrow().language);
        tokio::select! {
            Some(notice) = notices.recv() => {
                let text = Texts::of(language).told(&Told::One(notice));
                if text.action.is_some() {
                    tracing::warn!("{}: {}", text.summary, text.body);
                } else {
                    tracing::info!("{}: {}", text.summary, text.body);
                }
            }
            changed = snapshots.changed() => match changed {
                Ok(()) => {
                    let status = Texts::of(language).in_short(&snapshots.borrow_and_update(), Timestamp::now());
                    say(&State::Status(&status));
                }
                Err(_) => return,
            },
        }
    }
}

/// Tells systemd that the program is ending.
pub fn ending() {
    say(&State::Ending);
}

enum State<'a> {
    Ready,
    Status(&'a str),
    Ending,
}

/// Says it to whoever started the service, if that wants to hear.
#[cfg(target_os = "linux")]
fn say(state: &State<'_>) {
    use sd_notify::NotifyState;
    let state = match state {
        State::Ready => NotifyState::Ready,
        State::Status(status) => NotifyState::Status(status),
        State::Ending => NotifyState::Stopping,
    };
    if let Err(error) = sd_notify::notify(false, &[state]) {
        tracing::debug!(%error, "nobody hears what the service says");
    }
}

/// Elsewhere nobody waits to hear it.
#[cfg(not(target_os = "linux"))]
fn say(state: &State<'_>) {
    match state {
        State::Ready | State::Ending => {}
        State::Status(status) => tracing::debug!(status, "the service"),
    }
}
