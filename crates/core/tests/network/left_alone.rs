//! Web resolvers that ask to be left alone for a while.

use dyntray_core::Step;
use dyntray_core::observe::observation::LookUpProblem;
use dyntray_core::present::{Next, NextWhy};
use dyntray_core::protocol::retry_after::RetryAfter;
use dyntray_core::record::Event;
use dyntray_core::settings::form::AddressChoice;
use dyntray_core::settings::{Records, Settings};
use dyntray_core::state::State;
use dyntray_core::types::source::Source;
use jiff::{SignedDuration, Timestamp};

use crate::assessed::{decide, present, record};
use crate::told::{NOW, WEB4, WEB6, fails, further, home, known, read, settings, state, told};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn later(wait: SignedDuration) -> Timestamp {
    NOW + wait
}

/// The web resolver for IPv4 was asked, and asks to wait for an hour.
fn throttled(settings: &Settings, mut before: State) -> State {
    let server = settings.resolver(WEB4).expect("a web resolver").authority().to_owned();
    before.sources.entry(WEB4).or_default().asked = Some(NOW);
    let wish = RetryAfter { server, status: 429, wait: HOUR };
    let noted = record(before, settings, Event::RetryAfter(wish), NOW).state;
    let seen = fails(LookUpProblem::Status { status: 429 });
    record(noted, settings, Event::LookUpEnded(WEB4, seen), NOW).state
}

fn without_others(records: Records) -> Settings {
    settings(AddressChoice::Web, records, |form| form.fall_backs.clear())
}

#[test]
fn a_web_resolver_that_asks_to_wait_is_asked_no_sooner_whoever_wants_it() {
    let settings = without_others(Records::Ipv4);
    let mut at = throttled(&settings, state(Vec::new(), read(home())));
    for event in [Event::Tick, Event::UpdateNow, Event::SettingsChanged { new_secrets: [].into() }] {
        at = record(at, &settings, event.clone(), later(SignedDuration::from_mins(20))).state;
        let now = later(SignedDuration::from_mins(30));
        assert_eq!(decide(&settings, &at, now), Step::WaitUntil(later(HOUR)), "{event:?}");
        let next = present(&settings, &at, &[], now).entries.remove(0).next;
        assert_eq!(next, Some(Next::look_up(later(HOUR), NextWhy::RetryAfter)), "{event:?}");
    }
    assert_eq!(decide(&settings, &at, later(HOUR)), Step::LookUp(WEB4));
}

#[test]
fn meanwhile_another_one_is_asked_and_its_address_goes_out() {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    let mut at = throttled(&settings, state(Vec::new(), read(home())));
    let mut now = NOW;
    for source in [further(0), further(1)] {
        now += SignedDuration::from_secs(1);
        assert_eq!(decide(&settings, &at, now), Step::LookUp(source));
        at = record(at, &settings, Event::LookUpStarted(source), now).state;
        at = record(at, &settings, Event::LookUpEnded(source, known("84.160.12.7")), now).state;
    }
    assert!(matches!(decide(&settings, &at, now), Step::Send(_)), "{:?}", decide(&settings, &at, now));
}

#[test]
fn another_web_resolver_by_a_persons_choice_is_asked_at_once() {
    let settings = without_others(Records::Ipv4);
    let at = throttled(&settings, state(Vec::new(), read(home())));
    let other = crate::told::settings(AddressChoice::Web, Records::Ipv4, |form| {
        form.fall_backs.clear();
        form.resolver_ipv4 = "https://ip.example.org/".to_owned();
    });
    let at = record(at, &other, Event::SettingsChanged { new_secrets: [].into() }, NOW).state;
    assert_eq!(decide(&other, &at, NOW), Step::LookUp(WEB4));
}

/// One web resolver for both families. It asked to wait when it was asked for the one, so its address of the other may
/// be a former one after a change of the network.
#[test]
fn an_address_that_should_be_asked_for_again_and_mustnt_be_is_not_sent() {
    let settings = crate::told::settings(AddressChoice::Web, Records::Ipv6, |form| {
        form.fall_backs.clear();
        form.resolver_ipv4 = "https://ip.example.org/4".to_owned();
        form.resolver_ipv6 = "https://ip.example.org/6".to_owned();
    });
    let at = throttled(&settings, state(vec![told(WEB6, known("2003:e1::20"))], read(home())));
    let due = |next: Option<Timestamp>, source: Source| {
        let mut at = at.clone();
        at.sources.get_mut(&source).expect("it was asked").next = next;
        decide(&settings, &at, NOW)
    };
    assert!(matches!(due(Some(later(HOUR)), WEB6), Step::Send(_)), "not due again yet");
    assert_eq!(due(None, WEB6), Step::WaitUntil(later(HOUR)));
    assert_eq!(due(Some(NOW), WEB6), Step::WaitUntil(later(HOUR)));
}
