//! The core in a simulated world: the agent's part is played in virtual time, so that years pass in seconds.
//!
//! [`world`] performs what the core decides and watches the rules at every step; [`stories`] reads as examples,
//! [`any_order`] lets anything happen in any order, [`ten_years`] is one home line's long life.

mod any_order;
mod stories;
mod ten_years;
mod world;
