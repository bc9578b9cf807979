//! Tokens: their kinds, their shape and their creation.

use crate::error::SandboxError;
use crate::random;

/// The first byte value to be skipped: from here up, the first letters of the alphabet would be favoured.
const UNBIASED: u8 = 26 * 9;

/// A kind of token. Only update tokens are logins, at the update endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Updates one host's addresses.
    Update,
    /// Gives a host to another user.
    Move,
    /// Answers the DNS challenge of ACME. Here it exists, and nothing more.
    Acme,
}

impl TokenKind {
    pub(crate) const ALL: [Self; 3] = [Self::Update, Self::Move, Self::Acme];

    /// The name in the database and in forms.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::Move => "move",
            Self::Acme => "acme",
        }
    }

    /// The kind of this name; an update token if there is none.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        if key.is_empty() { Some(Self::Update) } else { Self::ALL.into_iter().find(|kind| kind.key() == key) }
    }

    /// The name on the portal's pages, in every language.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Update => "Update Token",
            Self::Move => "Move Token",
            Self::Acme => "ACME Token",
        }
    }
}

/// The number in front of the first host's move token, so that it has seven digits. SPDYN's numbers are unexplained; ours
/// find the host.
const FIRST_NUMBER: i64 = 1_000_000;

/// The ID of the host that a move token would be for.
pub(crate) fn host_of_move_token(token: &str) -> Option<i64> {
    let (number, _) = token.split_once('-')?;
    number.parse().ok().filter(|number| *number >= FIRST_NUMBER).map(|number: i64| number - FIRST_NUMBER)
}

/// A new token in plain text. It is never stored and has no `Debug`: it exists until its one page is shown.
pub(crate) struct Token(String);

impl Token {
    /// Twelve random lower-case letters in three groups of four: `abcd-efgh-ijkl`. A move token has the host's number in
    /// front.
    pub(crate) fn random(kind: TokenKind, host: i64) -> Result<Self, SandboxError> {
        let mut letters = Vec::with_capacity(12);
        while letters.len() < 12 {
            let unbiased = random::bytes::<16>()?.into_iter().filter(|byte| *byte < UNBIASED);
            letters.extend(unbiased.map(|byte| char::from(b'a' + byte % 26)));
        }
        let groups: Vec<String> = letters[..12].chunks(4).map(|group| group.iter().collect()).collect();
        let letters = groups.join("-");
        Ok(Self(match kind {
            TokenKind::Move => format!("{}-{letters}", FIRST_NUMBER + host),
            TokenKind::Update | TokenKind::Acme => letters,
        }))
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

/// The length of a token, in characters.
const LENGTH: usize = 14;
/// The stand-in for a token in logs.
const MASK: &str = "****-****-****";

/// The text with everything masked that has a token's shape, in small letters or capitals, with any kind of dash,
/// wherever it stands.
pub(crate) fn masked(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let (mut masked, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(character) = characters.get(at) {
        if characters.get(at..at + LENGTH).is_some_and(has_shape) {
            masked.push_str(MASK);
            at += LENGTH;
        } else {
            masked.push(*character);
            at += 1;
        }
    }
    masked
}

fn has_shape(characters: &[char]) -> bool {
    let is_dash = |character: char| matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    characters.iter().enumerate().all(|(at, character)| match at {
        4 | 9 => is_dash(*character),
        _ => character.is_ascii_alphabetic(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails")]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_token_has_the_shape_and_differs_from_the_last() {
        let tokens: Vec<_> = (0..200).map(|_| Token::random(TokenKind::Update, 1).unwrap()).collect();
        assert!(tokens.iter().all(|token| masked(token.reveal()) == MASK));
        let different: std::collections::HashSet<_> = tokens.iter().map(Token::reveal).collect();
        assert_eq!(different.len(), tokens.len());
    }

    #[test]
    fn whatever_has_the_shape_of_a_token_is_masked_and_nothing_else() {
        for text in [
            "abcd-efgh-ijkl",
            "ABCD-efgh-IJKL",
            "abcd–efgh—ijkl",
            "1234567-abcd-efgh-ijkl",
            "x/abcd-efgh-ijkl, y",
        ] {
            let masked = masked(text);
            assert!(masked.contains(MASK) && !masked.contains("efgh"), "{text}: {masked}");
        }
        for text in [
            "",
            "home.spdns.de",
            "abcd-efgh",
            "abcd-efgh-ijk",
            "abcde-fgh-ijkl",
            "äbcd-efgh-ijkl",
            "2003:e1::1",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
