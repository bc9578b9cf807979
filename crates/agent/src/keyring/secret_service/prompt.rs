//! The prompts of a secret service: dialogs of its own, which it shows when it is asked to.

use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::{Message, Type};
use zbus::names::MemberName;
use zbus::zvariant::{ObjectPath, OwnedValue};
use zbus::{MatchRule, Result};

use super::names::NAME;

const PROMPT: &str = "org.freedesktop.Secret.Prompt";
const BUS: &str = "org.freedesktop.DBus";

/// The end of a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::keyring) enum Answer {
    /// The person gave what was asked for.
    Given,
    /// The person cancelled it, or the secret service ended before an answer.
    Cancelled,
}

/// Shows a prompt, and waits for its end.
pub(super) fn show(bus: &Connection, prompt: &ObjectPath<'_>) -> Result<Answer> {
    let messages = MessageIterator::from(bus);
    let signals = || MatchRule::builder().msg_type(Type::Signal);
    let completed = signals().interface(PROMPT)?.member("Completed")?.path(prompt)?.build();
    let owner = signals().sender(BUS)?.member("NameOwnerChanged")?.arg(0, NAME)?.build();
    let daemon = DBusProxy::new(bus)?;
    daemon.add_match_rule(completed.clone())?;
    daemon.add_match_rule(owner.clone())?;
    let answer = bus
        .call_method(Some(NAME), prompt, Some(PROMPT), "Prompt", &"")
        .and_then(|_| answer(messages, prompt));
    daemon.remove_match_rule(completed)?;
    daemon.remove_match_rule(owner)?;
    answer
}

fn answer(messages: MessageIterator, prompt: &ObjectPath<'_>) -> Result<Answer> {
    for message in messages {
        if let Some(answer) = read(&message?, prompt)? {
            return Ok(answer);
        }
    }
    // The connection was closed.
    Ok(Answer::Cancelled)
}

/// The answer in a message; none where it is about something else.
fn read(message: &Message, prompt: &ObjectPath<'_>) -> Result<Option<Answer>> {
    let header = message.header();
    if header.message_type() != Type::Signal {
        return Ok(None);
    }
    Ok(match header.member().map(MemberName::as_str) {
        Some("Completed") if header.path() == Some(prompt) => {
            let (dismissed, _result): (bool, OwnedValue) = message.body().deserialize()?;
            Some(if dismissed { Answer::Cancelled } else { Answer::Given })
        }
        Some("NameOwnerChanged") if header.sender().is_some_and(|sender| sender.as_str() == BUS) => {
            let body = message.body();
            let (name, _before, _after): (&str, &str, &str) = body.deserialize()?;
            (name == NAME).then_some(Answer::Cancelled)
        }
        _ => None,
    })
}
