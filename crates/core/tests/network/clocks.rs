//! Clocks that were ahead: whatever is remembered from the future, no start and no later moment waits for it.

use dyntray_core::Step;
use dyntray_core::observe::dns::Live;
use dyntray_core::observe::observation::LookUpProblem;
use dyntray_core::protocol::reply::HaltReason;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::Event;
use dyntray_core::settings::form::{AddressChoice, Form};
use dyntray_core::settings::{Records, Settings};
use dyntray_core::state::entry::{EntryState, Halt, Published, RetryState};
use dyntray_core::state::{Debounce, Pause, State};
use dyntray_core::types::entry_id::EntryId;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::assessed::{decide, record};
use crate::told::{
    NOW, ROUTER4, Told, WEB4, address, fails, failure, home, known, read, settings, state, told,
};

const IPV4: &str = "84.160.12.7";
const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// The longest wait that anything has, but for the question for new versions.
const LONGEST: SignedDuration = SignedDuration::from_mins(7 * 60);

fn one() -> Settings {
    settings(AddressChoice::Web, Records::Ipv4, |_| {})
}

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

fn with(entry: EntryState) -> State {
    State {
        entries: [(EntryId(1), entry.into())].into(),
        ..state(vec![told(WEB4, known(IPV4))], read(home()))
    }
}

fn entry_after(entry: EntryState, event: Event) -> EntryState {
    EntryState::clone(&record(with(entry), &one(), event, NOW).state.entries[&EntryId(1)])
}

/// A failure whose clock was `ahead`; the next try is `wait` later.
fn failed_ahead(error: RetryableError, ahead: SignedDuration, wait: SignedDuration) -> EntryState {
    let at = NOW + ahead;
    let retry = RetryState { since: at, last: at, ..failure(error, at + wait) };
    EntryState { retry: Some(Box::new(retry)), ..EntryState::default() }
}

fn wait_after(entry: EntryState, event: Event) -> SignedDuration {
    entry_after(entry, event).retry.expect("it failed").retry_at.duration_since(NOW)
}

/// Every text in `value` that is a time, with its path.
fn times(path: &str, value: &Value, found: &mut Vec<(String, Timestamp)>) {
    match value {
        Value::String(text) => found.extend(text.parse().ok().map(|at: Timestamp| (path.to_owned(), at))),
        Value::Array(values) => values.iter().for_each(|value| times(path, value, found)),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| times(&format!("{path}.{name}"), value, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The kept file has a value for nearly every field of the state. A new field is found here as well.
#[test]
fn no_moment_of_the_future_outlives_a_start_or_a_tick() {
    let kept: Value = serde_json::from_str(include_str!("../kept/version-0.1.json")).expect("JSON");
    let mut before: State = serde_json::from_value(kept["state"].clone()).expect("a state");
    before.entries = serde_json::from_value(kept["entries"].clone()).expect("entries");
    let settings = one();
    // A week, a year and 56 years before that file was written.
    for now in ["2027-01-08T08:00:00Z", "2026-01-15T08:00:00Z", "1971-01-01T00:00:00Z"] {
        let now: Timestamp = now.parse().expect("a time");
        for event in [Event::Tick, Event::Started] {
            let after = record(before.clone(), &settings, event.clone(), now).state;
            let mut found = Vec::new();
            times("state", &serde_json::to_value(&after).expect("JSON"), &mut found);
            times("entries", &serde_json::to_value(&after.entries).expect("JSON"), &mut found);
            assert!(found.len() > 10, "{found:?}");
            for (path, at) in found {
                let is_wait =
                    [".next", ".settles", ".retry_at", ".until"].iter().any(|it| path.ends_with(it));
                let latest = if is_wait { now + LONGEST } else { now };
                assert!(at <= latest, "{path} is {at} after {event:?} at {now}");
            }
        }
    }
}

#[test]
fn at_a_start_what_was_never_sent_is_due_and_what_was_waits_as_for_the_first_time() {
    let server = || RetryableError::Server { code: "911".to_owned() };
    for (error, wait, least, most) in [
        (RetryableError::Unreachable, 900, 0, 0),
        (RetryableError::NotTrusted, 6 * 3600, 0, 0),
        (RetryableError::KeyringLocked, 900, 0, 0),
        (RetryableError::Unconfirmed, 7200, 300, 330),
        (RetryableError::Unconfirmed, 60, 60, 60),
        (server(), 6 * 3600, 1800, 1980),
    ] {
        for ahead in [HOUR, YEAR, 50 * YEAR] {
            let entry = failed_ahead(error.clone(), ahead, seconds(wait));
            let left = wait_after(entry, Event::Started);
            assert!(left >= seconds(least) && left <= seconds(most), "{error:?} {ahead:?}: {left:?}");
        }
        // With a clock that was right, a start changes no wait.
        let entry = failed_ahead(error.clone(), seconds(-30), seconds(wait));
        assert_eq!(wait_after(entry, Event::Started), seconds(wait - 30), "{error:?}");
    }
}

#[test]
fn while_it_runs_a_wait_that_began_in_the_future_begins_now() {
    for (ahead, wait, left) in [
        (HOUR, 900, 900),
        (YEAR, 900, 900),
        // Longer than any wait after this error.
        (YEAR, 2000, 990),
        (seconds(-30), 900, 870),
    ] {
        let entry = failed_ahead(RetryableError::Unreachable, ahead, seconds(wait));
        assert_eq!(wait_after(entry, Event::Tick), seconds(left), "{ahead:?}");
    }
}

#[test]
fn what_failed_because_of_the_clock_is_tried_as_soon_as_the_clock_is_right() {
    let shows = Date::constant(2038, 1, 19);
    for error in [
        RetryableError::WrongClock { shows },
        RetryableError::CertificateExpired,
        RetryableError::CertificateNotYetValid,
    ] {
        for event in [Event::Started, Event::Tick] {
            let entry = failed_ahead(error.clone(), HOUR, seconds(6 * 3600));
            assert_eq!(wait_after(entry, event.clone()), seconds(0), "{error:?} {event:?}");
        }
        let entry = failed_ahead(error.clone(), seconds(-30), seconds(900));
        assert_eq!(wait_after(entry, Event::Tick), seconds(870), "{error:?}");
    }
    for (why, next) in [
        (LookUpProblem::WrongClock { shows }, None),
        (LookUpProblem::CertificateExpired, None),
        (LookUpProblem::CertificateNotYetValid, None),
        // That was no matter of the clock.
        (LookUpProblem::NotTrusted, Some(NOW + seconds(600))),
    ] {
        let mut before = state(vec![Told { ago: -3600, ..told(WEB4, fails(why.clone())) }], read(home()));
        before.sources.get_mut(&WEB4).expect("it was told").next = Some(NOW + HOUR + seconds(600));
        assert_eq!(record(before, &one(), Event::Tick, NOW).state.sources[&WEB4].next, next, "{why:?}");
    }
}

#[test]
fn sources_that_answered_in_the_future_are_asked_at_a_start_and_keep_their_round_while_it_runs() {
    let settings = one();
    for ahead in [seconds(3), HOUR, YEAR] {
        let told_ahead = Told { ago: -ahead.as_secs(), looks: 3, ..told(WEB4, known(IPV4)) };
        let entry = EntryState { secret_saved: Some(NOW - HOUR), ..EntryState::default() };
        let mut before =
            State { entries: [(EntryId(1), entry.into())].into(), ..state(vec![told_ahead], read(home())) };
        before.sources.get_mut(&WEB4).expect("it was told").next = Some(NOW + ahead + seconds(600));

        let mut started = record(before.clone(), &settings, Event::Started, NOW).state;
        started.network = read(home());
        assert_eq!(decide(&settings, &started, NOW), Step::LookUp(WEB4), "{ahead:?}");
        assert_eq!(started.reading(WEB4), None, "nobody knows how old that answer is");

        let ticked = record(before, &settings, Event::Tick, NOW).state;
        assert_eq!(ticked.sources[&WEB4].next, Some(NOW + seconds(600)), "{ahead:?}");
        let reading = ticked.reading(WEB4).expect("it is kept");
        assert_eq!((reading.at, reading.since), (NOW, NOW - seconds(10)), "it was seen twice");
    }
}

/// The last answer in a row was given by the right clock, an answer before it wasn't.
#[test]
fn an_answer_of_today_stays() {
    let settings = settings(AddressChoice::Router, Records::Ipv4, |_| {});
    let before = state(vec![Told { ago: 2, ..told(ROUTER4, known(IPV4)) }], read(home()));
    let after = record(before.clone(), &settings, Event::Started, NOW).state;
    assert_eq!(after.reading(ROUTER4), before.reading(ROUTER4));
}

#[test]
fn evidence_of_flapping_and_of_another_updater_doesnt_come_from_the_future() {
    let ago = |count| NOW - seconds(count);
    let entry = EntryState {
        changes: vec![ago(60), ago(-60), NOW + YEAR],
        nochg: vec![ago(60), NOW + YEAR],
        ..EntryState::default()
    };
    for event in [Event::Started, Event::Tick] {
        let after = entry_after(entry.clone(), event.clone());
        assert_eq!((after.changes, after.nochg), (vec![ago(60)], vec![ago(60)]), "{event:?}");
        // Whoever was told of another updater isn't told again the same day.
        let told = EntryState { told_nochg: true, ..entry.clone() };
        assert_eq!(entry_after(told, event.clone()).nochg, [ago(60), NOW], "{event:?}");
        let mut before = with(EntryState::default());
        let ahead = NOW + YEAR;
        before.debounce = Debounce {
            began: Some(ahead),
            until: Some(ahead + seconds(300)),
            recent: vec![ago(60), ahead],
            gains: vec![ago(60), ahead],
            ..Debounce::default()
        };
        let debounce = record(before, &one(), event.clone(), NOW).state.debounce;
        let left = if event == Event::Started { None } else { Some(NOW + seconds(300)) };
        assert_eq!((debounce.until, debounce.recent), (left, vec![ago(60)]), "{event:?}");
    }
}

#[test]
fn a_halt_stays_a_halt_and_what_is_published_stays_published() {
    let ahead = NOW + YEAR;
    let mut entry = EntryState::default();
    entry.published.ipv4 = Some(Published { address: address(IPV4), at: ahead });
    entry.live.records.ipv4 = Live::Live { since: ahead };
    (entry.live.accepted, entry.live.next) = (Some(ahead), Some(ahead + HOUR));
    entry.halt = Some(Halt { reason: HaltReason::BadAuth, at: ahead });
    (entry.secret_saved, entry.secret_accepted) = (Some(ahead), Some(ahead));
    for event in [Event::Started, Event::Tick] {
        let after = entry_after(entry.clone(), event.clone());
        assert_eq!(after.halt, Some(Halt { reason: HaltReason::BadAuth, at: NOW }), "{event:?}");
        assert_eq!(after.published.ipv4, Some(Published { address: address(IPV4), at: NOW }));
        assert_eq!(after.live.records.ipv4, Live::Live { since: NOW });
        assert_eq!((after.secret_saved, after.secret_accepted), (Some(NOW), Some(NOW)));
        let name_servers = if event == Event::Started { NOW } else { NOW + HOUR };
        assert_eq!(after.live.next, Some(name_servers), "{event:?}");
    }
}

#[test]
fn new_versions_are_looked_for_at_once_where_that_was_planned_for_another_year() {
    let asks = |form: &mut Form| form.releases = "https://example.org/dyntray.json".to_owned();
    let settings = settings(AddressChoice::Web, Records::Ipv4, asks);
    let next = |planned, event| {
        let mut before = with(EntryState::default());
        before.releases.at.clone_from(&settings.releases);
        before.releases.next = Some(NOW + planned);
        record(before, &settings, event, NOW).state.releases.next
    };
    assert_eq!(next(YEAR, Event::Started), None);
    assert_eq!(next(20 * HOUR, Event::Started), Some(NOW + 20 * HOUR));
}

#[test]
fn a_pause_gets_no_longer_than_it_was_meant_to_be() {
    let until = |ahead: SignedDuration, event| {
        let mut before = with(EntryState::default());
        before.pause = Some(Pause { until: Some(NOW + ahead + HOUR) });
        before.pause_length = Some(HOUR);
        record(before, &one(), event, NOW).state.pause
    };
    for event in [Event::Started, Event::Tick] {
        for ahead in [SignedDuration::ZERO, HOUR, YEAR] {
            assert_eq!(until(ahead, event.clone()), Some(Pause { until: Some(NOW + HOUR) }), "{ahead:?}");
        }
        assert_eq!(until(-2 * HOUR, event), None, "it is over");
    }
}
