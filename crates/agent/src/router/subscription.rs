//! A subscription to a router's events (UPnP Device Architecture 2.0, 4.1).

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;

use super::gateway_url::{GatewayUrl, send_for_headers};
use super::listener::{Callback, Listener};
use super::wan_connection::WanConnection;

/// The lifetime that is asked for, and the longest that is believed.
const MAX_LIFETIME: Duration = Duration::from_mins(30);
/// The shortest lifetime that is believed. A router is asked at most twice in it.
const MIN_LIFETIME: Duration = Duration::from_mins(1);
const MAX_SID: usize = 128;

/// The router refuses a subscription, or has ended it. The reason has been logged.
#[derive(Debug)]
pub(super) struct SubscribeError;

/// A subscription. It is cancelled when dropped, as far as the router can be reached.
#[derive(Debug)]
pub(super) struct Subscription {
    events: GatewayUrl,
    sid: String,
    lifetime: Duration,
    /// Receives the events while it is held.
    _callback: Arc<Callback>,
}

impl Subscription {
    /// Subscribes to the events of a connection, and has them sent to the listener.
    pub(super) async fn begin(
        connection: &Arc<WanConnection>,
        listener: &Listener,
    ) -> Result<Self, SubscribeError> {
        let Some(events) = &connection.service.events else {
            tracing::debug!(kind = connection.service.kind, "a service without events");
            return Err(SubscribeError);
        };
        let callback = listener.callback(Arc::clone(connection)).map_err(|error| {
            tracing::debug!(%error, "no random number");
            SubscribeError
        })?;
        let headers = [
            ("CALLBACK", format!("<http://{}{}>", listener.address, callback.path)),
            ("NT", "upnp:event".to_owned()),
            ("TIMEOUT", format!("Second-{}", MAX_LIFETIME.as_secs())),
        ];
        let answer = ask(events, "SUBSCRIBE", &headers).await?;
        let Some(sid) = sid(&answer) else {
            tracing::debug!("a subscription without an SID");
            return Err(SubscribeError);
        };
        callback.set_sid(&sid);
        let lifetime = lifetime(&answer);
        tracing::debug!(?lifetime, "subscribed to the router's events");
        Ok(Subscription { events: events.clone(), sid, lifetime, _callback: callback })
    }

    /// The time until it is to be renewed: half of its lifetime.
    pub(super) fn renewal(&self) -> Duration {
        self.lifetime / 2
    }

    /// Renews it.
    pub(super) async fn renew(&mut self) -> Result<(), SubscribeError> {
        let headers = [("SID", self.sid.clone()), ("TIMEOUT", format!("Second-{}", MAX_LIFETIME.as_secs()))];
        self.lifetime = lifetime(&ask(&self.events, "SUBSCRIBE", &headers).await?);
        Ok(())
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        // When the program ends there may be no time left for this. The subscription runs out by itself.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (events, sid) = (self.events.clone(), std::mem::take(&mut self.sid));
            runtime.spawn(async move { ask(&events, "UNSUBSCRIBE", &[("SID", sid)]).await });
        }
    }
}

async fn ask(
    events: &GatewayUrl,
    method: &str,
    headers: &[(&str, String)],
) -> Result<HeaderMap, SubscribeError> {
    let mut request = events.request(method).map_err(|_| SubscribeError)?;
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let (status, headers) = send_for_headers(request).await.map_err(|_| SubscribeError)?;
    if status == 200 {
        return Ok(headers);
    }
    // 412: it has forgotten the subscription, mostly because it was restarted.
    tracing::debug!(method, status, "the router refuses");
    Err(SubscribeError)
}

fn sid(answer: &HeaderMap) -> Option<String> {
    let sid = answer.get("sid")?.to_str().ok()?;
    (!sid.is_empty() && sid.len() <= MAX_SID).then(|| sid.to_owned())
}

/// Reads a lifetime such as `Second-1800`. Anything else counts as what was asked for.
fn lifetime(answer: &HeaderMap) -> Duration {
    let text = answer.get("timeout").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let seconds = text.to_ascii_lowercase().strip_prefix("second-").and_then(|seconds| seconds.parse().ok());
    seconds.map_or(MAX_LIFETIME, Duration::from_secs).clamp(MIN_LIFETIME, MAX_LIFETIME)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(name: &'static str, value: &str) -> HeaderMap {
        let value = value.parse().expect("a value");
        HeaderMap::from_iter([(reqwest::header::HeaderName::from_static(name), value)])
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
        assert_eq!(sid(&HeaderMap::new()), None);
    }
}
