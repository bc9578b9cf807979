//! The effect on the form when a file's entries are taken over.

use dyntray_core::import::{ImportEffect, LeftOutWhy, MOST_LEFT_OUT, preview, read, take};
use dyntray_core::settings::LoginKind;
use dyntray_core::settings::Records;
use dyntray_core::settings::form::{EntryForm, Form, check};
use dyntray_core::types::entry_id::EntryId;
use secrecy::ExposeSecret;

use super::{OTHER, TOKEN};

fn entry(id: u32, hostname: &str) -> EntryForm {
    EntryForm { id: Some(EntryId(id)), hostname: hostname.into(), ..EntryForm::default() }
}

fn form(entries: Vec<EntryForm>) -> Form {
    Form { entries, ..Form::default() }
}

fn table() -> String {
    format!("home.spdns.de;{TOKEN}\noffice.spdns.de;{OTHER}\n")
}

#[test]
fn a_host_of_the_form_gets_the_token_and_isnt_doubled() {
    let mine = EntryForm { protocol: Records::Ipv4, enabled: false, ..entry(1, "HOME.spdns.de.") };
    let form = form(vec![mine.clone()]);
    let shown = preview(&read(&table(), ""), &form);
    let effects: Vec<_> = shown.entries.iter().map(|entry| (entry.number, entry.effect)).collect();
    assert_eq!(effects, [(0, ImportEffect::ReplacesSecret), (1, ImportEffect::New)]);
    assert_eq!(shown.entries[0].protocol, Records::Ipv4);
    assert!(!format!("{shown:?}").contains(TOKEN));
    let (taken, secrets) = take(read(&table(), ""), &form, &[1, 0], &[]).expect("both are there");
    assert_eq!(taken.entries[0], mine);
    assert_eq!(taken.entries[1].hostname, "office.spdns.de");
    let secrets: Vec<_> =
        secrets.iter().map(|secret| secret.as_ref().map(ExposeSecret::expose_secret)).collect();
    assert_eq!(secrets, [Some(TOKEN), Some(OTHER)]);
    assert!(check(&taken).is_ok());
}

#[test]
fn only_what_is_chosen_is_taken() {
    let form = form(vec![entry(1, "home.spdns.de")]);
    let (taken, secrets) = take(read(&table(), ""), &form, &[1], &[]).expect("it is there");
    assert_eq!(taken.entries.len(), 2);
    assert!(secrets[0].is_none() && secrets[1].is_some());
    assert!(take(read(&table(), ""), &form, &[2], &[]).is_none());
}

#[test]
fn a_new_entry_is_taken_in_switched_off_where_that_is_wanted_and_a_known_one_stays_as_it_is() {
    let form = form(vec![entry(1, "home.spdns.de")]);
    let (taken, _) = take(read(&table(), ""), &form, &[0, 1], &[0, 1]).expect("both are there");
    let enabled: Vec<bool> = taken.entries.iter().map(|entry| entry.enabled).collect();
    assert_eq!(enabled, [true, false]);
}

#[test]
fn another_server_is_another_entry() {
    let elsewhere = EntryForm { server: "dyn.example.org".into(), ..entry(1, "home.spdns.de") };
    let text = format!("host;token;server\nhome.spdns.de;{TOKEN};update.spdyn.de\n");
    let shown = preview(&read(&text, ""), &form(vec![elsewhere.clone()]));
    assert_eq!(shown.entries[0].effect, ImportEffect::New);
    // A table without servers means the host at whichever server it is kept.
    let shown = preview(&read(&table(), ""), &form(vec![elsewhere]));
    assert_eq!(shown.entries[0].effect, ImportEffect::ReplacesSecret);
    assert_eq!(shown.entries[0].server, "dyn.example.org");
}

#[test]
fn one_host_kept_by_two_entries_is_left_to_the_person() {
    let of = |id, protocol| EntryForm { protocol, ..entry(id, "home.spdns.de") };
    let shown = preview(&read(&table(), ""), &form(vec![of(1, Records::Ipv4), of(2, Records::Ipv6)]));
    assert_eq!(shown.entries.len(), 1);
    assert_eq!(shown.left_out[0].why, LeftOutWhy::Ambiguous);
    assert!(
        take(read(&table(), ""), &form(vec![of(1, Records::Ipv4), of(2, Records::Ipv6)]), &[0], &[])
            .is_none()
    );
}

#[test]
fn what_is_unclear_is_counted_where_there_are_too_many_to_be_named() {
    let names = ["a.spdns.de", "b.spdns.de", "c.spdns.de"];
    let twice = |(name, id): (&str, u32)| {
        [(id, Records::Ipv4), (id + 1, Records::Ipv6)]
            .map(|(id, protocol)| EntryForm { protocol, ..entry(id, name) })
    };
    let form = form(names.into_iter().zip([1, 3, 5]).flat_map(twice).collect());
    let rows = names.map(|name| format!("{name};{TOKEN}\n")).concat();
    let bad = format!("home;{TOKEN}\n").repeat(MOST_LEFT_OUT - 1);
    let shown = preview(&read(&format!("{rows}{bad}"), ""), &form);
    assert_eq!((shown.entries.len(), shown.left_out.len(), shown.left_out_more), (0, MOST_LEFT_OUT, 2));
}

#[test]
fn the_login_goes_with_the_secret() {
    let text = "server=update.spdyn.de, login=anna, password=secret home.spdns.de";
    let form = form(vec![entry(1, "home.spdns.de")]);
    let (taken, _) = take(read(text, "ddclient.conf"), &form, &[0], &[]).expect("it is there");
    assert_eq!((taken.entries[0].login, taken.entries[0].user.as_str()), (LoginKind::Account, "anna"));
}

#[test]
fn on_a_sandboxed_line_new_hosts_go_to_its_sandboxed_service() {
    let here = EntryForm { server: "127.0.0.1:8245".into(), ..entry(1, "home.spdns.de") };
    let form = Form { resolver_ipv4: "http://127.0.0.1:8246/".into(), ..form(vec![here]) };
    let (taken, _) = take(read(&table(), ""), &form, &[1], &[]).expect("it is there");
    assert_eq!(taken.entries[1].server, "127.0.0.1:8245");
    // An entry keeps the server that the file names, and on a real line a token belongs to SPDYN.
    let named = format!("host;token;server\nnew.example.org;{TOKEN};dyn.example.org\n");
    let (taken, _) = take(read(&named, ""), &form, &[0], &[]).expect("it is there");
    assert_eq!(taken.entries[1].server, "dyn.example.org");
    let real = Form { resolver_ipv4: Form::default().resolver_ipv4, ..form };
    let (taken, _) = take(read(&table(), ""), &real, &[1], &[]).expect("it is there");
    assert_eq!(taken.entries.last().expect("a new one").server, "update.spdyn.de");
}

#[test]
fn of_two_entries_of_a_host_the_one_with_the_same_records_is_meant() {
    let of = |id, protocol| EntryForm { protocol, ..entry(id, "home.spdns.de") };
    for entries in
        [[of(1, Records::Ipv4), of(2, Records::Both)], [of(2, Records::Both), of(1, Records::Ipv4)]]
    {
        let shown = preview(&read(&table(), ""), &form(entries.to_vec()));
        let first = &shown.entries[0];
        assert_eq!((first.effect, first.protocol), (ImportEffect::ReplacesSecret, Records::Both));
    }
}
