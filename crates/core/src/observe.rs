//! What was seen of the world, and what it may amount to: data that the state holds, without judgement.

pub mod dns;
pub mod finding;
pub mod observation;
pub mod own_address;
pub mod release;
