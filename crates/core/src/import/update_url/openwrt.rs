//! `/etc/config/ddns` of OpenWrt: one section for each host and family. Source: OpenWrt's description of UCI files, and
//! its package ddns-scripts.

use std::collections::BTreeMap;

use super::find::in_line;
use super::parts::{Parts, take_apart};
use super::placeholder::Beside;
use super::update::Update;
use crate::import::candidate::{Doubt, Seen};
use crate::import::found::{LeftOutWhy, RemarkWhat};
use crate::import::name::{below, has_zones, is_in_zone, nameable};
use crate::import::reading::Reading;
use crate::import::web_page::is_asked;
use crate::settings::Records;
use crate::settings::providers::{self, LoginStyle, Provider};
use crate::types::hostname::Hostname;

/// What follows the domain in names of one service with several ways.
const VARIANTS: [&str; 5] = ["-nohost", "-token", "-basic", "-v1", "-v2"];

/// A section with its options.
#[derive(Debug, Default)]
struct Section {
    line: u32,
    options: BTreeMap<String, String>,
}

/// A line of such a file.
enum Line {
    /// A section of this kind begins.
    Section(String),
    /// An option and its value.
    Option(String, String),
}

/// True for such a file, or for what `uci show ddns` prints of it.
pub(in crate::import) fn is_openwrt(text: &str) -> bool {
    text.lines().any(|text| matches!(line(text), Some(Line::Section(kind)) if kind == "service"))
}

fn line(text: &str) -> Option<Line> {
    let words = words(text);
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["config", kind, ..] => Some(Line::Section((*kind).to_owned())),
        ["option", name, value, ..] => Some(Line::Option((*name).to_owned(), (*value).to_owned())),
        [shown] => {
            let (key, value) = shown.strip_prefix("ddns.")?.split_once('=')?;
            Some(match key.split_once('.') {
                Some((_, name)) => Line::Option(name.to_owned(), value.to_owned()),
                None => Line::Section(value.to_owned()),
            })
        }
        _ => None,
    }
}

/// The requests of all sections.
pub(super) fn updates(text: &str, reading: &mut Reading) -> Vec<Update> {
    sections(text).iter().flat_map(|section| of_section(section, reading)).collect()
}

fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut is_service = false;
    for (number, text) in (1u32..).zip(text.lines()) {
        match line(text) {
            Some(Line::Section(kind)) => {
                is_service = kind == "service";
                sections.extend(is_service.then(|| Section { line: number, ..Section::default() }));
            }
            Some(Line::Option(name, value)) if is_service => {
                if let Some(section) = sections.last_mut() {
                    section.options.insert(name, value);
                }
            }
            _ => {}
        }
    }
    sections
}

fn of_section(section: &Section, reading: &mut Reading) -> Vec<Update> {
    let at = |name: &str| section.options.get(name).map_or("", String::as_str);
    let is_on = |name: &str| matches!(at(name), "1" | "on" | "true" | "yes" | "enabled");
    let records = if is_on("use_ipv6") { Records::Ipv6 } else { Records::Ipv4 };
    let (seen, remarks) = match at("ip_source") {
        "interface" => (Seen::Interface, vec![RemarkWhat::Interface]),
        "script" => (Seen::Web, vec![RemarkWhat::OtherSource]),
        "web" if !at("ip_url").is_empty() && !is_asked(at("ip_url")) => {
            (Seen::Web, vec![RemarkWhat::OtherWebPage])
        }
        _ => (Seen::Web, Vec::new()),
    };
    // Some services want a label for the domain; the whole name is what is looked up.
    let is_whole = Hostname::parse(at("domain")).is_ok() || at("lookup_host").is_empty();
    let host = if is_whole { at("domain") } else { at("lookup_host") };
    let beside = Beside {
        host: host.to_owned(),
        user: at("username").to_owned(),
        secret: at("password").to_owned(),
        encoded: at("param_enc").to_owned(),
        optional: at("param_opt").to_owned(),
    };
    let update = |parts: Parts| Update {
        line: section.line,
        parts,
        beside: beside.clone(),
        seen,
        remarks: remarks.clone(),
    };
    if !at("enabled").is_empty() && !is_on("enabled") {
        reading.leave_out(section.line, nameable(host, Doubt::None), LeftOutWhy::SwitchedOff);
        return Vec::new();
    }
    let urls = in_line(at("update_url"));
    if !urls.is_empty() {
        return urls.into_iter().map(|url| update(take_apart(url, &beside, records))).collect();
    }
    let Some(known) = by_name(at("service_name")) else {
        reading.leave_out_for(
            section.line,
            at("service_name"),
            &[nameable(host, Doubt::None)],
            LeftOutWhy::OtherProtocol,
        );
        return Vec::new();
    };
    // Where label and zone are wanted apart, the label is the user.
    let (hosts, user, is_beyond) = if has_zones(known) {
        let host = below(&beside.user, &beside.host);
        let is_beyond =
            Hostname::parse(&host).is_ok() && !beside.user.is_empty() && !is_in_zone(&host, &beside.host);
        (host, String::new(), is_beyond)
    } else {
        (beside.host.clone(), beside.user.clone(), false)
    };
    vec![update(Parts {
        server: known.server.clone(),
        hosts,
        user,
        secret: beside.secret.clone(),
        records,
        request: None,
        beyond: is_beyond.then_some(LeftOutWhy::OtherProtocol),
        has_prefix: false,
        is_prefix_alone: false,
    })]
}

/// The service of that name. OpenWrt's names are the domains of the services, perhaps with a variant behind them.
fn by_name(name: &str) -> Option<&'static Provider> {
    let name = name.trim().to_ascii_lowercase();
    let bare = VARIANTS.iter().fold(name.as_str(), |name, variant| name.trim_end_matches(variant));
    let is_above = |before: &str| before.is_empty() || before.ends_with('.');
    let is_its = |provider: &&Provider| {
        let website = provider.website.trim_start_matches("https://").trim_end_matches('/');
        provider.inadyn.iter().chain(&provider.suffixes).any(|other| other == bare)
            || provider.id == bare.split('.').next().unwrap_or_default()
            || provider.server == bare
            || (bare.contains('.') && website.strip_suffix(bare).is_some_and(is_above))
    };
    let mut named = providers::all().iter().filter(is_its).filter(|_| !bare.is_empty());
    if name.ends_with("-token") {
        named.clone().find(|known| known.login == LoginStyle::Token).or_else(|| named.next())
    } else {
        named.next()
    }
}

/// The words of a line: bare, or between quotation marks of which several may stand together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() && !rest.starts_with('#') {
        let mut word = String::new();
        while let Some(c) = rest.chars().next().filter(|c| !c.is_whitespace()) {
            let behind = &rest[c.len_utf8()..];
            if let Some((inside, after)) = ['\'', '"'].contains(&c).then(|| behind.split_once(c)).flatten() {
                word.push_str(inside);
                rest = after;
            } else {
                word.push(c);
                rest = behind;
            }
        }
        words.push(word);
        rest = rest.trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_known_by_openwrts_name_for_it() {
        for (name, id) in [
            ("spdyn.de", Some("spdyn")),
            ("spdns.de", Some("spdyn")),
            ("dyn.com", Some("dyn")),
            ("no-ip.com", Some("noip")),
            ("duckdns.org", Some("duckdns")),
            ("afraid.org-v2-basic", Some("freedns")),
            ("afraid.org-v2-token", Some("freedns-token")),
            ("now-dns.com", Some("nowdns")),
            ("dnshome.de", Some("dnshome")),
            ("luadns.com-v1", Some("luadns")),
            ("loopia.se", Some("loopia")),
            ("strato.de", Some("strato")),
            ("he.net", Some("he")),
            ("cloudflare.com-v4", None),
            ("org", None),
            ("-v1", None),
            ("", None),
        ] {
            assert_eq!(by_name(name).map(|known| known.id.as_str()), id, "{name}");
        }
    }
}
