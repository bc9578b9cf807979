//! Finds update URLs in text: with or without a scheme, one or several in a line, with or without a label.

use super::placeholder::{Meaning, has};

/// Parameters that are in an update URL, whatever the service.
const TELLING: [&str; 6] = ["host", "domain", "myip", "fqdn", "zone=", "token="];
/// Any placeholder makes a web address an update URL.
const PLACEHOLDERS: [Meaning; 7] = [
    Meaning::Ipv4,
    Meaning::Ipv6,
    Meaning::Address,
    Meaning::Prefix,
    Meaning::Host,
    Meaning::User,
    Meaning::Secret,
];

/// The update URLs in a line.
pub(in crate::import) fn in_line(line: &str) -> Vec<&str> {
    let words = line.split(|c: char| c.is_whitespace() || c == '|');
    words.filter_map(in_word).collect()
}

fn in_word(word: &str) -> Option<&str> {
    let word = word.trim_matches(|c: char| "\"'`;,\u{201c}\u{201d}\u{201e}".contains(c));
    if let Some(at) = word.find("://") {
        let begin = word[..at].rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |before| before + 1);
        // `begin` may lie inside a character that isn't ASCII.
        let url = word.get(begin..)?;
        let is_web = url.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
        return (is_web && is_update(url)).then_some(url);
    }
    // Without a scheme: `update.spdyn.de/nic/update?…`, perhaps behind a label.
    let head_end = word.find(['/', '?'])?;
    let label = word[..head_end].rfind('=').map_or(0, |at| at + 1);
    let (url, host) = (&word[label..], &word[label..head_end]);
    let (login, host) = host.rsplit_once('@').map_or(("", host), |(login, host)| (login, host));
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-.:".contains(c);
    let is_server =
        host.contains('.') && host.chars().all(is_name) && host.chars().any(|c| c.is_ascii_alphabetic());
    (is_server && !login.contains('/') && word.contains('?') && is_update(url)).then_some(url)
}

fn is_update(url: &str) -> bool {
    let telling = url.split_once('?').is_some_and(|(_, query)| {
        let query = query.to_ascii_lowercase();
        TELLING.iter().any(|name| query.contains(name))
    });
    telling || has(url, &PLACEHOLDERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn update_urls_are_found_however_they_stand_in_a_line() {
        for (line, expected) in [
            ("https://a.example.org/u?hostname=x", vec!["https://a.example.org/u?hostname=x"]),
            ("Update-URL: a.example.org/u?h=<domain>", vec!["a.example.org/u?h=<domain>"]),
            ("url=a.example.org/u?h=<domain>", vec!["a.example.org/u?h=<domain>"]),
            ("url='https://a.example.org/u?h=[DOMAIN]'", vec!["https://a.example.org/u?h=[DOMAIN]"]),
            ("https://a.de/<domain>/<ipaddr>", vec!["https://a.de/<domain>/<ipaddr>"]),
            ("a.de/u?ip=<ipaddr> a.de/u?ip=<ip6addr>", vec!["a.de/u?ip=<ipaddr>", "a.de/u?ip=<ip6addr>"]),
            (
                "https://a.de/u?ip=<ipaddr>|https://b.de/u?ip=<ip6addr>",
                vec!["https://a.de/u?ip=<ipaddr>", "https://b.de/u?ip=<ip6addr>"],
            ),
            ("# https://example.org/hosts", vec![]),
            ("use=web, web=checkip.dyndns.org/, web-skip='IP'", vec![]),
            ("ftp://a.example.org/u?hostname=x", vec![]),
            ("what/is?this=<domain>", vec![]),
            ("\u{fc}://x?host", vec![]),
        ] {
            assert_eq!(in_line(line), expected, "{line}");
        }
    }
}
