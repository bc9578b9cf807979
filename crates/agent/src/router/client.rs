//! The client of one router, with everything known about it.

use std::sync::Arc;
use std::time::Duration;

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::Family;
use tokio::sync::{Mutex, Notify, watch};

use super::answer::{RouterAnswer, RouterProtocol};
use super::behind::BoxBehind;
use super::gateway::LanGateway;
use super::local_network::LocalNetwork;
use super::options::Options;
use super::upnp::{self, Found, Igd, Redescribed, UpnpAnswer};
use super::{natpmp, next_hop};

/// UPnP's share of the time of a look-up. NAT-PMP needs less than the rest.
const UPNP_LIMIT: Duration = Duration::from_secs(3);

/// The client of one router.
#[derive(Debug)]
pub(super) struct RouterClient {
    /// The router.
    pub(super) gateway: LanGateway,
    /// The addresses and waits of the protocols.
    pub(super) options: Options,
    /// Whether the system lets this program into the router's network.
    pub(super) local_network: LocalNetwork,
    search_result: watch::Sender<SearchResult>,
    /// Held while searching; other look-ups wait for the result.
    searching: Mutex<()>,
    behind: BoxBehind,
    /// Wakes the subscription: the router changed. If it sent no event, it may have forgotten the subscription.
    check_subscription: Notify,
}

#[derive(Clone, Debug)]
enum SearchResult {
    NotSearched,
    Nothing,
    /// One that tells no address, and may be heard.
    Silent(Arc<Igd>),
    Found(Arc<Igd>),
}

impl RouterClient {
    /// A client that knows nothing about its router yet.
    pub(super) fn new(gateway: LanGateway, options: Options) -> Self {
        RouterClient {
            gateway,
            options,
            local_network: LocalNetwork::default(),
            search_result: watch::Sender::new(SearchResult::NotSearched),
            searching: Mutex::default(),
            behind: BoxBehind::default(),
            check_subscription: Notify::new(),
        }
    }

    /// Asks by UPnP, and by NAT-PMP if UPnP reported no IPv4 address.
    pub(super) async fn look_up(&self, family: Family) -> RouterAnswer {
        let upnp = tokio::time::timeout(UPNP_LIMIT, self.ask_upnp(family)).await;
        let why = match upnp.unwrap_or(Err(LookUpProblem::TimedOut)) {
            Ok(UpnpAnswer { observation, .. }) if is_kept(&observation) => return self.kept_by_upnp().await,
            Ok(UpnpAnswer { observation, prefix }) if prefix.is_some() || is_conclusive(&observation) => {
                self.local_network.answered();
                return RouterAnswer { observation, prefix, protocol: Some(RouterProtocol::Upnp) };
            }
            Ok(UpnpAnswer { observation: Observation::Unavailable { why }, .. }) | Err(why) => why,
            Ok(_) => LookUpProblem::NoRouter,
        };
        if family == Family::Ipv6 {
            return RouterAnswer::unavailable(why);
        }
        match natpmp::look_up(self.gateway, self.options.natpmp_port, &self.local_network).await {
            Ok(observation) if is_kept(&observation) => {
                RouterAnswer::of(self.why_kept().await, RouterProtocol::NatPmp)
            }
            Ok(observation) => {
                RouterAnswer { observation, prefix: None, protocol: Some(RouterProtocol::NatPmp) }
            }
            Err(LookUpProblem::NoRouter) => RouterAnswer::unavailable(why),
            Err(problem) => RouterAnswer::unavailable(problem),
        }
    }

    /// Its unique name as a UPnP device, if the last search found one.
    pub(super) fn device_name(&self) -> Option<String> {
        match &*self.search_result.borrow() {
            SearchResult::Found(igd) | SearchResult::Silent(igd) => Some(igd.device_name.clone()),
            SearchResult::NotSearched | SearchResult::Nothing => None,
        }
    }

    /// Asks everything else that may tell why the router, which is connected, keeps its IPv4 address for itself: whether it
    /// is a box that always tells one that it has, what it says by NAT-PMP, and which box is behind it.
    async fn kept_by_upnp(&self) -> RouterAnswer {
        let found = self.search_result.borrow().found();
        let (tells_all, natpmp, why) = tokio::join!(
            async {
                match found {
                    Some(igd) => igd.tells_any_address().await,
                    None => false,
                }
            },
            natpmp::look_up(self.gateway, self.options.natpmp_port, &self.local_network),
            self.why_kept(),
        );
        tracing::debug!(tells_all, ?natpmp, ?why, "the router keeps its address for itself");
        match natpmp {
            _ if tells_all => RouterAnswer::of(LookUpProblem::DsLite, RouterProtocol::Upnp),
            Ok(observation) if is_conclusive(&observation) && !is_kept(&observation) => {
                RouterAnswer { observation, prefix: None, protocol: Some(RouterProtocol::NatPmp) }
            }
            _ => RouterAnswer::of(why, RouterProtocol::Upnp),
        }
    }

    /// What is known of the box behind the router.
    async fn why_kept(&self) -> LookUpProblem {
        let next = next_hop::find(self.gateway).await;
        let outer = self.behind.outer(self.gateway, next, &self.options).await;
        LookUpProblem::AddressKept { next, outer }
    }

    /// Asks by UPnP. A restarted router may have moved to another port, so where it can't be reached it is searched once
    /// more. An odd answer to one question isn't that: what the router was found by stays, and so do its subscriptions.
    async fn ask_upnp(&self, family: Family) -> Result<UpnpAnswer, LookUpProblem> {
        let igd = self.find().await.ok_or_else(|| self.search_result.borrow().why_not_found())?;
        let before = igd.last_reported();
        let answer = match igd.look_up(family).await {
            // It answered, and doesn't know.
            Err(why @ (LookUpProblem::NoRouter | LookUpProblem::FritzBoxSilent)) => return Err(why),
            Err(why) => {
                tracing::debug!(?why, "an odd answer, or none");
                let igd = self.find_again(&igd, &why).await.ok_or(why)?;
                return igd.look_up(family).await;
            }
            Ok(answer) => answer,
        };
        if before.iter().zip(igd.last_reported()).any(|(before, now)| before.is_some() && *before != now) {
            self.suspect_subscription();
        }
        Ok(answer)
    }

    /// The router that tells its address, as the last search found it, or a new one.
    async fn find(&self) -> Option<Arc<Igd>> {
        match self.search().await {
            Found::Igd(igd) => Some(igd),
            Found::Silent(_) | Found::Nothing => None,
        }
    }

    /// The result of the last search, or of a new one.
    pub(super) async fn search(&self) -> Found {
        let _searching = self.searching.lock().await;
        let known = self.search_result.borrow().clone();
        match known {
            SearchResult::Found(igd) => Found::Igd(igd),
            SearchResult::Silent(igd) => Found::Silent(igd),
            SearchResult::Nothing => Found::Nothing,
            SearchResult::NotSearched => {
                let found = upnp::find(self.gateway, &self.options).await;
                self.search_result.send_replace(match &found {
                    Found::Igd(igd) => SearchResult::Found(Arc::clone(igd)),
                    Found::Silent(igd) => SearchResult::Silent(Arc::clone(igd)),
                    Found::Nothing => SearchResult::Nothing,
                });
                found
            }
        }
    }

    /// Searches now and then for one that tells its address in the place of `silent`, which doesn't. Returns when it was
    /// found.
    pub(super) async fn found_in_place_of(&self, silent: &Arc<Igd>) {
        let mut waits = self.options.search_again.into_iter();
        let mut wait = Duration::ZERO;
        loop {
            wait = waits.next().unwrap_or(wait);
            tokio::time::sleep(wait).await;
            if let Found::Igd(igd) = upnp::find(self.gateway, &self.options).await {
                self.replace(silent, igd);
                return;
            }
        }
    }

    /// Another IGD in place of `igd`, which failed; none if it is still there as it was, or nothing is.
    async fn find_again(&self, igd: &Arc<Igd>, why: &LookUpProblem) -> Option<Arc<Igd>> {
        if *why != LookUpProblem::Unreachable {
            match igd.redescribe().await {
                Redescribed::Same => return None,
                Redescribed::Other(other) => return self.replace(igd, Arc::new(other)),
                Redescribed::Gone => {}
            }
        }
        tracing::debug!("the router isn't where it was");
        self.forget(igd);
        self.find().await
    }

    /// Puts `other` in the place of `igd`, and returns what is known then.
    fn replace(&self, igd: &Arc<Igd>, other: Arc<Igd>) -> Option<Arc<Igd>> {
        tracing::debug!(?other, "the router describes itself in another way");
        self.search_result.send_if_modified(|result| {
            let is_this = result.is(igd);
            if is_this {
                *result = SearchResult::Found(other);
            }
            is_this
        });
        match &*self.search_result.borrow() {
            SearchResult::Found(found) if !Arc::ptr_eq(found, igd) => Some(Arc::clone(found)),
            _ => None,
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

    /// Forgets that nothing was found that tells an address.
    pub(super) fn forget_failure(&self) {
        self.search_result.send_if_modified(|result| {
            let has_failed = matches!(result, SearchResult::Nothing | SearchResult::Silent(_));
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
    fn why_not_found(&self) -> LookUpProblem {
        match self {
            SearchResult::Silent(igd) if igd.is_fritz_box() => LookUpProblem::FritzBoxSilent,
            _ => LookUpProblem::NoRouter,
        }
    }

    fn found(&self) -> Option<Arc<Igd>> {
        match self {
            SearchResult::Found(igd) => Some(Arc::clone(igd)),
            SearchResult::NotSearched | SearchResult::Nothing | SearchResult::Silent(_) => None,
        }
    }

    fn is(&self, igd: &Arc<Igd>) -> bool {
        matches!(self, SearchResult::Found(found) | SearchResult::Silent(found) if Arc::ptr_eq(found, igd))
    }
}

/// True if the router keeps its address for itself.
fn is_kept(observation: &Observation) -> bool {
    matches!(observation, Observation::Unavailable { why: LookUpProblem::AddressKept { .. } })
}

/// True if the router reported its address, or that it has none or no public one.
fn is_conclusive(observation: &Observation) -> bool {
    match observation {
        Observation::Known { .. } | Observation::NoAddress => true,
        Observation::Unavailable { why } => {
            matches!(why, LookUpProblem::Unpublishable { .. } | LookUpProblem::AddressKept { .. })
        }
    }
}
