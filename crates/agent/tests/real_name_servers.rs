//! Stories of real name servers: NSD and Knot DNS serve the zone, Unbound is the system's resolver, in a network namespace
//! that each story makes for itself.
#![cfg(target_os = "linux")]

mod dns_servers;
mod name_server;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use dns_servers::{Local, Network, Program, knot, nsd, skipped_without, unbound};
use dyntray_agent::dns_check::DnsChecks;
use dyntray_core::observe::dns::{DnsAnswer, DnsProblem};
use dyntray_core::types::address::Family;
use name_server::{HOST, records};

const FIRST: &str = "home IN A 84.160.12.7\nhome IN AAAA 2003:e1:1:2::7";
const SECOND: &str = "home IN A 84.160.12.8\nhome IN AAAA 2003:e1:1:2::8";
/// The time that a server may take to start.
const START_LIMIT: Duration = Duration::from_secs(10);

fn cant(problem: DnsProblem) -> DnsAnswer {
    DnsAnswer::CantVerify(problem)
}

fn first() -> DnsAnswer {
    records(&["84.160.12.7"], &["2003:e1:1:2::7"])
}

fn second() -> DnsAnswer {
    records(&["84.160.12.8"], &["2003:e1:1:2::8"])
}

fn free_port() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address")
}

/// Asks a server on loopback until it answers.
async fn answer_of(server: SocketAddr) -> DnsAnswer {
    let start = Instant::now();
    loop {
        let answer = name_server::check(server).await;
        if answer != cant(DnsProblem::NoAnswer) || start.elapsed() > START_LIMIT {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_zone_of_nsd_is_read() {
    if skipped_without("a_zone_of_nsd_is_read", &["nsd"]) {
        return;
    }
    let at = free_port();
    for (lines, expected) in [
        (FIRST.to_owned(), first()),
        (
            "home IN A 84.160.12.9\nhome IN A 84.160.12.7".to_owned(),
            records(&["84.160.12.7", "84.160.12.9"], &[]),
        ),
        ("home IN TXT \"nothing here\"".to_owned(), records(&[], &[])),
        (String::new(), records(&[], &[])),
        ("* IN A 84.160.12.7".to_owned(), records(&["84.160.12.7"], &[])),
        ("home IN CNAME box\nbox IN A 84.160.12.7".to_owned(), records(&["84.160.12.7"], &[])),
        ("home IN CNAME box.example.org.".to_owned(), cant(DnsProblem::Refused)),
        ("home IN NS ns.example.org.".to_owned(), cant(DnsProblem::Refused)),
        (many_records("home"), sixteen()),
    ] {
        let _running = nsd(&Local, &[at], &lines);
        assert_eq!(answer_of(at).await, expected, "{}", lines.chars().take(80).collect::<String>());
    }
}

/// More records than fit into a datagram: the servers truncate their answer, and are asked over TCP.
fn many_records(name: &str) -> String {
    let lines: Vec<_> = (0..200).map(|n| format!("{name} IN A 84.160.20.{n}")).collect();
    lines.join("\n")
}

/// The lowest sixteen of them, which are kept.
fn sixteen() -> DnsAnswer {
    let texts: Vec<_> = (0..16).map(|n| format!("84.160.20.{n}")).collect();
    records(&texts.iter().map(String::as_str).collect::<Vec<_>>(), &[])
}

#[tokio::test]
async fn a_zone_of_knot_is_read_and_a_name_outside_it_is_refused() {
    if skipped_without("a_zone_of_knot_is_read_and_a_name_outside_it_is_refused", &["knotd"]) {
        return;
    }
    let at = free_port();
    let _running = knot(&Local, at, &format!("{FIRST}\n{}", many_records("many")));
    assert_eq!(answer_of(at).await, first());
    let ask = async |name: &str| {
        let host = dyntray_core::types::hostname::Hostname::parse(name).expect("a host name");
        DnsChecks::default().check(&host, Family::BOTH, Some(at)).await
    };
    assert_eq!(ask("many.spdns.de").await, sixteen());
    assert_eq!(ask("gone.spdns.de").await, records(&[], &[]));
    assert_eq!(ask("home.example.org").await, cant(DnsProblem::Refused));
}

/// A network with two name servers and a resolver, as a home sees the internet.
struct World {
    // Fields are dropped in this order: the programs end before their network.
    ns1: Option<Program>,
    ns2: Option<Program>,
    resolver: Option<Program>,
    network: Network,
    dns_look: PathBuf,
}

impl World {
    /// Makes one; none, with a message, if this machine can't.
    fn make(story: &str) -> Option<Self> {
        let programs = ["nsd", "knotd", "unbound", "nft"];
        let (network, dns_look) = dns_servers::network_with(story, &programs, "dns_look")?;
        let mut world = World { ns1: None, ns2: None, resolver: None, network, dns_look };
        world.serve(FIRST, FIRST);
        world.resolver = Some(unbound(&world.network));
        world.settle(&["127.0.0.1:53"], |answer| *answer != cant(DnsProblem::NoAnswer));
        Some(world)
    }

    /// Restarts the two name servers with these lines in their zones.
    fn serve(&mut self, ns1: &str, ns2: &str) {
        (self.ns1, self.ns2) = (None, None);
        let at = |text: &str| text.parse().expect("an address");
        self.ns1 = Some(nsd(&self.network, &[at("10.99.0.1:53"), at("[fd99::1]:53")], ns1));
        self.ns2 = Some(knot(&self.network, at("10.99.0.2:53"), ns2));
        self.settle(&["10.99.0.1:53", "[fd99::1]:53", "10.99.0.2:53"], |answer| {
            matches!(answer, DnsAnswer::Records(_))
        });
    }

    fn settle(&self, servers: &[&str], is_up: fn(&DnsAnswer) -> bool) {
        let start = Instant::now();
        for server in servers {
            while !is_up(&self.look(&[HOST, server])) {
                assert!(start.elapsed() < START_LIMIT, "{server} doesn't start");
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    }

    fn look(&self, arguments: &[&str]) -> DnsAnswer {
        let start = Instant::now();
        let output = self.network.run(&self.dns_look, arguments);
        assert!(start.elapsed() < Duration::from_secs(7), "took {:?}", start.elapsed());
        serde_json::from_slice(&output.stdout).expect("an answer")
    }

    /// The result of a whole check of the host.
    fn check(&self) -> DnsAnswer {
        self.look(&[HOST])
    }
}

#[test]
fn a_change_on_its_way_between_name_servers_is_seen_and_so_is_its_arrival() {
    let Some(mut world) =
        World::make("a_change_on_its_way_between_name_servers_is_seen_and_so_is_its_arrival")
    else {
        return;
    };
    assert_eq!(world.check(), first());
    world.serve(SECOND, FIRST);
    assert_eq!(world.check(), cant(DnsProblem::Disagree));
    world.serve(SECOND, SECOND);
    // The resolver still has the first addresses, but only the zone's own servers are asked for them.
    assert_eq!(world.check(), second());
    assert_eq!(world.look(&["deep.down.below.home.spdns.de"]), records(&[], &[]));
    world.ns2 = None;
    assert_eq!(world.check(), second(), "one that is down doesn't count");
    world.ns1 = None;
    assert_eq!(world.check(), cant(DnsProblem::NoAnswer));
}

#[test]
fn a_network_that_blocks_port_53_makes_no_answer_of_it_and_never_a_wrong_one() {
    let Some(mut world) =
        World::make("a_network_that_blocks_port_53_makes_no_answer_of_it_and_never_a_wrong_one")
    else {
        return;
    };
    // From here on the resolver has cached the name servers, as every resolver does.
    assert_eq!(world.check(), first());
    world.network.block("ip daddr 10.99.0.0/24");
    world.ns2 = None;
    assert_eq!(world.check(), first(), "over IPv6, where IPv4 is silent");
    world.network.block("ip6 daddr fd99::1");
    assert_eq!(world.check(), cant(DnsProblem::NoAnswer));
    world.network.unblock();
    assert_eq!(world.check(), first());
    world.network.block("ip daddr 127.0.0.1");
    assert_eq!(world.check(), cant(DnsProblem::NoNameServers), "a silent resolver");
    world.network.unblock();
    world.resolver = None;
    assert_eq!(world.check(), cant(DnsProblem::NoNameServers), "no resolver");
}

#[test]
fn a_name_in_a_zone_that_cant_be_found_has_no_name_servers() {
    let Some(world) = World::make("a_name_in_a_zone_that_cant_be_found_has_no_name_servers") else {
        return;
    };
    assert_eq!(world.look(&["home.example.org"]), cant(DnsProblem::NoNameServers));
}
