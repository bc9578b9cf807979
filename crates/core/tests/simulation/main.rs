//! The core in a simulated world: the agent's part is played in virtual time, so that years pass in seconds.
//!
//! [`world`] performs the core's decisions and watches the rules at every step. [`stories`] are examples,
//! [`services`] are about other services than SPDYN, [`families`] about the family that a request doesn't name,
//! [`retry_after`] about servers that ask to wait, [`networks`] about routers, VPNs, cafés and name servers.
//! [`restless`] about networks that never settle and people who don't wait, [`company`] about many host names.
//! [`any_order`] makes anything happen in any order, [`ten_years`] is the long life of one home line.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "the tests may look at the clock, read the environment and print"
)]

mod any_order;
mod clocks;
mod company;
mod families;
mod networks;
mod restless;
mod retry_after;
mod services;
mod stories;
mod ten_years;
mod world;
