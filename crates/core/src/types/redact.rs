//! The second line of defence around secrets: text of an update token's shape is masked before it is kept or shown.
//! (The first line is that no secret gets into such a text at all.) Hardware addresses, which identify a device, are
//! left out of text that is handed on.

mod disguise;
mod secret;

use std::net::Ipv6Addr;
use std::ops::Range;

use self::disguise::{masked, places};
pub use self::secret::without_secret;

/// The mask that replaces a token.
const MASK: &str = "****-****-****";

/// `text` with everything of an update token's shape (`abcd-efgh-ijkl`, in small or capital letters, also inside a
/// move token) masked, in every disguise. A host name of that shape is masked too.
pub fn redact(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| masked(line, &places(line, MASK.len(), &tokens), MASK));
    lines.collect()
}

/// Everything of a token's shape.
fn tokens(chars: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(rest) = chars.get(from..from + MASK.len()) {
        let is_token = rest.iter().zip(MASK.chars()).all(|(c, shape)| match shape {
            '-' => *c == '-',
            _ => c.is_ascii_alphabetic(),
        });
        let end = from + MASK.len();
        if is_token && begins_a_word(chars, from) && !chars.get(end).is_some_and(char::is_ascii_alphabetic) {
            found.push(from..end);
            from = end;
        } else {
            from += 1;
        }
    }
    found
}

/// True when no letter stands before `at`, or only one that belongs to an escape (`\n`) in quoted text.
fn begins_a_word(chars: &[char], at: usize) -> bool {
    let before = |count: usize| at.checked_sub(count).and_then(|at| chars.get(at));
    !before(1).is_some_and(char::is_ascii_alphabetic) || before(2) == Some(&'\\')
}

/// `text` without hardware addresses: an IPv6 address that was made from one (RFC 4291, appendix A) keeps only its
/// network part, and `02:00:5e:10:00:01` becomes `…`.
pub fn without_hardware_addresses(text: &str) -> String {
    let is_of_address = |c: char| c.is_ascii_hexdigit() || c == ':';
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_of_address) {
        let (before, from) = rest.split_at(at);
        let (word, after) = from.split_at(from.find(|c| !is_of_address(c)).unwrap_or(from.len()));
        told.push_str(before);
        match network_part(word) {
            Some(part) => told.push_str(&part),
            None if is_hardware_address(word) => told.push('…'),
            None => told.push_str(word),
        }
        rest = after;
    }
    told.push_str(rest);
    told
}

/// The network part of an IPv6 address that was made from a hardware address.
fn network_part(word: &str) -> Option<String> {
    let address: Ipv6Addr = word.parse().ok()?;
    let parts = address.segments();
    let is_made_of_hardware = parts[5] & 0xff == 0xff && parts[6] >> 8 == 0xfe;
    is_made_of_hardware.then(|| format!("{:x}:{:x}:{:x}:{:x}:…", parts[0], parts[1], parts[2], parts[3]))
}

fn is_hardware_address(word: &str) -> bool {
    let groups: Vec<&str> = word.split(':').collect();
    groups.len() == 6 && groups.iter().all(|group| group.len() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hardware_address_is_left_out_also_inside_an_ipv6_address() {
        for (text, expected) in [
            ("address: 2003:e1:bf0a:4d00:9c5e:21ff:fe4a:7b30,", "address: 2003:e1:bf0a:4d00:…,"),
            ("[fe80::9c5e:21ff:fe4a:7b30]/64", "[fe80:0:0:0:…]/64"),
            ("the gateway 02:00:5e:10:00:01 spoke", "the gateway … spoke"),
            ("12:34:56 2003:e1:bf0a:4d00:5a1:92be:77c4:e01", "12:34:56 2003:e1:bf0a:4d00:5a1:92be:77c4:e01"),
            ("2003::1:2:12ff:1234:5 2003::1:2:1234:fe12:5", "2003::1:2:12ff:1234:5 2003::1:2:1234:fe12:5"),
            ("fe80::1 and 84.160.12.7 at home: ::", "fe80::1 and 84.160.12.7 at home: ::"),
        ] {
            assert_eq!(without_hardware_addresses(text), expected);
        }
    }

    #[test]
    fn a_token_is_masked_wherever_it_stands() {
        for (text, expected) in [
            ("abcd-efgh-ijkl", "****-****-****"),
            ("user=a&password=abcd-efgh-ijkl&x", "user=a&password=****-****-****&x"),
            ("1234567-abcd-efgh-ijkl", "1234567-****-****-****"),
            ("ABCD-EFGH-IJKL, abcd-efgh-ijkl.", "****-****-****, ****-****-****."),
            (r#""good\nabcd-efgh-ijkl\n""#, r#""good\n****-****-****\n""#),
            ("äabcd-efgh-ijklö", "ä****-****-****ö"),
            ("abcd-efgh-ijkl-mnop-qrst-uvwx", "****-****-****-****-****-****"),
            ("?p=abcd%2Defgh%2dijkl&x", "?p=****-****-****&x"),
            ("<b>abcd&#45;efgh&#x2d;ijkl</b>", "<b>****-****-****</b>"),
            ("Basic aG9tZS5zcGRucy5kZTphYmNkLWVmZ2gtaWprbA==", "Basic aG9tZS5zcGRucy5kZT****-****-****=="),
            ("616263642d656667682d696a6b6c\nabcd-efgh-ijkl\n", "****-****-****\n****-****-****\n"),
        ] {
            assert_eq!(redact(text), expected);
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for text in [
            "",
            "home.spdns.de",
            "abcd-efgh-ijk",
            "abcd-efgh-ijklm",
            "xabcd-efgh-ijkl",
            "2026-11-23T12:00:00Z",
            "2003:e1:bf0a:4d00::1",
            "Gerät nicht erreichbar – später noch einmal",
        ] {
            assert_eq!(redact(text), text);
        }
    }
}
