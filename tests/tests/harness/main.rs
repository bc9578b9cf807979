//! The stage itself, before stories are told on it: its desktops, its networks and the sandbox are what they claim to
//! be, and leave nothing behind.

mod conformance;
mod desktops;
#[cfg(target_os = "linux")]
mod namespaces;
