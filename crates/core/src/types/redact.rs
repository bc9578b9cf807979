//! The second line of defence around secrets: text of an update token's shape is masked before it is kept or shown.
//! (The first line is that no secret gets into such a text at all.) Hardware addresses, which identify a device, are
//! left out of text that is handed on.

use std::net::Ipv6Addr;

/// The mask that replaces a token.
const MASK: &str = "****-****-****";

/// `text` with everything of an update token's shape (`abcd-efgh-ijkl`, in small or capital letters, also inside a
/// move token) masked. A host name of that shape is masked too.
pub fn redact(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = find(text, text.len() - rest.len()) {
        told.push_str(&rest[..at - (text.len() - rest.len())]);
        told.push_str(MASK);
        rest = &text[at + MASK.len()..];
    }
    told.push_str(rest);
    told
}

/// The position of the first token in `text`, from byte `from` on.
fn find(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..=bytes.len().checked_sub(MASK.len())?).find(|&at| {
        let end = at + MASK.len();
        bytes[at..end].iter().zip(MASK.bytes()).all(|(&byte, shape)| match shape {
            b'-' => byte == b'-',
            _ => byte.is_ascii_alphabetic(),
        }) && begins_a_word(bytes, at)
            && !bytes.get(end).is_some_and(u8::is_ascii_alphabetic)
    })
}

/// True when no letter stands before `at`, or only one that belongs to an escape (`\n`) in quoted text.
fn begins_a_word(bytes: &[u8], at: usize) -> bool {
    let before = |count: usize| at.checked_sub(count).and_then(|at| bytes.get(at));
    !before(1).is_some_and(u8::is_ascii_alphabetic) || before(2) == Some(&b'\\')
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
