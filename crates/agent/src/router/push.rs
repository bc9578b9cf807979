//! Listens to everything that a router pushes: announcements, and the events of its WAN connections.

use std::sync::Arc;
use std::time::Duration;

use super::announcements;
use super::client::RouterClient;
use super::listener::Listener;
use super::rate_limited_notify::RateLimitedNotify;
use super::subscription::Subscription;
use super::upnp::Igd;

/// The wait before a lost subscription is begun again.
const RESUBSCRIBE_DELAY: Duration = Duration::from_secs(5);

/// Listens to the router, and notifies `changes`. Never returns.
pub(super) async fn listen(client: &RouterClient, changes: &Arc<RateLimitedNotify>) {
    let announced = announcements::listen(client.gateway, client.options.announcements, || {
        changes.notify();
        client.suspect_subscription();
    });
    tokio::join!(announced, keep_subscribed(client, changes));
}

async fn keep_subscribed(client: &RouterClient, changes: &Arc<RateLimitedNotify>) {
    let mut failures = 0;
    // True while the router is away, so that finding it is a change.
    let mut is_away = false;
    loop {
        let igd = client.find().await;
        if igd.is_some() && std::mem::take(&mut is_away) {
            tracing::debug!("the router came back");
            changes.notify();
        }
        let delay = match &igd {
            Some(igd) if subscribe(client, igd, changes).await => {
                client.forget(igd);
                (failures, is_away) = (0, true);
                RESUBSCRIBE_DELAY
            }
            _ => {
                is_away |= igd.is_none();
                let delays = client.options.search_again;
                let delay = delays[failures.min(delays.len() - 1)];
                failures += 1;
                delay
            }
        };
        tokio::time::sleep(delay).await;
        client.forget_failure();
    }
}

/// Subscribes to the events of all WAN connections, and renews the subscriptions until one of them is lost. False if no
/// subscription began.
async fn subscribe(client: &RouterClient, igd: &Arc<Igd>, changes: &Arc<RateLimitedNotify>) -> bool {
    let listener = match Listener::start(client.gateway, changes).await {
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
            () = client.subscription_suspected() => {}
            () = client.replaced(igd) => return true,
        }
        for subscription in &mut subscriptions {
            if subscription.renew().await.is_err() {
                return true;
            }
        }
    }
    false
}
