//! What the world's name servers answer for a host name: asked of the zone's own (authoritative) servers, never of
//! a cache, which may tell yesterday's address for as long as a record's time to live.
//!
//! The way: the zone's name servers are found through the system's resolver (`delegation`), each is asked directly
//! (`exchange`) without recursion, what it said is read (`answer`), and all of it is put together (`verdict`).
//! Sockets live for one question, and nothing stays in memory afterwards.

mod answer;
mod delegation;
mod exchange;
mod system;
mod verdict;

use std::net::SocketAddr;
use std::time::Duration;

use dyntray_core::observe::dns::{DnsAnswer, DnsProblem};
use dyntray_core::types::address::Family;
use dyntray_core::types::hostname::Hostname;
use hickory_proto::rr::Name;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

use answer::Told;
use exchange::{ExchangeError, Question, Recursion};

/// A whole check, from the first question to the last answer.
const LIMIT: Duration = Duration::from_secs(5);
/// The part of it in which the zone's name servers must be found.
const FINDING_LIMIT: Duration = Duration::from_secs(3);

/// Reads what may be a name server's message, by the code that reads it from the network, and tells nobody. It is here
/// for those who try to break it (`tests/fuzz`).
pub fn read_stranger(message: &[u8]) {
    let (Ok(message), Ok(name)) =
        (hickory_proto::op::Message::from_vec(message), Name::from_ascii("home.spdns.de."))
    else {
        return;
    };
    for family in Family::BOTH {
        let _ = answer::read(&message, &name, family);
        let _ = answer::resolved(&message, &name, family);
    }
    let _ = answer::name_servers(&message, &name);
}

/// Asks the zone's authoritative name servers for the A and AAAA records of `hostname`, or only `name_server` where
/// one is given (the sandbox, or a person's choice). Takes at most five seconds and never fails: what went wrong is
/// part of the answer.
///
/// - All that answered agree: [`DnsAnswer::Records`], sorted; empty where the name or the record doesn't exist. No more
///   than 16 a family are kept: a home has one.
/// - They differ: [`DnsProblem::Disagree`].
/// - The zone's name servers couldn't be found or resolved: [`DnsProblem::NoNameServers`].
/// - None answered in time: [`DnsProblem::NoAnswer`].
/// - None answered with authority, but some with an error, with a referral, with nonsense, or with an alias (CNAME)
///   that leads out of what they serve: [`DnsProblem::Refused`]. The last is nobody's error; the record asked for
///   is simply not theirs to tell. Aliases inside one answer are followed.
pub async fn check(hostname: &Hostname, name_server: Option<SocketAddr>) -> DnsAnswer {
    let deadline = Instant::now() + LIMIT;
    let Ok(name) = Name::from_ascii(format!("{hostname}.")) else {
        return DnsAnswer::CantVerify(DnsProblem::NoNameServers);
    };
    let servers = match name_server {
        Some(server) => vec![vec![server]],
        None => timeout(FINDING_LIMIT, delegation::find(&name)).await.unwrap_or_default(),
    };
    if servers.is_empty() {
        return DnsAnswer::CantVerify(DnsProblem::NoNameServers);
    }
    let answer = verdict::of(ask_all(servers, &name, deadline).await);
    tracing::debug!(%hostname, ?answer, "name servers asked");
    answer
}

/// Asks all servers at once. Each is given by its addresses: whichever answers first speaks for it.
async fn ask_all(servers: Vec<Vec<SocketAddr>>, name: &Name, deadline: Instant) -> Vec<Told> {
    let mut asked: JoinSet<Told> = servers
        .into_iter()
        .map(|addresses| {
            let name = name.clone();
            async move { timeout_at(deadline, ask(&addresses, &name)).await.unwrap_or(Told::Nothing) }
        })
        .collect();
    let mut told = Vec::new();
    while let Some(ended) = asked.join_next().await {
        told.push(ended.unwrap_or(Told::Nothing));
    }
    told
}

async fn ask(addresses: &[SocketAddr], name: &Name) -> Told {
    let of = |family| async move {
        let question = Question::addresses(name.clone(), family, Recursion::Off);
        match exchange::ask_any(addresses, &question, |_| true).await {
            Ok(message) => answer::read(&message, name, family),
            Err(ExchangeError::Refused) => answer::Read::Refused,
            Err(ExchangeError::Silent) => answer::Read::Nothing,
        }
    };
    let (ipv4, ipv6) = tokio::join!(of(Family::Ipv4), of(Family::Ipv6));
    Told::from_both(ipv4, ipv6)
}
