//! A file's bytes as text, and the kind of file.

use secrecy::SecretString;

use super::found::ImportSource;
use super::update_url;

/// Settings that may begin a line of `ddclient.conf`.
const DDCLIENT_SETTINGS: [&str; 12] = [
    "protocol", "server", "login", "password", "use", "usev4", "usev6", "ssl", "daemon", "web", "pid",
    "syslog",
];

/// Decodes UTF-8 with or without a byte order mark, and anything else as Latin-1. Never fails.
pub fn decode(bytes: &[u8]) -> SecretString {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes.iter().copied().map(char::from).collect::<String>().into(),
    }
}

/// The kind of file: by its name if that is enough, otherwise by its contents.
pub(super) fn source(text: &str, name: &str) -> ImportSource {
    let name = name.to_ascii_lowercase();
    let by_name = [
        ("ddclient", ImportSource::Ddclient),
        ("inadyn", ImportSource::Inadyn),
        (".csv", ImportSource::Table),
        (".tsv", ImportSource::Table),
    ];
    if let Some((_, source)) = by_name.into_iter().find(|(part, _)| name.contains(part)) {
        return source;
    }
    let lines = || text.trim_start_matches('\u{feff}').lines().map(str::trim);
    if lines().any(is_block) {
        ImportSource::Inadyn
    } else if lines().any(|line| update_url::in_line(line).is_some()) {
        ImportSource::UpdateUrl
    } else if lines().any(is_ddclient_setting) {
        ImportSource::Ddclient
    } else {
        ImportSource::Table
    }
}

fn is_block(line: &str) -> bool {
    let mut words = line.split_whitespace();
    matches!(words.next(), Some("provider" | "custom")) && words.next().is_some() && line.contains('{')
}

fn is_ddclient_setting(line: &str) -> bool {
    line.split_once('=').is_some_and(|(name, _)| DDCLIENT_SETTINGS.contains(&name.trim()))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn utf_8_and_latin_1_are_both_text() {
        for bytes in [&b"\xef\xbb\xbfB\xc3\xbcro"[..], b"B\xc3\xbcro", b"B\xfcro"] {
            assert_eq!(decode(bytes).expose_secret(), "Büro");
        }
    }

    #[test]
    fn a_file_is_known_by_its_name_or_by_what_is_in_it() {
        for (text, name, expected) in [
            ("", "spdyn_update_token.csv", ImportSource::Table),
            ("home.spdns.de;abcd-efgh-ijkl", "", ImportSource::Table),
            ("", "/etc/ddclient.conf", ImportSource::Ddclient),
            ("# mine\nprotocol=dyndns2\n", "old.txt", ImportSource::Ddclient),
            ("provider default@spdyn.de {\n", "x", ImportSource::Inadyn),
            // A brace alone makes no block, and a web address alone no update URL.
            ("# some {words}\nprotocol=dyndns2\n", "x", ImportSource::Ddclient),
            ("# https://example.org/hosts\nprotocol=dyndns2\n", "x", ImportSource::Ddclient),
            ("https://update.spdyn.de/nic/update?hostname=<domain>", "x", ImportSource::UpdateUrl),
        ] {
            assert_eq!(source(text, name), expected, "{text:?} {name:?}");
        }
    }
}
