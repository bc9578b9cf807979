//! Asks a person at the terminal whether what was just shown is wanted.

use std::io::{self, IsTerminal as _, Write as _};

use dyntray_texts::Texts;

/// The person's consent to what a command would change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Consent {
    /// Given on the command line.
    Given,
    /// Not given yet: the person is asked.
    Asked,
}

/// The texts of a question.
pub(super) struct Question {
    /// The question.
    pub(super) ask: &'static str,
    /// Says that nobody can be asked, and how to do without.
    pub(super) needs_yes: &'static str,
    /// Says that nothing was done.
    pub(super) nothing: &'static str,
}

/// Asks at the terminal. The error is the id of a text that says why nothing is done.
pub(super) fn agree(consent: Consent, question: &Question, texts: &Texts) -> Result<(), &'static str> {
    if consent == Consent::Given {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(question.needs_yes);
    }
    let mut reply = String::new();
    print!("{} ", texts.say(question.ask));
    let asked = io::stdout().flush().and_then(|()| io::stdin().read_line(&mut reply));
    let is_yes = matches!(reply.trim().to_lowercase().as_str(), "y" | "yes" | "j" | "ja");
    if asked.is_ok() && is_yes { Ok(()) } else { Err(question.nothing) }
}
