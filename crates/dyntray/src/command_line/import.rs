//! `dyntray import`: previews the import of a file, asks, and has its entries imported.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;

use dyntray_agent::backup;
use dyntray_agent::keyring::SecretStore;
use dyntray_control::{AgentRequest, Response};
use dyntray_core::import::{ImportPreview, LARGEST_FILE, decode};
use dyntray_texts::Texts;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};

use super::backend::Backend;
use super::consent::{Consent, Question, agree};
use super::print::{print_done, say, texts_for};
use super::saving::save;
use crate::app_error::AppError;

/// The question whether to import.
const QUESTION: Question = Question {
    ask: "report-import-ask",
    needs_yes: "report-import-needs-yes",
    nothing: "report-import-nothing",
};

/// The treatment of names that lead to other internet connections today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    /// They are imported like all others.
    Taken,
    /// They are shown, and imported switched off.
    Off,
    /// They are shown, and not imported.
    LeftOut,
}

/// Imports one file.
pub(super) async fn run(
    backend: &mut Backend,
    secrets: &SecretStore,
    file: &Path,
    consent: Consent,
    others: Others,
) -> Result<ExitCode, AppError> {
    let text = match read(file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("dyntray: {}: {error}", file.display());
            return Ok(ExitCode::FAILURE);
        }
    };
    if backup::recognise(text.expose_secret().as_bytes()).is_ok() {
        let path = file.display().to_string();
        eprintln!("{}", Texts::of_system().say_with("report-import-backup", &[("path", &path)]));
        return Ok(ExitCode::FAILURE);
    }
    let texts = match backend.ask(AgentRequest::Status).await? {
        Response::Snapshot { snapshot } => texts_for(&snapshot),
        _ => Texts::of_system(),
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let previewed =
        backend.ask(AgentRequest::PreviewImport { text: text.clone(), name: name.clone() }).await?;
    let Response::Import { preview } = previewed else { return Ok(print_done(&previewed)) };
    say(&texts.import_report(&preview));
    let marked = match others {
        Others::Taken => BTreeSet::new(),
        Others::Off | Others::LeftOut => elsewhere(backend, &preview, &text, &name, &texts, others).await?,
    };
    let mut take: Vec<u32> = preview.entries.iter().map(|entry| entry.number).collect();
    let mut off = Vec::new();
    if others == Others::LeftOut {
        take.retain(|number| !marked.contains(number));
    } else {
        off.extend(marked);
    }
    if take.is_empty() {
        say(&texts.say("report-import-nothing"));
        return Ok(ExitCode::FAILURE);
    }
    if let Err(why) = agree(consent, &QUESTION, &texts) {
        say(&texts.say(why));
        return Ok(ExitCode::FAILURE);
    }
    let count = take.len();
    let left = preview.entries.len() - count;
    let response = save(backend, secrets, AgentRequest::Import { text, name, take, off }).await?;
    if matches!(response, Response::Saved { .. }) {
        say(&texts.say_count("report-import-done", count));
        if !is_stdin(file) {
            let lines = preview.left_out.len() + usize::try_from(preview.left_out_more).unwrap_or(usize::MAX);
            say(&match (left, lines) {
                (0, 0) => texts.say("report-import-delete"),
                (0, _) => texts.say_count("report-import-left-lines", lines),
                _ => texts.say_count("report-import-keep", left),
            });
        }
    }
    Ok(print_done(&response))
}

/// The numbers of the entries whose names point to other internet connections. They are told.
async fn elsewhere(
    backend: &mut Backend,
    preview: &ImportPreview,
    text: &SecretString,
    name: &str,
    texts: &Texts,
    others: Others,
) -> Result<BTreeSet<u32>, AppError> {
    let located =
        backend.ask(AgentRequest::LocateImport { text: text.clone(), name: name.to_owned() }).await?;
    let Response::Located { elsewhere, unknown } = located else { return Ok(BTreeSet::new()) };
    if unknown > 0 {
        say(&texts.say_count("import-unknown", usize::try_from(unknown).unwrap_or(usize::MAX)));
    }
    if !elsewhere.is_empty() {
        let off = others == Others::Off;
        say(&texts
            .say_count(if off { "report-import-off" } else { "report-import-elsewhere" }, elsewhere.len()));
    }
    for at in &elsewhere {
        let hostname = preview.entries.iter().find(|entry| entry.number == at.number);
        let hostname = hostname.map_or("", |entry| entry.hostname.as_str());
        let words = [("hostname", hostname), ("addresses", at.addresses.as_str())];
        say(&texts.say_with("report-import-elsewhere-name", &words));
    }
    Ok(elsewhere.into_iter().map(|at| at.number).collect())
}

fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

/// Reads the file, up to a little more than can be imported: enough to be told that it is too large, even without its
/// byte order mark.
fn read(file: &Path) -> io::Result<SecretString> {
    let limit = u64::try_from(LARGEST_FILE + 4).map_err(io::Error::other)?;
    let mut bytes = Zeroizing::new(Vec::new());
    if is_stdin(file) {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(decode(&bytes))
}
