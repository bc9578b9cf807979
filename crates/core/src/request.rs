//! One update request: what is sent and to whom. It says where the secret goes and never holds it.

use crate::address::Addresses;
use crate::hostname::Hostname;
use crate::server::WebAddress;
use crate::settings::{Entry, EntryId};

/// `GET SERVER?hostname=H&myip=A`, with HTTP Basic of `user` and the entry's secret.
/// Source: Securepoint's wiki; the general dyndns2 protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateRequest {
    /// Whose request it is; the keyring knows the secret by it.
    pub entry: EntryId,
    /// The update server.
    pub server: WebAddress,
    /// The host to update.
    pub hostname: Hostname,
    /// The user of HTTP Basic.
    pub user: String,
    /// The addresses to publish: at least one.
    pub addresses: Addresses,
}

impl UpdateRequest {
    /// The request that publishes `addresses` for `entry`.
    pub fn new(entry: &Entry, addresses: Addresses) -> Self {
        UpdateRequest {
            entry: entry.id,
            server: entry.server.clone(),
            hostname: entry.hostname.clone(),
            user: entry.user().to_owned(),
            addresses,
        }
    }

    /// The URL, free of secrets. Host names and addresses need no escaping (RFC 3986: unreserved, `:` and `,`
    /// may stand in a query).
    pub fn url(&self) -> String {
        format!("{}?hostname={}&myip={}", self.server, self.hostname, self.addresses)
    }
}
