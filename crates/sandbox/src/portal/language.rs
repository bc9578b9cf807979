//! The languages of the portal.

use axum::http::{HeaderMap, header};

use super::texts::{ENGLISH, GERMAN, Texts};

/// A language of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    German,
}

impl Language {
    /// The language that a browser prefers; English if it asks for neither.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let text = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let mut best = (0.0, Self::English);
        for range in text.split(',') {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(0.0);
            let language = match tag.trim().split('-').next() {
                Some(tag) if tag.eq_ignore_ascii_case("de") => Self::German,
                Some(tag) if tag.eq_ignore_ascii_case("en") => Self::English,
                _ => continue,
            };
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    /// The language tag: `en` or `de`.
    pub(super) fn tag(self) -> &'static str {
        self.texts().lang
    }

    /// The texts in this language.
    pub(super) fn texts(self) -> &'static Texts {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        }
    }
}
