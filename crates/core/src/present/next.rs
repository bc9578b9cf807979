//! The next step of an entry by itself, with the reason for its time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::assess::due::WaitReason;

/// The next step of an entry by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Next {
    /// The time.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Timestamp,
    /// The reason for that time.
    pub why: NextWhy,
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
}

impl From<WaitReason> for NextWhy {
    fn from(reason: WaitReason) -> Self {
        match reason {
            WaitReason::Retry => NextWhy::Retry,
            WaitReason::Flapping => NextWhy::Flapping,
            WaitReason::Pace => NextWhy::Pace,
            WaitReason::OtherFamily => NextWhy::OtherFamily,
        }
    }
}
