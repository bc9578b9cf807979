//! Looks where the names of a file lead today, before their import leads them to this line.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use dyntray_control::Response;
use dyntray_core::import::{self, FormerAddress, ImportEffect, ImportEntry};
use dyntray_core::observe::dns::DnsAnswer;
use dyntray_core::observe::observation::Observation;
use dyntray_core::state::source::SourceReading;
use dyntray_core::types::address::{Addresses, Family, PerFamily, PublicAddress};
use dyntray_core::types::hostname::Hostname;
use dyntray_core::types::server::WebAddress;
use dyntray_core::types::source::Source;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

use super::Agent;
use super::perform::off_the_loop;
use crate::faults::contain;
use crate::web_resolver;

/// The longest time for all names together. What isn't known by then isn't known.
const LIMIT: Duration = Duration::from_secs(12);
/// The longest time for the line's own address.
const LINE_LIMIT: Duration = Duration::from_secs(5);
/// The number of names that are asked for at a time, beside the loop's own checks.
const AT_ONCE: usize = 3;

/// A new name, with its entry's number in the file.
type Named = (u32, Hostname);

impl Agent {
    /// Answers which new names of a file lead to another line. A name that is alone in its file isn't asked for: it is meant.
    pub(super) fn locate(&self, text: &SecretString, name: &str, mut reply: oneshot::Sender<Response>) {
        let import = import::read(text.expose_secret(), name);
        let preview = import::preview(&import, &self.form);
        let new = preview.entries.iter().filter(|entry| self.is_to_be_located(entry));
        let names: Vec<Named> = new.filter_map(named).collect();
        if preview.entries.len() < 2 || names.is_empty() {
            // The asker may be gone.
            let _ = reply.send(Response::Located { elsewhere: Vec::new(), unknown: 0 });
            return;
        }
        let known = PerFamily::from_fn(|family| self.line_address(family));
        let resolvers = self.settings.resolvers.clone();
        let held = self.state.held_addresses();
        let (checks, name_server) = (self.dns_checks.clone(), self.settings.name_server);
        tokio::spawn(contain(async move {
            let end = Instant::now() + LIMIT;
            let line = tokio::spawn(contain(off_the_loop(line(known, resolvers))));
            let turn = Arc::new(Semaphore::new(AT_ONCE));
            let count = names.len();
            let mut all = JoinSet::new();
            for (number, hostname) in names {
                let (checks, turn) = (checks.clone(), turn.clone());
                all.spawn(contain(async move {
                    let _turn = turn.acquire().await;
                    (number, checks.check(&hostname, Family::BOTH, name_server).await)
                }));
            }
            let mut located = Vec::new();
            let asking = async {
                while let Some(ended) = all.join_next().await {
                    if let Ok((number, DnsAnswer::Records(records))) = ended {
                        located.push((number, records));
                    }
                }
            };
            tokio::select! {
                _ = timeout_at(end, asking) => {}
                // The asker is gone.
                () = reply.closed() => return,
            }
            let line = line.await.unwrap_or_default();
            let _ = reply.send(answer(&line, &held, located, count));
        }));
    }

    /// True for a new name that name servers can be asked about.
    fn is_to_be_located(&self, entry: &ImportEntry) -> bool {
        let server = WebAddress::parse_server(&entry.server).ok();
        let has_zone = server.is_none_or(|server| self.settings.has_zone(&server));
        entry.effect == ImportEffect::New && has_zone
    }

    /// The line's address, as the most trusted source that tells one has it.
    fn line_address(&self, family: Family) -> Option<PublicAddress> {
        let asked = self.state.sources.keys().filter(|source| source.family == family);
        let others = asked.filter(|source| source.origin.is_web_resolver()).copied();
        let mut all = std::iter::once(Source::web_resolver(family)).chain(others);
        all.find_map(|source| self.state.reading(source).and_then(SourceReading::address))
    }
}

fn named(entry: &ImportEntry) -> Option<Named> {
    Some((entry.number, Hostname::parse(&entry.hostname).ok()?))
}

/// The line's addresses: those that are known, or what the web resolvers say.
async fn line(known: Addresses, resolvers: PerFamily<WebAddress>) -> Addresses {
    let (ipv4, ipv6) = tokio::join!(
        line_of(Family::Ipv4, known.ipv4, &resolvers.ipv4),
        line_of(Family::Ipv6, known.ipv6, &resolvers.ipv6),
    );
    PerFamily { ipv4, ipv6 }
}

async fn line_of(
    family: Family,
    known: Option<PublicAddress>,
    resolver: &WebAddress,
) -> Option<PublicAddress> {
    if known.is_some() {
        return known;
    }
    match timeout(LINE_LIMIT, web_resolver::look_up(resolver, family)).await.ok()?.observation {
        Observation::Known { address } => Some(address),
        Observation::NoAddress | Observation::Unavailable { .. } => None,
    }
}

/// What was found out about `count` names, of which `located` are known. Services hold the addresses in `held`.
fn answer(
    line: &Addresses,
    held: &BTreeSet<PublicAddress>,
    mut located: Vec<(u32, PerFamily<Vec<IpAddr>>)>,
    count: usize,
) -> Response {
    located.sort_by_key(|(number, _)| *number);
    let keeps_others_here = line.iter().any(|own| held.contains(&own));
    let is_complete = located.len() == count && !line.is_empty();
    let former =
        if keeps_others_here || !is_complete { FormerAddress::RuledOut } else { FormerAddress::Possible };
    let elsewhere = import::elsewhere(line, &located, former);
    // Without the line's own address nothing can be compared.
    let unknown = if line.is_empty() { count } else { count - located.len() };
    Response::Located { elsewhere, unknown: u32::try_from(unknown).unwrap_or(u32::MAX) }
}
