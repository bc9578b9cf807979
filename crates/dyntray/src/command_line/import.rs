//! `dyntray import`: previews the import of a file, asks, and has its entries imported.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read, Write as _};
use std::path::Path;
use std::process::ExitCode;

use dyntray_control::{AgentRequest, Response};
use dyntray_core::import::{LARGEST_FILE, decode};
use dyntray_texts::Texts;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::backend::Backend;
use super::print::{print_done, texts_for};
use crate::app_error::AppError;

/// The person's consent to the import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Consent {
    /// Given on the command line.
    Given,
    /// Not given yet: the person is asked.
    Asked,
}

/// Imports one file.
pub(super) async fn run(backend: &mut Backend, file: &Path, consent: Consent) -> Result<ExitCode, AppError> {
    let text = match read(file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("dyntray: {}: {error}", file.display());
            return Ok(ExitCode::FAILURE);
        }
    };
    let texts = match backend.ask(AgentRequest::Status).await? {
        Response::Snapshot { snapshot } => texts_for(&snapshot),
        _ => Texts::of_system(),
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let previewed =
        backend.ask(AgentRequest::PreviewImport { text: text.clone(), name: name.clone() }).await?;
    let Response::Import { preview } = previewed else { return Ok(print_done(&previewed)) };
    say(&texts.import_report(&preview));
    let take: Vec<u32> = preview.entries.iter().map(|entry| entry.number).collect();
    if take.is_empty() {
        say(&texts.say("report-import-nothing"));
        return Ok(ExitCode::FAILURE);
    }
    if let Err(why) = agree(consent, &texts) {
        say(&texts.say(why));
        return Ok(ExitCode::FAILURE);
    }
    let count = take.len();
    let response = backend.ask(AgentRequest::Import { text, name, take }).await?;
    if matches!(response, Response::Saved { .. }) {
        say(&texts.say_count("report-import-done", count));
        if !is_stdin(file) {
            say(&texts.say("report-import-delete"));
        }
    }
    Ok(print_done(&response))
}

fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

/// Reads the file, up to a little more than can be imported: enough to be told that it is too large, even without its byte
/// order mark.
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

/// Asks at the terminal. The error is the id of a text that says why nothing is imported.
fn agree(consent: Consent, texts: &Texts) -> Result<(), &'static str> {
    if consent == Consent::Given {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err("report-import-needs-yes");
    }
    let mut reply = String::new();
    print!("{} ", texts.say("report-import-ask"));
    let asked = io::stdout().flush().and_then(|()| io::stdin().read_line(&mut reply));
    let is_yes = matches!(reply.trim().to_lowercase().as_str(), "y" | "yes" | "j" | "ja");
    if asked.is_ok() && is_yes { Ok(()) } else { Err("report-import-nothing") }
}

/// Prints the text. The reader may have closed the pipe already.
fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{}", text.trim_end());
}
