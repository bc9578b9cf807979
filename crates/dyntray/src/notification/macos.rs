//! macOS' UserNotifications. Only a program in an app bundle may use them; in any other, every notification fails,
//! which the window shows as a health issue. Presses arrive through the main thread's event loop, which the tray runs.

use dyntray_texts::notice::NoticeText;
use mac_usernotifications::{Action, Error, Notification, NotificationHandle, request_auth};

use super::pressed::{ACTION, FORGOTTEN, Pressed};

/// A notification that the system has accepted.
pub struct ShownNotification(NotificationHandle);

impl ShownNotification {
    /// Shows a notification. The first time, the system asks the person for permission.
    pub(super) async fn show(text: &NoticeText) -> Result<Self, Error> {
        if !request_auth().await? {
            return Err(Error::NotificationRejected);
        }
        let notification = Notification::new().title(&text.summary).message(&text.body);
        let notification = match &text.button {
            // It waits for the person.
            Some(button) => notification.action(Action::button(ACTION, &button.label)),
            // Without a time-out the crate would check twice a second whether it is still there.
            None => notification.timeout(FORGOTTEN),
        };
        notification.send().await.map(ShownNotification)
    }

    /// Waits until it is pressed or gone.
    pub async fn pressed(self) -> Pressed {
        match self.0.response().await {
            Ok(response) if response.is_default_action() => Pressed::Itself,
            Ok(response) if response.action_identifier == ACTION => Pressed::Button,
            _ => Pressed::Nothing,
        }
    }
}
