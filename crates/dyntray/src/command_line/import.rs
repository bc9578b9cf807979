//! `dyntray import`: shows what a file would do, asks, and has the running program take it over.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read, Write as _};
use std::path::Path;
use std::process::ExitCode;

use dyntray_control::{Request, Response};
use dyntray_core::import::{LARGEST_FILE, decode};
use dyntray_texts::Texts;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::backend::Backend;
use super::print::{print_done, texts_for};
use crate::start_error::StartError;

/// Whether the person has said yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Consent {
    /// On the command line.
    Given,
    /// Not yet: they are asked.
    Asked,
}

/// Imports one file.
pub(super) async fn run(peer: &mut Backend, file: &Path, consent: Consent) -> Result<ExitCode, StartError> {
    let text = match read(file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("dyntray: {}: {error}", file.display());
            return Ok(ExitCode::FAILURE);
        }
    };
    let texts = match peer.ask(&Request::Status).await? {
        Response::Snapshot { snapshot } => texts_for(&snapshot),
        _ => Texts::of_system(),
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let previewed = peer.ask(&Request::PreviewImport { text: text.clone(), name: name.clone() }).await?;
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
    let answer = peer.ask(&Request::Import { text, name, take }).await?;
    if matches!(answer, Response::Saved { .. }) {
        say(&texts.say_count("report-import-done", count));
        if !is_stdin(file) {
            say(&texts.say("report-import-delete"));
        }
    }
    Ok(print_done(&answer))
}

fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

/// A little more than can be imported, even without its byte order mark, is enough to be told that it is too much.
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

/// Asks at the terminal. Otherwise the text that says why nothing is taken over.
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

/// Whoever reads may have seen enough.
fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{}", text.trim_end());
}
