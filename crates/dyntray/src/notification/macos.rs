//! macOS' UserNotifications. Only a program in an app bundle may use them; in any other, every notification fails,
//! which the window shows as a health issue. Presses arrive through the main thread's event loop, which the tray runs.

use std::cell::RefCell;

use dyntray_texts::notice::NoticeText;
use mac_usernotifications::{Action, Error, Notification, NotificationHandle, close_delivered, request_auth};
use tokio::time::timeout;

use super::pressed::{FORGOTTEN, LONGEST_CLOSING, Part, Pressed, action_id, is_button};

/// Shows notifications.
pub struct Notifier;

/// A notification that the system has accepted.
pub struct ShownNotification {
    id: String,
    handle: RefCell<Option<NotificationHandle>>,
}

impl Notifier {
    /// A notifier.
    pub fn new() -> Self {
        Notifier
    }

    /// Shows a notification, in the place of `replaced`. The first time, the system asks the person for permission.
    pub(super) async fn show(
        &self,
        text: &NoticeText,
        replaced: Option<&ShownNotification>,
    ) -> Result<ShownNotification, Error> {
        if !request_auth().await? {
            return Err(Error::NotificationRejected);
        }
        if let Some(replaced) = replaced {
            replaced.close().await;
        }
        let notification = Notification::new().title(&text.summary).message(&text.body);
        let notification = match &text.button {
            // It waits for the person.
            Some(button) => notification.action(Action::button(action_id(&button.label), &button.label)),
            // Without a time-out the crate would check twice a second whether it is still there.
            None => notification.timeout(FORGOTTEN),
        };
        let handle = notification.send().await?;
        Ok(ShownNotification { id: handle.notification_id().to_owned(), handle: RefCell::new(Some(handle)) })
    }
}

/// Shows a notification that outlives the program.
pub(super) async fn show_detached(text: &NoticeText) -> Result<(), Error> {
    Notifier.show(text, None).await.map(drop)
}

impl ShownNotification {
    /// Waits until it is pressed or gone. Only the first call waits.
    pub async fn pressed(&self) -> Pressed {
        let handle = self.handle.borrow_mut().take();
        let Some(handle) = handle else { return Part::Nothing.into() };
        match handle.response().await {
            Ok(response) if response.is_default_action() => Part::Itself.into(),
            Ok(response) if is_button(&response.action_identifier) => Part::Button.into(),
            _ => Part::Nothing.into(),
        }
    }

    /// Closes it.
    pub async fn close(&self) {
        if timeout(LONGEST_CLOSING, close_delivered(&self.id)).await.is_err() {
            tracing::warn!("the system doesn't close a notification");
        }
    }
}
