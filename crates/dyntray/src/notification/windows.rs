//! Windows' toasts. Windows shows no toast of a program that it doesn't know, so a program that no installer registered
//! enters its name in the person's own registry.

use std::fs;
use std::path::PathBuf;

use dyntray_control::Profile;
use dyntray_texts::notice::NoticeText;
use tauri_winrt_notification::{Error, Scenario, Toast, ToastDismissalReason};
use tokio::sync::{Mutex, mpsc};
use windows_registry::CURRENT_USER;

use super::pressed::{ACTION, Part, Pressed};

/// The program's AppUserModelId.
const APP_ID: &str = "de.Dyntray.Dyntray";
/// The file with the program's picture, beside the history: the registry takes only a file's path.
const PICTURE: &str = "dyntray.png";

/// Shows toasts.
pub struct Notifier;

/// A toast that the system has accepted.
pub struct ShownNotification {
    /// Presses, from the system's threads. The toast holds the other end, even in the list of past notifications.
    presses: Mutex<mpsc::UnboundedReceiver<Pressed>>,
}

impl Notifier {
    /// A notifier.
    pub fn new() -> Self {
        Notifier
    }

    /// Shows a toast. An earlier one stays: the library can't take it back.
    #[expect(clippy::unused_async, reason = "the same shape on every system")]
    pub(super) async fn show(
        &self,
        text: &NoticeText,
        _replaced: Option<&ShownNotification>,
    ) -> Result<ShownNotification, Error> {
        register();
        let (sender, presses) = mpsc::unbounded_channel();
        let closed = sender.clone();
        let mut toast = Toast::new(APP_ID).title(&text.summary).text1(&text.body);
        if let Some(button) = &text.button {
            // It waits for the person.
            toast = toast.add_button(&button.label, ACTION).scenario(Scenario::Reminder);
        }
        toast
            .on_activated(move |key| {
                // Nobody may be waiting any more.
                let _ = sender.send(part_of(key.as_deref()).into());
                Ok(())
            })
            .on_dismissed(move |reason| {
                // A toast that timed out is in the list of past notifications, and can be pressed there.
                if reason != Some(ToastDismissalReason::TimedOut) {
                    let _ = closed.send(Part::Nothing.into());
                }
                Ok(())
            })
            .show()?;
        Ok(ShownNotification { presses: Mutex::new(presses) })
    }
}

/// Shows a toast that outlives the program.
pub(super) async fn show_detached(text: &NoticeText) -> Result<(), Error> {
    Notifier.show(text, None).await.map(drop)
}

impl ShownNotification {
    /// Waits until it is pressed or gone.
    pub async fn pressed(&self) -> Pressed {
        self.presses.lock().await.recv().await.unwrap_or(Part::Nothing.into())
    }

    /// Does nothing: the library can't take back a toast.
    #[expect(clippy::unused_async, reason = "the same shape on every system")]
    pub async fn close(&self) {}
}

fn part_of(key: Option<&str>) -> Part {
    if key == Some(ACTION) { Part::Button } else { Part::Itself }
}

/// Tells Windows the program's name and picture, as an installer would. Without them a toast may stay unseen without
/// any error, so this is done every time.
fn register() {
    let written = CURRENT_USER.create(format!(r"SOFTWARE\Classes\AppUserModelId\{APP_ID}")).and_then(|key| {
        key.set_string("DisplayName", "Dyntray")?;
        picture().map_or(Ok(()), |picture| key.set_string("IconUri", picture.to_string_lossy()))
    });
    if let Err(error) = written {
        tracing::warn!(%error, "Windows can't be told the program's name");
    }
}

/// The path of the program's picture; none where it can't be written.
fn picture() -> Option<PathBuf> {
    let path = Profile::from_environment().directories().ok()?.data_local_dir().join(PICTURE);
    if !path.is_file() {
        fs::write(&path, dyntray_icons::APP).ok()?;
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_on_the_button_is_told_from_one_on_the_toast() {
        assert_eq!(part_of(Some(ACTION)), Part::Button);
        assert_eq!(part_of(None), Part::Itself);
        assert_eq!(part_of(Some("")), Part::Itself);
    }

    #[test]
    fn windows_is_told_the_name_that_stands_on_the_toasts() {
        register();
        let key = CURRENT_USER.open(format!(r"SOFTWARE\Classes\AppUserModelId\{APP_ID}")).expect("the key");
        assert_eq!(key.get_string("DisplayName").expect("the name"), "Dyntray");
    }
}
