//! Reading an update request: who, which host names, which addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::hosts::Addresses;

/// A user name and a secret. No `Debug`, so that it can't be logged by mistake.
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) secret: String,
}

/// What `myip` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MyIp {
    /// It was left out.
    Absent,
    /// It is empty, or no list of at most one address of each family.
    Bad,
    /// These addresses.
    Given(Addresses),
}

/// An update request as it came in.
pub(crate) struct UpdateRequest {
    /// Where its connection comes from.
    pub(crate) caller: IpAddr,
    /// `hostname` as sent, lower case.
    pub(crate) hostname: String,
    /// `myip` as sent.
    pub(crate) myip: Option<String>,
    pub(crate) login: Option<Login>,
    pub(crate) user_agent: String,
}

impl UpdateRequest {
    /// Reads it from the header and the decoded query.
    pub(crate) fn read(caller: IpAddr, headers: &HeaderMap, query: &[(String, String)]) -> Self {
        let first = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        // The header wins, even when it is wrong: then nobody is logged in.
        let login = match headers.get(header::AUTHORIZATION) {
            Some(value) => value.to_str().ok().and_then(basic),
            None => first("user").zip(first("pass")).map(|(user, secret)| Login { user, secret }),
        };
        Self {
            caller,
            hostname: first("hostname").unwrap_or_default().trim().to_ascii_lowercase(),
            myip: first("myip"),
            login,
            user_agent: headers
                .get(header::USER_AGENT)
                .map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
                .unwrap_or_default(),
        }
    }

    /// The host names of the list.
    pub(crate) fn hostnames(&self) -> Vec<&str> {
        self.hostname.split(',').map(str::trim).collect()
    }

    /// The addresses asked for.
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
                return MyIp::Bad;
            }
        }
        MyIp::Given(addresses)
    }
}

fn basic(value: &str) -> Option<Login> {
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, secret) = decoded.split_once(':')?;
    Some(Login { user: user.to_owned(), secret: secret.to_owned() })
}
