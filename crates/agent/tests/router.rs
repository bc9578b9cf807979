//! Stories of asking the home's router, whatever it or others in the home say.

mod simulated_router;

use std::time::{Duration, Instant};

use dyntray_agent::router::{LanGateway, Router};
use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::{Family, Unpublishable};
use simulated_router::{
    AT, Act, HERE, IPV4, STRANGER, SimulatedRouter, description, header, known, natpmp, nothing, prefix,
    silence, together, upnp,
};

const NATPMP_ANSWER: [u8; 12] = [0, 128, 0, 0, 0, 0, 0, 9, 84, 160, 12, 9];
/// What a whole look-up may take, with a little for a busy machine.
const BOUND: Duration = Duration::from_millis(5500);

fn unpublishable(address: &str, why: Unpublishable) -> Observation {
    nothing(LookUpProblem::Unpublishable { address: address.into(), why })
}

fn not_an_address(line: &str) -> LookUpProblem {
    LookUpProblem::NotAnAddress { line: line.into() }
}

#[tokio::test]
async fn a_routers_address_is_read_and_its_description_only_once() {
    let router = SimulatedRouter::good().await;
    let dyntray = router.followed();
    for _ in 0..3 {
        assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    }
    assert_eq!(router.times("GET /desc.xml"), 1);
    let asked = router.asked("GetExternalIPAddress", 3).await;
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
async fn no_gateway_and_one_outside_the_home_are_not_asked() {
    let router = SimulatedRouter::good().await;
    let dyntray = router.followed();
    dyntray.use_gateway(None);
    assert_eq!(dyntray.look_up(Family::Ipv4).await, silence(LookUpProblem::NoRouter));
    for outside in ["84.160.12.9", "100.64.0.1", "203.0.113.1"] {
        dyntray.use_gateway(Some(LanGateway {
            address: outside.parse().expect("an address"),
            local_address: HERE,
        }));
        assert_eq!(dyntray.look_up(Family::Ipv4).await, silence(LookUpProblem::NoRouter));
    }
    dyntray.use_gateway(Some(AT));
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
}

#[tokio::test]
async fn addresses_that_are_not_public_are_named_with_their_reason() {
    for (told, why) in [
        ("192.168.1.5", Unpublishable::Private),
        ("10.11.12.13", Unpublishable::Private),
        ("100.64.1.2", Unpublishable::Shared),
        ("0.0.0.0", Unpublishable::Unspecified),
        ("127.0.0.1", Unpublishable::Loopback),
        ("169.254.1.1", Unpublishable::LinkLocal),
        ("192.0.0.2", Unpublishable::Reserved),
    ] {
        let router = SimulatedRouter::good().await;
        router.acts("GetExternalIPAddress", Act::external(told));
        router.natpmp(HERE, &NATPMP_ANSWER);
        assert_eq!(router.told(Family::Ipv4).await, upnp(unpublishable(told, why)), "{told}");
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
    let stories = answers.into_iter().map(|(told, why)| async move {
        let router = SimulatedRouter::good().await;
        router.acts("GetExternalIPAddress", Act::external(told));
        router.acts("GetStatusInfo", Act::values("GetStatusInfo", &[("NewConnectionStatus", "Connecting")]));
        assert_eq!(router.told(Family::Ipv4).await, silence(why), "{told}");
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn an_empty_address_is_named_after_the_state_of_the_line_and_never_taken_for_none() {
    let router = SimulatedRouter::good().await;
    router.acts("GetExternalIPAddress", Act::external(""));
    let dyntray = router.followed();
    for status in ["Disconnected", "Connecting", ""] {
        router.acts("GetStatusInfo", Act::values("GetStatusInfo", &[("NewConnectionStatus", status)]));
        assert_eq!(dyntray.look_up(Family::Ipv4).await, silence(LookUpProblem::Unreachable), "{status}");
    }
    router.acts("GetStatusInfo", Act::values("GetStatusInfo", &[("NewConnectionStatus", "Connected")]));
    let no_public_one = unpublishable("0.0.0.0", Unpublishable::Unspecified);
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(no_public_one));
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
        ("not HTTP", Act::Say(b"\x16\x03\x01 84.160.12.7".to_vec())),
        ("half a head", Act::Say(b"HTTP/1.1 200 OK\r\nConte".to_vec())),
        ("endless body", flood),
        ("endless head", heads),
        ("slow head", Act::Drip(b"HTTP/1.1 200 OK\r\nX: ".to_vec())),
        ("slow body", Act::Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<".to_vec())),
        ("silence", Act::Hang),
        ("refusal", Act::fault(501)),
    ];
    let stories = answers.into_iter().map(|(name, answer)| async move {
        let router = SimulatedRouter::good().await;
        router.acts("GetExternalIPAddress", answer);
        let start = Instant::now();
        let told = router.told(Family::Ipv4).await;
        assert!(matches!(told.observation, Observation::Unavailable { .. }), "{name}: {told:?}");
        assert_eq!(told.protocol, None, "{name}");
        assert!(start.elapsed() < BOUND, "{name}: {:?}", start.elapsed());
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn descriptions_that_are_none_or_lead_elsewhere_are_not_used() {
    let elsewhere = SimulatedRouter::good().await;
    let stranger = format!("http://{STRANGER}:1/ctl");
    let answers = [
        ("not XML", Act::status(200, "Welcome")),
        (
            "a document type",
            Act::status(200, format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{}", description("/c", "/e"))),
        ),
        ("endless", Act::Flood(b"HTTP/1.1 200 OK\r\n\r\n<a>".to_vec(), b"<b/>".to_vec())),
        ("slow", Act::Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<".to_vec())),
        ("a redirect", Act::with(302, &format!("Location: {}\r\n", elsewhere.page("/desc.xml")), "")),
        ("asked elsewhere", Act::status(200, description(&stranger, "/evt"))),
        ("asked encrypted", Act::status(200, description("https://127.0.0.1/ctl", "/evt"))),
        ("nothing to ask", Act::status(200, "<root/>")),
    ];
    let stories = answers.into_iter().map(|(name, answer)| async move {
        let router = SimulatedRouter::good().await;
        router.acts("GET /desc.xml", answer);
        let start = Instant::now();
        assert_eq!(router.told(Family::Ipv4).await, silence(LookUpProblem::NoRouter), "{name}");
        assert!(start.elapsed() < BOUND, "{name}: {:?}", start.elapsed());
        assert_eq!(router.times("GetExternalIPAddress"), 0, "{name}");
    });
    together(stories.collect()).await;
    assert_eq!(elsewhere.heard(), Vec::<String>::new());
}

#[tokio::test]
async fn of_several_routers_that_answer_only_the_gateway_is_asked() {
    let pretender = SimulatedRouter::good().await;
    pretender.acts("GetExternalIPAddress", Act::external("84.160.12.66"));
    let router = SimulatedRouter::silent().await;
    // Both speak before the gateway: one from its own address, one in the gateway's name for a third.
    router.located(STRANGER, &pretender.page("/desc.xml"));
    router.located(HERE, &format!("http://{STRANGER}:80/desc.xml"));
    router.located(HERE, "https://127.0.0.1/desc.xml");
    router.located(HERE, "no address");
    router.located(HERE, &router.page("/desc.xml"));
    router.acts("GET /desc.xml", Act::status(200, description("/ctl", "/evt")));
    router.acts("GetExternalIPAddress", Act::external(IPV4));
    assert_eq!(router.told(Family::Ipv4).await, upnp(known(IPV4)));
    assert_eq!(pretender.heard(), Vec::<String>::new());
}

#[tokio::test]
async fn another_description_of_the_gateway_serves_where_the_first_one_does_not() {
    let router = SimulatedRouter::silent().await;
    for path in ["/igd2.xml", "/desc.xml"] {
        router.located(HERE, &router.page(path));
    }
    router.acts("GET /desc.xml", Act::status(200, description("/ctl", "/evt")));
    router.acts("GetExternalIPAddress", Act::external(IPV4));
    assert_eq!(router.told(Family::Ipv4).await, upnp(known(IPV4)));
}

#[tokio::test]
async fn a_router_that_moved_to_another_place_is_found_again() {
    let router = SimulatedRouter::good().await;
    let dyntray = router.followed();
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    router.acts("GetExternalIPAddress", Act::status(404, ""));
    router.acts("GET /desc.xml", Act::status(200, description("/other", "/evt")));
    router.acts("/other#GetExternalIPAddress", Act::external("84.160.12.8"));
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known("84.160.12.8")));
    assert_eq!(router.times("GET /desc.xml"), 2);
}

#[tokio::test]
async fn of_two_lines_the_one_with_a_public_address_counts() {
    let asleep = "<service><serviceType>urn:schemas-upnp-org:service:WANPPPConnection:1</serviceType>\
                  <controlURL>/ppp</controlURL><eventSubURL>/ppp</eventSubURL></service>";
    let router = SimulatedRouter::good().await;
    let both = description("/ctl", "/evt").replace("<serviceList>", &format!("<serviceList>{asleep}"));
    router.acts("GET /desc.xml", Act::status(200, both));
    for answer in [Act::external("0.0.0.0"), Act::external(""), Act::fault(501), Act::status(404, "")] {
        router.acts("/ppp#GetExternalIPAddress", answer);
        assert_eq!(router.told(Family::Ipv4).await, upnp(known(IPV4)));
    }
    assert_eq!(router.times("GetExternalIPAddress"), 8);
}

#[tokio::test]
async fn a_fritz_box_tells_its_ipv6_address_and_the_delegated_prefix() {
    let router = SimulatedRouter::good().await;
    router.acts(
        "X_AVM_DE_GetExternalIPv6Address",
        Act::values("X_AVM_DE_GetExternalIPv6Address", &[("NewExternalIPv6Address", "2003:e1:1:2::1")]),
    );
    let told_prefix = |base: &str, valid: &str| {
        Act::values(
            "X_AVM_DE_GetIPv6Prefix",
            &[("NewIPv6Prefix", base), ("NewPrefixLength", "56"), ("NewValidLifetime", valid)],
        )
    };
    router.acts("X_AVM_DE_GetIPv6Prefix", told_prefix("2003:e1:1:2300::", "1800"));
    let dyntray = router.followed();
    let mut expected = upnp(known("2003:e1:1:2::1"));
    expected.prefix = Some(prefix("2003:e1:1:2300::", 56));
    assert_eq!(dyntray.look_up(Family::Ipv6).await, expected);
    router.acts("X_AVM_DE_GetIPv6Prefix", told_prefix("2003:e1:1:2300::", "0"));
    assert_eq!(dyntray.look_up(Family::Ipv6).await.prefix, None);
    router.acts("X_AVM_DE_GetIPv6Prefix", told_prefix("", "0"));
    let none = Act::values("X_AVM_DE_GetExternalIPv6Address", &[("NewExternalIPv6Address", "")]);
    router.acts("X_AVM_DE_GetExternalIPv6Address", none);
    assert_eq!(dyntray.look_up(Family::Ipv6).await, silence(LookUpProblem::NoRouter));
}

#[tokio::test]
async fn a_router_that_knows_nothing_of_ipv6_is_asked_for_it_once() {
    let router = SimulatedRouter::good().await;
    router.natpmp(HERE, &NATPMP_ANSWER);
    let dyntray = router.followed();
    for _ in 0..3 {
        assert_eq!(dyntray.look_up(Family::Ipv6).await, silence(LookUpProblem::NoRouter));
    }
    assert_eq!(router.times("X_AVM_DE_GetExternalIPv6Address"), 1);
}

#[tokio::test]
async fn nat_pmp_answers_where_upnp_does_not() {
    let router = SimulatedRouter::silent().await;
    router.natpmp(HERE, &NATPMP_ANSWER);
    let dyntray = router.followed();
    let start = Instant::now();
    assert_eq!(dyntray.look_up(Family::Ipv4).await, natpmp(known("84.160.12.9")));
    assert!(start.elapsed() < BOUND);
    // That there is no UPnP is known now.
    let start = Instant::now();
    assert_eq!(dyntray.look_up(Family::Ipv4).await, natpmp(known("84.160.12.9")));
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());

    let refusing = SimulatedRouter::good().await;
    refusing.acts("GetExternalIPAddress", Act::fault(501));
    refusing.natpmp(HERE, &NATPMP_ANSWER);
    assert_eq!(refusing.told(Family::Ipv4).await, natpmp(known("84.160.12.9")));
}

#[tokio::test]
async fn where_both_answer_differently_upnp_counts() {
    let router = SimulatedRouter::good().await;
    router.natpmp(HERE, &NATPMP_ANSWER);
    assert_eq!(router.told(Family::Ipv4).await, upnp(known(IPV4)));
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
        router.natpmp(from, packet);
        let start = Instant::now();
        assert_eq!(router.told(Family::Ipv4).await, silence(LookUpProblem::NoRouter), "{name}");
        assert!(start.elapsed() < BOUND, "{name}: {:?}", start.elapsed());
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn a_forged_packet_does_not_hide_the_gateways_own() {
    let router = SimulatedRouter::silent().await;
    router.natpmp(STRANGER, &[0, 128, 0, 0, 0, 0, 0, 9, 84, 160, 12, 66]);
    router.natpmp(HERE, b"noise");
    router.natpmp(HERE, &NATPMP_ANSWER);
    assert_eq!(router.told(Family::Ipv4).await, natpmp(known("84.160.12.9")));
}

#[tokio::test]
async fn a_refusal_and_a_private_address_by_nat_pmp_are_told_as_such() {
    let answers = [
        ([0, 128, 0, 3, 0, 0, 0, 9, 0, 0, 0, 0], silence(LookUpProblem::Unreachable)),
        ([0, 128, 0, 2, 0, 0, 0, 9, 0, 0, 0, 0], silence(LookUpProblem::NoRouter)),
        (
            [0, 128, 0, 0, 0, 0, 0, 9, 100, 64, 1, 2],
            natpmp(unpublishable("100.64.1.2", Unpublishable::Shared)),
        ),
        (
            [0, 128, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0],
            natpmp(unpublishable("0.0.0.0", Unpublishable::Unspecified)),
        ),
    ];
    let stories = answers.into_iter().map(|(packet, told)| async move {
        let router = SimulatedRouter::silent().await;
        router.natpmp(HERE, &packet);
        assert_eq!(router.told(Family::Ipv4).await, told);
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn an_answer_from_a_network_that_was_left_meanwhile_does_not_count() {
    let router = SimulatedRouter::good().await;
    router.acts("GetExternalIPAddress", Act::Hang);
    let dyntray: Router = router.followed();
    let asked = dyntray.clone();
    let answer = tokio::spawn(async move { asked.look_up(Family::Ipv4).await });
    router.asked("GetExternalIPAddress", 1).await;
    dyntray.use_gateway(None);
    assert_eq!(answer.await.expect("an answer"), silence(LookUpProblem::NoRouter));
}
