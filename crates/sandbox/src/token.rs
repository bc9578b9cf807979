//! Update tokens: their shape and their creation.

use crate::error::SandboxError;
use crate::random;

/// The first byte value to be skipped: from here up, the first letters of the alphabet would be favoured.
const UNBIASED: u8 = 26 * 9;

/// A new update token in plain text. It is never stored and has no `Debug`: it exists until its one page is shown.
pub(crate) struct Token(String);

impl Token {
    /// Twelve random lower-case letters in three groups of four: `abcd-efgh-ijkl`.
    pub(crate) fn random() -> Result<Self, SandboxError> {
        let mut letters = Vec::with_capacity(12);
        while letters.len() < 12 {
            let unbiased = random::bytes::<16>()?.into_iter().filter(|byte| *byte < UNBIASED);
            letters.extend(unbiased.map(|byte| char::from(b'a' + byte % 26)));
        }
        let groups: Vec<String> = letters[..12].chunks(4).map(|group| group.iter().collect()).collect();
        Ok(Self(groups.join("-")))
    }

    /// The token in plain text.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Consumes the token and returns its plain text.
    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

/// Returns true if a text has the shape of an update token, with or without a move token's number in front.
pub(crate) fn is_token_shaped(text: &str) -> bool {
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
        assert!(tokens.iter().all(|token| is_token_shaped(token.reveal())));
        let different: std::collections::HashSet<_> = tokens.iter().map(Token::reveal).collect();
        assert_eq!(different.len(), tokens.len());
    }

    #[test]
    fn other_texts_have_another_shape() {
        assert!(is_token_shaped("1234567-abcd-efgh-ijkl"));
        for text in
            ["", "home.spdns.de", "abcd-efgh", "abcd-efgh-ijkL", "abcd-efgh-ijkl-mnop", "abcde-fgh-ijkl"]
        {
            assert!(!is_token_shaped(text), "{text}");
        }
    }
}
