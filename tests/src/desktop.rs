//! A headless desktop of its own for each story: X server, session bus, keyring, window manager, notifications and
//! a panel with a tray, all real programs with private folders.

mod cookie;
mod ending;
mod evidence;
mod gnome;
mod installed;
mod keepassxc;
mod keyring;
mod locale;
mod log_in;
mod log_out;
mod on_gnome;
mod options;
mod parts;
mod plasma;
mod running;
mod screen;
mod secret_services;
mod services;
mod session;
mod settling;
mod shell;
mod system_bus;
mod tray;

pub use options::{DesktopOptions, KEYRING_PASSWORD, Keyring, Notifications, Startable, TrayHost};
pub use running::Desktop;
pub use screen::DesktopWindow;
pub use session::free_port;
pub use shell::{Display, Shell};
