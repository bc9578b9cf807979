//! GNOME Shell as a person sees and operates it: windows, the toast and the list of notifications, dialogs, the lock
//! screen, mouse and keyboard. The shell is asked by `org.gnome.Shell.Eval`, which is open in stories only.

mod input;
mod notices;
mod windows;

use std::{path::Path, time::Duration};

use serde::de::DeserializeOwned;
use serde_json::Value;

pub use notices::{GnomeNotice, Urgency};
pub use windows::GnomeWindow;

pub use crate::bus::Place;
use crate::{Error, PATIENCE, Result, bus::proxy, desktop::Desktop, wait::eventually};

/// The functions that [`Gnome`] calls in the shell.
const FUNCTIONS: &str = include_str!("gnome/shell.js");

const SHELL: &str = "org.gnome.Shell";

/// The shell of a desktop with [`Shell::Gnome`](crate::desktop::Shell::Gnome).
#[derive(Debug, Clone)]
pub struct Gnome {
    bus: zbus::Connection,
}

/// The person's choice between light and dark windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColorScheme {
    /// No preference, which means light.
    Default,
    /// Dark.
    PreferDark,
}

impl Gnome {
    /// The shell of a desktop.
    pub fn of(desktop: &Desktop) -> Self {
        Self { bus: desktop.bus().clone() }
    }

    /// Runs JavaScript in the shell and gives its value; `Main` and `global` are known there.
    pub async fn eval(&self, script: &str) -> Result<Value> {
        let shell = proxy(&self.bus, SHELL, "/org/gnome/Shell", SHELL).await?;
        let (done, said): (bool, String) = shell.call("Eval", &(script,)).await?;
        if !done {
            return Err(Error::NotThere(format!("GNOME Shell: {said}")));
        }
        if said.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&said).map_err(|error| unreadable(&said, &error))
    }

    /// Calls one of the functions in `shell.js`.
    pub(crate) async fn call<T: DeserializeOwned>(&self, function: &str) -> Result<T> {
        let value = self.eval(&format!("global.stage_of_stories.{function}")).await?;
        let said = value.to_string();
        serde_json::from_value(value).map_err(|error| unreadable(&said, &error))
    }

    /// Gives the shell the functions, and leaves the overview that it begins with.
    pub(crate) async fn install(&self) -> Result<()> {
        self.eval(FUNCTIONS).await?;
        if self.call("ready()").await? && self.call("calm()").await? {
            return Ok(());
        }
        Err(Error::NotThere("GNOME Shell: it is still coming up".to_owned()))
    }

    /// Takes a picture of the whole screen.
    pub async fn screenshot(&self, path: &Path) -> Result<()> {
        let interface = "org.gnome.Shell.Screenshot";
        let camera = proxy(&self.bus, interface, "/org/gnome/Shell/Screenshot", interface).await?;
        let file = path.to_string_lossy();
        let (done, _used): (bool, String) = camera.call("Screenshot", &(false, false, file.as_ref())).await?;
        if done { Ok(()) } else { Err(Error::NotThere(format!("a picture in {}", path.display()))) }
    }

    /// Locks the screen: the shell switches to the mode of the lock screen, which has no extensions.
    pub async fn lock_screen(&self) -> Result<()> {
        self.call::<bool>("lock()").await.map(drop)
    }

    /// Unlocks the screen.
    pub async fn unlock_screen(&self) -> Result<()> {
        self.call::<bool>("unlock()").await.map(drop)
    }

    /// The texts of the modal dialog that is open, like the keyring's question for its password.
    pub async fn dialog(&self) -> Result<Option<Vec<String>>> {
        self.call("dialog()").await
    }

    /// Waits for a modal dialog; gives its texts.
    pub async fn wait_for_dialog(&self, patience: Duration) -> Result<Vec<String>> {
        eventually("a dialog of GNOME Shell", patience, async || self.dialog().await.ok().flatten()).await
    }

    /// Waits until no modal dialog is open.
    pub async fn wait_for_no_dialog(&self) -> Result<()> {
        eventually("the dialog of GNOME Shell to go", PATIENCE, async || {
            self.dialog().await.is_ok_and(|dialog| dialog.is_none())
        })
        .await
    }

    /// Changes a setting of the person, like `org.gnome.desktop.interface`, `text-scaling-factor`, `1.5`; the value is
    /// written as `gsettings` wants it.
    pub async fn set(&self, desktop: &Desktop, schema: &str, key: &str, value: &str) -> Result<()> {
        desktop.tool("gsettings", &["set", schema, key, value]).await.map(drop)
    }

    /// Chooses light or dark windows, as in the shell's settings.
    pub async fn choose_color_scheme(&self, desktop: &Desktop, scheme: ColorScheme) -> Result<()> {
        let value = match scheme {
            ColorScheme::Default => "default",
            ColorScheme::PreferDark => "prefer-dark",
        };
        self.set(desktop, "org.gnome.desktop.interface", "color-scheme", value).await
    }

    /// Chooses the size of texts: 1.0 is the usual one.
    pub async fn choose_text_scaling(&self, desktop: &Desktop, factor: f64) -> Result<()> {
        self.set(desktop, "org.gnome.desktop.interface", "text-scaling-factor", &factor.to_string()).await
    }
}

fn unreadable(said: &str, error: &serde_json::Error) -> Error {
    Error::NotThere(format!("an answer of GNOME Shell: {error}: {said}"))
}
