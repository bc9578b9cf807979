//! Saving the form and its secrets as one action: the form is checked with its secrets, the secrets go to the keyring,
//! and only then the settings change.

use std::collections::BTreeSet;

use dyntray_control::{Rejection, SaveRequest, SecretChange};
use dyntray_core::import;
use dyntray_core::settings::form::{
    EntryError, EntryForm, Field, FieldError, FieldProblem, Form, check, number_new_entries, served,
};
use dyntray_core::settings::{Entry, Settings};
use dyntray_core::state::State;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::hostname::Hostname;
use dyntray_core::types::token::{SecretError, check_secret, tidy};
use secrecy::{ExposeSecret, SecretString};

use crate::keyring::{FilledBy, Keyring};

/// A form that passed every check, and the changes to the keyring that saving it needs.
pub(crate) struct Plan {
    /// The form, with every entry numbered.
    pub(crate) form: Form,
    /// The valid settings that the form makes.
    pub(crate) settings: Settings,
    writes: Vec<(EntryId, SecretString)>,
    removals: Vec<EntryId>,
}

impl Plan {
    /// Checks a request against what is saved now. The entries `without_secret` have none in the store, as somebody just
    /// saw; of others that the state knows no secret of, nobody knows.
    ///
    /// # Errors
    /// All mistakes at once, including those of the secrets.
    pub(crate) fn check(
        request: SaveRequest,
        saved: &Settings,
        state: &State,
        filled_by: FilledBy,
        without_secret: &BTreeSet<EntryId>,
    ) -> Result<Self, Rejection> {
        let SaveRequest { mut form, secrets } = request;
        if secrets.len() != form.entries.len() {
            return Err(Rejection::NotUnderstood);
        }
        let unknown = |entry: &EntryForm| entry.id.is_some_and(|id| saved.entry(id).is_none());
        if form.entries.iter().any(unknown) {
            return Err(Rejection::NoSuchEntry);
        }
        number_new_entries(&mut form, EntryId(state.last_entry));
        let (settings, mut errors) = match check(&form) {
            Ok(settings) => (Some(settings), Vec::new()),
            Err(errors) => (None, errors),
        };
        for (index, (entry, change)) in (0u32..).zip(form.entries.iter().zip(&secrets)) {
            if let Some(problem) = problem_with(change, entry, saved, state, filled_by, without_secret) {
                errors.push(FieldError { entry: Some(index), field: Field::Secret, problem });
            }
        }
        let Some(settings) = settings.filter(|_| errors.is_empty()) else {
            errors.sort_by_key(|error| (error.entry.unwrap_or(u32::MAX), error.field));
            return Err(Rejection::Fields { errors });
        };
        let mut writes = Vec::new();
        let mut removals: Vec<EntryId> =
            saved.entries.iter().map(|entry| entry.id).filter(|id| settings.entry(*id).is_none()).collect();
        for (entry, change) in settings.entries.iter().zip(secrets) {
            match change {
                SecretChange::Keep => {}
                SecretChange::Replace { secret } => {
                    writes.push((entry.id, tidy(secret.expose_secret()).as_str().into()));
                }
                SecretChange::Remove => removals.push(entry.id),
            }
        }
        Ok(Plan { form, settings, writes, removals })
    }

    /// The entries that get a new secret.
    pub(crate) fn new_secrets(&self) -> BTreeSet<EntryId> {
        self.writes.iter().map(|(id, _)| *id).collect()
    }

    /// The entries whose secret is removed.
    pub(crate) fn removed_secrets(&self) -> BTreeSet<EntryId> {
        self.removals.iter().copied().collect()
    }

    /// Writes the new secrets, and removes those that are no longer needed.
    ///
    /// # Errors
    /// When a new one can't be written. One that can't be removed is only logged, because it does no harm.
    pub(crate) async fn store_secrets(&self, keyring: &Keyring) -> Result<(), Rejection> {
        for (id, secret) in &self.writes {
            keyring.write(*id, secret.clone()).await?;
        }
        for id in &self.removals {
            if let Err(error) = keyring.remove(*id).await {
                tracing::warn!(entry = %id, ?error, "an unused secret stays in the keyring");
            }
        }
        Ok(())
    }
}

/// The entries whose secret the request would keep, and of which the state knows none, where that matters: they are
/// switched on, or changed while they are off. The state may have been lost, and the store may hold it.
pub(crate) fn unseen_secrets(
    request: &SaveRequest,
    saved: &Settings,
    state: &State,
    filled_by: FilledBy,
) -> Vec<(EntryId, Hostname)> {
    if filled_by == FilledBy::SomebodyElse {
        return Vec::new();
    }
    let kept = request.form.entries.iter().zip(&request.secrets);
    let kept = kept.filter(|(_, change)| matches!(change, SecretChange::Keep));
    kept.filter_map(|(typed, _)| {
        let before = typed.id.and_then(|id| saved.entry(id)).filter(|before| !before.enabled)?;
        let is_unseen = state.entry(before.id).secret_kept_since().is_none();
        let matters = typed.enabled || !is_sent_as(before, typed);
        (is_unseen && matters).then(|| (before.id, before.hostname.clone()))
    })
    .collect()
}

/// A save request that changes only the secret of one entry.
pub(crate) fn with_new_secret(form: &Form, entry: EntryId, secret: SecretString) -> Option<SaveRequest> {
    let index = form.entries.iter().position(|typed| typed.id == Some(entry))?;
    let mut secrets = vec![SecretChange::Keep; form.entries.len()];
    secrets[index] = SecretChange::Replace { secret };
    Some(SaveRequest { form: form.clone(), secrets })
}

/// A save request that takes entries over from a file, by their numbers in its preview, and changes no others.
pub(crate) fn with_imported(form: &Form, text: &str, name: &str, numbers: &[u32]) -> Option<SaveRequest> {
    let (form, secrets) = import::take(import::read(text, name), form, numbers)?;
    let change =
        |secret: Option<_>| secret.map(|secret| SecretChange::Replace { secret }).unwrap_or_default();
    Some(SaveRequest { form, secrets: secrets.into_iter().map(change).collect() })
}

fn problem_with(
    change: &SecretChange,
    entry: &EntryForm,
    saved: &Settings,
    state: &State,
    filled_by: FilledBy,
    without_secret: &BTreeSet<EntryId>,
) -> Option<FieldProblem> {
    let missing = entry.enabled.then(|| SecretError::Missing.into());
    match change {
        SecretChange::Replace { secret } => check_secret(secret.expose_secret()).err().map(Into::into),
        SecretChange::Remove => missing,
        SecretChange::Keep if filled_by == FilledBy::SomebodyElse => None,
        SecretChange::Keep => {
            let Some(before) = entry.id.and_then(|id| saved.entry(id)) else { return missing };
            let is_known = state.entry(before.id).secret_kept_since().is_some();
            // Others aren't held up by an entry that lacks its secret already, as settings from another machine do.
            if !is_known && !before.enabled && without_secret.contains(&before.id) {
                return missing;
            }
            // A compromised window must not be able to send a saved secret to another server, or in another way. That
            // holds for one that the store may have, too.
            (!is_sent_as(before, entry)).then(|| EntryError::SecretForOtherServer.into())
        }
    }
}

/// True where a request of the typed entry goes to the same server in the same way as before, as far as what is typed
/// can be read.
fn is_sent_as(before: &Entry, typed: &EntryForm) -> bool {
    served(typed)
        .map_or(true, |now| before.server == now.server && before.dialect.template == now.dialect.template)
}

#[cfg(test)]
mod tests {
    use dyntray_core::types::hostname::HostnameError;

    use super::*;

    fn checked(request: SaveRequest, saved: &Settings, state: &State) -> Result<Plan, Rejection> {
        Plan::check(request, saved, state, FilledBy::ThePerson, &BTreeSet::new())
    }

    fn request(entry: EntryForm, change: SecretChange) -> SaveRequest {
        SaveRequest { form: Form { entries: vec![entry], ..Form::default() }, secrets: vec![change] }
    }

    fn new_entry() -> EntryForm {
        EntryForm { hostname: "home.spdns.de".into(), ..EntryForm::default() }
    }

    fn typed(secret: &str) -> SecretChange {
        SecretChange::Replace { secret: secret.into() }
    }

    fn nothing_saved() -> (Settings, State) {
        (check(&Form::default()).expect("valid"), State::default())
    }

    fn one_saved() -> (Settings, State) {
        let (none, mut state) = nothing_saved();
        let plan = checked(request(new_entry(), typed("abcd-efgh-ijkl")), &none, &state).expect("valid");
        state.last_entry = 1;
        state.entries.entry(EntryId(1)).or_default().secret_saved = Some(jiff::Timestamp::UNIX_EPOCH);
        (plan.settings, state)
    }

    fn mistakes(result: Result<Plan, Rejection>) -> Vec<FieldProblem> {
        match result {
            Err(Rejection::Fields { errors }) => errors.into_iter().map(|error| error.problem).collect(),
            Err(other) => panic!("{other:?}"),
            Ok(_) => Vec::new(),
        }
    }

    #[test]
    fn a_new_entry_needs_a_secret_and_all_mistakes_come_at_once() {
        let (saved, state) = nothing_saved();
        let wrong = EntryForm { hostname: "home".into(), ..EntryForm::default() };
        assert_eq!(
            mistakes(checked(request(wrong, SecretChange::Keep), &saved, &state)),
            [HostnameError::NotFull.into(), SecretError::Missing.into()]
        );
        let switched_off = EntryForm { enabled: false, ..new_entry() };
        assert!(checked(request(switched_off, SecretChange::Keep), &saved, &state).is_ok());
    }

    #[test]
    fn nobody_is_held_up_by_an_entry_that_lacks_its_secret_already() {
        let two = || {
            let named = |id, hostname: &str| EntryForm {
                id: Some(EntryId(id)),
                hostname: hostname.into(),
                ..EntryForm::default()
            };
            vec![named(1, "home.spdns.de"), named(2, "nas.spdns.de")]
        };
        let form = Form { entries: two(), ..Form::default() };
        let (saved, state) = (check(&form).expect("valid"), State { last_entry: 2, ..State::default() });
        let checked = |entries: Vec<EntryForm>, secrets: Vec<SecretChange>| {
            Plan::check(
                SaveRequest { form: Form { entries, ..Form::default() }, secrets },
                &saved,
                &state,
                FilledBy::ThePerson,
                &BTreeSet::from([EntryId(1), EntryId(2)]),
            )
        };
        let keep = || SecretChange::Keep;
        for id in [1, 2] {
            let request = with_new_secret(&form, EntryId(id), "abcd-efgh-ijkl".into()).expect("it is there");
            let plan = checked(request.form.entries, request.secrets).expect("the other one's is missing");
            assert_eq!(plan.new_secrets(), BTreeSet::from([EntryId(id)]));
        }
        assert!(checked(vec![two().remove(0)], vec![keep()]).is_ok(), "the other one is removed");
        let added = EntryForm { hostname: "office.spdns.de".into(), ..EntryForm::default() };
        let with = |change| checked([two(), vec![added.clone()]].concat(), vec![keep(), keep(), change]);
        assert!(with(typed("mnop-qrst-uvwx")).is_ok());
        assert_eq!(mistakes(with(keep())), [SecretError::Missing.into()], "a new one still needs its own");
    }

    #[test]
    fn an_entry_is_not_switched_on_without_a_secret() {
        let (saved, mut state) = nothing_saved();
        let off = EntryForm { enabled: false, ..new_entry() };
        let plan = checked(request(off.clone(), SecretChange::Keep), &saved, &state).expect("valid");
        state.last_entry = 1;
        let on = EntryForm { enabled: true, id: Some(EntryId(1)), ..off.clone() };
        let on = || request(on.clone(), SecretChange::Keep);
        let looked_for = || unseen_secrets(&on(), &plan.settings, &state, FilledBy::ThePerson);
        assert_eq!(looked_for(), [(EntryId(1), plan.settings.entries[0].hostname.clone())]);
        let none = BTreeSet::from([EntryId(1)]);
        let refused = Plan::check(on(), &plan.settings, &state, FilledBy::ThePerson, &none);
        assert_eq!(mistakes(refused), [SecretError::Missing.into()]);
        // Nobody knows while the keyring is locked. Then the request finds out, and nothing else is held up.
        assert!(checked(on(), &plan.settings, &state).is_ok());
        let unchanged = request(EntryForm { id: Some(EntryId(1)), ..off }, SecretChange::Keep);
        assert!(unseen_secrets(&unchanged, &plan.settings, &state, FilledBy::ThePerson).is_empty());
    }

    #[test]
    fn a_secret_that_nobody_has_seen_follows_to_another_server_no_more_than_a_known_one() {
        let (none, mut state) = nothing_saved();
        let off = EntryForm { enabled: false, ..new_entry() };
        let plan = checked(request(off.clone(), SecretChange::Keep), &none, &state).expect("valid");
        let saved = plan.settings;
        state.last_entry = 1;
        let elsewhere = EntryForm { id: Some(EntryId(1)), server: "update.example.org".into(), ..off };
        let elsewhere = || request(elsewhere.clone(), SecretChange::Keep);
        assert_eq!(unseen_secrets(&elsewhere(), &saved, &state, FilledBy::ThePerson).len(), 1);
        assert_eq!(
            mistakes(checked(elsewhere(), &saved, &state)),
            [EntryError::SecretForOtherServer.into()],
            "the store may have one"
        );
        let without = BTreeSet::from([EntryId(1)]);
        let looked = Plan::check(elsewhere(), &saved, &state, FilledBy::ThePerson, &without);
        assert_eq!(mistakes(looked), [], "there is none that could follow");
    }

    #[test]
    fn where_somebody_else_fills_the_place_of_secrets_an_entry_is_saved_without() {
        let (saved, state) = nothing_saved();
        let check = |request| Plan::check(request, &saved, &state, FilledBy::SomebodyElse, &BTreeSet::new());
        let plan = check(request(new_entry(), SecretChange::Keep)).expect("valid");
        assert!(plan.new_secrets().is_empty());
        let wrong = EntryForm { hostname: "home".into(), ..EntryForm::default() };
        assert_eq!(mistakes(check(request(wrong, SecretChange::Keep))), [HostnameError::NotFull.into()]);
    }

    #[test]
    fn white_space_around_a_pasted_token_is_forgiven() {
        let (saved, state) = nothing_saved();
        let plan = checked(request(new_entry(), typed(" abcd-efgh-ijkl\n")), &saved, &state).expect("valid");
        assert_eq!(plan.writes[0].1.expose_secret(), "abcd-efgh-ijkl");
        assert_eq!(plan.new_secrets(), BTreeSet::from([EntryId(1)]));
    }

    #[test]
    fn a_kept_secret_never_follows_to_another_server() {
        let (saved, state) = one_saved();
        let elsewhere =
            EntryForm { id: Some(EntryId(1)), server: "update.example.org".into(), ..new_entry() };
        assert_eq!(
            mistakes(checked(request(elsewhere.clone(), SecretChange::Keep), &saved, &state)),
            [EntryError::SecretForOtherServer.into()]
        );
        assert!(checked(request(elsewhere, typed("abcd-efgh-ijkl")), &saved, &state).is_ok());
    }

    #[test]
    fn nor_to_another_service_nor_into_another_url() {
        let (saved, state) = one_saved();
        let mine = EntryForm { id: Some(EntryId(1)), ..new_entry() };
        let kept = |entry| mistakes(checked(request(entry, SecretChange::Keep), &saved, &state));
        let duckdns = EntryForm { provider: "duckdns".into(), ..mine.clone() };
        assert_eq!(kept(duckdns.clone()), [EntryError::SecretForOtherServer.into()]);
        let own = |url: &str| EntryForm { provider: "custom".into(), update_url: url.into(), ..mine.clone() };
        let in_url = own("https://update.spdyn.de/nic/update?hostname={host}&myip={ips}&pass={password}");
        assert_eq!(kept(in_url), [EntryError::SecretForOtherServer.into()]);
        let elsewhere = own("https://update.example.org/nic/update?hostname={host}&myip={ips}");
        assert_eq!(kept(elsewhere), [EntryError::SecretForOtherServer.into()]);
        assert!(checked(request(duckdns, typed("abcd-efgh-ijkl")), &saved, &state).is_ok());
        // The same request by another name is no other service.
        assert_eq!(kept(EntryForm { provider: "spdyn".into(), ..mine.clone() }), []);
        assert_eq!(kept(own("https://update.spdyn.de/nic/update?hostname={host}&myip={ips}")), []);
    }

    #[test]
    fn an_import_replaces_what_is_there_adds_what_is_new_and_keeps_the_rest() {
        let (saved, state) = one_saved();
        let mine = EntryForm { id: Some(EntryId(1)), ..new_entry() };
        let form = Form { entries: vec![mine], ..Form::default() };
        let text = "hostname;token\r\nhome.spdns.de;mnop-qrst-uvwx\r\noffice.spdns.de;abcd-efgh-ijkl\r\n";
        let planned = |numbers: &[u32]| {
            let request =
                with_imported(&form, text, "spdyn_update_token.csv", numbers).expect("they are there");
            checked(request, &saved, &state).map_err(|refusal| format!("{refusal:?}")).expect("valid")
        };
        assert_eq!(planned(&[0, 1]).new_secrets(), BTreeSet::from([EntryId(1), EntryId(2)]));
        assert_eq!(planned(&[1]).new_secrets(), BTreeSet::from([EntryId(2)]));
        assert!(planned(&[1]).removed_secrets().is_empty());
        assert!(with_imported(&form, text, "", &[7]).is_none());
    }

    #[test]
    fn a_removed_entrys_secret_goes_with_it() {
        let (saved, state) = one_saved();
        let plan = checked(SaveRequest { form: Form::default(), secrets: Vec::new() }, &saved, &state)
            .expect("valid");
        assert_eq!(plan.removed_secrets(), BTreeSet::from([EntryId(1)]));
    }

    #[test]
    fn an_entry_that_was_removed_meanwhile_is_named_as_such() {
        let (saved, state) = nothing_saved();
        let ghost = EntryForm { id: Some(EntryId(9)), ..new_entry() };
        let refused = checked(request(ghost, SecretChange::Keep), &saved, &state).err();
        assert_eq!(refused, Some(Rejection::NoSuchEntry));
    }
}
