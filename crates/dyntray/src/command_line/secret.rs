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
    if is_at_terminal()? {
        let question = texts.say_with("report-secret-ask", &[("hostname", hostname)]);
        return Ok(rpassword::prompt_password(format!("{question} "))?.into());
    }
    Ok(first_line(piped()?.expose_secret()).into())
}

/// True where a person types, and where nobody else reads what they type.
fn is_at_terminal() -> Result<bool, AppError> {
    let is_terminal = io::stdin().is_terminal();
    if is_terminal && is_console_shared() { Err(AppError::SharedConsole) } else { Ok(is_terminal) }
}

/// True where the shell reads on from the same console: only on Windows, and only beside the program without a console.
#[cfg(windows)]
fn is_console_shared() -> bool {
    crate::console::is_shared()
}

/// Never: shells wait for the program.
#[cfg(not(windows))]
fn is_console_shared() -> bool {
    false
}

/// What standard input holds.
fn piped() -> io::Result<SecretString> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
    io::stdin().lock().take(LONGEST as u64).read_to_end(&mut bytes)?;
    // PowerShell's pipes are UTF-16.
    Ok(decode(&bytes))
}

/// A passphrase: the first line of standard input; at a terminal it is asked for, and not shown. A new one is asked for
/// twice. None where it is empty, or the second one is another: a text says so.
pub(super) fn read_passphrase(kind: Passphrase, texts: &Texts) -> Result<Option<SecretString>, AppError> {
    let is_asked = is_at_terminal()?;
    let ask = |id: &str| rpassword::prompt_password(format!("{} ", texts.say(id))).map(SecretString::from);
    let typed = match kind {
        _ if !is_asked => {
            let text = piped()?;
            text.expose_secret().lines().next().unwrap_or_default().into()
        }
        Passphrase::New => ask("report-passphrase-new")?,
        Passphrase::Known => ask("report-passphrase-known")?,
    };
    if typed.expose_secret().is_empty() {
        eprintln!("{}", texts.say("report-passphrase-empty"));
        return Ok(None);
    }
    if kind == Passphrase::New
        && is_asked
        && ask("report-passphrase-again")?.expose_secret() != typed.expose_secret()
    {
        eprintln!("{}", texts.say("report-passphrase-differs"));
        return Ok(None);
    }
    Ok(Some(typed))
}

/// The passphrase that is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Passphrase {
    /// One that a file gets.
    New,
    /// The one that a file has.
    Known,
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
