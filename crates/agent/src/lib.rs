//! # dyntray-agent
//!
//! Input and output around the core, and the loop that performs what the core decides. It looks up addresses
//! ([`web_resolver`], [`router`]), watches this machine's own ([`network_watch`]), sends updates ([`sender`]) with secrets
//! from the [`keyring`], checks the result at the zone's name servers ([`dns_check`]), and stores the [`settings_file`] and
//! the [`history`]. Start reading at [`run`].

pub mod backup;
mod certificate_dates;
mod disk;
pub mod dns_check;
pub mod faults;
pub mod history;
mod http;
pub mod keyring;
pub mod network_watch;
mod refusals_file;
pub mod releases;
mod route;
pub mod router;
pub mod run;
mod saving;
pub mod sender;
pub mod settings_file;
pub mod web_resolver;

pub use http::install_tls;
pub use run::{Agent, Folders, Handle, Round};
