//! The waits of an entry: as long as necessary, but no longer when a person asks, when nothing is left to try, or
//! when the clock was set back. And the state that is kept meanwhile.

use dyntray_core::Step;
use dyntray_core::observe::dns::{DnsAnswer, DnsProblem, Live};
use dyntray_core::observe::observation::LookUpProblem;
use dyntray_core::protocol::reply::{Accepted, Verdict};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::{Event, SendEnd};
use dyntray_core::settings::Records;
use dyntray_core::settings::form::{AddressChoice, EntryForm, Form};
use dyntray_core::state::entry::{Attempt, EntryKey, EntryState, Published, Superseded};
use dyntray_core::state::{NetworkReading, State};
use dyntray_core::types::address::{Addresses, Family, PerFamily};
use dyntray_core::types::backoff::damping;
use dyntray_core::types::cow_arc::CowArc;
use dyntray_core::types::entry_id::EntryId;
use jiff::{SignedDuration, Timestamp};

use crate::assessed::{decide, record};
use crate::told::{
    NOW, ROUTER4, STABLE, WEB4, WEB6, address, fails, failure, home, known, network, read, settings, state,
    told,
};

const IPV4: &str = "84.160.12.7";

fn failing(error: RetryableError, retry_at: Timestamp) -> EntryState {
    EntryState { retry: Some(Box::new(failure(error, retry_at))), ..EntryState::default() }
}

fn with(entry: EntryState) -> State {
    State {
        entries: [(EntryId(1), entry.into())].into(),
        ..state(vec![told(WEB4, known(IPV4))], read(home()))
    }
}

/// The time of the entry's next try after `event`; none without a failure.
fn retry_at(entry: EntryState, event: Event) -> Option<Timestamp> {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    let after = record(with(entry), &settings, event, NOW).state;
    after.entries[&EntryId(1)].retry.as_ref().map(|retry| retry.retry_at)
}

fn just_sent() -> Attempt {
    Attempt {
        server: "update.spdyn.de".to_owned(),
        addresses: Addresses { ipv4: Some(address(IPV4)), ipv6: None },
        since: NOW,
        superseded: Superseded::No,
        why: Vec::new(),
    }
}

#[test]
fn a_person_who_asks_waits_a_minute_where_the_server_was_reached_and_not_at_all_where_it_wasnt() {
    let later = |seconds| NOW + SignedDuration::from_secs(seconds);
    for (error, planned, then) in [
        (RetryableError::Unconfirmed, 1800, 60),
        (RetryableError::Unconfirmed, 60, 60),
        (RetryableError::Unconfirmed, 30, 30),
        (RetryableError::Unreachable, 1800, 0),
        (RetryableError::NotTrusted, 1800, 0),
    ] {
        let said = format!("{error:?}, planned in {planned} s");
        let entry = failing(error, later(planned));
        assert_eq!(retry_at(entry, Event::UpdateNow), Some(later(then)), "{said}");
    }
}

#[test]
fn a_timer_waits_as_the_program_does_where_the_server_was_reached_and_not_at_all_where_it_wasnt() {
    let later = |seconds| NOW + SignedDuration::from_secs(seconds);
    for (error, planned, then) in [
        (RetryableError::Unconfirmed, 1800, 1800),
        (RetryableError::Unreadable { line: "Wrong password".into() }, 1800, 1800),
        (RetryableError::Server { code: "911".into() }, 1800, 1800),
        (RetryableError::Unconfirmed, 30, 30),
        (RetryableError::Unreachable, 1800, 0),
        (RetryableError::NotTrusted, 1800, 0),
        (RetryableError::KeyringLocked, 1800, 0),
    ] {
        let said = format!("{error:?}, planned in {planned} s");
        let entry = failing(error, later(planned));
        assert_eq!(retry_at(entry, Event::UpdateWhenDue), Some(later(then)), "{said}");
    }
}

#[test]
fn trouble_is_over_when_its_wait_is_and_the_service_holds_what_is_told() {
    let held = |seconds| {
        let mut entry = failing(RetryableError::Unreachable, NOW + SignedDuration::from_secs(seconds));
        entry.published.ipv4 = Some(Published { address: address(IPV4), at: NOW });
        entry
    };
    assert_eq!(retry_at(held(0), Event::Tick), None);
    assert_eq!(retry_at(held(-1), Event::Tick), None);
    assert!(retry_at(held(1), Event::Tick).is_some(), "its wait isn't over");
    assert!(
        retry_at(failing(RetryableError::Unreachable, NOW), Event::Tick).is_some(),
        "there is something to send"
    );
}

#[test]
fn a_clock_that_was_set_back_doesnt_keep_the_name_servers_from_being_asked() {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    let mut entry = EntryState::default();
    entry.live.next = Some(NOW + SignedDuration::from_hours(24 * 30));
    let after = record(with(entry), &settings, Event::Tick, NOW).state;
    let next = after.entries[&EntryId(1)].live.next.expect("they are asked again");
    assert!(next <= NOW + SignedDuration::from_hours(7), "{next}");
}

#[test]
fn a_clock_that_was_set_back_doesnt_keep_from_looking_for_a_new_version() {
    let asks = |form: &mut Form| form.releases = "https://example.org/dyntray.json".to_owned();
    let settings = settings(AddressChoice::Web, Records::Ipv4, asks);
    let mut before = with(EntryState::default());
    before.releases.at.clone_from(&settings.releases);
    before.releases.next = Some(NOW + SignedDuration::from_hours(24 * 30));
    let next = record(before, &settings, Event::Tick, NOW).state.releases.next.expect("it is looked for");
    assert!(next <= NOW + SignedDuration::from_hours(48), "{next}");
}

#[test]
fn changes_count_for_an_hour_and_those_of_a_clock_that_was_ahead_dont() {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    let ago = |seconds| NOW - SignedDuration::from_secs(seconds);
    let old = vec![ago(3601), ago(3600), ago(3599), ago(-1)];
    let mut entry = EntryState { changes: old, ..EntryState::default() };
    entry.in_flight = Some(Box::new(just_sent()));
    let after = |entry, how| {
        let event = Event::SendEnded(EntryId(1), SendEnd::Answered(Verdict::Accepted(how)));
        record(with(entry), &settings, event, NOW).state.entries[&EntryId(1)].clone()
    };

    let changed = after(entry.clone(), Accepted::Good);
    assert_eq!(changed.changes, [ago(3599), NOW]);
    assert!(changed.changes_of(Family::Ipv6).eq([ago(3599)]), "only IPv4 was changed now");
    // An address that somebody else had published counts for a day.
    let day = 24 * 3600;
    entry.nochg = vec![ago(day), ago(day - 1)];
    assert_eq!(after(entry, Accepted::NoChange).nochg, [ago(day - 1), NOW]);
}

/// IPv4 changed often within the hour; the IPv6 prefix that comes back isn't held up by it.
#[test]
fn an_address_doesnt_wait_for_the_other_familys_flapping() {
    let settings = settings(AddressChoice::Web, Records::Both, |_| {});
    let ipv6 = "2003:e1::20";
    let often: Vec<Timestamp> = (1..=10).map(|n| NOW - SignedDuration::from_mins(11 - n)).collect();
    let next_step = |ipv4: &str, spared: Option<Family>| {
        let mut entry = EntryState { changes: often.clone(), ..EntryState::default() };
        entry.unchanged =
            PerFamily::from_fn(|family| if spared == Some(family) { often.clone() } else { Vec::new() });
        entry.published.ipv4 = Some(Published { address: address(IPV4), at: NOW });
        entry.published.ipv6 = Some(Published { address: address("2003:e2::20"), at: NOW });
        let mut state = state(vec![told(WEB4, known(ipv4)), told(WEB6, known(ipv6))], read(home()));
        state.sources.values_mut().for_each(|at| at.next = Some(NOW + settings.interval));
        state.entries.insert(EntryId(1), entry.into());
        decide(&settings, &state, NOW)
    };
    let ipv4_flapped = Some(Family::Ipv6);
    assert!(matches!(next_step(IPV4, ipv4_flapped), Step::Send(_)));
    assert!(matches!(next_step("84.160.12.8", ipv4_flapped), Step::Send(_)), "both are new, and one may go");
    assert!(matches!(next_step(IPV4, Some(Family::Ipv4)), Step::WaitUntil(_)), "it flapped itself");
    assert!(matches!(next_step(IPV4, None), Step::WaitUntil(_)), "both did");
}

/// What a service might delete goes along with an update, but is no reason to hurry it.
#[test]
fn an_address_that_flaps_waits_also_where_another_one_merely_goes_along() {
    let settings = settings(AddressChoice::Web, Records::Both, |form| form.fall_backs.clear());
    let often: Vec<Timestamp> = (1..=10).map(|n| NOW - SignedDuration::from_mins(11 - n)).collect();
    let mut entry = EntryState { changes: often.clone(), ..EntryState::default() };
    entry.unchanged.ipv6 = often;
    entry.published.ipv4 = Some(Published { address: address(IPV4), at: NOW });
    entry.may_hold.ipv6 = Some(address("2003:e1::20"));
    let answers = vec![told(WEB4, known("84.160.12.8")), told(WEB6, fails(LookUpProblem::TimedOut))];
    let mut state = state(answers, read(network(&[("192.168.178.20", STABLE)])));
    state.sources.values_mut().for_each(|at| at.next = Some(NOW + settings.interval));
    state.entries.insert(EntryId(1), entry.into());
    match decide(&settings, &state, NOW) {
        Step::WaitUntil(until) => assert!(until > NOW && until <= NOW + damping(10), "{until}"),
        other => panic!("{other:?}"),
    }
}

/// A router that dies without a farewell leaves the network as it was, and comes back without a word.
#[test]
fn while_the_network_looks_fine_an_outage_is_looked_at_once_a_minute() {
    let settings = settings(AddressChoice::Web, Records::Both, |_| {});
    let after_an_hour = |network: NetworkReading| {
        let mut state = state(vec![told(WEB6, known("2003:e1::20"))], network);
        state.sources.get_mut(&WEB6).expect("it was told").failures = 30;
        let away = fails(LookUpProblem::Unreachable);
        let after = record(state, &settings, Event::LookUpEnded(WEB6, away), NOW).state;
        after.sources[&WEB6].next.expect("it is asked again") - NOW
    };
    let minute = SignedDuration::from_secs(60)..=SignedDuration::from_secs(66);
    assert!(minute.contains(&after_an_hour(read(home()))), "{}", after_an_hour(read(home())));
    assert!(minute.contains(&after_an_hour(NetworkReading::Unreadable)));
    // Without a way out the network itself says when there is one again.
    let no_way_out = read(network(&[("192.168.178.20", STABLE)]));
    assert!(after_an_hour(no_way_out) >= settings.interval);
}

/// A router that went without a farewell comes back without a word.
#[test]
fn a_router_that_was_there_is_looked_for_every_minute_and_any_other_as_seldom_as_a_service() {
    let settings = settings(AddressChoice::Webresolver, Records::Ipv4, |_| {});
    let wait = |state: &State| state.sources[&ROUTER4].next.expect("it is asked again") - NOW;
    let ask = |state: State, seen| record(state, &settings, Event::LookUpEnded(ROUTER4, seen), NOW).state;
    let missing = || fails(LookUpProblem::NoRouter);
    let never = ask(state(Vec::new(), read(home())), missing());
    assert!(wait(&never) >= settings.interval);
    let there = ask(never, known(IPV4));
    let gone = ask(ask(there, missing()), missing());
    assert!(wait(&gone) < SignedDuration::from_secs(67), "{}", wait(&gone));
    let elsewhere = Event::NetworkSeen(Some(network(&[("10.0.0.2", STABLE)])));
    let elsewhere = record(gone, &settings, elsewhere, NOW).state;
    assert!(wait(&ask(ask(elsewhere, missing()), missing())) >= settings.interval, "another network");
}

#[test]
fn name_servers_are_asked_once_nothing_is_under_way_that_may_change_the_record() {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    let next_step = |looked_up: Option<Timestamp>, in_flight: Option<Attempt>| {
        let mut entry = EntryState { in_flight: in_flight.map(Box::new), ..EntryState::default() };
        entry.published.ipv4 = Some(Published { address: address(IPV4), at: NOW });
        entry.live.next = Some(NOW);
        let mut state = with(entry);
        let source = state.sources.get_mut(&WEB4).expect("it was told");
        (source.asked, source.next) = (looked_up, Some(NOW + SignedDuration::from_mins(5)));
        decide(&settings, &state, NOW)
    };
    assert_eq!(next_step(None, None), Step::CheckDns(EntryId(1)));
    assert_eq!(next_step(Some(NOW), None), Step::WaitForEvent, "a look-up may lead to an update");
    assert!(matches!(next_step(None, Some(just_sent())), Step::WaitUntil(_)), "an update is under way");
}

#[test]
fn name_servers_that_were_asked_before_an_update_tell_nothing_of_it() {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    let asked = |asked, superseded| {
        let mut entry = EntryState::default();
        entry.published.ipv4 = Some(Published { address: address(IPV4), at: NOW });
        (entry.live.records.ipv4, entry.live.asked, entry.live.superseded) =
            (Live::Pending, asked, superseded);
        let there = PerFamily { ipv4: vec![address(IPV4).ip()], ipv6: Vec::new() };
        let event = Event::DnsCheckEnded(EntryId(1), DnsAnswer::Records(there));
        record(with(entry), &settings, event, NOW).state.entries[&EntryId(1)].live.clone()
    };
    let told = asked(Some(NOW), false);
    assert!(matches!(told.records.ipv4, Live::Live { .. }));
    for (at, superseded) in [(Some(NOW), true), (None, false), (None, true)] {
        let told = asked(at, superseded);
        assert_eq!((told.records.ipv4, told.asked), (Live::Pending, None), "{at:?}, {superseded}");
    }
}

#[test]
fn a_record_is_on_its_way_for_ten_minutes_and_then_somebody_elses() {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    let ago = |minutes| NOW - SignedDuration::from_mins(minutes);
    let live = |minutes| Live::Live { since: ago(minutes) };
    let foreign = |minutes| Live::Foreign { there: "91.3.4.77".to_owned(), since: ago(minutes) };
    for (before, accepted, there, after) in [
        (Live::Pending, 5, "91.3.4.77", Live::Pending),
        (Live::Pending, 9, "91.3.4.77", Live::Pending),
        (Live::Pending, 10, "91.3.4.77", foreign(0)),
        (live(3), 5, "91.3.4.77", foreign(0)),
        (foreign(2), 5, "91.3.4.77", foreign(2)),
        (Live::Pending, 5, IPV4, live(0)),
        (foreign(2), 5, IPV4, live(0)),
        (live(3), 5, IPV4, live(3)),
    ] {
        let mut entry = EntryState::default();
        entry.published.ipv4 = Some(Published { address: address(IPV4), at: ago(accepted) });
        entry.live.accepted = Some(ago(accepted));
        (entry.live.records.ipv4, entry.live.asked) = (before.clone(), Some(NOW));
        let there = PerFamily { ipv4: vec![address(there).ip()], ipv6: Vec::new() };
        let event = Event::DnsCheckEnded(EntryId(1), DnsAnswer::Records(there));
        let recorded = record(with(entry), &settings, event, NOW);
        let told = recorded.state.entries[&EntryId(1)].live.clone();
        assert_eq!(told.records.ipv4, after, "{before:?}, accepted {accepted} minutes ago");
        // That what was sent has arrived is seen again after a power cut.
        let is_others = |live: &Live| matches!(live, Live::Foreign { .. });
        let is_news = before != after && (is_others(&before) || is_others(&after))
            || told.repairs != PerFamily::default();
        assert_eq!(recorded.is_ephemeral, !is_news, "{before:?}, accepted {accepted} minutes ago");
    }
    // Without an answer, a foreign record stays as it was seen, and a change may be on its way.
    for (before, why, after) in [
        (Live::Pending, DnsProblem::Disagree, Live::Pending),
        (Live::Pending, DnsProblem::NoAnswer, Live::CantVerify { why: DnsProblem::NoAnswer }),
        (live(3), DnsProblem::Disagree, Live::CantVerify { why: DnsProblem::Disagree }),
        (foreign(2), DnsProblem::Disagree, foreign(2)),
        (foreign(2), DnsProblem::NoAnswer, foreign(2)),
    ] {
        let mut entry = EntryState::default();
        entry.published.ipv4 = Some(Published { address: address(IPV4), at: NOW });
        (entry.live.records.ipv4, entry.live.asked) = (before.clone(), Some(NOW));
        let event = Event::DnsCheckEnded(EntryId(1), DnsAnswer::CantVerify(why));
        let told = record(with(entry), &settings, event, NOW).state.entries[&EntryId(1)].live.clone();
        assert_eq!(told.records.ipv4, after, "{before:?}, {why:?}");
    }
}

#[test]
fn whatever_keeps_a_record_from_being_verified_name_servers_are_asked_four_times_a_day_in_the_end() {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    for why in [DnsProblem::NoAnswer, DnsProblem::NoNameServers, DnsProblem::Refused, DnsProblem::Disagree] {
        let mut entry = EntryState::default();
        entry.published.ipv4 = Some(Published { address: address(IPV4), at: NOW });
        entry.live.accepted = Some(NOW);
        (entry.live.records.ipv4, entry.live.next) = (Live::Pending, Some(NOW));
        let (mut state, mut times) = (with(entry), Vec::new());
        while times.len() < 100 {
            let live = &mut state.entries.get_mut(&EntryId(1)).expect("it is there").live;
            let now = live.next.expect("a next check");
            live.asked = Some(now);
            times.push(now);
            let event = Event::DnsCheckEnded(EntryId(1), DnsAnswer::CantVerify(why));
            state = record(state, &settings, event, now).state;
        }
        let of_day = |day: i64| {
            let (from, to) =
                (NOW + SignedDuration::from_hours(24 * day), NOW + SignedDuration::from_hours(24 * day + 24));
            times.iter().filter(|at| (from..to).contains(at)).count()
        };
        assert!(
            of_day(0) <= 18 && of_day(1) <= 4 && of_day(2) <= 4,
            "{why:?}: {} and {}",
            of_day(0),
            of_day(1)
        );
    }
}

#[test]
fn of_the_checks_that_are_due_the_longest_due_is_first_and_few_are_under_way() {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |form| {
        let first = form.entries[0].clone();
        form.entries = (1..=9)
            .map(|number| EntryForm {
                id: Some(EntryId(number)),
                hostname: format!("home{number}.spdns.de"),
                ..first.clone()
            })
            .collect();
    });
    let checked = |under_way: u32| {
        let mut state = with(EntryState::default());
        for number in 1..=9 {
            let mut entry = EntryState::default();
            entry.published.ipv4 = Some(Published { address: address(IPV4), at: NOW });
            entry.live.next = Some(NOW - SignedDuration::from_secs(i64::from(number % 9)));
            entry.live.asked = (number <= under_way).then_some(NOW);
            state.entries.insert(EntryId(number), entry.into());
        }
        state.sources.get_mut(&WEB4).expect("it was told").next = Some(NOW + SignedDuration::from_mins(5));
        decide(&settings, &state, NOW)
    };
    assert_eq!(checked(0), Step::CheckDns(EntryId(8)));
    assert_eq!(checked(3), Step::CheckDns(EntryId(8)));
    assert!(!matches!(checked(4), Step::CheckDns(_)), "four are under way");
}

#[test]
fn an_answer_about_the_families_that_were_kept_before_tells_nothing_of_those_kept_now() {
    let before = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    let now_both = settings(AddressChoice::Web, Records::Both, |_| {});
    let mut entry = EntryState { key: Some(EntryKey::of(&before.entries[0])), ..EntryState::default() };
    entry.published.ipv4 = Some(Published { address: address(IPV4), at: NOW });
    entry.published.ipv6 = Some(Published { address: address("2003:e1:1:2::7"), at: NOW });
    (entry.live.asked, entry.live.next) = (Some(NOW), Some(NOW));
    entry.live.records = PerFamily { ipv4: Live::Live { since: NOW }, ipv6: Live::Live { since: NOW } };
    let changed = record(with(entry), &now_both, Event::SettingsChanged { new_secrets: [].into() }, NOW);
    let only_ipv4 = PerFamily { ipv4: vec![address(IPV4).ip()], ipv6: Vec::new() };
    let event = Event::DnsCheckEnded(EntryId(1), DnsAnswer::Records(only_ipv4));
    let live = record(changed.state, &now_both, event, NOW).state.entries[&EntryId(1)].live.clone();
    assert!(!matches!(live.records.ipv6, Live::Foreign { .. }), "{:?}", live.records);
    assert_eq!((live.asked, live.next), (None, Some(NOW)), "they are asked again");
}

#[test]
fn what_a_person_removed_is_forgotten_and_at_a_start_nothing_is() {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    let after = |event| {
        let mut at = with(EntryState::default());
        at.entries.insert(EntryId(9), CowArc::default());
        record(at, &settings, event, NOW).state.entries.contains_key(&EntryId(9))
    };
    assert!(!after(Event::SettingsChanged { new_secrets: [].into() }));
    assert!(after(Event::Started));
}
