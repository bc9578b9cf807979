//! One JSON line from a client.

use serde::{Deserialize, Serialize};

use crate::request::Request;

/// One line from a client.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "request")]
pub enum ClientMessage {
    /// Turns the connection into a stream of responses: a snapshot now and after every change, until the client goes.
    Watch {
        /// Whether the client is the window, which is sent the pages that it is to show as well.
        window: bool,
    },
    /// A request, for one response.
    #[serde(untagged)]
    Request(Request),
}
