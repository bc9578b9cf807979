//! The entry that a candidate becomes.

use std::net::IpAddr;

use super::candidate::{Candidate, Seen};
use super::found::{LeftOutWhy, RemarkWhat};
use super::name::is_placeholder;
use super::own_url;
use super::server::in_short;
use crate::protocol::dialect::Families;
use crate::settings::LoginKind;
use crate::settings::Records;
use crate::settings::form::{AddressChoice, EntryForm, OWN_URL};
use crate::settings::providers::{LoginStyle, Provider, at_server};
use crate::types::address::{Family, PublicAddress};
use crate::types::hostname::Hostname;
use crate::types::server::{SPDYN_SERVER, WebAddress};
use crate::types::token::{SecretError, TokenShape, check_secret, shape};

/// The entry of a service that is known, of a request of its own, or of a server that speaks dyndns2.
pub(super) fn form(
    candidate: &Candidate<'_>,
    host: &Hostname,
    server: &WebAddress,
    login: LoginKind,
    user: String,
) -> Result<EntryForm, LeftOutWhy> {
    let protocol = candidate.protocol;
    let entry = EntryForm { hostname: host.to_string(), login, user, protocol, ..EntryForm::default() };
    if let Some(known) = at_server(server).find(|known| fits(known, login, protocol)) {
        let is_token = matches!(known.login, LoginStyle::Host | LoginStyle::Token);
        return Ok(EntryForm {
            login: if is_token { LoginKind::Token } else { login },
            user: if is_token { String::new() } else { entry.user },
            // In a form, SPDYN is named by its server alone.
            provider: if server.is_spdyn() { String::new() } else { known.id.clone() },
            server: known.server.clone(),
            protocol: if known.families == Families::Ipv4Only { Records::Ipv4 } else { protocol },
            ..entry
        });
    }
    let Some(request) = candidate.request else {
        return Ok(EntryForm { server: in_short(server), ..entry });
    };
    let url = own_url::build(candidate.server.unwrap_or(SPDYN_SERVER), request);
    let update_url = url.ok_or(LeftOutWhy::OtherProtocol)?;
    Ok(EntryForm { provider: OWN_URL.to_owned(), server: server.authority().to_owned(), update_url, ..entry })
}

/// Puts the place of the address into an entry.
pub(super) fn seen_into(form: &mut EntryForm, candidate: &mut Candidate<'_>) {
    match candidate.address_from {
        Seen::Web => {}
        Seen::Interface => form.webresolver = false,
        Seen::Fixed(ipv4, ipv6) => {
            let is_public = |family: Family| {
                let typed = if family == Family::Ipv4 { ipv4 } else { ipv6 };
                let address = typed.trim().parse::<IpAddr>().ok().filter(|ip| Family::of(*ip) == family);
                address.is_some_and(|ip| PublicAddress::try_from(ip).is_ok())
            };
            if form.protocol.families().all(is_public) {
                form.address_from = AddressChoice::Fixed;
                ipv4.trim().clone_into(&mut form.fixed_ipv4);
                ipv6.trim().clone_into(&mut form.fixed_ipv6);
            } else {
                candidate.remarks.push(RemarkWhat::OtherSource);
            }
        }
    }
}

/// SPDYN's tokens have one shape, and so have those of its sandbox on this machine. What only looks like it is explained.
pub(super) fn remark_on_token(form: &EntryForm, server: &WebAddress, secret: &str) -> Option<RemarkWhat> {
    let is_spdyn = server.is_spdyn() || server.is_loopback();
    if !is_spdyn || form.login != LoginKind::Token {
        return None;
    }
    match shape(secret) {
        TokenShape::Misspelt => Some(RemarkWhat::TokenMisspelt),
        TokenShape::Unfinished => Some(RemarkWhat::TokenUnfinished),
        TokenShape::Empty | TokenShape::UpdateToken | TokenShape::MoveToken | TokenShape::Other => None,
    }
}

/// Refuses what can't be an entry's secret.
pub(super) fn check_found_secret(secret: &str) -> Result<(), LeftOutWhy> {
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
pub(super) fn login(
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
