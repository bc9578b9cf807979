//! Secrets come from a terminal, where they aren't shown, or from a pipe; never from the command line.

use std::io::{self, IsTerminal as _, Read as _};
use std::process::ExitCode;

use dyntray_control::{Answer, Request, SaveRequest, SecretChange};
use dyntray_core::form::{EntryForm, Form, LoginKind};
use dyntray_core::hostname::Hostname;
use dyntray_core::providers;
use dyntray_texts::Texts;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::Failure;
use super::peer::Peer;
use super::print::{print_done_of, texts_of_system};

/// No secret is longer, in bytes.
const LONGEST: usize = 4096;

/// What `dyntray add` says of a new host name beside its secret.
pub(super) struct NewHost<'a> {
    pub(super) hostname: &'a str,
    pub(super) service: Option<&'a str>,
    pub(super) server: Option<&'a str>,
    pub(super) user: Option<&'a str>,
}

/// Gives an entry another secret, as the lost-token page does.
pub(super) async fn set(peer: &mut Peer, hostname: &str) -> Result<ExitCode, Failure> {
    let texts = texts_of_system();
    let form = form(peer).await?;
    let named = Hostname::parse(hostname).ok();
    let is_it = |entry: &&EntryForm| named.is_some() && Hostname::parse(&entry.hostname).ok() == named;
    let Some(entry) = form.entries.iter().find(is_it).and_then(|entry| entry.id) else {
        eprintln!("{}", texts.say_with("refusal-no-such-host", &[("hostname", hostname)]));
        return Ok(ExitCode::FAILURE);
    };
    let secret = read(hostname, &texts)?;
    let answer = peer.ask(&Request::SetSecret { entry, secret }).await?;
    Ok(print_done_of(&answer, &hostnames(&form)))
}

/// Takes a new host name in, with its secret.
pub(super) async fn add(peer: &mut Peer, new: &NewHost<'_>) -> Result<ExitCode, Failure> {
    let mut form = form(peer).await?;
    let mut entry = match begin(new) {
        Ok(entry) => EntryForm { hostname: new.hostname.to_owned(), ..entry },
        Err(unknown) => {
            let known: Vec<&str> = providers::all().iter().map(|provider| provider.id.as_str()).collect();
            let words = [("service", unknown), ("known", &known.join(", "))];
            eprintln!("{}", texts_of_system().say_with("refusal-no-such-service", &words));
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
    secrets.push(SecretChange::Replace { secret: read(new.hostname, &texts_of_system())? });
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

pub(super) async fn form(peer: &mut Peer) -> Result<Form, Failure> {
    match peer.ask(&Request::Form).await? {
        Answer::Form { form } => Ok(form),
        _ => Err(Failure::NotUnderstood),
    }
}

/// The first line of standard input; at a terminal it is asked for, and not shown.
fn read(hostname: &str, texts: &Texts) -> Result<SecretString, Failure> {
    if io::stdin().is_terminal() {
        let question = texts.say_with("report-secret-ask", &[("hostname", hostname)]);
        return Ok(rpassword::prompt_password(format!("{question} "))?.into());
    }
    let mut text = Zeroizing::new(String::with_capacity(LONGEST));
    io::stdin().lock().take(LONGEST as u64).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().into())
}
