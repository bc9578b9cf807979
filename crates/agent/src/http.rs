//! What every HTTP request of Dyntray has in common: no redirects, no Referer, no retries of its own, an honest
//! agent name, bounded time and bounded answers.

use std::error::Error as _;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use dyntray_core::settings::Proxy;
use dyntray_core::types::address::Family;
use dyntray_core::types::server::WebAddress;
use reqwest::{Client, ClientBuilder, Response};

/// No service answers more; a page that does isn't an answer.
const LONGEST_BODY: usize = 64 * 1024;
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
const TOTAL_LIMIT: Duration = Duration::from_secs(30);

/// Who is asking, as the rules of dyndns2 services want it: name, version and system.
const USER_AGENT: &str = concat!("Dyntray/", env!("CARGO_PKG_VERSION"));

/// Chooses the cryptography of all TLS connections. To be called once, first thing in `main`.
pub fn install_tls() {
    // An error only says that it was chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client for requests to `target`. Clients are made for one request and dropped: an update a day isn't worth a
/// connection pool and a certificate store in memory.
pub(crate) fn client(target: &WebAddress) -> ClientBuilder {
    let builder = any_client()
        .https_only(!target.is_loopback())
        .tls_version_min(reqwest::tls::Version::TLS_1_2)
        .connect_timeout(CONNECT_LIMIT)
        .timeout(TOTAL_LIMIT);
    // Without encryption no certificate store is needed, and a machine without one can still show the sandbox.
    if target.is_encrypted() { builder } else { builder.tls_certs_only([]) }
}

/// Leads a client's connections through `proxy`, but never to this machine itself.
pub(crate) fn through(
    builder: ClientBuilder,
    proxy: &Proxy,
    target: &WebAddress,
) -> Result<ClientBuilder, reqwest::Error> {
    Ok(match proxy {
        _ if target.is_loopback() => builder.no_proxy(),
        Proxy::System => builder,
        Proxy::None => builder.no_proxy(),
        Proxy::Manual(address) => builder.proxy(reqwest::Proxy::all(address.to_string())?),
    })
}

/// A client for one question without encryption and past any proxy, whose answer is trusted with nothing.
pub(crate) fn plain_client(limit: Duration) -> ClientBuilder {
    any_client().no_proxy().tls_certs_only([]).timeout(limit)
}

fn any_client() -> ClientBuilder {
    Client::builder()
        .user_agent(format!("{USER_AGENT} ({})", std::env::consts::OS))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .pool_max_idle_per_host(0)
}

/// Binds a client's connections to one family, and goes past any proxy: a look-up tells the address that the
/// connection itself comes from.
pub(crate) fn of_family(builder: ClientBuilder, family: Family, target: &WebAddress) -> ClientBuilder {
    if target.is_loopback() {
        // The sandbox tells both families of its pretended line over either.
        return builder.no_proxy();
    }
    let any = match family {
        Family::Ipv4 => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        Family::Ipv6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    builder.local_address(any).no_proxy()
}

/// What came back, whatever it is.
pub(crate) struct HttpResponse {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The body; its first [`LONGEST_BODY`] bytes where it is longer.
    pub(crate) body: Vec<u8>,
    /// Whether that is all of it. Else it means nothing good, whatever it begins with.
    pub(crate) whole: bool,
}

/// Reads an answer, and of its body no more than [`LONGEST_BODY`] bytes.
pub(crate) async fn answer(mut response: Response) -> Result<HttpResponse, reqwest::Error> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let room = LONGEST_BODY - body.len();
        if chunk.len() > room {
            body.extend_from_slice(&chunk[..room]);
            return Ok(HttpResponse { status, body, whole: false });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(HttpResponse { status, body, whole: true })
}

/// How a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HttpError {
    /// This machine has no way to that family at all.
    NoRoute,
    /// No connection was made.
    NotConnected,
    /// The certificate isn't the server's.
    NotTrusted,
    /// Connected, and no answer in time.
    TimedOut,
    /// Connected, and the connection broke before a whole answer.
    Broken,
}

/// Tells what an error means, by its kind and its causes, never by its text.
pub(crate) fn failure(error: &reqwest::Error) -> HttpError {
    // Only here nothing was sent. TLS can fail later too, and by then the server may have acted.
    if error.is_connect() || error.is_builder() {
        return if is_tls(error) {
            HttpError::NotTrusted
        } else if has_no_route(error) {
            HttpError::NoRoute
        } else {
            HttpError::NotConnected
        };
    }
    if error.is_timeout() { HttpError::TimedOut } else { HttpError::Broken }
}

/// All causes of an error. An `io::Error` names its content's cause as its own and so leaves out the content, which
/// is where the TLS library's error hides, two `io::Error`s deep.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    let mut next = error.source();
    std::iter::from_fn(move || {
        let cause = next?;
        let content = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = content.map_or_else(|| cause.source(), |content| Some(content));
        Some(cause)
    })
}

fn is_tls(error: &reqwest::Error) -> bool {
    causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()).is_some()
}

/// `EAFNOSUPPORT`, which `io::ErrorKind` has no name for: the system was started without IPv6.
const NO_SUCH_FAMILY: i32 = if cfg!(windows) {
    10047
} else if cfg!(target_vendor = "apple") {
    47
} else {
    97
};

fn has_no_route(error: &reqwest::Error) -> bool {
    causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).any(is_no_route)
}

fn is_no_route(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::AddrNotAvailable | io::ErrorKind::Unsupported
    ) || error.raw_os_error() == Some(NO_SUCH_FAMILY)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_system_without_ipv6_has_no_route_and_a_closed_port_has_one() {
        const EADDRNOTAVAIL: i32 = 99;
        const ENETUNREACH: i32 = 101;
        const ECONNREFUSED: i32 = 111;
        const EHOSTUNREACH: i32 = 113;
        for code in [NO_SUCH_FAMILY, EADDRNOTAVAIL, ENETUNREACH] {
            assert!(is_no_route(&io::Error::from_raw_os_error(code)), "{code}");
        }
        for code in [ECONNREFUSED, EHOSTUNREACH] {
            assert!(!is_no_route(&io::Error::from_raw_os_error(code)), "{code}");
        }
        assert_eq!(
            io::Error::from_raw_os_error(NO_SUCH_FAMILY).to_string(),
            "Address family not supported by protocol (os error 97)"
        );
    }
}
