//! Notifications of freedesktop.org desktops, over the session bus.

use dyntray_texts::notice::NoticeText;
use notify_rust::error::Error;
use notify_rust::{Notification, NotificationHandle, NotificationResponse, Timeout};

use super::pressed::{ACTION, Pressed};

/// A notification that the desktop has accepted.
pub struct ShownNotification(NotificationHandle);

impl ShownNotification {
    /// Shows a notification.
    pub(super) async fn show(text: &NoticeText) -> Result<Self, Error> {
        let mut notification = Notification::new();
        notification.appname("Dyntray").summary(&text.summary).body(&escaped(&text.body)).icon("dyntray");
        if let Some(button) = &text.button {
            // It waits for the person.
            notification.action(ACTION, &button.label).timeout(Timeout::Never);
        }
        notification.show_async().await.map(ShownNotification)
    }

    /// Waits until it is pressed or gone.
    pub async fn pressed(self) -> Pressed {
        let mut pressed = Pressed::Nothing;
        self.0.wait_for_action_async(|response| pressed = press_of(response)).await;
        pressed
    }
}

fn press_of(response: &NotificationResponse) -> Pressed {
    match response {
        NotificationResponse::Default => Pressed::Itself,
        NotificationResponse::Action(key) if key == ACTION => Pressed::Button,
        _ => Pressed::Nothing,
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
