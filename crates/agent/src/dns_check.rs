//! Asks the authoritative name servers of a zone for the addresses of a host name. A caching resolver isn't asked, because
//! it may answer with an old address until the record's TTL ends.
//!
//! The zone's name servers are found through the system's resolver (`delegation`). Each is asked directly and without
//! recursion (`exchange`), its answer is read (`answer`), and all answers are combined (`verdict`). A socket is used for
//! one query, and nothing stays in memory afterwards.

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

use self::answer::{FamilyAnswer, ServerAnswer};
use self::exchange::{ExchangeError, Question, Recursion};

/// The time limit of a whole check.
const LIMIT: Duration = Duration::from_secs(5);
/// The time limit for finding the zone's name servers.
const FINDING_LIMIT: Duration = Duration::from_secs(3);

/// The entry point for fuzzing (`tests/fuzz`): the code that reads a name server's message, without the network around it.
pub fn fuzz_entry(message: &[u8]) {
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

/// Asks the zone's authoritative name servers for the A and AAAA records of `hostname`, or only `name_server` if there is
/// one (the sandbox's, or one from the settings). Takes at most five seconds and never fails: an error is part of the
/// answer.
///
/// - All servers that answered agree: [`DnsAnswer::Records`], sorted; empty if the name or the record doesn't exist. At
///   most 16 of a family are kept; a home has one.
/// - They differ: [`DnsProblem::Disagree`].
/// - The zone's name servers couldn't be found or resolved: [`DnsProblem::NoNameServers`].
/// - None answered in time: [`DnsProblem::NoAnswer`].
/// - None answered with authority, but some with an error, a referral, an unreadable message, or an alias (CNAME) to a
///   zone that they don't serve: [`DnsProblem::Refused`]. Such an alias is no error, but only another server knows
///   its target. Aliases within one answer are followed.
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

/// Asks all servers at once. Each is a list of addresses, of which the first that answers counts.
async fn ask_all(servers: Vec<Vec<SocketAddr>>, name: &Name, deadline: Instant) -> Vec<ServerAnswer> {
    let mut asked: JoinSet<ServerAnswer> = servers
        .into_iter()
        .map(|addresses| {
            let name = name.clone();
            async move { timeout_at(deadline, ask(&addresses, &name)).await.unwrap_or(ServerAnswer::None) }
        })
        .collect();
    let mut answers = Vec::new();
    while let Some(ended) = asked.join_next().await {
        answers.push(ended.unwrap_or(ServerAnswer::None));
    }
    answers
}

async fn ask(addresses: &[SocketAddr], name: &Name) -> ServerAnswer {
    let of_family = |family| async move {
        let question = Question::addresses(name.clone(), family, Recursion::Off);
        match exchange::ask_any(addresses, &question, |_| true).await {
            Ok(message) => answer::read(&message, name, family),
            Err(ExchangeError::Refused) => FamilyAnswer::Refused,
            Err(ExchangeError::NoAnswer) => FamilyAnswer::None,
        }
    };
    let (ipv4, ipv6) = tokio::join!(of_family(Family::Ipv4), of_family(Family::Ipv6));
    ServerAnswer::from_both(ipv4, ipv6)
}
