//! The addresses that an answer names, and whether they speak for what was sent.

use std::net::{IpAddr, Ipv4Addr};

use crate::types::address::{Addresses, Family};

/// The addresses that an answer of success may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// Nothing but what was sent.
    SentAlone,
    /// Others too, such as the address before, as long as it names what was sent.
    OthersToo,
}

/// What was sent, and what an answer of success may name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'a> {
    pub(super) sent: &'a Addresses,
    pub(super) naming: Naming,
}

impl Expected<'_> {
    /// The address that `text` names instead of what was sent; none where it contradicts nothing. Words that aren't
    /// addresses are a service's small talk.
    pub(super) fn contradiction(self, text: &str) -> Option<String> {
        let other = match self.naming {
            Naming::SentAlone => addresses_in(text).into_iter().find(|named| !self.is_sent(*named)),
            Naming::OthersToo => {
                let named = addresses_in(text);
                if self.is_named_in(&named) {
                    return None;
                }
                named.into_iter().find(|named| !self.is_sent(*named))
            }
        };
        other.map(|named| named.to_string())
    }

    fn is_sent(self, named: IpAddr) -> bool {
        self.sent.iter().any(|address| address.ip() == named)
    }

    /// True when what was sent is among the `named` ones. Of a family that isn't named at all nothing is said.
    fn is_named_in(self, named: &[IpAddr]) -> bool {
        let is_missing = |sent: IpAddr| {
            let mut of_family =
                named.iter().filter(|named| Family::of(**named) == Family::of(sent)).peekable();
            of_family.peek().is_some() && of_family.all(|named| *named != sent)
        };
        named.iter().any(|named| self.is_sent(*named))
            && !self.sent.iter().any(|address| is_missing(address.ip()))
    }
}

/// All addresses in a text, whatever brackets, quotes and punctuation stand around them.
pub(super) fn addresses_in(text: &str) -> Vec<IpAddr> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ':' | '_')).filter_map(address).collect()
}

/// The address that a word is: alone, at the end of a sentence, behind a label or before a port.
fn address(word: &str) -> Option<IpAddr> {
    // Two colons alone are punctuation.
    let word = word.trim_matches('.');
    let alone = |text: &str| {
        text.parse::<IpAddr>().ok().or_else(|| padded(text).map(IpAddr::V4)).filter(|_| text != "::")
    };
    let found = alone(word).or_else(|| alone(word.strip_suffix(':')?)).or_else(|| {
        let (before, after) = word.split_once(':')?;
        let after = after.trim_matches('.');
        // A label of its own letters, or the number of a port.
        let found = alone(after).or_else(|| alone(after.strip_suffix(':')?)).or_else(|| alone(before));
        // Both.
        found.or_else(|| word.split(':').find_map(alone))
    })?;
    Some(found.to_canonical())
}

/// An IPv4 address whose numbers are filled up with zeros: `084.160.012.007`.
fn padded(text: &str) -> Option<Ipv4Addr> {
    let mut numbers = text.split('.').map(|number| {
        let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        number.parse().ok().filter(|_| is_number)
    });
    let mut next = || numbers.next().flatten();
    let address = Ipv4Addr::new(next()?, next()?, next()?, next()?);
    numbers.next().is_none().then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::address::PublicAddress;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("a literal address")
    }

    #[test]
    fn an_address_is_found_whatever_stands_around_it() {
        for text in [
            "84.160.12.7",
            "to 84.160.12.7.",
            "to 84.160.12.7...",
            "(84.160.12.7)",
            "[84.160.12.7],",
            "<84.160.12.7>",
            "\"84.160.12.7\"",
            "IP=84.160.12.7;",
            "ip:84.160.12.7",
            "address: 84.160.12.7!",
            "84.160.12.7:",
            "84.160.12.7:443",
            "84.160.12.7/32",
            "->84.160.12.7",
            "home.example.org/84.160.12.7",
            "::ffff:84.160.12.7",
            "084.160.012.007",
            "ip:84.160.12.7:443",
            "84.160.12.7%eth0",
            "{84.160.12.7}",
            "\u{a0}84.160.12.7\u{a0}",
            "“84.160.12.7”",
        ] {
            assert_eq!(addresses_in(text), [ip("84.160.12.7")], "{text}");
        }
        for text in [
            "2003:e1::7",
            "2003:00E1:0:0::7.",
            "[2003:e1::7]:443",
            "(2003:e1:0:0:0:0:0:7)",
            "2003:e1::7/64",
            "2003:e1::7:",
            "ip:2003:e1::7",
            "IPv6: 2003:e1::7, done",
        ] {
            assert_eq!(addresses_in(text), [ip("2003:e1::7")], "{text}");
        }
        assert_eq!(addresses_in("from 1.2.3.4 to 5.6.7.8"), [ip("1.2.3.4"), ip("5.6.7.8")]);
        assert_eq!(addresses_in("1.2.3.4->5.6.7.8,2003:e1::7"), ["1.2.3.4", "5.6.7.8", "2003:e1::7"].map(ip));
    }

    #[test]
    fn what_only_looks_like_an_address_is_none() {
        for text in [
            "",
            "Updated 1 host in 0.05 seconds",
            "std::string",
            "12:30",
            "at 12:30:15",
            "version 1.2.3",
            "1.2.3.4.5",
            "84.160.12.7x",
            "host84.160.12.7",
            "a_84.160.12.7",
            "84.160.12.777",
            "84.160.12.0007",
            "84.160..7",
            "done :: fine",
        ] {
            assert_eq!(addresses_in(text), <[IpAddr; 0]>::default(), "{text}");
        }
    }

    #[test]
    fn the_address_before_may_be_named_where_what_was_sent_is() {
        let public = |text: &str| PublicAddress::try_from(ip(text)).ok();
        let ipv4 = Addresses { ipv4: public("84.160.12.7"), ipv6: None };
        let both = Addresses { ipv6: public("2003:e1::7"), ..ipv4 };
        for (text, sent, other) in [
            ("from 1.2.3.4 to 84.160.12.7", ipv4, None),
            ("to 84.160.12.7 (was 1.2.3.4, 2003:e1::6)", ipv4, None),
            ("from 1.2.3.4 to 5.6.7.8", ipv4, Some("1.2.3.4")),
            ("(5.6.7.8)", ipv4, Some("5.6.7.8")),
            ("nothing but 2003:e1::7", ipv4, Some("2003:e1::7")),
            ("no address", ipv4, None),
            ("from 1.2.3.4, 2003:e1::6 to 84.160.12.7, 2003:00e1:0::7", both, None),
            ("from 1.2.3.4, 2003:e1::6 to 84.160.12.7, 2003:e1::8", both, Some("1.2.3.4")),
            ("84.160.12.7, [2003:e1::8]", both, Some("2003:e1::8")),
            // Nothing is said of the other family.
            ("84.160.12.7", both, None),
            ("from 1.2.3.4 to 84.160.12.7", both, None),
            ("from 2003:e1::6 to 2003:e1::7", both, None),
        ] {
            let expected = Expected { sent: &sent, naming: Naming::OthersToo };
            assert_eq!(expected.contradiction(text).as_deref(), other, "{text}");
        }
        let strict = Expected { sent: &ipv4, naming: Naming::SentAlone };
        for (text, other) in [
            ("good [127.0.0.1]", "127.0.0.1"),
            ("good (127.0.0.1)", "127.0.0.1"),
            ("good <127.0.0.1>", "127.0.0.1"),
            ("good \"84.160.12.8\"", "84.160.12.8"),
            ("good ip=84.160.12.8;", "84.160.12.8"),
            ("good 127.000.000.001", "127.0.0.1"),
            ("good 84.160.12.7 [fe80::1%eth0]", "fe80::1"),
            ("good [2003:e1::8]:443", "2003:e1::8"),
            ("good\u{a0}127.0.0.1", "127.0.0.1"),
            ("good 84.160.12.8.", "84.160.12.8"),
            ("good ::1", "::1"),
        ] {
            assert_eq!(strict.contradiction(text).as_deref(), Some(other), "{text}");
        }
        for text in ["good [84.160.12.7]", "good 84.160.12.7.", "good 84.160.12.7/32 in 0.05 s at 12:30:15"] {
            assert_eq!(strict.contradiction(text), None, "{text}");
        }
        assert_eq!(strict.contradiction("from 1.2.3.4 to 84.160.12.7").as_deref(), Some("1.2.3.4"));
    }
}
