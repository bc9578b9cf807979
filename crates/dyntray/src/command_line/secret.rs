//! Secrets come from a terminal, where they aren't shown, or from a pipe; never from the command line.

use std::io::{self, IsTerminal as _, Read as _};

use dyntray_core::import::decode;
use dyntray_core::settings::LoginKind;
use dyntray_core::settings::form::EntryForm;
use dyntray_core::types::token::{TokenShape, shape};
use dyntray_texts::Texts;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};

use crate::app_error::AppError;

/// No secret is longer, in bytes.
const LONGEST: usize = 4096;

/// The secret of an entry: the first line of standard input; at a terminal it is asked for, and not shown. What only
/// looks like an update token is explained.
pub(super) fn read(entry: &EntryForm, texts: &Texts) -> Result<SecretString, AppError> {
    let secret = read_line(&entry.hostname, texts)?;
    if let Some(hint) = hint(entry, secret.expose_secret()) {
        eprintln!("{}", texts.say(hint));
    }
    Ok(secret)
}

fn read_line(hostname: &str, texts: &Texts) -> Result<SecretString, AppError> {
    if io::stdin().is_terminal() {
        let question = texts.say_with("report-secret-ask", &[("hostname", hostname)]);
        return Ok(rpassword::prompt_password(format!("{question} "))?.into());
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
    io::stdin().lock().take(LONGEST as u64).read_to_end(&mut bytes)?;
    // PowerShell's pipes are UTF-16.
    let text = decode(&bytes);
    Ok(first_line(text.expose_secret()).into())
}

/// The first line that has anything in it.
fn first_line(text: &str) -> &str {
    text.split(['\r', '\n']).find(|line| shape(line) != TokenShape::Empty).unwrap_or_default()
}

/// The text about a secret that was to be an update token.
fn hint(entry: &EntryForm, secret: &str) -> Option<&'static str> {
    if entry.login != LoginKind::Token || !entry.provider.is_empty() {
        return None;
    }
    match shape(secret) {
        TokenShape::MoveToken => Some("token-shape-move-token"),
        TokenShape::Unfinished => Some("token-shape-unfinished"),
        TokenShape::Misspelt => Some("token-shape-misspelt"),
        TokenShape::Empty | TokenShape::UpdateToken | TokenShape::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piped_token_is_the_first_line_that_has_anything_in_it() {
        for piped in [
            &b"abcd-efgh-ijkl"[..],
            b"\xef\xbb\xbfabcd-efgh-ijkl\r\n",
            b"\r\n\n abcd-efgh-ijkl\nmore",
            b"abcd-efgh-ijkl\rmore",
            b"\xff\xfea\0b\0c\0d\0-\0e\0f\0g\0h\0-\0i\0j\0k\0l\0\r\0\n\0",
        ] {
            let text = decode(piped);
            assert_eq!(first_line(text.expose_secret()).trim(), "abcd-efgh-ijkl", "{piped:?}");
        }
        assert_eq!(first_line("\r\n"), "");
    }

    #[test]
    fn what_only_looks_like_an_update_token_is_explained() {
        let entry = EntryForm::default();
        for (typed, hinted) in [
            ("abcd-efgh-ijkl", None),
            ("1234567-abcd-efgh-ijkl", Some("token-shape-move-token")),
            ("ABCD-EFGH-IJKL", Some("token-shape-misspelt")),
            ("abcd-efgh-ijk", Some("token-shape-unfinished")),
            ("hunter2", None),
        ] {
            assert_eq!(hint(&entry, typed), hinted, "{typed}");
        }
        let account = EntryForm { login: LoginKind::Account, ..EntryForm::default() };
        let duckdns = EntryForm { provider: "duckdns".to_owned(), ..EntryForm::default() };
        assert!([account, duckdns].iter().all(|entry| hint(entry, "ABCD-EFGH-IJKL").is_none()));
    }
}
