//! The stage: everything that Dyntray's end-to-end tests (its stories) need to run the real programs.
//!
//! A story moves into a [`Home`](home::Home), a headless desktop of real parts with the sandbox, or into a
//! [`NetworkHome`](network::NetworkHome), a desktop behind a real router in network namespaces. It starts Dyntray as a
//! person would ([`app::App`]), and then reads and operates [`tray`], [`notices`], [`window`] and the screen.
//! [`processes`] and [`search`] show what a person can't see: memory, left-over processes, secrets in files.
//!
//! Every wait is bounded, and its error names the thing that was waited for. Dropping the desktop ends everything that
//! was started on it, even when the story panics or is killed.

pub mod accessibility;
pub mod app;
mod bus;
pub mod clock;
pub mod desktop;
pub mod gnome;
pub mod home;
pub mod needs;
#[cfg(target_os = "linux")]
pub mod network;
pub mod notices;
pub mod page;
pub mod plasma;
pub mod portal;
pub mod private_file;
pub mod processes;
pub mod search;
pub mod tray;
pub mod wait;
pub mod window;

use std::{path::PathBuf, time::Duration};

pub use bus::Place;

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
        /// The cause.
        source: std::io::Error,
    },
    /// A tool (xdotool, wmctrl, import …) ended with an error.
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
        /// The cause.
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

/// The result of a step of the stage.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The result of a story, or of one of its own steps.
pub type Story<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;
