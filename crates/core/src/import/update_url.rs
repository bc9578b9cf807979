//! Update URLs of a router, one per line: `https://update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>`. A
//! placeholder's value may stand beside it, such as `Domainname: home.spdns.de`.

use percent_encoding::percent_decode_str;

use super::candidate::Candidate;
use super::found::LeftOutWhy;
use super::name::is_placeholder;
use super::reading::Reading;
use crate::protocol::url_template::Placeholder;
use crate::settings::Records;
use crate::settings::providers::{Provider, by_server};
use crate::types::server::WebAddress;

/// The paths of dyndns2 at known services. No other path is repeated, because it may hold a secret.
const PATHS: [&str; 4] = ["", "/", "/nic/update", "/v3/update"];

/// The values that stand beside the URLs.
#[derive(Debug, Default)]
struct Beside<'a> {
    host: &'a str,
    user: &'a str,
    secret: &'a str,
}

/// The parts of one URL.
#[derive(Debug, Default)]
struct Parts {
    server: String,
    path: String,
    hosts: String,
    user: String,
    secret: String,
    asks_ipv4: bool,
    asks_ipv6: bool,
}

/// Reads the file.
pub(super) fn read(text: &str, reading: &mut Reading) {
    let beside = beside(text);
    for (line, text) in (1u32..).zip(text.lines()) {
        let Some(parts) = in_line(text).and_then(take_apart) else { continue };
        let is_known = known_at(&parts.server).is_some();
        if !is_known && !PATHS.contains(&parts.path.as_str()) {
            reading.leave_out(line, "", LeftOutWhy::OtherProtocol);
            continue;
        }
        let or = |said: &str, written: &str| -> String {
            let is_open = said.is_empty() || is_placeholder(said);
            if is_open && !written.is_empty() { written.to_owned() } else { said.to_owned() }
        };
        let (user, secret) = (or(&parts.user, beside.user), or(&parts.secret, beside.secret));
        for hostname in or(&parts.hosts, beside.host).split(',') {
            reading.offer(Candidate {
                line,
                hostname,
                user: &user,
                secret: &secret,
                server: Some(&parts.server),
                protocol: match (parts.asks_ipv4, parts.asks_ipv6) {
                    (true, false) => Records::Ipv4,
                    (false, true) => Records::Ipv6,
                    _ => Records::Both,
                },
                ..Candidate::default()
            });
        }
    }
}

/// The update URL in a line, with or without a label before it.
pub(super) fn in_line(line: &str) -> Option<&str> {
    let line = line.trim();
    let at = line.find("://")?;
    let begin = line[..at].rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |before| before + 1);
    // `begin` may lie inside a character that isn't ASCII.
    let url = line.get(begin..).unwrap_or(line);
    let url = url.split(char::is_whitespace).next()?.trim_matches(['"', '\'']);
    let is_web = url.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
    (is_web && url.split_once('?').is_some_and(|(_, query)| query.contains("host") || query.contains("<ip")))
        .then_some(url)
}

fn beside(text: &str) -> Beside<'_> {
    let mut beside = Beside::default();
    for line in text.lines() {
        let Some((label, value)) = line.split_once([':', '=']) else { continue };
        let at = match label.trim().to_lowercase().as_str() {
            "domain" | "domainname" | "domain name" | "host" | "hostname" => &mut beside.host,
            "benutzer" | "benutzername" | "user" | "username" | "user name" => &mut beside.user,
            "kennwort" | "passwort" | "password" | "token" | "update-token" => &mut beside.secret,
            _ => continue,
        };
        *at = value.trim();
    }
    beside
}

fn take_apart(url: &str) -> Option<Parts> {
    let (scheme, rest) = url.split_once("://")?;
    let (before, query) = rest.split_once('?')?;
    let (authority, path) = before.find('/').map_or((before, ""), |slash| before.split_at(slash));
    let (login, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (user, secret) = login.split_once(':').unwrap_or((login, ""));
    let path = path.to_ascii_lowercase();
    let template = known_at(&format!("{scheme}://{host}")).map(|provider| &provider.dialect.template);
    let is_its = |name: &str, place| template.and_then(|template| template.parameter(place)) == Some(name);
    let mut parts = Parts {
        server: format!("{scheme}://{host}{path}"),
        path,
        user: decoded(user),
        secret: decoded(secret),
        ..Parts::default()
    };
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decoded(value);
        parts.asks_ipv4 |= value.contains("<ipaddr>");
        parts.asks_ipv6 |= value.contains("<ip6addr>");
        match name.to_ascii_lowercase().as_str() {
            _ if is_its(name, Placeholder::Host) => parts.hosts = value,
            _ if is_its(name, Placeholder::User) => parts.user = value,
            _ if is_its(name, Placeholder::Password) => parts.secret = value,
            "hostname" | "host" | "hosts" => parts.hosts = value,
            "user" | "username" | "login" => parts.user = value,
            "pass" | "password" | "passwd" | "token" => parts.secret = value,
            _ => {}
        }
    }
    Some(parts)
}

/// The known service at a server, whatever the scheme.
fn known_at(server: &str) -> Option<&'static Provider> {
    let behind_scheme = server.split_once("://").map_or(server, |(_, rest)| rest);
    by_server(&WebAddress::parse_server(behind_scheme).ok()?)
}

/// Decodes percent-encoding.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
