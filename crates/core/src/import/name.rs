//! Names that a file has: which can be repeated, and which are only placeholders.

use super::candidate::Doubt;
use crate::settings::providers::{self, Provider};
use crate::types::hostname::is_label;
use crate::types::token::{TokenShape, shape};

/// The longest name of a protocol, service or wrong host that is repeated.
pub(super) const LONGEST_NAME: usize = 40;

/// The full name of a host of which a file has the label alone: below the service's only domain.
pub(super) fn completed(name: &str, known: Option<&Provider>) -> String {
    let name = name.trim();
    let only = known.and_then(|known| <&[String; 1]>::try_from(known.suffixes.as_slice()).ok());
    match only {
        Some([domain]) if is_label(name) => format!("{name}.{domain}"),
        _ => name.to_owned(),
    }
}

/// The text of a wrong host name, where it can be repeated; else nothing. With a doubt, only a name below a known
/// service's domain can't be anything else.
pub(super) fn nameable(text: &str, doubt: Doubt) -> &str {
    let text = text.trim();
    let is_name = |c: char| c.is_alphanumeric() || "-_.@*".contains(c);
    let may_be_token = !matches!(shape(text), TokenShape::Other);
    let suffixes = || providers::all().iter().flat_map(|provider| &provider.suffixes);
    let is_below = || {
        let name = text.trim_end_matches('.').to_ascii_lowercase();
        suffixes().any(|suffix| name.strip_suffix(suffix.as_str()).is_some_and(|rest| rest.ends_with('.')))
    };
    let is_shown = !may_be_token
        && text.chars().count() <= LONGEST_NAME
        && text.chars().all(is_name)
        && (doubt == Doubt::None || is_below());
    if is_shown { text } else { "" }
}

/// True for text such as `<passwd>`, `[PASSWORD]` or `${PASSWORD}`, which another program fills in.
pub(super) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let is_between = |open, close| text.starts_with(open) && text.ends_with(close);
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase());
    let in_brackets = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    text.len() > 2 && (is_between("<", ">") || is_between("${", "}") || in_brackets.is_some_and(is_word))
}
