//! A faithful SPDYN on loopback, to develop, demonstrate and test against without the live service.
//!
//! It has the portal (accounts, hosts, update tokens), the update endpoint with its return codes, the address
//! look-up, and a simulated Internet connection (the WAN) that can be reconnected, shared, put behind a hotel's
//! sign-in page or cut. Optionally it speaks HTTPS with its own test CA (`ca.pem`), answers DNS for the service's
//! zones, and injects faults: ordered at `/line` or `/control/fault`, for a number of requests.
//!
//! Every limit has a clear response: 8 KiB for a URI, 16 KiB for headers, 64 KiB for a body,
//! [`Options::max_connections`], [`Options::hash_queue`], ten seconds for a page, and the thresholds in [`Options`].
//! Acknowledged updates survive the program's death at any moment (not a power cut: SQLite's `synchronous` is `NORMAL`).
//!
//! It is shut to strangers: `web_guard` keeps web pages elsewhere away, `locks` stops guesses.
//!
//! Where SPDYN documents nothing, the sandbox takes the most lenient reading and says so in the code.
//!
//! A sandbox runs on a thread of its own, so any runtime can start it, and nothing of it is left when it stops.

mod accounts;
mod addresses;
mod bad_responses;
mod certificate_authority;
mod certificates;
mod check_ip;
mod clock;
mod connection;
mod control;
mod error;
mod fault;
mod fault_injection;
mod hash_queue;
mod hashing;
mod hosts;
mod http_server;
mod limits;
mod locks;
mod login_name;
mod moves;
mod name_server;
mod options;
mod places;
mod portal;
mod random;
mod return_code;
mod router;
mod sandbox;
mod server_thread;
mod service;
mod sessions;
mod store;
mod token;
mod update;
mod update_log;
mod update_request;
mod wan;
mod web_guard;
mod zones;

pub use addresses::Addresses;
pub use control::State;
pub use error::SandboxError;
pub use fault::{Fault, PlainFault, Target};
pub use hosts::{HostState, Records, TokenState};
pub use locks::LockState;
pub use options::{LockThreshold, Options};
pub use sandbox::{Sandbox, start};
pub use update_log::LoggedUpdate;
pub use wan::{ClientAddresses, Mode, Wan};
