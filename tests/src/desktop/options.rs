//! The parts that a desktop is to have, and those that aren't installed on this machine.

use std::path::Path;

use super::shell::{Display, EXTENSION, Shell};
use crate::needs;

/// Opens the keyring of every desktop.
pub const KEYRING_PASSWORD: &str = "open sesame";

/// The name of whichever secret service answers.
pub(super) const SECRETS: &str = "org.freedesktop.secrets";

/// The keyring at the start of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keyring {
    /// Open, as after logging in.
    #[default]
    Unlocked,
    /// There, but asking for the password first.
    Locked,
    /// No keyring at all; the bus doesn't start one either (but see [`DesktopOptions::startable`]).
    Absent,
    /// There, without any collection, as for a new user: `default` leads nowhere.
    WithoutCollection,
    /// KWallet is running, without any wallet: the first program that wants one opens the wizard.
    Wallet,
}

impl Keyring {
    /// Tells whether gnome-keyring runs from the start.
    pub(super) fn is_gnome_keyring(self) -> bool {
        matches!(self, Self::Unlocked | Self::Locked | Self::WithoutCollection)
    }
}

/// A secret service that the session bus starts when a program asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Startable {
    /// KWallet, by its own name (`org.kde.kwalletd5`); it takes `org.freedesktop.secrets` once it runs.
    Wallet,
    /// gnome-keyring, by `org.freedesktop.secrets`.
    GnomeKeyring,
}

impl Startable {
    /// The service's name.
    pub(super) fn service(self) -> &'static str {
        match self {
            Self::Wallet => "org.kde.kwalletd5",
            Self::GnomeKeyring => SECRETS,
        }
    }
}

/// The program that shows notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notifications {
    /// A real daemon: dunst, or GNOME Shell or Plasma itself.
    #[default]
    Shown,
    /// The recorder of [`notices`](crate::notices), for reading them and pressing their buttons.
    Recorder,
    /// None; the bus doesn't start one either.
    Absent,
}

/// The place for tray icons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrayHost {
    /// xfce4-panel with its StatusNotifier tray, bottom right; on GNOME the AppIndicator extension; on Plasma its own.
    #[default]
    Panel,
    /// lxqt-panel with its StatusNotifier tray, bottom right; on openbox only.
    LxqtPanel,
    /// No tray, as on a plain GNOME. Plasma always has one.
    Absent,
}

impl TrayHost {
    /// The panel on openbox, and its arguments. Where there is none at first, it is the usual one that comes.
    pub(super) fn panel(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::LxqtPanel => ("lxqt-panel", &[]),
            Self::Panel | Self::Absent => ("xfce4-panel", &["--disable-wm-check"]),
        }
    }
}

/// Everything about a desktop that a story can choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesktopOptions {
    /// The program that manages windows and shows the panel.
    pub shell: Shell,
    /// The keyring at the start.
    pub keyring: Keyring,
    /// Secret services that the session bus starts when a program asks for them, beside the keyring at the start.
    pub startable: Vec<Startable>,
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

    /// GNOME Shell with the AppIndicator extension.
    pub fn gnome(display: Display) -> Self {
        Self { shell: Shell::Gnome(display), ..Self::default() }
    }

    /// GNOME Shell as it is without any extension: no tray.
    pub fn plain_gnome(display: Display) -> Self {
        Self { tray: TrayHost::Absent, ..Self::gnome(display) }
    }

    /// Plasma with KWallet, which the bus starts when a program asks for it.
    pub fn plasma() -> Self {
        Self {
            shell: Shell::Plasma,
            keyring: Keyring::Absent,
            startable: vec![Startable::Wallet],
            ..Self::default()
        }
    }

    /// Plasma with gnome-keyring, open from the start, for stories that aren't about the keyring.
    pub fn plasma_with_open_keyring() -> Self {
        Self { keyring: Keyring::Unlocked, startable: Vec::new(), ..Self::plasma() }
    }

    /// The programs needed for such a desktop that aren't installed.
    fn missing_parts(&self) -> Vec<&'static str> {
        let mut needed = vec!["dbus-daemon", "sh"];
        needed.extend(self.shell.programs());
        if self.keyring.is_gnome_keyring() || self.startable.contains(&Startable::GnomeKeyring) {
            needed.push("gnome-keyring-daemon");
        }
        if self.keyring == Keyring::Wallet || self.startable.contains(&Startable::Wallet) {
            needed.push("kwalletd5");
        }
        if self.shell == Shell::Openbox && self.notifications == Notifications::Shown {
            needed.push("dunst");
        }
        if self.shell == Shell::Openbox && self.tray != TrayHost::Absent {
            needed.push(self.tray.panel().0);
        }
        let mut missing = needs::missing(&needed);
        if matches!(self.shell, Shell::Gnome(_)) && self.tray == TrayHost::Panel && !has_extension() {
            missing.push("the AppIndicator extension");
        }
        if self.shell == Shell::Plasma && !Path::new(PLASMA_LAYOUT).is_dir() {
            missing.push("the layout of Plasma's desktop");
        }
        missing
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
            shell: Shell::default(),
            keyring: Keyring::default(),
            startable: Vec::new(),
            notifications: Notifications::default(),
            tray: TrayHost::default(),
            locale: "en_US.UTF-8".to_owned(),
            dark: false,
        }
    }
}

/// Plasma's panel and desktop, which are a package of their own.
const PLASMA_LAYOUT: &str = "/usr/share/plasma/shells/org.kde.plasma.desktop";

/// Tells whether GNOME Shell's extension for tray icons is installed for everybody.
fn has_extension() -> bool {
    Path::new("/usr/share/gnome-shell/extensions").join(EXTENSION).is_dir()
}
