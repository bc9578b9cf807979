//! Host names with letters beyond ASCII, spelt as DNS has them: `müller` is `xn--mller-kva` (RFC 3492).
//!
//! Only letters of which there is no doubt are spelt: those of Latin alphabets that Unicode's tables (UTS 46) leave as
//! they are. So the tables, which are larger than all the rest of the program's texts, aren't needed.

use idna::punycode;

/// What precedes a label in Punycode.
const PREFIX: &str = "xn--";
/// Combined letters that keyboards of macOS and copied text take apart: the letter and U+0308.
const TAKEN_APART: [(&str, &str); 3] =
    [("a\u{308}", "\u{e4}"), ("o\u{308}", "\u{f6}"), ("u\u{308}", "\u{fc}")];

/// The name in ASCII; none where it is ASCII already, or has a letter whose spelling isn't certain. Everything else
/// about it stays unchecked.
pub(super) fn in_dns(name: &str) -> Option<String> {
    if name.is_ascii() {
        return None;
    }
    let mut name = name.to_lowercase();
    for (apart, together) in TAKEN_APART {
        name = name.replace(apart, together);
    }
    let labels: Option<Vec<String>> = name.split('.').map(label).collect();
    labels.map(|labels| labels.join("."))
}

fn label(text: &str) -> Option<String> {
    if text.is_ascii() {
        return Some(text.to_owned());
    }
    let is_certain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || is_plain_latin(c));
    let encoded = punycode::encode_str(text).filter(|_| is_certain)?;
    Some(format!("{PREFIX}{encoded}"))
}

/// True for a small Latin letter that UTS 46 maps to nothing else.
fn is_plain_latin(c: char) -> bool {
    let is_latin = matches!(c, '\u{df}'..='\u{f6}' | '\u{f8}'..='\u{17e}') && c.is_lowercase();
    is_latin && !matches!(c, '\u{133}' | '\u{140}' | '\u{149}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_spelt_as_dns_has_it() {
        for (name, spelt) in [
            ("m\u{fc}ller.spdns.de", Some("xn--mller-kva.spdns.de")),
            ("M\u{dc}LLER.spdns.de", Some("xn--mller-kva.spdns.de")),
            ("mu\u{308}ller.spdns.de", Some("xn--mller-kva.spdns.de")),
            ("stra\u{df}e.b\u{fc}ro.example", Some("xn--strae-oqa.xn--bro-hoa.example")),
            ("ren\u{e9}.example.org", Some("xn--ren-dma.example.org")),
            ("home.spdns.de", None),
            // Letters that other tables would change, and letters that look like others.
            ("\u{433}\u{43e}\u{43c}\u{435}.spdns.de", None),
            ("e\u{301}.spdns.de", None),
            ("\u{133}.spdns.de", None),
            ("\u{ff41}.spdns.de", None),
            ("m\u{fc}ller spdns.de", None),
        ] {
            assert_eq!(in_dns(name).as_deref(), spelt, "{name}");
        }
    }
}
