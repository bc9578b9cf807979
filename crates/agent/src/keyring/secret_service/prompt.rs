//! The prompts of a secret service: dialogs of its own, which it shows when it is asked to.

use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::{Message, Type};
use zbus::names::MemberName;
use zbus::zvariant::{ObjectPath, OwnedValue};
use zbus::{MatchRule, Result};

use super::names::{COLLECTION, NAME, ROOT, SERVICE};

const PROMPT: &str = "org.freedesktop.Secret.Prompt";
const BUS: &str = "org.freedesktop.DBus";

/// The end of a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::keyring) enum Answer {
    /// What was asked for is done.
    Given,
    /// The person cancelled it, or the secret service ended before an answer.
    Cancelled,
}

/// Shows a prompt, and waits for its end. KeePassXC never ends one whose window was closed: so it also ends once `is_done`, however
/// that came about.
pub(super) fn show(
    bus: &Connection,
    prompt: &ObjectPath<'_>,
    is_done: impl Fn() -> Result<bool>,
) -> Result<Answer> {
    let messages = MessageIterator::from(bus);
    let daemon = DBusProxy::new(bus)?;
    let rules = rules(prompt)?;
    for rule in &rules {
        daemon.add_match_rule(rule.clone())?;
    }
    let answer = bus
        .call_method(Some(NAME), prompt, Some(PROMPT), "Prompt", &"")
        .and_then(|_| answer(messages, prompt, is_done));
    for rule in rules {
        daemon.remove_match_rule(rule)?;
    }
    answer
}

fn answer(
    messages: MessageIterator,
    prompt: &ObjectPath<'_>,
    is_done: impl Fn() -> Result<bool>,
) -> Result<Answer> {
    for message in messages {
        match read(&message?, prompt)? {
            Some(Said::Ended(answer)) => return Ok(answer),
            Some(Said::Changed) if is_done()? => return Ok(Answer::Given),
            Some(Said::Changed) | None => {}
        }
    }
    // The connection was closed.
    Ok(Answer::Cancelled)
}

/// The signals that matter: of the prompt, of the service's owner, and of its collections.
fn rules<'a>(prompt: &ObjectPath<'a>) -> Result<[MatchRule<'a>; 4]> {
    let signals = || MatchRule::builder().msg_type(Type::Signal);
    Ok([
        signals().interface(PROMPT)?.member("Completed")?.path(prompt.clone())?.build(),
        signals().sender(BUS)?.member("NameOwnerChanged")?.arg(0, NAME)?.build(),
        signals().interface(SERVICE)?.path(ROOT)?.build(),
        signals().member("PropertiesChanged")?.path_namespace(ROOT)?.arg(0, COLLECTION)?.build(),
    ])
}

/// The meaning of a signal.
enum Said {
    /// The prompt has ended.
    Ended(Answer),
    /// A collection has changed.
    Changed,
}

/// The meaning of a message; none where it is about something else.
fn read(message: &Message, prompt: &ObjectPath<'_>) -> Result<Option<Said>> {
    let header = message.header();
    if header.message_type() != Type::Signal {
        return Ok(None);
    }
    Ok(match header.member().map(MemberName::as_str) {
        Some("Completed") if header.path() == Some(prompt) => {
            let (dismissed, _result): (bool, OwnedValue) = message.body().deserialize()?;
            Some(Said::Ended(if dismissed { Answer::Cancelled } else { Answer::Given }))
        }
        Some("NameOwnerChanged") if header.sender().is_some_and(|sender| sender.as_str() == BUS) => {
            let body = message.body();
            let (name, _before, _after): (&str, &str, &str) = body.deserialize()?;
            (name == NAME).then_some(Said::Ended(Answer::Cancelled))
        }
        Some("CollectionChanged" | "CollectionCreated" | "PropertiesChanged") => Some(Said::Changed),
        _ => None,
    })
}
