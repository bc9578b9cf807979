//! Web addresses that Dyntray may speak to: the update server and the web resolvers. HTTPS everywhere; plain HTTP
//! to this machine itself only, which is where the sandbox lives.

mod proxy;

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

pub use self::proxy::{ProxyAddress, ProxyError};

/// Securepoint's update server.
pub const SPDYN_SERVER: &str = "update.spdyn.de";
/// SPDYN's look-up of the caller's IPv4 address.
pub const SPDYN_RESOLVER_IPV4: &str = "https://checkip4.spdyn.de/";
/// SPDYN's look-up of the caller's IPv6 address.
pub const SPDYN_RESOLVER_IPV6: &str = "https://checkip6.spdyn.de/";

/// Well-known services that answer the caller's address over one family each, for IPv4 and IPv6: fall-backs that
/// stand in the settings and can be switched off there.
pub const KNOWN_FALL_BACKS: [(&str, &str); 2] = [
    ("https://api4.ipify.org/", "https://api6.ipify.org/"),
    ("https://ipv4.icanhazip.com/", "https://ipv6.icanhazip.com/"),
];

/// Where SPDYN's hosts and tokens are made.
const SPDYN_WEBSITE: &str = "https://www.spdyn.de/";
/// The path of a dyndns2 update request.
const UPDATE_PATH: &str = "/nic/update";

/// Encrypted, or plain to this machine only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// HTTPS.
    Https,
    /// HTTP, to a loopback address.
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

/// The reason why a text is no web address that Dyntray may speak to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum WebAddressError {
    /// Nothing typed.
    Missing,
    /// Not a host name or web address.
    Shape,
    /// `http://` to another machine.
    NotEncrypted,
    /// A user name or password inside the address.
    HasLogin,
}

/// A valid web address without login, query or fragment: `https://update.spdyn.de/nic/update`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct WebAddress {
    scheme: Scheme,
    host: String,
    port: Option<u16>,
    path: String,
    /// Told by the host. It is asked often.
    is_loopback: bool,
}

impl WebAddress {
    /// Reads a web address as typed: a host name, `host:port`, or a whole URL. A bare loopback host gets plain HTTP,
    /// every other HTTPS.
    ///
    /// # Errors
    /// The reason why Dyntray may not speak to it, or can't.
    pub fn parse(typed: &str) -> Result<Self, WebAddressError> {
        if typed.trim().is_empty() { Err(WebAddressError::Missing) } else { parse(typed) }
    }

    /// Reads an update server as typed. A missing path becomes `/nic/update`.
    ///
    /// # Errors
    /// The reason why Dyntray may not speak to it, or can't.
    pub fn parse_server(typed: &str) -> Result<Self, WebAddressError> {
        let mut address = Self::parse(typed)?;
        if address.path == "/" {
            UPDATE_PATH.clone_into(&mut address.path);
        }
        Ok(address)
    }

    /// Whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// Whether it is spoken to by HTTPS.
    pub fn is_encrypted(&self) -> bool {
        self.scheme == Scheme::Https
    }

    /// The server that requests queue up for: two requests to the same authority never run at once.
    pub fn authority(&self) -> String {
        self.port.map_or_else(|| self.host.clone(), |port| format!("{}:{port}", self.host))
    }

    /// Where people log in to that service: Securepoint's website for its update server, else the server's own host.
    pub fn website(&self) -> String {
        if self.is_spdyn() {
            return SPDYN_WEBSITE.to_owned();
        }
        WebAddress { path: "/".to_owned(), ..self.clone() }.to_string()
    }

    /// Whether this is Securepoint's own service, where update tokens have their known shape.
    pub fn is_spdyn(&self) -> bool {
        self.host == "spdyn.de" || self.host.ends_with(".spdyn.de")
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority(), self.path)
    }
}

impl From<WebAddress> for String {
    fn from(address: WebAddress) -> Self {
        address.to_string()
    }
}

impl TryFrom<String> for WebAddress {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        parse(&text).map_err(|why| format!("{why:?}"))
    }
}

fn parse(typed: &str) -> Result<WebAddress, WebAddressError> {
    let (named_scheme, rest) = split_scheme(typed.trim()).ok_or(WebAddressError::Shape)?;
    let (authority, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
    if authority.contains('@') {
        return Err(WebAddressError::HasLogin);
    }
    let (host, port) = split_port(authority)?;
    let path_is_plain = path.bytes().all(|b| b.is_ascii_graphic() && !b"?#\"<>\\{}".contains(&b));
    if !is_host(&host) || !path_is_plain {
        return Err(WebAddressError::Shape);
    }
    let is_loopback = is_loopback(&host);
    let scheme = match named_scheme {
        Some(Scheme::Http) if !is_loopback => return Err(WebAddressError::NotEncrypted),
        Some(scheme) => scheme,
        None if is_loopback => Scheme::Http,
        None => Scheme::Https,
    };
    let default_port = match scheme {
        Scheme::Https => 443,
        Scheme::Http => 80,
    };
    Ok(WebAddress {
        scheme,
        host,
        // One server has one spelling, or two requests could reach it at once.
        port: port.filter(|port| *port != default_port),
        path: path.to_owned(),
        is_loopback,
    })
}

/// The scheme, where one is named, and the rest; none where another scheme is named.
fn split_scheme(text: &str) -> Option<(Option<Scheme>, &str)> {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("https://") {
        Some((Some(Scheme::Https), &text[8..]))
    } else if lower.starts_with("http://") {
        Some((Some(Scheme::Http), &text[7..]))
    } else if lower.contains("://") {
        None
    } else {
        Some((None, text))
    }
}

fn split_port(authority: &str) -> Result<(String, Option<u16>), WebAddressError> {
    let host_end = if authority.starts_with('[') {
        authority.find(']').ok_or(WebAddressError::Shape)? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, rest) = authority.split_at(host_end);
    let port = match rest.strip_prefix(':') {
        Some(digits) => Some(digits.parse::<u16>().ok().filter(|p| *p > 0).ok_or(WebAddressError::Shape)?),
        None if rest.is_empty() => None,
        None => return Err(WebAddressError::Shape),
    };
    Ok((host.trim_end_matches('.').to_ascii_lowercase(), port))
}

fn is_host(host: &str) -> bool {
    if let Some(v6) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        return v6.parse::<std::net::Ipv6Addr>().is_ok();
    }
    host == "localhost" || (host.len() <= 253 && host.contains('.') && host.split('.').all(is_label))
}

/// Whether it could stand between two dots of a name.
fn is_label(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 63
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_server_name_becomes_an_encrypted_update_address() {
        let server = WebAddress::parse_server(" Update.SPDYN.de ").expect("valid");
        assert_eq!(server.to_string(), "https://update.spdyn.de/nic/update");
        assert!(server.is_spdyn());
    }

    #[test]
    fn the_sandbox_on_this_machine_is_spoken_to_without_encryption() {
        for typed in ["127.0.0.1:8245", "http://127.0.0.1:8245/", "http://127.0.0.1:8245/nic/update"] {
            let server = WebAddress::parse_server(typed).expect(typed);
            assert_eq!(server.to_string(), "http://127.0.0.1:8245/nic/update");
            assert!(server.is_loopback());
        }
        assert_eq!(
            WebAddress::parse_server("[::1]:8245").expect("valid").to_string(),
            "http://[::1]:8245/nic/update"
        );
    }

    #[test]
    fn one_server_has_one_spelling() {
        for (typed, same) in [
            ("update.spdyn.de:443", "update.spdyn.de"),
            ("https://update.spdyn.de:443/nic/update", "update.spdyn.de."),
            ("127.0.0.1:80", "http://127.0.0.1/nic/update"),
        ] {
            assert_eq!(WebAddress::parse_server(typed), WebAddress::parse_server(same), "{typed}");
        }
        assert_ne!(
            WebAddress::parse_server("update.spdyn.de:80"),
            WebAddress::parse_server("update.spdyn.de")
        );
    }

    #[test]
    fn everything_unsafe_or_misspelt_is_refused_with_its_reason() {
        for (typed, problem) in [
            ("", WebAddressError::Missing),
            ("http://update.spdyn.de", WebAddressError::NotEncrypted),
            ("http://127.0.0.1.example.org", WebAddressError::NotEncrypted),
            ("https://me:secret@update.spdyn.de", WebAddressError::HasLogin),
            ("ftp://update.spdyn.de", WebAddressError::Shape),
            ("update spdyn de", WebAddressError::Shape),
            ("update.spdyn.de:0", WebAddressError::Shape),
            ("[::1]8245", WebAddressError::Shape),
            ("update.spdyn.de:99999", WebAddressError::Shape),
            ("https://update.spdyn.de/nic/update?pass=x", WebAddressError::Shape),
            ("https://", WebAddressError::Shape),
            ("update", WebAddressError::Shape),
        ] {
            assert_eq!(WebAddress::parse_server(typed), Err(problem), "{typed}");
        }
    }

    #[test]
    fn a_saved_address_reads_back_as_itself() {
        let server = WebAddress::parse_server("https://dyn.example.org:8443/v3/update").expect("valid");
        let text = serde_json::to_string(&server).expect("serialises");
        assert_eq!(serde_json::from_str::<WebAddress>(&text).expect("reads"), server);
    }

    #[test]
    fn people_log_in_at_securepoints_website_or_at_the_servers_own() {
        let server = |typed: &str| WebAddress::parse_server(typed).expect("valid");
        assert_eq!(server("update.spdyn.de").website(), "https://www.spdyn.de/");
        assert_eq!(
            server("https://dyn.example.org:8443/nic/update").website(),
            "https://dyn.example.org:8443/"
        );
        assert!(server("update.spdyn.de").is_encrypted() && !server("127.0.0.1:8245").is_encrypted());
    }
}
