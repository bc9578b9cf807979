//! Shows notifications. Each system has a file of its own, all with the same interface.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
mod pressed;
#[cfg(windows)]
mod windows;

use std::time::Duration;

use dyntray_texts::notice::NoticeText;

#[cfg(target_os = "linux")]
pub use self::linux::ShownNotification;
#[cfg(target_os = "macos")]
pub use self::macos::ShownNotification;
pub use self::pressed::{FORGOTTEN, Pressed};
#[cfg(windows)]
pub use self::windows::ShownNotification;

/// A program that is ending waits for a desktop no longer than this.
const LONGEST_END: Duration = Duration::from_secs(5);

/// Shows a notification. If it fails, the log has the reason.
pub async fn show(text: &NoticeText) -> Result<ShownNotification, ()> {
    let shown = ShownNotification::show(text).await;
    shown.map_err(|error| tracing::warn!(%error, summary = text.summary, "no notification could be shown"))
}

/// Shows a notification about the program itself, without waiting for the desktop.
pub fn tell(body: String) {
    let text = NoticeText::of_program(body);
    tokio::task::spawn_local(async move {
        // If it fails, the log has the reason.
        let _ = show(&text).await;
    });
}

/// Shows a notification about the program itself when nothing else of it runs any more.
pub fn tell_at_the_end(body: String) {
    let text = NoticeText::of_program(body);
    let told = async { tokio::time::timeout(LONGEST_END, show(&text)).await };
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            // If it fails, the log has the reason, and the text as well.
            let _ = runtime.block_on(told);
        }
        Err(error) => tracing::warn!(%error, "no notification could be shown"),
    }
}
