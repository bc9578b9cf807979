//! The home networks, learnt or named by a person. Another network is reported.

use super::recorded::Recorded;
use crate::assess::home::HomeStatus;
use crate::settings::{Entry, Settings};
use crate::state::State;
use crate::state::notice::{Cause, Notice};
use crate::types::network::NetworkId;

/// The network of the present gateway.
fn here(state: &State) -> Option<NetworkId> {
    state.network.network()?.gateway.as_ref()?.id.clone()
}

/// Adds this network to the home networks, as the person says.
pub(super) fn this_is_home(state: &mut State) {
    state.homes.extend(here(state));
    state.told_elsewhere = None;
}

/// Learns the first network that an accepted update is known to lead to as home, without a question.
pub(super) fn learn(done: &mut Recorded, settings: &Settings) {
    let Recorded { state, assessment, .. } = done;
    if !settings.wants_home_lock() || !state.homes.is_empty() {
        return;
    }
    let Some(here) = here(state) else {
        return;
    };
    let leads_here = |entry: &Entry| {
        let at = state.entry(entry.id);
        let known = assessment.kind(entry).addresses;
        !known.is_empty() && known.iter().all(|address| at.is_published(address))
    };
    if settings.enabled().any(leads_here) {
        state.homes.insert(here);
        assessment.follow(settings, state);
    }
}

/// Reports a network that isn't home, once.
pub(super) fn tell_elsewhere(done: &mut Recorded, settings: &Settings) {
    if done.assessment.home != HomeStatus::Elsewhere {
        return;
    }
    let Some(entry) = settings.enabled().next() else {
        return;
    };
    // All networks without a known gateway count as one.
    let here = here(&done.state).unwrap_or_else(|| NetworkId("-".to_owned()));
    if done.state.told_elsewhere.as_ref() != Some(&here) {
        done.state.told_elsewhere = Some(here);
        done.notices.push(Notice::of(entry, Cause::Elsewhere));
    }
}
