//! Asks a web service for the address that our connection comes from.

mod name;
mod sign_in;

use std::net::SocketAddr;

use dyntray_core::observe::observation::{LookUpProblem, Observation, read_web_resolver};
use dyntray_core::protocol::reply::first_line;
use dyntray_core::types::address::Family;
use dyntray_core::types::server::WebAddress;
use reqwest::Url;

use crate::http::{self, HttpError, HttpResponse};
use name::Resolution;

/// Asks `resolver` over `family`. Never fails: what went wrong is part of the observation.
///
/// The name is resolved first, by the same means as the system's other programs do it, so that a name that can't be
/// resolved is told from a service that can't be reached (`name`). Where a question fails as it does behind a
/// hotel's sign-in page, that is looked into (`sign_in`); never for a resolver on this machine.
pub async fn look_up(resolver: &WebAddress, family: Family) -> Observation {
    let Ok(url) = Url::parse(&resolver.to_string()) else {
        return Observation::Unavailable { why: LookUpProblem::Unreachable };
    };
    if resolver.is_loopback() {
        return ask(resolver, family, &Resolution::AsWritten).await;
    }
    let place = name::find(&url).await;
    let seen = match name::unusable(&place, family, name::ways_out) {
        Some(seen) => seen,
        None => ask(resolver, family, &place).await,
    };
    behind_sign_in(seen, &url, &sign_in::addresses(&url, &place, family)).await
}

/// What was `seen`, unless a sign-in page at one of the `addresses` explains it better.
async fn behind_sign_in(seen: Observation, url: &Url, addresses: &[SocketAddr]) -> Observation {
    match &seen {
        Observation::Unavailable { why }
            if sign_in::is_suspected(why) && sign_in::answers(url, addresses).await =>
        {
            tracing::debug!(first = ?why, "a sign-in page is in between");
            Observation::Unavailable { why: LookUpProblem::SignInPage }
        }
        _ => seen,
    }
}

async fn ask(resolver: &WebAddress, family: Family, place: &Resolution) -> Observation {
    match answer_of(resolver, family, place).await {
        Ok(HttpResponse { status, body, whole }) => match read_web_resolver(family, status, &body) {
            Observation::Known { .. } if !whole => {
                Observation::Unavailable { why: LookUpProblem::NotAnAddress { line: first_line(&body) } }
            }
            seen => seen,
        },
        Err(error) => {
            let why = match http::failure(&error) {
                // The system has no way out over IPv6: that is an answer. Without IPv4 it is rather offline.
                HttpError::NoRoute if family == Family::Ipv6 => return Observation::NoAddress,
                HttpError::NoRoute | HttpError::NotConnected => LookUpProblem::Unreachable,
                HttpError::NotTrusted => LookUpProblem::NotTrusted,
                HttpError::TimedOut => LookUpProblem::TimedOut,
                HttpError::Broken => LookUpProblem::NotAnAddress { line: String::new() },
            };
            tracing::debug!(%resolver, ?family, error = %error.without_url(), "look-up failed");
            Observation::Unavailable { why }
        }
    }
}

async fn answer_of(
    resolver: &WebAddress,
    family: Family,
    place: &Resolution,
) -> Result<HttpResponse, reqwest::Error> {
    let builder = http::of_family(http::client(resolver), family, resolver);
    let builder = match place {
        Resolution::Found { domain, addresses } => {
            let of_family: Vec<_> =
                addresses.iter().filter(|at| Family::of(at.ip()) == family).copied().collect();
            builder.resolve_to_addrs(domain, &of_family)
        }
        Resolution::AsWritten | Resolution::NotFound => builder,
    };
    let response = builder.build()?.get(resolver.to_string()).send().await?;
    http::answer(response).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    /// A server that answers every connection with these bytes once it was sent something.
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

    /// What a look-up of a name comes to whose encrypted port is `encrypted` and whose plain one is `plain`.
    async fn seen(encrypted: SocketAddr, plain: SocketAddr) -> Observation {
        http::install_tls();
        let text = format!("https://checkip4.spdyn.de:{}/", encrypted.port());
        let resolver = WebAddress::parse(&text).expect("an address");
        let place = Resolution::Found { domain: "checkip4.spdyn.de".to_owned(), addresses: vec![encrypted] };
        let seen = ask(&resolver, Family::Ipv4, &place).await;
        let url = Url::parse(&text).expect("an address");
        behind_sign_in(seen, &url, &[plain]).await
    }

    const PORTAL: &str =
        "HTTP/1.1 302 Found\r\nLocation: http://login.hotel.example/\r\nContent-Length: 0\r\n\r\n";

    #[tokio::test]
    async fn a_redirecting_portal_is_told_from_a_false_certificate() {
        let wall = server(PORTAL).await;
        let sign_in = Observation::Unavailable { why: LookUpProblem::SignInPage };
        assert_eq!(seen(wall, wall).await, sign_in, "a wall that speaks no TLS");
        let deserted = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("one");
        assert_eq!(seen(deserted, wall).await, sign_in, "a wall with nobody behind it");
    }

    #[tokio::test]
    async fn without_a_portal_the_first_problem_stays() {
        let wall = server("nonsense\r\n\r\n").await;
        let honest =
            server("HTTP/1.1 301 Moved\r\nLocation: https://checkip4.spdyn.de/\r\nContent-Length: 0\r\n\r\n")
                .await;
        let an_address = server("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n84.160.12.7\n").await;
        for plain in [wall, honest, an_address] {
            let not_trusted = Observation::Unavailable { why: LookUpProblem::NotTrusted };
            assert_eq!(seen(wall, plain).await, not_trusted);
        }
    }
}
