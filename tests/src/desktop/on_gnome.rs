//! A desktop whose shell is GNOME Shell: waiting for it, its extension, and the person's settings.

use super::{
    gnome,
    parts::START,
    running::Desktop,
    shell::{Display, EXTENSION},
};
use crate::{
    Result,
    gnome::{ColorScheme, Gnome},
    wait::eventually,
};

impl Desktop {
    /// Waits until the shell has come up, and gives it the functions that [`Gnome`] calls.
    pub(super) async fn settle_gnome(&mut self, display: Display) -> Result<()> {
        let shell = Gnome::of(self);
        eventually("GNOME Shell", START, async || shell.install().await).await?;
        if display == Display::X11 {
            gnome::spawn_xsettings(&mut self.parts, &self.session)?;
        }
        Ok(())
    }

    /// Switches the AppIndicator extension off, and with it the tray.
    pub(super) async fn switch_extension_off(&self) -> Result<()> {
        Gnome::of(self).call::<bool>(&format!("extension('{EXTENSION}', false)")).await.map(drop)
    }

    /// Switches the AppIndicator extension on (again).
    pub(super) async fn switch_extension_on(&self) -> Result<()> {
        Gnome::of(self).call::<bool>(&format!("extension('{EXTENSION}', true)")).await.map(drop)
    }
}

impl Gnome {
    /// The shell of a desktop.
    pub fn of(desktop: &Desktop) -> Self {
        Self::on(desktop.bus())
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
