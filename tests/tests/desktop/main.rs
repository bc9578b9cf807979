//! Stories on a desktop: window, tray, notifications, keyring, language.

mod first_start;
mod notifications;
mod window;
