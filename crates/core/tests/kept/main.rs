//! Files on disk keep their names for everything, whatever the types are called. The file beside this one was written
//! by version 0.1.

use std::collections::BTreeMap;
use std::net::IpAddr;

use dyntray_core::assess::Assessment;
use dyntray_core::observe::dns::DnsAnswer;
use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::protocol::reply::{Accepted, HaltReason, Verdict};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::{HistoryItem, SendEnd};
use dyntray_core::settings::form::{AddressChoice, EntryForm, Form, check};
use dyntray_core::settings::{LoginKind, Records, Settings};
use dyntray_core::state::entry::{EntryState, SecretLook};
use dyntray_core::state::{Pause, State};
use dyntray_core::types::address::{Addresses, Family, PerFamily, PublicAddress};
use dyntray_core::types::cow_arc::CowArc;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::network::{Gateway, Network, NetworkId, Prefix};
use dyntray_core::types::source::Source;
use dyntray_core::{Event, record};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const KEPT: &str = include_str!("version-0.1.json");
const BEGIN: Timestamp = Timestamp::constant(1_800_000_000, 0);

fn public(text: &str) -> PublicAddress {
    let address: IpAddr = text.parse().expect("an address");
    address.try_into().expect("a public one")
}

fn settings() -> Settings {
    let entry = |id, hostname: &str| EntryForm {
        id: Some(EntryId(id)),
        hostname: hostname.into(),
        ..EntryForm::default()
    };
    let account = EntryForm { login: LoginKind::Account, user: "anna".into(), ..entry(1, "home.spdns.de") };
    let custom = EntryForm {
        provider: "custom".into(),
        update_url: "https://a.example.org/u?h={host}&a={ips}".into(),
        ..entry(2, "nas.example.org")
    };
    let fixed = EntryForm {
        address_from: AddressChoice::Fixed,
        fixed_ipv4: "84.160.12.7".into(),
        protocol: Records::Ipv4,
        ..entry(3, "fixed.example.org")
    };
    check(&Form { entries: vec![account, custom, fixed], ..Form::default() }).expect("valid")
}

/// The events of one day, which give each field of the state a value.
fn events(settings: &Settings) -> Vec<Event> {
    let gateway = PerFamily { ipv4: "192.168.178.1".parse().ok(), ipv6: None };
    let gateway = Gateway { addresses: gateway, ids: vec![NetworkId("abc".into())], is_resolving: false };
    let network = Network { gateway: Some(gateway), ..Network::default() };
    let mut events = vec![Event::Started, Event::NetworkSeen(Some(network)), Event::ChangeReported];
    let ipv4 = Observation::Known { address: public("84.160.12.7") };
    let ipv6 = Observation::Known { address: public("2003:e1::7") };
    let no_router = Observation::Unavailable { why: LookUpProblem::NoRouter };
    for (family, web, router) in [(Family::Ipv4, ipv4.clone(), ipv4.clone()), (Family::Ipv6, ipv6, no_router)]
    {
        for (source, seen) in [(Source::web_resolver(family), web), (Source::router(family), router)] {
            events.extend([Event::LookUpStarted(source), Event::LookUpEnded(source, seen)]);
        }
    }
    let prefix = Prefix::of("2003:e1::".parse().expect("an address"), 56);
    let both = Addresses { ipv4: Some(public("84.160.12.7")), ipv6: Some(public("2003:e1::7")) };
    let send = |entry: usize, addresses| Event::SendStarted(settings.entries[entry].request(addresses));
    let end = |id, end| Event::SendEnded(EntryId(id), end);
    let records = PerFamily {
        ipv4: vec!["84.160.12.7".parse().expect("an address")],
        ipv6: vec!["2003:e1::9".parse().expect("an address")],
    };
    events.extend([
        Event::PrefixTold(Source::router(Family::Ipv6), Some(prefix)),
        send(0, both),
        end(1, SendEnd::Answered(Verdict::Accepted(Accepted::Good))),
        Event::DnsCheckStarted(EntryId(1)),
        Event::DnsCheckEnded(EntryId(1), DnsAnswer::Records(records)),
        send(1, both),
        end(2, SendEnd::Failed(RetryableError::Server { code: "911".into() })),
        send(2, Addresses { ipv6: None, ..both }),
        end(3, SendEnd::Answered(Verdict::Halt(HaltReason::BadAuth))),
        send(1, both),
        Event::LookUpStarted(Source::web_resolver(Family::Ipv4)),
        Event::ChangeReported,
        Event::Paused(Pause { until: Some(BEGIN + SignedDuration::from_secs(9999)) }),
    ]);
    events
}

#[test]
fn the_same_events_lead_to_the_same_file_as_in_version_0_1() {
    let settings = settings();
    let (mut state, mut history) = (State { seed: 7, ..State::default() }, Vec::new());
    let mut assessment = Assessment::of(&settings, &state);
    let mut now = BEGIN;
    for event in events(&settings) {
        now += SignedDuration::from_secs(1);
        let recorded = record(state, assessment, &settings, event, now);
        (state, assessment) = (recorded.state, recorded.assessment);
        history.extend(recorded.history);
    }
    // A later version looks for secrets that nobody has seen, and notes that it still has to, or that one was used.
    // It knows services by name.
    for id in [1, 2, 3] {
        let at = state.entries.entry(EntryId(id)).or_default();
        (at.secret_look, at.secret_saved) = (SecretLook::default(), None);
        at.key.iter_mut().for_each(|key| key.service = None);
    }
    let kept: Value = serde_json::from_str(KEPT).expect("JSON");
    let now = json!({ "state": state, "entries": state.entries, "history": history });
    for part in ["state", "entries", "history"] {
        assert_eq!(now[part], kept[part], "{part}");
    }
}

#[test]
fn the_files_of_version_0_1_are_read_and_written_as_they_were() {
    let kept: Value = serde_json::from_str(KEPT).expect("JSON");
    let state: State = serde_json::from_value(kept["state"].clone()).expect("a state");
    let entries: BTreeMap<EntryId, CowArc<EntryState>> =
        serde_json::from_value(kept["entries"].clone()).expect("entries");
    let history: Vec<HistoryItem> = serde_json::from_value(kept["history"].clone()).expect("a history");
    assert_eq!((state.sources.len(), entries.len(), history.len()), (6, 3, 3));
    let written = json!({ "state": state, "entries": entries, "history": history });
    assert_eq!(written, kept);
}
