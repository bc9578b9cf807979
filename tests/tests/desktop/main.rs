//! Stories at a desktop: the main job, and each part of the desktop that Dyntray uses.

mod autostart;
mod import;
mod keyring;
mod language;
mod main_job;
mod notifications;
mod plain_keyring;
mod restart;
mod session;
mod tray;
mod window;
