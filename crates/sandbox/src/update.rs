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
use crate::connection::{Peer, network_of};
use crate::error::SandboxError;
use crate::fault::Target;
use crate::fault_injection::{self, Injection};
use crate::hashing::{self, Cost};
use crate::hosts::{self, HostState};
use crate::locks::{self, Guess, Guessing};
use crate::login_name::key_of;
use crate::return_code::ReturnCode;
use crate::service::Service;
use crate::store::{self, Counter};
use crate::token::TokenKind;
use crate::update_log::{self, LoggedUpdate, Subject};
use crate::update_request::{Credentials, MyIp, UpdateRequest};

/// The largest number of host names in a request.
const MAX_HOST_NAMES: usize = 20;

/// The largest number of hosts of one name: an A and an AAAA host.
const MAX_HOSTS_OF_A_NAME: usize = 2;

/// The authenticated sender of a request.
enum Principal {
    /// The account with this id.
    Account(i64),
    /// The token of this host.
    Token(i64),
}

impl Principal {
    /// Returns true if the sender of a request with this number of host names may update the host.
    fn may_update(&self, host: &HostState, names: usize) -> bool {
        match self {
            Self::Account(account) => host.account == *account,
            Self::Token(token) => host.id == *token && names == 1, // no lists with tokens
        }
    }
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
            service.blocking(move |service| service.store.with(|db| log(db, &request, &code))).await?;
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
        service.store.with(|db| log(db, request, code.word()))?;
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
    let guess = Guess::new(Guessing::Updates, &credentials.user, network_of(request.peer));
    if service.store.with(|db| guess.is_stopped(db, now_ms()))? {
        return whole(ReturnCode::Abuse);
    }
    let Some(principal) = authenticate(service, credentials)? else {
        let (now, options) = (now_ms(), &service.options);
        let locked = service.store.with(|db| guess.was_wrong(db, now, options.badauth_threshold, options))?;
        return whole(if locked { ReturnCode::Abuse } else { ReturnCode::Badauth });
    };
    service.store.with(|db| {
        guess.was_right(db)?;
        count_request(db)?;
        names.iter().map(|name| update_host(db, service, request, &principal, name, names.len())).collect()
    })
}

/// Authenticates a request: by the token of the host that is named as user, else by the account of that name. Whatever is
/// wrong takes the same time.
fn authenticate(service: &Service, credentials: &Credentials) -> Result<Option<Principal>, SandboxError> {
    let Credentials { user, secret } = credentials;
    let hashes = service.store.with(|db| {
        let hosts = hosts::named(db, &key_of(user))?.into_iter();
        hosts
            .map(|host| Ok((host.id, hosts::token_hash(db, host.id, TokenKind::Update)?)))
            .collect::<Result<Vec<_>, SandboxError>>()
    })?;
    for at in 0..MAX_HOSTS_OF_A_NAME {
        let (host, hash) = hashes.get(at).cloned().unzip();
        if hashing::matches(Cost::Token, secret, hash.flatten().as_deref())? {
            return Ok(host.map(Principal::Token));
        }
    }
    let account = accounts::authenticate(service, user, secret)?;
    // A linked account accepts tokens only, and so do those who may only look at its hosts.
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
    let hosts = if hosts::is_fqdn(name) { hosts::named(db, name)? } else { Vec::new() };
    let usable: Vec<HostState> =
        hosts.iter().filter(|host| principal.may_update(host, names)).cloned().collect();
    let code = match (hosts::is_fqdn(name), hosts.is_empty(), usable.is_empty()) {
        (false, _, _) => ReturnCode::Notfqdn,
        (true, true, _) => ReturnCode::Nohost,
        (true, false, true) => ReturnCode::NotYours,
        (true, false, false) => update_records(db, service, request, principal, name, &usable, now)?,
    };
    if let ReturnCode::Nochg(_) = code {
        let (threshold, duration) = (service.options.nochg_threshold, service.options.lock_duration);
        locks::strike(db, &locks::of_host(name), now, threshold, duration)?;
    }
    let own = usable.first().map(|host| Subject { host, own: true });
    append(db, request, name, code.word(), own.or(hosts.first().map(|host| Subject { host, own: false })))?;
    Ok(code)
}

/// Checks that the hosts of a name, which the sender may update, may be updated now, and publishes their addresses.
fn update_records(
    db: &Connection,
    service: &Service,
    request: &UpdateRequest,
    principal: &Principal,
    name: &str,
    usable: &[HostState],
    now: i64,
) -> Result<ReturnCode, SandboxError> {
    if locks::locked(db, &locks::of_host(name), now)? {
        return Ok(ReturnCode::Abuse);
    }
    if let Principal::Token(host) = principal {
        hosts::mark_token_used(db, *host, now)?;
    }
    let active: Vec<HostState> = usable.iter().filter(|host| host.active).cloned().collect();
    if active.is_empty() {
        return Ok(ReturnCode::Fatal);
    }
    let wanted = wanted(request.addresses(), service.options.client_addresses.of(db, request.peer)?);
    publish(db, &active, wanted, now)
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
        (false, false) => ReturnCode::Nochg(accepted),
    })
}

/// Counts and logs a request that gets one answer as a whole.
fn log(db: &Connection, request: &UpdateRequest, code: &str) -> Result<(), SandboxError> {
    count_request(db)?;
    let hosts = hosts::named(db, &request.hostname)?;
    let subject = hosts.first().map(|host| Subject { host, own: false });
    append(db, request, &request.hostname, code, subject)
}

fn count_request(db: &Connection) -> Result<(), SandboxError> {
    store::increment(db, Counter::Updates)
}

fn append(
    db: &Connection,
    request: &UpdateRequest,
    hostname: &str,
    code: &str,
    subject: Option<Subject<'_>>,
) -> Result<(), SandboxError> {
    let shown = if subject.is_some() { hostname.to_owned() } else { update_log::masked(hostname) };
    tracing::info!(hostname = shown.escape_debug().to_string(), code = update_log::masked(code), "update");
    let entry = LoggedUpdate {
        at: Timestamp::now(),
        hostname: hostname.to_owned(),
        myip: request.myip.clone(),
        user: request.credentials.as_ref().map(|credentials| credentials.user.clone()),
        user_agent: request.user_agent.clone(),
        code: code.to_owned(),
    };
    entry.append(db, subject)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails")]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::sync::watch;

    use super::*;
    use crate::fault::Faults;
    use crate::hash_queue::HashQueue;
    use crate::hosts::Records;
    use crate::options::Options;
    use crate::store::Store;

    #[test]
    fn a_wrong_secret_takes_the_same_time_whatever_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let options = Options::new(dir.path());
        let store = Store::open(&options.dir).unwrap();
        let (_stop, stopping) = watch::channel(false);
        let service = Service {
            hash_queue: HashQueue::new(1),
            faults: Arc::new(Faults::default()),
            options,
            store,
            stopping,
        };
        let network = Ipv4Addr::LOCALHOST.into();
        assert!(accounts::register(&service, network, "anna", "correct horse").unwrap().is_ok());
        let hash = hashing::hash(Cost::Token, "abcd-efgh-ijkl").unwrap();
        service
            .store
            .with(|db| {
                let account = accounts::for_seeding(db)?;
                for (name, records) in [
                    ("none.spdns.de", Records::Both),
                    ("one.spdns.de", Records::Both),
                    ("two.spdns.de", Records::A),
                    ("two.spdns.de", Records::Aaaa),
                ] {
                    hosts::add(db, account, name, records)?;
                }
                for host in hosts::all(db, None)?.iter().filter(|host| host.name != "none.spdns.de") {
                    hosts::set_token(db, host.id, TokenKind::Update, &hash)?;
                }
                Ok(())
            })
            .unwrap();
        let users =
            ["none.spdns.de", "one.spdns.de", "two.spdns.de", "gone.spdns.de", "anna", "demo", "nobody"];
        for user in users {
            hashing::tests::computed();
            let credentials = Credentials { user: user.to_owned(), secret: "aaaa-bbbb-cccc".to_owned() };
            assert!(authenticate(&service, &credentials).unwrap().is_none());
            assert_eq!(hashing::tests::computed(), (1, 2), "{user}");
        }
    }
}
