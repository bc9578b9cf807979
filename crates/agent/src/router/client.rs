//! The client of one router, with everything known about it.

use std::sync::Arc;
use std::time::Duration;

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::Family;
use tokio::sync::{Mutex, Notify, watch};

use super::answer::{RouterAnswer, RouterProtocol};
use super::gateway::LanGateway;
use super::natpmp;
use super::options::Options;
use super::upnp::{self, Igd, UpnpAnswer};

/// UPnP's share of the time of a look-up. NAT-PMP needs less than the rest.
const UPNP_LIMIT: Duration = Duration::from_secs(3);

/// The client of one router.
#[derive(Debug)]
pub(super) struct RouterClient {
    /// The router.
    pub(super) gateway: LanGateway,
    /// The addresses and waits of the protocols.
    pub(super) options: Options,
    search_result: watch::Sender<SearchResult>,
    /// Held while searching; other look-ups wait for the result.
    searching: Mutex<()>,
    /// Wakes the subscription: the router changed. If it sent no event, it may have forgotten the subscription.
    check_subscription: Notify,
}

#[derive(Clone, Debug)]
enum SearchResult {
    NotSearched,
    NotFound,
    Found(Arc<Igd>),
}

impl RouterClient {
    /// A client that knows nothing about its router yet.
    pub(super) fn new(gateway: LanGateway, options: Options) -> Self {
        RouterClient {
            gateway,
            options,
            search_result: watch::Sender::new(SearchResult::NotSearched),
            searching: Mutex::default(),
            check_subscription: Notify::new(),
        }
    }

    /// Asks by UPnP, and by NAT-PMP if UPnP reported no IPv4 address.
    pub(super) async fn look_up(&self, family: Family) -> RouterAnswer {
        let upnp = tokio::time::timeout(UPNP_LIMIT, self.ask_upnp(family)).await;
        let why = match upnp.unwrap_or(Err(LookUpProblem::TimedOut)) {
            Ok(UpnpAnswer { observation, prefix }) if prefix.is_some() || is_conclusive(&observation) => {
                return RouterAnswer { observation, prefix, protocol: Some(RouterProtocol::Upnp) };
            }
            Ok(UpnpAnswer { observation: Observation::Unavailable { why }, .. }) | Err(why) => why,
            Ok(_) => LookUpProblem::NoRouter,
        };
        if family == Family::Ipv6 {
            return RouterAnswer::unavailable(why);
        }
        match natpmp::look_up(self.gateway, self.options.natpmp_port).await {
            Ok(observation) => {
                RouterAnswer { observation, prefix: None, protocol: Some(RouterProtocol::NatPmp) }
            }
            Err(LookUpProblem::NoRouter) => RouterAnswer::unavailable(why),
            Err(problem) => RouterAnswer::unavailable(problem),
        }
    }

    /// Asks by UPnP. A restarted router may have moved to another port, so after a failure it is searched once more.
    async fn ask_upnp(&self, family: Family) -> Result<UpnpAnswer, LookUpProblem> {
        let igd = self.find().await.ok_or(LookUpProblem::NoRouter)?;
        let before = igd.last_reported();
        let answer = match igd.look_up(family).await {
            // It answered, and doesn't know.
            Err(LookUpProblem::NoRouter) => return Err(LookUpProblem::NoRouter),
            Err(why) => {
                tracing::debug!(?why, "the router isn't where it was");
                self.forget(&igd);
                let igd = self.find().await.ok_or(why)?;
                return igd.look_up(family).await;
            }
            Ok(answer) => answer,
        };
        if before.iter().zip(igd.last_reported()).any(|(before, now)| before.is_some() && *before != now) {
            self.suspect_subscription();
        }
        Ok(answer)
    }

    /// The result of the last search, or of a new one.
    pub(super) async fn find(&self) -> Option<Arc<Igd>> {
        let _searching = self.searching.lock().await;
        let known = self.search_result.borrow().clone();
        match known {
            SearchResult::Found(igd) => Some(igd),
            SearchResult::NotFound => None,
            SearchResult::NotSearched => {
                let igd = upnp::find(self.gateway, self.options.search).await.map(Arc::new);
                self.search_result
                    .send_replace(igd.clone().map_or(SearchResult::NotFound, SearchResult::Found));
                igd
            }
        }
    }

    /// Forgets that `igd` was found.
    pub(super) fn forget(&self, igd: &Arc<Igd>) {
        self.search_result.send_if_modified(|result| {
            let is_this = result.is(igd);
            if is_this {
                *result = SearchResult::NotSearched;
            }
            is_this
        });
    }

    /// Forgets that nothing was found.
    pub(super) fn forget_failure(&self) {
        self.search_result.send_if_modified(|result| {
            let has_failed = matches!(result, SearchResult::NotFound);
            if has_failed {
                *result = SearchResult::NotSearched;
            }
            has_failed
        });
    }

    /// Waits until the search result is no longer `igd`.
    pub(super) async fn replaced(&self, igd: &Arc<Igd>) {
        let mut result = self.search_result.subscribe();
        // The channel can't be closed while `self` holds its sender.
        let _ = result.wait_for(|result| !result.is(igd)).await;
    }

    /// Has the subscription checked: the router changed, and may have forgotten it.
    pub(super) fn suspect_subscription(&self) {
        self.check_subscription.notify_one();
    }

    /// Waits until the subscription is to be checked.
    pub(super) async fn subscription_suspected(&self) {
        self.check_subscription.notified().await;
    }
}

impl SearchResult {
    fn is(&self, igd: &Arc<Igd>) -> bool {
        matches!(self, SearchResult::Found(found) if Arc::ptr_eq(found, igd))
    }
}

/// True if the router reported its address, or that it has none or no public one.
fn is_conclusive(observation: &Observation) -> bool {
    match observation {
        Observation::Known { .. } | Observation::NoAddress => true,
        Observation::Unavailable { why } => matches!(why, LookUpProblem::Unpublishable { .. }),
    }
}
