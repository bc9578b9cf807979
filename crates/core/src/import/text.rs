//! A file's bytes as text, and the kind of file.

use secrecy::SecretString;

use super::found::ImportSource;
use super::{inadyn, update_url};

/// Settings that may begin a line of `ddclient.conf`.
const DDCLIENT_SETTINGS: [&str; 12] = [
    "protocol", "server", "login", "password", "use", "usev4", "usev6", "ssl", "daemon", "web", "pid",
    "syslog",
];

/// What Windows has at 0x80 to 0x9f, where Latin-1 has control characters; its five gaps stay those.
const WINDOWS_1252: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}',
    '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}',
    '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}',
    '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
];
/// The number of bytes that tell whether a file without a mark is UTF-16.
const SAMPLE: usize = 512;

/// Decodes UTF-8 and UTF-16, each with or without a byte order mark, and anything else as Windows-1252. Never fails.
pub fn decode(bytes: &[u8]) -> SecretString {
    let utf_16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| -> SecretString {
        let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
        // The room is taken at once, so that no copy is left behind: two bytes become three at most.
        let mut text = String::with_capacity(bytes.len() / 2 * 3);
        text.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        text.into()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => return utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => return utf_16(rest, u16::from_be_bytes),
        _ if has_zeros(bytes, 1) => return utf_16(bytes, u16::from_le_bytes),
        _ if has_zeros(bytes, 0) => return utf_16(bytes, u16::from_be_bytes),
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.into();
    }
    let mut text = String::with_capacity(bytes.len() * 3);
    text.extend(bytes.iter().map(|byte| windows_1252(*byte)));
    text.into()
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// True when every second byte, from `first` on, is mostly zero and the others never are: UTF-16 of Latin letters.
fn has_zeros(bytes: &[u8], first: usize) -> bool {
    let pairs = bytes[..bytes.len().min(SAMPLE)].as_chunks::<2>().0;
    let zeros = pairs.iter().filter(|pair| pair[first] == 0).count();
    pairs.len() > 1 && zeros * 10 > pairs.len() * 7 && pairs.iter().all(|pair| pair[1 - first] != 0)
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
    let is_block = lines().zip(lines().skip(1).chain([""])).any(|(line, next)| is_block(line, next));
    if is_block || inadyn::is_old(text.trim_start_matches('\u{feff}')) {
        ImportSource::Inadyn
    } else if update_url::is_openwrt(text)
        || lines().any(|line| !update_url::in_line(line).is_empty() || line.contains("&lt;ipaddr&gt;"))
    {
        ImportSource::UpdateUrl
    } else if lines().any(is_ddclient_setting) {
        ImportSource::Ddclient
    } else {
        ImportSource::Table
    }
}

/// True for the beginning of a block: its brace may be on the next line.
fn is_block(line: &str, next: &str) -> bool {
    let mut words = line.split_whitespace();
    let has_title = matches!(words.next(), Some("provider" | "custom")) && words.next().is_some();
    has_title && (line.contains('{') || next.starts_with('{'))
}

fn is_ddclient_setting(line: &str) -> bool {
    line.split_once('=').is_some_and(|(name, _)| DDCLIENT_SETTINGS.contains(&name.trim()))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn utf_8_utf_16_and_windows_own_letters_are_all_text() {
        for bytes in [
            &b"\xef\xbb\xbfB\xc3\xbcro"[..],
            b"B\xc3\xbcro",
            b"B\xfcro",
            b"\xff\xfeB\0\xfc\0r\0o\0",
            b"\xfe\xff\0B\0\xfc\0r\0o",
            b"B\0\xfc\0r\0o\0",
            b"\0B\0\xfc\0r\0o",
        ] {
            assert_eq!(decode(bytes).expose_secret(), "Büro", "{bytes:?}");
        }
        assert_eq!(decode(b"abcd\x96efgh \x80\xfc").expose_secret(), "abcd\u{2013}efgh \u{20ac}\u{fc}");
        assert_eq!(
            decode(b"\xff\xfeA\0\x3d\xd8\x00\xdeB").expose_secret(),
            "A\u{1f600}",
            "an odd byte is dropped"
        );
        assert_eq!(decode(b"PNG\0\0").expose_secret(), "PNG\0\0", "a few zeros are no UTF-16");
    }

    #[test]
    fn a_file_is_known_by_its_name_or_by_what_is_in_it() {
        for (text, name, expected) in [
            ("", "spdyn_update_token.csv", ImportSource::Table),
            ("home.spdns.de;abcd-efgh-ijkl", "", ImportSource::Table),
            ("", "/etc/ddclient.conf", ImportSource::Ddclient),
            ("# mine\nprotocol=dyndns2\n", "old.txt", ImportSource::Ddclient),
            ("provider default@spdyn.de {\n", "x", ImportSource::Inadyn),
            ("provider default@spdyn.de\n{\npassword = x\n}\n", "x", ImportSource::Inadyn),
            ("dyndns_system default@no-ip.com\nalias a.ddns.net\n", "x", ImportSource::Inadyn),
            ("config service 'home'\n", "x", ImportSource::UpdateUrl),
            ("ddns.home=service\n", "x", ImportSource::UpdateUrl),
            ("Update-URL: update.spdyn.de/nic/update?hostname=<domain>", "x", ImportSource::UpdateUrl),
            // A brace alone makes no block, and a web address alone no update URL.
            ("# some {words}\nprotocol=dyndns2\n", "x", ImportSource::Ddclient),
            ("# https://example.org/hosts\nprotocol=dyndns2\n", "x", ImportSource::Ddclient),
            ("https://update.spdyn.de/nic/update?hostname=<domain>", "x", ImportSource::UpdateUrl),
        ] {
            assert_eq!(source(text, name), expected, "{text:?} {name:?}");
        }
    }
}
