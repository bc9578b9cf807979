//! # dyntray-core
//!
//! All decisions of Dyntray, as a sans-IO state machine: [`mod@record`] is its reducer, [`mod@decide`] its poll
//! function. It has no `async`, clock, file, socket or log. `now` is always a parameter.
//!
//! The modules below follow the flow of data; each may use those above it, never those below. A typed form becomes
//! [`settings`], a look-up becomes an observation ([`observe`]), [`assess`] weighs the observations in the [`state`],
//! [`mod@decide`] names the next step, the agent performs it, [`mod@record`] folds its result into the state, and
//! [`mod@present`] turns the state into all that people see.

pub mod types;

pub mod protocol;

pub mod settings;

pub mod import;

pub mod observe;

pub mod state;

pub mod assess;

pub mod decide;

pub mod record;

pub mod present;

pub use decide::{Step, decide};
pub use present::{Snapshot, present};
pub use record::{Event, Recorded, record};
