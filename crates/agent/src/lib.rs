//! # dyntray-agent
//!
//! The edges of Dyntray, one file per outside thing, and the loop that performs what the core decides: it looks up
//! addresses ([`web_resolver`], [`interface`], [`router`]), sends updates ([`sender`]) with secrets from the
//! [`keyring`], and keeps the [`settings_file`] and the [`history`]. Start reading at [`run`].

pub mod history;
mod http;
pub mod interface;
pub mod keyring;
pub mod router;
pub mod run;
mod saving;
pub mod sender;
pub mod settings_file;
pub mod web_resolver;

pub use http::install_tls;
pub use run::{Agent, Folders, Handle};
