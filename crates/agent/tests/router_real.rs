//! Stories with a real router (miniupnpd), in network namespaces.
#![cfg(target_os = "linux")]

mod router_home;

use std::time::{Duration, Instant};

use dyntray_agent::install_tls;
use dyntray_agent::router::{Router, RouterProtocol};
use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::Family;
use router_home::{GATEWAY, Home, Protocols};

const BEFORE: &str = "84.160.12.7";
const AFTER: &str = "84.160.12.8";

async fn look_up(dyntray: &Router, family: Family) -> (String, Option<RouterProtocol>) {
    let answer = dyntray.look_up(family).await;
    let text = match answer.observation {
        Observation::Known { address } => address.to_string(),
        other => format!("{other:?}"),
    };
    (text, answer.protocol)
}

fn started() -> Router {
    install_tls();
    let dyntray = Router::start();
    dyntray.use_gateway(Some(GATEWAY));
    dyntray
}

/// Waits until the line's next address has been pushed and read, and returns the time that it took.
async fn pushed(home: &Home, dyntray: &Router, protocol: RouterProtocol) -> Duration {
    let start = home.set_wan_address(AFTER);
    if protocol == RouterProtocol::NatPmp {
        home.announce();
    }
    loop {
        tokio::time::timeout(Duration::from_secs(20), dyntray.changed())
            .await
            .unwrap_or_else(|_| panic!("nothing was pushed: {}", home.log()));
        if look_up(dyntray, Family::Ipv4).await == (AFTER.to_owned(), Some(protocol)) {
            return start.elapsed();
        }
    }
}

/// Waits until nothing more is pushed.
async fn settled(dyntray: &Router) {
    while tokio::time::timeout(Duration::from_secs(3), dyntray.changed()).await.is_ok() {}
}

#[test]
fn a_router_tells_its_address_by_upnp_and_pushes_the_next_one() {
    let Some(mut home) = Home::build("push by UPnP", BEFORE, Protocols::Both) else { return };
    home.run(async |home| {
        let dyntray = started();
        let start = Instant::now();
        let upnp = Some(RouterProtocol::Upnp);
        assert_eq!(look_up(&dyntray, Family::Ipv4).await, (BEFORE.to_owned(), upnp), "{}", home.log());
        eprintln!("searched, described and asked by UPnP in {:?}", start.elapsed());
        let start = Instant::now();
        assert_eq!(look_up(&dyntray, Family::Ipv4).await, (BEFORE.to_owned(), upnp));
        eprintln!("asked again by UPnP in {:?}", start.elapsed());
        assert_eq!(dyntray.look_up(Family::Ipv6).await.protocol, None, "it knows nothing of IPv6");
        settled(&dyntray).await;
        eprintln!(
            "a new address was pushed and read in {:?}",
            pushed(home, &dyntray, RouterProtocol::Upnp).await
        );
    });
}

#[test]
fn a_router_without_upnp_tells_its_address_by_nat_pmp_and_announces_the_next_one() {
    let Some(mut home) = Home::build("push by NAT-PMP", BEFORE, Protocols::NatPmpOnly) else { return };
    home.run(async |home| {
        let dyntray = started();
        let natpmp = Some(RouterProtocol::NatPmp);
        assert_eq!(look_up(&dyntray, Family::Ipv4).await, (BEFORE.to_owned(), natpmp), "{}", home.log());
        let start = Instant::now();
        assert_eq!(look_up(&dyntray, Family::Ipv4).await, (BEFORE.to_owned(), natpmp));
        eprintln!("asked again by NAT-PMP in {:?}", start.elapsed());
        settled(&dyntray).await;
        let took = pushed(home, &dyntray, RouterProtocol::NatPmp).await;
        eprintln!("a new address was announced and read in {took:?}");
    });
}

#[test]
fn a_router_that_lost_power_is_found_again_at_its_new_port() {
    let Some(mut home) = Home::build("a restarted router", BEFORE, Protocols::Both) else { return };
    home.run(async |home| {
        let dyntray = started();
        let upnp = Some(RouterProtocol::Upnp);
        assert_eq!(look_up(&dyntray, Family::Ipv4).await, (BEFORE.to_owned(), upnp));
        settled(&dyntray).await;
        home.kill_router();
        home.set_wan_address(AFTER);
        let start = Instant::now();
        home.start_router();
        tokio::time::timeout(Duration::from_secs(20), dyntray.changed()).await.expect("it came back");
        eprintln!("a router was found {:?} after its start", start.elapsed());
        assert_eq!(look_up(&dyntray, Family::Ipv4).await, (AFTER.to_owned(), upnp));
        // And its events are subscribed to again.
        settled(&dyntray).await;
        home.set_wan_address(BEFORE);
        tokio::time::timeout(Duration::from_secs(20), dyntray.changed()).await.expect("pushed");
    });
}

/// What a router with this address on its outer side amounts to, behind a box with these addresses: towards the router, and on
/// its own outer side where it speaks UPnP.
fn kept(
    story: &str,
    wan: &str,
    behind: Option<(&str, Option<&str>)>,
) -> Option<(Observation, Option<RouterProtocol>)> {
    let mut home = Home::build(story, wan, Protocols::Both)?;
    if let Some((behind, outer)) = behind {
        home.connect_to_box(behind);
        if let Some(outer) = outer {
            home.start_upnp_of_the_box(outer);
        }
    }
    let mut told = None;
    home.run(async |home| {
        let dyntray = started();
        let answer = dyntray.look_up(Family::Ipv4).await;
        eprintln!("{story}: {answer:?} {} {}", home.log(), home.log_of_the_box());
        told = Some((answer.observation, answer.protocol));
    });
    told
}

#[test]
fn a_router_that_keeps_its_address_for_itself_says_neither_why_nor_another_one() {
    let Some((observation, protocol)) = kept("a shared address", "100.64.3.4", None) else { return };
    let why = LookUpProblem::AddressKept { next: None, outer: None };
    assert_eq!((observation, protocol), (Observation::Unavailable { why }, Some(RouterProtocol::Upnp)));
}

#[test]
fn the_box_behind_such_a_router_tells_a_second_router_from_the_provider() {
    for (story, wan, behind) in [
        ("a router behind a router", "192.168.1.20", "192.168.1.1"),
        ("carrier NAT", "100.64.3.4", "100.64.3.1"),
        ("either", "10.3.4.5", "10.3.4.1"),
    ] {
        let Some((observation, protocol)) = kept(story, wan, Some((behind, None))) else {
            return;
        };
        let why = LookUpProblem::AddressKept { next: Some(behind.parse().expect("an address")), outer: None };
        assert_eq!(
            (observation, protocol),
            (Observation::Unavailable { why }, Some(RouterProtocol::Upnp)),
            "{story}"
        );
    }
}

#[test]
fn a_box_behind_such_a_router_that_speaks_upnp_tells_its_own_address() {
    for (story, wan, behind, outer, told) in [
        ("two routers", "10.3.4.5", "10.3.4.1", BEFORE, Some(BEFORE)),
        // This one names no address that isn't public either, and a provider's box isn't asked.
        ("two routers and carrier NAT", "10.3.4.5", "10.3.4.1", "100.64.3.4", None),
        ("carrier NAT", "100.64.3.4", "100.64.3.1", BEFORE, None),
    ] {
        let Some((observation, protocol)) = kept(story, wan, Some((behind, Some(outer)))) else { return };
        let next = Some(behind.parse().expect("an address"));
        let outer = told.map(|told| told.parse().expect("an address"));
        let why = LookUpProblem::AddressKept { next, outer };
        assert_eq!(
            (observation, protocol),
            (Observation::Unavailable { why }, Some(RouterProtocol::Upnp)),
            "{story}"
        );
    }
}

#[test]
fn a_machine_behind_its_own_firewall_still_finds_the_router() {
    let Some(mut home) = Home::build("a firewall", BEFORE, Protocols::Both) else { return };
    if !home.enable_firewall() {
        eprintln!("SKIPPED a firewall: this system can't follow connections");
        return;
    }
    home.run(async |home| {
        let dyntray = started();
        let upnp = (BEFORE.to_owned(), Some(RouterProtocol::Upnp));
        assert_eq!(look_up(&dyntray, Family::Ipv4).await, upnp, "{}", home.log());
    });
}
