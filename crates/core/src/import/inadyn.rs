//! `inadyn.conf` of inadyn 2, and of inadyn 1 in its own words: blocks of providers with host names and a login. Source: inadyn's manual page
//! `inadyn.conf(5)`, its samples, and its reader of the file.

mod block;
mod name;
mod old;
mod words;

use self::block::{Address, Appended, Block, Kind, blocks};
use self::words::words;
use super::candidate::{Candidate, Doubt, Seen};
use super::found::{LeftOutWhy, RemarkWhat};
use super::name::{below, has_zones, is_in_zone, is_placeholder, nameable};
use super::reading::Reading;
use super::web_page::is_asked;
use crate::settings::Records;
use crate::settings::providers::{self, LoginStyle, Provider, by_server};
use crate::types::hostname::Hostname;
use crate::types::server::WebAddress;

/// The services that speak dyndns2 at its usual path, by inadyn's name behind the `@`.
const DYNDNS2: [(&str, &str); 5] = [
    ("spdyn.de", "update.spdyn.de"),
    ("dyndns.org", "members.dyndns.org"),
    ("no-ip.com", "dynupdate.no-ip.com"),
    ("strato.com", "dyndns.strato.com"),
    ("selfhost.de", "carol.selfhost.de"),
];
/// The path of dyndns2.
const USUAL_PATH: &str = "/nic/update";

/// True for a file of inadyn 1.
pub(super) fn is_old(text: &str) -> bool {
    old::blocks(text).is_some()
}

/// Reads the file.
pub(super) fn read(text: &str, reading: &mut Reading) {
    let file = old::blocks(text).unwrap_or_else(|| blocks(&words(text)));
    for line in &file.included {
        reading.leave_out(*line, "", LeftOutWhy::OtherFile);
    }
    for block in &file.blocks {
        for line in &block.included {
            reading.leave_out(*line, "", LeftOutWhy::OtherFile);
        }
        offer(block, &file.shared, reading);
    }
}

/// The service of a block.
struct Service<'a> {
    server: &'a str,
    known: Option<&'static Provider>,
    request: Option<String>,
}

fn offer(block: &Block, shared: &Block, reading: &mut Reading) {
    let (title, service) = name::whole(&block.title);
    let records = records(block, shared, &title);
    let shown = if block.kind == Kind::Custom { "" } else { title.as_str() };
    if block.hosts.is_empty() {
        reading.leave_out(block.line, shown, LeftOutWhy::NoHostname);
    }
    let Some(service) = serve(block, &service, records) else {
        let hosts: Vec<&str> = block.hosts.iter().map(|host| nameable(&host.text, Doubt::None)).collect();
        return reading.leave_out_for(block.line, shown, &hosts, LeftOutWhy::OtherProtocol);
    };
    let (user, secret) = login(block, service.known);
    let (address_from, remarks) = seen(block, shared);
    for host in &block.hosts {
        let name = full_name(&host.text, service.known, &block.user);
        let is_wrong = |zone: &str| Hostname::parse(&name).is_ok() && !is_in_zone(&name, zone);
        if service.known.is_some_and(has_zones)
            && Hostname::parse(&block.user).is_ok()
            && is_wrong(&block.user)
        {
            reading.leave_out_for(host.line, "", &[&name], LeftOutWhy::OtherProtocol);
            continue;
        }
        reading.offer(Candidate {
            line: host.line,
            hostname: &name,
            doubt: Doubt::None,
            user,
            secret,
            server: Some(service.server),
            request: service.request.as_deref(),
            protocol: records,
            address_from,
            remarks: remarks.clone(),
        });
    }
}

/// The records of a block. IPv6 is kept where its name says so, or where the file allows it.
fn records(block: &Block, shared: &Block, title: &str) -> Records {
    if block.kind == Kind::Provider && title.starts_with("ipv6") {
        Records::Ipv6
    } else if shared.allows_ipv6 {
        Records::Both
    } else {
        Records::Ipv4
    }
}

/// The server and request of a block; none where Dyntray can't make that request.
fn serve<'a>(block: &'a Block, service: &str, records: Records) -> Option<Service<'a>> {
    let listed = providers::all().iter().find(|provider| provider.inadyn.iter().any(|name| name == service));
    let dyndns2 = DYNDNS2.iter().find(|(name, _)| *name == service).map(|(_, server)| *server);
    let is_usual = block.path.is_empty() || block.path.to_ascii_lowercase().starts_with(USUAL_PATH);
    match (&block.server, block.kind) {
        (None, Kind::Provider) => {
            let server = dyndns2.or(listed.map(|provider| provider.server.as_str()))?;
            Some(Service { server, known: listed, request: None })
        }
        (None, Kind::Custom) => None,
        (Some(server), _) => {
            let known = WebAddress::parse_server(server).ok().and_then(|server| by_server(&server));
            let request = request(block, records);
            // Without a place for the address, it is the one that the request comes from: as dyndns2 can have it, too.
            if request.is_none() && known.is_none() && !is_usual {
                return None;
            }
            Some(Service { server, known, request })
        }
    }
}

/// The path with Dyntray's placeholders; none where it is dyndns2's own, or has no place for an address.
fn request(block: &Block, records: Records) -> Option<String> {
    let mut path = block.path.clone();
    if !path.contains('%') {
        path.push_str(if block.appends == Appended::Address { "%i" } else { "%h" });
    }
    let address = if records == Records::Ipv4 { "{ip4}" } else { "{ip}" };
    let mut request = String::new();
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        match if c == '%' { chars.next() } else { None } {
            Some('u') => request.push_str("{user}"),
            Some('p') => request.push_str("{password}"),
            Some('h') => request.push_str("{host}"),
            Some('i') => request.push_str(address),
            Some('%') => request.push('%'),
            Some(_) => return None,
            None => request.push(c),
        }
    }
    // A host name that is written out is the one of its block.
    if let [host] = block.hosts.as_slice()
        && Hostname::parse(&host.text).is_ok()
    {
        request = request.replace(&host.text, "{host}");
    }
    let is_dyndns2 = request.to_ascii_lowercase().starts_with(USUAL_PATH)
        && !request.contains("{user}")
        && !request.contains("{password}");
    (!is_dyndns2 && request.contains(address)).then_some(request)
}

/// The user and the secret. inadyn calls a token the user where a service wants nothing else, and its samples have a
/// word without meaning for the password then. Some write the token there anyway.
fn login<'a>(block: &'a Block, known: Option<&Provider>) -> (&'a str, &'a str) {
    let (user, secret) = (block.user.as_str(), block.secret.as_str());
    let is_token =
        known.is_some_and(|known| known.login == LoginStyle::Token) && block.kind == Kind::Provider;
    if is_token && !user.is_empty() && (is_filler(secret) || is_like_token(user)) {
        ("", user)
    } else {
        (user, secret)
    }
}

/// True for what stands for a password that nobody asks for.
fn is_filler(secret: &str) -> bool {
    let begin = secret.to_ascii_lowercase();
    secret.len() < 4
        || is_placeholder(secret)
        || ["none", "nopass", "dummy", "unused", "ignored"].iter().any(|word| begin.starts_with(word))
}

/// True for long words of letters and digits, as the services make them.
fn is_like_token(word: &str) -> bool {
    word.len() >= 16 && word.contains(|c: char| c.is_ascii_digit()) && !word.contains(['.', '@'])
}

/// The place of the address. A block's own interface or command counts more than the file's.
fn seen(block: &Block, shared: &Block) -> (Seen<'static>, Vec<RemarkWhat>) {
    let own = Some(block.address).filter(|address| *address != Address::Unsaid);
    let (seen, remark) = match own.unwrap_or(shared.address) {
        Address::Command => (Seen::Web, Some(RemarkWhat::OtherSource)),
        Address::Interface => (Seen::Interface, Some(RemarkWhat::Interface)),
        Address::Unsaid => {
            let page = block.web_page.as_ref().or(shared.web_page.as_ref());
            (Seen::Web, page.filter(|page| !is_asked(page)).map(|_| RemarkWhat::OtherWebPage))
        }
    };
    let wildcard = block.has_wildcard.then_some(RemarkWhat::Wildcard);
    (seen, remark.into_iter().chain(wildcard).collect())
}

/// The full name of a host. A service that wants label and zone apart has its domain as the user.
fn full_name(name: &str, known: Option<&Provider>, user: &str) -> String {
    let zone = Hostname::parse(user).ok().filter(|_| known.is_some_and(has_zones) && !name.contains('.'));
    zone.map_or_else(|| name.to_owned(), |zone| below(name, zone.as_str()))
}
