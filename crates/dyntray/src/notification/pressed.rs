//! A press on a notification.

#[cfg(not(windows))]
use std::time::Duration;

use dyntray_control::ActivationToken;

/// The button's key in the desktop's protocol.
pub(super) const ACTION: &str = "go";
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
