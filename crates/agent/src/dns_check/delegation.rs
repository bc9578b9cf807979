//! Finds a zone's name servers through the system's resolver: walks up from the host name to the first name that has NS
//! records, which is the apex of its zone (RFC 1034, 4.2). What was found is kept as long as its records allow, so that
//! hundreds of host names of one zone are one search.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use dyntray_core::types::address::Family;
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::Name;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::answer;
use super::exchange::{ExchangeError, Question, Recursion, ask_any};
use super::sockets::Sockets;
use crate::faults::contain;

/// The port of name servers.
const PORT: u16 = 53;
/// The number of a zone's name servers that are asked.
const MAX_SERVERS: usize = 4;
/// The number of labels below which no name is asked about: the servers of `de` know no home's address.
const MIN_LABELS: u8 = 2;
/// The time limit for the addresses of one name server, so that one without any doesn't hold up the others.
const ADDRESS_LIMIT: Duration = Duration::from_millis(1500);
/// The longest time for which a zone's name servers are kept, whatever their records allow.
const LONGEST_KEPT: Duration = Duration::from_hours(1);
/// The number of zones that are kept. Most people's host names are in one or two.
const MAX_ZONES: usize = 64;

/// A zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Zone {
    /// The name at its top.
    pub(super) apex: Name,
    /// Its name servers, at most four and at least one, each as its addresses: one of each family, IPv4 first.
    pub(super) servers: Vec<Vec<SocketAddr>>,
}

/// The zone that is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Search {
    /// The nearest one at or above the host that is known already, or else the host's own. An unknown zone may lie between.
    Nearest,
    /// The host's own.
    Own,
}

/// The zones that were found.
#[derive(Default)]
pub(super) struct Delegations {
    known: Mutex<Known>,
    turns: Mutex<BTreeMap<Name, Weak<tokio::sync::Mutex<()>>>>,
}

#[derive(Default)]
struct Known {
    /// The resolvers that told of them. Others may tell of other name servers, as those of a company do.
    resolvers: Vec<SocketAddr>,
    zones: BTreeMap<Name, (Arc<Zone>, Instant)>,
}

impl Delegations {
    /// The zone of `host`; none if it can't be found, or has no name server with an address. The caller limits the time.
    pub(super) async fn find(
        &self,
        host: &Name,
        resolvers: &[SocketAddr],
        search: Search,
        sockets: &Sockets,
    ) -> Option<Arc<Zone>> {
        // Host names side by side are mostly of one zone, which the first of them finds for all.
        let turn = self.turn(&host.base_name());
        let _turn = turn.lock().await;
        if search == Search::Nearest
            && let Some(zone) = upwards(host).find_map(|apex| self.known(&apex, resolvers))
        {
            return Some(zone);
        }
        for apex in upwards(host) {
            if let Some(zone) = self.known(&apex, resolvers) {
                return Some(zone);
            }
            let question = Question::name_servers(apex.clone());
            match ask_any(resolvers, &question, sockets, is_conclusive).await {
                Ok(message) => {
                    let names = answer::name_servers(&message, &apex);
                    if !names.is_empty() {
                        let ttl = answer::time_to_live(&message);
                        let (servers, shortest) = addresses_of(names, resolvers, sockets).await;
                        let zone = Arc::new(Zone { apex, servers });
                        return (!zone.servers.is_empty()).then(|| {
                            self.keep(&zone, resolvers, ttl.min(shortest));
                            zone
                        });
                    }
                }
                // A resolver may fail for one name and still know the one above.
                Err(ExchangeError::Refused) => {}
                Err(ExchangeError::NoAnswer) => return None,
            }
        }
        None
    }

    /// A zone that is known from these resolvers.
    fn known(&self, apex: &Name, resolvers: &[SocketAddr]) -> Option<Arc<Zone>> {
        let known = lock(&self.known);
        let (zone, until) = known.zones.get(apex).filter(|_| known.resolvers == resolvers)?;
        (*until > Instant::now()).then(|| zone.clone())
    }

    fn keep(&self, zone: &Arc<Zone>, resolvers: &[SocketAddr], ttl: Duration) {
        let mut known = lock(&self.known);
        if known.resolvers != resolvers {
            *known = Known { resolvers: resolvers.to_vec(), zones: BTreeMap::new() };
        }
        let now = Instant::now();
        known.zones.retain(|_, (_, until)| *until > now);
        if known.zones.len() >= MAX_ZONES {
            known.zones.pop_first();
        }
        known.zones.insert(zone.apex.clone(), (zone.clone(), now + ttl));
    }

    /// The turn of those who look for a zone at or above `name`.
    fn turn(&self, name: &Name) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = lock(&self.turns);
        turns.retain(|_, turn| turn.strong_count() > 0);
        if let Some(turn) = turns.get(name).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::default();
        turns.insert(name.clone(), Arc::downgrade(&turn));
        turn
    }
}

/// A panic while one of these is locked leaves it whole: each is changed by one call.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The names at which a host's zone may begin, from the host itself upwards.
fn upwards(host: &Name) -> impl Iterator<Item = Name> {
    std::iter::successors(Some(host.clone()), |name| Some(name.base_name()))
        .take_while(|name| name.num_labels() >= MIN_LABELS)
}

/// The addresses of the first of these name servers, and the time for which they may be kept.
async fn addresses_of(
    names: Vec<Name>,
    resolvers: &[SocketAddr],
    sockets: &Sockets,
) -> (Vec<Vec<SocketAddr>>, Duration) {
    let mut asked = JoinSet::new();
    for name in names.into_iter().take(MAX_SERVERS) {
        let (resolvers, sockets) = (resolvers.to_vec(), sockets.clone());
        asked.spawn(contain(async move { addresses(&name, &resolvers, &sockets).await }));
    }
    let (mut servers, mut shortest) = (Vec::new(), LONGEST_KEPT);
    while let Some(ended) = asked.join_next().await {
        let found = ended.unwrap_or_default();
        if !found.is_empty() {
            shortest = found.iter().map(|(_, ttl)| *ttl).fold(shortest, Duration::min);
            servers.push(found.into_iter().map(|(address, _)| address).collect());
        }
    }
    (servers, shortest)
}

async fn addresses(name: &Name, resolvers: &[SocketAddr], sockets: &Sockets) -> Vec<(SocketAddr, Duration)> {
    let first = |family| async move {
        let question = Question::addresses(name.clone(), family, Recursion::Desired);
        let asked = ask_any(resolvers, &question, sockets, is_conclusive);
        let reply = timeout(ADDRESS_LIMIT, asked).await.ok()?.ok()?;
        let address = answer::resolved(&reply, name, family).first().copied()?;
        Some((address, answer::time_to_live(&reply)))
    };
    let (ipv4, ipv6) = tokio::join!(first(Family::Ipv4), first(Family::Ipv6));
    ipv4.into_iter().chain(ipv6).map(|(address, ttl)| (SocketAddr::new(address, PORT), ttl)).collect()
}

/// True if a resolver says which records there are, rather than that it doesn't know.
fn is_conclusive(message: &Message) -> bool {
    matches!(message.metadata.response_code, ResponseCode::NoError | ResponseCode::NXDomain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hickory_proto::op::MessageType;
    use hickory_proto::rr::rdata::{A, NS};
    use hickory_proto::rr::{RData, Record, RecordType};
    use tokio::net::UdpSocket;

    /// A resolver that knows `spdns.de` and the zone `own.spdns.de` below it, with name servers of their own. Its records
    /// may be kept for `ttl` seconds.
    struct Resolver {
        address: SocketAddr,
        asked: Arc<Mutex<Vec<(String, RecordType)>>>,
    }

    impl Resolver {
        async fn start(ttl: u32) -> Self {
            let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
            let address = socket.local_addr().expect("an address");
            let asked = Arc::new(Mutex::new(Vec::new()));
            let noted = asked.clone();
            tokio::spawn(async move {
                let mut buffer = [0; 600];
                while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
                    let mut message = Message::from_vec(&buffer[..length]).expect("a query");
                    let (name, kind) = (message.queries[0].name().clone(), message.queries[0].query_type());
                    lock(&noted).push((name.to_string(), kind));
                    message.metadata.message_type = MessageType::Response;
                    let name_server = |text: &str| RData::NS(NS(Name::from_ascii(text).expect("a name")));
                    let data = match (name.to_string().as_str(), kind) {
                        ("spdns.de.", RecordType::NS) => {
                            vec![name_server("ns1.spdns.de."), name_server("ns2.spdns.de.")]
                        }
                        ("own.spdns.de.", RecordType::NS) => vec![name_server("ns3.spdns.de.")],
                        ("ns1.spdns.de.", RecordType::A) => vec![RData::A(A::new(10, 99, 0, 1))],
                        ("ns2.spdns.de.", RecordType::A) => vec![RData::A(A::new(10, 99, 0, 2))],
                        ("ns3.spdns.de.", RecordType::A) => vec![RData::A(A::new(10, 99, 0, 3))],
                        _ => Vec::new(),
                    };
                    message.answers =
                        data.into_iter().map(|data| Record::from_rdata(name.clone(), ttl, data)).collect();
                    socket.send_to(&message.to_vec().expect("bytes"), from).await.expect("sent");
                }
            });
            Resolver { address, asked }
        }

        fn asked(&self) -> usize {
            lock(&self.asked).len()
        }
    }

    fn name(text: &str) -> Name {
        Name::from_ascii(text).expect("a name")
    }

    fn servers(zone: Option<Arc<Zone>>) -> Vec<String> {
        let zone = zone.expect("a zone");
        let mut servers: Vec<_> = zone.servers.iter().flatten().map(ToString::to_string).collect();
        servers.sort();
        servers
    }

    #[tokio::test]
    async fn a_zone_is_found_once_for_all_its_hosts() {
        let (resolver, sockets) = (Resolver::start(60).await, Sockets::default());
        let delegations = Arc::new(Delegations::default());
        let mut searches = JoinSet::new();
        for number in 0..200 {
            let (delegations, sockets) = (delegations.clone(), sockets.clone());
            let resolvers = [resolver.address];
            searches.spawn(async move {
                let host = name(&format!("home{number}.spdns.de."));
                delegations.find(&host, &resolvers, Search::Nearest, &sockets).await
            });
        }
        while let Some(found) = searches.join_next().await {
            assert_eq!(servers(found.expect("no panic")), ["10.99.0.1:53", "10.99.0.2:53"]);
        }
        // The host, its zone, and both addresses of two name servers.
        assert_eq!(resolver.asked(), 6, "{:?}", lock(&resolver.asked));
    }

    #[tokio::test]
    async fn a_zone_of_its_own_below_a_known_one_is_found_where_it_is_looked_for() {
        let (resolver, sockets) = (Resolver::start(60).await, Sockets::default());
        let (delegations, resolvers) = (Delegations::default(), [resolver.address]);
        let find =
            async |host: &str, search| delegations.find(&name(host), &resolvers, search, &sockets).await;
        assert_eq!(servers(find("home.spdns.de.", Search::Nearest).await).len(), 2);
        assert_eq!(servers(find("a.own.spdns.de.", Search::Nearest).await).len(), 2, "the one that is known");
        assert_eq!(servers(find("a.own.spdns.de.", Search::Own).await), ["10.99.0.3:53"]);
        let asked = resolver.asked();
        assert_eq!(servers(find("b.own.spdns.de.", Search::Nearest).await), ["10.99.0.3:53"]);
        assert_eq!(resolver.asked(), asked);
    }

    #[tokio::test]
    async fn what_may_not_be_kept_and_what_other_resolvers_told_is_asked_again() {
        let (short, long) = (Resolver::start(0).await, Resolver::start(60).await);
        let (delegations, sockets) = (Delegations::default(), Sockets::default());
        let find = async |resolver: &Resolver| {
            delegations.find(&name("home.spdns.de."), &[resolver.address], Search::Nearest, &sockets).await
        };
        for (resolver, asked) in
            [(&short, 6), (&short, 12), (&long, 6), (&long, 6), (&short, 18), (&long, 12)]
        {
            assert_eq!(servers(find(resolver).await).len(), 2);
            assert_eq!(resolver.asked(), asked);
        }
    }

    #[test]
    fn thousands_of_zones_take_little_memory() {
        let (delegations, resolvers) =
            (Delegations::default(), ["127.0.0.1:53".parse().expect("an address")]);
        for number in 0..1000 {
            let zone =
                Zone { apex: name(&format!("home{number}.dedyn.io.")), servers: vec![resolvers.to_vec()] };
            delegations.keep(&Arc::new(zone), &resolvers, LONGEST_KEPT);
        }
        assert_eq!(lock(&delegations.known).zones.len(), MAX_ZONES);
    }
}
