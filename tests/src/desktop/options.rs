//! The parts that a desktop is to have, and those that aren't installed on this machine.

use crate::needs;

/// Opens the keyring of every desktop.
pub const KEYRING_PASSWORD: &str = "open sesame";

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

/// The program that shows notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notifications {
    /// A real daemon, for pictures.
    #[default]
    Dunst,
    /// The recorder of [`notices`](crate::notices), for reading them and pressing their buttons.
    Recorder,
    /// None; the bus doesn't start one either.
    Absent,
}

/// The place for tray icons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrayHost {
    /// xfce4-panel with its StatusNotifier tray, bottom right.
    #[default]
    Panel,
    /// No tray, as on a plain GNOME.
    Absent,
}

/// Everything about a desktop that a story can choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesktopOptions {
    /// The keyring at the start.
    pub keyring: Keyring,
    /// The program that shows notifications.
    pub notifications: Notifications,
    /// The place for tray icons.
    pub tray: TrayHost,
    /// The person's locale, like `de_DE.UTF-8`; given to programs as `LANG` and `LANGUAGE`.
    pub locale: String,
    /// The person prefers dark windows.
    pub dark: bool,
}

impl DesktopOptions {
    /// A desktop that shows nothing outside of windows: no tray and no notifications.
    pub fn without_tray_and_notices() -> Self {
        Self { notifications: Notifications::Absent, tray: TrayHost::Absent, ..Self::default() }
    }

    /// A machine with nothing that belongs to a desktop.
    pub fn without_a_desktop() -> Self {
        Self { keyring: Keyring::Absent, ..Self::without_tray_and_notices() }
    }

    /// A whole desktop whose notifications are recorded.
    pub fn with_recorder() -> Self {
        Self { notifications: Notifications::Recorder, ..Self::default() }
    }

    /// The programs needed for such a desktop that aren't installed.
    fn missing_parts(&self) -> Vec<&'static str> {
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
        needs::missing(&needed)
    }

    /// Tells whether a story has to be skipped here because parts of the desktop or `extra` programs are missing; see
    /// [`needs::skipped`].
    ///
    /// # Panics
    /// When parts are missing and the environment has `DYNTRAY_NO_SKIP`.
    pub fn skipped(&self, story: &str, extra: &[&'static str]) -> bool {
        let mut missing = self.missing_parts();
        missing.extend(needs::missing(extra));
        needs::skipped(story, &missing)
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
        }
    }
}
