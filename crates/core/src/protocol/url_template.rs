//! The part of an update URL behind the server and its path: text with placeholders. It never holds a secret, only
//! the place where one goes.

use std::fmt;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::types::address::{Addresses, Family};
use crate::types::hostname::Hostname;
use crate::types::network::Prefix;

/// The dyndns2 protocol's own, as Securepoint's wiki has it.
const DYNDNS2: &str = "?hostname={host}&myip={ips}";
/// The placeholder of the secret. Only the sender puts it in, percent-encoded.
pub const SECRET: &str = "{password}";

/// The label of a zone itself.
const APEX: &str = "@";

/// All characters but the unreserved ones.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The bytes that one byte may become.
const LONGEST_ESCAPE: usize = "%00".len();

/// A placeholder: what stands in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// `{host}`: the host name.
    Host,
    /// `{label}`: its part before the first dot; beside `{zone}`, a name with one dot is a zone itself, and this is `@`.
    Label,
    /// `{zone}`: its part behind the first dot; a name with one dot is a zone itself.
    Zone,
    /// `{user}`: the user; with a token, the host name.
    User,
    /// `{password}`: the secret.
    Password,
    /// `{ip}`: the address, one a request.
    Ip,
    /// `{ip4}`: the IPv4 address.
    Ip4,
    /// `{ip6}`: the IPv6 address.
    Ip6,
    /// `{ips}`: all addresses, with a comma between them.
    Ips,
    /// `{prefix}`: the prefix of the network that the IPv6 address is in, with its length: `2003:e1:1:2::/64`.
    Prefix,
}

impl Placeholder {
    const ALL: [(&'static str, Placeholder); 10] = [
        ("host", Placeholder::Host),
        ("label", Placeholder::Label),
        ("zone", Placeholder::Zone),
        ("user", Placeholder::User),
        ("password", Placeholder::Password),
        ("ip", Placeholder::Ip),
        ("ip4", Placeholder::Ip4),
        ("ip6", Placeholder::Ip6),
        ("ips", Placeholder::Ips),
        ("prefix", Placeholder::Prefix),
    ];

    /// True for a placeholder of addresses of `family`.
    fn takes(self, family: Family) -> bool {
        match self {
            Placeholder::Ip | Placeholder::Ips => true,
            Placeholder::Ip4 => family == Family::Ipv4,
            Placeholder::Ip6 | Placeholder::Prefix => family == Family::Ipv6,
            _ => false,
        }
    }
}

/// Text, or a placeholder with the word that stands for a missing address: `{ip6|preserve}`.
enum Piece<'a> {
    Text(&'a str),
    Placeholder(Placeholder, Option<&'a str>),
}

/// The values of all placeholders but the secret's.
pub struct Values<'a> {
    /// The host name.
    pub hostname: &'a Hostname,
    /// The user.
    pub user: &'a str,
    /// The addresses of this request.
    pub addresses: &'a Addresses,
}

/// The reason why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UrlTemplateError {
    /// A character that no URL has, or braces that aren't in order.
    Shape,
    /// A placeholder that isn't known.
    Placeholder {
        /// The first such, as it is written.
        placeholder: String,
    },
    /// No place for an address.
    NoAddress,
}

/// A valid template: `?hostname={host}&myip={ips}`. Copies share it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct UrlTemplate(Arc<str>);

impl Default for UrlTemplate {
    fn default() -> Self {
        UrlTemplate(DYNDNS2.into())
    }
}

impl fmt::Display for UrlTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<UrlTemplate> for String {
    fn from(template: UrlTemplate) -> String {
        template.0.as_ref().to_owned()
    }
}

impl TryFrom<String> for UrlTemplate {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        UrlTemplate::parse(&text).map_err(|why| format!("{why:?}"))
    }
}

impl UrlTemplate {
    /// Reads a template: the rest of a path, a query, or both.
    ///
    /// # Errors
    /// The first reason why it is none.
    pub fn parse(text: &str) -> Result<Self, UrlTemplateError> {
        let is_plain = |b: u8| b.is_ascii_graphic() && !b"#\"<>\\^`".contains(&b);
        if !text.bytes().all(is_plain) {
            return Err(UrlTemplateError::Shape);
        }
        for (text, placeholder) in placeholders(text) {
            let known = placeholder.ok_or(UrlTemplateError::Shape)?;
            if read_placeholder(known).is_none() {
                return Err(UrlTemplateError::Placeholder { placeholder: text.chars().take(40).collect() });
            }
        }
        let template = UrlTemplate(text.into());
        let takes_address = Family::BOTH.into_iter().any(|family| template.takes(family));
        if takes_address { Ok(template) } else { Err(UrlTemplateError::NoAddress) }
    }

    /// True when `wanted` is in it.
    pub fn has(&self, wanted: Placeholder) -> bool {
        self.pieces()
            .any(|piece| matches!(piece, Piece::Placeholder(placeholder, _) if placeholder == wanted))
    }

    /// True when an address of `family` has a place in it.
    pub fn takes(&self, family: Family) -> bool {
        self.pieces()
            .any(|piece| matches!(piece, Piece::Placeholder(placeholder, _) if placeholder.takes(family)))
    }

    /// The name of the query's parameter that is nothing but this placeholder.
    pub fn parameter(&self, wanted: Placeholder) -> Option<&str> {
        let (_, query) = self.0.split_once('?')?;
        query.split('&').filter_map(|parameter| parameter.split_once('=')).find_map(|(name, value)| {
            let inside = value.strip_prefix('{')?.strip_suffix('}')?;
            read_placeholder(inside).filter(|(placeholder, _)| *placeholder == wanted).map(|_| name)
        })
    }

    /// The template with all values but the secret, whose placeholder stays. A parameter whose address is missing is left
    /// out, or has its word.
    pub fn fill(&self, values: &Values<'_>) -> String {
        let (path, query) =
            self.0.split_once('?').map_or((&*self.0, None), |(path, query)| (path, Some(query)));
        let host = Host::of(values.hostname, self.has(Placeholder::Zone));
        let mut filled = filled(path, values, &host).unwrap_or_default();
        let parameters = query.into_iter().flat_map(|query| query.split('&'));
        for (number, parameter) in
            parameters.filter_map(|parameter| self::filled(parameter, values, &host)).enumerate()
        {
            filled.push(if number == 0 { '?' } else { '&' });
            filled.push_str(&parameter);
        }
        filled
    }

    fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        pieces(&self.0)
    }
}

/// A host name as services have it that want its label and its zone apart.
struct Host<'a> {
    label: &'a str,
    zone: &'a str,
}

impl<'a> Host<'a> {
    /// Behind the first dot is the zone. Nobody has a top-level domain, so a name with one dot is a zone itself.
    fn of(hostname: &'a Hostname, wants_zone: bool) -> Self {
        let name = hostname.as_str();
        match name.split_once('.') {
            Some((_, behind)) if wants_zone && !behind.contains('.') => Host { label: APEX, zone: name },
            Some((label, zone)) => Host { label, zone },
            None => Host { label: name, zone: "" },
        }
    }
}

/// One part with its values; none where it has a place for an address that isn't there.
fn filled(part: &str, values: &Values<'_>, host: &Host<'_>) -> Option<String> {
    let mut text = String::new();
    for piece in pieces(part) {
        match piece {
            Piece::Text(as_it_is) => text.push_str(as_it_is),
            Piece::Placeholder(placeholder, instead) => match value(placeholder, values, host) {
                Some(value) => text.push_str(&value),
                None => text.push_str(instead?),
            },
        }
    }
    Some(text)
}

fn value(placeholder: Placeholder, values: &Values<'_>, host: &Host<'_>) -> Option<String> {
    let address = |family| values.addresses.get(family).map(|address| address.ip().to_string());
    match placeholder {
        Placeholder::Host => Some(values.hostname.as_str().to_owned()),
        Placeholder::Label => Some(host.label.to_owned()),
        Placeholder::Zone => Some(host.zone.to_owned()),
        Placeholder::User => Some(percent_encoded(values.user)),
        Placeholder::Password => Some(SECRET.to_owned()),
        Placeholder::Ip => values.addresses.iter().next().map(|address| address.ip().to_string()),
        Placeholder::Ip4 => address(Family::Ipv4),
        Placeholder::Ip6 => address(Family::Ipv6),
        Placeholder::Prefix => {
            let ipv6 = values.addresses.ipv6;
            ipv6.and_then(|address| Prefix::shared_with(address.ip())).map(|prefix| prefix.to_string())
        }
        Placeholder::Ips => (!values.addresses.is_empty()).then(|| values.addresses.to_string()),
    }
}

/// The pieces of a valid text.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some(open) = rest.find('{') else {
            return Some(Piece::Text(std::mem::take(&mut rest)));
        };
        if open > 0 {
            let (before, after) = rest.split_at(open);
            rest = after;
            return Some(Piece::Text(before));
        }
        let (inside, after) = rest[1..].split_once('}')?;
        rest = after;
        read_placeholder(inside).map(|(placeholder, instead)| Piece::Placeholder(placeholder, instead))
    })
}

/// Everything in braces: as it is written, and what is inside, where the braces are in order.
fn placeholders(text: &str) -> Vec<(&str, Option<&str>)> {
    let mut placeholders = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let from = &rest[at..];
        let inside = from.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let Some((inside, after)) = inside.filter(|(inside, _)| !inside.contains('{')) else {
            placeholders.push((from, None));
            break;
        };
        placeholders.push((&from[..inside.len() + 2], Some(inside)));
        rest = after;
    }
    placeholders
}

fn read_placeholder(inside: &str) -> Option<(Placeholder, Option<&str>)> {
    let (name, instead) = inside.split_once('|').map_or((inside, None), |(name, word)| (name, Some(word)));
    let (_, placeholder) = *Placeholder::ALL.iter().find(|(known, _)| *known == name)?;
    let may_be_missing = matches!(placeholder, Placeholder::Ip4 | Placeholder::Ip6 | Placeholder::Prefix);
    let is_word = |word: &str| may_be_missing && word.bytes().all(|b| b.is_ascii_alphanumeric());
    instead.is_none_or(is_word).then_some((placeholder, instead))
}

/// The text with everything but unreserved characters (RFC 3986) as percent signs and digits. The room is taken at
/// once, so that no copy of a secret is left behind.
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * LONGEST_ESCAPE);
    encoded.extend(utf8_percent_encode(text, RESERVED));
    encoded
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;
    use crate::types::address::PublicAddress;

    fn fill(template: &str, ipv4: &str, ipv6: &str) -> String {
        let public = |text: &str| text.parse::<IpAddr>().ok().and_then(|ip| PublicAddress::try_from(ip).ok());
        let addresses = Addresses { ipv4: public(ipv4), ipv6: public(ipv6) };
        let hostname = Hostname::parse("home.example.org").expect("valid");
        let values = Values { hostname: &hostname, user: "me & you", addresses: &addresses };
        UrlTemplate::parse(template).expect(template).fill(&values)
    }

    #[test]
    fn what_has_no_address_is_left_out_or_has_its_word() {
        let both = "?h={host}&a={ip4}&b={ip6}";
        assert_eq!(fill(both, "84.160.12.7", "2003:e1::7"), "?h=home.example.org&a=84.160.12.7&b=2003:e1::7");
        assert_eq!(fill(both, "84.160.12.7", ""), "?h=home.example.org&a=84.160.12.7");
        assert_eq!(fill("?a={ip4}&b={ip6}", "", "2003:e1::7"), "?b=2003:e1::7");
        assert_eq!(fill("?a={ip4|no}&b={ip6|preserve}", "84.160.12.7", ""), "?a=84.160.12.7&b=preserve");
        assert_eq!(fill("?a={ips}", "84.160.12.7", "2003:e1::7"), "?a=84.160.12.7,2003:e1::7");
        assert_eq!(fill("?a={ip}", "", "2003:e1::7"), "?a=2003:e1::7");
        let with_prefix = "?h={host}&b={ip6}&p={prefix}";
        let filled = "?h=home.example.org&b=2003:e1:1:2:3::7&p=2003:e1:1:2::/64";
        assert_eq!(fill(with_prefix, "84.160.12.7", "2003:e1:1:2:3::7"), filled);
        assert_eq!(fill("?a={ip4}&p={prefix}", "84.160.12.7", ""), "?a=84.160.12.7");
    }

    #[test]
    fn a_template_is_kept_as_its_text_and_a_wrong_one_is_not_read_back() {
        let template = UrlTemplate::parse("update?h={host}&a={ips}").expect("valid");
        let kept = serde_json::to_string(&template).expect("serialises");
        assert_eq!(kept, "\"update?h={host}&a={ips}\"");
        assert_eq!(serde_json::from_str::<UrlTemplate>(&kept).expect("reads"), template);
        assert!(serde_json::from_str::<UrlTemplate>("\"?h={cupboard}\"").is_err());
    }

    #[test]
    fn values_are_escaped_and_the_secrets_place_stays() {
        let filled = fill("{label}/{zone}?u={user}&p={password}&ip={ip4}", "84.160.12.7", "");
        assert_eq!(filled, "home/example.org?u=me%20%26%20you&p={password}&ip=84.160.12.7");
    }

    #[test]
    fn a_name_with_one_dot_is_a_zone_itself_where_label_and_zone_are_wanted_apart() {
        let addresses = Addresses::default();
        for (name, apart, label_alone) in [
            ("home.example.org", "?l=home&z=example.org", "?l=home"),
            ("a.b.example.org", "?l=a&z=b.example.org", "?l=a"),
            ("example.org", "?l=@&z=example.org", "?l=example"),
        ] {
            let hostname = Hostname::parse(name).expect("valid");
            let values = Values { hostname: &hostname, user: "", addresses: &addresses };
            let fill = |template: &str| UrlTemplate::parse(template).expect(template).fill(&values);
            assert_eq!(fill("?l={label}&z={zone}&a={ip4}"), apart);
            assert_eq!(fill("?l={label}&a={ip4}"), label_alone);
        }
    }

    #[test]
    fn what_isnt_known_or_in_order_is_named() {
        let unknown = |text: &str| UrlTemplateError::Placeholder { placeholder: text.into() };
        for (text, problem) in [
            ("?a={ip5}", unknown("{ip5}")),
            ("?a={ips}&b={}", unknown("{}")),
            ("?a={host|me}&b={ips}", unknown("{host|me}")),
            ("?a={ip4|&}", unknown("{ip4|&}")),
            ("?a={ips", UrlTemplateError::Shape),
            ("?a=ips}", UrlTemplateError::Shape),
            ("?a={{ips}}", UrlTemplateError::Shape),
            ("?a={ips} b", UrlTemplateError::Shape),
            ("?a={ips}#b", UrlTemplateError::Shape),
            ("?a={host}", UrlTemplateError::NoAddress),
            ("", UrlTemplateError::NoAddress),
        ] {
            assert_eq!(UrlTemplate::parse(text), Err(problem), "{text}");
        }
    }

    #[test]
    fn no_secret_can_open_a_parameter_of_its_own() {
        let all = percent_encoded("&\u{10ffff}%");
        assert_eq!((all.len(), all.capacity()), (18, 18), "it never grows, which would leave a copy behind");
        assert_eq!(percent_encoded("aZ0-._~"), "aZ0-._~");
        assert_eq!(percent_encoded("\0\n +*'()!,:@\x7f"), "%00%0A%20%2B%2A%27%28%29%21%2C%3A%40%7F");
        assert_eq!(percent_encoded("a&b=c#d/e?{password}%ü"), "a%26b%3Dc%23d%2Fe%3F%7Bpassword%7D%25%C3%BC");
    }
}
