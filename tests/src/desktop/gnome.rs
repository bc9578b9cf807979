//! Starting GNOME Shell: its settings, the shell itself, and what a session has beside it.

use std::{path::Path, process::Command};

use super::{
    options::{DesktopOptions, TrayHost},
    parts::{Parts, run_to_end},
    session::Session,
    shell::{Display, EXTENSION},
};
use crate::Result;

/// Width and height of the screen.
const SCREEN: &str = "1280x800";

/// The folders in which distributions keep programs that are no commands.
const LIBEXEC: [&str; 3] = ["/usr/libexec", "/usr/lib", "/usr/lib/gnome-settings-daemon"];

/// Writes the person's settings and starts the shell.
pub(super) async fn spawn(
    parts: &mut Parts,
    session: &Session,
    display: Display,
    options: &DesktopOptions,
) -> Result<()> {
    let mut writing = session.command("sh".as_ref());
    writing.args(["-c", &settings(options)]);
    run_to_end("gsettings", writing).await?;
    parts.spawn_command("gnome-shell", command(session, display), None)
}

fn command(session: &Session, display: Display) -> Command {
    let mut command = match display {
        Display::Nested => session.screen_command("gnome-shell".as_ref()),
        Display::Wayland | Display::X11 => session.command("gnome-shell".as_ref()),
    };
    // Lets the stories ask and operate the shell.
    command.arg("--unsafe-mode");
    match display {
        Display::Wayland => command.args(["--headless", "--virtual-monitor", SCREEN]),
        Display::Nested => command.arg("--nested").env("MUTTER_DEBUG_DUMMY_MODE_SPECS", SCREEN),
        Display::X11 => command.args(["--x11", "--sm-disable"]),
    };
    if let Some(name) = session.wayland_display() {
        command.args(["--wayland", "--no-x11", "--wayland-display", name]);
    }
    command
}

/// Commands for the person's settings: a shell without a welcome, animations and dark after a while, so that pictures
/// are alike.
fn settings(options: &DesktopOptions) -> String {
    let extensions = match options.tray {
        TrayHost::Panel | TrayHost::LxqtPanel => format!("['{EXTENSION}']"),
        TrayHost::Absent => "[]".to_owned(),
    };
    let scheme = if options.dark { "prefer-dark" } else { "default" };
    let background = "org.gnome.desktop.background";
    let interface = "org.gnome.desktop.interface";
    [
        ("org.gnome.shell", "enabled-extensions", extensions.as_str()),
        ("org.gnome.shell", "welcome-dialog-last-shown-version", "4294967295"),
        (interface, "color-scheme", scheme),
        (interface, "enable-animations", "false"),
        (background, "picture-uri", ""),
        (background, "picture-uri-dark", ""),
        ("org.gnome.desktop.session", "idle-delay", "0"),
    ]
    .map(|(schema, key, value)| format!("gsettings set {schema} {key} \"{value}\""))
    .join(" && ")
}

/// Starts the program that tells X11 programs the person's settings, where it is installed.
pub(super) fn spawn_xsettings(parts: &mut Parts, session: &Session) -> Result<()> {
    let found = LIBEXEC.iter().map(|folder| Path::new(folder).join("gsd-xsettings"));
    let Some(program) = found.into_iter().find(|path| path.is_file()) else { return Ok(()) };
    parts.spawn_command("gsd-xsettings", session.command(program.as_os_str()), None)
}
