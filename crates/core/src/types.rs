//! Value types. Each checks its own text and has its own error.

pub mod address;
pub mod backoff;
pub mod cow_arc;
pub mod entry_id;
pub mod hostname;
pub mod interface_id;
pub mod moment;
pub mod network;
pub mod redact;
pub mod server;
pub mod source;
pub mod token;
