//! The update endpoint `/nic/update`: the dyndns2 protocol with SPDYN's return codes.

use std::sync::Arc;

use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use rusqlite::Connection;

use crate::accounts;
use crate::addresses::Addresses;
use crate::clock::now_ms;
use crate::connection::Peer;
use crate::error::SandboxError;
use crate::fault::Target;
use crate::fault_injection::{self, Injection};
use crate::hashing;
use crate::hosts::{self, HostState};
use crate::locks;
use crate::return_code::ReturnCode;
use crate::service::Service;
use crate::store::{self, Counter};
use crate::update_log::{self, LoggedUpdate};
use crate::update_request::{Credentials, MyIp, UpdateRequest};

/// The largest number of host names in a request.
const MAX_HOST_NAMES: usize = 20;

/// The authenticated sender of a request.
enum Principal {
    /// The account with this id.
    Account(i64),
    /// The token of this host.
    Token(i64),
}

/// Answers one update request. A failure of the sandbox itself is `911`: try again later.
pub(crate) async fn answer(
    service: State<Arc<Service>>,
    peer: ConnectInfo<Peer>,
    headers: HeaderMap,
    query: Query<Vec<(String, String)>>,
) -> Response {
    match reply(service, peer, headers, query).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "an update failed");
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1800")], "911").into_response()
        }
    }
}

async fn reply(
    State(service): State<Arc<Service>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, SandboxError> {
    let request = UpdateRequest::read(peer.ip(), &headers, &query);
    let date = match fault_injection::inject(&service, Target::Update, &peer).await? {
        Injection::PassThrough(date) => date,
        Injection::Replaced { response, code } => {
            service
                .blocking(move |service| service.store.with(|db| log(db, &request, &request.hostname, &code)))
                .await?;
            return Ok(response);
        }
    };
    let anonymous = request.credentials.is_none();
    let work = move |service: &Service| decide(service, &request);
    let lines = if anonymous { service.blocking(work).await? } else { service.hashing(work).await? };
    let text: Vec<_> = lines.iter().map(ReturnCode::to_string).collect();
    Ok(date.apply(match lines.as_slice() {
        [ReturnCode::BadRequest] => (StatusCode::BAD_REQUEST, "myip can't be read").into_response(),
        // Only a request without any credentials gets a challenge; every other answer is in the body.
        [ReturnCode::Badauth] if anonymous => {
            let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"SPDYN sandbox\"")];
            (StatusCode::UNAUTHORIZED, challenge, text.join("\n")).into_response()
        }
        _ => text.join("\n").into_response(),
    }))
}

/// Decides on the return codes, one for each host name or one for the whole request, and logs them.
fn decide(service: &Service, request: &UpdateRequest) -> Result<Vec<ReturnCode>, SandboxError> {
    let whole = |code: ReturnCode| {
        service.store.with(|db| log(db, request, &request.hostname, code.word()))?;
        Ok(vec![code])
    };
    let names = request.hostnames();
    let addresses = request.addresses();
    if request.user_agent.is_empty() {
        return whole(ReturnCode::Badagent);
    }
    if addresses == MyIp::Malformed {
        return whole(ReturnCode::BadRequest);
    }
    if names.len() > MAX_HOST_NAMES {
        return whole(ReturnCode::Numhost);
    }
    // Host names are checked before the credentials, since that needs no secret.
    if !names.iter().any(|name| hosts::is_fqdn(name)) {
        return whole(ReturnCode::Notfqdn);
    }
    let Some(credentials) = &request.credentials else {
        return whole(ReturnCode::Badauth);
    };
    let subject = locks::of_user(&credentials.user);
    if service.store.with(|db| locks::locked(db, &subject, now_ms()))? {
        return whole(ReturnCode::Abuse);
    }
    let Some(principal) = authenticate(service, credentials)? else {
        let options = &service.options;
        service.store.with(|db| {
            locks::strike(db, &subject, now_ms(), options.badauth_threshold, options.lock_duration)
        })?;
        return whole(ReturnCode::Badauth);
    };
    service.store.with(|db| {
        count_request(db)?;
        names.iter().map(|name| update_host(db, service, request, &principal, name, names.len())).collect()
    })
}

/// Authenticates a request: by the token of the host that is named as user, else by the account of that name.
fn authenticate(service: &Service, credentials: &Credentials) -> Result<Option<Principal>, SandboxError> {
    let name = credentials.user.to_ascii_lowercase();
    let hashes = service.store.with(|db| {
        let hosts = hosts::named(db, &name)?.into_iter();
        hosts
            .map(|host| Ok((host.id, hosts::token_hash(db, host.id)?)))
            .collect::<Result<Vec<_>, SandboxError>>()
    })?;
    for (host, hash) in hashes {
        if hash.is_some_and(|hash| hashing::matches(&credentials.secret, &hash)) {
            return Ok(Some(Principal::Token(host)));
        }
    }
    let account = accounts::authenticate(service, &credentials.user, &credentials.secret)?;
    // A linked account accepts tokens only.
    Ok(account.filter(|account| !account.linked).map(|account| Principal::Account(account.id)))
}

/// Updates one host name and logs the answer.
fn update_host(
    db: &Connection,
    service: &Service,
    request: &UpdateRequest,
    principal: &Principal,
    name: &str,
    names: usize,
) -> Result<ReturnCode, SandboxError> {
    let now = now_ms();
    let code = update_records(db, service, request, principal, name, names, now)?;
    if code == ReturnCode::Nochg {
        let (threshold, duration) = (service.options.nochg_threshold, service.options.lock_duration);
        locks::strike(db, &locks::of_host(name), now, threshold, duration)?;
    }
    append(db, request, name, code.word())?;
    Ok(code)
}

/// Checks that the sender may update a host name now, and publishes its addresses.
fn update_records(
    db: &Connection,
    service: &Service,
    request: &UpdateRequest,
    principal: &Principal,
    name: &str,
    names: usize,
    now: i64,
) -> Result<ReturnCode, SandboxError> {
    if !hosts::is_fqdn(name) {
        return Ok(ReturnCode::Notfqdn);
    }
    let existing = hosts::named(db, name)?;
    if existing.is_empty() {
        return Ok(ReturnCode::Nohost);
    }
    let mut usable: Vec<HostState> = existing
        .into_iter()
        .filter(|host| match principal {
            Principal::Account(account) => host.account == *account,
            Principal::Token(token) => host.id == *token && names == 1, // no lists with tokens
        })
        .collect();
    if usable.is_empty() {
        return Ok(ReturnCode::NotYours);
    }
    let interval = service.options.min_update_interval;
    let too_soon = interval.is_some_and(|interval| {
        update_log::last_of(db, name).is_ok_and(|last| {
            last.is_some_and(|last| i128::from(now - last) < interval.as_millis().cast_signed())
        })
    });
    if too_soon || locks::locked(db, &locks::of_host(name), now)? {
        return Ok(ReturnCode::Abuse);
    }
    if let Principal::Token(host) = principal {
        hosts::mark_token_used(db, *host, now)?;
    }
    usable.retain(|host| host.active);
    if usable.is_empty() {
        return Ok(ReturnCode::Fatal);
    }
    let wanted = wanted(request.addresses(), service.options.client_addresses.of(db, request.peer)?);
    publish(db, &usable, wanted, now)
}

/// The addresses to publish. The connection's stand in for a missing or private one.
fn wanted(requested: MyIp, connection: Addresses) -> Addresses {
    match requested {
        // A connection has one family: IPv4 if the WAN has it.
        MyIp::Absent | MyIp::Malformed => match connection.ipv4 {
            Some(ipv4) => Addresses { ipv4: Some(ipv4), ipv6: None },
            None => connection,
        },
        MyIp::Given(Addresses { ipv4, ipv6 }) => {
            let ipv4 = ipv4.map(|ip| if ip.is_private() { connection.ipv4.unwrap_or(ip) } else { ip });
            Addresses { ipv4, ipv6 }
        }
    }
}

/// Publishes addresses at those hosts whose records can hold them. A family that isn't requested keeps its record,
/// and so does one that is switched off.
fn publish(
    db: &Connection,
    hosts: &[HostState],
    wanted: Addresses,
    now: i64,
) -> Result<ReturnCode, SandboxError> {
    let (mut accepted, mut changed) = (Addresses::default(), false);
    for host in hosts {
        let new = host.keep(wanted);
        accepted = accepted.or(new);
        let merged = new.or(host.published);
        if merged != host.published {
            hosts::publish(db, host.id, merged, now)?;
            changed = true;
        }
    }
    Ok(match (accepted.is_empty(), changed) {
        (true, _) if hosts.iter().any(|host| !host.records.keep(wanted).is_empty()) => ReturnCode::Fatal,
        (true, _) => ReturnCode::Nohost, // no record of that family there
        (false, true) => ReturnCode::Good(accepted),
        (false, false) => ReturnCode::Nochg,
    })
}

/// Counts and logs a request that gets one answer as a whole.
fn log(db: &Connection, request: &UpdateRequest, hostname: &str, code: &str) -> Result<(), SandboxError> {
    count_request(db)?;
    append(db, request, hostname, code)
}

fn count_request(db: &Connection) -> Result<(), SandboxError> {
    store::increment(db, Counter::Updates)
}

fn append(db: &Connection, request: &UpdateRequest, hostname: &str, code: &str) -> Result<(), SandboxError> {
    tracing::info!(hostname = hostname.escape_debug().to_string(), code, "update");
    let entry = LoggedUpdate {
        at: Timestamp::now(),
        hostname: hostname.to_owned(),
        myip: request.myip.clone(),
        user: request.credentials.as_ref().map(|credentials| credentials.user.clone()),
        user_agent: request.user_agent.clone(),
        code: code.to_owned(),
    };
    entry.append(db)
}
