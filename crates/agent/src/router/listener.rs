//! The server for a router's events (UPnP Device Architecture 2.0, 4.3), on this machine's address in the home network.
//! Only the gateway may connect, only to a path that can't be guessed, and only with the subscription's own SID.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddrV4};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::header::HeaderMap;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::AbortHandle;

use super::events::StateVariables;
use super::gateway::LanGateway;
use super::rate_limited_notify::RateLimitedNotify;
use super::wan_connection::WanConnection;

const MAX_CONNECTIONS: usize = 4;
const CONNECTION_LIMIT: Duration = Duration::from_secs(5);
/// The longest head; hyper allows no smaller limit.
const MAX_HEAD: usize = 8 * 1024;
const MAX_HEADERS: usize = 32;
const MAX_BODY: usize = 16 * 1024;
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
    connection: Arc<WanConnection>,
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

    /// Makes a callback for a new subscription to this connection. It receives events until it is dropped.
    ///
    /// # Errors
    /// The system's, if it has no random numbers.
    pub(super) fn callback(&self, connection: Arc<WanConnection>) -> Result<Arc<Callback>, getrandom::Error> {
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
        tokio::spawn(async move {
            serve(stream, callbacks, changes).await;
            drop(permit);
        });
    }
}

async fn serve(stream: TcpStream, callbacks: Callbacks, changes: Arc<RateLimitedNotify>) {
    let service = hyper::service::service_fn(move |request| {
        let (callbacks, changes) = (Arc::clone(&callbacks), Arc::clone(&changes));
        async move {
            let status = receive(request, &callbacks, &changes).await;
            tracing::debug!(%status, "an event");
            let mut response = Response::new(String::new());
            *response.status_mut() = status;
            Ok::<_, Infallible>(response)
        }
    });
    let mut server = hyper::server::conn::http1::Builder::new();
    server.keep_alive(false).max_buf_size(MAX_HEAD).max_headers(MAX_HEADERS);
    let connection = server.serve_connection(TokioIo::new(stream), service);
    match tokio::time::timeout(CONNECTION_LIMIT, connection).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "an event broke off"),
        Err(_) => tracing::debug!("an event took too long"),
    }
}

/// Receives an event, and returns the status to answer with (UPnP Device Architecture 2.0, 4.3.2).
async fn receive(
    request: Request<Incoming>,
    callbacks: &Mutex<Vec<Weak<Callback>>>,
    changes: &RateLimitedNotify,
) -> StatusCode {
    if request.method().as_str() != "NOTIFY" {
        return StatusCode::METHOD_NOT_ALLOWED;
    }
    let Some(callback) = callback_at(request.uri().path(), callbacks) else { return StatusCode::NOT_FOUND };
    let headers = request.headers();
    if text(headers, "nt") != Some("upnp:event") || text(headers, "nts") != Some("upnp:propchange") {
        return StatusCode::BAD_REQUEST;
    }
    let sid = text(headers, "sid").unwrap_or_default().to_owned();
    if !callback.has_sid(&sid).await {
        return StatusCode::PRECONDITION_FAILED;
    }
    let Ok(body) = Limited::new(request.into_body(), MAX_BODY).collect().await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let Some(variables) = StateVariables::read(&body.to_bytes()) else { return StatusCode::BAD_REQUEST };
    if callback.update(variables) {
        tracing::debug!("the router says that its connection changed");
        changes.notify();
    }
    StatusCode::OK
}

fn callback_at(path: &str, callbacks: &Mutex<Vec<Weak<Callback>>>) -> Option<Arc<Callback>> {
    let callbacks = callbacks.lock().unwrap_or_else(PoisonError::into_inner);
    callbacks.iter().filter_map(Weak::upgrade).find(|callback| callback.path == path)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
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
            known.external_address = self.connection.last_reported();
        }
        known.update(variables)
    }

    async fn has_sid(&self, received: &str) -> bool {
        let mut sid = self.sid.subscribe();
        let known = tokio::time::timeout(SID_WAIT, sid.wait_for(Option::is_some)).await;
        matches!(known, Ok(Ok(sid)) if sid.as_deref() == Some(received))
    }
}
