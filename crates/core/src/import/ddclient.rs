//! `ddclient.conf`. Settings on a line without host names apply from there on; settings on a line that ends with host
//! names apply to these alone. Source: ddclient's own description of its configuration file, and its samples.

mod address;
mod line;

use std::borrow::Cow;

use self::address::AddressFrom;
use self::line::{Settings, Statement, statements};
use super::candidate::{Candidate, Doubt};
use super::found::{LeftOutWhy, RemarkWhat};
use super::name::{below, has_zones, is_in_zone, nameable};
use super::reading::{Reading, Repeated};
use crate::protocol::dialect::ServerDialect;
use crate::settings::Records;
use crate::settings::providers::{self, Provider};
use crate::types::hostname::Hostname;
use crate::types::token::tidy;

/// ddclient's default server for dyndns2.
const USUAL_SERVER: &str = "members.dyndns.org";
/// Its default path.
const USUAL_PATH: &str = "/nic/update";
/// The names of protocols that are dyndns2.
const DYNDNS2: [&str; 3] = ["dyndns2", "dyndns1", "spdyn"];
/// Settings that apply to all host names, wherever they stand.
const FOR_ALL: [&str; 9] = ["use", "usev4", "usev6", "if", "ifv4", "ifv6", "web", "webv4", "webv6"];

/// Reads the file.
pub(super) fn read(text: &str, reading: &mut Reading) {
    reading.repeated(Repeated::LastCounts);
    let statements = statements(text);
    let mut all = Settings::new();
    for statement in statements.iter().filter(|statement| statement.is_shared()) {
        all.extend(statement.settings.clone());
    }
    let mut shared = Settings::new();
    for statement in statements {
        if statement.is_shared() {
            shared.extend(statement.settings);
        } else {
            read_hosts(&statement, &shared, &all, reading);
        }
    }
}

impl Statement {
    /// True for a line without host names.
    fn is_shared(&self) -> bool {
        self.words.is_empty() && !self.settings.contains_key("host")
    }

    /// The host names, and the doubt about each.
    fn hosts(&self) -> Vec<(&str, Doubt)> {
        let doubt = |is_first: bool, may_be_secret: bool| {
            if is_first && !may_be_secret { Doubt::None } else { Doubt::MayBeSecret }
        };
        let words = self.words.first().into_iter().flat_map(|word| {
            let names = word.text.split(',').enumerate();
            names.map(|(number, name)| (name, doubt(number == 0, word.may_be_secret)))
        });
        let named = self.settings.get("host").map_or("", String::as_str);
        let named = named.split([',', ' ']).map(|name| (name, Doubt::None));
        words.chain(named).filter(|(name, _)| !name.is_empty()).collect()
    }
}

fn read_hosts(statement: &Statement, shared: &Settings, all: &Settings, reading: &mut Reading) {
    if statement.words.iter().filter(|word| word.may_be_secret).count() > 1 {
        return reading.leave_out(statement.line, "", LeftOutWhy::Unclear);
    }
    let at = |name: &str| {
        let later = || all.get(name).filter(|_| FOR_ALL.contains(&name));
        let set = statement.settings.get(name).or_else(|| shared.get(name)).or_else(later);
        set.map(String::as_str)
    };
    let word = |number: usize| statement.words.get(number).map(|word| word.text.as_str());
    let user = word(1).or_else(|| at("login")).unwrap_or("");
    let secret = word(2).or_else(|| at("password")).unwrap_or("");
    let protocol = at("protocol").unwrap_or("dyndns2").to_ascii_lowercase();
    let own = providers::all().iter().find(|provider| provider.ddclient.contains(&protocol));
    let AddressFrom { records, seen, remarks } = address::read(at);
    let (server, request) = target(own, at("server"), at("script"), records);
    let remarks = remarks.into_iter().chain(tidy(secret).ends_with(',').then_some(RemarkWhat::EndsWithComma));
    let remarks: Vec<RemarkWhat> = remarks.collect();
    for (name, doubt) in statement.hosts() {
        // Where no password is known, any word may be it.
        let doubt = if secret.is_empty() { Doubt::MayBeSecret } else { doubt };
        let host = full_name(name, own, user, at("zone"));
        if own.is_none() && !DYNDNS2.contains(&protocol.as_str()) {
            let named = if Hostname::parse(&host).is_ok() { &host } else { nameable(name, doubt) };
            reading.leave_out_for(statement.line, &protocol, &[named], LeftOutWhy::OtherProtocol);
        } else if own.is_some_and(|own| !takes(own, &host, user)) {
            reading.leave_out_for(statement.line, "", &[&host], LeftOutWhy::OtherProtocol);
        } else {
            reading.offer(Candidate {
                line: statement.line,
                hostname: &host,
                doubt,
                user,
                secret,
                server: Some(&server),
                request: request.as_deref(),
                protocol: records,
                address_from: seen,
                remarks: remarks.clone(),
            });
        }
    }
}

/// The server, and the request where it isn't dyndns2's own. A protocol with a request of its own has its own server.
fn target(
    own: Option<&Provider>,
    server: Option<&str>,
    script: Option<&str>,
    records: Records,
) -> (String, Option<String>) {
    if let Some(own) = own.filter(|own| own.dialect != ServerDialect::default()) {
        return (own.server.clone(), None);
    }
    let usual = own.map_or(USUAL_SERVER, |own| &own.server);
    let server = server.filter(|server| !server.is_empty()).unwrap_or(usual);
    let (scheme, rest) =
        server.split_once("://").map_or(("", server), |(scheme, rest)| (&server[..scheme.len() + 3], rest));
    let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    let path = path.trim_end_matches('/');
    let script = script.filter(|script| !script.is_empty()).unwrap_or(USUAL_PATH);
    // Some write the path into the server, too.
    let path = if path.ends_with(USUAL_PATH) { path.to_owned() } else { format!("{path}{script}") };
    let sign = if path.contains('?') { '&' } else { '?' };
    let address = match records {
        Records::Ipv4 => "{ip4}",
        Records::Ipv6 => "{ip6}",
        Records::Both => "{ips}",
    };
    let request = (path != USUAL_PATH).then(|| format!("{path}{sign}hostname={{host}}&myip={address}"));
    (format!("{scheme}{authority}"), request)
}

/// The full name of a host of which the file has the label alone: in its zone, or in the domain that is the login.
fn full_name<'a>(name: &'a str, own: Option<&Provider>, user: &str, zone: Option<&str>) -> Cow<'a, str> {
    let domain = |text: &str| Hostname::parse(text).ok().map(|domain| domain.to_string());
    let is_label = !name.contains('.') && !name.is_empty();
    let in_zone =
        zone.and_then(domain).or_else(|| own.filter(|own| has_zones(own)).and_then(|_| domain(user)));
    match in_zone.filter(|_| is_label) {
        Some(domain) => Cow::Owned(below(name, &domain)),
        // The login is the whole name where a service has tokens for single hosts.
        None if is_label => match domain(user).filter(|user| user.split('.').next() == Some(name)) {
            Some(whole) => Cow::Owned(whole),
            None => Cow::Borrowed(name),
        },
        None => Cow::Borrowed(name),
    }
}

/// True unless a service wants label and zone apart, and the zone is another than Dyntray would send.
fn takes(own: &Provider, host: &str, user: &str) -> bool {
    !has_zones(own)
        || Hostname::parse(user).is_err()
        || Hostname::parse(host).is_err()
        || is_in_zone(host, user)
}
