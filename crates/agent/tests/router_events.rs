//! Stories of events and announcements, from a router and from others in its name.

mod simulated_router;

use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::{Duration, Instant};

use dyntray_agent::router::Router;
use dyntray_core::observe::observation::LookUpProblem;
use dyntray_core::types::address::Family;
use simulated_router::{
    Act, HERE, IPV4, STRANGER, SimulatedRouter, at_once, header, known, no_answer, notify, upnp,
};
use tokio::net::UdpSocket;

/// Long enough for loopback, and for the two seconds between two notifications.
const SOON: Duration = Duration::from_secs(3);

async fn is_notified(dyntray: &Router) -> bool {
    tokio::time::timeout(SOON, dyntray.changed()).await.is_ok()
}

fn event(properties: &[(&str, &str)]) -> String {
    let inner: Vec<_> = properties
        .iter()
        .map(|(name, value)| format!("<e:property><{name}>{value}</{name}></e:property>"))
        .collect();
    format!("<e:propertyset xmlns:e=\"urn:schemas-upnp-org:event-1-0\">{}</e:propertyset>", inner.concat())
}

fn address(address: &str) -> String {
    event(&[("ConnectionStatus", "Connected"), ("ExternalIPAddress", address)])
}

/// The callback of a subscription: address and path.
fn callback(subscribe: &str) -> (SocketAddrV4, String) {
    let url = header(subscribe, "callback").expect("a callback");
    let rest = url.strip_prefix("<http://").and_then(|url| url.strip_suffix('>')).expect("one URL");
    let (callback_address, path) = rest.split_once('/').expect("a path");
    (callback_address.parse().expect("an address"), format!("/{path}"))
}

fn head(method: &str, path: &str, sid: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nNT: upnp:event\r\nNTS: upnp:propchange\r\nSID: {sid}\r\nSEQ: 1\r\n")
}

/// A router that Dyntray has looked up and subscribed to, and the callback.
async fn subscribed() -> (SimulatedRouter, Router, SocketAddrV4, String) {
    let router = SimulatedRouter::good().await;
    let dyntray = router.handle();
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    let subscribe = router.wait_for("SUBSCRIBE /evt", 1).await;
    assert_eq!(header(&subscribe, "nt"), Some("upnp:event"));
    assert_eq!(header(&subscribe, "timeout"), Some("Second-1800"));
    assert_eq!(header(&subscribe, "sid"), None);
    let (callback_address, path) = callback(&subscribe);
    (router, dyntray, callback_address, path)
}

#[tokio::test]
async fn an_event_with_another_address_only_causes_a_look_up() {
    let (router, dyntray, callback_address, path) = subscribed().await;
    let head = head("NOTIFY", &path, "uuid:1");
    assert_eq!(notify(HERE, callback_address, &head, &address(IPV4)).await, Some(200));
    assert!(!is_notified(&dyntray).await, "the first event has nothing new");
    assert_eq!(notify(HERE, callback_address, &head, &address("84.160.12.66")).await, Some(200));
    assert!(is_notified(&dyntray).await);
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)), "the event's address is not taken");
    assert_eq!(notify(HERE, callback_address, &head, &address("84.160.12.66")).await, Some(200));
    assert_eq!(
        notify(HERE, callback_address, &head, &event(&[("PortMappingNumberOfEntries", "1")])).await,
        Some(200)
    );
    assert!(!is_notified(&dyntray).await, "nothing changed");
    assert_eq!(
        notify(HERE, callback_address, &head, &event(&[("ConnectionStatus", "Connecting")])).await,
        Some(200)
    );
    assert!(is_notified(&dyntray).await);
    drop(router);
}

#[tokio::test]
async fn a_first_event_counts_when_it_differs_from_what_a_look_up_told() {
    let router = SimulatedRouter::good().await;
    router.on("SUBSCRIBE /evt", Act::status(503, ""));
    let dyntray = router.handle();
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    // Refused at first, subscribed at a later try; meanwhile the address changed.
    router.wait_for("SUBSCRIBE /evt", 1).await;
    router.on("SUBSCRIBE /evt", Act::subscribed("uuid:1"));
    let (callback_address, path) = callback(&router.wait_for("SUBSCRIBE /evt", 2).await);
    let status =
        notify(HERE, callback_address, &head("NOTIFY", &path, "uuid:1"), &address("84.160.12.8")).await;
    assert_eq!(status, Some(200));
    assert!(is_notified(&dyntray).await);
    assert_eq!(router.count("GET /desc.xml"), 1);
}

#[tokio::test]
async fn forged_events_change_nothing() {
    let (_router, dyntray, callback_address, path) = subscribed().await;
    let body = address("84.160.12.66");
    let right = head("NOTIFY", &path, "uuid:1");
    let bomb = format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{body}");
    let padded = body.replace("</e:propertyset>", &format!("{}</e:propertyset>", " ".repeat(20_000)));
    let forged = [
        ("from another machine", STRANGER, right.clone(), body.clone(), None),
        ("at another path", HERE, head("NOTIFY", "/", "uuid:1"), body.clone(), Some(404)),
        ("at a longer path", HERE, head("NOTIFY", &format!("{path}0"), "uuid:1"), body.clone(), Some(404)),
        ("with another SID", HERE, head("NOTIFY", &path, "uuid:2"), body.clone(), Some(412)),
        ("without an SID", HERE, right.replace("SID", "X"), body.clone(), Some(412)),
        ("by another method", HERE, head("POST", &path, "uuid:1"), body.clone(), Some(405)),
        ("of another type", HERE, right.replace("upnp:event", "upnp:other"), body.clone(), Some(400)),
        ("of another kind", HERE, right.replace("upnp:propchange", "ssdp:alive"), body.clone(), Some(400)),
        ("without XML", HERE, right.clone(), "84.160.12.66".to_owned(), Some(400)),
        ("with entities", HERE, right.clone(), bomb, Some(400)),
        ("too long", HERE, right.clone(), padded, Some(413)),
    ];
    for (name, from, head, body, status) in forged {
        assert_eq!(notify(from, callback_address, &head, &body).await, status, "{name}");
    }
    assert!(!is_notified(&dyntray).await);
    assert_eq!(notify(HERE, callback_address, &right, &body).await, Some(200));
    assert!(is_notified(&dyntray).await);
}

#[tokio::test]
async fn slow_and_endless_events_are_cut_off_and_hold_nothing_up() {
    let (_router, dyntray, callback_address, path) = subscribed().await;
    let right = head("NOTIFY", &path, "uuid:1");
    let half = right.clone();
    let long = format!("{right}{}", "X-More: and more\r\n".repeat(2000));
    let start = Instant::now();
    let slow = (0..6).map(|_| {
        let half = half.clone();
        async move {
            // Promises more than it sends, and waits for an answer.
            let promise = format!("{half}Transfer-Encoding: chunked\r\n");
            let status = notify(HERE, callback_address, &promise, "ffff\r\n").await;
            assert_ne!(status, Some(200));
        }
    });
    at_once(slow).await;
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    assert_ne!(notify(HERE, callback_address, &long, &address("84.160.12.66")).await, Some(200));
    assert_eq!(notify(HERE, callback_address, &right, &address("84.160.12.66")).await, Some(200));
    assert!(is_notified(&dyntray).await);
}

#[tokio::test]
async fn events_are_heard_at_this_machines_home_address_only() {
    let (_router, _dyntray, callback_address, path) = subscribed().await;
    assert_eq!(callback_address.ip(), &HERE);
    assert!(path.len() > 32, "{path} can be guessed");
    let other = SocketAddrV4::new(Ipv4Addr::new(127, 0, 0, 3), callback_address.port());
    tokio::net::TcpStream::connect(other).await.expect_err("nobody listens there");
}

#[tokio::test]
async fn leaving_a_router_cancels_its_subscription_and_closes_the_listener() {
    let (router, dyntray, callback_address, _) = subscribed().await;
    dyntray.use_gateway(None);
    let last = router.wait_for("UNSUBSCRIBE /evt", 1).await;
    assert_eq!(header(&last, "sid"), Some("uuid:1"));
    tokio::net::TcpStream::connect(callback_address).await.expect_err("nobody listens any more");

    let (router, dyntray, _, _) = subscribed().await;
    drop(dyntray);
    router.wait_for("UNSUBSCRIBE /evt", 1).await;
}

#[tokio::test]
async fn setting_the_same_router_again_changes_nothing() {
    let (router, dyntray, _, _) = subscribed().await;
    for _ in 0..3 {
        dyntray.use_gateway(Some(simulated_router::GATEWAY));
    }
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    assert_eq!((router.count("GET /desc.xml"), router.count("SUBSCRIBE /evt")), (1, 1));
}

#[tokio::test]
async fn a_router_that_was_restarted_is_subscribed_to_again() {
    let (router, dyntray, _, _) = subscribed().await;
    router.on("SUBSCRIBE /evt", Act::status(412, ""));
    // It has forgotten the subscription, so there is no event for the new address.
    router.on("GetExternalIPAddress", Act::external("84.160.12.8"));
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known("84.160.12.8")));
    let renewal = router.wait_for("SUBSCRIBE /evt", 2).await;
    assert_eq!(header(&renewal, "sid"), Some("uuid:1"));
    assert_eq!(header(&renewal, "callback"), None);
    router.on("SUBSCRIBE /evt", Act::subscribed("uuid:2"));
    let (callback_address, path) = callback(&router.wait_for("SUBSCRIBE /evt", 3).await);
    assert!(is_notified(&dyntray).await, "the router came back");
    let event = address("84.160.12.9");
    assert_eq!(notify(HERE, callback_address, &head("NOTIFY", &path, "uuid:1"), &event).await, Some(412));
    assert_eq!(
        notify(HERE, callback_address, &head("NOTIFY", &path, "uuid:2"), &address("84.160.12.8")).await,
        Some(200)
    );
    assert_eq!(notify(HERE, callback_address, &head("NOTIFY", &path, "uuid:2"), &event).await, Some(200));
    assert!(is_notified(&dyntray).await);
}

#[tokio::test]
async fn a_router_that_comes_later_is_found_and_told() {
    let router = SimulatedRouter::good().await;
    router.hide();
    let dyntray = router.handle();
    assert_eq!(dyntray.look_up(Family::Ipv4).await, no_answer(LookUpProblem::NoRouter));
    router.add_location(HERE, &router.page("/desc.xml"));
    tokio::time::timeout(Duration::from_secs(10), dyntray.changed()).await.expect("it came");
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
}

#[tokio::test]
async fn a_router_without_events_still_tells_its_address() {
    let router = SimulatedRouter::good().await;
    for answer in [Act::status(404, ""), Act::status(200, ""), Act::Hang, Act::Answer(b"?".to_vec())] {
        router.on("SUBSCRIBE /evt", answer);
        let dyntray = router.handle();
        assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    }
}

#[tokio::test]
async fn an_announcement_of_the_gateway_is_heard_once_and_nobody_elses() {
    let router = SimulatedRouter::silent().await;
    let dyntray = router.handle();
    let port = router.options().announcements.port();
    let listener = SocketAddrV4::new(HERE, port);
    let gateway = UdpSocket::bind((HERE, 0)).await.expect("a port");
    let stranger = UdpSocket::bind((STRANGER, 0)).await.expect("a port");
    let announced = [0, 128, 0, 0, 0, 0, 0, 1, 84, 160, 12, 8];
    // The listening task starts with this socket.
    tokio::time::sleep(Duration::from_millis(300)).await;
    stranger.send_to(&announced, listener).await.expect("sent");
    for noise in [&b""[..], b"noise", &announced[..11], &[0; 1000]] {
        gateway.send_to(noise, listener).await.expect("sent");
    }
    assert!(!is_notified(&dyntray).await, "nothing from the gateway that means anything");
    gateway.send_to(&announced, listener).await.expect("sent");
    assert!(is_notified(&dyntray).await);
    for _ in 0..10 {
        gateway.send_to(&announced, listener).await.expect("sent");
    }
    assert!(!is_notified(&dyntray).await, "a repetition");
    let mut other = announced;
    other[11] = 9;
    gateway.send_to(&other, listener).await.expect("sent");
    assert!(is_notified(&dyntray).await);
    let mut pcp = [0; 24];
    (pcp[0], pcp[1]) = (2, 128);
    gateway.send_to(&pcp, listener).await.expect("sent");
    assert!(is_notified(&dyntray).await, "PCP's announcement");
}
