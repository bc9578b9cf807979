//! Stories of TLS that stalls at every step, or drips.
#![cfg(target_os = "linux")] // Only there a process can have trusted certificates of its own.

mod wire;

use std::time::{Duration, Instant};

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::protocol::reply::{Accepted, HaltReason, Verdict};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::SendEnd;
use dyntray_core::types::address::Family;
use dyntray_core::types::server::WebAddress;
use wire::tls::{Authority, Identity, Pace, TlsAct, TlsServer, TlsVersion};
use wire::{Act, look_up, send};

const GOOD: SendEnd = SendEnd::Answered(Verdict::Accepted(Accepted::Good));
const UNREACHABLE: SendEnd = SendEnd::Failed(RetryableError::Unreachable);
const UNCONFIRMED: SendEnd = SendEnd::Failed(RetryableError::Unconfirmed);
/// The limits of a connection and of a whole request, with some more for a busy machine.
const CONNECTED_WITHIN: Duration = Duration::from_secs(13);
const ENDED_WITHIN: Duration = Duration::from_secs(34);

/// An update at a server of this pace: its end, its time, and the number of requests that arrived.
async fn update(
    identity: &Identity,
    version: TlsVersion,
    pace: Pace,
    act: TlsAct,
) -> (SendEnd, Duration, usize) {
    let server = TlsServer::at_pace(identity, version, pace, act).await;
    let began = Instant::now();
    let end = send(server.update()).await;
    let requests = server.received().iter().filter(|received| received.is_ok()).count();
    (end, began.elapsed(), requests)
}

/// A look-up at a server of this pace, and its time.
async fn looked_up(identity: &Identity, pace: Pace, act: TlsAct) -> (Observation, Duration) {
    let server = TlsServer::at_pace(identity, TlsVersion::Tls13, pace, act).await;
    let resolver = WebAddress::parse(&format!("https://localhost:{}/", server.port())).expect("valid");
    let began = Instant::now();
    (look_up(&resolver, Family::Ipv4).await, began.elapsed())
}

fn good() -> TlsAct {
    TlsAct::Plain(Act::status(200, "good"))
}

/// The bytes of the server's first flight, at least: its certificate alone is longer than all that is left out here.
async fn first_flight(identity: &Identity, version: TlsVersion) -> usize {
    // The shortest pace with which a request arrives, by halves.
    let (mut stalls, mut suffices) = (0, 4096);
    while suffices - stalls > 8 {
        let middle = usize::midpoint(stalls, suffices);
        let server = TlsServer::at_pace(identity, version, Pace::StallsAfter(middle), good()).await;
        let waiting = tokio::time::timeout(Duration::from_secs(2), server.received_all(1));
        let arrived = tokio::select! {
            received = waiting => received.is_ok(),
            end = send(server.update()) => end == GOOD,
        };
        if arrived { suffices = middle } else { stalls = middle }
    }
    stalls
}

#[test]
fn tls_that_stalls_before_its_end_was_sent_nothing_and_is_left_after_ten_seconds() {
    let story = "tls_that_stalls_before_its_end_was_sent_nothing_and_is_left_after_ten_seconds";
    Authority::trusted(story, async |authority| {
        let identity = &authority.certify("localhost", 4000);
        for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
            let flight = first_flight(identity, version).await;
            assert!(flight > 500, "{version:?}: {flight}");
            // After the ClientHello, within a record's head, within the ServerHello, within and after the certificate, and
            // just before the end.
            let steps = [0, 1, 4, 5, 40, 90, 130, flight / 2, flight - 120, flight - 40, flight - 4];
            let stalled = steps.map(|at| update(identity, version, Pace::StallsAfter(at), good()));
            let dripping =
                [0, 60, flight - 60].map(|at| update(identity, version, Pace::DripsAfter(at), good()));
            let stalled = futures(stalled.into_iter().chain(dripping)).await;
            for (number, (end, took, requests)) in stalled.into_iter().enumerate() {
                assert_eq!((end, requests), (UNREACHABLE, 0), "{version:?}, step {number}");
                assert!(took < CONNECTED_WITHIN, "{version:?}, step {number}: {took:?}");
            }
        }
    });
}

#[test]
fn tls_that_stalls_after_its_end_leaves_the_update_unconfirmed_after_half_a_minute() {
    let story = "tls_that_stalls_after_its_end_leaves_the_update_unconfirmed_after_half_a_minute";
    Authority::trusted(story, async |authority| {
        let identity = &authority.certify("localhost", 4000);
        let head: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n";
        let begun = |body: &[u8]| TlsAct::Plain(Act::Drip([head, body].concat(), b" ".to_vec()));
        let versions = [TlsVersion::Tls12, TlsVersion::Tls13];
        let acts = [
            TlsAct::Plain(Act::Hang),
            TlsAct::Stall(b"HTTP/1.1 2".to_vec()),
            TlsAct::Stall(head.to_vec()),
            TlsAct::Stall([head, b"good 84."].concat()),
            begun(b""),
            begun(b"good"),
        ];
        let asked = versions.into_iter().flat_map(|version| {
            acts.iter().map(move |act| update(identity, version, Pace::Free, act.clone()))
        });
        // The same with one byte a second from the end of the handshake on.
        let flights = [first_flight(identity, versions[0]).await, first_flight(identity, versions[1]).await];
        let dripping = versions
            .into_iter()
            .zip(flights)
            .map(|(version, flight)| update(identity, version, Pace::DripsAfter(flight + 20), good()));
        for (number, (end, took, requests)) in futures(asked.chain(dripping)).await.into_iter().enumerate() {
            assert_eq!((end, requests), (UNCONFIRMED, 1), "step {number}");
            assert!(took > Duration::from_secs(29) && took < ENDED_WITHIN, "step {number}: {took:?}");
        }
        // A refusal is one as soon as its word is there, and an honest server of either version is believed.
        let refused = TlsAct::Stall([head, b"badauth "].concat());
        for version in versions {
            let (end, took, _) = update(identity, version, Pace::Free, refused.clone()).await;
            assert_eq!(end, SendEnd::Answered(Verdict::Halt(HaltReason::BadAuth)), "{version:?}");
            assert!(took < ENDED_WITHIN, "{took:?}");
            assert_eq!(update(identity, version, Pace::Free, good()).await.0, GOOD, "{version:?}");
        }
    });
}

#[test]
fn a_look_up_whose_tls_stalls_ends_in_time_and_names_no_address() {
    let story = "a_look_up_whose_tls_stalls_ends_in_time_and_names_no_address";
    Authority::trusted(story, async |authority| {
        let identity = &authority.certify("localhost", 4000);
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n84.160.12.7".to_vec();
        let stalls = |at| (Pace::StallsAfter(at), TlsAct::Plain(Act::status(200, "84.160.12.7")));
        let asked = [stalls(0), stalls(300), (Pace::Free, TlsAct::Stall(head))];
        let seen = futures(asked.map(|(pace, act)| looked_up(identity, pace, act))).await;
        let unavailable = |why| Observation::Unavailable { why };
        assert_eq!(seen[0].0, unavailable(LookUpProblem::Unreachable));
        assert_eq!(seen[1].0, unavailable(LookUpProblem::Unreachable));
        assert_eq!(seen[2].0, unavailable(LookUpProblem::TimedOut));
        assert!(seen[..2].iter().all(|(_, took)| *took < CONNECTED_WITHIN), "{seen:?}");
        assert!(seen[2].1 < ENDED_WITHIN, "{seen:?}");
    });
}

/// The results of all, which run at the same time.
async fn futures<T>(all: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut all: Vec<_> = all.into_iter().map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|context| {
        for (one, result) in &mut all {
            if result.is_none()
                && let std::task::Poll::Ready(ended) = one.as_mut().poll(context)
            {
                *result = Some(ended);
            }
        }
        if all.iter().all(|(_, result)| result.is_some()) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    all.into_iter().map(|(_, result)| result.expect("it has ended")).collect()
}
