//! Asks a web resolver for the address that our connection comes from.

mod name;
mod sign_in;

use std::net::SocketAddr;

use dyntray_core::observe::observation::{LookUpProblem, Observation, read_web_resolver};
use dyntray_core::protocol::reply::first_line;
use dyntray_core::protocol::retry_after::RetryAfter;
use dyntray_core::types::address::Family;
use dyntray_core::types::server::WebAddress;
use jiff::Timestamp;
use reqwest::Url;

use crate::certificate_dates;
use crate::http::{self, BodyEnd, HttpError, HttpResponse};
use name::Resolution;
use sign_in::PlainAnswer;

/// A look-up that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedUp {
    /// The observation.
    pub observation: Observation,
    /// The web resolver's wish to be left alone for a while, if there is one.
    pub retry_after: Option<RetryAfter>,
}

impl From<Observation> for LookedUp {
    fn from(observation: Observation) -> Self {
        LookedUp { observation, retry_after: None }
    }
}

/// Asks `resolver` over `family`. Never fails: an error is part of the observation.
///
/// The name is resolved first, with the system's resolver, to tell a name that can't be resolved from a service that can't
/// be reached (`name`). If the request fails as it would behind a sign-in page, one is looked for (`sign_in`), except for
/// a resolver on this machine.
pub async fn look_up(resolver: &WebAddress, family: Family) -> LookedUp {
    let Ok(url) = Url::parse(&resolver.to_string()) else {
        return Observation::Unavailable { why: LookUpProblem::Unreachable }.into();
    };
    if resolver.is_loopback() {
        return ask(resolver, family, &Resolution::AsWritten).await;
    }
    let resolution = name::resolve(&url).await;
    let seen = match name::without_address(&resolution, family, name::routes) {
        Some(seen) => seen.into(),
        None => ask(resolver, family, &resolution).await,
    };
    let addresses = sign_in::addresses(&url, &resolution, family);
    LookedUp { observation: behind_sign_in(seen.observation, &url, &addresses).await, ..seen }
}

/// The observation `seen`, or a better reason: one of the `addresses` answers with a sign-in page, or with a date that is far
/// from this computer's. Whoever answers there may lie; that decides over nothing but the words.
async fn behind_sign_in(seen: Observation, url: &Url, addresses: &[SocketAddr]) -> Observation {
    let Observation::Unavailable { why } = &seen else { return seen };
    if !sign_in::is_suspected(why) {
        return seen;
    }
    let better = match sign_in::ask_plainly(url, addresses).await {
        Some(PlainAnswer::SignInPage) => LookUpProblem::SignInPage,
        Some(PlainAnswer::Other { date: Some(date) }) if why.is_of_the_clock() => {
            let Some(shows) = certificate_dates::wrong_beside(date, Timestamp::now()) else { return seen };
            LookUpProblem::WrongClock { shows }
        }
        Some(PlainAnswer::Other { .. }) | None => return seen,
    };
    tracing::debug!(first = ?why, ?better, "there is a better reason");
    Observation::Unavailable { why: better }
}

async fn ask(resolver: &WebAddress, family: Family, resolution: &Resolution) -> LookedUp {
    match request(resolver, family, resolution).await {
        Ok(response) => {
            LookedUp { observation: read(family, &response), retry_after: response.retry_after(resolver) }
        }
        Err(error) => {
            let failure = HttpError::of(&error);
            // Without a route over IPv6 there is no IPv6 address. Without one over IPv4 the machine is rather offline.
            if failure == HttpError::NoRoute && family == Family::Ipv6 {
                return Observation::NoAddress.into();
            }
            tracing::debug!(%resolver, ?family, error = %error.without_url(), "look-up failed");
            Observation::Unavailable { why: failure.into() }.into()
        }
    }
}

fn read(family: Family, response: &HttpResponse) -> Observation {
    let is_success = (200..=299).contains(&response.status);
    match (read_web_resolver(family, response.status, &response.body), response.end) {
        // What the status says is known without the body.
        (_, BodyEnd::Broken(error)) if is_success => Observation::Unavailable { why: error.into() },
        (Observation::Known { .. }, BodyEnd::TooLong) => {
            Observation::Unavailable { why: LookUpProblem::NotAnAddress { line: first_line(&response.body) } }
        }
        (seen, _) => seen,
    }
}

async fn request(
    resolver: &WebAddress,
    family: Family,
    resolution: &Resolution,
) -> Result<HttpResponse, reqwest::Error> {
    let builder = http::bind_to_family(http::client(resolver), family, resolver);
    let builder = match resolution {
        Resolution::Found { domain, addresses } => {
            let of_family: Vec<_> =
                addresses.iter().filter(|at| Family::of(at.ip()) == family).copied().collect();
            builder.resolve_to_addrs(domain, &of_family)
        }
        Resolution::AsWritten | Resolution::NotFound => builder,
    };
    let response = builder.build()?.get(resolver.to_string()).send().await?;
    Ok(http::read_response(response).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use jiff::tz::TimeZone;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    /// A server that answers every connection with these bytes after it has received something.
    async fn server(bytes: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 2048]).await;
                let _ = stream.write_all(bytes.as_bytes()).await;
            }
        });
        address
    }

    /// The observation from a service with its HTTPS port at `encrypted` and its HTTP port at `plain`.
    async fn seen(encrypted: SocketAddr, plain: SocketAddr) -> Observation {
        http::install_tls();
        let text = format!("https://checkip4.spdyn.de:{}/", encrypted.port());
        let resolver = WebAddress::parse(&text).expect("an address");
        let resolution =
            Resolution::Found { domain: "checkip4.spdyn.de".to_owned(), addresses: vec![encrypted] };
        let seen = ask(&resolver, Family::Ipv4, &resolution).await;
        let url = Url::parse(&text).expect("an address");
        behind_sign_in(seen.observation, &url, &[plain]).await
    }

    #[tokio::test]
    async fn a_service_that_shows_another_date_tells_of_a_wrong_clock() {
        http::install_tls();
        let url = Url::parse("https://checkip4.spdyn.de/").expect("an address");
        let dated = |date: Timestamp| {
            let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT");
            let text = format!("HTTP/1.1 404 Not Found\r\nDate: {date}\r\nContent-Length: 0\r\n\r\n");
            server(Box::leak(text.into_boxed_str()))
        };
        let now = Timestamp::now();
        let shows = now.to_zoned_datetime(TimeZone::system()).date();
        let hours = SignedDuration::from_hours;
        let wrong = LookUpProblem::WrongClock { shows };
        let (old, nameless) = (LookUpProblem::CertificateExpired, LookUpProblem::NotTrusted);
        for (date, first, expected) in [
            (now - hours(25), &old, &wrong),
            (now + hours(25), &LookUpProblem::CertificateNotYetValid, &wrong),
            (now - hours(23), &old, &old),
            (now - hours(25), &nameless, &nameless),
        ] {
            let seen = Observation::Unavailable { why: first.clone() };
            let said = behind_sign_in(seen, &url, &[dated(date).await]).await;
            assert_eq!(said, Observation::Unavailable { why: expected.clone() }, "{date}");
        }
        let seen = Observation::Unavailable { why: old.clone() };
        let said =
            behind_sign_in(seen.clone(), &url, &[server("HTTP/1.1 404\r\nDate: soon\r\n\r\n").await]).await;
        assert_eq!(said, seen);
    }

    const PORTAL: &str =
        "HTTP/1.1 302 Found\r\nLocation: http://login.hotel.example/\r\nContent-Length: 0\r\n\r\n";

    #[tokio::test]
    async fn a_redirecting_portal_is_told_from_a_false_certificate() {
        let portal = server(PORTAL).await;
        let sign_in = Observation::Unavailable { why: LookUpProblem::SignInPage };
        assert_eq!(seen(portal, portal).await, sign_in, "a portal that speaks no TLS");
        let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("one");
        assert_eq!(seen(closed, portal).await, sign_in, "a portal in front of a closed port");
    }

    #[tokio::test]
    async fn without_a_portal_the_first_problem_stays() {
        let portal = server("nonsense\r\n\r\n").await;
        let honest =
            server("HTTP/1.1 301 Moved\r\nLocation: https://checkip4.spdyn.de/\r\nContent-Length: 0\r\n\r\n")
                .await;
        let an_address = server("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n84.160.12.7\n").await;
        for plain in [portal, honest, an_address] {
            let not_trusted = Observation::Unavailable { why: LookUpProblem::NotTrusted };
            assert_eq!(seen(portal, plain).await, not_trusted);
        }
    }
}
