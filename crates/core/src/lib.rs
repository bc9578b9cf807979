//! # dyntray-core
//!
//! Everything that Dyntray decides, and nothing that it does. The data's way through the program is the order of
//! the modules below: what was typed becomes [`settings`], a look-up becomes an [`observation`], [`mod@decide`] names the
//! next step, a [`request`] is sent by the agent, its [`reply`] is classified, [`mod@record`] folds it into the
//! [`state`], and [`mod@present`] turns the state into all that people see.
//!
//! This crate has no `async`, clock, file, socket or log, and so can't fail that way. `now` is always a parameter.

pub mod address;
pub mod agree;
pub mod decide;
pub mod diagnose;
pub mod form;
pub mod hostname;
pub mod import;
pub mod live;
pub mod manner;
pub mod network;
pub mod notice;
pub mod observation;
pub mod own_address;
pub mod place;
pub mod present;
pub mod providers;
pub mod record;
pub mod redact;
pub mod release;
pub mod reply;
pub mod request;
pub mod retry;
pub mod server;
pub mod settings;
pub mod state;
pub mod tail;
pub mod token;
pub mod update_url;

pub use decide::{Step, decide};
pub use present::{Snapshot, present};
pub use record::{Event, Recorded, record};
