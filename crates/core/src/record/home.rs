//! The home networks, learnt or named by a person. Another network is reported.

use super::recorded::Recorded;
use crate::assess::home::HomeStatus;
use crate::observe::finding::{HoldReason, Outcome};
use crate::settings::{Entry, Settings};
use crate::state::State;
use crate::state::notice::{Cause, Notice};
use crate::types::network::{IdentityKind, NetworkId};

/// The most identities of home networks that are learnt without a question.
const MOST_IDENTITIES: usize = 100;

/// The identities of the present network, the most reliable one first. All networks without any count as one.
pub(super) fn here(state: &State) -> Vec<NetworkId> {
    let gateway = state.network.network().and_then(|network| network.gateway.as_ref());
    let mut ids = gateway.map(|gateway| gateway.ids.clone()).unwrap_or_default();
    ids.sort_by_key(NetworkId::kind);
    if ids.is_empty() { vec![NetworkId::none()] } else { ids }
}

/// Adds this network to the home networks, as the person says. While the network may still be recognised, that would be
/// said of every network.
pub(super) fn this_is_home(state: &mut State, home: HomeStatus) {
    if home == HomeStatus::Unclear {
        return;
    }
    state.homes.extend(here(state));
    state.told_elsewhere = None;
}

/// Learns the first network that an accepted update is known to lead to as home, without a question, and by what else a
/// known one can be recognised.
pub(super) fn learn(done: &mut Recorded, settings: &Settings) {
    let Recorded { state, assessment, .. } = done;
    let here = here(state);
    let is_news = here.iter().any(|id| id.kind() != IdentityKind::None && !state.homes.contains(id));
    if !settings.wants_home_lock() || !is_news || state.homes.len() >= MOST_IDENTITIES {
        return;
    }
    if !state.homes.is_empty() {
        if assessment.home == HomeStatus::Home {
            state.homes.extend(here);
            assessment.follow(settings, state);
        }
        return;
    }
    let leads_here = |entry: &Entry| {
        let at = state.entry(entry.id);
        let known = assessment.kind(entry).addresses;
        !known.is_empty() && known.iter().all(|address| at.is_published(address))
    };
    if settings.enabled().any(leads_here) {
        state.homes.extend(here);
        assessment.follow(settings, state);
    }
}

/// Reports a network that isn't known as home, once, as soon as an address is held back for it: the address tells whether
/// the router may be new.
pub(super) fn tell_elsewhere(done: &mut Recorded, settings: &Settings) {
    let cause = |entry| done.assessment.kind(entry).outcomes().filter_map(Outcome::hold).find_map(cause_of);
    let Some((entry, cause)) = settings.enabled().find_map(|entry| Some((entry, cause(entry)?))) else {
        return;
    };
    let here = here(&done.state);
    if done.state.told_elsewhere.as_ref().is_none_or(|told| !here.contains(told)) {
        done.state.told_elsewhere = here.into_iter().next();
        done.notices.push(Notice::of(entry, cause));
    }
}

fn cause_of(hold: HoldReason) -> Option<Cause> {
    match hold {
        HoldReason::Elsewhere => Some(Cause::Elsewhere),
        HoldReason::NewRouter => Some(Cause::NewRouter),
        HoldReason::Unrecognised => Some(Cause::Unrecognised),
        HoldReason::WhichNetwork
        | HoldReason::Vpn
        | HoldReason::Conflict
        | HoldReason::Shared
        | HoldReason::AddressKept
        | HoldReason::Unconfirmed
        | HoldReason::NoStableAddress
        | HoldReason::NoPrefix => None,
    }
}
