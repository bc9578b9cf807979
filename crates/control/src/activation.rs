//! Activation tokens: with one, a desktop lets a window come to the front, because a person has just acted.

use serde::{Deserialize, Serialize};

/// The variables in which a launcher hands a token on: of xdg-activation, and of X11's startup notification.
pub const ACTIVATION_VARIABLES: [&str; 2] = ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"];

/// An activation token: one of xdg-activation on Wayland, a startup id on X11.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(transparent)]
pub struct ActivationToken(pub String);

impl ActivationToken {
    /// The token that this program was started with.
    pub fn from_environment() -> Option<Self> {
        let set = |name| std::env::var(name).ok().filter(|token| !token.is_empty());
        ACTIVATION_VARIABLES.into_iter().find_map(set).map(ActivationToken)
    }
}
