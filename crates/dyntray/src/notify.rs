//! Shows notifications, and does what their button says.

use std::time::Duration;

use dyntray_control::Page;
use dyntray_core::Snapshot;
use dyntray_core::notice::{Cause, Notice};
use dyntray_texts::notice::NoticeText;
use dyntray_texts::tray::Press;
use dyntray_texts::{Language, Texts};
#[cfg(all(unix, not(target_os = "macos")))]
use notify_rust::NotificationResponse;
use notify_rust::{Notification, Timeout};
use tokio::sync::{mpsc, watch};

use crate::compose::Wish;

/// The button's key in the desktop's protocol.
const ACTION: &str = "go";
/// A notification that nobody touched for so long is forgotten.
const FORGOTTEN: Duration = Duration::from_hours(1);

/// Shows every notice until the agent ends.
pub async fn run(
    mut notices: mpsc::UnboundedReceiver<Notice>,
    snapshots: watch::Receiver<Snapshot>,
    wish: mpsc::UnboundedSender<Wish>,
) {
    while let Some(notice) = notices.recv().await {
        let language = Language::chosen(snapshots.borrow().language);
        let text = Texts::of(language).notice(&notice);
        tokio::task::spawn_local(show(text, wishes_for(&notice), wish.clone()));
    }
}

/// Tells something about the program itself.
pub fn tell(body: String) {
    let text = NoticeText { summary: "Dyntray".to_owned(), body, action: None };
    let (nowhere, _) = mpsc::unbounded_channel();
    tokio::task::spawn_local(show(text, [Wish::Open(Page::Status), Wish::Open(Page::Status)], nowhere));
}

/// What a press on the notification does, and what its button does. A refused secret leads to its field, everything
/// else to what the entry is at; only the button makes a network home.
fn wishes_for(notice: &Notice) -> [Wish; 2] {
    let token = || Wish::Open(Page::NewToken { entry: notice.entry });
    match &notice.cause {
        Cause::Halted { reason } if reason.is_about_secret() => [token(), token()],
        Cause::Elsewhere => [Wish::Open(Page::Status), Wish::Pressed(Press::ThisIsHome)],
        _ => [Wish::Open(Page::Status), Wish::Open(Page::Status)],
    }
}

async fn show(text: NoticeText, [on_itself, on_button]: [Wish; 2], wish: mpsc::UnboundedSender<Wish>) {
    let mut notification = Notification::new();
    notification.appname("Dyntray").summary(&text.summary).body(&escaped(&text.body)).icon("dyntray");
    if let Some(label) = &text.action {
        // What needs a person stays until the person comes.
        notification.action(ACTION, label).timeout(Timeout::Never);
    }
    #[cfg(all(unix, not(target_os = "macos")))]
    {
        let handle = match notification.show_async().await {
            Ok(handle) => handle,
            Err(error) => {
                return tracing::warn!(%error, summary = text.summary, "no notification could be shown");
            }
        };
        let mut pressed = Pressed::Nothing;
        let answered = handle.wait_for_action_async(|response| pressed = press_of(response));
        let in_time = tokio::time::timeout(FORGOTTEN, answered).await.is_ok();
        let wished = match pressed {
            Pressed::Itself if in_time => on_itself,
            Pressed::Button if in_time => on_button,
            _ => return,
        };
        // It can only fail when the program is ending.
        let _ = wish.send(wished);
    }
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    {
        let _ = (on_itself, on_button, wish, FORGOTTEN);
        if let Err(error) = notification.show() {
            tracing::warn!(%error, summary = text.summary, "no notification could be shown");
        }
    }
}

/// What of a notification was pressed.
#[cfg(all(unix, not(target_os = "macos")))]
#[derive(Clone, Copy)]
enum Pressed {
    Nothing,
    Itself,
    Button,
}

#[cfg(all(unix, not(target_os = "macos")))]
fn press_of(response: &NotificationResponse) -> Pressed {
    match response {
        NotificationResponse::Default => Pressed::Itself,
        NotificationResponse::Action(key) if key == ACTION => Pressed::Button,
        _ => Pressed::Nothing,
    }
}

/// Bodies are markup on the free desktops, and a host name or a server's line may hold anything.
fn escaped(text: &str) -> String {
    if cfg!(all(unix, not(target_os = "macos"))) {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::form::LoginKind;
    use dyntray_core::reply::HaltReason;
    use dyntray_core::settings::EntryId;

    fn wishes(cause: Cause) -> [Wish; 2] {
        let hostname = "home.spdns.de".to_owned();
        wishes_for(&Notice { entry: EntryId(7), hostname, login: LoginKind::Token, cause })
    }

    #[test]
    fn only_the_button_makes_a_network_home() {
        let [on_itself, on_button] = wishes(Cause::Elsewhere);
        assert!(matches!(on_itself, Wish::Open(Page::Status)));
        assert!(matches!(on_button, Wish::Pressed(Press::ThisIsHome)));
    }

    #[test]
    fn a_refused_token_leads_to_its_field_wherever_it_is_pressed() {
        for wish in wishes(Cause::Halted { reason: HaltReason::BadAuth }) {
            assert!(matches!(wish, Wish::Open(Page::NewToken { entry: EntryId(7) })));
        }
        for wish in wishes(Cause::AnotherUpdater) {
            assert!(matches!(wish, Wish::Open(Page::Status)));
        }
    }
}
