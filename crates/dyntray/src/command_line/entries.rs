//! `dyntray add`, `remove` and `token set`: each changes one entry.

use std::borrow::Cow;
use std::process::ExitCode;

use dyntray_agent::keyring::SecretStore;
use dyntray_control::{AgentRequest, Rejection, Response, SecretChange};
use dyntray_core::settings::LoginKind;
use dyntray_core::settings::form::{EntryForm, Field, FieldError, FieldProblem, Form, find, in_dns};
use dyntray_core::settings::providers;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::hostname::Hostname;
use dyntray_core::types::token::SecretError;
use dyntray_texts::Texts;

use super::backend::Backend;
use super::print::{print_done, print_done_of};
use super::saving::save;
use super::secret;
use crate::app_error::AppError;

/// The arguments of `dyntray add`. The secret is read from standard input, unless systemd has it.
pub(super) struct NewHost<'a> {
    pub(super) hostname: &'a str,
    pub(super) service: Option<&'a str>,
    pub(super) server: Option<&'a str>,
    pub(super) user: Option<&'a str>,
    pub(super) device: Option<&'a str>,
    pub(super) has_credential: bool,
}

/// Gives an entry another secret, as the lost-token page does. It was typed for the entry as it was seen here.
pub(super) async fn set_secret(
    backend: &mut Backend,
    secrets: &SecretStore,
    hostname: &str,
) -> Result<ExitCode, AppError> {
    let form = form(backend).await?;
    let Some(seen) = find(&form, hostname).map(|index| form.entries[index].clone()) else {
        return Ok(no_such_host(hostname));
    };
    let secret = secret::read(&seen, &Texts::of_system())?;
    let hostnames = [seen.hostname.clone()];
    let response = save(backend, secrets, AgentRequest::SetSecretOf { seen, secret }).await?;
    Ok(print_done_of(&response, &hostnames))
}

/// Removes an entry with its secret.
pub(super) async fn remove(
    backend: &mut Backend,
    secrets: &SecretStore,
    hostname: &str,
) -> Result<ExitCode, AppError> {
    let response =
        save(backend, secrets, AgentRequest::RemoveEntry { hostname: hostname.to_owned() }).await?;
    if matches!(response, Response::Rejected { rejection: Rejection::NoSuchEntry }) {
        return Ok(no_such_host(hostname));
    }
    Ok(print_done(&response))
}

/// The identity of a host name's entry, however the name is spelt.
pub(super) fn id_of(form: &Form, hostname: &str) -> Option<EntryId> {
    find(form, hostname).and_then(|index| form.entries[index].id)
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
pub(super) async fn add(
    backend: &mut Backend,
    secrets: &SecretStore,
    new: &NewHost<'_>,
) -> Result<ExitCode, AppError> {
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
    if let Some(device) = new.device {
        device.clone_into(&mut entry.device);
    }
    let secret = if new.has_credential {
        SecretChange::Keep
    } else {
        SecretChange::Replace { secret: secret::read(&entry, &Texts::of_system())? }
    };
    let response = save(backend, secrets, AgentRequest::AddEntry { entry, secret }).await?;
    if new.has_credential && lacks_secret(&response) {
        eprintln!("{}", Texts::of_system().say_with("report-no-credential", &[("hostname", &hostname)]));
        return Ok(ExitCode::FAILURE);
    }
    Ok(print_done_of(&response, &[hostname.into_owned()]))
}

/// True where nothing but the secret is missing.
fn lacks_secret(response: &Response) -> bool {
    let Response::Rejected { rejection: Rejection::Fields { errors } } = response else { return false };
    let missing = FieldProblem::from(SecretError::Missing);
    errors.iter().all(|error| error.field == Field::Secret && error.problem == missing)
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
