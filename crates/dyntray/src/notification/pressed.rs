//! A press on a notification.

#[cfg(not(windows))]
use std::time::Duration;

use dyntray_control::ActivationToken;

/// The button's key in the desktop's protocol.
pub(super) const ACTION: &str = "go";

/// The button's id on macOS, which differs from label to label. macOS keeps the buttons of all notifications that are
/// open in a list by these ids (`mac-usernotifications` 0.3.1 names the category after them, November 2026): with one id for
/// all, each new label would replace those on older notifications.
#[cfg(any(target_os = "macos", test))]
pub(super) fn action_id(label: &str) -> String {
    format!("{ACTION}:{label}")
}

/// True if the id is one of [`action_id`].
#[cfg(any(target_os = "macos", test))]
pub(super) fn is_button(id: &str) -> bool {
    id.strip_prefix(ACTION).is_some_and(|label| label.starts_with(':'))
}

/// A notification without a button that nobody touched for so long is forgotten, where the system doesn't say that it
/// is gone.
#[cfg(target_os = "macos")]
pub(super) const FORGOTTEN: Duration = Duration::from_hours(1);
/// The time that a desktop gets to close notifications while the program ends.
#[cfg(not(windows))]
pub(super) const LONGEST_CLOSING: Duration = Duration::from_secs(1);

/// The end of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// The part that was pressed.
    pub part: Part,
    /// The desktop's leave for a window to come to the front.
    pub activation: Option<ActivationToken>,
}

/// The part of a notification that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// None: it was closed, or is gone.
    Nothing,
    /// The notification itself.
    Itself,
    /// Its button.
    Button,
}

impl From<Part> for Pressed {
    fn from(part: Part) -> Self {
        Pressed { part, activation: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_labels_never_share_an_id_and_each_id_is_known_as_a_button() {
        let (home, token) = (action_id("This is home"), action_id("Enter new token"));
        assert_ne!(home, token);
        assert!(is_button(&home) && is_button(&token));
        // The system's own ids, and the one of versions before.
        for other in ["com.apple.UNNotificationDefaultActionIdentifier", "gone", "go", ""] {
            assert!(!is_button(other), "{other}");
        }
    }
}
