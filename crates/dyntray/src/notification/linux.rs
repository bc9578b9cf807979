//! Notifications of freedesktop.org desktops, over the session bus.

mod activation;

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use dyntray_texts::notice::NoticeText;
use notify_rust::error::Error;
use notify_rust::{Hint, Notification, NotificationHandle, NotificationResponse, Timeout, Urgency};

use self::activation::ActivationTokens;
use super::pressed::{ACTION, LONGEST_CLOSING, Part, Pressed};

/// The name of the program's desktop entry, and of its icon.
const DESKTOP_ENTRY: &str = "dyntray";
/// The key of a press on the notification itself.
const DEFAULT_ACTION: &str = "default";

/// Shows notifications, one bus connection for each.
///
/// GNOME ends all notifications of a desktop entry when the connection of the first of them ends. So each connection
/// is kept until none of them is open.
pub struct Notifier {
    handles: RefCell<Vec<Rc<NotificationHandle>>>,
    tokens: OnceCell<Option<ActivationTokens>>,
}

/// A notification that the desktop has accepted.
pub struct ShownNotification {
    handle: Rc<NotificationHandle>,
    tokens: Option<ActivationTokens>,
}

impl Notifier {
    /// A notifier that has shown nothing yet.
    pub fn new() -> Self {
        Notifier { handles: RefCell::default(), tokens: OnceCell::new() }
    }

    /// Shows a notification, in the place of `replaced` if that is still open.
    pub(super) async fn show(
        &self,
        text: &NoticeText,
        replaced: Option<&ShownNotification>,
    ) -> Result<ShownNotification, Error> {
        let mut notification = prepared(text);
        notification.hint(Hint::DesktopEntry(DESKTOP_ENTRY.to_owned())).action(DEFAULT_ACTION, &text.open);
        if let Some(button) = &text.button {
            // It waits for the person.
            notification.action(ACTION, &button.label).timeout(Timeout::Never);
        }
        let tokens = self.tokens().await;
        let handle = Rc::new(match replaced {
            Some(replaced) => in_place_of(replaced, &notification).await?,
            None => notification.show_async().await?,
        });
        let mut handles = self.handles.borrow_mut();
        if handles.iter().all(|handle| Rc::strong_count(handle) == 1) {
            handles.clear();
        }
        handles.push(handle.clone());
        Ok(ShownNotification { handle, tokens })
    }

    async fn tokens(&self) -> Option<ActivationTokens> {
        if self.tokens.get().is_none() {
            let tokens = ActivationTokens::collect().await;
            let tokens = tokens.inspect_err(|error| tracing::warn!(%error, "no activation tokens are heard"));
            // Another task may have been faster.
            let _ = self.tokens.set(tokens.ok());
        }
        self.tokens.get().cloned().flatten()
    }
}

/// Shows a notification in the place of another. GNOME lets only the connection of the old one do that: there the old one
/// is closed, and the new one stands beside its place.
async fn in_place_of(
    replaced: &ShownNotification,
    notification: &Notification,
) -> Result<NotificationHandle, Error> {
    let in_place = notification.clone().id(replaced.handle.id()).show_async().await;
    match in_place {
        Ok(handle) => Ok(handle),
        Err(error) => {
            tracing::debug!(%error, "a notification takes no other's place here");
            replaced.close().await;
            notification.show_async().await
        }
    }
}

/// Shows a notification that outlives the program. It belongs to no desktop entry, because GNOME would end it together
/// with the connection.
pub(super) async fn show_detached(text: &NoticeText) -> Result<(), Error> {
    prepared(text).show_async().await.map(drop)
}

fn prepared(text: &NoticeText) -> Notification {
    let mut notification = Notification::new();
    notification
        .appname("Dyntray")
        .summary(&text.summary)
        .body(&escaped(&text.body))
        .icon(DESKTOP_ENTRY)
        .urgency(if text.is_urgent { Urgency::Critical } else { Urgency::Normal });
    notification
}

impl ShownNotification {
    /// Waits until it is pressed or gone.
    pub async fn pressed(&self) -> Pressed {
        let mut part = Part::Nothing;
        self.handle.wait_for_action_async(|response| part = part_of(response)).await;
        let activation = match (part, &self.tokens) {
            (Part::Itself | Part::Button, Some(tokens)) => tokens.take(self.handle.id()).await,
            _ => None,
        };
        Pressed { part, activation }
    }

    /// Closes it.
    pub async fn close(&self) {
        if tokio::time::timeout(LONGEST_CLOSING, self.handle.close_async()).await.is_err() {
            tracing::warn!("the desktop doesn't close a notification");
        }
    }
}

fn part_of(response: &NotificationResponse) -> Part {
    match response {
        NotificationResponse::Default => Part::Itself,
        NotificationResponse::Action(key) if key == ACTION => Part::Button,
        _ => Part::Nothing,
    }
}

/// Escapes text for a body, which is markup here. A host name or a server's line may hold anything.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_text_and_no_markup() {
        assert_eq!(escaped("<b>a & b</b>"), "&lt;b&gt;a &amp; b&lt;/b&gt;");
    }
}
