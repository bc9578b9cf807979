//! Looks where the names of a file lead today, before their import leads them to this line.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use dyntray_control::Response;
use dyntray_core::import::{self, ImportEffect, ImportEntry};
use dyntray_core::observe::dns::DnsAnswer;
use dyntray_core::observe::observation::Observation;
use dyntray_core::state::source::SourceReading;
use dyntray_core::types::address::{Addresses, Family, PerFamily};
use dyntray_core::types::hostname::Hostname;
use dyntray_core::types::server::WebAddress;
use dyntray_core::types::source::Source;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::Agent;
use super::perform::off_the_loop;
use crate::faults::contain;
use crate::web_resolver;

/// The longest time for all names together. What isn't known by then isn't known.
const LIMIT: Duration = Duration::from_secs(10);
/// The number of names that are asked for at a time. Updates need sockets, too.
const AT_ONCE: usize = 8;

impl Agent {
    /// Answers which new names of a file lead to another line. A single name isn't asked for: it is meant.
    pub(super) fn locate(&self, text: &SecretString, name: &str, reply: oneshot::Sender<Response>) {
        let import = import::read(text.expose_secret(), name);
        let preview = import::preview(&import, &self.form);
        let names: Vec<(u32, Hostname)> =
            preview.entries.iter().filter(|entry| self.is_to_be_located(entry)).filter_map(named).collect();
        if names.len() < 2 {
            // The asker may be gone.
            let _ = reply.send(Response::Located { elsewhere: Vec::new() });
            return;
        }
        let kept: BTreeSet<Family> =
            preview.entries.iter().flat_map(|entry| entry.protocol.families()).collect();
        let known = PerFamily::from_fn(|family| {
            self.state.reading(Source::web_resolver(family)).and_then(SourceReading::address)
        });
        let resolvers = self.settings.resolvers.clone();
        let (checks, name_server) = (self.dns_checks.clone(), self.settings.name_server);
        tokio::spawn(contain(async move {
            let end = Instant::now() + LIMIT;
            let line = off_the_loop(line(known, resolvers, kept, end)).await;
            let turn = Arc::new(Semaphore::new(AT_ONCE));
            let mut all = JoinSet::new();
            for (number, hostname) in names {
                let (checks, turn) = (checks.clone(), turn.clone());
                all.spawn(contain(async move {
                    let _turn = turn.acquire().await;
                    (number, checks.check(&hostname, Family::BOTH, name_server).await)
                }));
            }
            let mut located = Vec::new();
            while let Ok(Some(ended)) = timeout_at(end, all.join_next()).await {
                if let Ok((number, DnsAnswer::Records(records))) = ended {
                    located.push((number, records));
                }
            }
            located.sort_by_key(|(number, _)| *number);
            let elsewhere = import::elsewhere(&line, &located);
            // The asker may be gone.
            let _ = reply.send(Response::Located { elsewhere });
        }));
    }

    /// True for a new name that name servers can be asked about. A service on this machine has no public zone.
    fn is_to_be_located(&self, entry: &ImportEntry) -> bool {
        let is_here = || WebAddress::parse_server(&entry.server).is_ok_and(|server| server.is_loopback());
        entry.effect == ImportEffect::New && (self.settings.name_server.is_some() || !is_here())
    }
}

fn named(entry: &ImportEntry) -> Option<(u32, Hostname)> {
    Some((entry.number, Hostname::parse(&entry.hostname).ok()?))
}

/// The line's addresses of these families: those that are known, or what the web resolvers say.
async fn line(
    known: Addresses,
    resolvers: PerFamily<WebAddress>,
    kept: BTreeSet<Family>,
    end: Instant,
) -> Addresses {
    let mut line = known;
    for family in kept {
        if line.get(family).is_some() {
            continue;
        }
        let asked = timeout_at(end, web_resolver::look_up(resolvers.get(family), family)).await;
        if let Ok(looked_up) = asked
            && let Observation::Known { address } = looked_up.observation
        {
            *line.get_mut(family) = Some(address);
        }
    }
    line
}
