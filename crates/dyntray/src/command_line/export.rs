//! `dyntray export`: the settings as text, or everything that another computer needs, encrypted.

use std::path::Path;
use std::process::ExitCode;

use dyntray_agent::backup::file::{self, OldFile, WriteError};
use dyntray_agent::keyring::SecretStore;
use dyntray_agent::settings_file;
use dyntray_control::{AgentRequest, Response};
use dyntray_texts::Texts;

use super::backend::Backend;
use super::entries;
use super::print::{print_done, print_text, say, written};
use super::saving::save;
use super::secret::{Passphrase, read_passphrase};
use crate::app_error::AppError;

/// Prints the settings.
pub(super) async fn print(backend: &mut Backend) -> Result<ExitCode, AppError> {
    let form = entries::form(backend).await?;
    Ok(written(settings_file::to_toml(&form).and_then(|text| print_text(&text))))
}

/// Writes the settings to a file.
pub(super) async fn settings(backend: &mut Backend, path: &Path, old: OldFile) -> Result<ExitCode, AppError> {
    let form = entries::form(backend).await?;
    Ok(finish(path, file::write(path, &settings_file::to_toml(&form)?, old), &Texts::of_system()))
}

/// Writes settings and secrets to an encrypted file.
pub(super) async fn with_secrets(
    backend: &mut Backend,
    secrets: &SecretStore,
    path: &Path,
    old: OldFile,
) -> Result<ExitCode, AppError> {
    let texts = Texts::of_system();
    if let Err(error) = file::check(path, old) {
        return Ok(finish(path, Err(error), &texts));
    }
    let Some(passphrase) = read_passphrase(Passphrase::New, &texts)? else { return Ok(ExitCode::FAILURE) };
    match save(backend, secrets, AgentRequest::BackUp { passphrase }).await? {
        Response::BackedUp { file: sealed, without_secret } => {
            for hostname in &without_secret {
                eprintln!("{}", texts.say_with("report-export-without", &[("hostname", hostname)]));
            }
            Ok(finish(path, file::write(path, &sealed, old), &texts))
        }
        other => Ok(print_done(&other)),
    }
}

fn finish(path: &Path, written: Result<(), WriteError>, texts: &Texts) -> ExitCode {
    let path = path.display().to_string();
    let (id, why) = match written {
        Ok(()) => {
            say(&texts.say_with("report-export-done", &[("path", &path)]));
            return ExitCode::SUCCESS;
        }
        Err(WriteError::Exists) => ("report-export-exists", String::new()),
        Err(WriteError::NoFile) => ("report-export-no-file", String::new()),
        Err(WriteError::System(error)) => ("report-export-not-written", error.to_string()),
    };
    eprintln!("{}", texts.say_with(id, &[("path", &path), ("why", &why)]));
    ExitCode::FAILURE
}
