//! The end of a session, as a log-out brings it about.

use super::{
    running::Desktop,
    shell::{Display, Shell},
};

impl Desktop {
    /// Ends whatever draws the screen: the X server or the compositor. The session bus stays.
    pub fn end_screen(&mut self) {
        self.parts.end(match self.options.shell {
            Shell::Openbox | Shell::Plasma | Shell::Gnome(Display::X11) => "Xvfb",
            Shell::Gnome(Display::Wayland | Display::Nested) => "gnome-shell",
        });
    }

    /// Ends the session bus. The screen stays.
    pub fn end_bus(&mut self) {
        self.parts.end("dbus-daemon");
    }
}
