//! The refusals of services, which are kept a second time apart from the state: whoever forgets one sends another login
//! that fails.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::State;
use super::entry::{EntryKey, EntryState, Halt};
use crate::protocol::reply::HaltReason;
use crate::types::entry_id::EntryId;

/// What is known without the state. It contains no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusals {
    /// True once a service has answered: then there is a state.
    pub answered: bool,
    /// The refused entries.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refused: BTreeMap<EntryId, Refusal>,
}

/// A refusal that lasts until the person acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What was refused.
    pub key: EntryKey,
    /// The refusal.
    pub halt: Halt,
}

impl Refusals {
    /// The refusals in `state`. A missing secret is none.
    pub fn of(state: &State) -> Self {
        let refusal = |at: &EntryState| {
            let halt = at.halt.clone()?;
            let is_refusal = !matches!(halt.reason, HaltReason::SecretMissing { .. });
            is_refusal.then_some(Refusal { key: at.key.clone()?, halt })
        };
        Refusals {
            answered: state.entries.values().any(|at| at.last_reply.is_some()),
            refused: state.entries.iter().filter_map(|(id, at)| Some((*id, refusal(at)?))).collect(),
        }
    }

    /// True where there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        *self == Refusals::default()
    }

    /// Brings back every refusal that `state` can't know of: it has no such entry, or heard from the service for the last
    /// time before that. Whatever differs in the settings by now ends it at the start, as it does otherwise.
    pub fn restore(&self, state: &mut State) {
        for (id, Refusal { key, halt }) in &self.refused {
            state.last_entry = state.last_entry.max(id.0);
            let at = state.entries.entry(*id).or_default();
            if at.halt.is_some() || at.last_request() >= Some(halt.at) {
                continue;
            }
            let known = at.key.get_or_insert_with(|| key.clone());
            if known == key {
                // It is the answer to what was under way, so that is no longer unconfirmed.
                at.in_flight.take_if(|attempt| attempt.since <= halt.at && !halt.reason.may_have_published());
                at.halt = Some(halt.clone());
                at.retry = None;
                // It was sent then.
                at.secret_saved.get_or_insert(halt.at);
            }
        }
    }
}
