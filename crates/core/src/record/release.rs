//! The search for new versions of Dyntray: one question a day, one notice per version.

use jiff::{SignedDuration, Timestamp};

use super::recorded::Recorded;
use crate::observe::release::{BETWEEN_LOOKS, Releases, Version};
use crate::settings::Settings;
use crate::state::State;
use crate::state::notice::{Notice, ProgramNotice};
use crate::types::backoff::{LONGEST_CHANCE, jittered};
use crate::types::moment::Moment;

/// Starts over where the settings name another address, and forgets everything where they name none.
pub(super) fn follow_settings(state: &mut State, settings: &Settings) {
    if state.releases.at != settings.releases {
        state.releases = Releases { at: settings.releases.clone(), ..Releases::default() };
    }
}

pub(super) fn ended(done: &mut Recorded, announced: Option<Version>, now: Timestamp) {
    let chance = done.state.draw();
    let releases = &mut done.state.releases;
    // The settings changed while the question was under way.
    if releases.asked.take().is_none() {
        return;
    }
    releases.next = Some(now.later(jittered(BETWEEN_LOOKS, chance)));
    releases.announced = announced.or(releases.announced);
    if let Some(version) = releases.newer().filter(|newer| releases.told != Some(*newer)) {
        releases.told = Some(version);
        done.notices.push(Notice::Program(ProgramNotice::NewVersion { version }));
    }
}

/// The longest wait between two questions.
pub(super) fn longest_wait() -> SignedDuration {
    jittered(BETWEEN_LOOKS, LONGEST_CHANCE)
}
