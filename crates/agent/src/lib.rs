//! # dyntray-agent
//!
//! The edges of Dyntray, one file per outside thing, and the loop that performs what the core decides: it looks up
//! addresses ([`web_resolver`], [`router`]) and watches this machine's own ([`network_watch`]), sends updates
//! ([`sender`]) with secrets from the [`keyring`], asks the world's name servers what came of it ([`dns_check`]), and
//! keeps the [`settings_file`] and the [`history`]. Start reading at [`run`].

pub mod dns_check;
pub mod history;
mod http;
pub mod keyring;
pub mod network_watch;
pub mod releases;
pub mod router;
pub mod run;
mod saving;
pub mod sender;
pub mod settings_file;
pub mod web_resolver;

pub use http::install_tls;
pub use run::{Agent, Folders, Handle};
