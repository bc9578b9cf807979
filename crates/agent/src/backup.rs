//! A backup: settings and secrets in one file, encrypted with a passphrase. The file is one of age
//! (<https://c2sp.org/age>, seen in November 2026), so that its owner can open it without Dyntray, too.

mod contents;
pub mod file;
mod parts;

use std::io::{self, Read as _, Write as _};
use std::iter;

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::{DecryptError, Decryptor, Encryptor, scrypt};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

pub use self::parts::{Backup, BackupError};
use crate::settings_file;

/// The work of a guess, as a power of two: a second and 128 MiB on a small computer, as OWASP recommends for scrypt.
const WORK: u8 = 17;
/// The most work that a file may ask for: others may have been made with other programs. 1 GiB of memory.
const MOST_WORK: u8 = 20;
/// The largest file, in bytes. 2,000 host names need about 1.5 MB.
pub const LARGEST: usize = 7 * 1024 * 1024;
/// The first line of every backup.
const FIRST_LINE: &str = "-----BEGIN AGE ENCRYPTED FILE-----";

/// Encrypts a backup. Takes a second and much memory for a moment.
///
/// # Errors
/// When there is no memory for it.
pub fn seal(backup: &Backup, passphrase: &SecretString) -> io::Result<String> {
    let plain = contents::write(backup)?;
    let mut recipient = scrypt::Recipient::new(passphrase.clone());
    recipient.set_work_factor(WORK);
    let encryptor = Encryptor::with_recipients(iter::once(&recipient as &dyn age::Recipient))
        .map_err(io::Error::other)?;
    let mut sealed = Vec::new();
    let armor = ArmoredWriter::wrap_output(&mut sealed, Format::AsciiArmor)?;
    let mut writer = encryptor.wrap_output(armor)?;
    writer.write_all(plain.as_bytes())?;
    writer.finish()?.finish()?;
    String::from_utf8(sealed).map_err(io::Error::other)
}

/// Whether a file looks like a backup that a passphrase opens.
///
/// # Errors
/// What it is instead.
pub fn recognise(file: &[u8]) -> Result<(), BackupError> {
    let text = String::from_utf8_lossy(file);
    if without_beginning(&text).starts_with(FIRST_LINE) {
        return Ok(());
    }
    if !text.trim().is_empty() && FIRST_LINE.starts_with(text.trim()) {
        return Err(BackupError::Damaged);
    }
    match settings_file::read(file) {
        Ok(_) => Err(BackupError::PlainSettings),
        Err(_) => Err(BackupError::NotABackup),
    }
}

/// Opens a backup. Takes a second and much memory for a moment.
///
/// # Errors
/// The reason why it can't be opened.
pub fn open(file: &[u8], passphrase: &SecretString) -> Result<Backup, BackupError> {
    recognise(file)?;
    let text = String::from_utf8_lossy(file);
    let armored = ArmoredReader::new(without_beginning(&text).as_bytes());
    let decryptor = Decryptor::new(armored).map_err(|error| refused(&error))?;
    if !decryptor.is_scrypt() {
        return Err(BackupError::NotABackup);
    }
    let mut identity = scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(MOST_WORK);
    let mut reader =
        decryptor.decrypt(iter::once(&identity as &dyn age::Identity)).map_err(|error| refused(&error))?;
    // Its room isn't taken anew while it is read, which would leave copies.
    let mut plain = Zeroizing::new(Vec::with_capacity(file.len()));
    reader.read_to_end(&mut plain).map_err(|_| BackupError::Damaged)?;
    contents::read(&plain)
}

/// The text without what editors and mail programs put before its first line.
fn without_beginning(text: &str) -> &str {
    text.trim_start_matches('\u{feff}').trim_start()
}

fn refused(error: &DecryptError) -> BackupError {
    match error {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => BackupError::WrongPassphrase,
        DecryptError::NoMatchingKeys | DecryptError::ExcessiveWork { .. } => BackupError::NotABackup,
        _ => BackupError::Damaged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::settings::form::{EntryForm, Form, number_new_entries};
    use dyntray_core::types::entry_id::EntryId;
    use secrecy::ExposeSecret as _;

    const PASSPHRASE: &str = "correct horse battery staple";

    fn backup(count: usize) -> Backup {
        let entry = |number| EntryForm { hostname: format!("h{number}.spdns.de"), ..EntryForm::default() };
        let mut form = Form { entries: (0..count).map(entry).collect(), ..Form::default() };
        number_new_entries(&mut form, EntryId(3));
        let secrets = form.entries.iter().filter_map(|entry| entry.id);
        let secrets = secrets.map(|id| (id, format!("abcd-efgh-{:04}", id.0).into())).collect();
        Backup { form, secrets }
    }

    fn sealed(count: usize) -> String {
        seal(&backup(count), &PASSPHRASE.into()).expect("seals")
    }

    fn refusal(file: impl AsRef<[u8]>, passphrase: &str) -> BackupError {
        open(file.as_ref(), &passphrase.into()).expect_err("it can't be opened")
    }

    #[test]
    fn what_was_put_in_comes_out_and_the_file_shows_nothing_of_it() {
        let file = sealed(200);
        assert!(file.starts_with(FIRST_LINE));
        // No character of base64 is a hyphen or a dot, so that chance writes neither.
        assert!(!file.contains("spdns.de") && !file.contains("abcd-efgh"));
        let opened = open(file.as_bytes(), &PASSPHRASE.into()).expect("opens");
        let put_in = backup(200);
        assert_eq!(opened.form, put_in.form);
        let shown = |backup: &Backup| -> Vec<_> {
            backup.secrets.iter().map(|(id, secret)| (*id, secret.expose_secret().to_owned())).collect()
        };
        assert_eq!(shown(&opened), shown(&put_in));
        let lines: Vec<&str> = file.lines().collect();
        let by_a_mail = format!("\u{feff}\r\n{}\r\n", lines.join("\r\n"));
        assert!(open(by_a_mail.as_bytes(), &PASSPHRASE.into()).is_ok());
    }

    #[test]
    fn each_way_in_which_a_file_is_no_backup_has_its_own_reason() {
        let file = sealed(20);
        assert_eq!(refusal(&file, "correct horse"), BackupError::WrongPassphrase);
        let settings = settings_file::to_toml(&backup(2).form).expect("TOML");
        assert_eq!(refusal(settings, PASSPHRASE), BackupError::PlainSettings);
        for other in ["", "holiday", "hostname;token\na.spdns.de;abcd-efgh-ijkl\n", "\0\u{1}\u{2}"] {
            assert_eq!(refusal(other, PASSPHRASE), BackupError::NotABackup, "{other:?}");
        }
        for at in [10, 60, 200, file.len() / 2, file.len() - 60, file.len() - 5] {
            let cut = refusal(&file[..at], PASSPHRASE);
            assert_eq!(cut, BackupError::Damaged, "cut off at {at}");
        }
        let middle = file.len() / 2;
        let other = if &file[middle..=middle] == "A" { "B" } else { "A" };
        let damaged = format!("{}{other}{}", &file[..middle], &file[middle + 1..]);
        assert_eq!(refusal(damaged, PASSPHRASE), BackupError::Damaged);
    }

    #[test]
    fn a_file_for_somebodys_key_is_no_backup() {
        let key = age::x25519::Identity::generate().to_public();
        let encryptor = Encryptor::with_recipients(iter::once(&key as &dyn age::Recipient)).expect("a key");
        let mut file = Vec::new();
        let armor = ArmoredWriter::wrap_output(&mut file, Format::AsciiArmor).expect("a writer");
        let writer = encryptor.wrap_output(armor).expect("a writer");
        writer.finish().and_then(ArmoredWriter::finish).expect("written");
        assert_eq!(refusal(file, PASSPHRASE), BackupError::NotABackup);
    }
}
