//! Update URLs of a router: `https://update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>`. A FRITZ!Box has them
//! in a field, with the values of its placeholders beside it; OpenWrt has them in its file `ddns`.

mod find;
mod openwrt;
mod parts;
mod placeholder;
mod update;

pub(super) use self::find::in_line;
pub(super) use self::openwrt::is_openwrt;
use self::parts::take_apart;
use self::placeholder::Beside;
use self::update::{Update, are_pair, for_any_family};
use super::candidate::{Candidate, Doubt, Seen};
use super::found::{LeftOutWhy, RemarkWhat};
use super::name::{is_placeholder, nameable};
use super::reading::Reading;
use crate::settings::Records;
use crate::types::hostname::Hostname;

/// Reads the file.
pub(super) fn read(text: &str, reading: &mut Reading) {
    let updates = if is_openwrt(text) { openwrt::updates(text, reading) } else { of_lines(text) };
    for update in joined(updates) {
        offer(&update, reading);
    }
}

/// The URLs in a text, each with what stands beside it: in its own paragraph, else anywhere in the text.
fn of_lines(text: &str) -> Vec<Update> {
    // Copied from the source of a website.
    let text = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
    let lines: Vec<(u32, &str)> = (1u32..).zip(text.lines()).collect();
    let everywhere = beside(&lines);
    let mut updates = Vec::new();
    for paragraph in lines.split(|(_, line)| line.trim().is_empty()) {
        let own = beside(paragraph);
        let or = |own: String, other: &str| if own.is_empty() { other.to_owned() } else { own };
        let beside = Beside {
            host: or(own.host, &everywhere.host),
            user: or(own.user, &everywhere.user),
            secret: or(own.secret, &everywhere.secret),
            ..Beside::default()
        };
        for (line, url) in
            paragraph.iter().flat_map(|(line, text)| in_line(text).into_iter().map(|url| (*line, url)))
        {
            let parts = take_apart(url, &beside, Records::Both);
            updates.push(Update {
                line,
                parts,
                beside: beside.clone(),
                seen: Seen::Web,
                remarks: Vec::new(),
            });
        }
    }
    updates
}

/// The values of a router's form. A value stands behind its label, or on the next line.
fn beside(lines: &[(u32, &str)]) -> Beside {
    let mut beside = Beside::default();
    let next_lines = lines.iter().skip(1).map(|(_, line)| *line).chain([""]);
    for ((_, line), next) in lines.iter().zip(next_lines) {
        let (label, value) = line.split_once([':', '=', '\t']).unwrap_or((line, ""));
        let Some(at) = place(label, &mut beside) else { continue };
        let is_value = !next.contains([':', '=', '\t']) && place(next, &mut Beside::default()).is_none();
        let value = if value.trim().is_empty() && is_value { next } else { value };
        value.trim().clone_into(at);
    }
    beside
}

/// The place of the value with this label.
fn place<'a>(label: &str, beside: &'a mut Beside) -> Option<&'a mut String> {
    match label.trim().to_lowercase().as_str() {
        "domain" | "domainname" | "domain name" | "domain-name" | "host" | "hostname" | "host name" => {
            Some(&mut beside.host)
        }
        "benutzer" | "benutzername" | "user" | "username" | "user name" | "login" => Some(&mut beside.user),
        "kennwort" | "passwort" | "password" | "pass" | "token" | "update-token" | "update token" => {
            Some(&mut beside.secret)
        }
        _ => None,
    }
}

/// The requests, of which those that differ only in their family are one.
fn joined(updates: Vec<Update>) -> Vec<Update> {
    let mut joined: Vec<Update> = Vec::new();
    for mut update in updates {
        // The prefix is sent beside an address, which is what Dyntray sends.
        let is_beside = |other: &&mut Update| other.parts.server == update.parts.server;
        if update.parts.is_prefix_alone {
            if let Some(other) = joined.iter_mut().find(is_beside) {
                other.parts.has_prefix = true;
                continue;
            }
            update.parts.beyond = Some(LeftOutWhy::OtherProtocol);
        }
        match joined.iter_mut().find(|other| are_pair(other, &update)) {
            Some(other) => {
                other.parts.records = Records::Both;
                other.parts.request = for_any_family(other);
                other.remarks.extend(update.remarks);
                other.parts.has_prefix |= update.parts.has_prefix;
            }
            None => joined.push(update),
        }
    }
    joined
}

fn offer(update: &Update, reading: &mut Reading) {
    let Update { line, parts, beside, seen, remarks } = update;
    let or = |said: &str, written: &str| -> String {
        let is_open = said.is_empty() || is_placeholder(said);
        if is_open && !written.is_empty() { written.to_owned() } else { said.to_owned() }
    };
    // Where the URL itself has the secret and no user, nobody else is asked for.
    let needs_user = parts.request.is_none() || parts.secret.is_empty();
    let user = or(&parts.user, if needs_user { &beside.user } else { "" });
    let secret = or(&parts.secret, &beside.secret);
    let hosts = or(&parts.hosts, &beside.host);
    let mut remarks = remarks.clone();
    remarks.extend(parts.has_prefix.then_some(RemarkWhat::Prefix));
    for hostname in hosts.split(',') {
        let name = if Hostname::parse(hostname).is_ok() { hostname } else { nameable(hostname, Doubt::None) };
        if let Some(why) = parts.beyond {
            reading.leave_out_for(*line, "", &[name], why);
            continue;
        }
        reading.offer(Candidate {
            line: *line,
            hostname,
            doubt: Doubt::None,
            user: &user,
            secret: &secret,
            server: Some(&parts.server),
            request: parts.request.as_deref(),
            protocol: parts.records,
            address_from: *seen,
            remarks: remarks.clone(),
        });
    }
}
