//! The diagnoses of the network.

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::present::diagnose::Diagnosis;
use dyntray_core::settings::Records;
use dyntray_core::settings::form::AddressChoice;
use dyntray_core::types::address::Unpublishable;
use dyntray_core::types::network::{Network, NetworkId};
use jiff::civil::Date;

use crate::assessed::diagnose;
use crate::told::{
    ROUTER4, STABLE, Told, WEB4, WEB6, fails, further, home, known, network, read, settings, state, told,
    unpublishable,
};

const A: &str = "84.160.12.7";
const SHOWS: Date = Date::constant(2038, 1, 19);
const LASTING: &str = "2003:e1::20";

fn said(protocol: Records, told: Vec<Told>, network: Network) -> Vec<Diagnosis> {
    let settings = settings(AddressChoice::Webresolver, protocol, |_| {});
    diagnose(&settings, &state(told, read(network)))
}

#[test]
fn of_a_line_in_order_there_is_nothing_to_say() {
    let all = vec![told(WEB4, known(A)), told(ROUTER4, known(A)), told(WEB6, known(LASTING))];
    assert_eq!(said(Records::Both, all, home()), []);
    assert_eq!(said(Records::Both, vec![], home()), [], "nobody was asked yet");
    assert_eq!(said(Records::Ipv4, vec![told(WEB4, known(A))], home()), []);
}

#[test]
fn each_state_of_the_network_is_told_from_the_others() {
    let unreachable = || fails(LookUpProblem::Unreachable);
    let no_name = || fails(LookUpProblem::NameNotFound);
    let wrong_clock = || fails(LookUpProblem::WrongClock { shows: SHOWS });
    let sign_in = || fails(LookUpProblem::SignInPage);
    let cases: Vec<(&str, Vec<Told>, Vec<Diagnosis>)> = vec![
        ("unreachable", vec![told(WEB4, unreachable())], vec![Diagnosis::NoInternet]),
        ("no address", vec![told(WEB4, Observation::NoAddress)], vec![Diagnosis::NoInternet]),
        (
            "only the first is unreachable",
            vec![told(WEB4, unreachable()), told(further(0), known(A))],
            vec![],
        ),
        ("too late", vec![told(WEB4, fails(LookUpProblem::TimedOut))], vec![]),
        ("no names", vec![told(WEB4, no_name())], vec![Diagnosis::NoInternet]),
        (
            "no names, and the line is up",
            vec![told(WEB4, no_name()), told(ROUTER4, known(A))],
            vec![Diagnosis::DnsBlocked],
        ),
        (
            "no names, and the router has no line",
            vec![told(WEB4, no_name()), told(ROUTER4, Observation::NoAddress)],
            vec![Diagnosis::NoInternet],
        ),
        ("a sign-in page", vec![told(WEB4, sign_in())], vec![Diagnosis::SignInPage]),
        ("a wrong clock", vec![told(WEB4, wrong_clock())], vec![Diagnosis::WrongClock { shows: SHOWS }]),
        ("a wrong clock for one of two", vec![told(WEB4, wrong_clock()), told(further(0), known(A))], vec![]),
        ("an old certificate", vec![told(WEB4, fails(LookUpProblem::CertificateExpired))], vec![]),
        ("a sign-in page for one of two", vec![told(WEB4, sign_in()), told(further(0), known(A))], vec![]),
        ("two lines", vec![told(WEB4, known(A)), told(ROUTER4, known("84.160.12.8"))], vec![Diagnosis::Vpn]),
        (
            "a shared address",
            vec![told(WEB4, known(A)), told(ROUTER4, Observation::NoAddress)],
            vec![Diagnosis::SharedAddress { ipv6: false }],
        ),
        (
            "a router behind a router",
            vec![told(WEB4, known(A)), told(ROUTER4, unpublishable("10.0.0.2", Unpublishable::Private))],
            vec![Diagnosis::DoubleNat],
        ),
        (
            "a router that keeps its address for itself",
            vec![
                told(WEB4, known(A)),
                told(ROUTER4, fails(LookUpProblem::AddressKept { next: None, outer: None })),
            ],
            vec![Diagnosis::AddressKept],
        ),
        (
            "the same, where the first web resolver doesn't answer",
            vec![
                told(WEB4, fails(LookUpProblem::TimedOut)),
                told(further(0), known(A)),
                told(ROUTER4, fails(LookUpProblem::AddressKept { next: None, outer: None })),
            ],
            vec![Diagnosis::AddressKept],
        ),
        (
            "the same while nobody else tells",
            vec![told(ROUTER4, fails(LookUpProblem::AddressKept { next: None, outer: None }))],
            vec![],
        ),
    ];
    for (name, told, expected) in cases {
        assert_eq!(said(Records::Ipv4, told, home()), expected, "{name}");
    }
}

#[test]
fn a_shared_address_says_whether_ipv6_is_there_instead() {
    let all = vec![told(WEB4, known(A)), told(ROUTER4, Observation::NoAddress), told(WEB6, known(LASTING))];
    assert_eq!(said(Records::Both, all, home()), [Diagnosis::SharedAddress { ipv6: true }]);
}

#[test]
fn a_line_with_ipv6_alone_is_named_where_ipv4_is_wanted() {
    let alone = || network(&[(LASTING, STABLE)]);
    let told = || vec![told(WEB4, fails(LookUpProblem::Unreachable)), told(WEB6, known(LASTING))];
    assert_eq!(said(Records::Both, told(), alone()), [Diagnosis::Ipv6Only]);
    assert_eq!(said(Records::Ipv6, told(), alone()), []);
    assert_eq!(said(Records::Both, told(), home()), [], "there is a way out for IPv4");
}

#[test]
fn without_any_way_out_there_is_no_internet_whatever_was_told_before() {
    let mut cut = home();
    cut.outgoing.ipv4 = None;
    assert_eq!(said(Records::Ipv4, vec![told(WEB4, known(A))], cut.clone()), [], "one family is a way out");
    cut.outgoing.ipv6 = None;
    assert_eq!(said(Records::Ipv4, vec![told(WEB4, known(A))], cut), [Diagnosis::NoInternet]);
}

#[test]
fn another_network_than_homes_is_named() {
    let settings = settings(AddressChoice::Webresolver, Records::Ipv4, |_| {});
    let mut at = state(vec![told(WEB4, known(A))], read(home()));
    at.homes.insert(NetworkId("another".to_owned()));
    assert_eq!(diagnose(&settings, &at), [Diagnosis::Elsewhere]);
}

#[test]
fn without_enabled_entries_the_network_is_nobodys_business() {
    let settings = settings(AddressChoice::Webresolver, Records::Ipv4, |form| {
        form.entries[0].enabled = false;
    });
    let at = state(vec![told(WEB4, fails(LookUpProblem::Unreachable))], read(home()));
    assert_eq!(diagnose(&settings, &at), []);
}
