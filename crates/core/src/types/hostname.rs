//! A fully qualified host name, as the service knows it.

mod idn;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::types::token::{TokenShape, is_invisible, shape};

/// The reason why a text is no host name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum HostnameError {
    /// Nothing typed.
    Missing,
    /// No dot in it.
    NotFull,
    /// A web address, not a name.
    IsUrl,
    /// An IP address, not a name.
    IsAddress,
    /// Several names in one field.
    IsList,
    /// The token was pasted into the wrong field.
    IsToken,
    /// A character that no host name has.
    Character {
        /// The first such character.
        character: String,
    },
    /// A letter beyond ASCII. DNS spells it in another way, which isn't certain here.
    OtherLetters {
        /// The first such letter.
        character: String,
    },
    /// Letters such as umlauts, which DNS spells in another way.
    NotAscii {
        /// The name as DNS has it: `xn--mller-kva.spdns.de`.
        spelling: String,
    },
    /// Empty or too long between two dots, or a hyphen at an edge.
    Shape,
}

/// A valid, lower-case, fully qualified host name without a trailing dot. Copies share it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Hostname(Arc<str>);

impl From<Hostname> for String {
    fn from(name: Hostname) -> String {
        name.0.as_ref().to_owned()
    }
}

/// For what was checked before it was written.
impl From<String> for Hostname {
    fn from(name: String) -> Self {
        Hostname(name.into())
    }
}

impl Hostname {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads what was typed. White space, invisible characters, capitals and a trailing dot are forgiven.
    ///
    /// # Errors
    /// The first reason why it is no full host name.
    pub fn parse(typed: &str) -> Result<Self, HostnameError> {
        let seen: String = typed.chars().filter(|c| !is_invisible(*c)).collect();
        let name = seen.trim().trim_end_matches('.').to_ascii_lowercase();
        if name.is_empty() {
            return Err(HostnameError::Missing);
        }
        if shape(&name) == TokenShape::UpdateToken {
            return Err(HostnameError::IsToken);
        }
        if name.contains("://") || name.contains('/') {
            return Err(HostnameError::IsUrl);
        }
        if name.parse::<std::net::IpAddr>().is_ok() {
            return Err(HostnameError::IsAddress);
        }
        if name.contains(',') {
            return Err(HostnameError::IsList);
        }
        if let Some(spelling) = idn::in_dns(&name) {
            return Err(Self::parse(&spelling).err().unwrap_or(HostnameError::NotAscii { spelling }));
        }
        if let Some(bad) = name.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-' | '.' | '_')) {
            let character = bad.to_string();
            let is_letter = !bad.is_ascii() && bad.is_alphabetic();
            return Err(if is_letter {
                HostnameError::OtherLetters { character }
            } else {
                HostnameError::Character { character }
            });
        }
        if !name.contains('.') {
            return Err(HostnameError::NotFull);
        }
        if name.len() > 253 || !name.split('.').all(is_label) {
            return Err(HostnameError::Shape);
        }
        Ok(Hostname(name.into()))
    }
}

/// True for what may stand between two dots of a name.
pub(crate) fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

impl fmt::Display for Hostname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_name_is_tidied() {
        assert_eq!(
            Hostname::parse("\u{feff} Home\u{ad}.SPDNS.de.\u{200b} \n").map(|h| h.to_string()),
            Ok("home.spdns.de".to_owned())
        );
    }

    #[test]
    fn the_longest_name_is_the_longest_that_dns_has() {
        let label = "a".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}", "b".repeat(61));
        assert_eq!(longest.len(), 253);
        assert!(Hostname::parse(&longest).is_ok());
        assert_eq!(Hostname::parse(&format!("{longest}b")), Err(HostnameError::Shape));
        assert_eq!(Hostname::parse(&format!("{label}a.spdns.de")), Err(HostnameError::Shape));
    }

    #[test]
    fn each_mistake_has_its_own_words() {
        for (typed, problem) in [
            ("", HostnameError::Missing),
            ("  ", HostnameError::Missing),
            ("home", HostnameError::NotFull),
            ("https://home.spdns.de", HostnameError::IsUrl),
            ("home.spdns.de/", HostnameError::IsUrl),
            ("84.160.12.7", HostnameError::IsAddress),
            ("a.spdns.de,b.spdns.de", HostnameError::IsList),
            ("abcd-efgh-ijkl", HostnameError::IsToken),
            ("ho me.spdns.de", HostnameError::Character { character: " ".into() }),
            ("höme.spdns.de", HostnameError::NotAscii { spelling: "xn--hme-sna.spdns.de".into() }),
            ("höme", HostnameError::NotFull),
            ("höme..de", HostnameError::Shape),
            ("дом.spdns.de", HostnameError::OtherLetters { character: "д".into() }),
            ("hôme☃.spdns.de", HostnameError::OtherLetters { character: "ô".into() }),
            ("home☃.spdns.de", HostnameError::Character { character: "☃".into() }),
            ("home..spdns.de", HostnameError::Shape),
            ("-home.spdns.de", HostnameError::Shape),
        ] {
            assert_eq!(Hostname::parse(typed), Err(problem), "{typed}");
        }
    }
}
