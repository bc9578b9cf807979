//! Notifications of freedesktop.org desktops, over the session bus.

mod daemon;
mod icon;
#[cfg(test)]
mod with_dunst;

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use dyntray_texts::notice::NoticeText;
use notify_rust::error::Error;
use notify_rust::{Hint, Notification, NotificationHandle, NotificationResponse, Timeout, Urgency};

use self::daemon::Daemon;
use super::pressed::{ACTION, LONGEST_CLOSING, Part, Pressed};
use super::reference::NotificationRef;

/// The name of the program's desktop entry.
const DESKTOP_ENTRY: &str = "dyntray";
/// The key of a press on the notification itself.
const DEFAULT_ACTION: &str = "default";

/// Shows notifications, one bus connection for each.
///
/// GNOME ends all notifications of a desktop entry when the connection of the first of them ends. So each connection
/// is kept until none of them is open.
pub struct Notifier {
    handles: RefCell<Vec<Rc<NotificationHandle>>>,
    daemon: OnceCell<Option<Daemon>>,
}

/// A notification that the desktop has accepted.
pub struct ShownNotification {
    handle: Rc<NotificationHandle>,
    daemon: Option<Daemon>,
    /// None where the daemon's name isn't known.
    reference: Option<NotificationRef>,
}

impl Notifier {
    /// A notifier that has shown nothing yet.
    pub fn new() -> Self {
        Notifier { handles: RefCell::default(), daemon: OnceCell::new() }
    }

    /// Shows a notification, in the place of `replaced` if that is still open.
    pub(super) async fn show(
        &self,
        text: &NoticeText,
        replaced: Option<&ShownNotification>,
    ) -> Result<ShownNotification, Error> {
        let notification = with_actions(text);
        let daemon = self.daemon().await;
        let handle = match replaced {
            Some(replaced) => in_place_of(replaced, &notification).await?,
            None => notification.show_async().await?,
        };
        Ok(self.shown(handle, daemon).await)
    }

    /// Shows a notification of the program's last run anew and in its own place, so that this run hears what is pressed on
    /// it: some daemons tell a press only to who showed it. None where the daemon has it no more.
    pub async fn show_again(&self, at: &NotificationRef, text: &NoticeText) -> Option<ShownNotification> {
        let daemon = self.daemon_of(at).await?;
        match with_actions(text).id(at.id).show_async().await {
            Ok(handle) => Some(self.shown(handle, Some(daemon)).await),
            Err(error) => {
                // GNOME has closed it together with the connection.
                tracing::debug!(%error, "a notification of before can't be shown again");
                None
            }
        }
    }

    /// Closes a notification of the program's last run.
    pub async fn close_left(&self, at: &NotificationRef) {
        let Some(daemon) = self.daemon_of(at).await else { return };
        match tokio::time::timeout(LONGEST_CLOSING, daemon.close(at.id)).await {
            Ok(Ok(())) => {}
            // It is gone already.
            Ok(Err(error)) => tracing::debug!(%error, "a notification of before can't be closed"),
            Err(_) => tracing::warn!("the desktop doesn't close a notification of before"),
        }
    }

    /// The daemon that has that notification; none where another one runs by now, whose numbers mean others.
    async fn daemon_of(&self, at: &NotificationRef) -> Option<Daemon> {
        let daemon = self.daemon().await?;
        let name = daemon.name().await?;
        (name == at.daemon).then_some(daemon)
    }

    async fn shown(&self, handle: NotificationHandle, daemon: Option<Daemon>) -> ShownNotification {
        let name = match &daemon {
            Some(daemon) => daemon.name().await,
            None => None,
        };
        let reference = name.map(|name| NotificationRef::new(name, handle.id()));
        let handle = Rc::new(handle);
        let mut handles = self.handles.borrow_mut();
        if handles.iter().all(|handle| Rc::strong_count(handle) == 1) {
            handles.clear();
        }
        handles.push(handle.clone());
        ShownNotification { handle, daemon, reference }
    }

    async fn daemon(&self) -> Option<Daemon> {
        if self.daemon.get().is_none() {
            let daemon = Daemon::connect().await;
            let daemon = daemon.inspect_err(|error| tracing::warn!(%error, "no activation tokens are heard"));
            // Another task may have been faster.
            let _ = self.daemon.set(daemon.ok());
        }
        self.daemon.get().cloned().flatten()
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

fn with_actions(text: &NoticeText) -> Notification {
    let mut notification = prepared(text);
    notification.hint(Hint::DesktopEntry(DESKTOP_ENTRY.to_owned())).action(DEFAULT_ACTION, &text.open);
    if let Some(button) = &text.button {
        // It waits for the person.
        notification.action(ACTION, &button.label).timeout(Timeout::Never);
    }
    notification
}

fn prepared(text: &NoticeText) -> Notification {
    let mut notification = Notification::new();
    notification
        .appname("Dyntray")
        .summary(&text.summary)
        .body(&escaped(&text.body))
        .icon(&icon::icon())
        .urgency(if text.is_urgent { Urgency::Critical } else { Urgency::Normal });
    notification
}

impl ShownNotification {
    /// Its name for a later start of the program.
    pub fn reference(&self) -> Option<NotificationRef> {
        self.reference.clone()
    }

    /// Waits until it is pressed or gone.
    pub async fn pressed(&self) -> Pressed {
        let mut part = Part::Nothing;
        self.handle.wait_for_action_async(|response| part = part_of(response)).await;
        let activation = match (part, &self.daemon) {
            (Part::Itself | Part::Button, Some(daemon)) => daemon.token(self.handle.id()).await,
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
