//! Asks a router by UPnP IGD (`WANIPConnection:1`, 2.4.18 and 2.4.7), and FRITZ!Boxes for IPv6 as well.
//!
//! TR-064 has the same services with the same actions. A FRITZ!Box offers it also where its status by UPnP is switched off,
//! but then wants a login for its address: since FRITZ!OS 7 for nearly all actions (msxfaq.de, "Fritz!Box Monitoring";
//! node-red-contrib-fritz#32, 2019-06-19). What it answers without one are the port for TLS and whether it has logins, which
//! are of no use here. So each is asked once, and what it wants is remembered.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::Family;
use dyntray_core::types::network::Prefix;
use tokio::task::JoinSet;

use super::description::{self, Description, Make, Service, Spoken};
use super::exchange::{self, Request};
use super::gateway::LanGateway;
use super::gateway_url::GatewayUrl;
use super::http1::Wanted;
use super::options::Options;
use super::search::Search;
use super::wan_connection::{Ipv4Answer, Ipv6Answer, LineStatus, WanConnection};

/// The time limit of a search. A router answers within its MX of one second; then its description is fetched.
const FIND_LIMIT: Duration = Duration::from_millis(2500);
/// The most descriptions that are read at the same time.
const MAX_READING: usize = 3;
/// The number of times that a question about IPv6 may go unanswered before it is given up.
const MAX_LATE: u8 = 2;

/// An Internet Gateway Device: a router's WAN connections, as it described them.
#[derive(Debug)]
pub(super) struct Igd {
    location: GatewayUrl,
    spoken: Spoken,
    make: Make,
    /// Its unique name as a device; empty where it has none.
    pub(super) device_name: String,
    /// The connections.
    pub(super) connections: Vec<Arc<WanConnection>>,
    /// The services that report the state of a line.
    pub(super) lines: Vec<Service>,
    ipv6: Mutex<Ipv6Action>,
}

/// What is known of the FRITZ!Box's actions for IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ipv6Action {
    /// Nothing yet. The number of questions that went unanswered.
    Unknown(u8),
    /// It has them.
    Has,
    /// It answered something else, or nothing.
    Lacks,
}

/// An answer by UPnP.
#[derive(Debug)]
pub(super) struct UpnpAnswer {
    /// The external address.
    pub(super) observation: Observation,
    /// The delegated prefix, with IPv6.
    pub(super) prefix: Option<Prefix>,
}

/// The outcome of reading a known description once more.
#[derive(Debug)]
pub(super) enum Redescribed {
    /// Nothing changed, or it can't be told now.
    Same,
    /// It describes other services.
    Other(Igd),
    /// It isn't there any more.
    Gone,
}

/// The result of a search.
#[derive(Debug)]
pub(super) enum Found {
    /// One that tells its external address.
    Igd(Arc<Igd>),
    /// One that may tell of changes, but no address: it wants a login, or its status by UPnP is switched off.
    Silent(Arc<Igd>),
    /// Nothing that describes itself.
    Nothing,
}

/// Searches the router and reads its description.
pub(super) async fn find(gateway: LanGateway, options: &Options) -> Found {
    let mut others = Others::default();
    match tokio::time::timeout(FIND_LIMIT, search(gateway, options, &mut others)).await {
        Ok(Ok(igd)) => {
            tracing::debug!(?igd.connections, "the router speaks UPnP");
            return Found::Igd(igd);
        }
        Ok(Err(error)) => tracing::debug!(%error, "the router couldn't be searched"),
        Err(_) => tracing::debug!(gateway = %gateway.address, ?others, "no IGD at the gateway"),
    }
    match others {
        Others { telling: Some(igd), .. } => Found::Igd(igd),
        Others { silent: Some(igd), .. } => Found::Silent(igd),
        Others { telling: None, silent: None } => Found::Nothing,
    }
}

/// What a search finds beside an IGD.
#[derive(Debug, Default)]
struct Others {
    /// The first one that tells its address by TR-064.
    telling: Option<Arc<Igd>>,
    /// One that doesn't, or not yet: the first one that may tell of changes, or a FRITZ!Box.
    silent: Option<Arc<Igd>>,
}

/// A step of reading a description.
enum Read {
    Described(Igd),
    /// It tells its address without a login.
    Tells(Arc<Igd>),
    Nothing,
}

/// Reads descriptions as they are found. A router has up to six, of which one or two are an IGD's; another one that hangs
/// doesn't hold them up. One by TR-064 is asked meanwhile whether it wants a login.
async fn search(gateway: LanGateway, options: &Options, others: &mut Others) -> io::Result<Arc<Igd>> {
    let mut search = Search::start(gateway, options).await?;
    let mut reading = JoinSet::new();
    loop {
        tokio::select! {
            location = search.next(), if reading.len() < MAX_READING => {
                let location = location?;
                reading.spawn(async move {
                    let described = describe(&location).await;
                    described.map_or(Read::Nothing, |described| Read::Described(Igd::of(location, described)))
                });
            }
            Some(read) = reading.join_next() => match read {
                Ok(Read::Described(igd)) if igd.is_by_upnp() => return Ok(Arc::new(igd)),
                Ok(Read::Described(igd)) => {
                    let igd = Arc::new(igd);
                    others.keep(&igd);
                    reading.spawn(async move {
                        if igd.tells().await { Read::Tells(igd) } else { Read::Nothing }
                    });
                }
                Ok(Read::Tells(igd)) => {
                    tracing::debug!(?igd.connections, "the router speaks TR-064 without a login");
                    others.telling.get_or_insert(igd);
                }
                Ok(Read::Nothing) => {}
                Err(error) => tracing::warn!(%error, "a description couldn't be read"),
            },
        }
    }
}

impl Others {
    fn keep(&mut self, igd: &Arc<Igd>) {
        let better = match &self.silent {
            None => igd.is_heard() || igd.make == Make::FritzBox,
            Some(kept) => igd.is_heard() && !kept.is_heard(),
        };
        if better {
            self.silent = Some(Arc::clone(igd));
        }
    }
}

/// Fetches and reads a description.
///
/// # Errors
/// `Unreachable` if nothing is there, `Status` if there is no description; otherwise what is odd about it.
async fn describe(location: &GatewayUrl) -> Result<Description, LookUpProblem> {
    let request = Request { method: "GET", fields: &[], body: "", wanted: Wanted::All };
    let answer = exchange::send(location, request).await?;
    if answer.status != 200 {
        tracing::debug!(?location, status = answer.status, "no description");
        return Err(LookUpProblem::Status { status: answer.status });
    }
    description::read(location, &answer.body)
        .inspect_err(|error| tracing::debug!(?location, ?error, "the description can't be read"))
        .map_err(|_| answer.misunderstood())
}

impl Igd {
    fn of(location: GatewayUrl, described: Description) -> Self {
        let Description { services, spoken, lines, make, device_name } = described;
        if services.is_empty() {
            tracing::debug!(?location, "nothing in it tells an external address");
        }
        let connections = services.into_iter().map(|service| Arc::new(WanConnection::new(service))).collect();
        let ipv6 = Mutex::new(Ipv6Action::Unknown(0));
        Igd { location, spoken, make, device_name, connections, lines, ipv6 }
    }

    /// True if it has connections by UPnP, which tell without a login.
    fn is_by_upnp(&self) -> bool {
        self.spoken == Spoken::Upnp && !self.connections.is_empty()
    }

    /// True if it may tell of changes.
    fn is_heard(&self) -> bool {
        !self.connections.is_empty() || !self.lines.is_empty()
    }

    /// True for a FRITZ!Box.
    pub(super) fn is_fritz_box(&self) -> bool {
        self.make == Make::FritzBox
    }

    /// Asks whether it tells its address, or wants a login.
    async fn tells(&self) -> bool {
        let answer = self.ipv4().await;
        tracing::debug!(?answer, location = ?self.location, "asked by TR-064");
        answer.is_ok()
    }

    /// Reads its description once more, after an odd answer.
    pub(super) async fn redescribe(&self) -> Redescribed {
        match describe(&self.location).await {
            Ok(described)
                if self.connections.iter().map(|known| known.control.service()).eq(&described.services) =>
            {
                Redescribed::Same
            }
            Ok(described) if described.services.is_empty() || described.spoken != self.spoken => {
                Redescribed::Gone
            }
            Ok(described) => Redescribed::Other(Igd::of(self.location.clone(), described)),
            Err(LookUpProblem::Unreachable | LookUpProblem::Status { status: 404 | 410 }) => {
                Redescribed::Gone
            }
            Err(why) => {
                tracing::debug!(?why, "the description can't be read now");
                Redescribed::Same
            }
        }
    }

    /// Asks for the external address of `family`.
    ///
    /// # Errors
    /// The reason why there is no address; `NoRouter` if this router can't answer that question.
    pub(super) async fn look_up(&self, family: Family) -> Result<UpnpAnswer, LookUpProblem> {
        match family {
            Family::Ipv4 => Ok(UpnpAnswer { observation: self.ipv4().await?, prefix: None }),
            Family::Ipv6 => self.ipv6().await,
        }
    }

    /// The external IPv4 address of each connection at its last look-up, as the router wrote it.
    pub(super) fn last_reported(&self) -> Vec<Option<String>> {
        self.connections.iter().map(|connection| connection.last_reported()).collect()
    }

    /// Asks all connections for IPv4, at the same time. Of those that count as much, the first one is taken.
    ///
    /// # Errors
    /// The reason why there is no address.
    pub(super) async fn ipv4(&self) -> Result<Observation, LookUpProblem> {
        let mut asking = JoinSet::new();
        for (at, connection) in self.connections.iter().enumerate() {
            let connection = Arc::clone(connection);
            asking.spawn(async move { (at, connection.ipv4().await) });
        }
        let mut answers = asking.join_all().await;
        answers.sort_by_key(|(at, answer)| (std::cmp::Reverse(rank(answer)), *at));
        answers.into_iter().next().map_or(Err(LookUpProblem::NoRouter), |(_, answer)| answer.address)
    }

    /// Asks for IPv6. Only FRITZ!Boxes can answer. All others answer something else, and aren't asked again.
    async fn ipv6(&self) -> Result<UpnpAnswer, LookUpProblem> {
        let known = self.ipv6_action();
        if known == Ipv6Action::Lacks {
            return Err(LookUpProblem::NoRouter);
        }
        let mut told = None;
        let mut is_late = false;
        for connection in &self.connections {
            match connection.ipv6().await? {
                Ipv6Answer::Told(observation) => {
                    let is_known = matches!(observation, Observation::Known { .. });
                    if told.is_none() || is_known {
                        told = Some((connection, observation));
                    }
                    if is_known {
                        break;
                    }
                }
                Ipv6Answer::Unknown => {}
                Ipv6Answer::Late => {
                    is_late = true;
                    break;
                }
            }
        }
        let now = match (known, told.is_some(), is_late) {
            (_, true, _) | (Ipv6Action::Has, ..) => Ipv6Action::Has,
            (Ipv6Action::Unknown(late), _, true) if late + 1 < MAX_LATE => Ipv6Action::Unknown(late + 1),
            _ => Ipv6Action::Lacks,
        };
        *self.ipv6.lock().unwrap_or_else(PoisonError::into_inner) = now;
        let (connection, observation) = told.ok_or(LookUpProblem::NoRouter)?;
        Ok(UpnpAnswer { observation, prefix: connection.prefix().await })
    }

    /// True for a FRITZ!Box, which is known by its name or its actions for IPv6. Such a box tells any IPv4 address that it
    /// has, public or not; one without an address has DS-Lite.
    pub(super) async fn tells_any_address(&self) -> bool {
        self.is_fritz_box() || self.has_ipv6_actions().await
    }

    async fn has_ipv6_actions(&self) -> bool {
        if matches!(self.ipv6_action(), Ipv6Action::Unknown(_)) {
            let answer = self.ipv6().await;
            tracing::debug!(?answer, "asked for IPv6 to see whether it can be");
        }
        self.ipv6_action() == Ipv6Action::Has
    }

    fn ipv6_action(&self) -> Ipv6Action {
        *self.ipv6.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The weight of a line's answer: connected and public first, then connected, then the rest.
fn rank(answer: &Ipv4Answer) -> u8 {
    let is_public = matches!(answer.address, Ok(Observation::Known { .. }));
    let is_told = matches!(
        answer.address,
        Ok(Observation::Unavailable {
            why: LookUpProblem::Unpublishable { .. } | LookUpProblem::AddressKept { .. }
        } | Observation::NoAddress)
    );
    match (answer.status, &answer.address) {
        (LineStatus::Up, _) if is_public => 6,
        (LineStatus::Up, _) if is_told => 5,
        (LineStatus::NotTold, _) if is_public => 4,
        (LineStatus::NotTold, _) if is_told => 3,
        (_, Ok(_)) => 2,
        (_, Err(LookUpProblem::NoRouter)) => 0,
        (_, Err(_)) => 1,
    }
}
