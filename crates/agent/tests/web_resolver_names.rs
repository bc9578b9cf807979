//! Stories of a web resolver whose name can't be resolved, and of sign-in pages, in a network namespace that each story
//! makes for itself: Unbound is the system's resolver, NSD serves the zone.
#![cfg(target_os = "linux")]

mod dns_servers;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use dns_servers::{Network, Program, nsd, skipped, unbound};
use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::Family;

const NAMES: &str = "check4 IN A 10.99.0.2\ncheck6 IN AAAA fd99::1\nboth IN A 10.99.0.2\nboth IN AAAA fd99::1\n\
                     empty IN TXT \"nothing here\"";
const PORTAL: &str =
    "HTTP/1.1 302 Found\r\nLocation: http://login.hotel.example/\r\nContent-Length: 0\r\n\r\n";
const SERVICE: &str = "HTTP/1.1 301 Moved\r\nLocation: https://check4.spdns.de/\r\nContent-Length: 0\r\n\r\n";
const START_LIMIT: Duration = Duration::from_secs(10);

fn unavailable(why: LookUpProblem) -> Observation {
    Observation::Unavailable { why }
}

/// A home whose resolver knows [`NAMES`]. It has no route to the internet at first.
struct Home {
    resolver: Option<Program>,
    _names: Program,
    network: Network,
    program: PathBuf,
}

impl Home {
    /// Makes one; none, with a message, if this machine can't.
    fn make(story: &str) -> Option<Self> {
        let (network, program) = dns_servers::network_with(story, &["nsd", "unbound"], "look_up")?;
        let names = nsd(&network, &["10.99.0.1:53".parse().expect("an address")], NAMES);
        let resolver = Some(unbound(&network));
        let home = Home { resolver, _names: names, network, program };
        let start = Instant::now();
        while !home.network.run("getent", &["hosts", "check4.spdns.de"]).status.success() {
            assert!(start.elapsed() < START_LIMIT, "names aren't resolved");
            thread::sleep(Duration::from_millis(50));
        }
        Some(home)
    }

    fn look_up(&self, host: &str, family: Family) -> Observation {
        let family = if family == Family::Ipv4 { "ipv4" } else { "ipv6" };
        let output = self.network.run(&self.program, &[&format!("https://{host}/"), family]);
        serde_json::from_slice(&output.stdout).expect("an observation")
    }

    /// Adds a default route to a cable with nobody at its other end.
    fn add_route(&self, family: Family) {
        let (version, gateway) = match family {
            Family::Ipv4 => ("-4", "10.98.0.2"),
            Family::Ipv6 => ("-6", "fd98::2"),
        };
        let output =
            self.network.run("ip", &[version, "route", "add", "default", "via", gateway, "dev", "cable"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Adds that cable. False if the system can't.
    fn add_cable(&self) -> bool {
        let ip = |words: &str| self.network.run("ip", &words.split(' ').collect::<Vec<_>>()).status.success();
        ip("link add cable type veth peer name end")
            && ip("link set cable up")
            && ip("link set end up")
            && ip("address add 10.98.0.1/24 dev cable")
            && ip("address add fd98::1/64 dev cable nodad")
    }
}

/// Answers every connection with these bytes after receiving something, as long as the program runs.
fn serve(listener: TcpListener, bytes: &'static str) {
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let _ = stream.read(&mut [0; 2048]);
            let _ = stream.write_all(bytes.as_bytes());
        }
    });
}

#[test]
fn a_name_that_cant_be_resolved_is_told_from_being_offline() {
    let story = "a_name_that_cant_be_resolved_is_told_from_being_offline";
    let Some(mut home) = Home::make(story) else { return };
    if !home.add_cable() {
        skipped(story, "no pair of interfaces can be made here");
        return;
    }
    home.resolver = None;
    for family in Family::BOTH {
        assert_eq!(
            home.look_up("check4.spdns.de", family),
            unavailable(LookUpProblem::Unreachable),
            "offline"
        );
    }
    home.add_route(Family::Ipv4);
    assert_eq!(home.look_up("check4.spdns.de", Family::Ipv4), unavailable(LookUpProblem::NameNotFound));
    assert_eq!(home.look_up("check6.spdns.de", Family::Ipv6), Observation::NoAddress, "a line without IPv6");
    home.add_route(Family::Ipv6);
    assert_eq!(home.look_up("check6.spdns.de", Family::Ipv6), unavailable(LookUpProblem::NameNotFound));
    home.resolver = Some(unbound(&home.network));
    let start = Instant::now();
    let mut seen = home.look_up("empty.spdns.de", Family::Ipv4);
    while seen != unavailable(LookUpProblem::NameNotFound) && start.elapsed() < START_LIMIT {
        seen = home.look_up("empty.spdns.de", Family::Ipv4);
    }
    assert_eq!(seen, unavailable(LookUpProblem::NameNotFound), "a name without any address");
}

#[test]
fn a_service_without_an_address_of_a_family_cant_be_reached_over_it() {
    let story = "a_service_without_an_address_of_a_family_cant_be_reached_over_it";
    let Some(home) = Home::make(story) else { return };
    if !home.add_cable() {
        skipped(story, "no pair of interfaces can be made here");
        return;
    }
    assert_eq!(
        home.look_up("check4.spdns.de", Family::Ipv6),
        unavailable(LookUpProblem::Unreachable),
        "offline"
    );
    home.add_route(Family::Ipv4);
    assert_eq!(home.look_up("check4.spdns.de", Family::Ipv6), Observation::NoAddress, "a line without IPv6");
    home.add_route(Family::Ipv6);
    assert_eq!(home.look_up("check4.spdns.de", Family::Ipv6), unavailable(LookUpProblem::Unreachable));
    assert_eq!(home.look_up("check6.spdns.de", Family::Ipv4), unavailable(LookUpProblem::Unreachable));
    // A name with both addresses is asked at the one of the family.
    serve(home.network.listen("[fd99::1]:443"), "not TLS\r\n");
    assert_eq!(home.look_up("both.spdns.de", Family::Ipv6), unavailable(LookUpProblem::NotTrusted));
    assert_eq!(home.look_up("both.spdns.de", Family::Ipv4), unavailable(LookUpProblem::Unreachable));
}

#[test]
fn a_sign_in_page_in_a_services_place_is_called_by_its_name() {
    let Some(home) = Home::make("a_sign_in_page_in_a_services_place_is_called_by_its_name") else { return };
    let sign_in = unavailable(LookUpProblem::SignInPage);
    assert_eq!(
        home.look_up("check4.spdns.de", Family::Ipv4),
        unavailable(LookUpProblem::Unreachable),
        "nobody there"
    );
    serve(home.network.listen("10.99.0.2:80"), PORTAL);
    assert_eq!(home.look_up("check4.spdns.de", Family::Ipv4), sign_in, "HTTPS is closed");
    assert_eq!(home.look_up("10.99.0.2", Family::Ipv4), sign_in, "without a name too");
    serve(home.network.listen("10.99.0.2:443"), "not TLS\r\n");
    assert_eq!(home.look_up("check4.spdns.de", Family::Ipv4), sign_in, "HTTPS is answered by somebody else");
}

#[test]
fn a_service_that_leads_from_plain_http_to_https_is_no_sign_in_page() {
    let Some(home) = Home::make("a_service_that_leads_from_plain_http_to_https_is_no_sign_in_page") else {
        return;
    };
    serve(home.network.listen("10.99.0.2:80"), SERVICE);
    assert_eq!(home.look_up("check4.spdns.de", Family::Ipv4), unavailable(LookUpProblem::Unreachable));
    serve(home.network.listen("10.99.0.2:443"), "not TLS\r\n");
    assert_eq!(home.look_up("check4.spdns.de", Family::Ipv4), unavailable(LookUpProblem::NotTrusted));
}
