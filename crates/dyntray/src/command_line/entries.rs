//! `dyntray add`, `remove` and `token set`: each changes one entry.

use std::process::ExitCode;

use dyntray_control::{Request, Response, SaveRequest, SecretChange};
use dyntray_core::settings::LoginKind;
use dyntray_core::settings::form::{EntryForm, Form};
use dyntray_core::settings::providers;
use dyntray_core::types::hostname::Hostname;
use dyntray_texts::Texts;

use super::backend::Backend;
use super::print::print_done_of;
use super::secret;
use crate::start_error::StartError;

/// What `dyntray add` says of a new host name. Its secret is read, unless systemd has it.
pub(super) struct NewHost<'a> {
    pub(super) hostname: &'a str,
    pub(super) service: Option<&'a str>,
    pub(super) server: Option<&'a str>,
    pub(super) user: Option<&'a str>,
    pub(super) has_credential: bool,
}

/// Gives an entry another secret, as the lost-token page does.
pub(super) async fn set_secret(peer: &mut Backend, hostname: &str) -> Result<ExitCode, StartError> {
    let form = form(peer).await?;
    let Some(entry) = find(&form, hostname).and_then(|index| form.entries[index].id) else {
        return Ok(no_such_host(hostname));
    };
    let secret = secret::read(hostname, &Texts::of_system())?;
    let answer = peer.ask(&Request::SetSecret { entry, secret }).await?;
    Ok(print_done_of(&answer, &hostnames(&form)))
}

/// Takes an entry out, with its secret.
pub(super) async fn remove(peer: &mut Backend, hostname: &str) -> Result<ExitCode, StartError> {
    let mut form = form(peer).await?;
    let Some(index) = find(&form, hostname) else {
        return Ok(no_such_host(hostname));
    };
    form.entries.remove(index);
    let secrets = vec![SecretChange::Keep; form.entries.len()];
    let hostnames = hostnames(&form);
    let answer = peer.ask(&Request::Save(SaveRequest { form, secrets })).await?;
    Ok(print_done_of(&answer, &hostnames))
}

/// Where the entry of a host name stands in the form, however the name is spelt.
fn find(form: &Form, hostname: &str) -> Option<usize> {
    let named = Hostname::parse(hostname).ok()?;
    form.entries.iter().position(|entry| Hostname::parse(&entry.hostname).is_ok_and(|host| host == named))
}

fn no_such_host(hostname: &str) -> ExitCode {
    eprintln!("{}", Texts::of_system().say_with("refusal-no-such-host", &[("hostname", hostname)]));
    ExitCode::FAILURE
}

/// Takes a new host name in, with its secret.
pub(super) async fn add(peer: &mut Backend, new: &NewHost<'_>) -> Result<ExitCode, StartError> {
    let mut form = form(peer).await?;
    let mut entry = match begin(new) {
        Ok(entry) => EntryForm { hostname: new.hostname.to_owned(), ..entry },
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
    form.entries.push(entry);
    secrets.push(if new.has_credential {
        SecretChange::Keep
    } else {
        SecretChange::Replace { secret: secret::read(new.hostname, &Texts::of_system())? }
    });
    let hostnames = hostnames(&form);
    let answer = peer.ask(&Request::Save(SaveRequest { form, secrets })).await?;
    Ok(print_done_of(&answer, &hostnames))
}

fn hostnames(form: &Form) -> Vec<String> {
    form.entries.iter().map(|entry| entry.hostname.clone()).collect()
}

/// The entry of the service that was named, or that host names like this one belong to. The error is an unknown service.
fn begin<'a>(new: &NewHost<'a>) -> Result<EntryForm, &'a str> {
    let provider = match (new.service, new.server) {
        (Some(service), _) => Some(providers::by_id(service).ok_or(service)?),
        (None, Some(_)) => None,
        (None, None) => Hostname::parse(new.hostname).ok().and_then(|host| providers::by_hostname(&host)),
    };
    Ok(provider.map(providers::entry_of).unwrap_or_default())
}

pub(super) async fn form(peer: &mut Backend) -> Result<Form, StartError> {
    match peer.ask(&Request::Form).await? {
        Response::Form { form } => Ok(form),
        _ => Err(StartError::NotUnderstood),
    }
}
