//! `inadyn.conf` of inadyn 2: blocks of providers with host names and a login. Source: inadyn's manual page
//! `inadyn.conf(5)`.

mod words;

use self::words::{Word, words};
use super::candidate::{Candidate, Seen};
use super::found::LeftOutWhy;
use super::reading::Reading;
use crate::settings::Records;
use crate::settings::providers::{self, LoginStyle};

/// The services that speak dyndns2 at its usual path, by inadyn's name behind the `@`.
const DYNDNS2: [(&str, &str); 5] = [
    ("spdyn.de", "update.spdyn.de"),
    ("dyndns.org", "members.dyndns.org"),
    ("no-ip.com", "dynupdate.no-ip.com"),
    ("strato.com", "dyndns.strato.com"),
    ("selfhost.de", "carol.selfhost.de"),
];

/// A block of the file.
#[derive(Debug, Default)]
struct Block {
    line: u32,
    /// Empty for a `custom` block.
    provider: String,
    hosts: Vec<(u32, String)>,
    user: String,
    secret: String,
    server: Option<String>,
    path: String,
}

/// Reads the file.
pub(super) fn read(text: &str, reading: &mut Reading) {
    let words = words(text);
    let allows_ipv6 = words.windows(3).any(|three| {
        let [name, equals, value] = three else { return false };
        name.text == "allow-ipv6" && equals.text == "=" && value.text == "true"
    });
    let by_interface = words.windows(2).any(|two| two[0].text == "iface" && two[1].text == "=");
    let mut rest = words.as_slice();
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        if word.is_name("provider") || word.is_name("custom") {
            let (block, after) = block(word, after);
            rest = after;
            let seen = if by_interface { Seen::Interface } else { Seen::Web };
            offer(&block, allows_ipv6.then_some(Records::Both), seen, reading);
        }
    }
}

/// Reads a block, and returns the words after it.
fn block<'a>(kind: &Word, words: &'a [Word]) -> (Block, &'a [Word]) {
    let mut block = Block { line: kind.line, ..Block::default() };
    let mut rest = words;
    if let Some((name, after)) = rest.split_first()
        && !name.is_sign("{")
    {
        if kind.is_name("provider") {
            // `default@spdyn.de:2` is the second one of that name.
            name.text.split(':').next().unwrap_or_default().clone_into(&mut block.provider);
        }
        rest = after;
    }
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        if word.is_sign("}") {
            break;
        }
        let Some(after) = after.split_first().filter(|(sign, _)| sign.is_sign("=")).map(|(_, after)| after)
        else {
            continue;
        };
        let (values, after) = values(after);
        rest = after;
        block.set(&word.text, &values);
    }
    (block, rest)
}

impl Block {
    fn set(&mut self, name: &str, values: &[&Word]) {
        let first = || values.first().map(|word| word.text.clone()).unwrap_or_default();
        match name {
            "hostname" | "alias" => {
                self.hosts.extend(values.iter().map(|word| (word.line, word.text.clone())));
            }
            "username" => self.user = first(),
            "password" => self.secret = first(),
            "ddns-server" => self.server = Some(first()),
            "ddns-path" => self.path = first(),
            _ => {}
        }
    }
}

/// Reads a value or a list in braces, and returns the words after it.
fn values(words: &[Word]) -> (Vec<&Word>, &[Word]) {
    match words.split_first() {
        Some((brace, after)) if brace.is_sign("{") => {
            let end = after.iter().position(|word| word.is_sign("}")).unwrap_or(after.len());
            let list = after[..end].iter().filter(|word| !word.is_sign(",")).collect();
            (list, after.get(end + 1..).unwrap_or_default())
        }
        Some((value, after)) if !value.is_sign("}") => (vec![value], after),
        _ => (Vec::new(), words),
    }
}

fn offer(block: &Block, families: Option<Records>, address_from: Seen<'_>, reading: &mut Reading) {
    let (family, service) = block.provider.split_once('@').unwrap_or(("", &block.provider));
    let known = DYNDNS2.iter().find(|(name, _)| *name == service).map(|(_, server)| *server);
    let listed = providers::all().iter().find(|provider| provider.inadyn.iter().any(|name| name == service));
    let known = known.or(listed.map(|provider| provider.server.as_str()));
    let is_usual = (block.server.is_none() && listed.is_some())
        || block.path.is_empty()
        || block.path.to_ascii_lowercase().starts_with("/nic/update");
    let Some(server) = block.server.as_deref().or(known).filter(|_| is_usual) else {
        return reading.leave_out(block.line, &block.provider, LeftOutWhy::OtherProtocol);
    };
    let protocol = match family {
        "ipv6" => Records::Ipv6,
        "default" | "ipv4" => families.unwrap_or(Records::Ipv4),
        _ => Records::Both,
    };
    if block.hosts.is_empty() {
        reading.leave_out(block.line, &block.provider, LeftOutWhy::NoHostname);
    }
    // inadyn calls a token the user where a service wants nothing else.
    let is_all =
        block.secret.is_empty() && listed.is_some_and(|provider| provider.login == LoginStyle::Token);
    let (user, secret) = if is_all { ("", &block.user) } else { (block.user.as_str(), &block.secret) };
    for (line, hostname) in &block.hosts {
        reading.offer(Candidate {
            line: *line,
            hostname,
            user,
            secret,
            server: Some(server),
            protocol,
            address_from,
            ..Candidate::default()
        });
    }
}
