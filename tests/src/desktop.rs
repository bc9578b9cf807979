//! A headless desktop of its own for each story: X server, session bus, keyring, window manager, notifications and
//! a panel with a tray, all real programs with private folders.

mod ending;
mod evidence;
mod keyring;
mod locale;
mod options;
mod parts;
mod running;
mod screen;
mod session;

pub use options::{DesktopOptions, KEYRING_PASSWORD, Keyring, Notifications, TrayHost};
pub use running::Desktop;
pub use screen::DesktopWindow;
pub(crate) use session::free_port;
