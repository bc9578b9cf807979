//! Takes the form of a backup over into the saved one: new host names are added, and what is there already changes only
//! where that is wanted.

use std::collections::BTreeSet;

use super::{EntryForm, Form};
use crate::types::entry_id::EntryId;
use crate::types::hostname::Hostname;

/// What happens to host names and settings that are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// They stay.
    Stay,
    /// The backup's take their place.
    AreReplaced,
}

/// The form after a backup was taken over, and what that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The form; new entries have no identity yet.
    pub form: Form,
    /// Of each of its entries the position in the backup, where it comes from there.
    pub origins: Vec<Option<usize>>,
    /// The effect of each entry of the backup, in that order.
    pub effects: Vec<RestoreEffect>,
    /// The effect of everything but the host names.
    pub others: OthersEffect,
}

impl Restored {
    /// True where something would change.
    pub fn changes_something(&self) -> bool {
        self.others == OthersEffect::Taken
            || self.effects.iter().any(|effect| *effect != RestoreEffect::Stays)
    }
}

/// The effect of one entry of a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestoreEffect {
    /// It is added.
    New,
    /// It is added and switched off, because the backup has no secret for it.
    NewWithoutSecret,
    /// It takes the place of the one with its host name.
    Replaces,
    /// Its host name is there already, and stays as it is.
    Stays,
}

/// The effect of a backup's settings other than the host names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OthersEffect {
    /// They are the same.
    Same,
    /// They are taken over.
    Taken,
    /// They differ, and those that are there stay.
    Stay,
}

/// Takes the form of a backup over. `with_secret` are the entries whose secret it has. Settings that nobody has changed yet
/// are no loss, so they are taken over in any case.
pub fn restore(saved: &Form, backup: &Form, with_secret: &BTreeSet<EntryId>, existing: Existing) -> Restored {
    let (theirs, ours) = (without_entries(backup), without_entries(saved));
    let others = if theirs == ours {
        OthersEffect::Same
    } else if existing == Existing::AreReplaced || ours == without_entries(&Form::default()) {
        OthersEffect::Taken
    } else {
        OthersEffect::Stay
    };
    let mut form =
        Form { entries: saved.entries.clone(), ..if others == OthersEffect::Taken { theirs } else { ours } };
    let mut origins = vec![None; form.entries.len()];
    let mut effects = Vec::with_capacity(backup.entries.len());
    for (position, entry) in backup.entries.iter().enumerate() {
        let has_secret = entry.id.is_some_and(|id| with_secret.contains(&id));
        effects.push(match namesake(saved, &origins, entry) {
            Some(index) if existing == Existing::AreReplaced => {
                form.entries[index] = EntryForm { id: form.entries[index].id, ..entry.clone() };
                origins[index] = Some(position);
                RestoreEffect::Replaces
            }
            Some(_) => RestoreEffect::Stays,
            None => {
                form.entries.push(EntryForm {
                    id: None,
                    enabled: entry.enabled && has_secret,
                    ..entry.clone()
                });
                origins.push(Some(position));
                if has_secret || !entry.enabled {
                    RestoreEffect::New
                } else {
                    RestoreEffect::NewWithoutSecret
                }
            }
        });
    }
    Restored { form, origins, effects, others }
}

fn without_entries(form: &Form) -> Form {
    Form { entries: Vec::new(), ..form.clone() }
}

/// The position of the saved entry whose place the entry would take: one of the same host name, with the same records if
/// there are several, that no other has taken yet.
fn namesake(saved: &Form, origins: &[Option<usize>], entry: &EntryForm) -> Option<usize> {
    let host = Hostname::parse(&entry.hostname).ok()?;
    let is_one = |index: &usize| {
        origins[*index].is_none()
            && Hostname::parse(&saved.entries[*index].hostname).is_ok_and(|other| other == host)
    };
    let mut all = (0..saved.entries.len()).filter(is_one);
    let first = all.clone().next();
    all.find(|index| saved.entries[*index].protocol == entry.protocol).or(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Records;

    fn entry(id: u32, hostname: &str) -> EntryForm {
        EntryForm { id: Some(EntryId(id)), hostname: hostname.into(), ..EntryForm::default() }
    }

    fn form(entries: Vec<EntryForm>) -> Form {
        Form { entries, ..Form::default() }
    }

    fn names(form: &Form) -> Vec<(Option<u32>, &str, bool)> {
        form.entries.iter().map(|e| (e.id.map(|id| id.0), e.hostname.as_str(), e.enabled)).collect()
    }

    #[test]
    fn on_a_new_computer_everything_is_added_and_what_has_no_secret_is_switched_off() {
        let backup = Form {
            interval: "1 h".into(),
            ..form(vec![entry(4, "a.example.org"), entry(7, "b.example.org")])
        };
        let restored = restore(&Form::default(), &backup, &BTreeSet::from([EntryId(4)]), Existing::Stay);
        assert_eq!(names(&restored.form), [(None, "a.example.org", true), (None, "b.example.org", false)]);
        assert_eq!(restored.form.interval, "1 h");
        assert_eq!(restored.others, OthersEffect::Taken);
        assert_eq!(restored.effects, [RestoreEffect::New, RestoreEffect::NewWithoutSecret]);
        assert_eq!(restored.origins, [Some(0), Some(1)]);
    }

    #[test]
    fn what_is_there_stays_unless_it_is_to_be_replaced() {
        let there = EntryForm { server: "mine.example.org".into(), ..entry(1, "A.example.org") };
        let saved = Form { interval: "1 h".into(), ..form(vec![there]) };
        let backup = form(vec![entry(9, "a.example.org"), entry(10, "b.example.org")]);
        let all = BTreeSet::from([EntryId(9), EntryId(10)]);
        let kept = restore(&saved, &backup, &all, Existing::Stay);
        assert_eq!(names(&kept.form), [(Some(1), "A.example.org", true), (None, "b.example.org", true)]);
        assert_eq!(
            (kept.form.entries[0].server.as_str(), kept.form.interval.as_str()),
            ("mine.example.org", "1 h")
        );
        assert_eq!(
            (kept.effects, kept.others),
            (vec![RestoreEffect::Stays, RestoreEffect::New], OthersEffect::Stay)
        );
        let replaced = restore(&saved, &backup, &all, Existing::AreReplaced);
        assert_eq!(names(&replaced.form), [(Some(1), "a.example.org", true), (None, "b.example.org", true)]);
        assert_eq!(replaced.form.entries[0].server, EntryForm::default().server);
        assert_eq!(replaced.others, OthersEffect::Taken);
        assert_eq!(replaced.origins, [Some(0), Some(1)]);
    }

    #[test]
    fn two_entries_of_one_host_name_each_take_the_place_of_their_own_records() {
        let of = |id, protocol| EntryForm { protocol, ..entry(id, "a.example.org") };
        let saved = form(vec![of(1, Records::Ipv4), of(2, Records::Ipv6)]);
        let backup = form(vec![of(8, Records::Ipv6), of(9, Records::Ipv4)]);
        let restored = restore(&saved, &backup, &BTreeSet::new(), Existing::AreReplaced);
        assert_eq!(restored.origins, [Some(1), Some(0)]);
        assert!(restored.form.entries.iter().zip(&saved.entries).all(|(now, before)| now == before));
    }

    #[test]
    fn the_same_backup_once_more_changes_nothing() {
        let backup = form(vec![entry(4, "a.example.org")]);
        let once = restore(&Form::default(), &backup, &BTreeSet::from([EntryId(4)]), Existing::Stay);
        let again = restore(&once.form, &backup, &BTreeSet::from([EntryId(4)]), Existing::Stay);
        assert!(once.changes_something() && !again.changes_something());
        assert_eq!(again.form, once.form);
    }
}
