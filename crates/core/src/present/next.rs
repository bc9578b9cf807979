//! The next step of an entry by itself, with its reason, and the look-up that is next.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::assess::KindAssessment;
use crate::assess::due::WaitReason;
use crate::settings::Settings;
use crate::state::State;

/// The next step of an entry by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Next {
    /// The time.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Timestamp,
    /// What is done then.
    pub step: NextStep,
    /// The reason for that time.
    pub why: NextWhy,
}

/// What an entry does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum NextStep {
    /// A source is asked for the address.
    LookUp,
    /// A request goes to the update server.
    Update,
}

/// The reason for the time of the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum NextWhy {
    /// Nothing changed: the sources are asked on their round.
    Round,
    /// A source couldn't be reached: it is asked again.
    NotReached,
    /// Only one source reports a change: it is asked once more.
    SecondLook,
    /// The network is changing: the debounce time must end first.
    Settling,
    /// The address keeps changing: it is sent less often.
    Flapping,
    /// The last request failed: it is sent again.
    Retry,
    /// The service wants more time between two requests.
    Pace,
    /// The service may delete the family that isn't named, and the address of that family isn't known yet.
    OtherFamily,
    /// The server, of updates or look-ups, asked to wait until then.
    RetryAfter,
}

impl Next {
    /// A look-up.
    pub fn look_up(at: Timestamp, why: NextWhy) -> Self {
        Next { at, step: NextStep::LookUp, why }
    }

    /// A request to the update server.
    pub fn update(at: Timestamp, why: NextWhy) -> Self {
        Next { at, step: NextStep::Update, why }
    }
}

impl From<WaitReason> for NextWhy {
    fn from(reason: WaitReason) -> Self {
        match reason {
            WaitReason::Retry => NextWhy::Retry,
            WaitReason::Flapping => NextWhy::Flapping,
            WaitReason::Pace => NextWhy::Pace,
            WaitReason::OtherFamily => NextWhy::OtherFamily,
            WaitReason::RetryAfter => NextWhy::RetryAfter,
        }
    }
}

/// The first look-up of an entry's sources by itself. `planned` is the reason where nothing is in the way.
pub(super) fn first_look(
    settings: &Settings,
    state: &State,
    kind: &KindAssessment,
    planned: NextWhy,
    now: Timestamp,
) -> Option<Next> {
    let looks = kind.sources.iter().filter_map(|source| {
        let at = state.sources.get(source);
        let next = at.and_then(|at| at.next);
        let held = settings.resolver(*source).and_then(|server| state.wait_of(server, now));
        let held = held.map(|wait| wait.until).filter(|held| next.is_none_or(|next| next < *held));
        let why = if held.is_some() {
            NextWhy::RetryAfter
        } else if at.is_some_and(|at| at.failures > 0) {
            NextWhy::NotReached
        } else {
            planned
        };
        Some(Next::look_up(held.or(next)?, why))
    });
    looks.min_by_key(|next| next.at)
}
