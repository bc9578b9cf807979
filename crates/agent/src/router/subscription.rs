//! A subscription to a router's events (UPnP Device Architecture 2.0, 4.1).

use std::sync::Arc;
use std::time::Duration;

use dyntray_core::observe::observation::LookUpProblem;

use super::description::{Place, Service};
use super::exchange::{self, Request};
use super::gateway_url::GatewayUrl;
use super::http1::{Head, Wanted};
use super::listener::{Callback, Listener};
use super::wan_connection::WanConnection;
use crate::faults::contain;

/// The lifetime that is asked for, and the longest that is believed.
const MAX_LIFETIME: Duration = Duration::from_mins(30);
/// The shortest lifetime that is believed. A router is asked at most twice in it.
const MIN_LIFETIME: Duration = Duration::from_mins(1);
/// The wait before a renewal that failed is tried again; the subscription has not run out by then.
const RENEW_AGAIN: Duration = Duration::from_secs(5);
/// The most renewals in a row that may fail. All of them are tried within the shortest lifetime.
const MAX_FAILURES: u8 = 3;
const MAX_SID: usize = 128;
/// The time that is asked for, as the header wants it: [`MAX_LIFETIME`].
const TIMEOUT: &str = "Second-1800";

/// The reason why there is no subscription, or none any more. It has been logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SubscribeError {
    /// The router can't be reached.
    Unreachable,
    /// It refuses, or has forgotten the subscription.
    Refused,
}

/// A subscription. It is cancelled when dropped, as far as the router can be reached.
#[derive(Debug)]
pub(super) struct Subscription {
    events: GatewayUrl,
    sid: String,
    lifetime: Duration,
    /// The renewals in a row that failed.
    failures: u8,
    /// Receives the events while it is held.
    _callback: Arc<Callback>,
}

impl Subscription {
    /// Subscribes to the events of a connection, and has them sent to the listener.
    pub(super) async fn begin(
        connection: &Arc<WanConnection>,
        listener: &Listener,
    ) -> Result<Self, SubscribeError> {
        let begun = Self::begin_at_any(connection.control.places(), Some(connection), listener).await;
        begun.inspect_err(|why| {
            tracing::debug!(service = ?connection.control.service(), ?why, "no subscription");
        })
    }

    /// Subscribes to the events of a line, and has them sent to the listener.
    pub(super) async fn begin_for_line(line: &Service, listener: &Listener) -> Result<Self, SubscribeError> {
        let begun = Self::begin_at_any(line.places.iter(), None, listener).await;
        begun.inspect_err(|why| tracing::debug!(service = ?line, ?why, "no subscription"))
    }

    async fn begin_at_any(
        places: impl Iterator<Item = &Place>,
        connection: Option<&Arc<WanConnection>>,
        listener: &Listener,
    ) -> Result<Self, SubscribeError> {
        let mut why = SubscribeError::Refused;
        for events in places.filter_map(|place| place.events.clone()).collect::<Vec<_>>() {
            match Self::begin_at(events, connection, listener).await {
                Ok(subscription) => return Ok(subscription),
                Err(error) => why = error,
            }
        }
        Err(why)
    }

    async fn begin_at(
        events: GatewayUrl,
        connection: Option<&Arc<WanConnection>>,
        listener: &Listener,
    ) -> Result<Self, SubscribeError> {
        let callback = listener.callback(connection.cloned()).map_err(|error| {
            tracing::debug!(%error, "no random number");
            SubscribeError::Refused
        })?;
        let url = format!("<http://{}{}>", listener.address, callback.path);
        // In capitals, as UPnP has them: some routers know no others.
        let fields = [("CALLBACK", url.as_str()), ("NT", "upnp:event"), ("TIMEOUT", TIMEOUT)];
        let answer = match ask(&events, "SUBSCRIBE", &fields).await {
            Ok(answer) => answer,
            Err(Failure::Unreachable) => return Err(SubscribeError::Unreachable),
            Err(Failure::Forgotten | Failure::Odd) => return Err(SubscribeError::Refused),
        };
        let Some(sid) = sid(&answer) else {
            tracing::debug!("a subscription without an SID");
            return Err(SubscribeError::Refused);
        };
        callback.set_sid(&sid);
        let lifetime = lifetime(&answer);
        tracing::debug!(?lifetime, "subscribed to the router's events");
        Ok(Subscription { events, sid, lifetime, failures: 0, _callback: callback })
    }

    /// The time until it is to be renewed: half of its lifetime.
    pub(super) fn renewal(&self) -> Duration {
        if self.failures > 0 { RENEW_AGAIN } else { self.lifetime / 2 }
    }

    /// Renews it. An odd answer doesn't end it; it is then to be renewed again soon.
    pub(super) async fn renew(&mut self) -> Result<(), SubscribeError> {
        let fields = [("SID", self.sid.as_str()), ("TIMEOUT", TIMEOUT)];
        match ask(&self.events, "SUBSCRIBE", &fields).await {
            Ok(answer) => {
                (self.lifetime, self.failures) = (lifetime(&answer), 0);
                Ok(())
            }
            Err(Failure::Unreachable) => Err(SubscribeError::Unreachable),
            Err(Failure::Odd) if self.failures + 1 < MAX_FAILURES => {
                self.failures += 1;
                Ok(())
            }
            Err(Failure::Odd | Failure::Forgotten) => Err(SubscribeError::Refused),
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        // When the program ends there may be no time left for this. The subscription runs out by itself.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (events, sid) = (self.events.clone(), std::mem::take(&mut self.sid));
            // Nobody waits for it.
            runtime.spawn(contain(async move { ask(&events, "UNSUBSCRIBE", &[("SID", &sid)]).await }));
        }
    }
}

/// The reason why a request about a subscription failed.
#[derive(Debug)]
enum Failure {
    Unreachable,
    /// The router doesn't know the subscription (412), or anything at this place.
    Forgotten,
    /// It answered anything else than success, or not in time.
    Odd,
}

async fn ask(events: &GatewayUrl, method: &str, fields: &[(&str, &str)]) -> Result<Head, Failure> {
    let request = Request { method, fields, body: "", wanted: Wanted::Head };
    match exchange::send(events, request).await {
        Ok(answer) if answer.status == 200 => Ok(answer.head),
        Ok(answer) => {
            tracing::debug!(method, status = answer.status, "the router refuses");
            // 412: it has forgotten the subscription, mostly because it was restarted.
            Err(if matches!(answer.status, 404 | 410 | 412) { Failure::Forgotten } else { Failure::Odd })
        }
        Err(LookUpProblem::Unreachable) => Err(Failure::Unreachable),
        Err(_) => Err(Failure::Odd),
    }
}

fn sid(answer: &Head) -> Option<String> {
    let sid = answer.get("sid")?;
    (!sid.is_empty() && sid.len() <= MAX_SID).then(|| sid.to_owned())
}

/// Reads a lifetime such as `Second-1800`. Anything else counts as what was asked for.
fn lifetime(answer: &Head) -> Duration {
    let text = answer.get("timeout").unwrap_or_default();
    let seconds = text.to_ascii_lowercase().strip_prefix("second-").and_then(|seconds| seconds.parse().ok());
    seconds.map_or(MAX_LIFETIME, Duration::from_secs).clamp(MIN_LIFETIME, MAX_LIFETIME)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(name: &str, value: &str) -> Head {
        Head::parse(format!("HTTP/1.1 200 OK\r\n{name}: {value}\r\n\r\n").as_bytes())
    }

    #[test]
    fn the_header_asks_for_the_longest_lifetime() {
        assert_eq!(TIMEOUT, format!("Second-{}", MAX_LIFETIME.as_secs()));
    }

    #[test]
    fn the_routers_time_counts_within_reason() {
        for (said, seconds) in
            [("Second-300", 300), ("second-900", 900), ("Second-1", 60), ("Second-86400", 1800)]
        {
            assert_eq!(lifetime(&answered("timeout", said)).as_secs(), seconds, "{said}");
        }
        for odd in ["Second-infinite", "infinite", "", "Second--1", "Second-99999999999999999999"] {
            assert_eq!(lifetime(&answered("timeout", odd)), MAX_LIFETIME, "{odd}");
        }
    }

    #[test]
    fn an_sid_is_short_and_there() {
        assert_eq!(sid(&answered("sid", "uuid:1")).as_deref(), Some("uuid:1"));
        assert_eq!(sid(&answered("sid", "")), None);
        assert_eq!(sid(&answered("sid", &"x".repeat(129))), None);
        assert_eq!(sid(&Head::default()), None);
    }
}
