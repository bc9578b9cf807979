//! A third party that is asked in the first web resolver's place for good: the person is told once, and may choose.

use jiff::{SignedDuration, Timestamp};

use super::recorded::Recorded;
use crate::observe::observation::Observation;
use crate::settings::Settings;
use crate::state::State;
use crate::state::notice::{Notice, ProgramNotice};
use crate::state::source::SourceReading;
use crate::types::address::Family;
use crate::types::moment::Moment;
use crate::types::source::Source;

/// The time after which a first web resolver counts as failing for good while a further one answers.
const FOR_GOOD: SignedDuration = SignedDuration::from_hours(1);

/// Reports that a further web resolver is asked instead of the first one, once for each first one.
pub(super) fn tell(done: &mut Recorded, settings: &Settings, now: Timestamp) {
    let Some((asked, silent)) = Family::BOTH.into_iter().find_map(|family| {
        let asked = answers_instead(settings, &done.state, family, now)?;
        let host = |source| settings.resolver(source).map(|at| at.authority().to_owned());
        Some((host(asked)?, host(Source::web_resolver(family))?))
    }) else {
        return;
    };
    if done.state.told_third_party.as_ref() != Some(&silent) {
        done.state.told_third_party = Some(silent.clone());
        done.notices.push(Notice::Program(ProgramNotice::ThirdParty { asked, silent }));
    }
}

/// The further web resolver that has answered for so long as the first one of `family` hasn't.
fn answers_instead(settings: &Settings, state: &State, family: Family, now: Timestamp) -> Option<Source> {
    let lasts = |seen: &SourceReading| seen.since <= now.earlier(FOR_GOOD);
    let first = state.reading(Source::web_resolver(family))?;
    if !matches!(first.observation, Observation::Unavailable { .. }) || !lasts(first) {
        return None;
    }
    let further = (0u8..).zip(&settings.fall_backs).map(|(number, _)| Source::fall_back(number, family));
    further
        .into_iter()
        .find(|source| state.reading(*source).is_some_and(|seen| seen.address().is_some() && lasts(seen)))
}
