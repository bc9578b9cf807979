//! A change of the form that is about to be saved. It is made when its turn has come, from the form that is saved then, so
//! that it takes back nothing of what was saved before.

use std::collections::BTreeSet;

use dyntray_control::{Rejection, SaveRequest, SecretChange};
use dyntray_core::import;
use dyntray_core::settings::form::{EntryForm, Field, FieldError, Form, Merged, find, merge};
use dyntray_core::types::entry_id::EntryId;
use secrecy::SecretString;

/// The form as it is to be, and what that does to its secrets.
#[derive(Debug)]
pub(crate) struct Change {
    /// The form; new entries have no identity yet.
    pub(crate) form: Form,
    /// The change of each entry's secret, in the order of the form's entries.
    pub(crate) secrets: Vec<SecretChange>,
    /// Of each entry its position in what was sent; none for one that wasn't.
    sent: Vec<Option<usize>>,
    /// The number of entries that were sent.
    count: usize,
}

impl Change {
    /// A whole form, merged with what was saved since the one that it was made from.
    ///
    /// # Errors
    /// The places that somebody else has changed, too, in another way.
    pub(crate) fn of_save(request: SaveRequest, saved: &Form) -> Result<Self, Rejection> {
        let SaveRequest { base, form, mut secrets } = request;
        let ids: Vec<EntryId> = form.entries.iter().filter_map(|entry| entry.id).collect();
        let known: BTreeSet<EntryId> = base.entries.iter().filter_map(|entry| entry.id).collect();
        let is_twice = ids.iter().collect::<BTreeSet<_>>().len() != ids.len();
        if secrets.len() != form.entries.len() || is_twice {
            return Err(Rejection::NotUnderstood);
        }
        if ids.iter().any(|id| !known.contains(id)) {
            return Err(Rejection::NoSuchEntry);
        }
        let is_typed = |(_, change): &(usize, &SecretChange)| matches!(change, SecretChange::Replace { .. });
        let typed = secrets.iter().enumerate().filter(is_typed).map(|(position, _)| position).collect();
        let Merged { form, sent } = merge(&base, saved, &form, &typed)
            .map_err(|conflicts| Rejection::ChangedMeanwhile { conflicts, form: Box::new(saved.clone()) })?;
        let count = secrets.len();
        let taken = |position: Option<usize>| secrets.get_mut(position?).map(std::mem::take);
        let secrets = sent.iter().copied().map(taken).map(Option::unwrap_or_default).collect();
        Ok(Change { form, secrets, sent, count })
    }

    /// One more entry.
    pub(crate) fn adding(entry: EntryForm, secret: SecretChange, saved: &Form) -> Self {
        let mut change = Change::nothing(saved);
        change.form.entries.push(EntryForm { id: None, ..entry });
        change.secrets.push(secret);
        change.sent.push(Some(0));
        Change { count: 1, ..change }
    }

    /// One entry less. None if no entry has that host name.
    pub(crate) fn removing(hostname: &str, saved: &Form) -> Option<Self> {
        let index = find(saved, hostname)?;
        let mut change = Change::nothing(saved);
        change.form.entries.remove(index);
        change.secrets.remove(index);
        change.sent.remove(index);
        Some(change)
    }

    /// Another secret for one entry. None if there is no such entry.
    pub(crate) fn of_secret(entry: EntryId, secret: SecretString, saved: &Form) -> Option<Self> {
        let index = saved.entries.iter().position(|typed| typed.id == Some(entry))?;
        let mut change = Change::nothing(saved);
        change.secrets[index] = SecretChange::Replace { secret };
        change.sent[index] = Some(0);
        Some(Change { count: 1, ..change })
    }

    /// Another secret for an entry that a person has seen like this.
    ///
    /// # Errors
    /// When the secret would go elsewhere by now, or there is no such entry any more.
    pub(crate) fn of_secret_as_seen(
        seen: EntryForm,
        secret: SecretString,
        saved: &Form,
    ) -> Result<Self, Rejection> {
        let id = seen.id.ok_or(Rejection::NoSuchEntry)?;
        let change = Change::of_secret(id, secret, saved).ok_or(Rejection::NoSuchEntry)?;
        let mut base = saved.clone();
        let index = change.sent.iter().position(Option::is_some).ok_or(Rejection::NoSuchEntry)?;
        base.entries[index] = seen;
        match merge(&base, saved, &base, &BTreeSet::from([index])) {
            Ok(_) => Ok(change),
            Err(conflicts) => Err(Rejection::ChangedMeanwhile { conflicts, form: Box::new(saved.clone()) }),
        }
    }

    /// Entries of a file, by their numbers in its preview; no others change. None if one isn't there.
    pub(crate) fn importing(
        text: &str,
        name: &str,
        numbers: &[u32],
        off: &[u32],
        saved: &Form,
    ) -> Option<Self> {
        let (form, secrets) = import::take(import::read(text, name), saved, numbers, off)?;
        let change =
            |secret: Option<_>| secret.map(|secret| SecretChange::Replace { secret }).unwrap_or_default();
        let sent: Vec<Option<usize>> = (0..form.entries.len()).map(Some).collect();
        let secrets = secrets.into_iter().map(change).collect();
        Some(Change { form, secrets, count: sent.len(), sent })
    }

    fn nothing(saved: &Form) -> Self {
        let secrets = vec![SecretChange::Keep; saved.entries.len()];
        Change { form: saved.clone(), sent: vec![None; secrets.len()], secrets, count: 0 }
    }

    /// The identities of the entries that were sent, in that order, in the form `saved` that this change has become.
    pub(crate) fn ids(&self, saved: &Form) -> Vec<Option<EntryId>> {
        let mut ids = vec![None; self.count];
        for (sent, entry) in self.sent.iter().zip(&saved.entries) {
            if let Some(id) = sent.and_then(|position| ids.get_mut(position)) {
                *id = entry.id;
            }
        }
        ids
    }

    /// The mistakes, at the positions of what was sent. One at an entry that somebody else has saved meanwhile is told at
    /// the one that has the same host name.
    pub(crate) fn as_sent(&self, errors: Vec<FieldError>) -> Vec<FieldError> {
        let name = |index: usize| self.form.entries.get(index).map(|entry| entry.hostname.trim());
        let namesake = |index: usize| {
            (0..self.sent.len()).find_map(|other| self.sent[other].filter(|_| name(other) == name(index)))
        };
        let told = |error: FieldError| match (error.entry.map(usize::try_from), error.field) {
            (_, Field::FallBackIpv4 | Field::FallBackIpv6) | (None | Some(Err(_)), _) => error,
            (Some(Ok(index)), _) => {
                let position = self.sent.get(index).copied().flatten().or_else(|| namesake(index));
                FieldError { entry: position.and_then(|position| u32::try_from(position).ok()), ..error }
            }
        };
        errors.into_iter().map(told).collect()
    }
}
