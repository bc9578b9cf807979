//! Web addresses that Dyntray may speak to: the update server and the web resolvers. HTTPS everywhere; plain HTTP
//! to this machine itself only, which is where the sandbox lives.

mod proxy;
mod typed_url;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::{Host, Position, Url};

pub use self::proxy::{ProxyAddress, ProxyError};
use self::typed_url::{Scheme, TypedUrl, UrlError};
use crate::types::hostname::is_label;

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

/// SPDYN's website, where hosts and tokens are made.
const SPDYN_WEBSITE: &str = "https://www.spdyn.de/";
/// The path of a dyndns2 update request.
const UPDATE_PATH: &str = "/nic/update";
/// The name of every machine for itself (RFC 6761). Whoever connects must not ask anybody for its address.
pub const LOCALHOST: &str = "localhost";

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

impl From<UrlError> for WebAddressError {
    fn from(error: UrlError) -> Self {
        match error {
            UrlError::Shape => WebAddressError::Shape,
            UrlError::HasLogin => WebAddressError::HasLogin,
        }
    }
}

/// A valid web address without login, query or fragment: `https://update.spdyn.de/nic/update`. However it was spelt,
/// one address is one text. Copies share it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct WebAddress(Arc<Url>);

impl WebAddress {
    /// Reads a web address as typed: a host name, `host:port`, or a whole URL. A bare loopback host gets plain HTTP,
    /// every other HTTPS.
    ///
    /// # Errors
    /// The reason why Dyntray may not speak to it, or can't.
    pub fn parse(typed: &str) -> Result<Self, WebAddressError> {
        let text = typed.trim();
        if text.is_empty() {
            return Err(WebAddressError::Missing);
        }
        let typed = TypedUrl::split(text)?;
        let address = WebAddress(typed.to_url(typed.scheme.unwrap_or(Scheme::Https))?.into());
        // A name without a dot is another machine of the house, at best.
        if address.0.host_str().is_some_and(is_label) && !address.is_loopback() {
            return Err(WebAddressError::Shape);
        }
        match (typed.scheme, address.is_loopback()) {
            (Some(Scheme::Http), false) => Err(WebAddressError::NotEncrypted),
            (None, true) => Ok(WebAddress(typed.to_url(Scheme::Http)?.into())),
            _ => Ok(address),
        }
    }

    /// Reads an update server as typed. A missing path becomes `/nic/update`.
    ///
    /// # Errors
    /// The reason why Dyntray may not speak to it, or can't.
    pub fn parse_server(typed: &str) -> Result<Self, WebAddressError> {
        let mut address = Self::parse(typed)?;
        if address.0.path() == "/" {
            Arc::make_mut(&mut address.0).set_path(UPDATE_PATH);
        }
        Ok(address)
    }

    /// True for an address on this machine.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name == LOCALHOST,
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// True for an address that is spoken to by HTTPS.
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The server that requests queue up for: two requests to the same authority never run at once.
    pub fn authority(&self) -> &str {
        &self.0[Position::BeforeHost..Position::AfterPort]
    }

    /// The page where people log in to that service: Securepoint's website for its update server, else the server's own.
    pub fn website(&self) -> String {
        if self.is_spdyn() {
            return SPDYN_WEBSITE.to_owned();
        }
        self.0[..Position::BeforePath].to_owned() + "/"
    }

    /// True for Securepoint's own service, where update tokens have their known shape.
    pub fn is_spdyn(&self) -> bool {
        self.0.host_str().is_some_and(|host| host == "spdyn.de" || host.ends_with(".spdyn.de"))
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl From<WebAddress> for String {
    fn from(address: WebAddress) -> Self {
        address.0.as_str().to_owned()
    }
}

impl TryFrom<String> for WebAddress {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|why| format!("{why:?}"))
    }
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
            ("UPDATE.SPDYN.DE.:443", "update.spdyn.de"),
            ("HTTPS://update.spdyn.de", "update.spdyn.de"),
            ("127.1:8245", "127.0.0.1:8245"),
            ("0x7f.1:8245", "127.0.0.1:8245"),
            ("0177.0.0.01:8245", "127.0.0.1:8245"),
            ("127.0.0.1.:8245", "127.0.0.1:8245"),
            ("127.0.0.1..:8245", "127.0.0.1:8245"),
            ("https://203.0.28935", "203.0.113.7"),
            ("LocalHost.:8245", "localhost:8245"),
            ("[0:0:0::0:1]:8245", "[::1]:8245"),
            ("[FD00:0::00A]", "[fd00::a]"),
            ("[fd00::192.0.2.1]", "[fd00::c000:201]"),
            ("[::ffff:127.0.0.1]:8245", "127.0.0.1:8245"),
            ("[::FFFF:CB00:7107]", "203.0.113.7"),
            ("https://update.spdyn.de/nic/../nic/./update", "update.spdyn.de"),
        ] {
            let (typed_so, same) = (WebAddress::parse_server(typed), WebAddress::parse_server(same));
            assert_eq!(typed_so, same, "{typed}");
            assert_eq!(
                typed_so.expect(typed).authority(),
                same.expect("valid").authority(),
                "one queue of requests: {typed}"
            );
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
            ("http://localhost.example.org", WebAddressError::NotEncrypted),
            ("http://128.1", WebAddressError::NotEncrypted),
            ("http://[::ffff:128.0.0.1]", WebAddressError::NotEncrypted),
            ("https://@update.spdyn.de", WebAddressError::HasLogin),
            ("https://me:@update.spdyn.de", WebAddressError::HasLogin),
        ] {
            assert_eq!(WebAddress::parse_server(typed), Err(problem), "{typed}");
        }
    }

    #[test]
    fn what_a_browser_would_read_as_an_address_and_no_person_means_as_one_is_refused() {
        for typed in [
            // No address, and no name either: a name's last part isn't a number.
            "300.300.300.300",
            "1.2.3.4.5",
            "127.0.0.256",
            "0x7f.1.example.0x7f",
            "update.1",
            // Numbers without a dot.
            "2130706433",
            "0x7f000001",
            "https://8245",
            // Not two slashes behind the scheme.
            "http:/update.spdyn.de",
            "https:update.spdyn.de",
            "https:///update.spdyn.de",
            "https:////update.spdyn.de",
            "https:\\\\update.spdyn.de",
            "https://update.spdyn.de\\nic\\update",
            "//update.spdyn.de",
            // What a browser leaves out or decodes.
            "update.sp\tdyn.de",
            "https://update.spdyn.de/nic\n/update",
            "ht\ntps://update.spdyn.de",
            "https://update%2espdyn.de",
            "https://update.sp%64yn.de",
            "https://127.0.0.%31:8245",
            "update.spdyn.de:",
            "update.spdyn.de:+8443",
            "update.spdyn.de: 8443",
            "update.spdyn.de:84:43",
            "[::1]:",
            "[::1",
            "[::1%25lo]",
            "[127.0.0.1]",
            "::1",
            // Names that DNS doesn't have.
            "update..spdyn.de",
            ".spdyn.de",
            "-update.spdyn.de",
            "upd*te.spdyn.de",
            "https://.",
            "https://update.spdyn.de/nic/update#x",
            "https://update.spdyn.de/nic/\u{fc}pdate",
            // Letters of other scripts, spelt as they are, and look-alikes of a dot and of a digit.
            "h\u{f6}me.spdyn.de",
            "https://upd\u{430}te.spdyn.de",
            "update\u{3002}spdyn.de",
            "127.0.0.\u{ff11}",
            "upd\u{ad}ate.spdyn.de",
        ] {
            assert_eq!(WebAddress::parse_server(typed), Err(WebAddressError::Shape), "{typed:?}");
        }
        let in_punycode = WebAddress::parse_server("xn--hme-sna.spdyn.de").expect("ASCII");
        assert_eq!(in_punycode.to_string(), "https://xn--hme-sna.spdyn.de/nic/update");
    }

    #[test]
    fn every_spelling_of_this_machine_is_this_machine_and_no_name_that_looks_like_it_is() {
        for typed in [
            "127.0.0.1",
            "127.0.0.1.",
            "127.1",
            "0x7f.1",
            "0177.0.0.1",
            "127.255.255.254",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
        ] {
            for typed in
                [format!("http://{typed}:8245/x"), format!("{typed}:443"), format!("https://{typed}")]
            {
                let address = WebAddress::parse(&typed).expect(&typed);
                assert!(address.is_loopback(), "{typed}");
                let is_encrypted = typed.starts_with("https");
                assert_eq!(address.is_encrypted(), is_encrypted, "{typed}: plain, unless it is asked for");
                assert_eq!(address.to_string().ends_with(":443/"), typed.ends_with(":443"), "{address}");
            }
        }
        for typed in [
            "127.0.0.1.example.org",
            "127.1.example.org",
            "localhost.example.org",
            "localhost.localdomain",
            "notlocalhost.example.org",
            "127.0.0.1x.example.org",
            "128.1",
            "[::2]",
            "[::127.0.0.1]",
            "[::ffff:128.0.0.1]",
            "[fe80::1]",
        ] {
            let address = WebAddress::parse(typed).expect(typed);
            assert!(!address.is_loopback() && address.is_encrypted(), "{typed}");
        }
    }

    #[test]
    fn a_saved_address_reads_back_as_itself() {
        let server = WebAddress::parse_server("https://dyn.example.org:8443/v3/update").expect("valid");
        let text = serde_json::to_string(&server).expect("serialises");
        assert_eq!(text, r#""https://dyn.example.org:8443/v3/update""#);
        assert_eq!(serde_json::from_str::<WebAddress>(&text).expect("reads"), server);
        let saved_before = r#""https://127.1:8245/nic/update""#;
        let same = WebAddress::parse_server("https://127.0.0.1:8245").expect("valid");
        assert_eq!(serde_json::from_str::<WebAddress>(saved_before).expect("reads"), same);
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
