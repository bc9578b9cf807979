//! A start of the program.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::event::SendEnd;
use super::future::{self, Noticed};
use super::recorded::Recorded;
use super::{halt, look_up, release, settings_change, update};
use crate::protocol::retryable::RetryableError;
use crate::settings::Settings;
use crate::state::NetworkReading;
use crate::types::entry_id::EntryId;

/// Follows a start. Requests whose result was never noted may have been carried out: they are unconfirmed, and wait
/// like a time-out.
pub(super) fn started(done: &mut Recorded, settings: &Settings, now: Timestamp) {
    future::correct(&mut done.state, settings, now, Noticed::AtStart);
    for source in done.state.sources.values_mut() {
        source.asked = None;
        source.superseded = false;
        source.changed_meanwhile = false;
    }
    // This machine may have been moved meanwhile.
    done.state.sources.retain(|source, _| !source.origin.is_this_machine());
    done.state.network = NetworkReading::Unread;
    look_up::look_again(&mut done.state, now);
    for at in done.state.entries.values_mut() {
        at.secret_look.under_way = false;
        at.live.asked = None;
        at.live.superseded = false;
    }
    let interrupted: Vec<EntryId> =
        done.state.entries.iter().filter(|(_, at)| at.in_flight.is_some()).map(|(id, _)| *id).collect();
    for id in interrupted {
        update::ended(done, settings, id, SendEnd::Failed(RetryableError::Unconfirmed), now);
    }
    settings_change::follow_settings(&mut done.state, settings, &BTreeSet::new(), now);
    halt::look_for_secrets(&mut done.state);
    done.state.releases.asked = None;
    release::follow_settings(&mut done.state, settings);
}
