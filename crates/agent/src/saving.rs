//! Saving the form and its secrets as one action: the form is checked with its secrets, new secrets go to the keyring, then
//! the settings change, and only then the secrets go that nobody needs any more. A new secret that is for another host or
//! server than the old one is written beside it, so that a kill in between leaves both as they were.

mod change;

use std::collections::BTreeSet;
use std::pin::pin;

use dyntray_control::{Rejection, SecretChange};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::settings::form::{
    EntryError, EntryForm, Field, FieldError, FieldProblem, Form, check, in_dns, number_new_entries, served,
};
use dyntray_core::settings::{Entry, Settings};
use dyntray_core::state::State;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::hostname::Hostname;
use dyntray_core::types::token::{SecretError, check_secret, tidy};
use secrecy::{ExposeSecret, SecretString};

pub(crate) use self::change::Change;
use crate::keyring::{Before, Item, Keyring, KeyringError, Slot};

/// A form that passed every check, and the changes to the keyring that saving it needs.
pub(crate) struct Plan {
    /// The form, with every entry numbered.
    pub(crate) form: Form,
    /// The identities of the entries that were sent.
    pub(crate) ids: Vec<Option<EntryId>>,
    /// The valid settings that the form makes.
    pub(crate) settings: Settings,
    /// The entries whose secret is in their second place from now on.
    pub(crate) second: BTreeSet<EntryId>,
    writes: Vec<(EntryId, Item, SecretString)>,
    /// The entries that have no secret any more.
    without: BTreeSet<EntryId>,
    /// The places that nobody needs any more.
    removals: Vec<Item>,
    /// Those of them that were perhaps never used, because systemd handed the secret over.
    unused: BTreeSet<Item>,
}

impl Plan {
    /// Checks a change against what is saved now. The entries `without_secret` have none in the store, as somebody just
    /// saw; of others that the state knows no secret of, nobody knows. The hosts `given` have a secret that Dyntray can't
    /// change.
    ///
    /// # Errors
    /// All mistakes at once, including those of the secrets.
    pub(crate) fn check(
        mut change: Change,
        saved: &Settings,
        second: &BTreeSet<EntryId>,
        state: &State,
        given: &BTreeSet<Hostname>,
        without_secret: &BTreeSet<EntryId>,
    ) -> Result<Self, Rejection> {
        let unknown = |entry: &EntryForm| entry.id.is_some_and(|id| saved.entry(id).is_none());
        if change.form.entries.iter().any(unknown) {
            return Err(Rejection::NoSuchEntry);
        }
        number_new_entries(&mut change.form, EntryId(state.last_entry));
        let form = &change.form;
        let (settings, mut errors) = match check(form) {
            Ok(settings) => (Some(settings), Vec::new()),
            Err(errors) => (None, errors),
        };
        for (index, (entry, secret)) in (0u32..).zip(form.entries.iter().zip(&change.secrets)) {
            if let Some(problem) = problem_with(secret, entry, saved, state, given, without_secret) {
                errors.push(FieldError { entry: Some(index), field: Field::Secret, problem });
            }
        }
        let Some(settings) = settings.filter(|_| errors.is_empty()) else {
            let mut errors = change.as_sent(errors);
            errors.sort_by_key(|error| (error.entry.unwrap_or(u32::MAX), error.field));
            return Err(Rejection::Fields { errors });
        };
        refuse_given(&settings, &change.secrets, given)?;
        let gone = saved.entries.iter().map(|entry| entry.id).filter(|id| settings.entry(*id).is_none());
        let mut without: BTreeSet<EntryId> = gone.collect();
        let mut second = second.clone();
        let (mut writes, mut removals) = (Vec::new(), Vec::new());
        let ids = change.ids(&change.form);
        let Change { form, secrets, .. } = change;
        for (entry, secret) in settings.entries.iter().zip(secrets) {
            match secret {
                SecretChange::Keep => {}
                SecretChange::Replace { secret } => {
                    let mut item = item_of(entry.id, &second);
                    if saved.entry(entry.id).is_some_and(|before| !is_for_the_same(before, entry)) {
                        removals.push(item);
                        item = item.other();
                    }
                    match item.slot() {
                        Slot::First => second.remove(&entry.id),
                        Slot::Second => second.insert(entry.id),
                    };
                    writes.push((entry.id, item, tidy(secret.expose_secret()).as_str().into()));
                }
                SecretChange::Remove => {
                    without.insert(entry.id);
                }
            }
        }
        removals.extend(without.iter().map(|id| item_of(*id, &second)));
        let is_given = |id: &&EntryId| saved.entry(**id).is_some_and(|entry| given.contains(&entry.hostname));
        let unused = without.iter().filter(is_given).map(|id| item_of(*id, &second)).collect();
        second.retain(|id| !without.contains(id));
        Ok(Plan { form, ids, settings, second, writes, without, removals, unused })
    }

    /// The entries that get a new secret.
    pub(crate) fn new_secrets(&self) -> BTreeSet<EntryId> {
        self.writes.iter().map(|(id, ..)| *id).collect()
    }

    /// The entries whose secret is removed.
    pub(crate) fn removed_secrets(&self) -> BTreeSet<EntryId> {
        self.without.clone()
    }

    /// The highest number of an entry.
    pub(crate) fn last_number(&self) -> EntryId {
        self.settings.entries.iter().map(|entry| entry.id).max().unwrap_or(EntryId(0))
    }

    /// Writes the new secrets. They can be taken back for as long as the settings aren't written.
    ///
    /// # Errors
    /// When one can't be written, or `cancelled` returns first. What was written is taken back, also where the person opens
    /// the keyring only after having cancelled.
    pub(crate) async fn write_secrets(
        &self,
        keyring: &Keyring,
        cancelled: impl Future<Output = ()>,
    ) -> Result<Undo, Rejection> {
        if !self.removals.is_empty() {
            // What can't be removed then stops the save while nothing has changed.
            keyring.lacking(Vec::new()).await?;
        }
        let mut cancelled = pin!(cancelled);
        let mut is_cancelled = false;
        let mut undo = Undo(Vec::with_capacity(self.writes.len()));
        for (_, item, secret) in &self.writes {
            let mut write = pin!(keyring.replace(*item, secret.clone()));
            let written = tokio::select! {
                biased;
                written = &mut write => written,
                () = &mut cancelled => {
                    is_cancelled = true;
                    write.await
                }
            };
            let failed = match written {
                Ok(before) => {
                    undo.0.push((*item, before));
                    // Nobody hears the reason.
                    is_cancelled.then_some(Rejection::KeyringLocked)
                }
                Err(error) => Some(error.into()),
            };
            if let Some(rejection) = failed {
                undo.perform(keyring).await;
                return Err(rejection);
            }
        }
        Ok(undo)
    }

    /// Removes the secrets that the written settings don't need any more. Tells why one stays.
    pub(crate) async fn remove_secrets(&self, keyring: &Keyring) -> Option<RetryableError> {
        let mut stays = None;
        for item in &self.removals {
            let Err(error) = keyring.remove(*item).await else { continue };
            if self.unused.contains(item) && !matches!(error, KeyringError::Unusable { .. }) {
                continue;
            }
            tracing::warn!(%item, ?error, "an unused secret stays where secrets are kept");
            stays = Some(error.into());
        }
        stays
    }
}

/// The secrets as they were before new ones were written.
pub(crate) struct Undo(Vec<(Item, Before)>);

impl Undo {
    /// Takes the new secrets back, the last one first.
    pub(crate) async fn perform(self, keyring: &Keyring) {
        for (item, before) in self.0.into_iter().rev() {
            let undone = match before {
                Before::None => keyring.remove(item).await,
                Before::Secret(secret) => keyring.write(item, secret).await,
                // There is nothing to go back to.
                Before::Unreadable => continue,
            };
            if let Err(error) = undone {
                tracing::warn!(%item, ?error, "a secret whose settings couldn't be saved stays in the keyring");
            }
        }
    }
}

/// The entries whose secret the change would keep, and of which the state knows none, where that matters: they are
/// switched on, or changed while they are off. The state may have been lost, and the store may hold it.
pub(crate) fn unseen_secrets(
    change: &Change,
    saved: &Settings,
    state: &State,
    given: &BTreeSet<Hostname>,
) -> Vec<(EntryId, Hostname)> {
    let kept = change.form.entries.iter().zip(&change.secrets);
    let kept = kept.filter(|(_, secret)| matches!(secret, SecretChange::Keep));
    kept.filter_map(|(typed, _)| {
        let before = typed.id.and_then(|id| saved.entry(id)).filter(|before| !before.enabled)?;
        if given.contains(&before.hostname) {
            return None;
        }
        let is_unseen = state.entry(before.id).secret_kept_since().is_none();
        let matters = typed.enabled || !is_sent_as(before, typed);
        (is_unseen && matters).then(|| (before.id, before.hostname.clone()))
    })
    .collect()
}

/// The place of an entry's secret, where those of the entries `second` are in the second one.
pub(crate) fn item_of(id: EntryId, second: &BTreeSet<EntryId>) -> Item {
    Item::new(id, if second.contains(&id) { Slot::Second } else { Slot::First })
}

/// True where an entry's secret is for the same as before: the host, the login, the server and the way to ask it.
fn is_for_the_same(before: &Entry, now: &Entry) -> bool {
    before.hostname == now.hostname
        && before.login == now.login
        && before.server == now.server
        && before.dialect.template == now.dialect.template
}

fn problem_with(
    change: &SecretChange,
    entry: &EntryForm,
    saved: &Settings,
    state: &State,
    given: &BTreeSet<Hostname>,
    without_secret: &BTreeSet<EntryId>,
) -> Option<FieldProblem> {
    let is_given = Hostname::parse(&in_dns(&entry.hostname)).is_ok_and(|hostname| given.contains(&hostname));
    let missing = entry.enabled.then(|| SecretError::Missing.into());
    match change {
        SecretChange::Replace { secret } => check_secret(secret.expose_secret()).err().map(Into::into),
        SecretChange::Remove | SecretChange::Keep if is_given => None,
        SecretChange::Remove => missing,
        SecretChange::Keep => {
            let Some(before) = entry.id.and_then(|id| saved.entry(id)) else { return missing };
            // What was known of its secret was known of the other host's credential.
            if given.contains(&before.hostname) {
                return missing;
            }
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

/// Refuses a new secret for a host that is given one: the new one would never be used.
fn refuse_given(
    settings: &Settings,
    secrets: &[SecretChange],
    given: &BTreeSet<Hostname>,
) -> Result<(), Rejection> {
    let changes = settings.entries.iter().zip(secrets);
    let refused = changes.filter(|(entry, secret)| {
        matches!(secret, SecretChange::Replace { .. }) && given.contains(&entry.hostname)
    });
    let hostnames: Vec<String> = refused.map(|(entry, _)| entry.hostname.to_string()).collect();
    if hostnames.is_empty() { Ok(()) } else { Err(Rejection::SecretsReadOnly { hostnames }) }
}

/// True where a request of the typed entry goes to the same server in the same way as before, as far as what is typed
/// can be read.
fn is_sent_as(before: &Entry, typed: &EntryForm) -> bool {
    served(typed)
        .map_or(true, |now| before.server == now.server && before.dialect.template == now.dialect.template)
}

#[cfg(test)]
mod tests {
    use dyntray_control::SaveRequest;
    use dyntray_core::types::hostname::HostnameError;

    use super::*;

    fn checked(change: Change, saved: &Settings, state: &State) -> Result<Plan, Rejection> {
        Plan::check(change, saved, &BTreeSet::new(), state, &BTreeSet::new(), &BTreeSet::new())
    }

    /// The change to a form with these entries, made from that form as it is without the new ones.
    fn change(entries: Vec<EntryForm>, secrets: Vec<SecretChange>) -> Change {
        let form = Form { entries, ..Form::default() };
        let known = form.entries.iter().filter(|entry| entry.id.is_some()).cloned().collect();
        let base = Form { entries: known, ..Form::default() };
        Change::of_save(SaveRequest { base: base.clone(), form, secrets }, &base).expect("nobody else saves")
    }

    fn request(entry: EntryForm, secret: SecretChange) -> Change {
        change(vec![entry], vec![secret])
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
                change(entries, secrets),
                &saved,
                &BTreeSet::new(),
                &state,
                &BTreeSet::new(),
                &BTreeSet::from([EntryId(1), EntryId(2)]),
            )
        };
        let keep = || SecretChange::Keep;
        for id in [1, 2] {
            let change = Change::of_secret(EntryId(id), "abcd-efgh-ijkl".into(), &form).expect("it is there");
            let plan = checked(change.form.entries, change.secrets).expect("the other one's is missing");
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
        let looked_for = || unseen_secrets(&on(), &plan.settings, &state, &BTreeSet::new());
        assert_eq!(looked_for(), [(EntryId(1), plan.settings.entries[0].hostname.clone())]);
        let none = BTreeSet::from([EntryId(1)]);
        let refused = Plan::check(on(), &plan.settings, &BTreeSet::new(), &state, &BTreeSet::new(), &none);
        assert_eq!(mistakes(refused), [SecretError::Missing.into()]);
        // Nobody knows while the keyring is locked. Then the request finds out, and nothing else is held up.
        assert!(checked(on(), &plan.settings, &state).is_ok());
        let unchanged = request(EntryForm { id: Some(EntryId(1)), ..off }, SecretChange::Keep);
        assert!(unseen_secrets(&unchanged, &plan.settings, &state, &BTreeSet::new()).is_empty());
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
        assert_eq!(unseen_secrets(&elsewhere(), &saved, &state, &BTreeSet::new()).len(), 1);
        assert_eq!(
            mistakes(checked(elsewhere(), &saved, &state)),
            [EntryError::SecretForOtherServer.into()],
            "the store may have one"
        );
        let without = BTreeSet::from([EntryId(1)]);
        let looked = Plan::check(elsewhere(), &saved, &BTreeSet::new(), &state, &BTreeSet::new(), &without);
        assert_eq!(mistakes(looked), [], "there is none that could follow");
    }

    #[test]
    fn a_host_that_is_given_its_secret_is_saved_without_one_and_gets_no_other() {
        let (none, mut state) = nothing_saved();
        let given = BTreeSet::from([Hostname::parse("home.spdns.de").expect("a host name")]);
        let plan_of = |saved: &Settings, state: &State, change| {
            Plan::check(change, saved, &BTreeSet::new(), state, &given, &BTreeSet::new())
        };
        let plan = plan_of(&none, &state, request(new_entry(), SecretChange::Keep)).expect("valid");
        assert!(plan.new_secrets().is_empty());
        let other = || EntryForm { hostname: "nas.spdns.de".into(), ..EntryForm::default() };
        let without = plan_of(&none, &state, request(other(), SecretChange::Keep));
        assert_eq!(mistakes(without), [SecretError::Missing.into()], "another one needs its own");
        let typed_too =
            change(vec![new_entry(), other()], vec![typed("abcd-efgh-ijkl"), typed("mnop-qrst-uvwx")]);
        let refused = plan_of(&none, &state, typed_too).map(drop);
        assert_eq!(refused, Err(Rejection::SecretsReadOnly { hostnames: vec!["home.spdns.de".into()] }));
        assert!(plan_of(&none, &state, request(other(), typed("mnop-qrst-uvwx"))).is_ok());
        // The entry leaves the host that was given a secret, and takes none along.
        (state.last_entry, state.entries.entry(EntryId(1)).or_default().secret_accepted) =
            (1, Some(jiff::Timestamp::UNIX_EPOCH));
        let renamed = EntryForm { id: Some(EntryId(1)), ..other() };
        let renamed = plan_of(&plan.settings, &state, request(renamed, SecretChange::Keep));
        assert_eq!(mistakes(renamed), [SecretError::Missing.into()]);
    }

    #[test]
    fn white_space_around_a_pasted_token_is_forgiven() {
        let (saved, state) = nothing_saved();
        let plan = checked(request(new_entry(), typed(" abcd-efgh-ijkl\n")), &saved, &state).expect("valid");
        assert_eq!(plan.writes[0].2.expose_secret(), "abcd-efgh-ijkl");
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
            let request = Change::importing(text, "spdyn_update_token.csv", numbers, &[], &form)
                .expect("they are there");
            checked(request, &saved, &state).map_err(|refusal| format!("{refusal:?}")).expect("valid")
        };
        assert_eq!(planned(&[0, 1]).new_secrets(), BTreeSet::from([EntryId(1), EntryId(2)]));
        assert_eq!(planned(&[1]).new_secrets(), BTreeSet::from([EntryId(2)]));
        assert!(planned(&[1]).removed_secrets().is_empty());
        assert!(Change::importing(text, "", &[7], &[], &form).is_none());
    }

    #[test]
    fn a_removed_entrys_secret_goes_with_it() {
        let (saved, state) = one_saved();
        let plan = checked(change(Vec::new(), Vec::new()), &saved, &state).expect("valid");
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
