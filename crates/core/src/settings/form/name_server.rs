//! The name server that updates are checked at, as typed.

use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

/// The port that name servers listen on (RFC 1035).
const DNS_PORT: u16 = 53;

/// The reason why a text is no name server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum NameServerError {
    /// Not an IP address, with or without a port.
    Shape,
}

/// Reads an IP address with or without a port; nothing typed is no name server.
pub(super) fn parse(typed: &str) -> Result<Option<SocketAddr>, NameServerError> {
    let text = typed.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let with_port = text.parse::<SocketAddr>();
    let alone = text.trim_matches(['[', ']']).parse::<IpAddr>();
    with_port
        .or(alone.map(|address| SocketAddr::new(address, DNS_PORT)))
        .map(Some)
        .map_err(|_| NameServerError::Shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_server_is_an_address_with_or_without_a_port() {
        for (typed, read) in [
            ("", None),
            ("192.168.178.1", Some("192.168.178.1:53")),
            ("127.0.0.1:5353", Some("127.0.0.1:5353")),
            ("::1", Some("[::1]:53")),
            ("[2003:e1::1]:5353", Some("[2003:e1::1]:5353")),
        ] {
            let expected = read.map(|text| text.parse().expect("an address with a port"));
            assert_eq!(parse(typed), Ok(expected), "{typed}");
        }
        assert_eq!(parse("ns1.spdyn.de"), Err(NameServerError::Shape));
    }
}
