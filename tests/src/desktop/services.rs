//! The services that the session bus starts when a program asks for them.

use super::{
    options::{DesktopOptions, Keyring, Notifications, Startable},
    shell::Shell,
};

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
