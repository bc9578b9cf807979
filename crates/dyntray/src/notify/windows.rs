//! Windows' toasts. A program that no installer registered says itself, in the person's own registry, under which name
//! its toasts are to be shown; Windows shows none of a program it doesn't know.

use std::fs;
use std::path::PathBuf;

use dyntray_control::Profile;
use dyntray_texts::notice::NoticeText;
use tauri_winrt_notification::{Error, Scenario, Toast, ToastDismissalReason};
use tokio::sync::mpsc;
use windows_registry::CURRENT_USER;

use super::{ACTION, Pressed};

/// The program's AppUserModelId.
const APP_ID: &str = "de.Dyntray.Dyntray";
/// Beside the history, because the registry names a file.
const PICTURE: &str = "dyntray.png";

/// A toast that the system has taken.
pub(super) struct Shown {
    /// What the system's threads say of it. The toast holds the other end, also in the list of past notifications.
    presses: mpsc::UnboundedReceiver<Pressed>,
}

impl Shown {
    /// Puts a toast up.
    #[expect(clippy::unused_async, reason = "the same shape on every system")]
    pub(super) async fn put_up(text: &NoticeText) -> Result<Self, Error> {
        register();
        let (sender, presses) = mpsc::unbounded_channel();
        let closed = sender.clone();
        let mut toast = Toast::new(APP_ID).title(&text.summary).text1(&text.body);
        if let Some(label) = &text.action {
            // What needs a person stays until the person comes.
            toast = toast.add_button(label, ACTION).scenario(Scenario::Reminder);
        }
        toast
            .on_activated(move |key| {
                // Nobody may be waiting any more.
                let _ = sender.send(press_of(key.as_deref()));
                Ok(())
            })
            .on_dismissed(move |reason| {
                // One whose time is over lies in the list of past notifications, and can be pressed there.
                if reason != Some(ToastDismissalReason::TimedOut) {
                    let _ = closed.send(Pressed::Nothing);
                }
                Ok(())
            })
            .show()?;
        Ok(Shown { presses })
    }

    /// Waits until it is pressed or gone.
    pub(super) async fn pressed(mut self) -> Pressed {
        self.presses.recv().await.unwrap_or(Pressed::Nothing)
    }
}

fn press_of(key: Option<&str>) -> Pressed {
    if key == Some(ACTION) { Pressed::Button } else { Pressed::Itself }
}

/// Tells Windows the program's name and picture, as an installer would. Without it the toast may not be seen, which
/// nobody is told of; so this is done each time.
fn register() {
    let written = CURRENT_USER.create(format!(r"SOFTWARE\Classes\AppUserModelId\{APP_ID}")).and_then(|key| {
        key.set_string("DisplayName", "Dyntray")?;
        picture().map_or(Ok(()), |picture| key.set_string("IconUri", picture.to_string_lossy()))
    });
    if let Err(error) = written {
        tracing::warn!(%error, "Windows can't be told the program's name");
    }
}

/// The file with the program's picture; none where it can't be written.
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
        assert_eq!(press_of(Some(ACTION)), Pressed::Button);
        assert_eq!(press_of(None), Pressed::Itself);
        assert_eq!(press_of(Some("")), Pressed::Itself);
    }

    #[test]
    fn windows_is_told_the_name_that_stands_on_the_toasts() {
        register();
        let key = CURRENT_USER.open(format!(r"SOFTWARE\Classes\AppUserModelId\{APP_ID}")).expect("the key");
        assert_eq!(key.get_string("DisplayName").expect("the name"), "Dyntray");
    }
}
