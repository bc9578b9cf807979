//! One update URL, taken apart: which value is the host, the user and the secret, and what the request is.

use percent_encoding::percent_decode_str;

use super::placeholder::{Beside, Meaning, Piece, has, pieces, resolve};
use crate::import::found::LeftOutWhy;
use crate::import::name::{below, is_in_zone};
use crate::protocol::url_template::Placeholder;
use crate::settings::Records;
use crate::settings::providers::{Provider, by_server};
use crate::types::hostname::Hostname;
use crate::types::server::WebAddress;

/// The paths of dyndns2 at known services.
const DYNDNS2_PATHS: [&str; 2] = ["/nic/update", "/v3/update"];
/// The parameters of dyndns2's requests that may be left out.
const DYNDNS2_NAMES: [&str; 8] = ["hostname", "myip", "system", "wildcard", "mx", "backmx", "offline", "url"];
const HOST_NAMES: [&str; 7] = ["hostname", "host", "hosts", "domain", "domains", "fqdn", "zone"];
const USER_NAMES: [&str; 4] = ["user", "username", "login", "usr"];
const SECRET_NAMES: [&str; 10] =
    ["pass", "password", "passwd", "pwd", "token", "key", "apikey", "secret", "auth", "authkey"];

const ADDRESSES: [Meaning; 3] = [Meaning::Ipv4, Meaning::Ipv6, Meaning::Address];

/// The parts of one URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// The server, with the path of dyndns2 where it has one.
    pub(super) server: String,
    pub(super) hosts: String,
    pub(super) user: String,
    pub(super) secret: String,
    pub(super) records: Records,
    /// Path and query with Dyntray's placeholders; none where they are dyndns2's own.
    pub(super) request: Option<String>,
    /// The reason why Dyntray can't send the request.
    pub(super) beyond: Option<LeftOutWhy>,
    /// True where the prefix of the home network is sent, too.
    pub(super) has_prefix: bool,
    /// True where no address is sent, but the prefix.
    pub(super) is_prefix_alone: bool,
}

/// What a parameter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Host,
    User,
    Secret,
    Other,
}

/// Takes a URL apart. `address` is the family of a placeholder that fits both.
pub(super) fn take_apart(url: &str, beside: &Beside, address: Records) -> Parts {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let scheme = if scheme.is_empty() { String::new() } else { format!("{scheme}://") };
    let authority_end = authority_end(rest);
    let (authority, behind) = rest.split_at(authority_end);
    let (login, server) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (path, query) = behind.split_once('?').map_or((behind, None), |(path, query)| (path, Some(query)));
    let known = known_at(&format!("{scheme}{server}"));
    let read = |text: &str| resolve(text, beside, decoded);
    let (user, secret) = login.split_once(':').unwrap_or((login, ""));
    let mut parts = Parts {
        server: format!("{scheme}{server}"),
        hosts: String::new(),
        user: read(user),
        secret: read(secret),
        records: records(behind, address),
        request: None,
        beyond: (known.is_none() && has(behind, &[Meaning::Base64])).then_some(LeftOutWhy::Base64),
        has_prefix: has(behind, &[Meaning::Prefix]),
        is_prefix_alone: has(behind, &[Meaning::Prefix]) && !has(behind, &ADDRESSES),
    };
    let mut request = rewritten(path, Role::Other, address);
    let mut is_dyndns2 = DYNDNS2_PATHS.contains(&path.to_ascii_lowercase().as_str());
    if has(path, &[Meaning::Host]) {
        parts.hosts.clone_from(&beside.host);
    }
    for (number, pair) in query.into_iter().flat_map(|query| query.split('&')).enumerate() {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let role = role(name, value, known);
        let into = match role {
            Role::Host => Some(&mut parts.hosts),
            Role::User => Some(&mut parts.user),
            Role::Secret => Some(&mut parts.secret),
            Role::Other => None,
        };
        if has(value, &[Meaning::Base64]) {
            // What routers put into base64 is a login.
            let login = read(value);
            let (user, secret) = login.split_once(':').unwrap_or(("", &login));
            (parts.user, parts.secret) = (user.to_owned(), secret.to_owned());
        } else if let Some(into) = into.filter(|_| !value.is_empty()) {
            *into = read(value);
        }
        is_dyndns2 &= is_dyndns2s(name, value, role);
        // What only a router knows is left out.
        if !has(value, &[Meaning::Prefix, Meaning::DualStack]) || has(value, &ADDRESSES) {
            request.push(if number == 0 || !request.contains('?') { '?' } else { '&' });
            request.push_str(&rewritten(name, Role::Other, address));
            if pair.contains('=') {
                request.push('=');
                request.push_str(&rewritten(value, role, address));
            }
        }
    }
    if let Some((host, zone)) = known.and_then(|known| in_zone(known, query.unwrap_or_default(), read)) {
        if Hostname::parse(&host).is_ok() && !is_in_zone(&host, &zone) {
            parts.beyond = Some(LeftOutWhy::OtherProtocol);
        }
        parts.hosts = host;
    }
    if is_dyndns2 {
        parts.server.push_str(&path.to_ascii_lowercase());
    } else {
        parts.request = Some(request);
    }
    parts
}

/// The full name of a host and its zone, where a service wants label and zone apart.
fn in_zone(known: &Provider, query: &str, read: impl Fn(&str) -> String) -> Option<(String, String)> {
    let value = |place| {
        let name = known.dialect.template.parameter(place)?;
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| read(value))
    };
    let zone = value(Placeholder::Zone).filter(|zone| Hostname::parse(zone).is_ok())?;
    Some((below(&value(Placeholder::Label).unwrap_or_default(), &zone), zone))
}

/// The end of the authority. A password in it may hold a slash, where it is a placeholder's value; none of the
/// placeholders do, except the end of base64.
fn authority_end(rest: &str) -> usize {
    rest.find(['/', '?', '#']).unwrap_or(rest.len())
}

/// The known service at a server, whatever the scheme.
pub(super) fn known_at(server: &str) -> Option<&'static Provider> {
    let behind_scheme = server.split_once("://").map_or(server, |(_, rest)| rest);
    by_server(&WebAddress::parse_server(behind_scheme).ok()?)
}

/// What a parameter is for: as its service has it, by its name, or by the placeholder in it.
fn role(name: &str, value: &str, known: Option<&Provider>) -> Role {
    let template = known.map(|known| &known.dialect.template);
    let is_its = |place| template.is_some_and(|template| template.parameter(place) == Some(name));
    let name = name.to_ascii_lowercase();
    let is_in = |names: &[&str]| names.contains(&name.as_str());
    let is_only = |meaning| pieces(value) == [Piece::Placeholder(meaning)];
    match () {
        () if is_its(Placeholder::Host) => Role::Host,
        () if is_its(Placeholder::User) => Role::User,
        () if is_its(Placeholder::Password) => Role::Secret,
        () if is_in(&HOST_NAMES) && !has(value, &[Meaning::Secret]) => Role::Host,
        () if is_in(&USER_NAMES) && !has(value, &[Meaning::Secret]) => Role::User,
        () if is_in(&SECRET_NAMES) => Role::Secret,
        () if is_only(Meaning::Host) => Role::Host,
        () if is_only(Meaning::User) => Role::User,
        () if has(value, &[Meaning::Secret]) => Role::Secret,
        () => Role::Other,
    }
}

/// True for a parameter that dyndns2 has, or that a login by HTTP Basic stands for.
fn is_dyndns2s(name: &str, value: &str, role: Role) -> bool {
    let name = name.to_ascii_lowercase();
    let is_address = has(value, &ADDRESSES);
    let is_login =
        USER_NAMES.contains(&name.as_str()) || ["pass", "password", "passwd", "pwd"].contains(&name.as_str());
    match role {
        Role::Host => name == "hostname",
        Role::User | Role::Secret => is_login,
        Role::Other if is_address => name == "myip",
        Role::Other => {
            DYNDNS2_NAMES.contains(&name.as_str())
                || value.is_empty()
                || has(value, &[Meaning::Prefix, Meaning::DualStack])
        }
    }
}

/// The records that a request keeps, by the addresses in it.
fn records(request: &str, address: Records) -> Records {
    let (ipv4, ipv6) = (has(request, &[Meaning::Ipv4]), has(request, &[Meaning::Ipv6]));
    match (ipv4, ipv6) {
        (true, false) => Records::Ipv4,
        (false, true) => Records::Ipv6,
        (false, false) if has(request, &[Meaning::Address]) => address,
        _ => Records::Both,
    }
}

/// A part of a request with Dyntray's placeholders. A value that is the host, the user or the secret is one of them,
/// also where it is written out.
fn rewritten(text: &str, role: Role, address: Records) -> String {
    match role {
        Role::Host => return "{host}".to_owned(),
        Role::User => return "{user}".to_owned(),
        Role::Secret => return "{password}".to_owned(),
        Role::Other => {}
    }
    let one = match address {
        Records::Ipv4 => "{ip4}",
        Records::Ipv6 => "{ip6}",
        Records::Both => "{ip}",
    };
    let rewritten = pieces(text).into_iter().map(|piece| match piece {
        Piece::Text(text) => text,
        Piece::Placeholder(Meaning::Ipv4) => "{ip4}",
        Piece::Placeholder(Meaning::Ipv6) => "{ip6}",
        Piece::Placeholder(Meaning::Address) => one,
        Piece::Placeholder(Meaning::Host) => "{host}",
        Piece::Placeholder(Meaning::User) => "{user}",
        Piece::Placeholder(Meaning::Secret) => "{password}",
        Piece::Placeholder(_) => "",
    });
    rewritten.collect()
}

/// Decodes percent-encoding.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
