//! Update tokens: how they look and how they are made.

use crate::error::SandboxError;
use crate::random;

/// Bytes from here up would favour the first letters of the alphabet.
const FAIR: u8 = 26 * 9;

/// A fresh update token in clear. It is never stored and has no `Debug`: it lives from its making to its one page.
pub(crate) struct Token(String);

impl Token {
    /// Twelve random lower-case letters in three groups of four: `abcd-efgh-ijkl`.
    pub(crate) fn random() -> Result<Self, SandboxError> {
        let mut letters = Vec::with_capacity(12);
        while letters.len() < 12 {
            let fair = random::bytes::<16>()?.into_iter().filter(|byte| *byte < FAIR);
            letters.extend(fair.map(|byte| char::from(b'a' + byte % 26)));
        }
        let groups: Vec<String> = letters[..12].chunks(4).map(|group| group.iter().collect()).collect();
        Ok(Self(groups.join("-")))
    }

    /// The token in clear.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// The token in clear, used up.
    pub(crate) fn into_clear(self) -> String {
        self.0
    }
}

/// Whether a text has the shape of an update token, with or without a move token's number in front.
pub(crate) fn looks_like_one(text: &str) -> bool {
    let groups: Vec<&str> = text.trim().split('-').collect();
    let groups = match groups.as_slice() {
        [number, rest @ ..] if number.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        all => all,
    };
    groups.len() == 3
        && groups.iter().all(|group| group.len() == 4 && group.bytes().all(|byte| byte.is_ascii_lowercase()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails")]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_token_has_the_shape_and_differs_from_the_last() {
        let tokens: Vec<_> = (0..200).map(|_| Token::random().unwrap()).collect();
        assert!(tokens.iter().all(|token| looks_like_one(token.reveal())));
        let different: std::collections::HashSet<_> = tokens.iter().map(Token::reveal).collect();
        assert_eq!(different.len(), tokens.len());
    }

    #[test]
    fn other_texts_have_another_shape() {
        assert!(looks_like_one("1234567-abcd-efgh-ijkl"));
        for text in
            ["", "home.spdns.de", "abcd-efgh", "abcd-efgh-ijkL", "abcd-efgh-ijkl-mnop", "abcde-fgh-ijkl"]
        {
            assert!(!looks_like_one(text), "{text}");
        }
    }
}
