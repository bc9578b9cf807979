//! The update endpoint `/nic/update`: the dyndns2 protocol with SPDYN's return codes.

use std::sync::Arc;

use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use rusqlite::Connection;

use crate::accounts;
use crate::connection::Caller;
use crate::course::{self, Course};
use crate::error::SandboxError;
use crate::fault::Target;
use crate::hashing;
use crate::hosts::{self, Addresses, HostState};
use crate::locks;
use crate::return_code::Code;
use crate::service::{Service, now_ms};
use crate::store::{self, Count};
use crate::update_log::{self, LoggedUpdate};
use crate::update_request::{Login, MyIp, UpdateRequest};

/// The longest list of host names.
const LONGEST_LIST: usize = 20;

/// Whom a login turned out to be.
enum Who {
    /// The account with this id.
    Account(i64),
    /// The token of this host.
    Token(i64),
}

/// Answers one update request. What fails inside the sandbox is `911`: come back later.
pub(crate) async fn answer(
    service: State<Arc<Service>>,
    caller: ConnectInfo<Caller>,
    headers: HeaderMap,
    query: Query<Vec<(String, String)>>,
) -> Response {
    match reply(service, caller, headers, query).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "an update failed");
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1800")], "911").into_response()
        }
    }
}

async fn reply(
    State(service): State<Arc<Service>>,
    ConnectInfo(caller): ConnectInfo<Caller>,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, SandboxError> {
    let request = UpdateRequest::read(caller.ip(), &headers, &query);
    let stamp = match course::course(&service, Target::Update, &caller).await? {
        Course::Through(stamp) => stamp,
        Course::Diverted(response, code) => {
            service
                .blocking(move |service| service.store.with(|db| log(db, &request, &request.hostname, &code)))
                .await?;
            return Ok(response);
        }
    };
    let anonymous = request.login.is_none();
    let work = move |service: &Service| decide(service, &request);
    let lines = if anonymous { service.blocking(work).await? } else { service.hashing(work).await? };
    let text: Vec<_> = lines.iter().map(Code::to_string).collect();
    Ok(stamp.on(match lines.as_slice() {
        [Code::BadRequest] => (StatusCode::BAD_REQUEST, "myip can't be read").into_response(),
        // Only who sent nothing at all is asked for it; every other answer is in the body.
        [Code::Badauth] if anonymous => {
            let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"SPDYN sandbox\"")];
            (StatusCode::UNAUTHORIZED, challenge, text.join("\n")).into_response()
        }
        _ => text.join("\n").into_response(),
    }))
}

/// Works out the return codes, one for each host name or one for the whole request, and logs them.
fn decide(service: &Service, request: &UpdateRequest) -> Result<Vec<Code>, SandboxError> {
    let whole = |code: Code| {
        service.store.with(|db| log(db, request, &request.hostname, code.word()))?;
        Ok(vec![code])
    };
    let names = request.hostnames();
    let addresses = request.addresses();
    if request.user_agent.is_empty() {
        return whole(Code::Badagent);
    }
    if addresses == MyIp::Bad {
        return whole(Code::BadRequest);
    }
    if names.len() > LONGEST_LIST {
        return whole(Code::Numhost);
    }
    // The spelling is judged before the login: it needs no secret.
    if !names.iter().any(|name| hosts::is_fqdn(name)) {
        return whole(Code::Notfqdn);
    }
    let Some(login) = &request.login else {
        return whole(Code::Badauth);
    };
    let subject = locks::of_user(&login.user);
    if service.store.with(|db| locks::locked(db, &subject, now_ms()))? {
        return whole(Code::Abuse);
    }
    let Some(who) = authenticate(service, login)? else {
        let options = &service.options;
        service
            .store
            .with(|db| locks::strike(db, &subject, now_ms(), options.badauth_budget, options.lock_for))?;
        return whole(Code::Badauth);
    };
    service.store.with(|db| {
        count_request(db)?;
        names.iter().map(|name| one_host(db, service, request, &who, name, names.len())).collect()
    })
}

/// Finds out who is asking: the token of the host that is named as user, else the account of that name.
fn authenticate(service: &Service, login: &Login) -> Result<Option<Who>, SandboxError> {
    let name = login.user.to_ascii_lowercase();
    let hashes = service.store.with(|db| {
        let hosts = hosts::named(db, &name)?.into_iter();
        hosts
            .map(|host| Ok((host.id, hosts::token_hash(db, host.id)?)))
            .collect::<Result<Vec<_>, SandboxError>>()
    })?;
    for (host, hash) in hashes {
        if hash.is_some_and(|hash| hashing::matches(&login.secret, &hash)) {
            return Ok(Some(Who::Token(host)));
        }
    }
    let account = accounts::authenticate(service, &login.user, &login.secret)?;
    // A linked account accepts tokens only.
    Ok(account.filter(|account| !account.linked).map(|account| Who::Account(account.id)))
}

/// Updates one host name and logs it.
fn one_host(
    db: &Connection,
    service: &Service,
    request: &UpdateRequest,
    who: &Who,
    name: &str,
    names: usize,
) -> Result<Code, SandboxError> {
    let now = now_ms();
    let code = judge(db, service, request, who, name, names, now)?;
    if code == Code::Nochg {
        let (budget, lock_for) = (service.options.nochg_budget, service.options.lock_for);
        locks::strike(db, &locks::of_host(name), now, budget, lock_for)?;
    }
    append(db, request, name, code.word())?;
    Ok(code)
}

fn judge(
    db: &Connection,
    service: &Service,
    request: &UpdateRequest,
    who: &Who,
    name: &str,
    names: usize,
    now: i64,
) -> Result<Code, SandboxError> {
    if !hosts::is_fqdn(name) {
        return Ok(Code::Notfqdn);
    }
    let there = hosts::named(db, name)?;
    if there.is_empty() {
        return Ok(Code::Nohost);
    }
    let mut usable: Vec<HostState> = there
        .into_iter()
        .filter(|host| match who {
            Who::Account(account) => host.account == *account,
            Who::Token(token) => host.id == *token && names == 1, // no lists with tokens
        })
        .collect();
    if usable.is_empty() {
        return Ok(Code::NotYours);
    }
    let gap = service.options.shortest_gap;
    let hasty = gap.is_some_and(|gap| {
        update_log::last_of(db, name)
            .is_ok_and(|last| last.is_some_and(|last| i128::from(now - last) < gap.as_millis().cast_signed()))
    });
    if hasty || locks::locked(db, &locks::of_host(name), now)? {
        return Ok(Code::Abuse);
    }
    if let Who::Token(host) = who {
        hosts::token_used(db, *host, now)?;
    }
    usable.retain(|host| host.active);
    if usable.is_empty() {
        return Ok(Code::Fatal);
    }
    let wanted = wanted(request.addresses(), service.options.callers.seen(db, request.caller)?);
    publish(db, &usable, wanted, now)
}

/// What is to be published: what was asked for, seen from the connection's side.
fn wanted(asked: MyIp, connection: Addresses) -> Addresses {
    match asked {
        // A connection has one family; IPv4 where the line has it.
        MyIp::Absent | MyIp::Bad => match connection.ipv4 {
            Some(ipv4) => Addresses { ipv4: Some(ipv4), ipv6: None },
            None => connection,
        },
        MyIp::Given(Addresses { ipv4, ipv6 }) => {
            let ipv4 = ipv4.map(|ip| if ip.is_private() { connection.ipv4.unwrap_or(ip) } else { ip });
            Addresses { ipv4, ipv6 }
        }
    }
}

/// Publishes at those hosts whose records can hold it; a family that isn't named keeps its record, and so
/// does one that is switched off.
fn publish(db: &Connection, hosts: &[HostState], wanted: Addresses, now: i64) -> Result<Code, SandboxError> {
    let (mut taken, mut changed) = (Addresses::default(), false);
    for host in hosts {
        let new = host.keep(wanted);
        taken = taken.or(new);
        let merged = new.or(host.published);
        if merged != host.published {
            hosts::publish(db, host.id, merged, now)?;
            changed = true;
        }
    }
    Ok(match (taken.is_empty(), changed) {
        (true, _) if hosts.iter().any(|host| !host.records.keep(wanted).is_empty()) => Code::Fatal,
        (true, _) => Code::Nohost, // no record of that family there
        (false, true) => Code::Good(taken),
        (false, false) => Code::Nochg,
    })
}

/// Counts and logs a request that got one answer as a whole.
fn log(db: &Connection, request: &UpdateRequest, hostname: &str, code: &str) -> Result<(), SandboxError> {
    count_request(db)?;
    append(db, request, hostname, code)
}

fn count_request(db: &Connection) -> Result<(), SandboxError> {
    store::count_up(db, Count::Updates)
}

fn append(db: &Connection, request: &UpdateRequest, hostname: &str, code: &str) -> Result<(), SandboxError> {
    tracing::info!(hostname = hostname.escape_debug().to_string(), code, "update");
    let entry = LoggedUpdate {
        at: Timestamp::now(),
        hostname: hostname.to_owned(),
        myip: request.myip.clone(),
        user: request.login.as_ref().map(|login| login.user.clone()),
        user_agent: request.user_agent.clone(),
        code: code.to_owned(),
    };
    entry.append(db)
}
