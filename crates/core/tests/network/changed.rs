//! The state of an entry after a person changed its settings.

use dyntray_core::observe::dns::Live;
use dyntray_core::protocol::reply::{Accepted, HaltReason, Verdict};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::protocol::url_template::UrlTemplate;
use dyntray_core::record::{Event, SendEnd};
use dyntray_core::settings::LoginKind;
use dyntray_core::settings::Records;
use dyntray_core::settings::Settings;
use dyntray_core::settings::form::{AddressChoice, Form};
use dyntray_core::state::State;
use dyntray_core::state::entry::{Attempt, EntryKey, EntryState, Halt, Published, Superseded};
use dyntray_core::types::cow_arc::CowArc;
use dyntray_core::types::entry_id::EntryId;
use jiff::SignedDuration;

use crate::assessed::record;
use crate::told::{NOW, address, settings};

const ID: EntryId = EntryId(1);

/// An entry with the default settings, halted while its name servers and its service are being asked.
fn before() -> State {
    let usual = settings(AddressChoice::Web, Records::Both, |_| {});
    let event = || Event::SettingsChanged { new_secrets: [].into() };
    let mut state = record(State::default(), &usual, event(), NOW).state;
    let at = state.entries.get_mut(&ID).expect("it is new");
    at.published.ipv4 = Some(Published { address: address("84.160.12.7"), at: NOW });
    at.in_flight = Some(Box::new(Attempt {
        server: "update.spdyn.de".to_owned(),
        addresses: at.published_addresses(),
        since: NOW,
        superseded: Superseded::No,
        why: Vec::new(),
    }));
    at.halt = Some(Halt { reason: HaltReason::BadAuth, at: NOW });
    at.secret_saved = Some(NOW - SignedDuration::from_hours(1));
    at.person_waits = false;
    (at.live.records.ipv4, at.live.asked) = (Live::Live { since: NOW }, Some(NOW));
    state
}

fn after(before: State, change: impl FnOnce(&mut Form)) -> CowArc<EntryState> {
    let changed = settings(AddressChoice::Web, Records::Both, change);
    let event = Event::SettingsChanged { new_secrets: [].into() };
    record(before, &changed, event, NOW).state.entries.remove(&ID).expect("it is there")
}

fn superseded(at: &EntryState) -> Option<Superseded> {
    at.in_flight.as_ref().map(|attempt| attempt.superseded)
}

#[test]
fn another_host_is_another_story_but_for_its_secret_and_for_whom_is_being_asked() {
    let other = |form: &mut Form| form.entries[0].hostname = "office.spdns.de".to_owned();
    let at = after(before(), other);
    assert_eq!((at.published.ipv4, &at.halt, &at.live.records.ipv4), (None, &None, &Live::Unknown));
    let key = at.key.as_ref().map(|key| key.hostname.to_string());
    assert_eq!(key.as_deref(), Some("office.spdns.de"), "the next change is one of this host");
    assert_eq!(at.secret_saved, Some(NOW - SignedDuration::from_hours(1)));
    assert!(at.person_waits, "who changed it wants to hear what comes of it");
    assert_eq!((at.live.asked, at.live.superseded), (Some(NOW), true));
    assert_eq!(superseded(&at), Some(Superseded::ByHost));
    let mut quiet = before();
    quiet.entries.get_mut(&ID).expect("it is there").live.asked = None;
    let at = after(quiet, other);
    assert_eq!((at.live.asked, at.live.superseded), (None, false), "nobody was being asked");
}

#[test]
fn another_login_supersedes_what_is_under_way_and_other_records_dont() {
    let login = after(before(), |form| {
        (form.entries[0].login, form.entries[0].user) = (LoginKind::Account, "anna".to_owned());
    });
    let records = after(before(), |form| form.entries[0].protocol = Records::Ipv4);
    let nothing = after(before(), |_| {});
    for (at, expected, goes_on) in [
        (login, Superseded::ByLogin, true),
        (records, Superseded::No, true),
        (nothing, Superseded::No, false),
    ] {
        assert_eq!(superseded(&at), Some(expected));
        assert!(at.published.ipv4.is_some(), "what the service holds stays known");
        assert_eq!((at.halt.is_none(), at.person_waits), (goes_on, goes_on), "{expected:?}");
    }
}

#[test]
fn what_was_announced_is_kept_while_the_same_are_asked() {
    let asks = |whom: &str| {
        let whom = whom.to_owned();
        settings(AddressChoice::Web, Records::Both, |form| form.releases = whom)
    };
    let (one, other) = (asks("https://example.org/one.json"), asks("https://example.org/other.json"));
    let saved = |state, settings| {
        record(state, settings, Event::SettingsChanged { new_secrets: [].into() }, NOW).state
    };
    let mut state = saved(State::default(), &one);
    state.releases.next = Some(NOW);
    state = saved(state, &one);
    assert_eq!(state.releases.next, Some(NOW), "nothing has changed");
    state = saved(state, &other);
    assert_eq!(state.releases.next, None, "others haven't been asked");
    state.releases.next = Some(NOW);
    assert_eq!(saved(state, &other).releases.next, Some(NOW), "now they have");
}

/// An entry at Joker, halted, with an accepted address, as an older version of the table knew the service.
fn of_an_older_table(service: Option<&str>) -> (State, Settings) {
    let at_joker = |form: &mut Form| {
        "joker".clone_into(&mut form.entries[0].provider);
        "anna".clone_into(&mut form.entries[0].user);
    };
    let settings = settings(AddressChoice::Web, Records::Both, at_joker);
    let mut state = before();
    let at = state.entries.get_mut(&ID).expect("it is there");
    let key = EntryKey::of(&settings.entries[0]);
    at.in_flight = None;
    at.key = Some(EntryKey {
        service: service.map(Into::into),
        template: UrlTemplate::parse("?username={user}&password={password}&hostname={host}&myip={ip}")
            .expect("a template"),
        ..key
    });
    (state, settings)
}

#[test]
fn a_new_version_of_the_table_ends_no_halt_and_forgets_nothing() {
    for service in [Some("joker"), None] {
        for event in [Event::Started, Event::SettingsChanged { new_secrets: [].into() }] {
            let (state, settings) = of_an_older_table(service);
            let at = record(state, &settings, event, NOW).state.entries.remove(&ID).expect("it is there");
            assert!(at.halt.is_some() && !at.person_waits, "{service:?}");
            assert!(at.published.ipv4.is_some(), "{service:?}");
            assert_eq!(at.key, Some(EntryKey::of(&settings.entries[0])), "{service:?}");
        }
    }
}

#[test]
fn another_service_at_the_same_server_is_another_story() {
    for service in ["custom", ""] {
        let (state, settings) = of_an_older_table(Some(service));
        let event = Event::SettingsChanged { new_secrets: [].into() };
        let at = record(state, &settings, event, NOW).state.entries.remove(&ID).expect("it is there");
        assert!(at.halt.is_none() && at.person_waits && at.published.ipv4.is_none(), "{service:?}");
    }
}

#[test]
fn one_and_the_same_request_by_another_name_is_no_change() {
    let named = |form: &mut Form| form.entries[0].provider = "spdyn".to_owned();
    let at = after(before(), named);
    assert!(at.halt.is_some() && at.published.ipv4.is_some());
}

#[test]
fn a_secret_that_was_just_used_counts_as_kept_whatever_was_known_of_it() {
    let usual = settings(AddressChoice::Web, Records::Both, |_| {});
    for verdict in [
        Verdict::Accepted(Accepted::Good),
        Verdict::Halt(HaltReason::Abuse),
        Verdict::Retry(RetryableError::Server { code: "911".to_owned() }),
    ] {
        let mut state = before();
        state.entries.get_mut(&ID).expect("it is there").secret_saved = None;
        let ended = |end| record(state.clone(), &usual, Event::SendEnded(ID, end), NOW).state.entry(ID);
        let used = ended(SendEnd::Answered(verdict));
        assert_eq!((used.secret_saved, used.secret_kept_since()), (Some(NOW), Some(NOW)));
        for unused in [SendEnd::NoSecret { keyring: None }, SendEnd::Failed(RetryableError::KeyringLocked)] {
            assert_eq!(ended(unused).secret_kept_since(), None);
        }
    }
    let mut old = before();
    let at = old.entries.get_mut(&ID).expect("it is there");
    (at.secret_saved, at.secret_accepted) = (None, Some(NOW));
    assert_eq!(at.secret_kept_since(), Some(NOW), "as older states have it");
}
