//! Plain HTTP to the gateway, and to nobody else: the one type that holds such an address, and the one way to send
//! a request to it.

use std::fmt;
use std::net::Ipv4Addr;
use std::time::Duration;

use dyntray_core::observe::observation::LookUpProblem;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder, Url};

use super::RouterAt;
use crate::http::{self, HttpError, HttpResponse};

/// A router is a few metres away.
const CONNECT_LIMIT: Duration = Duration::from_millis(1500);
const TOTAL_LIMIT: Duration = Duration::from_secs(2);

/// An `http://` address whose host is the gateway, by its number.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct GatewayUrl {
    url: Url,
    at: RouterAt,
}

impl GatewayUrl {
    /// Takes what the router said of itself; none where it leads to another host, has a login, or isn't plain HTTP.
    pub(super) fn parse(text: &str, at: RouterAt) -> Option<Self> {
        Self::of(Url::parse(text).ok()?, at)
    }

    /// The address that `reference` means on a page at this one, under the same conditions.
    pub(super) fn join(&self, reference: &str) -> Option<Self> {
        Self::of(self.url.join(reference).ok()?, self.at)
    }

    fn of(url: Url, at: RouterAt) -> Option<Self> {
        let host: Ipv4Addr = url.host_str()?.parse().ok()?;
        let plain = url.scheme() == "http" && url.username().is_empty() && url.password().is_none();
        (plain && host == at.address).then_some(GatewayUrl { url, at })
    }

    /// A request to it, to be sent by [`send`]: from this machine's address in the home network, past any proxy,
    /// without following redirects. Each has a client of its own: one in half an hour isn't worth a pool.
    pub(super) fn request(&self, method: &str) -> Result<RequestBuilder, LookUpProblem> {
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .tls_certs_only([])
            .local_address(std::net::IpAddr::V4(self.at.local))
            .connect_timeout(CONNECT_LIMIT)
            .timeout(TOTAL_LIMIT)
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|error| problem(error, method))?;
        // The protocol's own methods are all valid ones.
        let method = Method::from_bytes(method.as_bytes()).unwrap_or_default();
        Ok(client.request(method, self.url.clone()))
    }
}

impl fmt::Debug for GatewayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str())
    }
}

/// Sends a request and reads its whole answer, whatever its status.
///
/// # Errors
/// How it failed, as a look-up names it; also for an answer longer than any router's.
pub(super) async fn send(request: RequestBuilder) -> Result<HttpResponse, LookUpProblem> {
    let failed = |error| problem(error, "request");
    let answer = http::answer(request.send().await.map_err(failed)?).await.map_err(failed)?;
    if answer.whole { Ok(answer) } else { Err(LookUpProblem::NotAnAddress { line: String::new() }) }
}

/// Sends a request whose answer is only its status and its headers; a body isn't read.
///
/// # Errors
/// As [`send`].
pub(super) async fn send_for_headers(request: RequestBuilder) -> Result<(u16, HeaderMap), LookUpProblem> {
    let response = request.send().await.map_err(|error| problem(error, "subscription"))?;
    Ok((response.status().as_u16(), response.headers().clone()))
}

fn problem(error: reqwest::Error, what: &str) -> LookUpProblem {
    let why = match http::failure(&error) {
        HttpError::NoRoute | HttpError::NotConnected | HttpError::NotTrusted => LookUpProblem::Unreachable,
        HttpError::TimedOut => LookUpProblem::TimedOut,
        HttpError::Broken => LookUpProblem::NotAnAddress { line: String::new() },
    };
    tracing::debug!(what, error = %error.without_url(), "the router didn't answer");
    why
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: RouterAt =
        RouterAt { address: Ipv4Addr::new(192, 168, 178, 1), local: Ipv4Addr::new(192, 168, 178, 20) };

    #[test]
    fn only_plain_http_to_the_gateway_itself_is_an_address() {
        for good in ["http://192.168.178.1/", "http://192.168.178.1:49000/igddesc.xml"] {
            assert!(GatewayUrl::parse(good, AT).is_some(), "{good}");
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
            assert!(GatewayUrl::parse(bad, AT).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_reference_may_be_relative_or_whole_and_stays_at_the_gateway() {
        let page = GatewayUrl::parse("http://192.168.178.1:49000/desc/igd.xml", AT).expect("an address");
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
