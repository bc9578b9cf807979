//! The choice of the shell, and what programs find in their environment and on the session bus because of it.

use super::options::{DesktopOptions, Keyring, Notifications, Startable};

/// The program that manages windows and shows the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shell {
    /// openbox with xfce4-panel and dunst: small and quick.
    #[default]
    Openbox,
    /// GNOME Shell; operated by [`Gnome`](crate::gnome::Gnome).
    Gnome(Display),
    /// KDE Plasma on X11.
    Plasma,
}

/// The way in which GNOME Shell reaches a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    /// Wayland on a virtual monitor, as on a machine with a screen, but drawn in memory only.
    Wayland,
    /// Wayland in a window of Xvfb.
    Nested,
    /// X11, in Xvfb.
    X11,
}

/// The name of the Wayland display in the runtime directory.
pub(super) const WAYLAND_DISPLAY: &str = "wayland-0";

/// The session of the mocked logind.
pub(super) const LOGIN_SESSION: &str = "c1";

impl Shell {
    /// Tells whether programs on the desktop find an X server.
    pub(super) fn is_x11(self) -> bool {
        !matches!(self, Self::Gnome(Display::Wayland | Display::Nested))
    }

    /// Tells whether something is drawn by an X server at all.
    pub(super) fn needs_x_server(self) -> bool {
        self != Self::Gnome(Display::Wayland)
    }

    /// Tells whether it looks for services of the system.
    pub(super) fn has_system_bus(self) -> bool {
        self != Self::Openbox
    }

    /// The programs that it consists of.
    pub(super) fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Openbox => &["Xvfb", "openbox", "xdotool", "wmctrl", "import"],
            // `gjs` runs the part that takes the notifications.
            Self::Gnome(Display::Wayland) => &["gnome-shell", "gsettings", "gjs"],
            Self::Gnome(_) => &["gnome-shell", "gsettings", "gjs", "Xvfb", "xdotool", "wmctrl", "import"],
            Self::Plasma => &[
                "kwin_x11",
                "plasmashell",
                "kded5",
                "Xvfb",
                "xdotool",
                "wmctrl",
                "xprop",
                "xwininfo",
                "import",
            ],
        }
    }

    /// What it adds to the environment of every program.
    pub(super) fn environment(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Openbox => vec![
                ("XDG_SESSION_TYPE", "x11"),
                ("XDG_CURRENT_DESKTOP", "XFCE"),
                ("GDK_BACKEND", "x11"),
                ("GSETTINGS_BACKEND", "memory"),
            ],
            Self::Gnome(display) => {
                let wayland = display != Display::X11;
                let mut all = vec![
                    ("XDG_SESSION_TYPE", if wayland { "wayland" } else { "x11" }),
                    ("XDG_CURRENT_DESKTOP", "GNOME"),
                    ("XDG_SESSION_DESKTOP", "gnome"),
                    ("DESKTOP_SESSION", "gnome"),
                    ("XDG_SESSION_CLASS", "user"),
                    ("XDG_SESSION_ID", LOGIN_SESSION),
                ];
                if wayland {
                    all.push(("WAYLAND_DISPLAY", WAYLAND_DISPLAY));
                }
                all
            }
            Self::Plasma => vec![
                ("XDG_SESSION_TYPE", "x11"),
                ("XDG_CURRENT_DESKTOP", "KDE"),
                ("XDG_SESSION_DESKTOP", "KDE"),
                ("DESKTOP_SESSION", "plasma"),
                ("XDG_SESSION_CLASS", "user"),
                ("XDG_SESSION_ID", LOGIN_SESSION),
                ("KDE_FULL_SESSION", "true"),
                ("KDE_SESSION_VERSION", "5"),
                ("KDE_APPLICATIONS_AS_SCOPE", "0"),
                ("QT_QUICK_BACKEND", "software"),
                ("KWIN_COMPOSE", "N"),
                // Qt programs tell what they show, so that stories find their buttons.
                ("QT_LINUX_ACCESSIBILITY_ALWAYS_ON", "1"),
            ],
        }
    }
}

/// Started on every desktop.
const ALWAYS: &[&str] = &[
    "ca.desrt.dconf",
    "org.a11y.Bus",
    "org.gnome.keyring.PrivatePrompter",
    "org.gnome.keyring.SystemPrompter",
    "org.xfce.Xfconf",
];

/// The portal and what it keeps; its backend depends on the shell. Left out is the documents' portal, which mounts a
/// file system.
const PORTAL: &[&str] = &["org.freedesktop.portal.Desktop", "org.freedesktop.impl.portal.PermissionStore"];

const GNOME: &[&str] = &[
    "org.freedesktop.impl.portal.desktop.gnome",
    "org.freedesktop.impl.portal.desktop.gtk",
    "org.gnome.ScreenSaver",
    "org.gnome.Shell.Extensions",
];

const PLASMA: &[&str] = &[
    "org.freedesktop.impl.portal.desktop.kde",
    "org.kde.ActivityManager",
    "org.kde.LogoutPrompt",
    "org.kde.Shutdown",
    "org.kde.kded5",
    "org.kde.kglobalaccel",
    "org.kde.kiod5",
    "org.kde.kwalletmanager5",
];

/// The names of the services that the session bus may start by itself. Everything else, above all a second keyring or
/// notification daemon, stays away unless the desktop starts it, so that "absent" holds.
pub(super) fn startable(options: &DesktopOptions) -> Vec<&'static str> {
    let mut all = ALWAYS.to_vec();
    let shown = options.notifications == Notifications::Shown;
    match options.shell {
        Shell::Openbox => {}
        Shell::Gnome(_) => {
            all.extend(PORTAL.iter().chain(GNOME));
            // Takes the notifications' name and hands them to the shell.
            all.extend(shown.then_some("org.gnome.Shell.Notifications"));
        }
        Shell::Plasma => {
            all.extend(PORTAL.iter().chain(PLASMA));
            // Waits for the shell to take the notifications' name.
            all.extend(shown.then_some("org.kde.plasma.Notifications"));
        }
    }
    let wallet = (options.keyring == Keyring::Wallet).then_some(Startable::Wallet);
    let secrets = options.startable.iter().copied().chain(wallet).map(Startable::service);
    for service in secrets {
        if !all.contains(&service) {
            all.push(service);
        }
    }
    all
}
