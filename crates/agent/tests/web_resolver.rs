//! Stories of asking a web resolver for this line's address.

mod wire;

use std::time::{Duration, Instant};

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::{Family, Unpublishable};
use dyntray_core::types::server::WebAddress;
use wire::{Act, IPV4, IPV6, Server, header, look_up, public};

fn unavailable(why: LookUpProblem) -> Observation {
    Observation::Unavailable { why }
}

fn known(address: &str) -> Observation {
    Observation::Known { address: public(address) }
}

fn unpublishable(address: &str, why: Unpublishable) -> Observation {
    unavailable(LookUpProblem::Unpublishable { address: address.into(), why })
}

fn not_an_address(line: &str) -> Observation {
    unavailable(LookUpProblem::NotAnAddress { line: line.into() })
}

async fn look_up_with(family: Family, act: Act) -> Observation {
    let server = Server::start(act).await;
    let seen = look_up(&server.page("/"), family).await;
    assert_eq!(server.requests().len(), 1, "asked once");
    seen
}

#[tokio::test]
async fn a_good_answer_is_believed() {
    let around = [
        ("", ""),
        ("", "\n"),
        ("", "\r\n"),
        ("", "\n\n"),
        ("\r\n\t", "\r\n\r\n"),
        (" ", " \t\r"),
        ("\u{feff}", "\n"),
        ("\u{feff}\n", "\n\n"),
    ];
    for body in around.map(|(before, after)| format!("{before}{IPV4}{after}")) {
        assert_eq!(look_up_with(Family::Ipv4, Act::status(200, body)).await, known(IPV4));
    }
    assert_eq!(look_up_with(Family::Ipv6, Act::status(200, IPV6)).await, known(IPV6));
    let written_long = "2003:00E1:0001:0002:0:0:0:7\n";
    assert_eq!(look_up_with(Family::Ipv6, Act::status(200, written_long)).await, known(IPV6));
}

#[tokio::test]
async fn a_question_carries_nothing_but_who_asks() {
    let server = Server::start(Act::with(200, "Set-Cookie: who=me\r\n", IPV4)).await;
    for _ in 0..2 {
        assert_eq!(look_up(&server.page("/checkip4"), Family::Ipv4).await, known(IPV4));
    }
    for head in server.requests() {
        assert!(head.starts_with("GET /checkip4 HTTP/1.1\r\n"), "{head}");
        assert!(header(&head, "user-agent").is_some_and(|agent| agent.starts_with("Dyntray/")), "{head}");
        for unwanted in ["authorization", "cookie", "referer"] {
            assert_eq!(header(&head, unwanted), None);
        }
    }
}

#[tokio::test]
async fn what_other_clients_publish_is_refused_by_its_name() {
    for (body, why) in [
        ("192.168.1.5", Unpublishable::Private),
        ("10.0.0.1", Unpublishable::Private),
        ("172.16.5.4", Unpublishable::Private),
        ("100.64.1.2", Unpublishable::Shared),
        ("127.0.0.1", Unpublishable::Loopback),
        ("169.254.7.7", Unpublishable::LinkLocal),
        ("0.0.0.0", Unpublishable::Unspecified),
        ("203.0.113.9", Unpublishable::Documentation),
        ("224.0.0.1", Unpublishable::Multicast),
        ("255.255.255.255", Unpublishable::Reserved),
    ] {
        assert_eq!(look_up_with(Family::Ipv4, Act::status(200, body)).await, unpublishable(body, why));
    }
    for (body, why) in [
        ("::1", Unpublishable::Loopback),
        ("fe80::1", Unpublishable::LinkLocal),
        ("fd00::2", Unpublishable::UniqueLocal),
        ("2001:db8::1", Unpublishable::Documentation),
        ("::ffff:84.160.12.7", Unpublishable::Ipv4Mapped),
        ("2002:54a0:c07::1", Unpublishable::Translated),
    ] {
        assert_eq!(look_up_with(Family::Ipv6, Act::status(200, body)).await, unpublishable(body, why));
    }
}

#[tokio::test]
async fn anything_beside_one_address_is_no_answer() {
    for (body, line) in [
        ("", ""),
        ("\n", ""),
        ("FW 7.28.1.9", "FW 7.28.1.9"),
        ("<html><body>84.160.12.7</body></html>", "<html><body>84.160.12.7</body></html>"),
        ("84.160.12.7\n84.160.12.8\n", "84.160.12.7"),
        ("84.160.12.7\n\n84.160.12.7\n", "84.160.12.7"),
        ("84.160.12.7\nok\n", "84.160.12.7"),
        ("84.160.12.7\u{a0}", "84.160.12.7"),
        ("84.160.12.7,2003:e1::7", "84.160.12.7,2003:e1::7"),
        ("84.160.12.7\0", "84.160.12.7 "),
        ("84.160.12.7:443", "84.160.12.7:443"),
        ("84.160.12", "84.160.12"),
        ("084.160.012.007", "084.160.012.007"),
        ("Current IP Address: 84.160.12.7", "Current IP Address: 84.160.12.7"),
        ("{\"ip\":\"84.160.12.7\"}", "{\"ip\":\"84.160.12.7\"}"),
        ("\u{feff}<html>84.160.12.7</html>", "\u{feff}<html>84.160.12.7</html>"),
    ] {
        assert_eq!(
            look_up_with(Family::Ipv4, Act::status(200, body)).await,
            not_an_address(line),
            "{body:?}"
        );
    }
    for body in ["fe80::1%eth0", "[2003:e1::7]", "2003:e1::7/64", "2003:e1:1"] {
        assert_eq!(look_up_with(Family::Ipv6, Act::status(200, body)).await, not_an_address(body));
    }
    let garbage = look_up_with(Family::Ipv4, Act::status(200, b"84.160.12.7\xff")).await;
    assert!(matches!(garbage, Observation::Unavailable { why: LookUpProblem::NotAnAddress { .. } }));
}

#[tokio::test]
async fn an_address_of_the_other_family_is_no_answer() {
    assert_eq!(
        look_up_with(Family::Ipv4, Act::status(200, IPV6)).await,
        unavailable(LookUpProblem::WrongFamily)
    );
    assert_eq!(
        look_up_with(Family::Ipv6, Act::status(200, IPV4)).await,
        unavailable(LookUpProblem::WrongFamily)
    );
}

#[tokio::test]
async fn an_endless_answer_is_left_even_if_it_begins_with_an_address() {
    let start = Instant::now();
    let head = b"HTTP/1.1 200 OK\r\n\r\n84.160.12.7".to_vec();
    for rest in [" ", "\n", "84.160.12.8\n", "x"] {
        let flood = look_up_with(Family::Ipv4, Act::Flood(head.clone(), rest.into())).await;
        assert!(
            matches!(&flood, Observation::Unavailable { why: LookUpProblem::NotAnAddress { .. } }),
            "{flood:?}"
        );
    }
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_redirect_to_a_page_with_an_address_is_not_followed() {
    let other = Server::start(Act::status(200, IPV4)).await;
    for status in [301, 302, 303, 307, 308] {
        let to = format!("http://localhost:{}/", other.port());
        assert_eq!(
            look_up_with(Family::Ipv4, Act::redirect(status, &to)).await,
            unavailable(LookUpProblem::Redirected)
        );
        let with_address = Act::with(status, &format!("Location: {to}\r\n"), IPV4);
        assert_eq!(look_up_with(Family::Ipv4, with_address).await, unavailable(LookUpProblem::Redirected));
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn an_address_under_a_status_other_than_success_is_no_answer() {
    for status in [400, 401, 403, 404, 407, 429, 500, 503, 511] {
        assert_eq!(
            look_up_with(Family::Ipv4, Act::status(status, IPV4)).await,
            unavailable(LookUpProblem::Status { status })
        );
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_answer() {
    for act in [
        Act::Reset,
        Act::Answer(Vec::new()),
        Act::Answer(b"84.160.12.7\n".to_vec()),
        Act::Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n84.160.12.7".to_vec()),
        Act::ResetAfter(b"HTTP/1.1 200 OK\r\n\r\n84.160.12.7".to_vec()),
    ] {
        assert_eq!(look_up_with(Family::Ipv4, act).await, not_an_address(""));
    }
}

#[tokio::test]
async fn a_page_that_isnt_there_was_not_asked() {
    let port = wire::closed_port().await;
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let resolver = WebAddress::parse(&format!("http://{host}:{port}/")).expect("valid");
        let seen = look_up(&resolver, Family::Ipv4).await;
        assert_eq!(seen, unavailable(LookUpProblem::Unreachable), "{host}");
        assert!(matches!(&seen, Observation::Unavailable { why } if why.was_not_asked()));
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn without_a_way_out_over_ipv6_there_is_no_ipv6_address() {
    // The system refuses connections to multicast addresses in the same way as connections without a route.
    let over_v6 = WebAddress::parse("https://[ff0e::1]/").expect("valid");
    assert_eq!(look_up(&over_v6, Family::Ipv6).await, Observation::NoAddress);
    let over_v4 = WebAddress::parse("https://224.0.0.5/").expect("valid");
    assert_eq!(
        look_up(&over_v4, Family::Ipv4).await,
        unavailable(LookUpProblem::Unreachable),
        "rather offline"
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_question_of_one_family_never_goes_out_over_the_other() {
    for (host, family) in [("[ff0e::1]", Family::Ipv4), ("224.0.0.5", Family::Ipv6)] {
        let resolver = WebAddress::parse(&format!("https://{host}/")).expect("valid");
        assert_eq!(look_up(&resolver, family).await, unavailable(LookUpProblem::Unreachable));
    }
}

#[tokio::test]
async fn a_page_that_hangs_or_drips_timed_out_after_half_a_minute() {
    let hanging = Server::start(Act::Hang).await;
    let head = b"HTTP/1.1 200 OK\r\n\r\n84.160.12.7".to_vec();
    let dripping = Server::start(Act::Drip(head, b" ".to_vec())).await;
    let (hanging, dripping) = (hanging.page("/"), dripping.page("/"));
    let start = Instant::now();
    let seen = tokio::join!(look_up(&hanging, Family::Ipv4), look_up(&dripping, Family::Ipv4));
    let timed_out = unavailable(LookUpProblem::TimedOut);
    assert_eq!(seen, (timed_out.clone(), timed_out.clone()));
    assert!(start.elapsed() < Duration::from_secs(34));
    assert!(matches!(timed_out, Observation::Unavailable { why } if !why.was_not_asked()));
}
