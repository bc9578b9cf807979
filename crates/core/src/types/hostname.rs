//! A fully qualified host name, as the service knows it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::settings::form::Problem;
use crate::types::token::{TokenShape, shape};

/// A valid, lower-case, fully qualified host name without a trailing dot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hostname(String);

impl Hostname {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads what was typed. White space, capitals and a trailing dot are forgiven.
    ///
    /// # Errors
    /// The [`Problem`] to show at the field.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let name = typed.trim().trim_end_matches('.').to_ascii_lowercase();
        if name.is_empty() {
            return Err(Problem::HostnameMissing);
        }
        if shape(&name) == TokenShape::UpdateToken {
            return Err(Problem::HostnameIsToken);
        }
        if name.contains("://") || name.contains('/') {
            return Err(Problem::HostnameIsUrl);
        }
        if name.parse::<std::net::IpAddr>().is_ok() {
            return Err(Problem::HostnameIsAddress);
        }
        if name.contains(',') {
            return Err(Problem::HostnameIsList);
        }
        if let Some(bad) = name.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-' | '.' | '_')) {
            return Err(Problem::HostnameCharacter { character: bad.to_string() });
        }
        if !name.contains('.') {
            return Err(Problem::HostnameNotFull);
        }
        let label_is_valid = |label: &str| {
            !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
        };
        if name.len() > 253 || !name.split('.').all(label_is_valid) {
            return Err(Problem::HostnameShape);
        }
        Ok(Hostname(name))
    }
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
            Hostname::parse(" Home.SPDNS.de. \n").map(|h| h.to_string()),
            Ok("home.spdns.de".to_owned())
        );
    }

    #[test]
    fn the_longest_name_is_the_longest_that_dns_has() {
        let label = "a".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}", "b".repeat(61));
        assert_eq!(longest.len(), 253);
        assert!(Hostname::parse(&longest).is_ok());
        assert_eq!(Hostname::parse(&format!("{longest}b")), Err(Problem::HostnameShape));
        assert_eq!(Hostname::parse(&format!("{label}a.spdns.de")), Err(Problem::HostnameShape));
    }

    #[test]
    fn each_mistake_has_its_own_words() {
        for (typed, problem) in [
            ("", Problem::HostnameMissing),
            ("  ", Problem::HostnameMissing),
            ("home", Problem::HostnameNotFull),
            ("https://home.spdns.de", Problem::HostnameIsUrl),
            ("home.spdns.de/", Problem::HostnameIsUrl),
            ("84.160.12.7", Problem::HostnameIsAddress),
            ("a.spdns.de,b.spdns.de", Problem::HostnameIsList),
            ("abcd-efgh-ijkl", Problem::HostnameIsToken),
            ("ho me.spdns.de", Problem::HostnameCharacter { character: " ".into() }),
            ("höme.spdns.de", Problem::HostnameCharacter { character: "ö".into() }),
            ("home..spdns.de", Problem::HostnameShape),
            ("-home.spdns.de", Problem::HostnameShape),
        ] {
            assert_eq!(Hostname::parse(typed), Err(problem), "{typed}");
        }
    }
}
