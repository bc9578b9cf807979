//! # dyntray-control
//!
//! The local socket (a named pipe on Windows) between the always-on program and its two faces: the window and the
//! command line. One [`client`], one [`server`] that lets in nobody but the same user, one JSON line each way.

pub mod protocol;

pub use protocol::{Answer, Page, Refusal, Request, SaveRequest, SecretChange};
