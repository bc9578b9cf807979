//! Listens to everything that a router pushes: announcements, and the events of its WAN connections. Where it sends none of
//! those, also the events of its lines: a FRITZ!Box whose status by UPnP is switched off may still tell so that its line
//! came up.

use std::sync::Arc;
use std::time::Duration;

use super::announcements;
use super::client::RouterClient;
use super::firewall::{self, Incoming};
use super::listener::Listener;
use super::rate_limited_notify::RateLimitedNotify;
use super::subscription::{SubscribeError, Subscription};
use super::upnp::{Found, Igd};

/// The wait before a lost subscription is begun again.
const RESUBSCRIBE_DELAY: Duration = Duration::from_secs(5);

/// Listens to the router, and notifies `changes`. Never returns.
pub(super) async fn listen(client: &RouterClient, changes: &Arc<RateLimitedNotify>) {
    let announced = async {
        if is_let_in(Incoming::Udp, client) {
            let on_change = || {
                changes.notify();
                client.suspect_subscription();
            };
            announcements::listen(client.gateway, client.options.announcements, on_change).await;
        }
    };
    tokio::join!(announced, keep_subscribed(client, changes));
}

fn is_let_in(incoming: Incoming, client: &RouterClient) -> bool {
    let lets_in = firewall::lets_in(incoming, client.gateway);
    if !lets_in {
        tracing::debug!(?incoming, "the firewall has no rule for this program, which doesn't listen then");
    }
    lets_in
}

async fn keep_subscribed(client: &RouterClient, changes: &Arc<RateLimitedNotify>) {
    let mut failures = 0;
    // True while the router is away, so that finding it is a change.
    let mut is_away = false;
    // True while it tells no address, so that finding one that does is a change.
    let mut is_silent = false;
    loop {
        let found = client.search().await;
        let (igd, tells) = match &found {
            Found::Igd(igd) => (Some(igd), true),
            Found::Silent(igd) => (Some(igd), false),
            Found::Nothing => (None, false),
        };
        let is_back = igd.is_some() && std::mem::take(&mut is_away);
        let was_silent = std::mem::replace(&mut is_silent, igd.is_some() && !tells);
        if is_back || was_silent && tells {
            tracing::debug!("the router came back");
            changes.notify();
        }
        let ended = match igd {
            Some(igd) if tells => subscribe(client, igd, changes).await,
            Some(igd) => tokio::select! {
                ended = subscribe(client, igd, changes) => ended,
                () = client.found_in_place_of(igd) => Ended::Lost,
            },
            None => Ended::NeverBegan,
        };
        if let Some(igd) = igd.filter(|_| ended == Ended::Unreachable) {
            client.forget(igd);
        }
        is_away |= igd.is_none() || ended != Ended::NeverBegan;
        let delay = if ended == Ended::NeverBegan {
            failures += 1;
            search_again(client, failures)
        } else {
            failures = 0;
            RESUBSCRIBE_DELAY
        };
        tokio::time::sleep(delay).await;
        client.forget_failure();
    }
}

/// The wait after this many failures in a row.
fn search_again(client: &RouterClient, failures: usize) -> Duration {
    let delays = client.options.search_again;
    delays[(failures - 1).min(delays.len() - 1)]
}

/// The way in which the subscriptions to a router ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// None began.
    NeverBegan,
    /// One was refused, or the router describes itself in another way. Events may have been missed.
    Lost,
    /// The router can't be reached.
    Unreachable,
}

/// Subscribes to the events of all WAN connections, or of all lines where that fails, and renews the subscriptions until one
/// of them is lost.
async fn subscribe(client: &RouterClient, igd: &Arc<Igd>, changes: &Arc<RateLimitedNotify>) -> Ended {
    if !is_let_in(Incoming::Tcp, client) {
        return Ended::NeverBegan;
    }
    let listener = match Listener::start(client.gateway, changes).await {
        Ok(listener) => listener,
        Err(error) => {
            tracing::debug!(%error, "events can't be heard");
            return Ended::NeverBegan;
        }
    };
    let mut subscriptions = Vec::new();
    for connection in &igd.connections {
        if let Ok(subscription) = Subscription::begin(connection, &listener).await {
            subscriptions.push(subscription);
        }
    }
    if subscriptions.is_empty() {
        for line in &igd.lines {
            if let Ok(subscription) = Subscription::begin_for_line(line, &listener).await {
                subscriptions.push(subscription);
            }
        }
    }
    while let Some(renewal) = subscriptions.iter().map(Subscription::renewal).min() {
        tokio::select! {
            () = tokio::time::sleep(renewal) => {}
            () = client.subscription_suspected() => {}
            () = client.replaced(igd) => return Ended::Lost,
        }
        for subscription in &mut subscriptions {
            match subscription.renew().await {
                Ok(()) => {}
                Err(SubscribeError::Refused) => return Ended::Lost,
                Err(SubscribeError::Unreachable) => return Ended::Unreachable,
            }
        }
    }
    Ended::NeverBegan
}
