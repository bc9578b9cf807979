//! Plain HTTP to the gateway and to nobody else: the only type for such a URL, and the only way to send a request to it.

use std::fmt;
use std::net::Ipv4Addr;
use std::time::Duration;

use dyntray_core::observe::observation::LookUpProblem;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder, Url};

use super::gateway::LanGateway;
use crate::http::{self, BodyEnd, HttpError, HttpResponse};

/// The time limits; a router is only a few metres away.
const CONNECT_LIMIT: Duration = Duration::from_millis(1500);
const TOTAL_LIMIT: Duration = Duration::from_secs(2);

/// An `http://` URL whose host is the IP address of the gateway.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct GatewayUrl {
    url: Url,
    gateway: LanGateway,
}

impl GatewayUrl {
    /// Parses a URL that the router sent; none if it leads to another host, has a login, or isn't plain HTTP.
    pub(super) fn parse(text: &str, gateway: LanGateway) -> Option<Self> {
        Self::of(Url::parse(text).ok()?, gateway)
    }

    /// Resolves `reference` relative to this URL, under the same conditions.
    pub(super) fn join(&self, reference: &str) -> Option<Self> {
        Self::of(self.url.join(reference).ok()?, self.gateway)
    }

    fn of(url: Url, gateway: LanGateway) -> Option<Self> {
        let host: Ipv4Addr = url.host_str()?.parse().ok()?;
        let is_plain = url.scheme() == "http" && url.username().is_empty() && url.password().is_none();
        (is_plain && host == gateway.address).then_some(GatewayUrl { url, gateway })
    }

    /// A request to it, to be sent by [`send`]: from this machine's address in the home network, past any proxy, without
    /// following redirects. Each has a client of its own, because one request in half an hour needs no pool.
    ///
    /// # Errors
    /// When the client can't be made.
    pub(super) fn request(&self, method: &str) -> Result<RequestBuilder, LookUpProblem> {
        let client = http::bare_client()
            .no_proxy()
            .tls_certs_only([])
            .local_address(std::net::IpAddr::V4(self.gateway.local_address))
            .connect_timeout(CONNECT_LIMIT)
            .timeout(TOTAL_LIMIT)
            .build()
            .map_err(|error| problem(error, method))?;
        // All methods of the protocol are valid.
        let method = Method::from_bytes(method.as_bytes()).unwrap_or_default();
        Ok(client.request(method, self.url.clone()))
    }
}

impl fmt::Debug for GatewayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str())
    }
}

/// Sends a request and reads its whole response, of any status.
///
/// # Errors
/// The failure as a look-up reports it. A response that is longer than any router's is one too.
pub(super) async fn send(request: RequestBuilder) -> Result<HttpResponse, LookUpProblem> {
    let failed = |error| problem(error, "request");
    let answer = http::read_response(request.send().await.map_err(failed)?).await;
    match answer.end {
        BodyEnd::Whole => Ok(answer),
        BodyEnd::TooLong => Err(LookUpProblem::NotAnAddress { line: String::new() }),
        BodyEnd::Broken(error) => Err(error.into()),
    }
}

/// Sends a request and returns the status and headers of its response; a body isn't read.
///
/// # Errors
/// The failure as a look-up reports it.
pub(super) async fn send_for_headers(request: RequestBuilder) -> Result<(u16, HeaderMap), LookUpProblem> {
    let response = request.send().await.map_err(|error| problem(error, "subscription"))?;
    Ok((response.status().as_u16(), response.headers().clone()))
}

fn problem(error: reqwest::Error, what: &str) -> LookUpProblem {
    let why = HttpError::of(&error).into();
    tracing::debug!(what, error = %error.without_url(), "the router didn't answer");
    why
}

#[cfg(test)]
mod tests {
    use super::*;

    const GATEWAY: LanGateway = LanGateway {
        address: Ipv4Addr::new(192, 168, 178, 1),
        local_address: Ipv4Addr::new(192, 168, 178, 20),
    };

    #[test]
    fn only_plain_http_to_the_gateway_itself_is_an_address() {
        for good in ["http://192.168.178.1/", "http://192.168.178.1:49000/igddesc.xml"] {
            assert!(GatewayUrl::parse(good, GATEWAY).is_some(), "{good}");
        }
        for bad in [
            "http://192.168.178.2:49000/igddesc.xml",
            "https://192.168.178.1/",
            "ftp://192.168.178.1/",
            "http://fritz.box/",
            "http://192.168.178.1@84.160.12.9/",
            "http://me:secret@192.168.178.1/",
            "http://192.168.178.1.evil.example/",
            "http://[::ffff:192.168.178.1]/",
            "/igddesc.xml",
            "",
        ] {
            assert!(GatewayUrl::parse(bad, GATEWAY).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_reference_may_be_relative_or_whole_and_stays_at_the_gateway() {
        let page = GatewayUrl::parse("http://192.168.178.1:49000/desc/igd.xml", GATEWAY).expect("an address");
        for (reference, meant) in [
            ("/ctl/IPConn", "http://192.168.178.1:49000/ctl/IPConn"),
            ("ctl", "http://192.168.178.1:49000/desc/ctl"),
            ("http://192.168.178.1:5000/c", "http://192.168.178.1:5000/c"),
        ] {
            assert_eq!(page.join(reference).map(|url| format!("{url:?}")).as_deref(), Some(meant));
        }
        for elsewhere in ["//84.160.12.9/ctl", "http://84.160.12.9/ctl", "https://192.168.178.1/ctl"] {
            assert_eq!(page.join(elsewhere), None, "{elsewhere}");
        }
    }
}
