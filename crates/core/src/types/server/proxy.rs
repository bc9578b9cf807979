//! The proxy that update servers may be reached through.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Scheme, is_host, is_label, split_port, split_scheme};

/// The reason why a text is no proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum ProxyError {
    /// Nothing typed.
    Missing,
    /// Not `host:port`, with or without `http://` or `https://`.
    Shape,
    /// A user name or password inside the proxy's address: no secret belongs into the settings.
    HasLogin,
}

/// A proxy to reach update servers through: `http://proxy.home:3128`. What goes through it is encrypted all the way
/// to the server, so the proxy itself may be spoken to without encryption. A login has no place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyAddress {
    scheme: Scheme,
    authority: String,
}

impl ProxyAddress {
    /// Reads a proxy as typed: `host:port`, or with `http://` or `https://` in front.
    ///
    /// # Errors
    /// The reason why it is none.
    pub fn parse(typed: &str) -> Result<Self, ProxyError> {
        let text = typed.trim().trim_end_matches('/');
        if text.is_empty() {
            return Err(ProxyError::Missing);
        }
        let (scheme, authority) = split_scheme(text).ok_or(ProxyError::Shape)?;
        if authority.contains('@') {
            return Err(ProxyError::HasLogin);
        }
        let (host, port) = split_port(authority).map_err(|_| ProxyError::Shape)?;
        let port = port.ok_or(ProxyError::Shape)?;
        // A proxy of the house often has a name without a dot.
        if !is_host(&host) && !is_label(&host) {
            return Err(ProxyError::Shape);
        }
        Ok(ProxyAddress { scheme: scheme.unwrap_or(Scheme::Http), authority: format!("{host}:{port}") })
    }
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_read_with_and_without_its_scheme_and_never_with_a_login() {
        for (typed, read) in [
            ("proxy.home.arpa:3128", "http://proxy.home.arpa:3128"),
            (" http://Proxy:8080/ ", "http://proxy:8080"),
            ("https://proxy.example.org:443", "https://proxy.example.org:443"),
            ("192.168.0.2:3128", "http://192.168.0.2:3128"),
            ("[fd00::2]:3128", "http://[fd00::2]:3128"),
        ] {
            assert_eq!(ProxyAddress::parse(typed).expect(typed).to_string(), read);
        }
        for (typed, problem) in [
            ("  ", ProxyError::Missing),
            ("http://", ProxyError::Shape),
            ("proxy.home.arpa", ProxyError::Shape),
            ("socks5://proxy.home.arpa:1080", ProxyError::Shape),
            ("proxy.home.arpa:3128/path", ProxyError::Shape),
            ("proxy home:3128", ProxyError::Shape),
            ("http://me:secret@proxy.home.arpa:3128", ProxyError::HasLogin),
        ] {
            assert_eq!(ProxyAddress::parse(typed), Err(problem), "{typed}");
        }
    }
}
