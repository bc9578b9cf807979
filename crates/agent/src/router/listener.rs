//! Hears a router's events (UPnP Device Architecture 2.0, 4.3): a small server on this machine's address in the home
//! network. Only the gateway gets in, only on a path that nobody can guess, only with the subscription's own number.

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

use super::RouterAt;
use super::events::Values;
use super::rate_limited_notify::RateLimitedNotify;
use super::upnp::Connection;

const MOST_CONNECTIONS: usize = 4;
const LONGEST_CONNECTION: Duration = Duration::from_secs(5);
/// hyper's smallest.
const LONGEST_HEAD: usize = 8 * 1024;
const MOST_HEADERS: usize = 32;
const LONGEST_BODY: usize = 16 * 1024;
/// The first event may overtake the answer that tells the subscription's number.
const NUMBER_IS_COMING: Duration = Duration::from_secs(1);
/// After a failed acceptance: the system may be out of file descriptors.
const BREATH: Duration = Duration::from_secs(1);

/// What listens for one subscription's events.
#[derive(Debug)]
pub(super) struct Ear {
    /// The path that only the router knows, with its leading slash.
    pub(super) path: String,
    /// The subscription's number, once the router has told it.
    number: watch::Sender<Option<String>>,
    connection: Arc<Connection>,
    heard: Mutex<Values>,
}

/// The server. It ends when dropped.
#[derive(Debug)]
pub(super) struct Listener {
    /// Where it listens.
    pub(super) place: SocketAddrV4,
    ears: Arc<Mutex<Vec<Weak<Ear>>>>,
    accepting: AbortHandle,
}

impl Ear {
    /// Tells it its subscription's number.
    pub(super) fn belongs_to(&self, number: &str) {
        self.number.send_replace(Some(number.to_owned()));
    }
}

impl Listener {
    /// Starts listening, on a port that the system chooses.
    ///
    /// # Errors
    /// The system's, when this machine's address is gone.
    pub(super) async fn start(at: RouterAt, bell: &Arc<RateLimitedNotify>) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddrV4::new(at.local, 0)).await?;
        let place = SocketAddrV4::new(at.local, listener.local_addr()?.port());
        let ears = Arc::default();
        let accepting =
            tokio::spawn(accept(listener, at, Arc::clone(&ears), Arc::clone(bell))).abort_handle();
        Ok(Listener { place, ears, accepting })
    }

    /// Makes an ear for a new subscription to this connection; it hears until it is dropped.
    ///
    /// # Errors
    /// The system's, when it has no random numbers.
    pub(super) fn ear(&self, connection: Arc<Connection>) -> Result<Arc<Ear>, getrandom::Error> {
        let mut chance = [0; 16];
        getrandom::fill(&mut chance)?;
        let ear = Arc::new(Ear {
            path: format!("/{:032x}", u128::from_ne_bytes(chance)),
            number: watch::Sender::new(None),
            connection,
            heard: Mutex::default(),
        });
        let mut ears = self.ears.lock().unwrap_or_else(PoisonError::into_inner);
        ears.retain(|ear| ear.strong_count() > 0);
        ears.push(Arc::downgrade(&ear));
        Ok(ear)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

type MulticastSockets = Arc<Mutex<Vec<Weak<Ear>>>>;

async fn accept(listener: TcpListener, at: RouterAt, ears: MulticastSockets, bell: Arc<RateLimitedNotify>) {
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let (stream, from) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::debug!(%error, "an event couldn't be received");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        if from.ip() != IpAddr::V4(at.address) {
            tracing::debug!(%from, "came to tell an event and isn't the gateway");
            continue;
        }
        let Ok(place) = Arc::clone(&room).try_acquire_owned() else {
            tracing::debug!("too many events at once");
            continue;
        };
        let (ears, bell) = (Arc::clone(&ears), Arc::clone(&bell));
        tokio::spawn(async move {
            serve(stream, ears, bell).await;
            drop(place);
        });
    }
}

async fn serve(stream: TcpStream, ears: MulticastSockets, bell: Arc<RateLimitedNotify>) {
    let answer = hyper::service::service_fn(move |request| {
        let (ears, bell) = (Arc::clone(&ears), Arc::clone(&bell));
        async move {
            let status = hear(request, &ears, &bell).await;
            tracing::debug!(%status, "an event");
            let mut response = Response::new(String::new());
            *response.status_mut() = status;
            Ok::<_, Infallible>(response)
        }
    });
    let mut server = hyper::server::conn::http1::Builder::new();
    server.keep_alive(false).max_buf_size(LONGEST_HEAD).max_headers(MOST_HEADERS);
    let connection = server.serve_connection(TokioIo::new(stream), answer);
    match tokio::time::timeout(LONGEST_CONNECTION, connection).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "an event broke off"),
        Err(_) => tracing::debug!("an event took too long"),
    }
}

/// The status to answer with (UPnP Device Architecture 2.0, 4.3.2).
async fn hear(
    request: Request<Incoming>,
    ears: &Mutex<Vec<Weak<Ear>>>,
    bell: &RateLimitedNotify,
) -> StatusCode {
    if request.method().as_str() != "NOTIFY" {
        return StatusCode::METHOD_NOT_ALLOWED;
    }
    let Some(ear) = ear_at(request.uri().path(), ears) else { return StatusCode::NOT_FOUND };
    let headers = request.headers();
    if text(headers, "nt") != Some("upnp:event") || text(headers, "nts") != Some("upnp:propchange") {
        return StatusCode::BAD_REQUEST;
    }
    let told = text(headers, "sid").unwrap_or_default().to_owned();
    if !ear.has_number(&told).await {
        return StatusCode::PRECONDITION_FAILED;
    }
    let Ok(body) = Limited::new(request.into_body(), LONGEST_BODY).collect().await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let Some(values) = Values::read(&body.to_bytes()) else { return StatusCode::BAD_REQUEST };
    if ear.hears(values) {
        tracing::debug!("the router says that its connection changed");
        bell.ring();
    }
    StatusCode::OK
}

fn ear_at(path: &str, ears: &Mutex<Vec<Weak<Ear>>>) -> Option<Arc<Ear>> {
    let ears = ears.lock().unwrap_or_else(PoisonError::into_inner);
    ears.iter().filter_map(Weak::upgrade).find(|ear| ear.path == path)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

impl Ear {
    /// Whether these values differ from what is known: from the events before, and before the first one from what a
    /// look-up told.
    fn hears(&self, values: Values) -> bool {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.external.is_none() {
            heard.external = self.connection.told();
        }
        heard.update(values)
    }

    async fn has_number(&self, told: &str) -> bool {
        let mut number = self.number.subscribe();
        let known = tokio::time::timeout(NUMBER_IS_COMING, number.wait_for(Option::is_some)).await;
        matches!(known, Ok(Ok(number)) if number.as_deref() == Some(told))
    }
}
