//! The server for a router's events (UPnP Device Architecture 2.0, 4.3), on this machine's address in the home network.
//! Only the gateway may connect, only to a path that can't be guessed, and only with the subscription's own SID.

use std::io;
use std::net::{IpAddr, SocketAddrV4};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::events::StateVariables;
use super::gateway::LanGateway;
use super::http1::{self, Limits, Message, ReadError, Wanted};
use super::rate_limited_notify::RateLimitedNotify;
use super::wan_connection::WanConnection;
use crate::faults::contain;

const MAX_CONNECTIONS: usize = 4;
const CONNECTION_LIMIT: Duration = Duration::from_secs(5);
/// The time limit of an answer to an event.
const ANSWER_LIMIT: Duration = Duration::from_secs(1);
const LIMITS: Limits = Limits { head: 8 * 1024, body: 16 * 1024 };
/// The wait for the SID: the first event may overtake the response that has it.
const SID_WAIT: Duration = Duration::from_secs(1);
/// The pause after a failed accept: the system may be out of file descriptors.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// The callback of one subscription: the path to which the router sends its events.
#[derive(Debug)]
pub(super) struct Callback {
    /// The secret path, with its leading slash.
    pub(super) path: String,
    /// The subscription's SID, once the router has assigned it.
    sid: watch::Sender<Option<String>>,
    /// The connection of which the events are; none for those of a line.
    connection: Option<Arc<WanConnection>>,
    known: Mutex<StateVariables>,
}

/// The server. It ends when dropped.
#[derive(Debug)]
pub(super) struct Listener {
    /// The address at which it listens.
    pub(super) address: SocketAddrV4,
    callbacks: Callbacks,
    accepting: AbortHandle,
}

type Callbacks = Arc<Mutex<Vec<Weak<Callback>>>>;

impl Listener {
    /// Starts listening, on a port that the system chooses.
    ///
    /// # Errors
    /// The system's, if this machine's address is gone.
    pub(super) async fn start(gateway: LanGateway, changes: &Arc<RateLimitedNotify>) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddrV4::new(gateway.local_address, 0)).await?;
        let address = SocketAddrV4::new(gateway.local_address, listener.local_addr()?.port());
        let callbacks = Arc::default();
        let accepting = accept(listener, gateway, Arc::clone(&callbacks), Arc::clone(changes));
        Ok(Listener { address, callbacks, accepting: tokio::spawn(accepting).abort_handle() })
    }

    /// Makes a callback for a new subscription, to this connection if any. It receives events until it is dropped.
    ///
    /// # Errors
    /// The system's, if it has no random numbers.
    pub(super) fn callback(
        &self,
        connection: Option<Arc<WanConnection>>,
    ) -> Result<Arc<Callback>, getrandom::Error> {
        let mut random = [0; 16];
        getrandom::fill(&mut random)?;
        let callback = Arc::new(Callback {
            path: format!("/{:032x}", u128::from_ne_bytes(random)),
            sid: watch::Sender::new(None),
            connection,
            known: Mutex::default(),
        });
        let mut callbacks = self.callbacks.lock().unwrap_or_else(PoisonError::into_inner);
        callbacks.retain(|callback| callback.strong_count() > 0);
        callbacks.push(Arc::downgrade(&callback));
        Ok(callback)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(
    listener: TcpListener,
    gateway: LanGateway,
    callbacks: Callbacks,
    changes: Arc<RateLimitedNotify>,
) {
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let (stream, from) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::debug!(%error, "an event couldn't be received");
                tokio::time::sleep(RETRY_DELAY).await;
                continue;
            }
        };
        if from.ip() != IpAddr::V4(gateway.address) {
            tracing::debug!(%from, "an event came from somebody else than the gateway");
            continue;
        }
        let Ok(permit) = Arc::clone(&connections).try_acquire_owned() else {
            tracing::debug!("too many events at once");
            continue;
        };
        let (callbacks, changes) = (Arc::clone(&callbacks), Arc::clone(&changes));
        tokio::spawn(contain(async move {
            serve(stream, callbacks, changes).await;
            drop(permit);
        }));
    }
}

async fn serve(mut stream: TcpStream, callbacks: Callbacks, changes: Arc<RateLimitedNotify>) {
    let deadline = Instant::now() + CONNECTION_LIMIT;
    let status = match http1::read(&mut stream, LIMITS, Wanted::All, deadline).await {
        Ok(event) => receive(&event, &callbacks, &changes).await,
        Err(ReadError::TooLong) => Status::TooLong,
        Err(error) => {
            tracing::debug!(?error, "an event broke off");
            return;
        }
    };
    tracing::debug!(?status, "an event");
    let answer = format!("HTTP/1.1 {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status.line());
    let answered = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await
    };
    match tokio::time::timeout(ANSWER_LIMIT, answered).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "the answer to an event broke off"),
        Err(_) => tracing::debug!("the answer to an event took too long"),
    }
}

/// The answer to an event (UPnP Device Architecture 2.0, 4.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Received,
    NoEvent,
    NoSuchPath,
    NoNotify,
    OtherSid,
    TooLong,
}

impl Status {
    fn line(self) -> &'static str {
        match self {
            Status::Received => "200 OK",
            Status::NoEvent => "400 Bad Request",
            Status::NoSuchPath => "404 Not Found",
            Status::NoNotify => "405 Method Not Allowed",
            Status::OtherSid => "412 Precondition Failed",
            Status::TooLong => "413 Payload Too Large",
        }
    }
}

/// Receives an event. Some routers leave out its types; none sends others.
async fn receive(
    event: &Message,
    callbacks: &Mutex<Vec<Weak<Callback>>>,
    changes: &RateLimitedNotify,
) -> Status {
    let Some((method, path)) = event.head.request() else { return Status::NoEvent };
    if method != "NOTIFY" {
        return Status::NoNotify;
    }
    let Some(callback) = callback_at(path, callbacks) else { return Status::NoSuchPath };
    let is_or_lacks = |name, value| event.head.get(name).is_none_or(|sent| sent.eq_ignore_ascii_case(value));
    if !is_or_lacks("nt", "upnp:event") || !is_or_lacks("nts", "upnp:propchange") {
        return Status::NoEvent;
    }
    if !callback.has_sid(event.head.get("sid").unwrap_or_default()).await {
        return Status::OtherSid;
    }
    let Some(variables) = StateVariables::read(&event.body) else { return Status::NoEvent };
    if callback.update(variables) {
        tracing::debug!("the router says that its connection changed");
        changes.notify();
    }
    Status::Received
}

fn callback_at(path: &str, callbacks: &Mutex<Vec<Weak<Callback>>>) -> Option<Arc<Callback>> {
    let callbacks = callbacks.lock().unwrap_or_else(PoisonError::into_inner);
    callbacks.iter().filter_map(Weak::upgrade).find(|callback| callback.path == path)
}

impl Callback {
    /// Sets the SID of its subscription.
    pub(super) fn set_sid(&self, sid: &str) {
        self.sid.send_replace(Some(sid.to_owned()));
    }

    /// Takes over the variables of an event. True if they differ from what is known: from the events before, or for the
    /// first event from the result of a look-up.
    fn update(&self, variables: StateVariables) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.external_address.is_none() {
            known.external_address = self.connection.as_ref().and_then(|of| of.last_reported());
        }
        known.update(variables)
    }

    async fn has_sid(&self, received: &str) -> bool {
        let mut sid = self.sid.subscribe();
        let known = tokio::time::timeout(SID_WAIT, sid.wait_for(Option::is_some)).await;
        matches!(known, Ok(Ok(sid)) if sid.as_deref().is_some_and(|sid| bare(sid).eq_ignore_ascii_case(bare(received))))
    }
}

/// An SID without its prefix `uuid:`, which some routers leave out of their events, or write in capitals.
fn bare(sid: &str) -> &str {
    match sid.split_at_checked(5) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("uuid:") => rest,
        _ => sid,
    }
}
