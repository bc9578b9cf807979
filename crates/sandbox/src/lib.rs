//! A faithful SPDYN on loopback, to develop, demonstrate and test against without the live service.
//!
//! It has the portal (accounts, hosts, update tokens), the update endpoint with its return codes, the address
//! look-up, and a pretended Internet line that can be reconnected, shared, put behind a hotel's sign-in page or cut.
//! On request it also speaks HTTPS with its own test authority (`ca.pem`), answers DNS for the service's zones, and
//! goes wrong on demand: ordered at `/line` or `/control/fault`, for the next so many requests.
//!
//! What is too large, too many or too full gets a clear answer: 8 KiB of address, 16 KiB of headers, 64 KiB of body,
//! [`Options::connections`], [`Options::hash_queue`], [`Options::login_budget`], [`Options::largest_database`].
//! Acknowledged updates survive the program's death at any moment (not a power cut: SQLite's `synchronous` is
//! `NORMAL`).
//!
//! The service itself is described in `spdyn.md`; where that names no source, the sandbox takes the mildest reading
//! and says so at the place.
//!
//! It runs on a thread of its own, so it can be started from any runtime and vanishes completely when stopped.

mod accounts;
mod authority;
mod certificates;
mod check_ip;
mod connection;
mod control;
mod course;
mod error;
mod fault;
mod front;
mod hash_queue;
mod hashing;
mod hosts;
mod limits;
mod line;
mod locks;
mod name_server;
mod options;
mod portal;
mod random;
mod return_code;
mod router;
mod running;
mod sandbox;
mod service;
mod sessions;
mod spoilt;
mod store;
mod token;
mod update;
mod update_log;
mod update_request;
mod zones;

pub use control::State;
pub use error::SandboxError;
pub use fault::{Fault, PlainFault, Target};
pub use hosts::{Addresses, HostState, Records, TokenState};
pub use line::{Callers, Line, Mode};
pub use locks::{Budget, LockState};
pub use options::Options;
pub use sandbox::{Sandbox, start};
pub use update_log::LoggedUpdate;
