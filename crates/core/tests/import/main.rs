//! The entries that are found in other programs' files, and their effect on the form.

mod anything;
mod files;
mod fitting;
mod services;

use dyntray_core::import::{Import, LeftOutWhy, read};
use dyntray_core::settings::LoginKind;
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
