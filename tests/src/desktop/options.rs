//! How a desktop is to be, and what of it isn't installed on this machine.

use std::fmt;

use crate::needs;

/// The keyring at the start of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keyring {
    /// Open, as after logging in.
    #[default]
    Unlocked,
    /// There, but asking for the password first.
    Locked,
    /// No keyring at all; the bus doesn't start one either.
    Absent,
}

/// Who shows notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notifications {
    /// A real daemon, for pictures.
    #[default]
    Dunst,
    /// The recorder of [`notices`](crate::notices), for reading them and pressing their buttons.
    Recorder,
    /// Nobody; the bus doesn't start one either.
    Absent,
}

/// Whether tray icons have a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrayHost {
    /// xfce4-panel with its StatusNotifier tray, bottom right.
    #[default]
    Panel,
    /// No tray, as on a plain GNOME.
    Absent,
}

/// Size of the screen in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Pixels from left to right.
    pub width: u16,
    /// Pixels from top to bottom.
    pub height: u16,
}

impl Default for Screen {
    fn default() -> Self {
        Self { width: 1280, height: 800 }
    }
}

impl fmt::Display for Screen {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}x{}x24", self.width, self.height)
    }
}

/// How a desktop is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesktopOptions {
    /// The keyring at the start.
    pub keyring: Keyring,
    /// Who shows notifications.
    pub notifications: Notifications,
    /// Whether tray icons have a place.
    pub tray: TrayHost,
    /// The person's locale, like `de_DE.UTF-8`; given to programs as `LANG` and `LANGUAGE`.
    pub locale: String,
    /// Whether the person prefers dark windows.
    pub dark: bool,
    /// Size of the screen.
    pub screen: Screen,
}

impl DesktopOptions {
    /// A desktop where nothing is shown outside of windows: no tray, and no notifications.
    pub fn without_tray_and_notices() -> Self {
        Self { notifications: Notifications::Absent, tray: TrayHost::Absent, ..Self::default() }
    }

    /// A machine with nothing that belongs to a desktop.
    pub fn without_a_desktop() -> Self {
        Self { keyring: Keyring::Absent, ..Self::without_tray_and_notices() }
    }
}

impl Default for DesktopOptions {
    fn default() -> Self {
        Self {
            keyring: Keyring::default(),
            notifications: Notifications::default(),
            tray: TrayHost::default(),
            locale: "en_US.UTF-8".to_owned(),
            dark: false,
            screen: Screen::default(),
        }
    }
}

impl DesktopOptions {
    /// The programs needed for such a desktop that aren't installed. A story that can't be told says so by
    /// [`skipped`](Self::skipped).
    pub fn missing_parts(&self) -> Vec<&'static str> {
        let mut needed = vec!["Xvfb", "dbus-daemon", "openbox", "xdotool", "wmctrl", "import", "sh"];
        if self.keyring != Keyring::Absent {
            needed.push("gnome-keyring-daemon");
        }
        if self.notifications == Notifications::Dunst {
            needed.push("dunst");
        }
        if self.tray == TrayHost::Panel {
            needed.push("xfce4-panel");
        }
        needed.retain(|program| !is_installed(program));
        needed
    }

    /// Whether a story has to be skipped here because `extra` programs or parts of the desktop are missing. Says
    /// so on standard error; where skipping is no option (`DYNTRAY_NO_SKIP` is set), it panics instead.
    ///
    /// # Panics
    /// When parts are missing and the environment has `DYNTRAY_NO_SKIP`.
    pub fn skipped(&self, story: &str, extra: &[&'static str]) -> bool {
        let mut missing = self.missing_parts();
        missing.extend(extra.iter().filter(|program| !is_installed(program)));
        needs::skipped(story, &missing)
    }
}

/// Whether a program is found as a shell would find it.
pub(crate) fn is_installed(program: &str) -> bool {
    needs::program(program).is_some()
}
