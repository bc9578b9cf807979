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
        Rejection::ChangedMeanwhile { conflicts, .. } => {
            let told = conflicts.iter().map(|conflict| texts.form_conflict(conflict));
            [texts.say("refusal-changed-meanwhile")].into_iter().chain(told).collect::<Vec<_>>().join("\n")
        }
        Rejection::SettingsFileChanged { path, why } => {
            texts.say_with("refusal-settings-file-changed", &[("path", path), ("why", why)])
        }
        Rejection::KeyringLocked => texts.say("refusal-keyring-locked"),
        Rejection::KeyringAbsent => {
            format!("{}\n{}", texts.say("refusal-keyring-absent"), texts.say("report-secrets-file"))
        }
        Rejection::SecretsReadOnly { hostnames } => {
            texts.say_with("refusal-secrets-read-only", &[("hostnames", &hostnames.join(", "))])
        }
        Rejection::NotWritten { why } => texts.say_with("refusal-not-written", &[("why", why)]),
        Rejection::NoSuchEntry => texts.say("refusal-no-such-entry"),
        Rejection::NoWindow { why } => texts.say_with("refusal-no-window", &[("why", why)]),
        Rejection::NotShown { why } => texts.say_with("refusal-not-shown", &[("why", why)]),
        Rejection::NotCopied { why } => texts.say_with("refusal-not-copied", &[("why", why)]),
        Rejection::NetworkUnclear => texts.say("refusal-network-unclear"),
        Rejection::NotUnderstood => texts.say("refusal-not-understood"),
    }
}
