//! Stories of look-ups at the home's router, with all kinds of answers from it and from others on the LAN.

mod simulated_router;

use std::time::{Duration, Instant};

use dyntray_agent::router::{LanGateway, Router};
use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::{Family, Unpublishable};
use dyntray_core::types::network::IdentityKind;
use simulated_router::{
    Act, GATEWAY, HERE, IPV4, STRANGER, SimulatedRouter, description, header, known, natpmp, no_answer,
    prefix, together, unavailable, upnp,
};

const NATPMP_ANSWER: [u8; 12] = [0, 128, 0, 0, 0, 0, 0, 9, 84, 160, 12, 9];
/// The time limit of a look-up, and a little more for a busy machine.
const BOUND: Duration = Duration::from_secs(8);

fn unpublishable(address: &str, why: Unpublishable) -> Observation {
    unavailable(LookUpProblem::Unpublishable { address: address.into(), why })
}

fn not_an_address(line: &str) -> LookUpProblem {
    LookUpProblem::NotAnAddress { line: line.into() }
}

#[tokio::test]
async fn a_routers_address_is_read_and_its_description_only_once() {
    let router = SimulatedRouter::good().await;
    let dyntray = router.handle();
    for _ in 0..3 {
        assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    }
    assert_eq!(router.count("GET /desc.xml"), 1);
    let asked = router.wait_for("GetExternalIPAddress", 3).await;
    assert!(asked.starts_with("POST /ctl HTTP/1.1\r\n"), "{asked}");
    assert_eq!(
        header(&asked, "soapaction"),
        Some("\"urn:schemas-upnp-org:service:WANIPConnection:1#GetExternalIPAddress\"")
    );
    for unwanted in ["authorization", "cookie", "referer", "user-agent"] {
        assert_eq!(header(&asked, unwanted), None);
    }
}

#[tokio::test]
async fn a_routers_name_as_a_device_identifies_its_network_once_it_was_asked() {
    let router = SimulatedRouter::good().await;
    let name = "<UDN>uuid:75802409-bccb-40e7-8e6c-3ca62f112233</UDN><deviceList>";
    let described = description("/ctl", "/evt").replacen("<deviceList>", name, 1);
    router.on("GET /desc.xml", Act::status(200, described));
    let dyntray = router.handle();
    assert_eq!(dyntray.identity(7), None);
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    let identity = dyntray.identity(7).expect("an identity");
    assert_eq!(identity.kind(), IdentityKind::DeviceName);
    assert_ne!(dyntray.identity(8), Some(identity), "it is hashed with the installation's number");
    dyntray.use_gateway(None);
    assert_eq!(dyntray.identity(7), None, "another network");
    // One whose description has no name.
    let nameless = SimulatedRouter::good().await.handle();
    assert_eq!(nameless.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    assert_eq!(nameless.identity(7), None);
}

#[tokio::test]
async fn no_gateway_and_one_outside_the_home_are_not_asked() {
    let router = SimulatedRouter::good().await;
    let dyntray = router.handle();
    dyntray.use_gateway(None);
    assert_eq!(dyntray.look_up(Family::Ipv4).await, no_answer(LookUpProblem::NoRouter));
    for outside in ["84.160.12.9", "100.64.0.1", "203.0.113.1"] {
        dyntray.use_gateway(Some(LanGateway {
            address: outside.parse().expect("an address"),
            local_address: HERE,
        }));
        assert_eq!(dyntray.look_up(Family::Ipv4).await, no_answer(LookUpProblem::NoRouter));
    }
    dyntray.use_gateway(Some(GATEWAY));
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
}

#[tokio::test]
async fn addresses_that_are_not_public_are_named_with_their_reason() {
    for (reported, why) in [
        ("192.168.1.5", Unpublishable::Private),
        ("10.11.12.13", Unpublishable::Private),
        ("100.64.1.2", Unpublishable::Shared),
        ("127.0.0.1", Unpublishable::Loopback),
        ("169.254.1.1", Unpublishable::LinkLocal),
        ("192.0.0.2", Unpublishable::Reserved),
    ] {
        let router = SimulatedRouter::good().await;
        router.on("GetExternalIPAddress", Act::external(reported));
        router.add_natpmp(HERE, &NATPMP_ANSWER);
        assert_eq!(router.look_up(Family::Ipv4).await, upnp(unpublishable(reported, why)), "{reported}");
    }
}

#[tokio::test]
async fn what_is_no_ipv4_address_tells_nothing() {
    let answers = [
        ("&lt;html&gt;84.160.12.7", not_an_address("<html>84.160.12.7")),
        ("84.160.12.7 84.160.12.8", not_an_address("84.160.12.7 84.160.12.8")),
        ("84.160.12.7:80", not_an_address("84.160.12.7:80")),
        ("084.160.012.007", not_an_address("084.160.012.007")),
        ("<b>84.160.12.7</b>", LookUpProblem::Unreachable),
        ("::ffff:84.160.12.7", LookUpProblem::WrongFamily),
        ("2003:e1::7", LookUpProblem::WrongFamily),
    ];
    let stories = answers.into_iter().map(|(reported, why)| async move {
        let router = SimulatedRouter::good().await;
        router.on("GetExternalIPAddress", Act::external(reported));
        assert_eq!(router.look_up(Family::Ipv4).await, no_answer(why), "{reported}");
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn an_empty_address_is_named_after_the_state_of_the_line_and_never_taken_for_none() {
    let router = SimulatedRouter::good().await;
    router.on("GetExternalIPAddress", Act::external(""));
    let dyntray = router.handle();
    for status in ["Disconnected", "Connecting", ""] {
        router.on("GetStatusInfo", Act::values("GetStatusInfo", &[("NewConnectionStatus", status)]));
        assert_eq!(dyntray.look_up(Family::Ipv4).await, no_answer(LookUpProblem::Unreachable), "{status}");
    }
    router.on("GetStatusInfo", Act::values("GetStatusInfo", &[("NewConnectionStatus", "Connected")]));
    let kept = unavailable(LookUpProblem::AddressKept { next: None, outer: None });
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(kept));
}

#[tokio::test]
async fn answers_that_are_not_soap_tell_nothing_and_end_in_time() {
    let entities: Vec<_> =
        (1..10).map(|at| format!("<!ENTITY a{at} \"{}\">", format!("&a{};", at - 1).repeat(10))).collect();
    let bomb = format!(
        "<!DOCTYPE x [<!ENTITY a0 \"84.160.12.7\">{}]><GetExternalIPAddressResponse><NewExternalIPAddress>&a9;\
         </NewExternalIPAddress></GetExternalIPAddressResponse>",
        entities.concat()
    );
    let flood = Act::Flood(b"HTTP/1.1 200 OK\r\n\r\n<a>".to_vec(), b"<b/>".to_vec());
    let heads = Act::Flood(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-More: and more\r\n".to_vec());
    let answers = [
        ("plain", Act::status(200, IPV4)),
        ("page", Act::status(200, "<html><body>84.160.12.7</body></html>")),
        ("broken", Act::status(200, "<u:GetExternalIPAddressResponse><NewExternalIPAddress>84.160.12.7")),
        ("deep", Act::status(200, "<a>".repeat(20_000))),
        ("bomb", Act::status(200, bomb)),
        ("empty", Act::status(200, "")),
        ("not found", Act::status(404, "")),
        ("login", Act::with(302, "Location: http://127.0.0.1:1/login\r\n", "")),
        ("not HTTP", Act::Answer(b"\x16\x03\x01 84.160.12.7".to_vec())),
        ("half a head", Act::Answer(b"HTTP/1.1 200 OK\r\nConte".to_vec())),
        ("endless body", flood),
        ("endless head", heads),
        ("slow head", Act::Drip(b"HTTP/1.1 200 OK\r\nX: ".to_vec(), b" ".to_vec())),
        ("slow body", Act::Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<".to_vec(), b" ".to_vec())),
        ("no_answer", Act::Hang),
        ("refusal", Act::fault(501)),
    ];
    let stories = answers.into_iter().map(|(name, answer)| async move {
        let router = SimulatedRouter::good().await;
        router.on("GetExternalIPAddress", answer);
        let start = Instant::now();
        let answer = router.look_up(Family::Ipv4).await;
        assert!(matches!(answer.observation, Observation::Unavailable { .. }), "{name}: {answer:?}");
        assert_eq!(answer.protocol, None, "{name}");
        assert!(start.elapsed() < BOUND, "{name}: {:?}", start.elapsed());
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn descriptions_that_are_none_or_lead_elsewhere_are_not_used() {
    let elsewhere = SimulatedRouter::good().await;
    let answers = [
        ("not XML", Act::status(200, "Welcome")),
        (
            "a document type",
            Act::status(200, format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{}", description("/c", "/e"))),
        ),
        ("endless", Act::Flood(b"HTTP/1.1 200 OK\r\n\r\n<a>".to_vec(), b"<b/>".to_vec())),
        ("slow", Act::Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<".to_vec(), b" ".to_vec())),
        ("a redirect", Act::with(302, &format!("Location: {}\r\n", elsewhere.page("/desc.xml")), "")),
        ("an encrypted control URL", Act::status(200, description("https://127.0.0.1/ctl", "/evt"))),
        ("no service", Act::status(200, "<root/>")),
    ];
    let stories = answers.into_iter().map(|(name, answer)| async move {
        let router = SimulatedRouter::good().await;
        router.on("GET /desc.xml", answer);
        let start = Instant::now();
        assert_eq!(router.look_up(Family::Ipv4).await, no_answer(LookUpProblem::NoRouter), "{name}");
        assert!(start.elapsed() < BOUND, "{name}: {:?}", start.elapsed());
        assert_eq!(router.count("GetExternalIPAddress"), 0, "{name}");
    });
    together(stories.collect()).await;
    assert_eq!(elsewhere.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_control_url_elsewhere_is_asked_at_the_gateway() {
    let elsewhere = SimulatedRouter::good().await;
    let router = SimulatedRouter::good().await;
    let control = format!("http://{STRANGER}:{}/ctl", router.port());
    router.on("GET /desc.xml", Act::status(200, description(&control, "http://84.160.12.9:1/evt")));
    assert_eq!(router.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    assert_eq!(elsewhere.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn of_several_routers_that_answer_only_the_gateway_is_asked() {
    let impostor = SimulatedRouter::good().await;
    impostor.on("GetExternalIPAddress", Act::external("84.160.12.66"));
    let router = SimulatedRouter::silent().await;
    // Wrong responses come before the right one: from another machine, and from the gateway for another host.
    router.add_location(STRANGER, &impostor.page("/desc.xml"));
    router.add_location(HERE, &format!("http://{STRANGER}:80/desc.xml"));
    router.add_location(HERE, "https://127.0.0.1/desc.xml");
    router.add_location(HERE, "no address");
    router.add_location(HERE, &router.page("/desc.xml"));
    router.on("GET /desc.xml", Act::status(200, description("/ctl", "/evt")));
    router.on("GetExternalIPAddress", Act::external(IPV4));
    assert_eq!(router.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    assert_eq!(impostor.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn another_description_of_the_gateway_serves_where_the_first_one_does_not() {
    let router = SimulatedRouter::silent().await;
    for path in ["/igd2.xml", "/desc.xml"] {
        router.add_location(HERE, &router.page(path));
    }
    router.on("GET /desc.xml", Act::status(200, description("/ctl", "/evt")));
    router.on("GetExternalIPAddress", Act::external(IPV4));
    assert_eq!(router.look_up(Family::Ipv4).await, upnp(known(IPV4)));
}

#[tokio::test]
async fn a_router_that_moved_to_another_place_is_found_again() {
    let router = SimulatedRouter::good().await;
    let dyntray = router.handle();
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    router.on("GetExternalIPAddress", Act::status(404, ""));
    router.on("GET /desc.xml", Act::status(200, description("/other", "/evt")));
    router.on("/other#GetExternalIPAddress", Act::external("84.160.12.8"));
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known("84.160.12.8")));
    assert_eq!(router.count("GET /desc.xml"), 2);
}

#[tokio::test]
async fn of_two_lines_the_one_with_a_public_address_counts() {
    let asleep = "<service><serviceType>urn:schemas-upnp-org:service:WANPPPConnection:1</serviceType>\
                  <controlURL>/ppp</controlURL><eventSubURL>/ppp</eventSubURL></service>";
    let router = SimulatedRouter::good().await;
    let both = description("/ctl", "/evt").replace("<serviceList>", &format!("<serviceList>{asleep}"));
    router.on("GET /desc.xml", Act::status(200, both));
    for answer in [Act::external("0.0.0.0"), Act::external(""), Act::fault(501), Act::status(404, "")] {
        router.on("/ppp#GetExternalIPAddress", answer);
        assert_eq!(router.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    }
    assert_eq!(router.count("GetExternalIPAddress"), 8);
}

#[tokio::test]
async fn a_fritz_box_tells_its_ipv6_address_and_the_delegated_prefix() {
    let router = SimulatedRouter::good().await;
    router.on(
        "X_AVM_DE_GetExternalIPv6Address",
        Act::values("X_AVM_DE_GetExternalIPv6Address", &[("NewExternalIPv6Address", "2003:e1:1:2::1")]),
    );
    let with_prefix = |base: &str, valid: &str| {
        Act::values(
            "X_AVM_DE_GetIPv6Prefix",
            &[("NewIPv6Prefix", base), ("NewPrefixLength", "56"), ("NewValidLifetime", valid)],
        )
    };
    router.on("X_AVM_DE_GetIPv6Prefix", with_prefix("2003:e1:1:2300::", "1800"));
    let dyntray = router.handle();
    let mut expected = upnp(known("2003:e1:1:2::1"));
    expected.prefix = Some(prefix("2003:e1:1:2300::", 56));
    assert_eq!(dyntray.look_up(Family::Ipv6).await, expected);
    router.on("X_AVM_DE_GetIPv6Prefix", with_prefix("2003:e1:1:2300::", "0"));
    assert_eq!(dyntray.look_up(Family::Ipv6).await.prefix, None);
    router.on("X_AVM_DE_GetIPv6Prefix", with_prefix("", "0"));
    let none = Act::values("X_AVM_DE_GetExternalIPv6Address", &[("NewExternalIPv6Address", "")]);
    router.on("X_AVM_DE_GetExternalIPv6Address", none);
    assert_eq!(dyntray.look_up(Family::Ipv6).await, no_answer(LookUpProblem::NoRouter));
}

#[tokio::test]
async fn a_router_that_knows_nothing_of_ipv6_is_asked_for_it_once() {
    let router = SimulatedRouter::good().await;
    router.add_natpmp(HERE, &NATPMP_ANSWER);
    let dyntray = router.handle();
    for _ in 0..3 {
        assert_eq!(dyntray.look_up(Family::Ipv6).await, no_answer(LookUpProblem::NoRouter));
    }
    assert_eq!(router.count("X_AVM_DE_GetExternalIPv6Address"), 1);
}

#[tokio::test]
async fn nat_pmp_answers_where_upnp_does_not() {
    let router = SimulatedRouter::silent().await;
    router.add_natpmp(HERE, &NATPMP_ANSWER);
    let dyntray = router.handle();
    let start = Instant::now();
    assert_eq!(dyntray.look_up(Family::Ipv4).await, natpmp(known("84.160.12.9")));
    assert!(start.elapsed() < BOUND);
    // Now it is known that there is no UPnP.
    let start = Instant::now();
    assert_eq!(dyntray.look_up(Family::Ipv4).await, natpmp(known("84.160.12.9")));
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());

    let refusing = SimulatedRouter::good().await;
    refusing.on("GetExternalIPAddress", Act::fault(501));
    refusing.add_natpmp(HERE, &NATPMP_ANSWER);
    assert_eq!(refusing.look_up(Family::Ipv4).await, natpmp(known("84.160.12.9")));
}

#[tokio::test]
async fn where_both_answer_differently_upnp_counts() {
    let router = SimulatedRouter::good().await;
    router.add_natpmp(HERE, &NATPMP_ANSWER);
    assert_eq!(router.look_up(Family::Ipv4).await, upnp(known(IPV4)));
}

#[tokio::test]
async fn nat_pmp_packets_that_are_forged_short_or_odd_tell_nothing() {
    let packets = [
        ("forged", STRANGER, &NATPMP_ANSWER[..]),
        ("short", HERE, &NATPMP_ANSWER[..11]),
        ("empty", HERE, &[]),
        ("another version", HERE, &[2, 128, 0, 0, 0, 0, 0, 9, 84, 160, 12, 9]),
        ("another question's", HERE, &[0, 129, 0, 0, 0, 0, 0, 9, 84, 160, 12, 9]),
        ("long", HERE, &[0, 128, 0, 0, 0, 0, 0, 9, 84, 160, 12, 9, 0]),
    ];
    let stories = packets.into_iter().map(|(name, from, packet)| async move {
        let router = SimulatedRouter::silent().await;
        router.add_natpmp(from, packet);
        let start = Instant::now();
        assert_eq!(router.look_up(Family::Ipv4).await, no_answer(LookUpProblem::NoRouter), "{name}");
        assert!(start.elapsed() < BOUND, "{name}: {:?}", start.elapsed());
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn a_forged_packet_does_not_hide_the_gateways_own() {
    let router = SimulatedRouter::silent().await;
    router.add_natpmp(STRANGER, &[0, 128, 0, 0, 0, 0, 0, 9, 84, 160, 12, 66]);
    router.add_natpmp(HERE, b"noise");
    router.add_natpmp(HERE, &NATPMP_ANSWER);
    assert_eq!(router.look_up(Family::Ipv4).await, natpmp(known("84.160.12.9")));
}

#[tokio::test]
async fn a_refusal_and_a_private_address_by_nat_pmp_are_told_as_such() {
    let answers = [
        ([0, 128, 0, 3, 0, 0, 0, 9, 0, 0, 0, 0], no_answer(LookUpProblem::Unreachable)),
        ([0, 128, 0, 2, 0, 0, 0, 9, 0, 0, 0, 0], no_answer(LookUpProblem::NoRouter)),
        (
            [0, 128, 0, 0, 0, 0, 0, 9, 100, 64, 1, 2],
            natpmp(unpublishable("100.64.1.2", Unpublishable::Shared)),
        ),
        (
            [0, 128, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0],
            natpmp(unavailable(LookUpProblem::AddressKept { next: None, outer: None })),
        ),
    ];
    let stories = answers.into_iter().map(|(packet, answer)| async move {
        let router = SimulatedRouter::silent().await;
        router.add_natpmp(HERE, &packet);
        assert_eq!(router.look_up(Family::Ipv4).await, answer);
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn an_answer_from_a_network_that_was_left_meanwhile_does_not_count() {
    let router = SimulatedRouter::good().await;
    router.on("GetExternalIPAddress", Act::Hang);
    let dyntray: Router = router.handle();
    let asked = dyntray.clone();
    let answer = tokio::spawn(async move { asked.look_up(Family::Ipv4).await });
    router.wait_for("GetExternalIPAddress", 1).await;
    dyntray.use_gateway(None);
    assert_eq!(answer.await.expect("an answer"), no_answer(LookUpProblem::NoRouter));
}
