//! Matching of a file's entries with those of the form.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::found::{Found, Import, ImportSource, LeftOut, LeftOutWhy, MOST_LEFT_OUT, Remark};
use crate::settings::form::{EntryForm, Form, OWN_URL, served};
use crate::settings::{LoginKind, Records};
use crate::types::hostname::Hostname;
use crate::types::server::WebAddress;

/// The effect that a file would have on the form, without any secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// The kind of file.
    pub source: ImportSource,
    /// The entries that can be taken over.
    pub entries: Vec<ImportEntry>,
    /// The parts that can't.
    pub left_out: Vec<LeftOut>,
    /// The number of further parts that can't.
    pub left_out_more: u32,
    /// What is different in Dyntray.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
}

impl ImportPreview {
    /// True where the file is of a known kind.
    pub fn is_recognised(&self) -> bool {
        self.left_out.iter().all(|left_out| left_out.line.is_some())
    }
}

/// One entry that can be taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ImportEntry {
    /// Its number in the file, by which it is taken over.
    pub number: u32,
    /// The host name.
    pub hostname: String,
    /// The kind of login.
    pub login: LoginKind,
    /// The account's user name; empty with a token.
    pub user: String,
    /// The update server, or the update URL of a service that isn't known.
    pub server: String,
    /// The records that it keeps.
    pub protocol: Records,
    /// The effect of taking it over.
    pub effect: ImportEffect,
}

/// The effect of taking an entry over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum ImportEffect {
    /// The form gets a new entry.
    New,
    /// An entry of the form gets another secret, and the login that goes with it.
    ReplacesSecret,
}

/// The place of a found entry in the form.
enum MatchSlot {
    /// A new entry, at this server.
    New(String),
    /// The form's entry at this position.
    At(usize),
    /// Several entries would fit.
    Unclear,
}

/// The form's entries by their host names.
type ByHost = BTreeMap<Hostname, Vec<usize>>;

/// The effect of taking the entries over.
pub fn preview(import: &Import, form: &Form) -> ImportPreview {
    let hosts = by_host(form);
    let mut left_out = import.left_out.clone();
    let mut left_out_more = import.left_out_more;
    let mut entries = Vec::new();
    for (number, found) in (0u32..).zip(&import.found) {
        let typed = &found.form;
        let shown = |server: &str, effect| ImportEntry {
            number,
            hostname: typed.hostname.clone(),
            login: typed.login,
            user: typed.user.clone(),
            server: server.to_owned(),
            protocol: typed.protocol,
            effect,
        };
        match place(found, form, &hosts) {
            MatchSlot::New(_) if typed.provider == OWN_URL => {
                entries.push(shown(&typed.update_url, ImportEffect::New));
            }
            MatchSlot::New(server) => entries.push(shown(&server, ImportEffect::New)),
            MatchSlot::At(index) => {
                let there = &form.entries[index];
                let entry = shown(&there.server, ImportEffect::ReplacesSecret);
                entries.push(ImportEntry { protocol: there.protocol, ..entry });
            }
            MatchSlot::Unclear if left_out.len() < MOST_LEFT_OUT => left_out.push(LeftOut {
                line: Some(found.line),
                what: typed.hostname.clone(),
                hostname: None,
                why: LeftOutWhy::Ambiguous,
            }),
            MatchSlot::Unclear => left_out_more += 1,
        }
    }
    let remarks = import.remarks.clone();
    ImportPreview { source: import.source, entries, left_out, left_out_more, remarks }
}

/// The form after the entries with these numbers were taken over, and the new secret of each of its entries that gets
/// one. New ones among `off` are switched off. None when a number doesn't exist, or its entry can't be taken over.
pub fn take(
    import: Import,
    form: &Form,
    numbers: &[u32],
    off: &[u32],
) -> Option<(Form, Vec<Option<SecretString>>)> {
    let wanted: BTreeSet<u32> = numbers.iter().copied().collect();
    let hosts = by_host(form);
    let mut taken = form.clone();
    let mut secrets: Vec<Option<SecretString>> = vec![None; form.entries.len()];
    let mut count = 0;
    for (number, found) in (0u32..).zip(import.found) {
        if !wanted.contains(&number) {
            continue;
        }
        count += 1;
        match place(&found, form, &hosts) {
            MatchSlot::New(server) => {
                let enabled = found.form.enabled && !off.contains(&number);
                taken.entries.push(EntryForm { enabled, server, ..found.form });
                secrets.push(Some(found.secret));
            }
            MatchSlot::At(index) => {
                let entry = &mut taken.entries[index];
                entry.login = found.form.login;
                if found.form.login == LoginKind::Account {
                    entry.user = found.form.user;
                }
                secrets[index] = Some(found.secret);
            }
            MatchSlot::Unclear => return None,
        }
    }
    (count == wanted.len()).then_some((taken, secrets))
}

fn by_host(form: &Form) -> ByHost {
    let mut hosts = ByHost::new();
    for (index, entry) in form.entries.iter().enumerate() {
        if let Ok(host) = Hostname::parse(&entry.hostname) {
            hosts.entry(host).or_default().push(index);
        }
    }
    hosts
}

fn place(found: &Found, form: &Form, hosts: &ByHost) -> MatchSlot {
    let server = server_for(found, form);
    let at = |entry: &EntryForm| served(entry).ok().map(|served| served.server);
    let address = at(&found.form);
    // A file that names no server is SPDYN's, and none of its tokens is for another service.
    let same_server = |entry: &EntryForm| {
        if found.names_server { at(entry) == address } else { entry.provider.is_empty() }
    };
    let same_host = Hostname::parse(&found.form.hostname).ok().and_then(|host| hosts.get(&host));
    let overlaps =
        |entry: &EntryForm| found.form.protocol.families().any(|family| entry.protocol.covers(family));
    let fitting: Vec<usize> = same_host
        .into_iter()
        .flatten()
        .copied()
        .filter(|index| same_server(&form.entries[*index]) && overlaps(&form.entries[*index]))
        .collect();
    let exact = || fitting.iter().filter(|index| form.entries[**index].protocol == found.form.protocol);
    match fitting.as_slice() {
        [] => MatchSlot::New(server),
        [one] => MatchSlot::At(*one),
        _ => match exact().copied().collect::<Vec<_>>().as_slice() {
            [one] => MatchSlot::At(*one),
            _ => MatchSlot::Unclear,
        },
    }
}

/// The server of a found entry: the file's. Where the file names none and the line is sandboxed, it is the form's
/// sandboxed one.
fn server_for(found: &Found, form: &Form) -> String {
    let is_here =
        |address: Result<WebAddress, _>| address.is_ok_and(|address: WebAddress| address.is_loopback());
    let is_sandboxed = is_here(WebAddress::parse(&form.resolver_ipv4));
    let mut servers = form.entries.iter().map(|entry| &entry.server);
    let sandboxed = servers.find(|server| is_here(WebAddress::parse_server(server)));
    sandboxed.filter(|_| is_sandboxed && !found.names_server).unwrap_or(&found.form.server).clone()
}
