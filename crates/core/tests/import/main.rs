//! The entries that are found in other programs' files, and their effect on the form.

mod anything;
mod ddclient;
mod files;
mod fitting;
mod inadyn;
mod inadyn_old;
mod routers;
mod services;
mod tables;
mod tokens;

use dyntray_core::import::{Import, LeftOutWhy, read};
use dyntray_core::settings::form::{AddressChoice, EntryForm, Form, OWN_URL, check};
use dyntray_core::settings::{LoginKind, Records};
use secrecy::ExposeSecret as _;

const TOKEN: &str = "abcd-efgh-ijkl";
const OTHER: &str = "mnop-qrst-uvwx";

/// The host, user (empty with a token), server and secret of each found entry.
fn found(import: &Import) -> Vec<[String; 4]> {
    let told = import.found.iter().map(|found| {
        let user =
            if found.form.login == LoginKind::Account { found.form.user.clone() } else { String::new() };
        let secret = found.secret.expose_secret().to_owned();
        [found.form.hostname.clone(), user, found.form.server.clone(), secret]
    });
    told.collect()
}

/// The line, name and reason of each part that was left out.
fn left_out(import: &Import) -> Vec<(u32, &str, LeftOutWhy)> {
    import.left_out.iter().map(|out| (out.line.unwrap_or(0), out.what.as_str(), out.why)).collect()
}

/// The entries of a file with this name, of which nothing may be left out.
fn whole(text: &str, name: &str) -> Vec<[String; 4]> {
    let import = read(text, name);
    assert!(import.left_out.is_empty(), "{:?}", import.left_out);
    found(&import)
}

/// Each entry of a file in one line: `host user/secret at server: IPv4 web`. After it what was left out, as
/// `left out 3 host (protocol): Reason`, and what is different, as `remark 3 host: Difference`. Every entry is valid.
fn told(text: &str, name: &str) -> Vec<String> {
    let import = read(text, name);
    let entries = import.found.iter().map(|found| {
        let form = &found.form;
        let valid = check(&Form { entries: vec![form.clone()], ..Form::default() });
        assert!(valid.is_ok(), "{valid:?}");
        let user = if form.login == LoginKind::Account { form.user.as_str() } else { "" };
        let secret = found.secret.expose_secret();
        format!("{} {user}/{secret} at {}: {} {}", form.hostname, target(form), family(form), source(form))
    });
    let left_out = import.left_out.iter().map(|out| {
        let line = out.line.unwrap_or(0);
        let hosts = out.hostname.as_ref().map(|hosts| format!("{hosts} ")).unwrap_or_default();
        let what =
            if hosts.is_empty() { format!("{} ", out.what) } else { format!("{hosts}({}) ", out.what) };
        format!("left out {line} {}: {:?}", what.trim(), out.why)
    });
    let remarks = import.remarks.iter().map(|r| format!("remark {} {}: {:?}", r.line, r.hostname, r.what));
    entries.chain(left_out).chain(remarks).collect()
}

fn target(form: &EntryForm) -> &str {
    match form.provider.as_str() {
        OWN_URL => &form.update_url,
        "" => &form.server,
        id => id,
    }
}

fn family(form: &EntryForm) -> &'static str {
    match form.protocol {
        Records::Ipv4 => "IPv4",
        Records::Ipv6 => "IPv6",
        Records::Both => "both",
    }
}

fn source(form: &EntryForm) -> String {
    match (form.address_from, form.webresolver) {
        (AddressChoice::Webresolver, true) => "web".into(),
        (AddressChoice::Webresolver, false) => "interface".into(),
        (AddressChoice::Fixed, _) => format!("{} {}", form.fixed_ipv4, form.fixed_ipv6),
        (other, _) => format!("{other:?}"),
    }
}
