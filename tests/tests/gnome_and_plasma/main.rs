//! Stories on the two desktops that most people on Linux have: GNOME Shell and KDE Plasma.

mod keyring;
mod notifications;
mod session;
mod stage;
mod tray;
mod window;
