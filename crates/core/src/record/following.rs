//! The person changed the settings: what the state forgets, and what it keeps.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::dns;
use crate::live::LiveState;
use crate::settings::{EntryId, Origin, Settings, Source};
use crate::state::{EntryState, Overtaken, State, Subject};

/// What was removed by a person is forgotten. At a start it isn't: settings that were damaged lack entries which nobody
/// removed, and may come back.
pub(super) fn forget_removed(state: &mut State, settings: &Settings) {
    state.entries.retain(|id, at| settings.entry(*id).is_some() || at.in_flight.is_some());
}

pub(super) fn follow_settings(
    state: &mut State,
    settings: &Settings,
    new_secrets: &BTreeSet<EntryId>,
    now: Timestamp,
) {
    for entry in &settings.entries {
        let at = state.entries.entry(entry.id).or_default();
        let new_secret = new_secrets.contains(&entry.id);
        follow_subject(at, Subject::of(entry), new_secret, now);
        if new_secret {
            at.secret_saved = Some(now);
            at.secret_accepted = None;
        }
        state.last_entry = state.last_entry.max(entry.id.0);
    }
    let is_there = |source: &Source| match source.origin {
        Origin::FallBack { .. } => settings.resolver(*source).is_some(),
        Origin::WebResolver | Origin::Router | Origin::Interface | Origin::Fixed => true,
    };
    state.sources.retain(|source, at| is_there(source) || at.asked.is_some());
}

/// Other settings may mean another web resolver.
pub(super) fn look_again_with_other_settings(state: &mut State) {
    for source in state.sources.values_mut() {
        source.next = None;
        source.failures = 0;
        source.overtaken = source.asked.is_some();
    }
}

/// Another host or service is another story; any other change by the person ends a halt and a wait.
fn follow_subject(at: &mut EntryState, subject: Subject, new_secret: bool, now: Timestamp) {
    let Some(old) = at.subject.replace(subject.clone()) else {
        at.person_waits = true;
        return;
    };
    let other_login = old.login != subject.login || new_secret;
    let same_record = |old: &Subject| {
        (&old.hostname, &old.server, &old.tail) == (&subject.hostname, &subject.server, &subject.tail)
    };
    let overtaken = if !same_record(&old) {
        *at = EntryState {
            subject: Some(subject),
            in_flight: at.in_flight.take(),
            secret_saved: at.secret_saved,
            person_waits: true,
            live: LiveState {
                asked: at.live.asked,
                overtaken: at.live.asked.is_some(),
                ..LiveState::default()
            },
            ..EntryState::default()
        };
        Overtaken::ByHost
    } else if old != subject || new_secret {
        at.halt = None;
        at.trouble = None;
        at.person_waits = true;
        at.changes.clear();
        dns::acted_on(&mut at.live, now);
        if other_login { Overtaken::ByLogin } else { Overtaken::No }
    } else {
        return;
    };
    if let Some(attempt) = &mut at.in_flight {
        attempt.overtaken = attempt.overtaken.max(overtaken);
    }
}
