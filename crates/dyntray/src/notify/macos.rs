//! macOS' UserNotifications. They are there for a program in an app bundle only; started from anywhere else, every
//! notification fails and is an health_issue that the window tells of. The main thread's event loop, which the tray runs,
//! brings the answers.

use dyntray_texts::notice::NoticeText;
use mac_usernotifications::{Action, Error, Notification, NotificationHandle, request_auth};

use super::{ACTION, FORGOTTEN, Pressed};

/// A notification that the system has taken.
pub(super) struct Shown(NotificationHandle);

impl Shown {
    /// Puts a notification up. The system asks the person once whether it may.
    pub(super) async fn put_up(text: &NoticeText) -> Result<Self, Error> {
        if !request_auth().await? {
            return Err(Error::NotificationRejected);
        }
        let notification = Notification::new().title(&text.summary).message(&text.body);
        let notification = match &text.action {
            // It stays until the person comes.
            Some(label) => notification.action(Action::button(ACTION, label)),
            // Without a limit the crate would ask twice a second whether it is still there.
            None => notification.timeout(FORGOTTEN),
        };
        notification.send().await.map(Shown)
    }

    /// Waits until it is pressed or gone.
    pub(super) async fn pressed(self) -> Pressed {
        match self.0.response().await {
            Ok(response) if response.is_default_action() => Pressed::Itself,
            Ok(response) if response.action_identifier == ACTION => Pressed::Button,
            _ => Pressed::Nothing,
        }
    }
}
