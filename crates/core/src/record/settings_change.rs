//! A change of the settings: the parts of the state that are forgotten, and those that are kept.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{dns, halt, network_change, release};
use crate::observe::dns::LiveState;
use crate::settings::Settings;
use crate::state::State;
use crate::state::entry::{EntryKey, EntryState, SecretLook, Superseded};
use crate::types::address::PerFamily;
use crate::types::backoff::{LONGEST_CHANCE, jittered};
use crate::types::entry_id::EntryId;
use crate::types::moment::Moment;
use crate::types::source::Source;

/// Follows a change of the settings, and of the secrets of the entries `new_secrets`.
pub(super) fn changed(
    state: &mut State,
    settings: &Settings,
    new_secrets: &BTreeSet<EntryId>,
    now: Timestamp,
) {
    forget_removed(state, settings);
    follow_settings(state, settings, new_secrets, now);
    look_again_where_it_is_another(state, settings);
    network_change::own_addresses_seen(state, settings, now);
    release::follow_settings(state, settings);
}

/// Forgets entries that a person removed. Nothing is forgotten at a start: damaged settings lack entries that nobody
/// removed, and that may come back.
fn forget_removed(state: &mut State, settings: &Settings) {
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
        follow_key(at, EntryKey::of(entry), new_secret, now);
        if new_secret {
            at.secret_saved = Some(now);
            at.secret_accepted = None;
        }
        state.last_entry = state.last_entry.max(entry.id.0);
    }
    let is_there = |source: &Source| !source.origin.is_web_resolver() || settings.resolver(*source).is_some();
    state.sources.retain(|source, at| is_there(source) || at.asked.is_some());
}

/// Asks those web resolvers again that are others now. All the rest of the sources keep their rounds, which may have
/// become shorter: no service is asked because of twenty saved tokens.
fn look_again_where_it_is_another(state: &mut State, settings: &Settings) {
    let longest = jittered(settings.interval, LONGEST_CHANCE);
    for (source, at) in &mut state.sources {
        if source.origin.is_web_resolver() && at.resolver.as_ref() != settings.resolver(*source) {
            at.next = None;
            at.failures = 0;
            at.superseded = at.asked.is_some();
        } else if let (Some(next), Some(last)) = (&mut at.next, &at.last)
            && *next > last.at.later(longest)
        {
            *next = last.at.later(settings.interval);
        }
    }
}

/// Follows a change of an entry. Another host or service starts over; any other change by the person ends a halt and
/// a wait.
fn follow_key(at: &mut EntryState, key: EntryKey, new_secret: bool, now: Timestamp) {
    let Some(old) = at.key.replace(key.clone()) else {
        at.person_waits = true;
        return;
    };
    let other_login = old.login != key.login || new_secret;
    let superseded = if !key.is_of_the_record_of(&old) {
        *at = EntryState {
            key: Some(key),
            in_flight: at.in_flight.take(),
            secret_saved: at.secret_saved,
            person_waits: true,
            secret_look: SecretLook { due: false, ..at.secret_look },
            live: LiveState {
                asked: at.live.asked,
                superseded: at.live.asked.is_some(),
                ..LiveState::default()
            },
            ..EntryState::default()
        };
        Superseded::ByHost
    } else if !key.is_a_new_version_of(&old) || new_secret {
        halt::end(at);
        at.retry = None;
        at.person_waits = true;
        at.changes.clear();
        at.unchanged = PerFamily::default();
        dns::key_changed(&mut at.live, now);
        if other_login { Superseded::ByLogin } else { Superseded::No }
    } else {
        return;
    };
    if let Some(attempt) = &mut at.in_flight {
        attempt.superseded = attempt.superseded.max(superseded);
    }
}
