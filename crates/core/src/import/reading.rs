//! Collects the contents of a file: each candidate becomes an entry, or is left out with its reason.

use std::collections::BTreeSet;

use super::found::{Found, Import, ImportSource, LeftOut, LeftOutWhy, MOST_ENTRIES, MOST_LEFT_OUT};
use crate::protocol::dialect::Families;
use crate::settings::LoginKind;
use crate::settings::Records;
use crate::settings::form::EntryForm;
use crate::settings::providers::{LoginStyle, Provider, by_server};
use crate::types::address::Family;
use crate::types::hostname::{Hostname, HostnameError};
use crate::types::server::{SPDYN_SERVER, WebAddress};
use crate::types::token::{SecretError, TokenShape, check_secret, shape, tidy};

/// The longest name of a protocol or service that is repeated.
const LONGEST_NAME: usize = 40;

/// A possible entry, in a file's own words.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Candidate<'a> {
    pub(super) line: u32,
    pub(super) hostname: &'a str,
    pub(super) user: &'a str,
    pub(super) secret: &'a str,
    pub(super) server: Option<&'a str>,
    pub(super) protocol: Records,
    pub(super) address_from: Seen,
}

/// The place where the other program saw its address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Seen {
    /// Outside, by a web service or a router.
    #[default]
    Web,
    /// At an interface of its machine.
    Interface,
}

/// The contents of a file, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    found: Vec<Found>,
    left_out: Vec<LeftOut>,
    left_out_more: u32,
    kept: BTreeSet<(Hostname, String, Family)>,
}

impl Reading {
    /// Takes a candidate, or leaves it out.
    pub(super) fn offer(&mut self, candidate: Candidate<'_>) {
        let host = match Hostname::parse(candidate.hostname) {
            Ok(host) => host,
            Err(error) => {
                let is_missing = error == HostnameError::Missing || is_placeholder(candidate.hostname);
                let why = if is_missing { LeftOutWhy::NoHostname } else { LeftOutWhy::NotAHostname };
                return self.leave_out(candidate.line, "", why);
            }
        };
        if let Err(why) = self.accept(&candidate, &host) {
            self.leave_out(candidate.line, host.as_str(), why);
        }
    }

    fn accept(&mut self, candidate: &Candidate<'_>, host: &Hostname) -> Result<(), LeftOutWhy> {
        if self.found.len() >= MOST_ENTRIES {
            return Err(LeftOutWhy::TooMany);
        }
        let secret = tidy(candidate.secret);
        check_found_secret(secret)?;
        let server = WebAddress::parse_server(&encrypted(candidate.server.unwrap_or(SPDYN_SERVER)))
            .map_err(|_| LeftOutWhy::NotAServer)?;
        let (login, user) = login(candidate.user, host, secret, &server)?;
        let known = by_server(&server).filter(|known| fits(known, login, candidate.protocol));
        let (login, user) = match known.map(|known| known.login) {
            Some(LoginStyle::Host | LoginStyle::Token) => (LoginKind::Token, String::new()),
            _ => (login, user),
        };
        let protocol = match known.map(|known| known.families) {
            Some(Families::Ipv4Only) => Records::Ipv4,
            _ => candidate.protocol,
        };
        let mut keep = |family| self.kept.insert((host.clone(), server.authority().to_owned(), family));
        // Not `any`, which would stop at the first: every family must be kept.
        if protocol.families().filter(|family| !keep(*family)).count() > 0 {
            return Err(LeftOutWhy::Twice);
        }
        self.found.push(Found {
            line: candidate.line,
            form: EntryForm {
                hostname: host.to_string(),
                login,
                user,
                // In a form, SPDYN is named by its server alone.
                provider: known
                    .filter(|_| !server.is_spdyn())
                    .map_or_else(String::new, |known| known.id.clone()),
                server: known.map_or_else(|| in_short(&server), |known| known.server.clone()),
                webresolver: candidate.address_from == Seen::Web,
                protocol,
                ..EntryForm::default()
            },
            secret: secret.into(),
            names_server: candidate.server.is_some(),
        });
        Ok(())
    }

    /// Notes a part that can't be used. `what` is a host name, or the name of a protocol or service.
    pub(super) fn leave_out(&mut self, line: u32, what: &str, why: LeftOutWhy) {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
        let is_host = Hostname::parse(what).is_ok();
        let is_shown = is_host || (what.len() <= LONGEST_NAME && what.chars().all(is_name));
        let what = if is_shown { what.to_owned() } else { String::new() };
        self.note(LeftOut { line: Some(line), what, why });
    }

    /// Notes that the whole file can't be used.
    pub(super) fn leave_out_file(&mut self, why: LeftOutWhy) {
        self.note(LeftOut { line: None, what: String::new(), why });
    }

    fn note(&mut self, left_out: LeftOut) {
        if self.left_out.len() < MOST_LEFT_OUT {
            self.left_out.push(left_out);
        } else {
            self.left_out_more = self.left_out_more.saturating_add(1);
        }
    }

    /// Ends the reading.
    pub(super) fn finish(mut self, source: ImportSource) -> Import {
        if self.found.is_empty() && self.left_out.is_empty() {
            self.leave_out_file(LeftOutWhy::NotRecognised);
        }
        Import { source, found: self.found, left_out: self.left_out, left_out_more: self.left_out_more }
    }
}

fn check_found_secret(secret: &str) -> Result<(), LeftOutWhy> {
    if is_placeholder(secret) {
        return Err(LeftOutWhy::Placeholder);
    }
    if shape(secret) == TokenShape::MoveToken {
        return Err(LeftOutWhy::MoveToken);
    }
    match check_secret(secret) {
        Ok(()) => Ok(()),
        Err(SecretError::Missing) => Err(LeftOutWhy::NoSecret),
        Err(SecretError::Character) => Err(LeftOutWhy::NotASecret),
    }
}

/// True when an entry with this login and these records can be one of this service.
fn fits(provider: &Provider, login: LoginKind, protocol: Records) -> bool {
    let fits_login = match provider.login {
        LoginStyle::Either | LoginStyle::Token => true,
        LoginStyle::Host => login == LoginKind::Token,
        LoginStyle::Account => login == LoginKind::Account,
    };
    fits_login && (provider.families != Families::Ipv4Only || protocol.covers(Family::Ipv4))
}

/// The kind of login, and an account's user. With a token the user is the host name; SPDYN's tokens are known by
/// their shape, whatever the file says.
fn login(
    user: &str,
    host: &Hostname,
    secret: &str,
    server: &WebAddress,
) -> Result<(LoginKind, String), LeftOutWhy> {
    let user = user.trim();
    let is_token = user.is_empty()
        || is_placeholder(user)
        || Hostname::parse(user).as_ref() == Ok(host)
        || (server.is_spdyn() && shape(secret) == TokenShape::UpdateToken);
    if is_token {
        Ok((LoginKind::Token, String::new()))
    } else if user.contains(':') || user.chars().any(char::is_control) {
        Err(LeftOutWhy::NotAUser)
    } else {
        Ok((LoginKind::Account, user.to_owned()))
    }
}

/// True for text such as `<passwd>`, which a router fills in.
pub(super) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    text.len() > 2 && text.starts_with('<') && text.ends_with('>')
}

/// The server without `http://`. Other programs may send without encryption, Dyntray only to this machine itself.
fn encrypted(server: &str) -> String {
    let server = server.trim();
    match server.split_at_checked("http://".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http://") => {
            // Port 80 was the unencrypted one.
            let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
            format!("{}{path}", authority.strip_suffix(":80").unwrap_or(authority))
        }
        _ => server.to_owned(),
    }
}

/// The server as a person would type it.
fn in_short(server: &WebAddress) -> String {
    let authority = server.authority();
    let is_enough = WebAddress::parse_server(authority).as_ref() == Ok(server);
    if is_enough { authority.to_owned() } else { server.to_string() }
}
