//! Stories of an IPv6 line that accepts nothing: whatever is sent over it is lost, and nobody says so. IPv4 works.
#![cfg(target_os = "linux")]

#[path = "network_namespaces/namespaces.rs"]
mod namespaces;
mod skip;
mod wire;

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::protocol::reply::{Accepted, Verdict};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::SendEnd;
use dyntray_core::types::address::Family;
use dyntray_core::types::server::WebAddress;
use namespaces::ip;
use wire::tls::{Authority, TlsAct, TlsServer};
use wire::{Act, IPV4, look_up, public, send};

/// A name with addresses of both families, which the home's hosts file knows.
const BOTH: &str = "both.example.org";
/// A name with four IPv6 addresses and one of IPv4.
const MANY: &str = "many.example.org";
/// A name without an IPv4 address.
const ONLY_IPV6: &str = "only-ipv6.example.org";
/// The limit of a connection, with some more for a busy machine.
const CONNECTED_WITHIN: Duration = Duration::from_secs(13);

/// Gives this home an IPv6 address and a default route to nowhere, and names for the server on this machine.
fn move_in() -> tempfile::NamedTempFile {
    ip("link set eth0 up");
    ip("address add 2003:e1:1:2::20/64 dev eth0 nodad");
    // The router forwards nothing, and says nothing of it.
    ip("route add default via fe80::1 dev eth0");
    let hosts = tempfile::NamedTempFile::new().expect("a file");
    let mut lines = format!("127.0.0.1 localhost {BOTH} {MANY}\n2003:e1:1:3::9 {BOTH} {ONLY_IPV6}\n");
    lines.extend((1..=4).map(|last| format!("2003:e1:1:4::{last} {MANY}\n")));
    fs::write(hosts.path(), lines).expect("writes");
    // `ip netns exec` gave this process mounts of its own.
    let mounted = Command::new("mount").arg("--bind").arg(hosts.path()).arg("/etc/hosts").status();
    assert!(mounted.expect("mount").success());
    hosts
}

fn at(name: &str, server: &TlsServer) -> WebAddress {
    WebAddress::parse_server(&format!("https://{name}:{}", server.port())).expect("valid")
}

#[test]
fn where_ipv6_accepts_nothing_an_update_goes_out_by_ipv4_and_only_a_server_without_it_is_out_of_reach() {
    let story =
        "where_ipv6_accepts_nothing_an_update_goes_out_by_ipv4_and_only_a_server_without_it_is_out_of_reach";
    if namespaces::inside(story).is_none() {
        return;
    }
    Authority::trusted(story, async |authority| {
        let _hosts = move_in();
        for name in [BOTH, MANY] {
            // The system prefers IPv6, as it does at home.
            let mut found = tokio::net::lookup_host((name, 443)).await.expect("is in the hosts file");
            assert!(found.next().is_some_and(|first| first.is_ipv6()), "{name}");
            let act = TlsAct::Plain(Act::status(200, "good"));
            let server = TlsServer::start(&authority.certify(name, 4000), act).await;
            let began = Instant::now();
            let end = send(at(name, &server)).await;
            assert_eq!(end, SendEnd::Answered(Verdict::Accepted(Accepted::Good)), "{name}");
            println!("{name}: {} ms", began.elapsed().as_millis());
            assert!(began.elapsed() < Duration::from_secs(8), "{name}: {:?}", began.elapsed());
            assert_eq!(server.received().len(), 1, "it is sent once");
        }
        let act = TlsAct::Plain(Act::status(200, "good"));
        let server = TlsServer::start(&authority.certify(ONLY_IPV6, 4000), act).await;
        let began = Instant::now();
        let end = send(at(ONLY_IPV6, &server)).await;
        assert_eq!(end, SendEnd::Failed(RetryableError::Unreachable));
        assert!(began.elapsed() < CONNECTED_WITHIN, "{:?}", began.elapsed());
    });
}

#[test]
fn where_ipv6_accepts_nothing_a_look_up_of_ipv4_has_its_answer_and_one_of_ipv6_says_so_in_time() {
    let story = "where_ipv6_accepts_nothing_a_look_up_of_ipv4_has_its_answer_and_one_of_ipv6_says_so_in_time";
    if namespaces::inside(story).is_none() {
        return;
    }
    Authority::trusted(story, async |authority| {
        let _hosts = move_in();
        let act = TlsAct::Plain(Act::status(200, IPV4));
        let server = TlsServer::start(&authority.certify(BOTH, 4000), act).await;
        let resolver = WebAddress::parse(&format!("https://{BOTH}:{}/", server.port())).expect("valid");
        let began = Instant::now();
        let (ipv4, ipv6) =
            tokio::join!(async { (look_up(&resolver, Family::Ipv4).await, began.elapsed()) }, async {
                (look_up(&resolver, Family::Ipv6).await, began.elapsed())
            });
        assert_eq!(ipv4.0, Observation::Known { address: public(IPV4) });
        assert!(ipv4.1 < Duration::from_secs(5), "{:?}", ipv4.1);
        assert_eq!(ipv6.0, Observation::Unavailable { why: LookUpProblem::Unreachable });
        // The question for a sign-in page comes on top.
        assert!(ipv6.1 < Duration::from_secs(20), "{:?}", ipv6.1);
    });
}
