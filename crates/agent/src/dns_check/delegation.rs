//! Finds a zone's name servers through the system's resolver: walks up from the host name to the first name that has NS
//! records, which is the apex of its zone (RFC 1034, 4.2).

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use dyntray_core::types::address::Family;
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::Name;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::exchange::{ExchangeError, Question, Recursion, ask_any};
use super::{answer, system};

/// The port of name servers.
const PORT: u16 = 53;
/// The number of a zone's name servers that are asked.
const MAX_SERVERS: usize = 4;
/// The number of labels below which no name is asked about: the servers of `de` know no home's address.
const MIN_LABELS: u8 = 2;
/// The time limit for the addresses of one name server, so that one without any doesn't hold up the others.
const ADDRESS_LIMIT: Duration = Duration::from_millis(1500);

/// The name servers of the zone of `host`, at most four, each as its addresses: one of each family, IPv4 first. Empty if
/// they can't be found. The caller limits the time.
pub(super) async fn find(host: &Name) -> Vec<Vec<SocketAddr>> {
    let resolvers = system::resolvers().await;
    let mut asked = JoinSet::new();
    for name in name_servers(host, &resolvers).await.into_iter().take(MAX_SERVERS) {
        let resolvers = resolvers.clone();
        asked.spawn(async move { addresses(&name, &resolvers).await });
    }
    let mut servers = Vec::new();
    while let Some(ended) = asked.join_next().await {
        servers.extend(ended.ok().filter(|addresses| !addresses.is_empty()));
    }
    servers
}

/// The names of the zone's name servers.
async fn name_servers(host: &Name, resolvers: &[SocketAddr]) -> Vec<Name> {
    let mut zone = host.clone();
    while zone.num_labels() >= MIN_LABELS {
        match ask_any(resolvers, &Question::name_servers(zone.clone()), is_conclusive).await {
            Ok(message) => {
                let names = answer::name_servers(&message, &zone);
                if !names.is_empty() {
                    return names;
                }
            }
            // A resolver may fail for one name and still know the one above.
            Err(ExchangeError::Refused) => {}
            Err(ExchangeError::NoAnswer) => break,
        }
        zone = zone.base_name();
    }
    Vec::new()
}

async fn addresses(name: &Name, resolvers: &[SocketAddr]) -> Vec<SocketAddr> {
    let first = |family| async move {
        let question = Question::addresses(name.clone(), family, Recursion::Desired);
        let reply = timeout(ADDRESS_LIMIT, ask_any(resolvers, &question, is_conclusive)).await.ok()?.ok()?;
        answer::resolved(&reply, name, family).first().copied()
    };
    let (ipv4, ipv6): (Option<IpAddr>, Option<IpAddr>) =
        tokio::join!(first(Family::Ipv4), first(Family::Ipv6));
    ipv4.into_iter().chain(ipv6).map(|address| SocketAddr::new(address, PORT)).collect()
}

/// True if a resolver says which records there are, rather than that it doesn't know.
fn is_conclusive(message: &Message) -> bool {
    matches!(message.metadata.response_code, ResponseCode::NoError | ResponseCode::NXDomain)
}
