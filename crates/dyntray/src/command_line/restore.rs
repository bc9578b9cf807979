//! `dyntray restore`: opens what `export --with-secrets` has written, says what would change, and has it saved like
//! anything else that is typed.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use dyntray_agent::backup::{self, Backup, BackupError};
use dyntray_agent::keyring::SecretStore;
use dyntray_control::{AgentRequest, Response, SaveRequest, SecretChange};
use dyntray_core::settings::form::{
    EntryForm, Existing, Form, OthersEffect, RestoreEffect, Restored, restore,
};
use dyntray_core::types::entry_id::EntryId;
use dyntray_texts::Texts;
use secrecy::SecretString;

use super::backend::Backend;
use super::consent::{Consent, Question, agree};
use super::entries;
use super::print::{print_done_of, say};
use super::saving::save;
use super::secret::{Passphrase, read_passphrase};
use crate::app_error::AppError;

/// The question whether to restore.
const QUESTION: Question = Question {
    ask: "report-restore-ask",
    needs_yes: "report-restore-needs-yes",
    nothing: "report-restore-nothing-done",
};

/// What to restore, and how.
pub(super) struct Wish<'a> {
    pub(super) file: &'a Path,
    pub(super) existing: Existing,
    pub(super) consent: Consent,
}

/// Restores a backup.
pub(super) async fn run(
    backend: &mut Backend,
    secrets: &SecretStore,
    wish: &Wish<'_>,
) -> Result<ExitCode, AppError> {
    let texts = Texts::of_system();
    let Some(backup) = open(wish.file, &texts)? else { return Ok(ExitCode::FAILURE) };
    let saved = entries::form(backend).await?;
    let kept: BTreeMap<EntryId, SecretString> = backup.secrets.into_iter().collect();
    let restored = restore(&saved, &backup.form, &kept.keys().copied().collect(), wish.existing);
    say(&report(&backup.form, &restored, &texts));
    if !restored.changes_something() {
        say(&texts.say("report-restore-same"));
        return Ok(ExitCode::SUCCESS);
    }
    if let Err(why) = agree(wish.consent, &QUESTION, &texts) {
        say(&texts.say(why));
        return Ok(ExitCode::FAILURE);
    }
    let hostnames: Vec<String> = restored.form.entries.iter().map(|entry| entry.hostname.clone()).collect();
    let request = request(saved, restored, &backup.form, kept);
    let response = save(backend, secrets, AgentRequest::Save(Box::new(request))).await?;
    if matches!(response, Response::Saved { .. }) {
        say(&texts.say("report-restore-done"));
    }
    Ok(print_done_of(&response, &hostnames))
}

/// Opens the file with the passphrase of its owner. Whether it is a backup at all is said before that is asked for.
fn open(file: &Path, texts: &Texts) -> Result<Option<Backup>, AppError> {
    let path = file.display().to_string();
    let bytes = match backup::file::read(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("dyntray: {path}: {error}");
            return Ok(None);
        }
    };
    let opened = match backup::recognise(&bytes) {
        Err(error) => Err(error),
        Ok(()) => match read_passphrase(Passphrase::Known, texts)? {
            Some(passphrase) => backup::open(&bytes, &passphrase),
            None => return Ok(None),
        },
    };
    match opened {
        Ok(backup) => Ok(Some(backup)),
        Err(error) => {
            eprintln!("{}", refusal(&error, &path, texts));
            Ok(None)
        }
    }
}

fn refusal(error: &BackupError, path: &str, texts: &Texts) -> String {
    let (id, why) = match error {
        BackupError::PlainSettings => ("report-restore-plain", ""),
        BackupError::NotABackup => ("report-restore-no-backup", ""),
        BackupError::WrongPassphrase => ("report-restore-wrong-passphrase", ""),
        BackupError::Damaged => ("report-restore-damaged", ""),
        BackupError::Newer(_) => ("report-restore-newer", ""),
        BackupError::Unusable(why) => ("report-restore-unusable", why.as_str()),
    };
    texts.say_with(id, &[("path", path), ("why", why)])
}

/// What would change.
fn report(backup: &Form, restored: &Restored, texts: &Texts) -> String {
    let entry = |(entry, effect): (&EntryForm, &RestoreEffect)| {
        let id = match effect {
            RestoreEffect::New => "report-restore-new",
            RestoreEffect::NewWithoutSecret => "report-restore-new-without",
            RestoreEffect::Replaces => "report-restore-replaces",
            RestoreEffect::Stays => "report-restore-stays",
        };
        texts.say_with(id, &[("hostname", &entry.hostname)])
    };
    let mut lines: Vec<String> = backup.entries.iter().zip(&restored.effects).map(entry).collect();
    match restored.others {
        OthersEffect::Same => {}
        OthersEffect::Taken => lines.push(texts.say("report-restore-others-taken")),
        OthersEffect::Stay => lines.push(texts.say("report-restore-others-stay")),
    }
    lines.join("\n")
}

/// The request that saves it, with each secret at its entry.
fn request(
    saved: Form,
    restored: Restored,
    backup: &Form,
    mut kept: BTreeMap<EntryId, SecretString>,
) -> SaveRequest {
    let mut secret_of = |origin: Option<usize>| kept.remove(&backup.entries.get(origin?)?.id?);
    let change = |secret: Option<SecretString>| {
        secret.map(|secret| SecretChange::Replace { secret }).unwrap_or_default()
    };
    let secrets = restored.origins.iter().map(|origin| change(secret_of(*origin))).collect();
    SaveRequest { base: saved, form: restored.form, secrets }
}
