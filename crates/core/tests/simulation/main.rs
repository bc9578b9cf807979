//! The core in a simulated world: the agent's part is played in virtual time, so that years pass in seconds.
//!
//! [`world`] performs what the core decides and watches the rules at every step; [`stories`] reads as examples,
//! [`services`] tells of other services than SPDYN,
//! [`networks`] of routers, VPNs, cafés and name servers, [`any_order`] lets anything happen in any order, [`ten_years`] is one home line's long life.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "the tests may look at the clock, read the environment and print"
)]

mod any_order;
mod networks;
mod services;
mod stories;
mod ten_years;
mod world;
