//! The stage for Dyntray's desktop stories: a headless desktop made of real parts, and hands and eyes for it.
//!
//! A story starts a [`Desktop`](desktop::Desktop), starts the app on it as a person would ([`app::App`]), and then
//! looks and acts through [`tray`], [`notices`], [`window`] and the screen itself. [`processes`] and [`search`]
//! answer what a person can't see: memory, left-over processes, secrets in files.
//!
//! Every wait is bounded and its error says what was waited for. Dropping the desktop ends everything that was
//! started on it, also when the story panics or is killed.

pub mod app;
mod bus;
pub mod clock;
pub mod desktop;
pub mod home;
pub mod needs;
#[cfg(target_os = "linux")]
pub mod network;
pub mod notices;
pub mod page;
pub mod portal;
pub mod private_file;
pub mod processes;
pub mod search;
pub mod tray;
pub mod wait;
pub mod window;

use std::{path::PathBuf, time::Duration};

/// A step may take this long when the story says nothing else.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Anything that can go wrong on the stage.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something didn't happen in time.
    #[error("waited {after:?} for {what}, in vain{}", last.as_ref().map(|seen| format!("; last seen: {seen}")).unwrap_or_default())]
    TimedOut {
        /// The thing waited for, in words.
        what: String,
        /// The time of waiting.
        after: Duration,
        /// The last thing seen instead, where known.
        last: Option<String>,
    },
    /// A program needed for this isn't installed.
    #[error("{program} can't be started: {source}")]
    NotStarted {
        /// The program.
        program: String,
        /// Why.
        source: std::io::Error,
    },
    /// A small tool (xdotool, wmctrl, import …) ended with an error.
    #[error("{command} failed: {answer}")]
    Tool {
        /// The command line.
        command: String,
        /// Its output, or the way it ended.
        answer: String,
    },
    /// A file couldn't be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The session bus or a program on it refused.
    #[error("D-Bus: {0}")]
    Bus(#[from] zbus::Error),
    /// The window, or WebKitWebDriver for it, refused.
    #[error("{step}: {source}")]
    Window {
        /// The step.
        step: String,
        /// The driver's error.
        source: Box<fantoccini::error::CmdError>,
    },
    /// The thing asked for isn't there, or can't be used by a person now.
    #[error("{0}")]
    NotThere(String),
}

impl From<zbus::fdo::Error> for Error {
    fn from(error: zbus::fdo::Error) -> Self {
        Self::Bus(error.into())
    }
}

/// Short for results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Short for results of stories and of their own steps.
pub type Story<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;
