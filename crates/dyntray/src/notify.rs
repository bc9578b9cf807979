//! Shows notifications, and does what their button says.

use std::time::Duration;

use dyntray_control::Page;
use dyntray_core::Snapshot;
use dyntray_core::notice::{Cause, Notice};
use dyntray_texts::notice::NoticeText;
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
        tokio::task::spawn_local(show(text, page_for(&notice), wish.clone()));
    }
}

/// Tells something about the program itself.
pub fn tell(body: String) {
    let text = NoticeText { summary: "Dyntray".to_owned(), body, action: None };
    let (nowhere, _) = mpsc::unbounded_channel();
    tokio::task::spawn_local(show(text, Page::Status, nowhere));
}

/// Where the button leads: a refused secret to its field, everything else to what the entry is at.
fn page_for(notice: &Notice) -> Page {
    match &notice.cause {
        Cause::Halted { reason } if reason.is_about_secret() => Page::NewToken { entry: notice.entry },
        _ => Page::Status,
    }
}

async fn show(text: NoticeText, page: Page, wish: mpsc::UnboundedSender<Wish>) {
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
        let mut pressed = false;
        let answered = handle.wait_for_action_async(|response| pressed = is_press(response));
        if tokio::time::timeout(FORGOTTEN, answered).await.is_ok() && pressed {
            // It can only fail when the program is ending.
            let _ = wish.send(Wish::Open(page));
        }
    }
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    {
        let _ = (page, wish, FORGOTTEN);
        if let Err(error) = notification.show() {
            tracing::warn!(%error, summary = text.summary, "no notification could be shown");
        }
    }
}

/// Whether the button was pressed, or the notification itself.
#[cfg(all(unix, not(target_os = "macos")))]
fn is_press(response: &NotificationResponse) -> bool {
    match response {
        NotificationResponse::Default => true,
        NotificationResponse::Action(key) => key == ACTION,
        _ => false,
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
