//! The update token and other secrets: what is refused, and the token's shape and its look-alikes. Source of the shape: Securepoint's wiki.

use serde::{Deserialize, Serialize};

/// The reason why a typed secret can't be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum SecretError {
    /// Nothing typed.
    Missing,
    /// A line break or control character inside.
    Character,
}

/// The look of a pasted secret. A shape is a hint for the person, never a reason to refuse: other dyndns2
/// services use secrets of any shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum TokenShape {
    /// Nothing but white space.
    Empty,
    /// `abcd-efgh-ijkl`.
    UpdateToken,
    /// `1234567-abcd-efgh-ijkl`: transfers a host to another user.
    MoveToken,
    /// The beginning of an update token: part of it is still missing.
    Unfinished,
    /// An update token in capitals, or with other separators.
    Misspelt,
    /// Something else: an account's password, or another service's secret.
    Other,
}

/// The part of a pasted secret that is used: white space around it is forgiven.
pub fn tidy(typed: &str) -> &str {
    typed.trim()
}

/// Checks a typed secret, which may be of any shape.
///
/// # Errors
/// When it has what no secret has.
pub fn check_secret(typed: &str) -> Result<(), SecretError> {
    let text = tidy(typed);
    if text.is_empty() {
        Err(SecretError::Missing)
    } else if text.chars().any(char::is_control) {
        Err(SecretError::Character)
    } else {
        Ok(())
    }
}

/// The shape of `typed`.
pub fn shape(typed: &str) -> TokenShape {
    let text = tidy(typed);
    if text.is_empty() {
        return TokenShape::Empty;
    }
    if is_update_token(text) {
        return TokenShape::UpdateToken;
    }
    if let Some((number, rest)) = text.split_once('-')
        && number.bytes().all(|b| b.is_ascii_digit())
        && !number.is_empty()
        && is_update_token(rest)
    {
        return TokenShape::MoveToken;
    }
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let only_separators = text.chars().all(|c| c.is_ascii_alphabetic() || " -_.–".contains(c));
    if letters.len() == 12 && only_separators {
        return TokenShape::Misspelt;
    }
    if is_beginning(text) { TokenShape::Unfinished } else { TokenShape::Other }
}

fn is_update_token(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.len() == 3
        && groups.iter().all(|group| group.len() == 4 && group.bytes().all(|b| b.is_ascii_lowercase()))
}

/// `abcd-`, `abcd-ef` …: whole groups in front, a shorter one last.
fn is_beginning(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let Some((last, whole)) = groups.split_last() else {
        return false;
    };
    !whole.is_empty()
        && groups.len() <= 3
        && whole.iter().all(|g| g.len() == 4)
        && last.len() <= 4
        && groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognised_by_its_shape() {
        for (typed, expected) in [
            ("", TokenShape::Empty),
            (" \n", TokenShape::Empty),
            ("abcd-efgh-ijkl", TokenShape::UpdateToken),
            ("  abcd-efgh-ijkl\r\n", TokenShape::UpdateToken),
            ("1234567-abcd-efgh-ijkl", TokenShape::MoveToken),
            ("ABCD-EFGH-IJKL", TokenShape::Misspelt),
            ("abcd efgh ijkl", TokenShape::Misspelt),
            ("abcdefghijkl", TokenShape::Misspelt),
            ("abcd-efgh-ijk", TokenShape::Unfinished),
            ("abcd-", TokenShape::Unfinished),
            ("abcd-efgh-ijklm", TokenShape::Other),
            ("hunter2", TokenShape::Other),
            ("äbcd-efgh-ijkl", TokenShape::Other),
        ] {
            assert_eq!(shape(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn a_secret_is_refused_only_for_what_no_secret_has() {
        assert_eq!(check_secret(" \t"), Err(SecretError::Missing));
        assert_eq!(check_secret("abcd\nefgh"), Err(SecretError::Character));
        assert_eq!(check_secret(" abcd-efgh-ijkl\n"), Ok(()));
        assert_eq!(check_secret("1234567-abcd-efgh-ijkl"), Ok(()));
    }
}
