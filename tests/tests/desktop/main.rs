//! Stories at a desktop: the main job, and its parts.

mod autostart;
mod import;
mod keyring;
mod language;
mod main_job;
mod notifications;
mod restart;
mod tray;
mod window;
