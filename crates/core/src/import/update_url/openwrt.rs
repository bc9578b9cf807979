//! `/etc/config/ddns` of OpenWrt: one section for each host and family. Source: OpenWrt's description of UCI files, and
//! its package ddns-scripts.

use std::collections::BTreeMap;

use super::find::in_line;
use super::parts::{Parts, take_apart};
use super::placeholder::Beside;
use super::update::Update;
use crate::import::candidate::{Doubt, Seen};
use crate::import::found::{LeftOutWhy, RemarkWhat};
use crate::import::name::nameable;
use crate::import::reading::Reading;
use crate::settings::Records;
use crate::settings::providers::{self, Provider};
use crate::types::hostname::Hostname;

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
    vec![update(Parts {
        server: known.server.clone(),
        hosts: beside.host.clone(),
        user: beside.user.clone(),
        secret: beside.secret.clone(),
        records,
        request: None,
        is_beyond: false,
        has_prefix: false,
        is_prefix_alone: false,
    })]
}

/// The service of that name. OpenWrt's names are the domains that inadyn has, too, or those of the services' sites.
fn by_name(name: &str) -> Option<&'static Provider> {
    let name = name.trim().to_ascii_lowercase();
    let bare = name.trim_end_matches("-v1").trim_end_matches("-token").trim_end_matches("-nohost");
    let is_its = |provider: &&Provider| {
        provider.inadyn.iter().any(|other| other == bare)
            || provider.id == bare
            || provider.suffixes.iter().any(|suffix| suffix == bare)
            || provider.server == bare
            || provider
                .website
                .trim_start_matches("https://")
                .trim_start_matches("www.")
                .trim_end_matches('/')
                == bare
    };
    providers::all().iter().find(is_its).filter(|_| !bare.is_empty())
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
