//! Merges two changes of one form, entry by entry and field by field. A save that was made from an older form than the
//! one that is saved now takes back nothing that somebody else has saved meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{EntryForm, Form};
use crate::types::entry_id::EntryId;

/// Every field of the form and of an entry that two people can change. On the wire it has the field's own name there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "they are the fields of `EntryForm` and `Form`")]
pub enum FormField {
    Enabled,
    Hostname,
    Login,
    User,
    Provider,
    Server,
    UpdateUrl,
    Webresolver,
    Protocol,
    AddressFrom,
    FixedIpv4,
    FixedIpv6,
    Device,
    Language,
    Theme,
    Notices,
    ResolverIpv4,
    ResolverIpv6,
    FallBacks,
    Interval,
    HomeLock,
    PublishVpn,
    PublishShared,
    NameServer,
    Proxy,
    ProxyAddress,
    Releases,
}

impl FormField {
    /// True for the fields that say where an entry's secret goes, and as whose.
    fn leads_the_secret(self) -> bool {
        matches!(
            self,
            FormField::Hostname
                | FormField::Login
                | FormField::User
                | FormField::Provider
                | FormField::Server
                | FormField::UpdateUrl
        )
    }
}

/// A place of the form that two people changed in different ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct FormConflict {
    /// The entry; none for a field that is there once.
    pub entry: Option<EntryId>,
    /// The entry's host name as it is saved now, or was last; empty without an entry.
    pub hostname: String,
    /// What was done to it.
    pub what: ConflictKind,
}

/// The kind of a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum ConflictKind {
    /// Both gave this field another value, or one typed a secret that the other one's value would lead elsewhere.
    Field {
        /// The field.
        field: FormField,
    },
    /// The entry was removed meanwhile, and is changed by this save.
    Removed,
    /// The entry was changed meanwhile, and is removed by this save.
    Changed,
}

/// A merged form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The form.
    pub form: Form,
    /// Of each of its entries the position in the form that was sent; none for one that only the saved form has.
    pub sent: Vec<Option<usize>>,
}

/// Merges `mine`, which was made from `base`, with `theirs`, which is saved now and was made from `base`, too. The
/// entries of `mine` at the positions `typed` get a new secret. New entries have no identity yet.
///
/// # Errors
/// All places that both changed, in the form's order.
pub fn merge(
    base: &Form,
    theirs: &Form,
    mine: &Form,
    typed: &BTreeSet<usize>,
) -> Result<Merged, Vec<FormConflict>> {
    if base == theirs {
        return Ok(Merged { form: mine.clone(), sent: (0..mine.entries.len()).map(Some).collect() });
    }
    let mut shared = Fields { entry: None, hostname: "", is_bound: false, conflicts: Vec::new() };
    let form = merge_shared(base, theirs, mine, &mut shared);
    let mut conflicts = Vec::new();
    let entries = merge_entries(base, theirs, mine, typed, &mut conflicts);
    conflicts.append(&mut shared.conflicts);
    if !conflicts.is_empty() {
        return Err(conflicts);
    }
    let (sent, entries) = entries.into_iter().unzip();
    Ok(Merged { form: Form { entries, ..form }, sent })
}

/// The fields of one entry, or those that are there once, while they are merged.
struct Fields<'a> {
    entry: Option<EntryId>,
    hostname: &'a str,
    /// True where a secret was typed, which belongs to what was seen then.
    is_bound: bool,
    conflicts: Vec<FormConflict>,
}

impl Fields<'_> {
    /// The value that both agree on, or that one of them changed.
    fn merge<T: Clone + PartialEq>(&mut self, field: FormField, base: &T, theirs: &T, mine: &T) -> T {
        let is_mine = mine != base;
        if base != theirs && mine != theirs && (is_mine || (self.is_bound && field.leads_the_secret())) {
            let what = ConflictKind::Field { field };
            self.conflicts.push(FormConflict { entry: self.entry, hostname: self.hostname.to_owned(), what });
        }
        if is_mine { mine.clone() } else { theirs.clone() }
    }
}

/// A struct of which each field is merged. It names all fields, so that none can be forgotten.
macro_rules! merged {
    ($of:ident { $($name:ident: $field:ident),* ; $($rest:ident: $value:expr),* },
     $fields:expr, $base:expr, $theirs:expr, $mine:expr) => {
        $of {
            $($name: $fields.merge(FormField::$field, &$base.$name, &$theirs.$name, &$mine.$name),)*
            $($rest: $value,)*
        }
    };
}

/// Everything but the entries.
fn merge_shared(base: &Form, theirs: &Form, mine: &Form, fields: &mut Fields<'_>) -> Form {
    merged!(
        Form {
            language: Language,
            theme: Theme,
            notices: Notices,
            resolver_ipv4: ResolverIpv4,
            resolver_ipv6: ResolverIpv6,
            fall_backs: FallBacks,
            interval: Interval,
            home_lock: HomeLock,
            publish_vpn: PublishVpn,
            publish_shared: PublishShared,
            name_server: NameServer,
            proxy: Proxy,
            proxy_address: ProxyAddress,
            releases: Releases
            ; entries: Vec::new()
        },
        fields, base, theirs, mine
    )
}

fn merge_entry(base: &EntryForm, theirs: &EntryForm, mine: &EntryForm, fields: &mut Fields<'_>) -> EntryForm {
    merged!(
        EntryForm {
            enabled: Enabled,
            hostname: Hostname,
            login: Login,
            user: User,
            provider: Provider,
            server: Server,
            update_url: UpdateUrl,
            webresolver: Webresolver,
            protocol: Protocol,
            address_from: AddressFrom,
            fixed_ipv4: FixedIpv4,
            fixed_ipv6: FixedIpv6,
            device: Device
            ; id: mine.id
        },
        fields, base, theirs, mine
    )
}

/// The entries by their identities.
fn by_id(form: &Form) -> BTreeMap<EntryId, &EntryForm> {
    form.entries.iter().filter_map(|entry| Some((entry.id?, entry))).collect()
}

/// The merged entries in their order, each with its position in `mine`.
fn merge_entries(
    base: &Form,
    theirs: &Form,
    mine: &Form,
    typed: &BTreeSet<usize>,
    conflicts: &mut Vec<FormConflict>,
) -> Vec<(Option<usize>, EntryForm)> {
    let (was, is) = (by_id(base), by_id(theirs));
    let mut kept: BTreeMap<Key, (Option<usize>, EntryForm)> = BTreeMap::new();
    for (position, entry) in mine.entries.iter().enumerate() {
        let is_typed = typed.contains(&position);
        let Some((id, before)) = entry.id.and_then(|id| Some((id, *was.get(&id)?))) else {
            kept.insert(Key::Mine(position), (Some(position), entry.clone()));
            continue;
        };
        match is.get(&id) {
            Some(now) => {
                let mut fields = Fields {
                    entry: Some(id),
                    hostname: &now.hostname,
                    is_bound: is_typed,
                    conflicts: Vec::new(),
                };
                let merged = merge_entry(before, now, entry, &mut fields);
                conflicts.append(&mut fields.conflicts);
                kept.insert(Key::Known(id), (Some(position), merged));
            }
            None if entry == before && !is_typed => {}
            None => conflicts.push(conflict(id, before, ConflictKind::Removed)),
        }
    }
    let sent: BTreeSet<EntryId> = mine.entries.iter().filter_map(|entry| entry.id).collect();
    for (id, now) in &is {
        match was.get(id) {
            Some(_) if sent.contains(id) => {}
            Some(before) if before == now => {}
            Some(_) => conflicts.push(conflict(*id, now, ConflictKind::Changed)),
            None => {
                kept.insert(Key::Known(*id), (None, (*now).clone()));
            }
        }
    }
    let order = order(base, theirs, mine, |key| kept.contains_key(key));
    order.iter().filter_map(|key| kept.remove(key)).collect()
}

fn conflict(id: EntryId, entry: &EntryForm, what: ConflictKind) -> FormConflict {
    FormConflict { entry: Some(id), hostname: entry.hostname.clone(), what }
}

/// An entry of the merged form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// One with an identity.
    Known(EntryId),
    /// A new one, at this position in `mine`.
    Mine(usize),
}

/// The order of the entries that are `kept`: the one that was chosen in `mine`, or else the saved one. A new entry stays
/// behind the one that it was put behind, and behind those that were saved there meanwhile.
fn order(base: &Form, theirs: &Form, mine: &Form, kept: impl Fn(&Key) -> bool) -> Vec<Key> {
    let keys = |form: &Form| -> Vec<Key> {
        let key = |(position, entry): (usize, &EntryForm)| entry.id.map_or(Key::Mine(position), Key::Known);
        form.entries.iter().enumerate().map(key).filter(&kept).collect()
    };
    let (base, theirs, mine) = (keys(base), keys(theirs), keys(mine));
    let was: BTreeSet<Key> = base.iter().copied().collect();
    let common =
        |keys: &[Key]| -> Vec<Key> { keys.iter().copied().filter(|key| was.contains(key)).collect() };
    let is_moved = common(&mine) != common(&base);
    let (order, other) = if is_moved { (&mine, &theirs) } else { (&theirs, &mine) };
    let mut behind = followers(order, other);
    let mut woven = behind.remove(&None).unwrap_or_default();
    let mut waiting = Vec::new();
    for key in order {
        if was.contains(key) {
            woven.append(&mut waiting);
        }
        woven.push(*key);
        waiting.append(&mut behind.remove(&Some(*key)).unwrap_or_default());
        if is_moved {
            woven.append(&mut waiting);
        }
    }
    woven.append(&mut waiting);
    woven
}

/// The keys that only `other` has, each under the last one before it that `order` has, too.
fn followers(order: &[Key], other: &[Key]) -> BTreeMap<Option<Key>, Vec<Key>> {
    let there: BTreeSet<&Key> = order.iter().collect();
    let mut behind: BTreeMap<Option<Key>, Vec<Key>> = BTreeMap::new();
    let mut before = None;
    for key in other {
        if there.contains(key) {
            before = Some(*key);
        } else {
            behind.entry(before).or_default().push(*key);
        }
    }
    behind
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{LanguageChoice, LoginKind, ThemeChoice};

    fn entry(id: u32) -> EntryForm {
        EntryForm { id: Some(EntryId(id)), hostname: format!("host{id}.spdns.de"), ..EntryForm::default() }
    }

    fn new(hostname: &str) -> EntryForm {
        EntryForm { hostname: hostname.into(), ..EntryForm::default() }
    }

    fn form(entries: impl IntoIterator<Item = EntryForm>) -> Form {
        Form { entries: entries.into_iter().collect(), ..Form::default() }
    }

    /// The three, the same so far.
    fn three_alike() -> (Form, Form, Form) {
        let base = form((1..=3).map(entry));
        (base.clone(), base.clone(), base)
    }

    fn merged(base: &Form, theirs: &Form, mine: &Form) -> Result<Merged, Vec<FormConflict>> {
        merge(base, theirs, mine, &BTreeSet::new())
    }

    fn names(merged: &Merged) -> Vec<&str> {
        merged.form.entries.iter().map(|entry| entry.hostname.split('.').next().unwrap_or_default()).collect()
    }

    fn of_entry(id: u32, what: ConflictKind) -> FormConflict {
        FormConflict { entry: Some(EntryId(id)), hostname: format!("host{id}.spdns.de"), what }
    }

    #[test]
    fn what_each_of_two_people_changed_is_there_also_in_one_entry() {
        let (base, mut theirs, mut mine) = three_alike();
        theirs.language = LanguageChoice::De;
        theirs.interval = "1 h".into();
        theirs.entries[0].enabled = false;
        theirs.entries[1].user = "anna".into();
        mine.theme = ThemeChoice::Dark;
        mine.interval = "1 h".into();
        mine.entries[0].fixed_ipv4 = "84.160.12.7".into();
        mine.entries[2].hostname = "host9.spdns.de".into();
        let merged = merged(&base, &theirs, &mine).expect("they don't touch");
        assert_eq!((merged.form.language, merged.form.theme), (LanguageChoice::De, ThemeChoice::Dark));
        assert_eq!(merged.form.interval, "1 h");
        let [first, second, third] = &merged.form.entries[..] else { panic!("{merged:?}") };
        assert_eq!((first.enabled, first.fixed_ipv4.as_str()), (false, "84.160.12.7"));
        assert_eq!((second.user.as_str(), third.hostname.as_str()), ("anna", "host9.spdns.de"));
        assert_eq!(merged.sent, [Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn every_place_that_both_changed_is_named_and_nothing_else() {
        let (base, mut theirs, mut mine) = three_alike();
        theirs.language = LanguageChoice::De;
        mine.language = LanguageChoice::En;
        theirs.entries[0].server = "a.example.org".into();
        mine.entries[0].server = "b.example.org".into();
        mine.entries[0].enabled = false;
        theirs.entries[1].enabled = false;
        mine.entries.remove(1);
        mine.entries[1].user = "anna".into();
        theirs.entries.remove(2);
        let field = |field| ConflictKind::Field { field };
        let shared = FormConflict { entry: None, hostname: String::new(), what: field(FormField::Language) };
        assert_eq!(
            merged(&base, &theirs, &mine),
            Err(vec![
                of_entry(1, field(FormField::Server)),
                of_entry(3, ConflictKind::Removed),
                of_entry(2, ConflictKind::Changed),
                shared
            ])
        );
    }

    #[test]
    fn what_both_removed_or_only_one_knew_and_nobody_changed_is_no_conflict() {
        let (base, mut theirs, mut mine) = three_alike();
        theirs.entries.remove(0);
        mine.entries.remove(0);
        mine.entries.remove(0);
        let merged = merged(&base, &theirs, &mine).expect("they agree");
        assert_eq!((names(&merged), merged.sent.as_slice()), (vec!["host3"], &[Some(0)][..]));
        let gone = form([]);
        let of_older = super::merge(&base, &gone, &base, &BTreeSet::new()).expect("nothing was changed");
        assert_eq!(of_older.form, gone);
    }

    #[test]
    fn a_typed_secret_follows_nowhere_that_its_writer_has_not_seen() {
        let (base, mut theirs, mine) = three_alike();
        theirs.entries[0].server = "elsewhere.example.org".into();
        theirs.entries[1].enabled = false;
        let typed = |position| super::merge(&base, &theirs, &mine, &BTreeSet::from([position]));
        let server = ConflictKind::Field { field: FormField::Server };
        assert_eq!(typed(0), Err(vec![of_entry(1, server)]));
        assert!(typed(1).is_ok() && merged(&base, &theirs, &mine).is_ok());
        theirs.entries.remove(0);
        let removed = super::merge(&base, &theirs, &mine, &BTreeSet::from([0]));
        assert_eq!(removed, Err(vec![of_entry(1, ConflictKind::Removed)]));
    }

    #[test]
    fn new_entries_of_both_are_kept_where_they_were_put_the_saved_ones_first() {
        let (base, mut theirs, mut mine) = three_alike();
        theirs.entries.insert(1, entry(4));
        theirs.entries.push(entry(5));
        mine.entries.insert(0, new("first"));
        mine.entries.insert(2, new("second"));
        mine.entries.push(new("last"));
        let merged = merged(&base, &theirs, &mine).expect("they don't touch");
        assert_eq!(names(&merged), ["first", "host1", "host4", "second", "host2", "host3", "host5", "last"]);
        assert_eq!(merged.sent, [Some(0), Some(1), None, Some(2), Some(3), Some(4), None, Some(5)]);
    }

    #[test]
    fn an_order_that_was_chosen_stays_and_so_does_one_that_was_saved_meanwhile() {
        let (base, theirs, mut mine) = three_alike();
        mine.entries.swap(0, 2);
        let mut longer = theirs.clone();
        longer.entries.insert(1, entry(4));
        let mine_moved = merged(&base, &longer, &mine).expect("they don't touch");
        assert_eq!(names(&mine_moved), ["host3", "host2", "host1", "host4"]);
        let mut more = base.clone();
        more.entries.push(new("last"));
        more.entries.remove(1);
        let theirs_moved = merged(&base, &mine, &more).expect("they don't touch");
        assert_eq!(names(&theirs_moved), ["host3", "last", "host1"]);
    }

    #[test]
    fn whatever_two_people_do_every_change_is_in_the_merged_form_or_named() {
        /// The entries that both have seen.
        fn seen(form: &mut Form) -> impl Iterator<Item = &mut EntryForm> {
            form.entries.iter_mut().filter(|entry| entry.id.is_some_and(|id| id <= EntryId(3)))
        }
        // Each of both changes, removes or leaves each of three entries, or a field of it.
        let changes: [fn(&mut Form); 6] = [
            |_| {},
            |form| form.entries.retain(|entry| entry.id != Some(EntryId(2))),
            |form| seen(form).for_each(|entry| entry.enabled = false),
            |form| seen(form).for_each(|entry| entry.login = LoginKind::Account),
            |form| seen(form).take(1).for_each(|entry| entry.server = "x.example.org".into()),
            |form| form.entries.push(new("new")),
        ];
        for theirs_did in changes {
            for mine_did in changes {
                let (base, mut theirs, mut mine) = three_alike();
                theirs_did(&mut theirs);
                mine_did(&mut mine);
                for (number, entry) in
                    (10..).zip(theirs.entries.iter_mut().filter(|entry| entry.id.is_none()))
                {
                    entry.id = Some(EntryId(number));
                }
                let Ok(merged) = merged(&base, &theirs, &mine) else { continue };
                // The second change made after the first leads to the same.
                let mut after = theirs.clone();
                mine_did(&mut after);
                assert_eq!(merged.form, after);
            }
        }
    }
}
