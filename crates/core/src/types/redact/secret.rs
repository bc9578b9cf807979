//! A text without a secret that it may repeat.

use std::ops::Range;

use super::disguise::{masked, merged, places};

/// The mask that replaces a secret.
const MASK: &str = "***";
/// A secret of fewer characters tells much by its length and by what stands around it, so the whole line is masked.
const SHORT: usize = 6;
/// The fewest characters of a secret that a text which breaks off ends with.
const BEGINNING: usize = 4;

/// `text` with `secret` masked in every disguise, also with the user before it, as a login has it. Also masked is the
/// beginning of a secret that the text breaks off in. Of a short secret, the whole line is masked.
pub fn without_secret(text: &str, secret: &str) -> String {
    let secret: Vec<char> = secret.chars().collect();
    if secret.is_empty() {
        return text.to_owned();
    }
    let least = secret.len().min(BEGINNING);
    let mut found = places(text, least, &|chars| find(chars, &secret));
    if secret.len() < SHORT {
        found = merged(found.into_iter().map(|place| lines_of(text, &place)).collect());
    }
    masked(text, &found, MASK)
}

fn find(chars: &[char], secret: &[char]) -> Vec<Range<usize>> {
    let ends = (0..chars.len()).filter_map(|at| {
        let rest = &chars[at..];
        let same = rest.iter().zip(secret).take_while(|(told, secret)| is_same(**told, **secret)).count();
        let is_whole = same == secret.len();
        let breaks_off = same == rest.len() && same >= BEGINNING;
        (is_whole || breaks_off).then_some(at..at + same)
    });
    ends.collect()
}

/// True if one may stand for the other: in other case, or as a byte of another encoding.
fn is_same(told: char, secret: char) -> bool {
    told.eq_ignore_ascii_case(&secret) || told == char::REPLACEMENT_CHARACTER && !secret.is_ascii()
}

/// The whole lines that a place is in.
fn lines_of(text: &str, place: &Range<usize>) -> Range<usize> {
    let start = text[..place.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[place.end..].find('\n').map_or(text.len(), |at| place.end + at);
    start..end
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "pa ss/w&rt+ü\"";

    #[test]
    fn a_secret_is_masked_in_every_disguise() {
        for (text, expected) in [
            ("no pa ss/w&rt+ü\" here", "no *** here"),
            ("no PA SS/W&RT+ü\" here", "no *** here"),
            // Percent-encoded, of both cases, strictly and loosely, as in a form, and twice.
            ("?p=pa%20ss%2Fw%26rt%2B%C3%BC%22&x", "?p=***&x"),
            ("?p=pa%20ss%2fw%26rt%2b%c3%bc%22&x", "?p=***&x"),
            ("?p=pa%20ss/w&rt+%C3%BC%22&x", "?p=***&x"),
            ("?p=pa+ss%2Fw%26rt%2B%C3%BC%22&x", "?p=***&x"),
            ("?p=%70%61%20ss%2Fw%26rt%2B%FC%22&x", "?p=***&x"),
            ("?p=pa%2520ss%252Fw%2526rt%252B%25C3%25BC%2522&x", "?p=***&x"),
            // For HTML and JSON.
            ("<b>pa ss/w&amp;rt+ü&quot;</b>", "<b>***</b>"),
            ("<b>pa&#32;ss&#x2f;w&#38;rt&#43;&uuml;&#034;</b>", "<b>***</b>"),
            ("{\"p\":\"pa ss\\/w\\u0026rt+\\u00fc\\\"\"}", "{\"p\":\"***\"}"),
            ("pa\\x20ss/w\\x26rt+\\xc3\\xbc\\x22", "***"),
            ("pa%20ss/w&amp;rt+%C3%BC&quot;", "***"),
            // Another encoding.
            ("no pa ss/w&rt+\u{fffd}\" here", "no *** here"),
            // Where the text breaks off.
            ("no pa s", "no ***"),
            ("?p=pa%20ss%2Fw%2", "?p=***%2"),
            ("pa ss/w&am", "***&am"),
        ] {
            assert_eq!(without_secret(text, SECRET), expected, "{text}");
        }
    }

    #[test]
    fn a_login_is_masked_as_base64_and_as_hexadecimal_digits() {
        let told = |text: &str| without_secret(text, "abcd-efgh-ijkl");
        for text in [
            // `home.spdns.de:abcd-efgh-ijkl`, `abcd-efgh-ijkl` with and without padding.
            "aG9tZS5zcGRucy5kZTphYmNkLWVmZ2gtaWprbA==",
            "YWJjZC1lZmdoLWlqa2w=",
            "YWJjZC1lZmdoLWlqa2w",
            "Authorization: Basic aG9tZS5zcGRucy5kZTphYmNkLWVmZ2gtaWprbA==; x",
            "auth/aG9tZS5zcGRucy5kZTphYmNkLWVmZ2gtaWprbA",
            "aG9tZS5zcGRucy5k\r\nZTphYmNkLWVmZ2gtaWprbA==",
            "YWJjZC1lZmdoLWlqa2w%3D",
            "616263642d656667682d696a6b6c",
            "0x616263642D656667682D696A6B6C.",
            // Base64 of Base64.
            "WVdKalpDMWxabWRvTFdscWEydz0=",
        ] {
            let told = told(text);
            assert!(told.contains("***"), "{text}: {told}");
            for piece in ["YWJjZC1lZmdoLWlqa2w", "phYmNkLWVm", "Wlqa2", "616263", "696a", "1sWm"] {
                assert!(!told.contains(piece), "{text}: {told}");
            }
        }
        // `user:??>>??>>` in both alphabets.
        for text in ["dXNlcjo/Pz4+Pz8+Pg==", "dXNlcjo_Pz4-Pz8-Pg"] {
            let told = without_secret(text, "??>>??>>");
            assert!(told.starts_with("dXNlcj") && told.contains("***") && !told.contains("Pz"), "{told}");
        }
        // A login that breaks off.
        assert_eq!(told("Basic aG9tZS5zcGRucy5kZTphYmNkLWVm"), "Basic aG9tZS5zcGRucy5kZT***");
    }

    #[test]
    fn an_end_that_looks_like_an_escape_is_plain_text_as_well() {
        for (secret, text) in [
            // `\u00df&AaAA` as Base64, where `&AaAA` may be the beginning of an entity.
            ("ß&AaAA", "XHUwMGRmJkFhQUE"),
            ("ß&AaAA", "\\u00df&AaAA"),
            ("ä &copy", "&auml; &copy"),
            ("a/b %4", "a%2Fb %4"),
            ("a/b\\u00", "a\\/b\\u00"),
        ] {
            let told = without_secret(text, secret);
            assert_eq!(told, "***", "{text}");
        }
    }

    #[test]
    fn of_a_short_secret_the_whole_line_is_masked() {
        for (text, expected) in [
            ("user x, password ab1", "***"),
            ("first\nwith ab1 and more\nlast", "first\n***\nlast"),
            ("%61%62%31", "***"),
            ("dXNlcjphYjE=", "***"),
            ("nothing of it", "nothing of it"),
        ] {
            assert_eq!(without_secret(text, "ab1"), expected, "{text}");
        }
    }

    fn packed(bytes: &[u8], digits: &[u8], bits: usize) -> String {
        let mut all: Vec<u8> =
            bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
        all.resize(all.len().next_multiple_of(bits), 0);
        let digit = |digit: &[u8]| digit.iter().fold(0, |all, bit| all << 1 | usize::from(*bit));
        all.chunks(bits).map(|chunk| char::from(digits[digit(chunk)])).collect()
    }

    /// `text` in one of the disguises.
    fn disguised(text: &str, disguise: usize) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let mut told = String::new();
        match disguise {
            0 => text.bytes().for_each(|byte| match byte {
                b'a'..=b'z' | b'0'..=b'9' => told.push(char::from(byte)),
                _ => write!(told, "%{byte:02x}").expect("writes"),
            }),
            1 => text.bytes().for_each(|byte| match byte {
                b' ' => told.push('+'),
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                    told.push(char::from(byte));
                }
                _ => write!(told, "%{byte:02X}").expect("writes"),
            }),
            2 => text.chars().for_each(|c| match c {
                '&' => told.push_str("&amp;"),
                '<' => told.push_str("&lt;"),
                '"' => told.push_str("&quot;"),
                'a'..='z' | 'A'..='Z' => told.push(c),
                _ => write!(told, "&#{};", u32::from(c)).expect("writes"),
            }),
            3 => text.chars().for_each(|c| match c {
                '"' | '\\' | '/' => told.extend(['\\', c]),
                ' '..='~' => told.push(c),
                _ => write!(told, "\\u{:04x}", u32::from(c)).expect("writes"),
            }),
            4 => told = packed(text.as_bytes(), &[LETTERS, b"+/"].concat(), 6),
            5 => told = packed(text.as_bytes(), &[LETTERS, b"-_"].concat(), 6),
            6 => told = packed(text.as_bytes(), b"0123456789abcdef", 4),
            _ => text.clone_into(&mut told),
        }
        told
    }

    proptest! {
        #[test]
        fn no_disguise_of_a_secret_is_told(
            secret in "[!-~äß]{6}[ -~ü]{0,12}",
            user in "[a-z.@]{0,12}",
            before in "[a-zA-Z0-9 ?=/]{0,20}",
            inner in 0usize..8,
            outer in 0usize..8,
        ) {
            for login in [secret.clone(), format!("{user}:{secret}")] {
                let clothes = disguised(&disguised(&login, inner), outer);
                let told = without_secret(&format!("{before}{clothes}\n"), &secret);
                prop_assert!(told.contains("***"), "{clothes}: {told}");
                // Of what follows the user's own digits, nothing is left but what surrounds whole bytes.
                let bare = disguised(&disguised(&secret, inner), outer);
                prop_assert!(!told.contains(&bare), "{clothes}: {told}");
            }
        }

        #[test]
        fn any_text_is_told_without_harm(text in "\\PC{0,200}", secret in "\\PC{0,12}") {
            let told = without_secret(&text, &secret);
            prop_assert!(secret.chars().count() < BEGINNING || secret.contains('*') || !told.contains(&secret));
        }
    }

    #[test]
    fn everything_else_is_told_as_it_is() {
        for text in
            ["", "badauth", "<html>100% &amp; more</html>", "Fehler: ungültig \\ +", "dXNlcjpwYXNz", "pa"]
        {
            assert_eq!(without_secret(text, SECRET), text);
            assert_eq!(without_secret(text, ""), text);
        }
    }
}
