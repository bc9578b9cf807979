//! The outcomes of answers, and the weight of each answer.

use dyntray_core::observe::finding::{Basis, HoldReason, Outcome, Weight};
use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::settings::Records;
use dyntray_core::settings::form::AddressChoice;
use dyntray_core::state::NetworkReading;
use dyntray_core::types::address::{Family, Unpublishable};
use dyntray_core::types::network::{Interface, InterfaceKind, Network, NetworkId, Prefix};
use dyntray_core::types::source::{Origin, Source};
use jiff::SignedDuration;

use crate::assessed::{outcome, sources, why};
use crate::told::{
    DEPRECATED, DEPRECATED_TEMPORARY, ROUTER4, ROUTER6, STABLE, TEMPORARY, Told, WEB4, WEB6, address, fails,
    further, held, home, known, network, publish, read, settings, state, told, unpublishable,
};

fn kept(next: Option<[u8; 4]>) -> Observation {
    fails(LookUpProblem::AddressKept { next: next.map(Into::into), outer: None })
}

fn behind(next: [u8; 4], outer: &str) -> Observation {
    let (next, outer) = (Some(next.into()), outer.parse().ok());
    fails(LookUpProblem::AddressKept { next, outer })
}

fn timed_out() -> Observation {
    fails(LookUpProblem::TimedOut)
}

/// Checks what answers amount to for IPv4.
fn amount_to(cases: Vec<(&str, Vec<Told>, Outcome)>) {
    let settings = settings(AddressChoice::Webresolver, Records::Ipv4, |_| {});
    for (name, told, expected) in cases {
        let state = state(told, read(home()));
        assert_eq!(outcome(&settings, &state, &settings.entries[0], Family::Ipv4), expected, "{name}");
    }
}

#[test]
fn for_ipv4_every_pair_of_answers_amounts_to_what_the_rules_say() {
    let shared = || unpublishable("100.64.1.2", Unpublishable::Shared);
    let private = || unpublishable("192.168.1.2", Unpublishable::Private);
    let late = |source| told(source, timed_out());
    let [a, b] = ["84.160.12.7", "84.160.12.8"];
    let cases: Vec<(&str, Vec<Told>, Outcome)> = vec![
        ("nobody yet", vec![], Outcome::Unknown),
        ("web alone", vec![told(WEB4, known(a))], publish(a, Basis::WebResolver)),
        (
            "web and router agree",
            vec![told(WEB4, known(a)), told(ROUTER4, known(a))],
            publish(a, Basis::TwoSources),
        ),
        (
            "a router that writes its address backwards",
            vec![told(WEB4, known(a)), told(ROUTER4, known("7.12.160.84"))],
            publish(a, Basis::TwoSources),
        ),
        ("two lines", vec![told(WEB4, known(a)), told(ROUTER4, known(b))], held(a, HoldReason::Conflict)),
        (
            "the router is newer by more than a moment",
            vec![Told { ago: 60, ..told(WEB4, known(a)) }, told(ROUTER4, known(b))],
            held(a, HoldReason::Unconfirmed),
        ),
        (
            "the web resolver is newer by more than a moment",
            vec![told(WEB4, known(a)), Told { ago: 60, ..told(ROUTER4, known(b)) }],
            held(a, HoldReason::Unconfirmed),
        ),
        (
            "ten seconds are one moment",
            vec![told(WEB4, known(a)), Told { ago: 10, ..told(ROUTER4, known(b)) }],
            held(a, HoldReason::Conflict),
        ),
        (
            "a router behind a router",
            vec![told(WEB4, known(a)), told(ROUTER4, private())],
            publish(a, Basis::DoubleNat),
        ),
        ("carrier NAT", vec![told(WEB4, known(a)), told(ROUTER4, shared())], held(a, HoldReason::Shared)),
        (
            "DS-Lite",
            vec![told(WEB4, known(a)), told(ROUTER4, Observation::NoAddress)],
            held(a, HoldReason::Shared),
        ),
        (
            "DS-Lite by its name",
            vec![told(WEB4, known(a)), told(ROUTER4, fails(LookUpProblem::DsLite))],
            held(a, HoldReason::Shared),
        ),
        (
            "an answer that can't be understood",
            vec![told(WEB4, known(a)), told(ROUTER4, fails(LookUpProblem::NotUnderstood))],
            publish(a, Basis::WebResolver),
        ),
        (
            "a router that says nothing",
            vec![told(WEB4, known(a)), late(ROUTER4)],
            publish(a, Basis::WebResolver),
        ),
        ("no address", vec![told(WEB4, Observation::NoAddress), late(ROUTER4)], Outcome::NoAddress),
        ("nobody tells", vec![late(WEB4), late(ROUTER4)], Outcome::Nothing { why: LookUpProblem::TimedOut }),
        (
            "the router alone, once",
            vec![late(WEB4), told(ROUTER4, known(a))],
            held(a, HoldReason::Unconfirmed),
        ),
        (
            "the router alone, twice",
            vec![late(WEB4), Told { looks: 2, ..told(ROUTER4, known(a)) }],
            publish(a, Basis::SecondLook),
        ),
        (
            "a further web resolver, once",
            vec![late(WEB4), told(further(0), known(a)), late(ROUTER4)],
            held(a, HoldReason::Unconfirmed),
        ),
        (
            "a further web resolver, twice",
            vec![late(WEB4), Told { looks: 2, ..told(further(0), known(a)) }, late(ROUTER4)],
            publish(a, Basis::SecondLook),
        ),
        (
            "two further web resolvers",
            vec![late(WEB4), told(further(0), known(a)), told(further(1), known(a)), late(ROUTER4)],
            publish(a, Basis::TwoSources),
        ),
        (
            "two further web resolvers that differ",
            vec![late(WEB4), told(further(0), known(a)), told(further(1), known(b)), late(ROUTER4)],
            held(a, HoldReason::Unconfirmed),
        ),
    ];
    amount_to(cases);
}

#[test]
fn a_router_that_keeps_its_address_for_itself_amounts_to_what_the_next_hop_tells() {
    let a = "84.160.12.7";
    let late = |source| told(source, timed_out());
    let cases: Vec<(&str, Vec<Told>, Outcome)> = vec![
        (
            "a router that keeps its address for itself",
            vec![told(WEB4, known(a)), told(ROUTER4, kept(None))],
            held(a, HoldReason::AddressKept),
        ),
        (
            "the same behind a box of another home's network",
            vec![told(WEB4, known(a)), told(ROUTER4, kept(Some([192, 168, 0, 1])))],
            publish(a, Basis::DoubleNat),
        ),
        (
            "the same behind a carrier's box",
            vec![told(WEB4, known(a)), told(ROUTER4, kept(Some([100, 64, 0, 1])))],
            held(a, HoldReason::Shared),
        ),
        (
            "the same behind a box that may be either's",
            vec![told(WEB4, known(a)), told(ROUTER4, kept(Some([10, 0, 0, 1])))],
            held(a, HoldReason::AddressKept),
        ),
        (
            "the same, which tells the address that the internet sees",
            vec![told(WEB4, known(a)), told(ROUTER4, behind([10, 0, 0, 1], a))],
            publish(a, Basis::DoubleNat),
        ),
        (
            "the same, which tells another one",
            vec![told(WEB4, known(a)), told(ROUTER4, behind([10, 0, 0, 1], "84.160.12.8"))],
            held(a, HoldReason::AddressKept),
        ),
        (
            "the same, which tells a carrier's",
            vec![told(WEB4, known(a)), told(ROUTER4, behind([10, 0, 0, 1], "100.64.3.4"))],
            held(a, HoldReason::Shared),
        ),
        (
            "the same without a web resolver",
            vec![late(WEB4), told(ROUTER4, behind([10, 0, 0, 1], a))],
            Outcome::Nothing { why: LookUpProblem::TimedOut },
        ),
        (
            "the same, asked before the web resolver",
            vec![told(WEB4, known(a)), Told { ago: 60, ..told(ROUTER4, kept(None)) }],
            held(a, HoldReason::Unconfirmed),
        ),
    ];
    amount_to(cases);
}

#[test]
fn what_is_held_is_published_where_the_settings_allow_it() {
    let a = "84.160.12.7";
    let shared = || vec![told(WEB4, known(a)), told(ROUTER4, Observation::NoAddress)];
    let kept = || vec![told(WEB4, known(a)), told(ROUTER4, kept(None))];
    let conflict = || vec![told(WEB4, known(a)), told(ROUTER4, known("84.160.12.8"))];
    for (told, vpn, carrier, expected) in [
        (shared(), true, false, held(a, HoldReason::Shared)),
        (shared(), false, true, publish(a, Basis::Allowed)),
        (kept(), true, false, held(a, HoldReason::AddressKept)),
        (kept(), false, true, publish(a, Basis::Allowed)),
        (conflict(), false, true, held(a, HoldReason::Conflict)),
        (conflict(), true, false, publish(a, Basis::Allowed)),
    ] {
        let settings = settings(AddressChoice::Webresolver, Records::Ipv4, |form| {
            (form.publish_vpn, form.publish_shared) = (vpn, carrier);
        });
        let state = state(told, read(home()));
        assert_eq!(outcome(&settings, &state, &settings.entries[0], Family::Ipv4), expected);
    }
}

#[test]
fn an_ipv6_address_that_ends_soon_is_held_also_where_there_is_no_other() {
    let lasting = "2003:e1::20";
    let cases: Vec<(&str, Vec<Told>, NetworkReading, Outcome)> = vec![
        (
            "a temporary one alone",
            vec![told(WEB6, known("2003:e1::a1b2"))],
            read(network(&[("2003:e1::a1b2", TEMPORARY)])),
            held("2003:e1::a1b2", HoldReason::NoStableAddress),
        ),
        (
            "a temporary one beside a lasting one of another prefix",
            vec![told(WEB6, known("2003:e2::a1b2"))],
            read(network(&[("2003:e2::a1b2", TEMPORARY), (lasting, STABLE)])),
            held("2003:e2::a1b2", HoldReason::NoStableAddress),
        ),
        (
            "a prefix that is deprecated and still routed",
            vec![told(WEB6, known("2003:e1::a1b2"))],
            read(network(&[("2003:e1::a1b2", DEPRECATED_TEMPORARY), (lasting, DEPRECATED)])),
            held("2003:e1::a1b2", HoldReason::NoStableAddress),
        ),
        (
            "the lasting one of a prefix that is deprecated",
            vec![told(WEB6, known(lasting)), told(ROUTER6, known(lasting))],
            read(network(&[(lasting, DEPRECATED)])),
            held(lasting, HoldReason::NoStableAddress),
        ),
        (
            "a prefix that is deprecated, by a further web resolver",
            vec![told(WEB6, timed_out()), told(Source::fall_back(0, Family::Ipv6), known(lasting))],
            read(network(&[(lasting, DEPRECATED)])),
            held(lasting, HoldReason::NoStableAddress),
        ),
    ];
    let settings = settings(AddressChoice::Webresolver, Records::Ipv6, |_| {});
    for (name, told, reading, expected) in cases {
        let state = state(told, reading);
        assert_eq!(outcome(&settings, &state, &settings.entries[0], Family::Ipv6), expected, "{name}");
    }
}

#[test]
fn for_ipv6_the_lasting_address_of_the_prefix_is_taken() {
    let lasting = "2003:e1::20";
    let cases: Vec<(&str, Vec<Told>, NetworkReading, Outcome)> = vec![
        (
            "the lasting one itself",
            vec![told(WEB6, known(lasting))],
            read(home()),
            publish(lasting, Basis::WebResolver),
        ),
        (
            "a temporary one of the same prefix",
            vec![told(WEB6, known("2003:e1::a1b2"))],
            read(network(&[("2003:e1::a1b2", TEMPORARY), (lasting, STABLE)])),
            publish(lasting, Basis::StableOfPrefix),
        ),
        (
            "the lasting one itself, by a further web resolver",
            vec![told(WEB6, timed_out()), told(Source::fall_back(0, Family::Ipv6), known(lasting))],
            read(home()),
            publish(lasting, Basis::TwoSources),
        ),
        (
            "a temporary one, by a further web resolver",
            vec![told(WEB6, timed_out()), told(Source::fall_back(0, Family::Ipv6), known("2003:e1::a1b2"))],
            read(network(&[("2003:e1::a1b2", TEMPORARY), (lasting, STABLE)])),
            publish(lasting, Basis::StableOfPrefix),
        ),
        (
            "another prefix",
            vec![told(WEB6, known("2003:e2::1"))],
            read(home()),
            held("2003:e2::1", HoldReason::Conflict),
        ),
        (
            "another prefix, and the router says so too",
            vec![told(WEB6, known("2003:e2::1")), told(ROUTER6, known("2003:e2::1"))],
            read(home()),
            publish("2003:e2::1", Basis::TwoSources),
        ),
        (
            "an answer from before the network changed",
            vec![Told { ago: 2 * 3600, ..told(WEB6, known("2003:e2::1")) }],
            read(home()),
            held("2003:e2::1", HoldReason::Unconfirmed),
        ),
        (
            "an answer from the moment when it changed",
            vec![Told { ago: 3600, ..told(WEB6, known("2003:e2::1")) }],
            read(home()),
            held("2003:e2::1", HoldReason::Conflict),
        ),
        (
            "nothing to compare with",
            vec![told(WEB6, known("2003:e2::1"))],
            read(network(&[("192.168.178.20", STABLE)])),
            publish("2003:e2::1", Basis::WebResolver),
        ),
        (
            "a private IPv6 address beside it",
            vec![told(WEB6, known("2003:e2::1"))],
            read(network(&[("84.160.12.7", STABLE), ("fd00::20", STABLE)])),
            publish("2003:e2::1", Basis::WebResolver),
        ),
        (
            "a network that can't be read",
            vec![told(WEB6, known("2003:e2::1"))],
            NetworkReading::Unreadable,
            publish("2003:e2::1", Basis::WebResolver),
        ),
    ];
    let settings = settings(AddressChoice::Webresolver, Records::Ipv6, |_| {});
    for (name, told, reading, expected) in cases {
        let state = state(told, reading);
        assert_eq!(outcome(&settings, &state, &settings.entries[0], Family::Ipv6), expected, "{name}");
    }
}

#[test]
fn a_tunnel_elsewhere_and_an_unknown_network_hold_whatever_is_told() {
    let a = "84.160.12.7";
    let both = || vec![told(WEB4, known(a)), told(ROUTER4, known(a))];
    let settings = settings(AddressChoice::Webresolver, Records::Ipv4, |_| {});
    let of = |state: &_| outcome(&settings, state, &settings.entries[0], Family::Ipv4);

    assert_eq!(of(&state(both(), read(tunnelled()))), held(a, HoldReason::Vpn));

    let mut at = state(both(), read(home()));
    at.homes.insert(NetworkId("another".to_owned()));
    assert_eq!(of(&at), held(a, HoldReason::Elsewhere));
    at.homes.insert(NetworkId("home".to_owned()));
    assert_eq!(of(&at), publish(a, Basis::TwoSources));

    let mut unknown = home();
    if let Some(gateway) = &mut unknown.gateway {
        gateway.ids.clear();
        gateway.is_resolving = true;
    }
    at.network = read(unknown);
    assert_eq!(of(&at), held(a, HoldReason::WhichNetwork));
    at.network = NetworkReading::Unreadable;
    assert_eq!(of(&at), publish(a, Basis::TwoSources), "there is nothing to go by");
}

#[test]
fn without_a_web_resolver_the_routers_prefix_leads_to_this_machines_own_address() {
    let settings = settings(AddressChoice::Webresolver, Records::Ipv6, |form| form.fall_backs.clear());
    let told = || vec![told(WEB6, timed_out()), Told { looks: 2, ..told(ROUTER6, known("2003:e1::1")) }];
    let of = |prefix: &str, length| {
        let mut at = state(told(), read(home()));
        let source = at.sources.get_mut(&ROUTER6).expect("it told");
        source.prefix = Some(Prefix::of(prefix.parse().expect("an address"), length));
        outcome(&settings, &at, &settings.entries[0], Family::Ipv6)
    };
    assert_eq!(of("2003:e1::", 56), publish("2003:e1::20", Basis::RoutersPrefix));
    // In another prefix this machine has no address; the router's own isn't this machine's.
    assert_eq!(of("2003:e2::", 56), Outcome::Nothing { why: LookUpProblem::TimedOut });
}

#[test]
fn behind_a_tunnel_the_router_doesnt_stand_in_for_the_web_resolver() {
    let settings = settings(AddressChoice::Webresolver, Records::Ipv4, |form| form.fall_backs.clear());
    let told = || vec![told(WEB4, timed_out()), Told { looks: 2, ..told(ROUTER4, known("84.160.12.7")) }];
    let of = |network| outcome(&settings, &state(told(), read(network)), &settings.entries[0], Family::Ipv4);
    assert_eq!(of(home()), publish("84.160.12.7", Basis::SecondLook));
    assert_eq!(of(tunnelled()), Outcome::Nothing { why: LookUpProblem::TimedOut });
}

/// A network at home, with a tunnel as the route for IPv4.
fn tunnelled() -> Network {
    let mut network = home();
    let tunnel = crate::told::network(&[("10.8.0.2", STABLE)]).interfaces.remove(0);
    network.interfaces.push(Interface { name: "tun0".into(), kind: InterfaceKind::Tunnel, ..tunnel });
    network.outgoing.ipv4 = "10.8.0.2".parse().ok();
    network
}

#[test]
fn each_choice_under_more_asks_its_own_sources_alone() {
    let [a, b] = ["84.160.12.7", "84.160.12.8"];
    let told = || vec![told(WEB4, known(a)), Told { looks: 2, ..told(ROUTER4, known(b)) }];
    for (choice, expected) in [
        (AddressChoice::Web, publish(a, Basis::WebResolver)),
        (AddressChoice::Router, publish(b, Basis::SecondLook)),
        (AddressChoice::Fixed, publish("84.160.12.9", Basis::Fixed)),
        (AddressChoice::Interface, Outcome::Unknown),
    ] {
        let settings = settings(choice, Records::Ipv4, |_| {});
        let state = state(told(), read(home()));
        assert_eq!(outcome(&settings, &state, &settings.entries[0], Family::Ipv4), expected, "{choice:?}");
    }
}

#[test]
fn further_web_resolvers_are_asked_in_need_one_after_the_other() {
    let cases: Vec<(&str, Vec<Told>, Vec<Source>)> = vec![
        ("nobody yet", vec![], vec![WEB4, ROUTER4]),
        ("the first one tells", vec![told(WEB4, known("84.160.12.7"))], vec![WEB4, ROUTER4]),
        ("it fails", vec![told(WEB4, timed_out())], vec![WEB4, further(0), ROUTER4]),
        (
            "the next one has told, and the router hasn't",
            vec![told(WEB4, timed_out()), told(further(0), known("84.160.12.7"))],
            vec![WEB4, further(0), further(1), ROUTER4],
        ),
        (
            "the next one has told, and so has the router",
            vec![
                told(WEB4, timed_out()),
                told(further(0), known("84.160.12.7")),
                told(ROUTER4, known("84.160.12.7")),
            ],
            vec![WEB4, further(0), ROUTER4],
        ),
        (
            "the next one fails, too",
            vec![told(WEB4, timed_out()), told(further(0), timed_out())],
            vec![WEB4, further(0), further(1), ROUTER4],
        ),
    ];
    let usual = settings(AddressChoice::Webresolver, Records::Ipv4, |_| {});
    for (name, told, expected) in cases {
        assert_eq!(sources(&usual, &state(told, read(home())), &usual.entries[0]), expected, "{name}");
    }
    let sandboxed = settings(AddressChoice::Webresolver, Records::Ipv4, |form| {
        form.resolver_ipv4 = "http://127.0.0.1:8245/checkip4".to_owned();
    });
    let nobody = state(vec![], read(home()));
    assert_eq!(
        sources(&sandboxed, &nobody, &sandboxed.entries[0]),
        [WEB4],
        "no router knows a sandboxed line"
    );
}

#[test]
fn why_says_of_each_source_what_was_made_of_its_answer() {
    let [a, b] = ["84.160.12.7", "84.160.12.8"];
    let origins = [Origin::WebResolver, Origin::Router];
    let cases: Vec<(Vec<Told>, Vec<Weight>)> = vec![
        (vec![told(WEB4, known(a)), told(ROUTER4, known(a))], vec![Weight::Taken, Weight::Agrees]),
        (vec![told(WEB4, known(a)), told(ROUTER4, known(b))], vec![Weight::Differs, Weight::Differs]),
        // It writes the parts in the other order.
        (
            vec![told(WEB4, known(a)), told(ROUTER4, known("7.12.160.84"))],
            vec![Weight::Taken, Weight::Agrees],
        ),
        (
            vec![told(WEB4, known(a)), told(ROUTER4, Observation::NoAddress)],
            vec![Weight::Agrees, Weight::Unused],
        ),
        (vec![told(WEB4, timed_out()), told(ROUTER4, known(b))], vec![Weight::Unused, Weight::Agrees]),
        (
            vec![told(WEB4, timed_out()), Told { looks: 2, ..told(ROUTER4, known(b)) }],
            vec![Weight::Unused, Weight::Taken],
        ),
    ];
    let settings = settings(AddressChoice::Webresolver, Records::Both, |form| form.fall_backs.clear());
    for (told, expected) in cases {
        let state = state(told, read(home()));
        let said = why(&settings, &state, &settings.entries[0], Family::Ipv4).said;
        assert_eq!(said.iter().map(|said| said.origin).collect::<Vec<_>>(), origins);
        assert_eq!(said.iter().map(|said| said.weight).collect::<Vec<_>>(), expected);
        assert_eq!(said[0].host.as_deref(), Some("checkip4.spdyn.de"));
        assert_eq!(said[1].host, None);
    }
}

#[test]
fn an_answer_that_isnt_the_published_address_differs() {
    let settings = settings(AddressChoice::Webresolver, Records::Ipv6, |form| form.fall_backs.clear());
    let network = network(&[("2003:e1::fade", TEMPORARY), ("2003:e1::20", STABLE)]);
    let state = state(vec![told(WEB6, known("2003:e1::fade"))], read(network));
    let why = why(&settings, &state, &settings.entries[0], Family::Ipv6);
    assert!(matches!(why.outcome, Outcome::Publish { address: own, .. } if own == address("2003:e1::20")));
    assert_eq!(why.said[0].weight, Weight::Differs);
}

#[test]
fn a_second_look_counts_when_a_while_has_passed() {
    let settings = settings(AddressChoice::Router, Records::Ipv4, |_| {});
    for (looks, after, confirmed) in [(2, 5, true), (2, 4, false), (1, 5, false), (1, 4, false)] {
        let mut state = state(vec![told(ROUTER4, known("84.160.12.7"))], read(home()));
        let seen = state.sources.get_mut(&ROUTER4).and_then(|at| at.last.as_mut()).expect("it told");
        (seen.looks, seen.since) = (looks, seen.at - SignedDuration::from_secs(after));
        let outcome = outcome(&settings, &state, &settings.entries[0], Family::Ipv4);
        assert_eq!(matches!(outcome, Outcome::Publish { .. }), confirmed, "{looks} looks, {after} s");
    }
}

#[test]
fn this_machines_own_address_is_part_of_the_reason_where_it_counts() {
    use crate::told::NOW;
    let own = dyntray_core::types::source::Source::interface(Family::Ipv6);
    let lasting = "2003:e1::20";
    for (choice, sandboxed, counts) in [
        (AddressChoice::Webresolver, false, true),
        (AddressChoice::Web, false, true),
        (AddressChoice::Interface, false, true),
        (AddressChoice::Interface, true, true),
        (AddressChoice::Webresolver, true, false),
        (AddressChoice::Router, false, false),
    ] {
        let settings = settings(choice, Records::Ipv6, |form| {
            if sandboxed {
                form.resolver_ipv6 = "http://127.0.0.1:8245/checkip6".to_owned();
            }
        });
        let state = state(vec![told(WEB6, known(lasting)), told(own, known(lasting))], read(home()));
        let said = why(&settings, &state, &settings.entries[0], Family::Ipv6).said;
        let is_part = said.iter().any(|said| said.origin == Origin::Interface);
        assert_eq!(is_part, counts, "{choice:?}, sandboxed: {sandboxed}");
        assert!(said.iter().all(|said| said.at == NOW));
    }
}
