//! The start of the window program.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;

use dyntray_control::{ACTIVATION_VARIABLES, ActivationToken, DesktopSession, Page};
use tokio::process::{Child, Command};

use crate::own_program;

/// Starts the window program with `page`: in `session`, or else in the session of this program.
pub(super) fn start(
    page: Page,
    activation: Option<&ActivationToken>,
    session: Option<&DesktopSession>,
) -> io::Result<Child> {
    let program = program();
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", program.display()));
    let mut command = Command::new(&program);
    command.args(arguments(page)).stdin(Stdio::null()).stderr(Stdio::piped());
    let session = session.map(DesktopSession::variables).into_iter().flatten();
    // This program's own token is used up.
    let token = activation.map(|ActivationToken(token)| token.as_str());
    for (variable, value) in ACTIVATION_VARIABLES.map(|variable| (variable, token)).into_iter().chain(session)
    {
        match value {
            Some(value) => command.env(variable, value),
            None => command.env_remove(variable),
        };
    }
    command.spawn().map_err(named)
}

/// The path of the window program: beside this one, or else wherever the system finds it.
fn program() -> PathBuf {
    let name = format!("dyntray-window{}", std::env::consts::EXE_SUFFIX);
    own_program::path()
        .ok()
        .map(|program| program.with_file_name(&name))
        .filter(|beside| beside.is_file())
        .unwrap_or_else(|| PathBuf::from(name))
}

fn arguments(page: Page) -> Vec<String> {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    match page {
        Page::Status => words(&["--page", "status"]),
        Page::Settings => words(&["--page", "settings"]),
        Page::Diagnostics => words(&["--page", "diagnostics"]),
        Page::About => words(&["--page", "about"]),
        Page::NewToken { entry } => words(&["--page", "new-token", "--entry", &entry.to_string()]),
    }
}
