//! Rejections in words.

use dyntray_control::Rejection;
use dyntray_texts::Texts;

use crate::field_errors;

/// The reason of a rejection in words. Mistakes in the form belong to entries with these host names, in this order.
pub fn text(texts: &Texts, rejection: &Rejection, hostnames: &[String]) -> String {
    match rejection {
        Rejection::Fields { errors } => {
            let lines: Vec<String> =
                errors.iter().map(|error| field_errors::text(texts, error, hostnames)).collect();
            lines.join("\n")
        }
        Rejection::KeyringLocked => texts.say("refusal-keyring-locked"),
        Rejection::KeyringAbsent => {
            format!("{}\n{}", texts.say("refusal-keyring-absent"), texts.say("report-secrets-file"))
        }
        Rejection::SecretsReadOnly => texts.say("refusal-secrets-read-only"),
        Rejection::NotWritten { why } => texts.say_with("refusal-not-written", &[("why", why)]),
        Rejection::NoSuchEntry => texts.say("refusal-no-such-entry"),
        Rejection::NoWindow { why } => texts.say_with("refusal-no-window", &[("why", why)]),
        Rejection::NotShown { why } => texts.say_with("refusal-not-shown", &[("why", why)]),
        Rejection::NotCopied { why } => texts.say_with("refusal-not-copied", &[("why", why)]),
        Rejection::NotUnderstood => texts.say("refusal-not-understood"),
    }
}
