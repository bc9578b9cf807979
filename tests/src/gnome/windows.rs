//! The windows as the shell knows them.

use std::time::Duration;

use serde::Deserialize;

use super::{Gnome, Place};
use crate::{PATIENCE, Result, wait::eventually};

/// A window that GNOME Shell shows, or has minimised.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct GnomeWindow {
    /// The shell's number for it.
    pub id: u64,
    /// The process that owns it.
    pub pid: u32,
    /// The text of its title bar.
    pub title: String,
    /// Its class on X11, its app id on Wayland.
    pub wm_class: String,
    /// Its instance on X11; the app id again on Wayland.
    pub wm_class_instance: String,
    /// The id of its GTK application; empty when it has none.
    pub gtk_application_id: String,
    /// The desktop entry that it was matched to, like `dyntray.desktop`; `window:7` when there is none.
    pub app_id: String,
    /// The name that the top bar, the dock and Alt-Tab show.
    pub app_name: String,
    /// It has the keyboard.
    pub focused: bool,
    /// It is minimised.
    pub minimized: bool,
    /// It fills the screen, in at least one direction.
    pub maximized: bool,
    /// It wants the person's attention: "is ready" instead of coming to front.
    pub demands_attention: bool,
    /// What the person sees as the window, without its shadow.
    pub frame: Place,
}

impl Gnome {
    /// All windows, the lowest first.
    pub async fn windows(&self) -> Result<Vec<GnomeWindow>> {
        self.call("windows()").await
    }

    /// Waits for a window; `what` describes it in the error.
    pub async fn wait_for_window(
        &self,
        what: &str,
        is_it: impl Fn(&GnomeWindow) -> bool,
    ) -> Result<GnomeWindow> {
        eventually(what, PATIENCE, async || {
            let windows = self.windows().await.map_err(|error| error.to_string())?;
            let seen = format!("{windows:?}");
            windows.into_iter().find(&is_it).ok_or(seen)
        })
        .await
    }

    /// Minimises a window, as its title bar's menu does.
    pub async fn minimize(&self, id: u64) -> Result<()> {
        self.call::<bool>(&format!("minimize({id})")).await.map(drop)
    }

    /// Brings a window to the front, as the dock does.
    pub async fn activate(&self, id: u64) -> Result<()> {
        self.call::<bool>(&format!("activate({id})")).await.map(drop)
    }

    /// Brings a window to the front and stays busy for so long before any program hears of it.
    pub async fn activate_and_stay_busy(&self, id: u64, time: Duration) -> Result<()> {
        self.call::<bool>(&format!("activate_and_stay_busy({id}, {})", time.as_millis())).await.map(drop)
    }

    /// Asks a window to close, as the cross in its title bar does.
    pub async fn close(&self, id: u64) -> Result<()> {
        self.call::<bool>(&format!("close({id})")).await.map(drop)
    }
}
