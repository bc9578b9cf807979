//! An update request: credentials, host names, addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::addresses::Addresses;

/// A user name and a secret. There is no `Debug`, so that it can't be logged by mistake.
pub(crate) struct Credentials {
    pub(crate) user: String,
    pub(crate) secret: String,
}

/// The parameter `myip`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MyIp {
    /// It was left out.
    Absent,
    /// It is empty, or not a list of one address of each family at most.
    Malformed,
    /// It holds these addresses.
    Given(Addresses),
}

/// An update request as received.
pub(crate) struct UpdateRequest {
    /// The address that its connection comes from.
    pub(crate) peer: IpAddr,
    /// `hostname` as sent, in lower case.
    pub(crate) hostname: String,
    /// `myip` as sent.
    pub(crate) myip: Option<String>,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) user_agent: String,
}

impl UpdateRequest {
    /// Reads a request from its headers and decoded query.
    pub(crate) fn read(peer: IpAddr, headers: &HeaderMap, query: &[(String, String)]) -> Self {
        let first = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        // The header takes precedence, even if it is malformed: there are no credentials then.
        let credentials = match headers.get(header::AUTHORIZATION) {
            Some(value) => value.to_str().ok().and_then(basic),
            None => first("user").zip(first("pass")).map(|(user, secret)| Credentials { user, secret }),
        };
        Self {
            peer,
            hostname: first("hostname").unwrap_or_default().trim().to_ascii_lowercase(),
            myip: first("myip"),
            credentials,
            user_agent: headers
                .get(header::USER_AGENT)
                .map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
                .unwrap_or_default(),
        }
    }

    /// The host names in `hostname`.
    pub(crate) fn hostnames(&self) -> Vec<&str> {
        self.hostname.split(',').map(str::trim).collect()
    }

    /// The addresses in `myip`.
    pub(crate) fn addresses(&self) -> MyIp {
        let Some(text) = &self.myip else {
            return MyIp::Absent;
        };
        let mut addresses = Addresses::default();
        for part in text.split(',').map(str::trim) {
            if let (Ok(ip), None) = (part.parse::<Ipv4Addr>(), addresses.ipv4) {
                addresses.ipv4 = Some(ip);
            } else if let (Ok(ip), None) = (part.parse::<Ipv6Addr>(), addresses.ipv6) {
                addresses.ipv6 = Some(ip);
            } else {
                return MyIp::Malformed;
            }
        }
        MyIp::Given(addresses)
    }
}

/// The credentials in an `Authorization` header of the scheme Basic.
fn basic(value: &str) -> Option<Credentials> {
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, secret) = decoded.split_once(':')?;
    Some(Credentials { user: user.to_owned(), secret: secret.to_owned() })
}
