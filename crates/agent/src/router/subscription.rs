//! A subscription to a router's events, from its beginning to its end (UPnP Device Architecture 2.0, 4.1).

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;

use super::gateway_url::{GatewayUrl, send_for_headers};
use super::listener::{Ear, Listener};
use super::upnp::Connection;

/// What we ask for, and the most we believe.
const LONGEST: Duration = Duration::from_mins(30);
/// The least we believe: a router isn't asked more often than twice in it.
const SHORTEST: Duration = Duration::from_mins(1);
const LONGEST_NUMBER: usize = 128;

/// Why there is no subscription, or none any more. It has been logged.
#[derive(Debug)]
pub(super) struct Refused;

/// A subscription. Given up, as far as the router listens, when it is dropped.
#[derive(Debug)]
pub(super) struct Subscription {
    events: GatewayUrl,
    number: String,
    lifetime: Duration,
    /// It hears as long as it is held.
    _ear: Arc<Ear>,
}

impl Subscription {
    /// Subscribes to the events of a connection, to be sent to the listener.
    pub(super) async fn begin(connection: &Arc<Connection>, listener: &Listener) -> Result<Self, Refused> {
        let Some(events) = &connection.service.events else {
            tracing::debug!(kind = connection.service.kind, "a service without events");
            return Err(Refused);
        };
        let ear = listener.ear(Arc::clone(connection)).map_err(|error| {
            tracing::debug!(%error, "no random number");
            Refused
        })?;
        let headers = [
            ("CALLBACK", format!("<http://{}{}>", listener.place, ear.path)),
            ("NT", "upnp:event".to_owned()),
            ("TIMEOUT", format!("Second-{}", LONGEST.as_secs())),
        ];
        let answer = ask(events, "SUBSCRIBE", &headers).await?;
        let Some(number) = number(&answer) else {
            tracing::debug!("a subscription without a number");
            return Err(Refused);
        };
        ear.belongs_to(&number);
        let lifetime = lifetime(&answer);
        tracing::debug!(?lifetime, "subscribed to the router's events");
        Ok(Subscription { events: events.clone(), number, lifetime, _ear: ear })
    }

    /// When to renew it: at half of its time.
    pub(super) fn renewal(&self) -> Duration {
        self.lifetime / 2
    }

    /// Asks for more time.
    pub(super) async fn renew(&mut self) -> Result<(), Refused> {
        let headers = [("SID", self.number.clone()), ("TIMEOUT", format!("Second-{}", LONGEST.as_secs()))];
        self.lifetime = lifetime(&ask(&self.events, "SUBSCRIBE", &headers).await?);
        Ok(())
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        // At the program's end there may be no time left for it; the router forgets it by itself.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (events, number) = (self.events.clone(), std::mem::take(&mut self.number));
            runtime.spawn(async move { ask(&events, "UNSUBSCRIBE", &[("SID", number)]).await });
        }
    }
}

async fn ask(events: &GatewayUrl, method: &str, headers: &[(&str, String)]) -> Result<HeaderMap, Refused> {
    let mut request = events.request(method).map_err(|_| Refused)?;
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let (status, headers) = send_for_headers(request).await.map_err(|_| Refused)?;
    if status == 200 {
        return Ok(headers);
    }
    // 412: it has forgotten us, mostly because it was started anew.
    tracing::debug!(method, status, "the router refuses");
    Err(Refused)
}

fn number(answer: &HeaderMap) -> Option<String> {
    let number = answer.get("sid")?.to_str().ok()?;
    (!number.is_empty() && number.len() <= LONGEST_NUMBER).then(|| number.to_owned())
}

/// `Second-1800`; whatever else it says counts as what we asked for.
fn lifetime(answer: &HeaderMap) -> Duration {
    let text = answer.get("timeout").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let seconds = text.to_ascii_lowercase().strip_prefix("second-").and_then(|seconds| seconds.parse().ok());
    seconds.map_or(LONGEST, Duration::from_secs).clamp(SHORTEST, LONGEST)
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
            assert_eq!(lifetime(&answered("timeout", odd)), LONGEST, "{odd}");
        }
    }

    #[test]
    fn a_number_is_short_and_there() {
        assert_eq!(number(&answered("sid", "uuid:1")).as_deref(), Some("uuid:1"));
        assert_eq!(number(&answered("sid", "")), None);
        assert_eq!(number(&answered("sid", &"x".repeat(129))), None);
        assert_eq!(number(&HeaderMap::new()), None);
    }
}
