//! Observations, and the terms for what they amount to: data that the state holds, without judgement.

pub mod dns;
pub mod finding;
pub mod observation;
pub mod own_address;
pub mod release;
pub mod second_nat;
