//! A web address as typed, read strictly. The crate `url` reads it as browsers do, and so tells which spellings are one
//! host: `127.1` and `127.0.0.1`. Browsers also forgive what nobody types on purpose, and leave it out without a word;
//! that is refused here before they see it.

use std::fmt;

use url::{Host, Url};

use crate::types::hostname::{Hostname, is_label};

/// The reason why a text is no URL without a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UrlError {
    /// No URL, or more than scheme, host, port and path.
    Shape,
    /// A user name or password inside.
    HasLogin,
}

/// The two ways to speak to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// Encrypted.
    Https,
    /// Plain.
    Http,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scheme::Https => "https",
            Scheme::Http => "http",
        })
    }
}

/// A URL in its pieces, each as typed.
#[derive(Debug)]
pub(super) struct TypedUrl<'a> {
    /// None where none is named.
    pub(super) scheme: Option<Scheme>,
    /// Without the dots behind it, which change nothing.
    host: &'a str,
    /// None where none is named.
    pub(super) port: Option<&'a str>,
    /// The rest.
    pub(super) path: &'a str,
}

impl<'a> TypedUrl<'a> {
    /// Takes a text apart.
    ///
    /// # Errors
    /// For another scheme than these two, and for a login.
    pub(super) fn split(text: &'a str) -> Result<Self, UrlError> {
        let (scheme, rest) = match text.split_once("://") {
            None => (None, text),
            Some((name, rest)) if name.eq_ignore_ascii_case("https") => (Some(Scheme::Https), rest),
            Some((name, rest)) if name.eq_ignore_ascii_case("http") => (Some(Scheme::Http), rest),
            Some(_) => return Err(UrlError::Shape),
        };
        let authority_end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(authority_end);
        if authority.contains('@') {
            return Err(UrlError::HasLogin);
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !authority.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        Ok(TypedUrl { scheme, host: host.trim_end_matches('.'), port, path })
    }

    /// Reads the pieces as a URL of `scheme`. Its host is an IP address, a full host name, or one label.
    ///
    /// # Errors
    /// When a piece isn't what it should be.
    pub(super) fn to_url(&self, scheme: Scheme) -> Result<Url, UrlError> {
        let TypedUrl { host, path, .. } = self;
        let port = self.port.map_or_else(String::new, |port| format!(":{port}"));
        let is_plain = |text: &str, refused: &[u8]| {
            text.bytes().all(|byte| byte.is_ascii_graphic() && !refused.contains(&byte))
        };
        // `url` decodes percent signs in hosts, takes an empty host from the path, and an empty port for none.
        let is_in_order = !host.is_empty()
            && port != ":"
            && is_plain(host, b"%")
            && is_plain(&port, b"")
            && is_plain(path, b"?#\"<>\\{}");
        if !is_in_order {
            return Err(UrlError::Shape);
        }
        let mut url = Url::parse(&format!("{scheme}://{host}{port}{path}")).map_err(|_| UrlError::Shape)?;
        let mapped = match url.host() {
            // A whole number is an address to `url`, and to nobody else.
            Some(Host::Ipv4(_)) if host.contains('.') => None,
            Some(Host::Ipv6(address)) => address.to_ipv4_mapped(),
            Some(Host::Domain(name)) if is_label(name) || Hostname::parse(name).is_ok() => None,
            _ => return Err(UrlError::Shape),
        };
        if let Some(address) = mapped {
            url.set_ip_host(address.into()).map_err(|()| UrlError::Shape)?;
        }
        if url.port() == Some(0) { Err(UrlError::Shape) } else { Ok(url) }
    }
}
