//! `dyntray add`, `remove` and `token set`: each changes one entry.

use std::borrow::Cow;
use std::process::ExitCode;

use dyntray_control::{AgentRequest, Response, SaveRequest, SecretChange};
use dyntray_core::settings::LoginKind;
use dyntray_core::settings::form::{EntryForm, Field, FieldError, FieldProblem, Form};
use dyntray_core::settings::providers;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::hostname::{Hostname, HostnameError};
use dyntray_texts::Texts;

use super::backend::Backend;
use super::print::print_done_of;
use super::secret;
use crate::app_error::AppError;

/// The arguments of `dyntray add`. The secret is read from standard input, unless systemd has it.
pub(super) struct NewHost<'a> {
    pub(super) hostname: &'a str,
    pub(super) service: Option<&'a str>,
    pub(super) server: Option<&'a str>,
    pub(super) user: Option<&'a str>,
    pub(super) has_credential: bool,
}

/// Gives an entry another secret, as the lost-token page does.
pub(super) async fn set_secret(backend: &mut Backend, hostname: &str) -> Result<ExitCode, AppError> {
    let form = form(backend).await?;
    let found = find(&form, hostname).map(|index| &form.entries[index]);
    let Some((typed, entry)) = found.and_then(|typed| Some((typed, typed.id?))) else {
        return Ok(no_such_host(hostname));
    };
    let secret = secret::read(typed, &Texts::of_system())?;
    let response = backend.ask(AgentRequest::SetSecret { entry, secret }).await?;
    Ok(print_done_of(&response, &hostnames(&form)))
}

/// Removes an entry with its secret.
pub(super) async fn remove(backend: &mut Backend, hostname: &str) -> Result<ExitCode, AppError> {
    let mut form = form(backend).await?;
    let Some(index) = find(&form, hostname) else {
        return Ok(no_such_host(hostname));
    };
    form.entries.remove(index);
    let secrets = vec![SecretChange::Keep; form.entries.len()];
    let hostnames = hostnames(&form);
    let response = backend.ask(AgentRequest::Save(SaveRequest { form, secrets })).await?;
    Ok(print_done_of(&response, &hostnames))
}

/// The index of a host name's entry in the form, however the name is spelt.
fn find(form: &Form, hostname: &str) -> Option<usize> {
    let named = Hostname::parse(&in_dns(hostname)).ok()?;
    form.entries.iter().position(|entry| Hostname::parse(&entry.hostname).is_ok_and(|host| host == named))
}

/// The identity of a host name's entry, however the name is spelt.
pub(super) fn id_of(form: &Form, hostname: &str) -> Option<EntryId> {
    find(form, hostname).and_then(|index| form.entries[index].id)
}

/// The name as DNS has it, where it was typed with umlauts.
fn in_dns(hostname: &str) -> Cow<'_, str> {
    match Hostname::parse(hostname) {
        Err(HostnameError::NotAscii { spelling }) => Cow::Owned(spelling),
        _ => Cow::Borrowed(hostname),
    }
}

/// Says that there is no such host name, or why it can't be one.
pub(super) fn no_such_host(hostname: &str) -> ExitCode {
    let texts = Texts::of_system();
    let text = match Hostname::parse(&in_dns(hostname)) {
        Ok(_) => texts.say_with("refusal-no-such-host", &[("hostname", hostname)]),
        Err(error) => {
            let problem = FieldProblem::Hostname(error);
            texts.field_error(&FieldError { entry: None, field: Field::Hostname, problem })
        }
    };
    eprintln!("{text}");
    ExitCode::FAILURE
}

/// Adds a host name with its secret.
pub(super) async fn add(backend: &mut Backend, new: &NewHost<'_>) -> Result<ExitCode, AppError> {
    let mut form = form(backend).await?;
    let hostname = in_dns(new.hostname);
    if let Cow::Owned(spelling) = &hostname {
        let names = [("hostname", new.hostname), ("spelling", spelling)];
        eprintln!("{}", Texts::of_system().say_with("report-hostname-spelling", &names));
    }
    let mut entry = match begin(new, &hostname) {
        Ok(entry) => EntryForm { hostname: hostname.clone().into_owned(), ..entry },
        Err(unknown) => {
            let known: Vec<&str> = providers::all().iter().map(|provider| provider.id.as_str()).collect();
            let words = [("service", unknown), ("known", &known.join(", "))];
            eprintln!("{}", Texts::of_system().say_with("refusal-no-such-service", &words));
            return Ok(ExitCode::FAILURE);
        }
    };
    if let Some(server) = new.server {
        server.clone_into(&mut entry.server);
    }
    if let Some(user) = new.user {
        entry.login = LoginKind::Account;
        user.clone_into(&mut entry.user);
    }
    let mut secrets = vec![SecretChange::Keep; form.entries.len()];
    secrets.push(if new.has_credential {
        SecretChange::Keep
    } else {
        SecretChange::Replace { secret: secret::read(&entry, &Texts::of_system())? }
    });
    form.entries.push(entry);
    let hostnames = hostnames(&form);
    let response = backend.ask(AgentRequest::Save(SaveRequest { form, secrets })).await?;
    Ok(print_done_of(&response, &hostnames))
}

fn hostnames(form: &Form) -> Vec<String> {
    form.entries.iter().map(|entry| entry.hostname.clone()).collect()
}

/// A new entry of the named service, or of the service that host names like this one belong to. The error is the name
/// of an unknown service.
fn begin<'a>(new: &NewHost<'a>, hostname: &str) -> Result<EntryForm, &'a str> {
    let provider = match (new.service, new.server) {
        (Some(service), _) => Some(providers::by_id(service).ok_or(service)?),
        (None, Some(_)) => None,
        (None, None) => Hostname::parse(hostname).ok().and_then(|host| providers::by_hostname(&host)),
    };
    Ok(provider.map(providers::entry_of).unwrap_or_default())
}

pub(super) async fn form(backend: &mut Backend) -> Result<Form, AppError> {
    match backend.ask(AgentRequest::Form).await? {
        Response::Form { form } => Ok(form),
        _ => Err(AppError::NotUnderstood),
    }
}
