//! Shows notifications. Each system has a file of its own, all with the same interface.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
mod pressed;
mod reference;
#[cfg(windows)]
mod windows;

use std::time::Duration;

use dyntray_texts::notice::NoticeText;

#[cfg(target_os = "linux")]
use self::linux::show_detached;
#[cfg(target_os = "linux")]
pub use self::linux::{Notifier, ShownNotification};
#[cfg(target_os = "macos")]
use self::macos::show_detached;
#[cfg(target_os = "macos")]
pub use self::macos::{Notifier, ShownNotification};
pub use self::pressed::Part;
pub use self::reference::NotificationRef;
#[cfg(windows)]
use self::windows::show_detached;
#[cfg(windows)]
pub use self::windows::{Notifier, ShownNotification};

/// A program that is ending waits for a desktop no longer than this. GNOME keeps whatever it shows after that (43.9, read in
/// its `notificationDaemon.js` in November 2026), and a busy shell takes seconds to tell the number of a new notification.
pub const LONGEST_END: Duration = Duration::from_secs(5);

/// Shows a notification, in the place of `replaced` if that is still open. If it fails, the log has the reason.
pub async fn show(
    notifier: &Notifier,
    text: &NoticeText,
    replaced: Option<&ShownNotification>,
) -> Result<ShownNotification, ()> {
    let shown = notifier.show(text, replaced).await;
    shown.map_err(|error| tracing::warn!(%error, summary = text.summary, "no notification could be shown"))
}

/// On these systems a notification can't be found again after the program that showed it.
#[cfg(not(target_os = "linux"))]
impl Notifier {
    /// Nothing: there is no such notification.
    #[expect(clippy::unused_async, reason = "the same shape on every system")]
    pub async fn show_again(&self, _at: &NotificationRef, _text: &NoticeText) -> Option<ShownNotification> {
        None
    }

    /// Nothing: there is no such notification.
    #[expect(clippy::unused_async, reason = "the same shape on every system")]
    pub async fn close_left(&self, _at: &NotificationRef) {}
}

#[cfg(not(target_os = "linux"))]
impl ShownNotification {
    /// None: a later start of the program couldn't find it.
    #[expect(clippy::unused_self, reason = "the same shape on every system")]
    pub fn reference(&self) -> Option<NotificationRef> {
        None
    }
}

/// Shows a notification about the program itself when nothing else of it runs any more.
pub fn tell_at_the_end(text: &NoticeText) {
    let told = async { tokio::time::timeout(LONGEST_END, show_detached(text)).await };
    let told = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(told),
        Err(error) => return tracing::warn!(%error, "no notification could be shown"),
    };
    match told {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "no notification could be shown"),
        Err(_) => tracing::warn!("the desktop shows no notification in time"),
    }
}
