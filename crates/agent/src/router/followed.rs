//! The one router that is asked now, and what is known of it.

use std::sync::Arc;
use std::time::Duration;

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::Family;
use tokio::sync::{Mutex, Notify, watch};

use super::listener::Listener;
use super::rate_limited_notify::RateLimitedNotify;
use super::subscription::Subscription;
use super::upnp::{self, Igd, Told};
use super::{Options, RouterAnswer, RouterAt, RouterProtocol};
use super::{announcements, natpmp};

/// UPnP's share of a look-up's time; NAT-PMP needs less than the rest.
const UPNP_LIMIT: Duration = Duration::from_secs(3);
/// A subscription that ends at once isn't begun again faster.
const BREATH: Duration = Duration::from_secs(5);

/// A router and what is known of it.
#[derive(Debug)]
pub(super) struct Followed {
    /// Which one.
    pub(super) at: RouterAt,
    options: Options,
    found: watch::Sender<Found>,
    /// Held by who searches; everybody else waits for what comes of it.
    searching: Mutex<()>,
    /// Something changed at the router. If it hasn't told so by an event, it may have forgotten us.
    doubt: Notify,
}

#[derive(Clone, Debug)]
enum Found {
    NotSearched,
    Nothing,
    Igd(Arc<Igd>),
}

impl Followed {
    /// Nothing is known yet.
    pub(super) fn new(at: RouterAt, options: Options) -> Self {
        Followed {
            at,
            options,
            found: watch::Sender::new(Found::NotSearched),
            searching: Mutex::default(),
            doubt: Notify::new(),
        }
    }

    /// Asks by UPnP, and by NAT-PMP where that told nothing of IPv4.
    pub(super) async fn look_up(&self, family: Family) -> RouterAnswer {
        let upnp = tokio::time::timeout(UPNP_LIMIT, self.ask_upnp(family)).await;
        let why = match upnp.unwrap_or(Err(LookUpProblem::TimedOut)) {
            Ok(Told { observation, prefix }) if prefix.is_some() || is_telling(&observation) => {
                return RouterAnswer { observation, prefix, protocol: Some(RouterProtocol::Upnp) };
            }
            Ok(Told { observation: Observation::Unavailable { why }, .. }) | Err(why) => why,
            Ok(_) => LookUpProblem::NoRouter,
        };
        if family == Family::Ipv6 {
            return RouterAnswer::nothing(why);
        }
        match natpmp::look_up(self.at, self.options.natpmp_port).await {
            Ok(observation) => {
                RouterAnswer { observation, prefix: None, protocol: Some(RouterProtocol::NatPmp) }
            }
            Err(LookUpProblem::NoRouter) => RouterAnswer::nothing(why),
            Err(problem) => RouterAnswer::nothing(problem),
        }
    }

    /// A router that was started anew may have moved to another port, so it is searched again once.
    async fn ask_upnp(&self, family: Family) -> Result<Told, LookUpProblem> {
        let igd = self.find().await.ok_or(LookUpProblem::NoRouter)?;
        let before = igd.told();
        let told = match igd.look_up(family).await {
            // Answered, and has no answer to this.
            Err(LookUpProblem::NoRouter) => return Err(LookUpProblem::NoRouter),
            Err(why) => {
                tracing::debug!(?why, "the router isn't where it was");
                self.forget(&igd);
                let again = self.find().await.ok_or(why)?;
                return again.look_up(family).await;
            }
            Ok(told) => told,
        };
        if before.iter().zip(igd.told()).any(|(before, now)| before.is_some() && *before != now) {
            self.doubt.notify_one();
        }
        Ok(told)
    }

    /// What the last search found, or what a new one finds where none is known.
    async fn find(&self) -> Option<Arc<Igd>> {
        let _turn = self.searching.lock().await;
        let known = self.found.borrow().clone();
        match known {
            Found::Igd(igd) => Some(igd),
            Found::Nothing => None,
            Found::NotSearched => {
                let igd = upnp::find(self.at, self.options.search).await.map(Arc::new);
                self.found.send_replace(igd.clone().map_or(Found::Nothing, Found::Igd));
                igd
            }
        }
    }

    fn forget(&self, igd: &Arc<Igd>) {
        self.found.send_if_modified(|found| {
            let same = matches!(found, Found::Igd(there) if Arc::ptr_eq(there, igd));
            if same {
                *found = Found::NotSearched;
            }
            same
        });
    }

    fn forget_failure(&self) {
        self.found.send_if_modified(|found| {
            let failed = matches!(found, Found::Nothing);
            if failed {
                *found = Found::NotSearched;
            }
            failed
        });
    }

    /// Waits until something else than `igd` was found.
    async fn found_other_than(&self, igd: &Arc<Igd>) {
        let mut found = self.found.subscribe();
        // It can't be closed: this holds it.
        let _ = found.wait_for(|found| !matches!(found, Found::Igd(there) if Arc::ptr_eq(there, igd))).await;
    }
}

/// Whether the router said something of its address, be it that it has none or no public one.
fn is_telling(observation: &Observation) -> bool {
    match observation {
        Observation::Known { .. } | Observation::NoAddress => true,
        Observation::Unavailable { why } => matches!(why, LookUpProblem::Unpublishable { .. }),
    }
}

/// Hears all that the router pushes, and rings the bell. Never ends.
pub(super) async fn listen(followed: &Followed, bell: &Arc<RateLimitedNotify>) {
    let announced = announcements::listen(followed.at, followed.options.announcements, || {
        bell.ring();
        followed.doubt.notify_one();
    });
    tokio::join!(announced, keep_subscribed(followed, bell));
}

async fn keep_subscribed(followed: &Followed, bell: &Arc<RateLimitedNotify>) {
    let mut failures = 0;
    // Whether the router was away, so that finding it is news.
    let mut away = false;
    loop {
        let igd = followed.find().await;
        if igd.is_some() && std::mem::take(&mut away) {
            tracing::debug!("the router came back");
            bell.ring();
        }
        let pause = match &igd {
            Some(igd) if be_subscribed(followed, igd, bell).await => {
                followed.forget(igd);
                (failures, away) = (0, true);
                BREATH
            }
            _ => {
                away |= igd.is_none();
                let pauses = followed.options.search_again;
                let pause = pauses[failures.min(pauses.len() - 1)];
                failures += 1;
                pause
            }
        };
        tokio::time::sleep(pause).await;
        followed.forget_failure();
    }
}

/// Subscribes to all of the router's lines, and keeps that up until one of them is lost. False when it didn't begin.
async fn be_subscribed(followed: &Followed, igd: &Arc<Igd>, bell: &Arc<RateLimitedNotify>) -> bool {
    let listener = match Listener::start(followed.at, bell).await {
        Ok(listener) => listener,
        Err(error) => {
            tracing::debug!(%error, "events can't be heard");
            return false;
        }
    };
    let mut subscriptions = Vec::new();
    for connection in &igd.connections {
        if let Ok(subscription) = Subscription::begin(connection, &listener).await {
            subscriptions.push(subscription);
        }
    }
    while let Some(renewal) = subscriptions.iter().map(Subscription::renewal).min() {
        tokio::select! {
            () = tokio::time::sleep(renewal) => {}
            () = followed.doubt.notified() => {}
            () = followed.found_other_than(igd) => return true,
        }
        for subscription in &mut subscriptions {
            if subscription.renew().await.is_err() {
                return true;
            }
        }
    }
    false
}
