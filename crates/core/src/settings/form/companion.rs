//! Entries of one host name that each keep another record: a service that deletes what isn't named must hear of both.

use std::collections::BTreeMap;

use crate::settings::{Entry, Records};
use crate::types::address::Family;
use crate::types::entry_id::EntryId;

/// Tells each entry that keeps one record which entry keeps the other one of the same host name at the same server: an
/// enabled one where there is one.
pub(super) fn introduce(entries: &mut [Entry]) {
    let mut keepers: BTreeMap<(String, String, Family), (bool, EntryId)> = BTreeMap::new();
    let place =
        |entry: &Entry, family| (entry.hostname.to_string(), entry.server.authority().to_owned(), family);
    for entry in entries.iter() {
        for family in entry.records.families() {
            let keeper = keepers.entry(place(entry, family)).or_insert((entry.enabled, entry.id));
            if entry.enabled && !keeper.0 {
                *keeper = (true, entry.id);
            }
        }
    }
    for entry in entries {
        let other = match entry.records {
            Records::Both => continue,
            Records::Ipv4 => Family::Ipv6,
            Records::Ipv6 => Family::Ipv4,
        };
        entry.companion = keepers.get(&place(entry, other)).map(|(_, id)| *id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::form::{EntryForm, Form, check};

    #[test]
    fn entries_of_one_host_name_know_of_each_other_and_an_enabled_one_comes_first() {
        let entry = |id, hostname: &str, protocol, enabled| EntryForm {
            id: Some(EntryId(id)),
            hostname: hostname.to_owned(),
            protocol,
            enabled,
            ..EntryForm::default()
        };
        let entries = vec![
            entry(1, "home.spdns.de", Records::Ipv6, false),
            entry(2, "home.spdns.de", Records::Ipv4, true),
            entry(3, "home.spdns.de", Records::Ipv6, true),
            entry(4, "nas.spdns.de", Records::Ipv4, true),
            entry(5, "nas.spdns.de", Records::Both, false),
        ];
        let settings = check(&Form { entries, ..Form::default() }).expect("valid");
        let companions: Vec<Option<u32>> =
            settings.entries.iter().map(|entry| entry.companion.map(|id| id.0)).collect();
        assert_eq!(companions, [Some(2), Some(3), Some(2), Some(5), None]);
    }
}
