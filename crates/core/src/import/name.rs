//! Names that a file has: which can be repeated, and which are only placeholders.

use super::candidate::Doubt;
use crate::protocol::url_template::Placeholder;
use crate::settings::providers::{self, Provider};
use crate::types::hostname::{Hostname, is_label};
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

/// The full name of a host that a file has as label and zone; `@` and nothing are the zone itself.
pub(super) fn below(label: &str, zone: &str) -> String {
    let is_whole = label == zone || label.strip_suffix(zone).is_some_and(|rest| rest.ends_with('.'));
    match label {
        "" | "@" => zone.to_owned(),
        whole if is_whole => whole.to_owned(),
        label => format!("{label}.{zone}"),
    }
}

/// True where a service that wants label and zone apart gets this zone with this name: without a list of all
/// registries, only a name with one dot is known to be a zone itself.
pub(super) fn is_in_zone(host: &str, zone: &str) -> bool {
    let (Ok(host), Ok(zone)) = (Hostname::parse(host), Hostname::parse(zone)) else { return false };
    let behind = host.as_str().split_once('.').map_or("", |(_, behind)| behind);
    if behind.contains('.') { behind == zone.as_str() } else { host == zone }
}

/// True for a service that wants label and zone apart.
pub(super) fn has_zones(known: &Provider) -> bool {
    known.dialect.template.has(Placeholder::Zone)
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
