//! Notifications as the shell shows them: the toast, and the list below the clock.

use std::time::Duration;

use serde::Deserialize;
use tokio::time::sleep;

use super::{Gnome, Place};
use crate::{Error, PATIENCE, Result, wait::eventually};

/// The importance that the shell gives to a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(from = "u8")]
pub enum Urgency {
    /// In the list only.
    Low,
    /// A toast for some seconds.
    Normal,
    /// A toast for some seconds.
    High,
    /// A toast that stays, with its buttons open, whatever the person does not want to be disturbed by.
    Critical,
}

impl From<u8> for Urgency {
    fn from(number: u8) -> Self {
        match number {
            0 => Self::Low,
            1 => Self::Normal,
            2 => Self::High,
            _ => Self::Critical,
        }
    }
}

/// A notification in the shell.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct GnomeNotice {
    /// The bold line.
    pub title: String,
    /// The text below.
    pub body: String,
    /// Its importance.
    pub urgency: Urgency,
    /// It stays after one of its buttons was pressed.
    pub resident: bool,
    /// The labels of its buttons; the shell shows them on the toast, not in the list.
    pub buttons: Vec<String>,
    /// The name of the program that the shell shows.
    pub source: String,
    /// The desktop entry that it was matched to, like `dyntray.desktop`.
    pub app: Option<String>,
    /// Its icon, as GIO writes one.
    pub icon: Option<String>,
    /// Its place on the screen, where it is visible.
    #[serde(default)]
    pub place: Option<Place>,
    /// The buttons that can be pressed now.
    #[serde(default)]
    pub shown: Vec<NoticeButton>,
}

/// A button of a toast.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct NoticeButton {
    /// Its text.
    pub label: String,
    /// Its place on the screen.
    pub place: Place,
}

impl Gnome {
    /// The notifications that the shell keeps, whether a toast shows them or only the list.
    pub async fn notices(&self) -> Result<Vec<GnomeNotice>> {
        self.call("notices()").await
    }

    /// Waits for a notification that the shell keeps.
    pub async fn wait_for_notice(
        &self,
        what: &str,
        is_it: impl Fn(&GnomeNotice) -> bool,
    ) -> Result<GnomeNotice> {
        eventually(&format!("the notice {what}"), PATIENCE, async || {
            let all = self.notices().await.map_err(|error| error.to_string())?;
            let seen = format!("{all:?}");
            all.into_iter().find(&is_it).ok_or(seen)
        })
        .await
    }

    /// Waits until the shell keeps no notification of Dyntray.
    pub async fn wait_for_no_notice(&self) -> Result<()> {
        eventually("Dyntray's notices to go", PATIENCE, async || {
            let mut left = self.notices().await.map_err(|error| error.to_string())?;
            left.retain(|notice| notice.source == "Dyntray");
            if left.is_empty() { Ok(()) } else { Err(format!("{left:?}")) }
        })
        .await
    }

    /// Keeps the shell busy for so long, as a slow machine does. What is asked of it meanwhile waits.
    pub async fn keep_busy(&self, time: Duration) -> Result<()> {
        self.call::<bool>(&format!("busy({})", time.as_millis())).await.map(drop)
    }

    /// Removes every notification, as the list's button "Clear" does.
    pub async fn forget_notices(&self) -> Result<()> {
        self.call::<bool>("forget_notices()").await.map(drop)
    }

    /// The toast on the screen.
    pub async fn toast(&self) -> Result<Option<GnomeNotice>> {
        self.call("banner()").await
    }

    /// Waits for a toast.
    pub async fn wait_for_toast(
        &self,
        what: &str,
        is_it: impl Fn(&GnomeNotice) -> bool,
    ) -> Result<GnomeNotice> {
        eventually(&format!("the toast {what}"), PATIENCE, async || match self.toast().await {
            Ok(Some(toast)) if is_it(&toast) => Ok(toast),
            other => Err(format!("{other:?}")),
        })
        .await
    }

    /// Waits until no toast is on the screen.
    pub async fn wait_for_no_toast(&self) -> Result<()> {
        eventually("the toast to go", PATIENCE, async || {
            self.toast().await.is_ok_and(|toast| toast.is_none())
        })
        .await
    }

    /// Rests the mouse on the toast, which opens its buttons.
    pub async fn hover_toast(&self) -> Result<GnomeNotice> {
        let toast = self.still_toast().await?;
        let (x, y) = toast.place.map(|place| place.middle()).unwrap_or_default();
        self.move_mouse(x, y).await?;
        self.still_toast().await
    }

    /// Clicks the toast's text.
    pub async fn click_toast(&self) -> Result<()> {
        let toast = self.still_toast().await?;
        // Near the top: buttons are at the bottom.
        let place = toast.place.ok_or_else(|| Error::NotThere("the toast's place".to_owned()))?;
        self.click(place.x + place.width / 2.0, place.y + 30.0).await
    }

    /// Rests the mouse on the toast and presses its button with this label.
    pub async fn press_toast_button(&self, label: &str) -> Result<()> {
        self.hover_toast().await?;
        let button = eventually(&format!("the toast's button {label:?}"), PATIENCE, async || {
            let toast = self.still_toast().await.map_err(|error| error.to_string())?;
            let seen = format!("{toast:?}");
            toast.shown.into_iter().find(|button| button.label == label).ok_or(seen)
        })
        .await?;
        let (x, y) = button.place.middle();
        self.click(x, y).await
    }

    /// The toast once it has come to rest.
    async fn still_toast(&self) -> Result<GnomeNotice> {
        eventually("a toast at rest", PATIENCE, async || {
            let before = self.toast().await?;
            sleep(Duration::from_millis(60)).await;
            let after = self.toast().await?;
            match after {
                Some(toast) if before.as_ref() == Some(&toast) => Ok(toast),
                other => Err(Error::NotThere(format!("{other:?}"))),
            }
        })
        .await
    }

    /// Opens the list of notifications below the clock; gives what it shows, the newest first.
    pub async fn open_list(&self) -> Result<Vec<GnomeNotice>> {
        self.call::<bool>("open_list()").await?;
        eventually("the list of notifications", PATIENCE, async || {
            let before: Vec<GnomeNotice> = self.call("list()").await?;
            sleep(Duration::from_millis(60)).await;
            let after: Vec<GnomeNotice> = self.call("list()").await?;
            let there = |notice: &GnomeNotice| notice.place.is_some_and(|place| place.height > 0.0);
            let still = before == after && after.iter().all(there);
            if still { Ok(after) } else { Err(Error::NotThere(format!("{after:?}"))) }
        })
        .await
    }

    /// Closes the list of notifications.
    pub async fn close_list(&self) -> Result<()> {
        self.call::<bool>("close_list()").await.map(drop)
    }

    /// Opens the list and clicks the notification with this title.
    pub async fn click_in_list(&self, title: &str) -> Result<()> {
        let listed = self.open_list().await?;
        let notice = listed.iter().find(|notice| notice.title == title);
        let place = notice.and_then(|notice| notice.place);
        let place = place.ok_or_else(|| Error::NotThere(format!("{title:?} in the list: {listed:?}")))?;
        let (x, y) = place.middle();
        self.click(x, y).await
    }
}
