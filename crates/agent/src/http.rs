//! The HTTP clients of Dyntray. None sends a Referer, follows redirects or retries by itself. All but the router's send a
//! user agent. Time and size of responses are limited.

use std::error::Error as _;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use dyntray_core::observe::observation::LookUpProblem;
use dyntray_core::protocol::retry_after::RetryAfter;
use dyntray_core::settings::Proxy;
use dyntray_core::types::address::Family;
use dyntray_core::types::server::{LOCALHOST, WebAddress};
use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, ClientBuilder, Response};

use crate::certificate_dates::{self, OutOfDate};
use crate::route::unspecified;

/// The longest body that is read, in bytes. No service sends more.
const MAX_BODY: usize = 64 * 1024;
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
const TOTAL_LIMIT: Duration = Duration::from_secs(30);

/// This machine's own addresses. The port is the URL's.
const THIS_MACHINE: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
    SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
];

/// The user agent, as dyndns2 services want it: name and version, followed by the system.
const USER_AGENT: &str = concat!("Dyntray/", env!("CARGO_PKG_VERSION"));

/// Chooses the cryptography of all TLS connections. To be called once, at the beginning of `main`.
pub fn install_tls() {
    // It fails only if it was chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client for requests to `target`. Each is made for one request and dropped, because an update a day isn't worth a
/// connection pool and a certificate store in memory.
pub(crate) fn client(target: &WebAddress) -> ClientBuilder {
    let builder = named_client()
        .https_only(!target.is_loopback())
        .tls_version_min(reqwest::tls::Version::TLS_1_2)
        .connect_timeout(CONNECT_LIMIT)
        .timeout(TOTAL_LIMIT);
    // Whatever a hosts file or a name server says: this machine is spoken to in plain text, so it must be this machine.
    let builder =
        if target.is_loopback() { builder.resolve_to_addrs(LOCALHOST, &THIS_MACHINE) } else { builder };
    // Plain HTTP needs no certificate store, so that a machine without one can still use the sandbox.
    if target.is_encrypted() { builder } else { builder.tls_certs_only([]) }
}

/// Sends a client's requests through `proxy`, except to this machine itself.
pub(crate) fn with_proxy(
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

/// A client for plain HTTP past any proxy. Its responses are not to be trusted.
pub(crate) fn plain_client(limit: Duration) -> ClientBuilder {
    named_client().no_proxy().tls_certs_only([]).timeout(limit)
}

fn named_client() -> ClientBuilder {
    bare_client().user_agent(format!("{USER_AGENT} ({})", std::env::consts::OS))
}

/// A client without a user agent.
pub(crate) fn bare_client() -> ClientBuilder {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .pool_max_idle_per_host(0)
}

/// Binds a client's connections to one family, past any proxy: a web resolver answers with the address that the connection
/// comes from.
pub(crate) fn bind_to_family(builder: ClientBuilder, family: Family, target: &WebAddress) -> ClientBuilder {
    if target.is_loopback() {
        // The sandbox answers with both addresses of its simulated line over either family.
        return builder.no_proxy();
    }
    builder.local_address(unspecified(family)).no_proxy()
}

/// A response of any status.
pub(crate) struct HttpResponse {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The headers.
    headers: HeaderMap,
    /// The body, as far as it came and is read.
    pub(crate) body: Vec<u8>,
    /// The end of the body. It is a success only if it is whole.
    pub(crate) end: BodyEnd,
}

/// The way in which the reading of a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyEnd {
    /// It was read to its end.
    Whole,
    /// It is longer than [`MAX_BODY`] bytes, which were read.
    TooLong,
    /// The connection broke, or the time was over, before its end.
    Broken(HttpError),
}

impl HttpResponse {
    /// The wish of `server` to be left alone for a while, if it came with this response.
    pub(crate) fn retry_after(&self, server: &WebAddress) -> Option<RetryAfter> {
        let wishes = self.headers.get_all(RETRY_AFTER).iter().filter_map(|value| value.to_str().ok());
        let date = self.headers.get(DATE).and_then(|value| value.to_str().ok());
        RetryAfter::read(server, self.status, wishes, date, Timestamp::now())
    }
}

/// Reads a response, and of its body no more than [`MAX_BODY`] bytes. What came before a break is kept.
pub(crate) async fn read_response(mut response: Response) -> HttpResponse {
    let status = response.status().as_u16();
    let headers = std::mem::take(response.headers_mut());
    let mut body = Vec::new();
    let end = loop {
        match response.chunk().await {
            Ok(None) => break BodyEnd::Whole,
            Ok(Some(chunk)) => {
                let room = MAX_BODY - body.len();
                body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if chunk.len() > room {
                    break BodyEnd::TooLong;
                }
            }
            Err(error) => {
                let end = BodyEnd::Broken(HttpError::of(&error));
                tracing::debug!(status, read = body.len(), error = %error.without_url(), "an answer broke off");
                break end;
            }
        }
    };
    HttpResponse { status, headers, body, end }
}

/// The way in which a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HttpError {
    /// This machine has no route for that family at all.
    NoRoute,
    /// No connection was made.
    NotConnected,
    /// The certificate isn't the server's.
    NotTrusted,
    /// This system has no root certificates.
    NoCertificates,
    /// The certificate isn't valid at this time.
    OutOfDate(OutOfDate),
    /// Connected, and no response in time.
    TimedOut,
    /// Connected, and the connection broke before a whole response.
    Broken,
}

impl HttpError {
    /// Classifies an error by its kind and its causes, never by its text.
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        // A client that can't be made for the sake of TLS lacks what every certificate is verified against.
        if error.is_builder() && tls_error(error).is_some() {
            return HttpError::NoCertificates;
        }
        // Only in these cases nothing was sent. TLS can fail later too, and by then the server may have acted.
        if error.is_connect() || error.is_builder() {
            return if let Some(tls) = tls_error(error) {
                certificate_dates::judge(tls, Timestamp::now())
                    .map_or(HttpError::NotTrusted, HttpError::OutOfDate)
            } else if has_no_route(error) {
                HttpError::NoRoute
            } else {
                HttpError::NotConnected
            };
        }
        if error.is_timeout() { HttpError::TimedOut } else { HttpError::Broken }
    }
}

impl From<HttpError> for LookUpProblem {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::NoRoute | HttpError::NotConnected => LookUpProblem::Unreachable,
            HttpError::NotTrusted => LookUpProblem::NotTrusted,
            HttpError::NoCertificates => LookUpProblem::NoCertificates,
            HttpError::OutOfDate(OutOfDate::WrongClock { shows }) => LookUpProblem::WrongClock { shows },
            HttpError::OutOfDate(OutOfDate::Expired) => LookUpProblem::CertificateExpired,
            HttpError::OutOfDate(OutOfDate::NotYetValid) => LookUpProblem::CertificateNotYetValid,
            HttpError::TimedOut => LookUpProblem::TimedOut,
            HttpError::Broken => LookUpProblem::NotAnAddress { line: String::new() },
        }
    }
}

/// All causes of an error. The source of an `io::Error` is that of the error inside it, which leaves the inner error out.
/// The TLS library's error is such an inner one, inside two `io::Error`s.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    let mut next = error.source();
    std::iter::from_fn(move || {
        let cause = next?;
        let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = inner.map_or_else(|| cause.source(), |inner| Some(inner));
        Some(cause)
    })
}

fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// `EAFNOSUPPORT`, for which `io::ErrorKind` has no name: the system runs without IPv6.
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

    /// A hosts file or a name server that leads astray.
    struct Elsewhere;

    impl reqwest::dns::Resolve for Elsewhere {
        fn resolve(&self, _name: reqwest::dns::Name) -> reqwest::dns::Resolving {
            let elsewhere: reqwest::dns::Addrs =
                Box::new([SocketAddr::from(([127, 0, 0, 2], 0))].into_iter());
            Box::pin(std::future::ready(Ok(elsewhere)))
        }
    }

    /// Answers one request at this address with its name.
    async fn answering(address: &str, port: u16) -> u16 {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind((address, port)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{address}", address.len());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        port
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn localhost_is_this_machine_whatever_a_hosts_file_says() {
        install_tls();
        let port = answering("127.0.0.1", 0).await;
        answering("127.0.0.2", port).await;
        for name in ["localhost", "LOCALHOST.", "127.0.0.1"] {
            let target = WebAddress::parse(&format!("http://{name}:{port}/")).expect("an address");
            let builder = with_proxy(client(&target), &Proxy::System, &target).expect("a builder");
            let client = builder.dns_resolver(Elsewhere).build().expect("a client");
            let response = client.get(target.to_string()).send().await.expect("an answer");
            assert_eq!(read_response(response).await.body, b"127.0.0.1", "{name}");
        }
    }

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
