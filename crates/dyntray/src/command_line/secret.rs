//! Secrets come from a terminal, where they aren't shown, or from a pipe; never from the command line.

use std::io::{self, IsTerminal as _, Read as _};

use dyntray_texts::Texts;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use crate::app_error::AppError;

/// No secret is longer, in bytes.
const LONGEST: usize = 4096;

/// The first line of standard input; at a terminal it is asked for, and not shown.
pub(super) fn read(hostname: &str, texts: &Texts) -> Result<SecretString, AppError> {
    if io::stdin().is_terminal() {
        let question = texts.say_with("report-secret-ask", &[("hostname", hostname)]);
        return Ok(rpassword::prompt_password(format!("{question} "))?.into());
    }
    let mut text = Zeroizing::new(String::with_capacity(LONGEST));
    io::stdin().lock().take(LONGEST as u64).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().into())
}
