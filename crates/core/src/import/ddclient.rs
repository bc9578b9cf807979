//! `ddclient.conf`. A setting applies from its line on; settings on a line that ends with host names apply to these
//! alone. Source: ddclient's own description of its configuration file.

use std::collections::BTreeMap;

use super::found::LeftOutWhy;
use super::reading::{Candidate, Reading, Seen};
use crate::settings::Records;
use crate::settings::providers;

/// ddclient's default server for dyndns2.
const USUAL_SERVER: &str = "members.dyndns.org";
/// The names of protocols that are dyndns2.
const DYNDNS2: [&str; 2] = ["dyndns2", "spdyn"];

type Settings = BTreeMap<String, String>;

/// Reads the file.
pub(super) fn read(text: &str, reading: &mut Reading) {
    let mut shared = Settings::new();
    let mut open: Option<(u32, String)> = None;
    for (number, line) in (1u32..).zip(text.lines()) {
        let line = without_comment(line).trim_end();
        let (first, mut whole) = open.take().unwrap_or((number, String::new()));
        if let Some(part) = line.strip_suffix('\\') {
            whole.push_str(part);
            whole.push(' ');
            open = Some((first, whole));
        } else {
            whole.push_str(line);
            read_line(first, &whole, &mut shared, reading);
        }
    }
    if let Some((first, whole)) = open {
        read_line(first, &whole, &mut shared, reading);
    }
}

fn read_line(number: u32, line: &str, shared: &mut Settings, reading: &mut Reading) {
    let (settings, hosts) = words(line);
    if hosts.is_empty() {
        shared.extend(settings);
        return;
    }
    let at = |name: &str| settings.get(name).or_else(|| shared.get(name)).map(String::as_str);
    let protocol = at("protocol").unwrap_or("dyndns2");
    let own = providers::all().iter().find(|provider| provider.ddclient.iter().any(|name| name == protocol));
    let usual = own.map_or(USUAL_SERVER, |provider| &provider.server);
    for host in &hosts {
        if own.is_some() || DYNDNS2.contains(&protocol.to_ascii_lowercase().as_str()) {
            reading.offer(Candidate {
                line: number,
                hostname: host,
                user: at("login").unwrap_or(""),
                secret: at("password").unwrap_or(""),
                server: Some(at("server").unwrap_or(usual)),
                protocol: families(at("use"), at("usev4"), at("usev6")),
                address_from: seen([at("use"), at("usev4"), at("usev6")]),
            });
        } else {
            reading.leave_out(number, protocol, LeftOutWhy::OtherProtocol);
        }
    }
}

fn is_used(how: Option<&str>) -> bool {
    how.is_some_and(|how| !matches!(how, "disabled" | "no" | ""))
}

/// The records of an entry. `use` alone meant IPv4.
fn families(either: Option<&str>, ipv4: Option<&str>, ipv6: Option<&str>) -> Records {
    match (is_used(either) || is_used(ipv4), is_used(ipv6)) {
        (true, false) => Records::Ipv4,
        (false, true) => Records::Ipv6,
        _ => Records::Both,
    }
}

fn seen(how: [Option<&str>; 3]) -> Seen {
    let mut used = how.into_iter().flatten().filter(|how| is_used(Some(how))).peekable();
    let is_interface = used.peek().is_some() && used.all(|how| matches!(how, "if" | "ifv4" | "ifv6"));
    if is_interface { Seen::Interface } else { Seen::Web }
}

/// The line up to a `#` that begins a word and isn't quoted.
fn without_comment(line: &str) -> &str {
    let (mut quote, mut before) = (None, ' ');
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') if before.is_whitespace() => return &line[..at],
            (None, '\'' | '"') if before == '=' || before.is_whitespace() => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
        before = c;
    }
    line
}

/// A line's settings, and the host names at its end.
fn words(line: &str) -> (Settings, Vec<String>) {
    let (mut settings, mut hosts) = (Settings::new(), Vec::new());
    let mut rest = skip(line);
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c == ',' || c.is_whitespace()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if let Some(value) = after.trim_start().strip_prefix('=') {
            let (value, after) = value_of(value.trim_start());
            settings.insert(word.to_ascii_lowercase(), value.to_owned());
            rest = skip(after);
        } else {
            hosts.push(word.to_owned());
            rest = skip(after);
        }
    }
    (settings, hosts)
}

fn skip(text: &str) -> &str {
    text.trim_start_matches(|c: char| c == ',' || c.is_whitespace())
}

fn value_of(text: &str) -> (&str, &str) {
    for quote in ['\'', '"'] {
        if let Some((value, after)) = text.strip_prefix(quote).and_then(|inside| inside.split_once(quote)) {
            return (value, after);
        }
    }
    text.split_at(text.find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(text.len()))
}
