//! One request to the gateway over plain HTTP, and its answer.
//!
//! The request is written by hand, because routers compare the names of header fields byte by byte: the WRT120N answers
//! `Soapaction` with status 501 (syncthing#1696, 2015-04-25), and others with their login page (jupnp#120, 2019-05-14).
//! A library writes them all in lower case or in title case. The request goes out in one piece, with the host first.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use dyntray_core::observe::observation::LookUpProblem;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout_at};

use super::gateway_url::GatewayUrl;
use super::http1::{self, End, Head, Limits, ReadError, Wanted};

/// The time limits; a router is only a few metres away.
const CONNECT_LIMIT: Duration = Duration::from_millis(1500);
const TOTAL_LIMIT: Duration = Duration::from_secs(2);
/// The most that is read of an answer. No router's description is longer.
const LIMITS: Limits = Limits { head: 16 * 1024, body: 64 * 1024 };

/// A request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'a> {
    /// The method.
    pub(super) method: &'a str,
    /// The header fields behind the host, written as they are.
    pub(super) fields: &'a [(&'a str, &'a str)],
    /// The body.
    pub(super) body: &'a str,
    /// The part of the answer that matters.
    pub(super) wanted: Wanted,
}

/// An answer of any status.
#[derive(Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: u16,
    /// The head.
    pub(super) head: Head,
    /// The body, as far as it came.
    pub(super) body: Vec<u8>,
    /// The end of the body.
    pub(super) end: End,
}

impl Answer {
    /// The problem of a body that can't be understood.
    pub(super) fn misunderstood(&self) -> LookUpProblem {
        if self.end == End::Late { LookUpProblem::TimedOut } else { LookUpProblem::NotUnderstood }
    }
}

/// Sends a request to this machine's router: from this machine's address in the home network, past any proxy, without
/// following redirects. Each has a connection of its own, because one request in half an hour needs no pool.
///
/// # Errors
/// `Unreachable` if no connection could be made: only then the router isn't where it was. Otherwise `TimedOut` or
/// `NotUnderstood`.
pub(super) async fn send(url: &GatewayUrl, request: Request<'_>) -> Result<Answer, LookUpProblem> {
    let start = Instant::now();
    let connected = timeout_at(start + CONNECT_LIMIT, connect(url)).await;
    let mut stream = connected
        .unwrap_or_else(|late| Err(late.into()))
        .inspect_err(|error| tracing::debug!(?url, %error, "no connection to the router"))
        .map_err(|_| LookUpProblem::Unreachable)?;
    let deadline = start + TOTAL_LIMIT;
    let text = written(url, request);
    match timeout_at(deadline, stream.write_all(text.as_bytes())).await {
        Err(_) => return Err(LookUpProblem::TimedOut),
        // It may have answered already, before all was sent.
        Ok(Err(error)) => tracing::debug!(?url, %error, "a request broke off"),
        Ok(Ok(())) => {}
    }
    let read = http1::read(&mut stream, LIMITS, request.wanted, deadline).await;
    let message = read.map_err(|error| {
        tracing::debug!(?url, method = request.method, ?error, "the router didn't answer");
        match error {
            ReadError::Late => LookUpProblem::TimedOut,
            ReadError::Broken | ReadError::TooLong => LookUpProblem::NotUnderstood,
        }
    })?;
    let Some(status) = message.head.status() else {
        tracing::debug!(?url, "the router's answer isn't HTTP");
        return Err(LookUpProblem::NotUnderstood);
    };
    Ok(Answer { status, head: message.head, body: message.body, end: message.end })
}

async fn connect(url: &GatewayUrl) -> io::Result<TcpStream> {
    let gateway = url.gateway();
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(IpAddr::V4(gateway.local_address), 0))?;
    socket.connect(SocketAddr::new(IpAddr::V4(gateway.address), url.port())).await
}

fn written(url: &GatewayUrl, request: Request<'_>) -> String {
    let mut text = format!("{} {} HTTP/1.1\r\nHOST: {}\r\n", request.method, url.target(), url.host());
    for (name, value) in request.fields {
        text.extend([name, ": ", value, "\r\n"]);
    }
    text.push_str("Connection: close\r\n\r\n");
    text.push_str(request.body);
    text
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::router::gateway::LanGateway;

    #[test]
    fn a_request_is_written_with_the_host_first_and_names_as_they_are() {
        let gateway = LanGateway { address: Ipv4Addr::LOCALHOST, local_address: Ipv4Addr::LOCALHOST };
        let url = GatewayUrl::parse("http://127.0.0.1:5000/ctl", gateway).expect("an address");
        let fields = [("Content-Length", "2"), ("SOAPAction", "\"a#b\"")];
        let request = Request { method: "POST", fields: &fields, body: "<>", wanted: Wanted::All };
        assert_eq!(
            written(&url, request),
            "POST /ctl HTTP/1.1\r\nHOST: 127.0.0.1:5000\r\nContent-Length: 2\r\nSOAPAction: \"a#b\"\r\n\
             Connection: close\r\n\r\n<>"
        );
    }
}
