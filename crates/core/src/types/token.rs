//! The update token and other secrets: what is refused, and the token's shape and its look-alikes. Source of the shape: Securepoint's wiki.

use secrecy::zeroize::Zeroizing;
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

/// Dashes that word processors and websites put where a hyphen was.
const DASHES: [char; 11] = [
    '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2043}', '\u{2212}',
    '\u{fe58}', '\u{fe63}', '\u{ff0d}',
];
/// What people and programs put around a token that they pass on.
const MARKS: &str =
    "\"'`\u{b4}\u{2018}\u{2019}\u{201a}\u{201c}\u{201d}\u{201e}\u{ab}\u{bb}\u{2039}\u{203a},;.=";

/// The part of a pasted secret that is used. White space and invisible characters around it are forgiven. An update
/// token or move token is also recognised with typographic dashes, with invisible characters inside, and between
/// quotation marks. Any other secret stays as it is, since nobody knows what belongs to it.
pub fn tidy(typed: &str) -> Zeroizing<String> {
    let text = typed.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    let plain = plain(text);
    let inside = plain.trim_matches(|c: char| c.is_whitespace() || MARKS.contains(c));
    let is_token = is_update_token(inside) || is_move_token(inside);
    Zeroizing::new(if is_token { inside } else { text }.to_owned())
}

/// True for characters that come along unseen when text is copied: of no width, for line breaks or directions, and
/// the byte order mark.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The text with hyphens for all dashes, and without invisible characters.
fn plain(text: &str) -> Zeroizing<String> {
    // The room is taken at once, so that no copy is left behind: nothing gets longer.
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    plain.extend(
        text.chars().filter(|c| !is_invisible(*c)).map(|c| if DASHES.contains(&c) { '-' } else { c }),
    );
    plain
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
    let text = plain(&tidy(typed));
    if text.is_empty() {
        return TokenShape::Empty;
    }
    if is_update_token(&text) {
        return TokenShape::UpdateToken;
    }
    if is_move_token(&text) {
        return TokenShape::MoveToken;
    }
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let only_separators = text.chars().all(|c| c.is_ascii_alphabetic() || " -_.".contains(c));
    if letters == 12 && only_separators {
        return TokenShape::Misspelt;
    }
    if is_unfinished(&text) { TokenShape::Unfinished } else { TokenShape::Other }
}

fn is_move_token(text: &str) -> bool {
    text.split_once('-').is_some_and(|(number, rest)| {
        !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) && is_update_token(rest)
    })
}

fn is_update_token(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.len() == 3
        && groups.iter().all(|group| group.len() == 4 && group.bytes().all(|b| b.is_ascii_lowercase()))
}

/// `abcd-`, `abcd-ef`, `abc-efgh-ijkl` …: two or three groups, of which one is too short.
fn is_unfinished(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    (2..=3).contains(&groups.len())
        && !groups[0].is_empty()
        && groups.iter().all(|group| group.len() <= 4 && group.bytes().all(|b| b.is_ascii_lowercase()))
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
            ("abc-efgh-ijkl", TokenShape::Unfinished),
            ("abcd\u{2013}efgh\u{2013}ijkl", TokenShape::UpdateToken),
            ("\u{feff}abcd-efgh-ijkl\u{200b}", TokenShape::UpdateToken),
            ("\u{201e}abcd-efgh-ijkl\u{201c}", TokenShape::UpdateToken),
            ("1234567\u{2011}abcd\u{2011}efgh\u{2011}ijkl", TokenShape::MoveToken),
            ("ABCD\u{2013}EFGH\u{2013}IJKL", TokenShape::Misspelt),
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

    #[test]
    fn a_token_is_cleared_of_what_copying_brings_along() {
        for typed in [
            "abcd-efgh-ijkl",
            " \tabcd-efgh-ijkl\r\n",
            "abcd\u{2010}efgh\u{2011}ijkl",
            "abcd\u{2012}efgh\u{2013}ijkl",
            "abcd\u{2014}efgh\u{2015}ijkl",
            "abcd\u{2212}efgh\u{ff0d}ijkl",
            "\u{feff}abcd-efgh-ijkl",
            "abcd\u{200b}-efgh\u{ad}-\u{2060}ijkl",
            "\u{202a}abcd-efgh-ijkl\u{202c}",
            "\"abcd-efgh-ijkl\"",
            "\u{201e}abcd-efgh-ijkl\u{201c}",
            "\u{bb}abcd-efgh-ijkl\u{ab}",
            "`abcd-efgh-ijkl`",
            "\u{a0}abcd-efgh-ijkl,",
            // So Excel keeps text from becoming a number.
            "=\"abcd-efgh-ijkl\"",
        ] {
            assert_eq!(*tidy(typed), "abcd-efgh-ijkl", "{typed:?}");
            assert_eq!(shape(typed), TokenShape::UpdateToken, "{typed:?}");
        }
        assert_eq!(
            *tidy("\u{201e}1234567\u{2013}abcd\u{2013}efgh\u{2013}ijkl\u{201c}"),
            "1234567-abcd-efgh-ijkl"
        );
    }

    #[test]
    fn of_any_other_secret_only_what_cant_be_seen_around_it_is_taken_away() {
        for (typed, kept) in [
            (" \u{feff}hunter2\u{200b}\n", "hunter2"),
            ("\"hunter2\"", "\"hunter2\""),
            ("a\u{2013}b", "a\u{2013}b"),
            ("a\u{200b}b", "a\u{200b}b"),
            ("s3cret,", "s3cret,"),
            ("\u{200b}", ""),
        ] {
            assert_eq!(*tidy(typed), kept, "{typed:?}");
        }
        assert_eq!(check_secret("\u{feff}\u{200b}"), Err(SecretError::Missing));
    }
}
