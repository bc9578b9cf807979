//! The proxy that update servers may be reached through.

use std::fmt;

use super::{Scheme, is_host, is_label, split_port, split_scheme};
use crate::settings::form::Problem;

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
    /// The [`Problem`] to show at its field.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let text = typed.trim().trim_end_matches('/');
        if text.is_empty() {
            return Err(Problem::ProxyMissing);
        }
        let (scheme, authority) = split_scheme(text).ok_or(Problem::ProxyShape)?;
        if authority.contains('@') {
            return Err(Problem::ProxyHasLogin);
        }
        let (host, port) = split_port(authority).map_err(|_| Problem::ProxyShape)?;
        let port = port.ok_or(Problem::ProxyShape)?;
        // A proxy of the house often has a name without a dot.
        if !is_host(&host) && !is_label(&host) {
            return Err(Problem::ProxyShape);
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
            ("  ", Problem::ProxyMissing),
            ("http://", Problem::ProxyShape),
            ("proxy.home.arpa", Problem::ProxyShape),
            ("socks5://proxy.home.arpa:1080", Problem::ProxyShape),
            ("proxy.home.arpa:3128/path", Problem::ProxyShape),
            ("proxy home:3128", Problem::ProxyShape),
            ("http://me:secret@proxy.home.arpa:3128", Problem::ProxyHasLogin),
        ] {
            assert_eq!(ProxyAddress::parse(typed), Err(problem), "{typed}");
        }
    }
}
