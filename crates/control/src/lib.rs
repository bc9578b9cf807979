//! # dyntray-control
//!
//! The local socket (a named pipe on Windows) between the always-on program and its two faces: the window and the
//! command line. One [`client`], one [`server`] that lets in nobody but the same user, one JSON line each way.
//! The [`place`] where they meet is also what makes the program run once a user.

pub mod client;
mod line;
pub mod log_line;
pub mod protocol;
pub mod runtime_dir;
pub mod server;
#[cfg(windows)]
mod user;

pub use client::{Client, ConnectError, Watch};
pub use log_line::{LogLevel, LogLine};
pub use protocol::{About, Page, Rejection, Request, Response, SaveRequest, SecretChange};
pub use runtime_dir::{Claim, Profile, RuntimeDir};
