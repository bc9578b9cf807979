//! # dyntray-control
//!
//! The local socket (a named pipe on Windows) between the always-on program and its two faces: the window and the
//! command line. There is one [`client`], and one [`server`] that lets in the same user only; each sends the other one
//! JSON line at a time. Both meet in the [`runtime_dir`], whose lock also keeps the program from running twice for one
//! user.

mod activation;
pub mod client;
mod descriptors;
mod desktop_session;
mod environment;
mod foreign_owner;
mod history_lock;
mod line;
mod log_line;
mod message;
pub mod owner;
mod page;
mod pieces;
mod request;
mod response;
pub mod runtime_dir;
pub mod server;
#[cfg(windows)]
mod user;
mod wiped;

pub use activation::{ACTIVATION_VARIABLES, ActivationToken};
pub use client::{Client, ConnectError, Watch};
pub use descriptors::quarter_of_descriptors;
pub use desktop_session::{DesktopSession, own_bus};
pub use environment::WINDOW_IS_OPEN;
pub use foreign_owner::ForeignOwner;
pub use log_line::{LogLevel, LogLine};
pub use message::ClientMessage;
pub use page::Page;
pub use request::{AgentRequest, Request, SaveRequest, SecretChange, ShellRequest};
pub use response::{About, AutostartNote, Rejection, Response};
pub use runtime_dir::{Claim, Profile, RuntimeDir};
