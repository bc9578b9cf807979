//! The guard against web pages elsewhere: a browser on this machine visits them, and they must not reach the sandbox
//! through it.
//!
//! A page can send requests here, and lead a name of its own here (DNS rebinding). Browsers tell on it in `Host`,
//! `Origin`, `Sec-Fetch-Site` and `Referer`, which no page can change. Programs such as dynamic DNS clients send only the
//! first of them.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::uri::{Authority, Uri};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::certificates;
use crate::connection::Peer;
use crate::service::Service;

/// The reason why a request isn't handled.
#[derive(Clone, Copy)]
pub(crate) enum Refusal {
    /// `Host` is not a name of the sandbox.
    UnknownHost,
    /// A page of another website sent the request, or linked here.
    ForeignPage,
    /// Only programs and browsers on this machine may do this.
    ThisMachineOnly,
}

impl Refusal {
    /// The HTTP status.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::UnknownHost => StatusCode::MISDIRECTED_REQUEST,
            Self::ForeignPage | Self::ThisMachineOnly => StatusCode::FORBIDDEN,
        }
    }

    /// The response: plain text, with the refusal itself for whoever would rather show a page.
    fn response(self) -> Response {
        let text = match self {
            Self::UnknownHost => "this is not a name of the sandbox",
            Self::ForeignPage => "not for web pages",
            Self::ThisMachineOnly => "programs on this machine only",
        };
        let mut response = (self.status(), text).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Refuses requests that a page of another website caused.
pub(crate) async fn own_pages(request: Request, next: Next) -> Response {
    if from_elsewhere(request.headers()) {
        return Refusal::ForeignPage.response();
    }
    next.run(request).await
}

/// Refuses requests to names that aren't the sandbox's: loopback, the address that the connection came to, and the names
/// of the certificate, [`Options::names`](crate::Options::names) among them.
pub(crate) async fn own_names(
    State(service): State<Arc<Service>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
    next: Next,
) -> Response {
    let known = |host: &str| {
        is_loopback(host)
            || address(host).is_some_and(|ip| Some(ip) == peer.local_ip())
            || certificates::NAMES.contains(&host)
            || service.options.names.iter().any(|name| name.eq_ignore_ascii_case(host))
    };
    if !hosts(&request).is_some_and(|hosts| hosts.iter().all(|host| known(host))) {
        return Refusal::UnknownHost.response();
    }
    next.run(request).await
}

/// Refuses requests from other machines.
pub(crate) async fn this_machine(
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
    next: Next,
) -> Response {
    if !peer.is_loopback() {
        return Refusal::ThisMachineOnly.response();
    }
    next.run(request).await
}

/// Refuses requests to any name but loopback's, and those of any page at all.
pub(crate) async fn programs_only(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::ORIGIN) {
        return Refusal::ForeignPage.response();
    }
    if !hosts(&request).is_some_and(|hosts| hosts.iter().all(|host| is_loopback(host))) {
        return Refusal::UnknownHost.response();
    }
    next.run(request).await
}

/// The hosts that a request names in `Host` and in its first line, without port, in lower case; none if there isn't
/// exactly one `Host` or if one can't be read.
fn hosts(request: &Request) -> Option<Vec<String>> {
    let mut lines = request.headers().get_all(header::HOST).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return None;
    };
    let authority: Authority = line.to_str().ok()?.parse().ok()?;
    let named = [Some(&authority), request.uri().authority()];
    let mut hosts = Vec::new();
    for authority in named.into_iter().flatten() {
        if authority.as_str().contains('@') {
            return None;
        }
        hosts.push(authority.host().trim_end_matches('.').to_ascii_lowercase());
    }
    Some(hosts)
}

fn address(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || address(host).is_some_and(|ip| ip.is_loopback())
}

/// Returns true if a browser says that another website is behind the request. `same-site` is another one, too: all ports
/// of a machine are one site.
fn from_elsewhere(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).map(HeaderValue::as_bytes).unwrap_or_default();
    let is_foreign = |page: &[u8]| {
        let page: Option<Uri> = std::str::from_utf8(page).ok().and_then(|page| page.parse().ok());
        let authority = page.as_ref().filter(|page| page.scheme().is_some()).and_then(Uri::authority);
        !authority.is_some_and(|authority| authority.as_str().as_bytes().eq_ignore_ascii_case(host))
    };
    let pages = [header::ORIGIN, header::REFERER];
    headers
        .get_all("sec-fetch-site")
        .iter()
        .any(|site| !["none", "same-origin"].iter().any(|own| site == own))
        || pages.iter().any(|name| headers.get_all(name).iter().any(|page| is_foreign(page.as_bytes())))
}
