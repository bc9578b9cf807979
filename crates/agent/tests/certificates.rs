//! Stories of TLS: a secret goes only to a server with a trusted certificate.
#![cfg(target_os = "linux")] // Only there a process can have trusted certificates of its own.

mod wire;

use std::ffi::OsStr;
use std::time::{Duration, Instant};

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::protocol::reply::{Accepted, HaltReason, Verdict};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::SendEnd;
use dyntray_core::types::address::Family;
use dyntray_core::types::server::WebAddress;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use wire::tls::{Authority, Identity, TlsAct, TlsServer};
use wire::{Act, BASIC, Server, header, look_up, send};

const GOOD: SendEnd = SendEnd::Answered(Verdict::Accepted(Accepted::Good));
const NOT_TRUSTED: SendEnd = SendEnd::Failed(RetryableError::NotTrusted);
const UNCONFIRMED: SendEnd = SendEnd::Failed(RetryableError::Unconfirmed);

fn good() -> TlsAct {
    TlsAct::Plain(Act::status(200, "good"))
}

#[test]
fn a_server_that_the_system_trusts_gets_the_request() {
    Authority::trusted("a_server_that_the_system_trusts_gets_the_request", async |authority| {
        let server = TlsServer::start(&authority.certify("localhost", 4000), good()).await;
        assert_eq!(send(server.update()).await, GOOD);
        let requests = server.received();
        let [Ok(head)] = &requests[..] else { panic!("{requests:?}") };
        assert!(head.starts_with("GET /nic/update?hostname=home.spdns.de&myip="), "{head}");
        assert_eq!(header(head, "authorization"), Some(BASIC));
    });
}

#[test]
fn a_wrong_certificate_is_told_nothing_at_all() {
    Authority::trusted("a_wrong_certificate_is_told_nothing_at_all", async |authority| {
        for (why, identity) in [
            ("self-signed", Identity::self_signed("localhost")),
            ("of an unknown authority", Authority::new().certify("localhost", 4000)),
            ("for another name", authority.certify("update.spdyn.de", 4000)),
            ("for a longer name", authority.certify("localhost.example.org", 4000)),
        ] {
            let server = TlsServer::start(&identity, good()).await;
            assert_eq!(send(server.update()).await, NOT_TRUSTED, "{why}");
            let resolver =
                WebAddress::parse(&format!("https://localhost:{}/", server.port())).expect("valid");
            let seen = look_up(&resolver, Family::Ipv4).await;
            assert_eq!(seen, Observation::Unavailable { why: LookUpProblem::NotTrusted }, "{why}");
            let received = server.received_all(2).await;
            assert!(received.len() == 2 && received.iter().all(Result::is_err), "{why}: {received:?}");
        }
    });
}

#[test]
fn a_certificate_that_isnt_valid_today_is_called_old_or_young_and_a_clock_that_looks_wrong_is_named() {
    let story =
        "a_certificate_that_isnt_valid_today_is_called_old_or_young_and_a_clock_that_looks_wrong_is_named";
    Authority::trusted(story, async |authority| {
        let today = Timestamp::now().to_zoned_datetime(TimeZone::UTC).date();
        let shows = Timestamp::now().to_zoned_datetime(TimeZone::system()).date();
        let day = |away: i64| today + Span::new().days(away);
        let wrong_clock = || (RetryableError::WrongClock { shows }, LookUpProblem::WrongClock { shows });
        let expired = (RetryableError::CertificateExpired, LookUpProblem::CertificateExpired);
        let young = (RetryableError::CertificateNotYetValid, LookUpProblem::CertificateNotYetValid);
        for (from, until, (error, why)) in [
            (-90, -1, expired.clone()),
            (-390, -300, expired),
            (-990, -900, wrong_clock()),
            (1, 90, young),
            (300, 390, wrong_clock()),
        ] {
            let said = format!("valid from day {from} to day {until}");
            let server =
                TlsServer::start(&authority.certify_between("localhost", day(from), day(until)), good())
                    .await;
            assert_eq!(send(server.update()).await, SendEnd::Failed(error), "{said}");
            let resolver =
                WebAddress::parse(&format!("https://localhost:{}/", server.port())).expect("valid");
            let seen = look_up(&resolver, Family::Ipv4).await;
            assert_eq!(seen, Observation::Unavailable { why }, "{said}");
            let received = server.received_all(2).await;
            assert!(received.len() == 2 && received.iter().all(Result::is_err), "{said}: {received:?}");
        }
        // One that is valid today is trusted.
        let server =
            TlsServer::start(&authority.certify_between("localhost", day(-1), day(90)), good()).await;
        assert_eq!(send(server.update()).await, GOOD);
        // A certificate of nobody's, or for another name, is no matter of the clock.
        let stranger = Authority::new().certify_between("localhost", day(-90), day(90));
        assert_eq!(send(TlsServer::start(&stranger, good()).await.update()).await, NOT_TRUSTED);
    });
}

fn encrypted(server: &Server) -> WebAddress {
    WebAddress::parse_server(&format!("https://localhost:{}", server.port())).expect("valid")
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_told_nothing() {
    for answer in ["HTTP/1.1 200 OK\r\n\r\ngood", "220 mail.example.org ESMTP\r\n"] {
        let server = Server::start(Act::Answer(answer.into())).await;
        assert_eq!(send(encrypted(&server)).await, NOT_TRUSTED);
        assert_eq!(server.requests(), ["\u{16}"], "the first byte of TLS's ClientHello");
    }
}

/// The ServerHello of a server that speaks no newer version: 0 is SSL 3.0, 1 is TLS 1.0, 2 is TLS 1.1 (RFC 4346).
fn server_hello(version: u8) -> Vec<u8> {
    let mut hello = vec![0x16, 3, version, 0, 42, 2, 0, 0, 38, 3, version];
    hello.extend([7; 32]);
    // No session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
    hello.extend([0, 0, 0x2f, 0]);
    hello
}

#[tokio::test]
async fn a_server_below_tls_1_2_is_told_nothing() {
    for version in 0..=2 {
        let server = Server::start(Act::Answer(server_hello(version))).await;
        assert_eq!(send(encrypted(&server)).await, NOT_TRUSTED, "3.{version}");
        assert_eq!(server.requests(), ["\u{16}"], "the first byte of TLS's ClientHello");
    }
}

#[tokio::test]
async fn a_server_that_breaks_off_or_hangs_before_its_hello_was_sent_nothing() {
    for act in [Act::Reset, Act::Answer(Vec::new()), Act::Hang] {
        let server = Server::start(act).await;
        let start = Instant::now();
        assert_eq!(send(encrypted(&server)).await, SendEnd::Failed(RetryableError::Unreachable));
        assert_eq!((server.connections(), server.requests().len()), (1, 1));
        assert!(start.elapsed() < Duration::from_secs(13));
    }
}

#[test]
fn a_machine_that_trusts_nobody_sends_nothing() {
    let nobody = [("SSL_CERT_FILE", OsStr::new("/dev/null"))];
    wire::in_environment("a_machine_that_trusts_nobody_sends_nothing", &nobody, sends_nothing);
}

#[test]
fn a_machine_whose_certificates_are_missing_sends_nothing() {
    let nowhere = [("SSL_CERT_FILE", OsStr::new("/nowhere/certificates.pem"))];
    wire::in_environment("a_machine_whose_certificates_are_missing_sends_nothing", &nowhere, sends_nothing);
}

async fn sends_nothing() {
    let server = TlsServer::start(&Identity::self_signed("localhost"), good()).await;
    assert_eq!(send(server.update()).await, NOT_TRUSTED);
    assert!(server.received().iter().all(Result::is_err));
}

#[test]
fn encryption_that_breaks_after_the_request_leaves_it_unconfirmed() {
    Authority::trusted("encryption_that_breaks_after_the_request_leaves_it_unconfirmed", async |authority| {
        let identity = authority.certify("localhost", 4000);
        let alert = b"\x15\x03\x03\x00\x02\x02\x28".to_vec(); // fatal, handshake failure, unencrypted
        for act in [
            TlsAct::Garble(b"HTTP/1.1 200 OK\r\n\r\ngood".to_vec()),
            TlsAct::Garble(alert),
            TlsAct::Garble(Vec::new()),
            TlsAct::Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\ngood".to_vec()),
            // Without a length, only TLS's `close_notify` marks the end of an answer.
            TlsAct::Cut(b"HTTP/1.1 200 OK\r\n\r\ngood".to_vec()),
        ] {
            let server = TlsServer::start(&identity, act).await;
            assert_eq!(send(server.update()).await, UNCONFIRMED);
            let received = server.received();
            assert!(received.len() == 1 && received[0].is_ok(), "the request was sent, once: {received:?}");
        }
    });
}

#[test]
fn a_trusted_servers_refusals_are_read_as_well() {
    Authority::trusted("a_trusted_servers_refusals_are_read_as_well", async |authority| {
        let identity = authority.certify("localhost", 4000);
        let server = TlsServer::start(&identity, TlsAct::Plain(Act::status(401, "<html>"))).await;
        assert_eq!(send(server.update()).await, SendEnd::Answered(Verdict::Halt(HaltReason::BadAuth)));
        let other = Server::start(Act::status(200, "good")).await;
        let plain = format!("http://127.0.0.1:{}/", other.port());
        let server = TlsServer::start(&identity, TlsAct::Plain(Act::redirect(302, &plain))).await;
        let end = send(server.update()).await;
        assert!(
            matches!(end, SendEnd::Answered(Verdict::Retry(RetryableError::Unreadable { .. }))),
            "{end:?}"
        );
        assert_eq!(other.connections(), 0);
    });
}
