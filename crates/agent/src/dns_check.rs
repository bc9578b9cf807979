//! Asks the authoritative name servers of a zone for the addresses of a host name. A caching resolver isn't asked, because
//! it may answer with an old address until the record's TTL ends.
//!
//! The zone's name servers are found through the system's resolver, once for all host names of the zone (`delegation`).
//! Each is asked directly and without recursion (`exchange`), its answer is read (`answer`), and all answers are combined
//! (`verdict`). A socket is used for one query, and there is a bounded number of them (`sockets`).

mod answer;
mod delegation;
mod exchange;
mod sockets;
mod system;
mod verdict;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use dyntray_core::observe::dns::{DnsAnswer, DnsProblem};
use dyntray_core::types::address::{Family, PerFamily};
use dyntray_core::types::hostname::Hostname;
use hickory_proto::rr::Name;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use self::answer::{FamilyAnswer, ServerAnswer};
use self::delegation::{Delegations, Search, Zone};
use self::exchange::{ExchangeError, Question, Recursion};
use self::sockets::Sockets;

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

/// Asks name servers. All checks of a program share one of these: the sockets that it may have open at a time, and the
/// name servers of the zones that it has found.
#[derive(Clone, Default)]
pub struct DnsChecks {
    sockets: Sockets,
    delegations: Arc<Delegations>,
}

/// One check.
#[derive(Clone)]
struct Check {
    name: Name,
    /// The families that are asked for.
    families: Vec<Family>,
    deadline: Instant,
}

impl DnsChecks {
    /// Asks the zone's authoritative name servers for the records of `hostname` of these families, or only `name_server`
    /// if there is one (the sandbox's, or one from the settings). Takes at most five seconds and never fails: an error is
    /// part of the answer.
    ///
    /// - All servers that answered agree: [`DnsAnswer::Records`], sorted; empty if the name or the record doesn't exist,
    ///   or if its family isn't asked for. At most 16 of a family are kept; a home has one.
    /// - They differ: [`DnsProblem::Disagree`].
    /// - The zone's name servers couldn't be found or resolved: [`DnsProblem::NoNameServers`].
    /// - None answered in time: [`DnsProblem::NoAnswer`].
    /// - None answered with authority, but some with an error, a referral, an unreadable message, or an alias (CNAME) to
    ///   a zone that they don't serve: [`DnsProblem::Refused`]. Such an alias is no error, but only another server knows
    ///   its target. Aliases within one answer are followed.
    pub async fn check(
        &self,
        hostname: &Hostname,
        families: impl IntoIterator<Item = Family>,
        name_server: Option<SocketAddr>,
    ) -> DnsAnswer {
        let families: Vec<Family> = families.into_iter().collect();
        if families.is_empty() {
            return DnsAnswer::Records(PerFamily::default());
        }
        let Ok(name) = Name::from_ascii(format!("{hostname}.")) else {
            return DnsAnswer::CantVerify(DnsProblem::NoNameServers);
        };
        let check = Check { name, families, deadline: Instant::now() + LIMIT };
        let answers = match name_server {
            Some(server) => Some(self.ask_all(&[vec![server]], &check).await),
            None => self.ask_zone(&check).await,
        };
        let answer = answers.map_or(DnsAnswer::CantVerify(DnsProblem::NoNameServers), verdict::of);
        tracing::debug!(%hostname, ?answer, "name servers asked");
        answer
    }

    /// Asks the name servers of the host's zone; none if they can't be found.
    async fn ask_zone(&self, check: &Check) -> Option<Vec<ServerAnswer>> {
        let resolvers = system::resolvers().await;
        let nearest = self.find(check, &resolvers, Search::Nearest).await?;
        let answers = self.ask_all(&nearest.servers, check).await;
        // The servers of a zone above the host's own only name those of that one, which is a refusal here.
        if !answers.contains(&ServerAnswer::Refused) {
            return Some(answers);
        }
        match self.find(check, &resolvers, Search::Own).await {
            Some(own) if own.apex != nearest.apex => Some(self.ask_all(&own.servers, check).await),
            _ => Some(answers),
        }
    }

    async fn find(&self, check: &Check, resolvers: &[SocketAddr], search: Search) -> Option<Arc<Zone>> {
        let deadline = check.deadline.min(Instant::now() + FINDING_LIMIT);
        let finding = self.delegations.find(&check.name, resolvers, search, &self.sockets);
        timeout_at(deadline, finding).await.ok().flatten()
    }

    /// Asks all servers at once. Each is a list of addresses, of which the first that answers counts.
    async fn ask_all(&self, servers: &[Vec<SocketAddr>], check: &Check) -> Vec<ServerAnswer> {
        let mut asked: JoinSet<ServerAnswer> = servers
            .iter()
            .map(|addresses| {
                let (sockets, addresses, check) = (self.sockets.clone(), addresses.clone(), check.clone());
                async move {
                    let asked = ask(&addresses, &check, &sockets);
                    timeout_at(check.deadline, asked).await.unwrap_or(ServerAnswer::None)
                }
            })
            .collect();
        let mut answers = Vec::new();
        while let Some(ended) = asked.join_next().await {
            answers.push(ended.unwrap_or(ServerAnswer::None));
        }
        answers
    }
}

async fn ask(addresses: &[SocketAddr], check: &Check, sockets: &Sockets) -> ServerAnswer {
    let of_family = |family| async move {
        if !check.families.contains(&family) {
            return FamilyAnswer::Addresses(Vec::new());
        }
        let question = Question::addresses(check.name.clone(), family, Recursion::Off);
        match exchange::ask_any(addresses, &question, sockets, |_| true).await {
            Ok(message) => answer::read(&message, &check.name, family),
            Err(ExchangeError::Refused) => FamilyAnswer::Refused,
            Err(ExchangeError::NoAnswer) => FamilyAnswer::None,
        }
    };
    let (ipv4, ipv6) = tokio::join!(of_family(Family::Ipv4), of_family(Family::Ipv6));
    ServerAnswer::from_both(ipv4, ipv6)
}
