//! Entries of one host that each keep another record: a service that deletes what isn't named must hear of both.

use std::collections::BTreeMap;

use super::OWN_URL;
use crate::settings::{Entry, Login, Records};
use crate::types::address::Family;
use crate::types::entry_id::EntryId;

/// A host at a server, by the login and the name, and one of its records.
type Record = (String, String, String, Family);

/// Tells each entry that keeps one record which entry keeps the other one of the same host: an enabled one where there
/// is one.
pub(super) fn introduce(entries: &mut [Entry]) {
    let mut keepers: BTreeMap<Record, (bool, EntryId)> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| is_one_host(entry)) {
        for family in entry.records.families() {
            let keeper = keepers.entry(record_of(entry, family)).or_insert((entry.enabled, entry.id));
            if entry.enabled && !keeper.0 {
                *keeper = (true, entry.id);
            }
        }
    }
    for entry in entries.iter_mut().filter(|entry| is_one_host(entry)) {
        let other = match entry.records {
            Records::Both => continue,
            Records::Ipv4 => Family::Ipv6,
            Records::Ipv6 => Family::Ipv4,
        };
        entry.companion = keepers.get(&record_of(entry, other)).map(|(_, id)| *id);
    }
}

fn record_of(entry: &Entry, family: Family) -> Record {
    let server = entry.server.authority().to_owned();
    (server, entry.user().to_owned(), entry.hostname.to_string(), family)
}

/// True where a host name is one host, whatever its records. At SPDYN it may be two, of one record and one token each
/// (Securepoint's wiki), and so it may be at a server of which nothing is known.
fn is_one_host(entry: &Entry) -> bool {
    entry.login != Login::Token || !(entry.server.is_spdyn() || ["", OWN_URL].contains(&&*entry.service))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::LoginKind;
    use crate::settings::form::{EntryForm, Form, check};

    #[test]
    fn entries_of_one_host_know_of_each_other_and_an_enabled_one_comes_first() {
        let entry = |id, hostname: &str, protocol, enabled| EntryForm {
            id: Some(EntryId(id)),
            hostname: hostname.to_owned(),
            protocol,
            enabled,
            login: LoginKind::Account,
            user: "anna".to_owned(),
            ..EntryForm::default()
        };
        let of_otto = EntryForm { user: "otto".to_owned(), ..entry(6, "mail.spdns.de", Records::Ipv6, true) };
        let by_token =
            |id, protocol| EntryForm { login: LoginKind::Token, ..entry(id, "www.spdns.de", protocol, true) };
        let entries = vec![
            entry(1, "home.spdns.de", Records::Ipv6, false),
            entry(2, "home.spdns.de", Records::Ipv4, true),
            entry(3, "home.spdns.de", Records::Ipv6, true),
            entry(4, "nas.spdns.de", Records::Ipv4, true),
            entry(5, "nas.spdns.de", Records::Both, false),
            of_otto,
            entry(7, "mail.spdns.de", Records::Ipv4, true),
            by_token(8, Records::Ipv4),
            by_token(9, Records::Ipv6),
        ];
        let settings = check(&Form { entries, ..Form::default() }).expect("valid");
        let companions: Vec<Option<u32>> =
            settings.entries.iter().map(|entry| entry.companion.map(|id| id.0)).collect();
        assert_eq!(companions, [Some(2), Some(3), Some(2), Some(5), None, None, None, None, None]);
    }
}
