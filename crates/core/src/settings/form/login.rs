//! The login, as typed and as the service wants it.

use serde::{Deserialize, Serialize};

use super::EntryForm;
use crate::settings::providers::LoginStyle;
use crate::settings::{Login, LoginKind};

/// The reason why a text is no user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum UserError {
    /// An account login without a user name.
    Missing,
    /// HTTP Basic can't carry a colon in a user name (RFC 7617).
    HasColon,
}

/// Reads the login. The service's own style counts more than what was chosen: an account there needs its user.
pub(super) fn parse(typed: &EntryForm, style: LoginStyle) -> Result<Login, UserError> {
    let user = typed.user.trim();
    let kind = match style {
        LoginStyle::Either => typed.login,
        LoginStyle::Host | LoginStyle::Token => LoginKind::Token,
        LoginStyle::Account => LoginKind::Account,
    };
    match kind {
        LoginKind::Token => Ok(Login::Token),
        LoginKind::Account if user.is_empty() => Err(UserError::Missing),
        LoginKind::Account if user.contains(':') => Err(UserError::HasColon),
        LoginKind::Account => Ok(Login::Account { user: user.to_owned() }),
    }
}
