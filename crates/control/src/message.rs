//! One JSON line from a client.

use serde::{Deserialize, Serialize};

use crate::request::Request;
#[cfg(doc)]
use crate::response::Response;

/// One line from a client.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "request")]
pub enum ClientMessage {
    /// Turns the connection into a stream of responses: a snapshot now, and whatever changes of it, until the client
    /// goes.
    Watch {
        /// True for the window, which is sent the pages that it is to show as well.
        window: bool,
    },
    /// Takes back the request that this connection waits for. [`Response::Done`] says that nothing of it was done; otherwise
    /// it was too late, and its own response comes.
    Cancel,
    /// A request, for one response.
    #[serde(untagged)]
    Request(Request),
}
