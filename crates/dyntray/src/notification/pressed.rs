//! A press on a notification.

use std::time::Duration;

/// The button's key in the desktop's protocol.
pub(super) const ACTION: &str = "go";
/// A notification that nobody touched for so long is forgotten.
pub const FORGOTTEN: Duration = Duration::from_hours(1);

/// The part of a notification that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// None: it was closed, or is gone.
    Nothing,
    /// The notification itself.
    Itself,
    /// Its button.
    Button,
}
