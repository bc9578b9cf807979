//! Stories of servers that speak HTTP/2, which Dyntray doesn't: each ends in time, is tried again later, and is never
//! taken for success or refusal.
#![cfg(target_os = "linux")] // Only there a process can have trusted certificates of its own.

mod wire;

use std::time::{Duration, Instant};

use dyntray_core::observe::observation::Observation;
use dyntray_core::protocol::reply::Verdict;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::SendEnd;
use dyntray_core::types::address::Family;
use dyntray_core::types::server::WebAddress;
use wire::tls::{Authority, TlsAct, TlsServer};
use wire::{Act, Server, look_up, send};

/// The limit of a request, with some more for a busy machine.
const ENDED_WITHIN: Duration = Duration::from_secs(34);
const UNCONFIRMED: SendEnd = SendEnd::Failed(RetryableError::Unconfirmed);

/// A frame of HTTP/2 on stream 0 (RFC 9113, 4.1).
fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short one").to_be_bytes();
    [&length[1..], &[kind, flags, 0, 0, 0, 0], payload].concat()
}

/// An empty SETTINGS frame, with which every server begins.
fn settings() -> Vec<u8> {
    frame(4, 0, &[])
}

/// GOAWAY: no stream was served, with this reason.
fn go_away(reason: u8) -> Vec<u8> {
    frame(7, 0, &[0, 0, 0, 0, 0, 0, 0, reason])
}

/// Everything that a server may say in HTTP/2 to a request in HTTP/1.1.
fn acts() -> Vec<(&'static str, Act)> {
    const PROTOCOL_ERROR: u8 = 1;
    const HTTP_1_1_REQUIRED: u8 = 13;
    let upgrade = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
    let good = b"good 84.160.12.7,2003:e1:1:2::7";
    let all = |parts: &[&[u8]]| parts.concat();
    vec![
        ("SETTINGS", Act::Answer(settings())),
        ("SETTINGS, and no end", Act::Drip(settings(), frame(6, 0, b"pingping"))),
        ("SETTINGS and GOAWAY", Act::Answer(all(&[&settings(), &go_away(PROTOCOL_ERROR)]))),
        ("GOAWAY", Act::Answer(go_away(HTTP_1_1_REQUIRED))),
        ("GOAWAY and RST", Act::ResetAfter(all(&[&settings(), &go_away(HTTP_1_1_REQUIRED)]))),
        ("a success in a frame", Act::Answer(all(&[&settings(), &frame(0, 1, good)]))),
        ("an upgrade", Act::Answer(all(&[upgrade, &settings(), &frame(0, 1, good)]))),
        ("another version", Act::Answer(all(&[b"HTTP/2.0 200 OK\r\nContent-Length: 31\r\n\r\n", good]))),
        ("a version in short", Act::Answer(all(&[b"HTTP/2 200 OK\r\nContent-Length: 31\r\n\r\n", good]))),
        ("the client's preface", Act::Answer(all(&[b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &settings()]))),
    ]
}

/// Asserts that an update failed in a way that is tried again.
fn is_trouble(end: &SendEnd, what: &str) {
    let is_retried = matches!(end, SendEnd::Failed(_) | SendEnd::Answered(Verdict::Retry(_)));
    assert!(is_retried, "{what}: {end:?}");
}

#[tokio::test]
async fn a_server_that_answers_in_http_2_is_trouble_and_never_success_or_refusal() {
    for (what, act) in acts() {
        let server = Server::start(act).await;
        let began = Instant::now();
        let end = send(server.update()).await;
        is_trouble(&end, what);
        assert_eq!(server.requests().len(), 1, "{what}: nothing is repeated");
        let seen = look_up(&server.page("/"), Family::Ipv4).await;
        assert!(matches!(seen, Observation::Unavailable { .. }), "{what}: {seen:?}");
        assert!(began.elapsed() < 2 * ENDED_WITHIN, "{what}: {:?}", began.elapsed());
    }
    let upgraded = Server::start(Act::status(426, "Upgrade Required")).await;
    is_trouble(&send(upgraded.update()).await, "426");
}

#[tokio::test]
async fn a_server_that_speaks_http_2_before_it_was_asked_is_trouble() {
    use tokio::io::AsyncWriteExt as _;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(&settings()).await;
            kept.push(stream);
        }
    });
    let server = WebAddress::parse_server(&format!("127.0.0.1:{port}")).expect("valid");
    let began = Instant::now();
    is_trouble(&send(server).await, "SETTINGS at once");
    assert!(began.elapsed() < ENDED_WITHIN, "{:?}", began.elapsed());
}

#[test]
fn behind_tls_a_server_of_http_2_alone_is_told_nothing_and_one_that_doesnt_say_so_is_trouble() {
    let story = "behind_tls_a_server_of_http_2_alone_is_told_nothing_and_one_that_doesnt_say_so_is_trouble";
    Authority::trusted(story, async |authority| {
        let identity = authority.certify("localhost", 4000);
        let good = || TlsAct::Plain(Act::status(200, "good"));
        // It names its protocol, and no other will do (RFC 7301, 3.2).
        let alone = TlsServer::speaking_only(&identity, "h2", good()).await;
        let began = Instant::now();
        is_trouble(&send(alone.update()).await, "h2 alone");
        let received = alone.received_all(1).await;
        assert!(received.iter().all(Result::is_err), "{received:?}");
        assert!(began.elapsed() < ENDED_WITHIN);
        // One that speaks both is spoken to as ever.
        let both = TlsServer::speaking_only(&identity, "http/1.1", good()).await;
        assert!(matches!(send(both.update()).await, SendEnd::Answered(Verdict::Accepted(_))));
        // It says nothing of it, and speaks HTTP/2 all the same.
        for (what, act) in acts() {
            if matches!(act, Act::ResetAfter(_)) {
                continue;
            }
            let server = TlsServer::start(&identity, TlsAct::Plain(act)).await;
            is_trouble(&send(server.update()).await, what);
        }
        let silent = TlsServer::start(&identity, TlsAct::Stall(settings())).await;
        assert_eq!(send(silent.update()).await, UNCONFIRMED);
    });
}
