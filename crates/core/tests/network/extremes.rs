//! Times from outside, up to the first and the last moment there is: of a clock, a state file, a pause, a server. No sum
//! fails, and nothing waits for the end of time.

use dyntray_core::assess::Assessment;
use dyntray_core::observe::dns::{DnsAnswer, DnsProblem};
use dyntray_core::observe::observation::LookUpProblem;
use dyntray_core::protocol::reply::{Accepted, Verdict};
use dyntray_core::protocol::retry_after::RetryAfter;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::{Event, SecretPresence, SendEnd};
use dyntray_core::settings::form::{AddressChoice, EntryForm, Form};
use dyntray_core::settings::providers::all;
use dyntray_core::settings::{Records, Settings};
use dyntray_core::state::{Pause, State};
use dyntray_core::types::address::PerFamily;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::{Step, decide, present, record};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::Value;

use crate::told::{
    NOW, ROUTER4, ROUTER6, STABLE, WEB4, WEB6, fails, further, home, known, network, settings,
};

const YEAR: SignedDuration = SignedDuration::from_hours(366 * 24);

fn any_moment() -> impl Strategy<Value = Timestamp> {
    let second = SignedDuration::from_secs(1);
    prop_oneof![
        1 => Just(Timestamp::MIN),
        1 => Just(Timestamp::MIN + second),
        1 => Just(Timestamp::UNIX_EPOCH),
        4 => (-100_000..100_000i64).prop_map(|seconds| NOW + SignedDuration::from_secs(seconds)),
        1 => Just(Timestamp::MAX - second),
        1 => Just(Timestamp::MAX),
    ]
}

fn any_length() -> impl Strategy<Value = SignedDuration> {
    let lengths =
        [SignedDuration::MIN, SignedDuration::ZERO, SignedDuration::from_hours(1), SignedDuration::MAX];
    prop::sample::select(lengths.to_vec())
}

/// Anything that can happen, of any entry and source.
fn any_event() -> impl Strategy<Value = Event> {
    let id = || (1..4u32).prop_map(EntryId);
    let source = || prop::sample::select(vec![WEB4, WEB6, ROUTER4, ROUTER6, further(0)]);
    let seen = prop::sample::select(vec![
        known("84.160.12.7"),
        known("84.160.12.8"),
        fails(LookUpProblem::Unreachable),
        fails(LookUpProblem::TimedOut),
    ]);
    let end = prop::sample::select(vec![
        SendEnd::Answered(Verdict::Accepted(Accepted::Good)),
        SendEnd::Answered(Verdict::Accepted(Accepted::NoChange)),
        SendEnd::Answered(Verdict::Retry(RetryableError::Server { code: "911".into() })),
        SendEnd::Failed(RetryableError::Unreachable),
        SendEnd::Failed(RetryableError::Unconfirmed),
        SendEnd::Failed(RetryableError::KeyringLocked),
        SendEnd::NoSecret { keyring: None },
    ]);
    let own = vec![None, Some(home()), Some(network(&[("84.160.12.7", STABLE), ("2003:e1::21", STABLE)]))];
    let answer = vec![
        DnsAnswer::CantVerify(DnsProblem::NoAnswer),
        DnsAnswer::Records(PerFamily::default()),
        DnsAnswer::Records(PerFamily {
            ipv4: vec!["91.3.4.5".parse().expect("an address")],
            ipv6: Vec::new(),
        }),
    ];
    let simple = prop::sample::select(vec![
        Event::Started,
        Event::Tick,
        Event::ChangeReported,
        Event::ThisIsHome,
        Event::HomesForgotten,
        Event::UpdateNow,
        Event::UpdateWhenDue,
        Event::Resumed,
        Event::KeyringBack,
        Event::ReleaseLookStarted,
        Event::ReleaseLookEnded(None),
        Event::WindowClosed,
        Event::TrayKnown,
        Event::PrefixTold(ROUTER6, None),
    ]);
    prop_oneof![
        4 => simple,
        1 => prop::collection::btree_set(id(), 0..3).prop_map(|new_secrets| Event::SettingsChanged { new_secrets }),
        2 => prop::sample::select(own).prop_map(Event::NetworkSeen),
        1 => id().prop_map(Event::DnsCheckStarted),
        1 => (id(), prop::sample::select(answer)).prop_map(|(id, answer)| Event::DnsCheckEnded(id, answer)),
        1 => source().prop_map(Event::LookUpStarted),
        3 => (source(), seen).prop_map(|(source, seen)| Event::LookUpEnded(source, seen)),
        3 => (id(), end).prop_map(|(id, end)| Event::SendEnded(id, end)),
        1 => any_length().prop_map(|wait| {
            Event::RetryAfter(RetryAfter { server: "update.spdyn.de".into(), status: 429, wait })
        }),
        1 => id().prop_map(Event::TryAgain),
        1 => prop::option::of(any_moment()).prop_map(|until| Event::Paused(Pause { until })),
        1 => id().prop_map(Event::SecretLookStarted),
        1 => id().prop_map(|id| Event::SecretLookEnded(id, SecretPresence::Found)),
        1 => id().prop_map(Event::SecretGone),
    ]
}

/// Three entries: at SPDYN, at a service that wants time between two requests, and with an address of this machine.
fn three() -> Settings {
    let paced = all().iter().find(|row| row.dialect.pace.least().is_some()).expect("one wants time");
    settings(AddressChoice::Webresolver, Records::Both, |form: &mut Form| {
        "https://example.org/dyntray.json".clone_into(&mut form.releases);
        "24 h".clone_into(&mut form.interval);
        form.entries.push(EntryForm {
            id: Some(EntryId(2)),
            hostname: "home.example.org".to_owned(),
            provider: paced.id.clone(),
            ..EntryForm::default()
        });
        form.entries.push(EntryForm {
            id: Some(EntryId(3)),
            hostname: "third.spdns.de".to_owned(),
            address_from: AddressChoice::Interface,
            ..EntryForm::default()
        });
    })
}

/// Puts other times and lengths in the places of those in `value`, one after the other.
fn replace(
    value: &mut Value,
    times: &mut impl Iterator<Item = Timestamp>,
    lengths: &mut impl Iterator<Item = SignedDuration>,
) {
    match value {
        Value::String(text) if text.parse::<Timestamp>().is_ok() => {
            *text = times.next().expect("without end").to_string();
        }
        Value::String(text) if text.parse::<SignedDuration>().is_ok() => {
            *text = lengths.next().expect("without end").to_string();
        }
        Value::Array(values) => values.iter_mut().for_each(|value| replace(value, times, lengths)),
        Value::Object(fields) => fields.values_mut().for_each(|value| replace(value, times, lengths)),
        _ => {}
    }
}

/// The kept state, which has a value for nearly every field, with any times.
fn kept_with(times: &[Timestamp], lengths: &[SignedDuration]) -> State {
    let (mut times, mut lengths) = (times.iter().copied().cycle(), lengths.iter().copied().cycle());
    let mut kept: Value = serde_json::from_str(include_str!("../kept/version-0.1.json")).expect("JSON");
    for part in ["state", "entries"] {
        replace(&mut kept[part], &mut times, &mut lengths);
    }
    let mut state: State = serde_json::from_value(kept["state"].clone()).expect("a state");
    state.entries = serde_json::from_value(kept["entries"].clone()).expect("entries");
    state
}

/// Twice as many cases as usual, or as the environment says: each is over in no time.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases.saturating_mul(2), failure_persistence: None, ..usual }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_time_it_is_and_whatever_is_remembered_no_sum_fails_and_no_wait_is_for_ever(
        times in prop::collection::vec(any_moment(), 1..40),
        lengths in prop::collection::vec(any_length(), 1..4),
        events in prop::collection::vec((any_event(), any_moment()), 1..30),
    ) {
        let settings = three();
        let mut state = kept_with(&times, &lengths);
        let mut assessment = Assessment::of(&settings, &state);
        for (event, now) in events {
            let recorded = record(state, assessment, &settings, event.clone(), now);
            (state, assessment) = (recorded.state, recorded.assessment);
            let step = decide(&settings, &state, &assessment, now);
            if let Step::Send(request) = &step {
                let sent = record(state, assessment, &settings, Event::SendStarted(request.clone()), now);
                (state, assessment) = (sent.state, sent.assessment);
            }
            present(&settings, &state, &assessment, &[], now);
            let is_corrected = matches!(event, Event::Started | Event::Tick);
            if let Some(until) = state.pause.and_then(|pause| pause.until).filter(|_| is_corrected) {
                prop_assert!(until.duration_since(now) <= YEAR, "paused until {until} at {now}");
            }
            if let (Step::WaitUntil(until), true) = (step, is_corrected) {
                prop_assert!(until.duration_since(now) <= YEAR, "waits until {until} at {now}");
            }
        }
    }
}

#[test]
fn a_pause_until_the_end_of_time_is_one_of_a_year() {
    let state = State::default();
    for (until, expected) in [
        (Some(Timestamp::MAX), Some(NOW + YEAR)),
        (Some(NOW + SignedDuration::from_hours(1)), Some(NOW + SignedDuration::from_hours(1))),
        (Some(Timestamp::MIN), Some(Timestamp::MIN)),
        (None, None),
    ] {
        let paused = Event::Paused(Pause { until });
        let after = crate::assessed::record(state.clone(), &three(), paused, NOW).state;
        assert_eq!(after.pause, Some(Pause { until: expected }));
        let next = crate::assessed::record(after, &three(), Event::Tick, NOW).state;
        assert_eq!(next.is_paused(NOW), until != Some(Timestamp::MIN), "{until:?}");
    }
}
