//! What is found in files of other programs, and what it does to the form.

mod anything;
mod files;
mod fitting;
mod services;

use dyntray_core::import::{Import, LeftOutWhy, read};
use dyntray_core::settings::LoginKind;
use secrecy::ExposeSecret as _;

const TOKEN: &str = "abcd-efgh-ijkl";
const OTHER: &str = "mnop-qrst-uvwx";

/// Host, user (empty with a token), server and secret of each found entry.
fn found(import: &Import) -> Vec<[String; 4]> {
    let told = import.found.iter().map(|found| {
        let user =
            if found.form.login == LoginKind::Account { found.form.user.clone() } else { String::new() };
        let secret = found.secret.expose_secret().to_owned();
        [found.form.hostname.clone(), user, found.form.server.clone(), secret]
    });
    told.collect()
}

/// Line, what and why of all that was left out.
fn left_out(import: &Import) -> Vec<(u32, &str, LeftOutWhy)> {
    import.left_out.iter().map(|out| (out.line.unwrap_or(0), out.what.as_str(), out.why)).collect()
}

/// What a file of that name holds; nothing of it may be left out.
fn whole(text: &str, name: &str) -> Vec<[String; 4]> {
    let import = read(text, name);
    assert!(import.left_out.is_empty(), "{:?}", import.left_out);
    found(&import)
}
