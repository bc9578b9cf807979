//! The proxy that update servers may be reached through.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::typed_url::{Scheme, TypedUrl, UrlError};

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

impl From<UrlError> for ProxyError {
    fn from(error: UrlError) -> Self {
        match error {
            UrlError::Shape => ProxyError::Shape,
            UrlError::HasLogin => ProxyError::HasLogin,
        }
    }
}

/// A proxy to reach update servers through: `http://proxy.home:3128`. What goes through it is encrypted all the way
/// to the server, so the proxy itself may be spoken to without encryption. A login has no place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyAddress(String);

impl ProxyAddress {
    /// Reads a proxy as typed: `host:port`, or with `http://` or `https://` in front. A proxy of the house often has a
    /// name without a dot.
    ///
    /// # Errors
    /// The reason why it is none.
    pub fn parse(typed: &str) -> Result<Self, ProxyError> {
        let text = typed.trim().trim_end_matches('/');
        if text.is_empty() {
            return Err(ProxyError::Missing);
        }
        let typed = TypedUrl::split(text)?;
        if !typed.path.is_empty() || typed.port.is_none() {
            return Err(ProxyError::Shape);
        }
        let url = typed.to_url(typed.scheme.unwrap_or(Scheme::Http))?;
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(ProxyError::Shape);
        };
        Ok(ProxyAddress(format!("{}://{host}:{port}", url.scheme())))
    }
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
            ("[FD00:0::2]:3128", "http://[fd00::2]:3128"),
            ("Proxy.Home.Arpa.:3128", "http://proxy.home.arpa:3128"),
            ("127.1:3128", "http://127.0.0.1:3128"),
            ("[::ffff:192.168.0.2]:3128", "http://192.168.0.2:3128"),
            ("proxy:80", "http://proxy:80"),
            ("https:443", "http://https:443"),
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
            ("300.300.300.300:3128", ProxyError::Shape),
            ("proxy.1:3128", ProxyError::Shape),
            ("proxy:0", ProxyError::Shape),
            ("proxy:", ProxyError::Shape),
            ("proxy:+3128", ProxyError::Shape),
            ("-proxy:3128", ProxyError::Shape),
            ("pro%78y:3128", ProxyError::Shape),
            ("pr\u{f6}xy:3128", ProxyError::Shape),
            ("pro\txy:3128", ProxyError::Shape),
            ("proxy.home.arpa\\:3128", ProxyError::Shape),
            ("[fd00::2]3128", ProxyError::Shape),
            ("[fd00::2]", ProxyError::Shape),
            ("http:/proxy:3128", ProxyError::Shape),
            ("http:///proxy:3128", ProxyError::Shape),
            ("proxy:3128?x", ProxyError::Shape),
            ("proxy:3128#x", ProxyError::Shape),
            ("http://@proxy:3128", ProxyError::HasLogin),
            ("http://me:secret@proxy.home.arpa:3128", ProxyError::HasLogin),
        ] {
            assert_eq!(ProxyAddress::parse(typed), Err(problem), "{typed:?}");
        }
    }
}
