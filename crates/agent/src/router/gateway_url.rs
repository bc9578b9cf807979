//! URLs at the gateway: the only type for a URL that a router sent. Whatever host such a URL names, the gateway's own
//! address takes its place, so nothing leads away from it.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

use super::gateway::LanGateway;

/// An `http://` URL whose host is the IP address of the gateway.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct GatewayUrl {
    url: Url,
    gateway: LanGateway,
}

impl GatewayUrl {
    /// Parses a URL that the router sent; none if it has a login, or isn't plain HTTP.
    ///
    /// Its port, path and query are taken. Its host isn't: routers name `[::1]`, an address of 169.254.0.0/16 or one of
    /// their names, and no other host is to be asked anyway.
    pub(super) fn parse(text: &str, gateway: LanGateway) -> Option<Self> {
        let text = text.trim();
        let url = Url::parse(text).or_else(|_| Url::parse(&with_a_host(text)?).ok().ok_or(())).ok()?;
        Self::of(url, gateway)
    }

    /// Resolves `reference` relative to this URL, under the same conditions.
    pub(super) fn join(&self, reference: &str) -> Option<Self> {
        let reference = reference.trim();
        match self.url.join(reference) {
            Ok(url) => Self::of(url, self.gateway),
            Err(_) => Self::parse(reference, self.gateway),
        }
    }

    fn of(mut url: Url, gateway: LanGateway) -> Option<Self> {
        let is_plain = url.scheme() == "http" && url.username().is_empty() && url.password().is_none();
        if !is_plain {
            return None;
        }
        let named = url.host_str().unwrap_or_default().to_owned();
        url.set_ip_host(IpAddr::V4(gateway.address)).ok()?;
        url.set_fragment(None);
        if url.host_str() != Some(named.as_str()) {
            tracing::debug!(named, used = %gateway.address, "a URL of the router names another host");
        }
        Some(GatewayUrl { url, gateway })
    }

    /// The gateway at which it is.
    pub(super) fn gateway(&self) -> LanGateway {
        self.gateway
    }

    /// Its port.
    pub(super) fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(80)
    }

    /// Its host and port, as a request names them.
    pub(super) fn host(&self) -> String {
        match self.url.port() {
            Some(port) => format!("{}:{port}", self.gateway.address),
            None => self.gateway.address.to_string(),
        }
    }

    /// Its path and query.
    pub(super) fn target(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }
}

/// A URL whose host can't be read, such as `http://[fe80::1%eth0]:1900/` or `192.168.1.1:1900/`, with any other host.
///
/// # Errors
/// When it is none, or has a login.
fn with_a_host(text: &str) -> Result<String, ()> {
    let rest = match text.split_at_checked(7) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http://") => rest,
        _ if text.starts_with(|first: char| first.is_ascii_digit()) => text,
        _ => return Err(()),
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    if authority.contains('@') {
        return Err(());
    }
    let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
    let port = if port.bytes().all(|byte| byte.is_ascii_digit()) { port } else { "" };
    Ok(format!("http://gateway:{port}{path}"))
}

impl fmt::Debug for GatewayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const GATEWAY: LanGateway = LanGateway {
        address: Ipv4Addr::new(192, 168, 178, 1),
        local_address: Ipv4Addr::new(192, 168, 178, 20),
    };

    fn parsed(text: &str) -> Option<String> {
        GatewayUrl::parse(text, GATEWAY).map(|url| format!("{url:?}"))
    }

    #[test]
    fn whatever_host_is_named_the_gateway_takes_its_place() {
        for named in [
            "http://192.168.178.1:49000/igd.xml",
            "http://192.168.178.2:49000/igd.xml",
            "http://84.160.12.9:49000/igd.xml",
            "http://169.254.1.1:49000/igd.xml",
            "http://fritz.box:49000/igd.xml",
            "http://fritz.box.:49000/igd.xml#top",
            "http://[::1]:49000/igd.xml",
            "http://[::ffff:84.160.12.9]:49000/igd.xml",
            "http://[fe80::1%eth0]:49000/igd.xml",
            "http://0.0.0.0:49000/igd.xml",
            "http://my_router!:49000/igd.xml",
            "http://:49000/igd.xml",
            " HTTP://192.168.178.1.evil.example:49000/igd.xml ",
            "192.168.178.1:49000/igd.xml",
        ] {
            assert_eq!(parsed(named).as_deref(), Some("http://192.168.178.1:49000/igd.xml"), "{named}");
        }
        assert_eq!(parsed("http://fritz.box").as_deref(), Some("http://192.168.178.1/"));
        assert_eq!(parsed("http://[fe80::1%2]/c?1").as_deref(), Some("http://192.168.178.1/c?1"));
    }

    #[test]
    fn only_plain_http_without_a_login_is_an_address() {
        for bad in [
            "https://192.168.178.1/",
            "ftp://192.168.178.1/",
            "file:///etc/passwd",
            "http://192.168.178.1@84.160.12.9/",
            "http://me:secret@192.168.178.1/",
            "http://me@[fe80::1%2]/",
            "http://192.168.178.1:99999/",
            "/igddesc.xml",
            "no address",
            "",
        ] {
            assert_eq!(parsed(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_reference_may_be_relative_or_whole_and_stays_at_the_gateway() {
        let page = GatewayUrl::parse("http://192.168.178.1:49000/desc/igd.xml", GATEWAY).expect("an address");
        for (reference, meant) in [
            ("/ctl/IPConn", "http://192.168.178.1:49000/ctl/IPConn"),
            ("ctl", "http://192.168.178.1:49000/desc/ctl"),
            (" /ctrl?1 ", "http://192.168.178.1:49000/ctrl?1"),
            ("http://192.168.178.1:5000/c", "http://192.168.178.1:5000/c"),
            ("http://84.160.12.9/ctl", "http://192.168.178.1/ctl"),
            ("//84.160.12.9:81/ctl", "http://192.168.178.1:81/ctl"),
            ("http://[fe80::1%2]:81/ctl", "http://192.168.178.1:81/ctl"),
        ] {
            assert_eq!(page.join(reference).map(|url| format!("{url:?}")).as_deref(), Some(meant));
        }
        for elsewhere in ["https://192.168.178.1/ctl", "http://me:secret@192.168.178.1/", "mailto:me"] {
            assert_eq!(page.join(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn a_request_names_host_and_target() {
        let url = GatewayUrl::parse("http://fritz.box:49000/ctrl?1", GATEWAY).expect("an address");
        assert_eq!(
            (url.host(), url.port(), url.target()),
            ("192.168.178.1:49000".into(), 49000, "/ctrl?1".into())
        );
        let url = GatewayUrl::parse("http://fritz.box:80", GATEWAY).expect("an address");
        assert_eq!((url.host(), url.port(), url.target()), ("192.168.178.1".into(), 80, "/".into()));
    }
}
