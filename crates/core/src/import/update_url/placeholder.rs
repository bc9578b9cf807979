//! The placeholders that routers put values into, resolved where they stand. Sources: AVM's help for "User-defined"
//! dynamic DNS (`<ipaddr>`, `<ip6addr>`, `<ip6lanprefix>`, `<dualstack>`, `<domain>`, `<username>`, `<pass>`, `<passwd>`,
//! `<b64>…</b64>`), and OpenWrt's ddns-scripts (`[IP]`, `[USERNAME]`, `[PASSWORD]`, `[DOMAIN]`, `[PARAMENC]`, `[PARAMOPT]`).

/// The values that stand beside a URL.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    pub(super) host: String,
    pub(super) user: String,
    pub(super) secret: String,
    /// OpenWrt's two free parameters.
    pub(super) encoded: String,
    pub(super) optional: String,
}

/// The meaning of a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Ipv4,
    Ipv6,
    /// OpenWrt's address: of the family that the section is for.
    Address,
    Host,
    User,
    Secret,
    /// The prefix of the home network.
    Prefix,
    /// Whether there are both families: of no use without the router.
    DualStack,
    /// The beginning or end of a part in base64.
    Base64,
    Encoded,
    Optional,
}

const ALL: [(&str, Meaning); 17] = [
    ("<ipaddr>", Meaning::Ipv4),
    ("<ip6addr>", Meaning::Ipv6),
    ("<ip6lanprefix>", Meaning::Prefix),
    ("<dualstack>", Meaning::DualStack),
    ("<domain>", Meaning::Host),
    ("<username>", Meaning::User),
    ("<passwd>", Meaning::Secret),
    ("<pass>", Meaning::Secret),
    ("<b64>", Meaning::Base64),
    ("</b64>", Meaning::Base64),
    ("[ip]", Meaning::Address),
    ("[domain]", Meaning::Host),
    ("[username]", Meaning::User),
    ("[password]", Meaning::Secret),
    ("[paramenc]", Meaning::Encoded),
    ("[paramopt]", Meaning::Optional),
    ("[ipv6]", Meaning::Ipv6),
];

/// A piece of a text: literal, or a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Placeholder(Meaning),
}

/// The pieces of a text. Placeholders may be in capitals, or percent-encoded.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut rest, mut literal) = (text, 0);
    while !rest[literal..].is_empty() {
        if let Some((length, meaning)) = at_beginning(&rest[literal..]) {
            if literal > 0 {
                pieces.push(Piece::Text(&rest[..literal]));
            }
            pieces.push(Piece::Placeholder(meaning));
            rest = &rest[literal + length..];
            literal = 0;
        } else {
            literal += rest[literal..].chars().next().map_or(1, char::len_utf8);
        }
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

fn at_beginning(text: &str) -> Option<(usize, Meaning)> {
    ALL.iter().find_map(|(name, meaning)| {
        let begins = |name: &str| {
            text.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name)).then_some(name.len())
        };
        let encoded = || {
            let inside = &name[1..name.len() - 1];
            let (open, close) = if name.starts_with('<') { ("%3c", "%3e") } else { ("%5b", "%5d") };
            begins(&format!("{open}{inside}{close}"))
        };
        let is_marked = text.starts_with(['<', '[', '%']);
        is_marked.then(|| begins(name).or_else(encoded)).flatten().map(|length| (length, *meaning))
    })
}

/// True when any of these placeholders is in the text.
pub(super) fn has(text: &str, wanted: &[Meaning]) -> bool {
    pieces(text).iter().any(|piece| matches!(piece, Piece::Placeholder(meaning) if wanted.contains(meaning)))
}

/// The text with the values that stand beside it. `decode` reads what is literal. A placeholder whose value isn't known
/// stays, and so does an address's.
pub(super) fn resolve(text: &str, beside: &Beside, decode: impl Fn(&str) -> String) -> String {
    let or = |value: &str, placeholder: &str| {
        if value.is_empty() { placeholder.to_owned() } else { value.to_owned() }
    };
    let resolved = pieces(text).into_iter().map(|piece| match piece {
        Piece::Text(text) => decode(text),
        Piece::Placeholder(Meaning::Host) => or(&beside.host, "<domain>"),
        Piece::Placeholder(Meaning::User) => or(&beside.user, "<username>"),
        Piece::Placeholder(Meaning::Secret) => or(&beside.secret, "<passwd>"),
        Piece::Placeholder(Meaning::Encoded) => beside.encoded.clone(),
        Piece::Placeholder(Meaning::Optional) => decode(&beside.optional),
        Piece::Placeholder(Meaning::Ipv4 | Meaning::Address) => "<ipaddr>".to_owned(),
        Piece::Placeholder(Meaning::Ipv6) => "<ip6addr>".to_owned(),
        Piece::Placeholder(Meaning::Prefix | Meaning::DualStack | Meaning::Base64) => String::new(),
    });
    resolved.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_is_resolved_where_it_stands() {
        let beside = Beside {
            host: "home.example.org".into(),
            user: "anna".into(),
            secret: "s3cret".into(),
            encoded: "enc".into(),
            optional: "opt".into(),
        };
        for (text, resolved) in [
            ("<domain>", "home.example.org"),
            ("<username>:<pass>@<passwd>", "anna:s3cret@s3cret"),
            ("[USERNAME]:[PASSWORD]/[DOMAIN]", "anna:s3cret/home.example.org"),
            ("%3Cdomain%3E,%5BDOMAIN%5D,<DOMAIN>", "home.example.org,home.example.org,home.example.org"),
            ("[PARAMENC][PARAMOPT]", "encopt"),
            ("<ipaddr>[IP]<ip6addr>", "<ipaddr><ipaddr><ip6addr>"),
            ("<b64><username>:<pass></b64>", "anna:s3cret"),
            ("a<ip6lanprefix>b<dualstack>c", "abc"),
            ("a<b>[c]<", "a<b>[c]<"),
        ] {
            assert_eq!(resolve(text, &beside, str::to_owned), resolved, "{text}");
        }
        assert_eq!(resolve("<domain>", &Beside::default(), str::to_owned), "<domain>");
    }
}
