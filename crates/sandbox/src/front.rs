//! The front door: takes connections in, plain or TLS, refuses politely what is too many, serves the rest.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use crate::connection::{Caller, OverTcp, Wire};

/// How long a TLS handshake and the headers of a request may take.
const SLOWEST_OPENING: Duration = Duration::from_mins(1);
/// How long a refused caller may take to read why.
const SLOWEST_FAREWELL: Duration = Duration::from_millis(300);
/// So many refusals are told at once; further callers wait in the system's queue.
const REFUSALS: usize = 1024;
/// The largest head of a request that is read at all; larger ones get a bare 431.
const LARGEST_HEAD: usize = 64 * 1024;
/// How long to wait when the system has no more files or memory for a connection.
const BREATHER: Duration = Duration::from_millis(50);

const REFUSAL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Length: 39\r\n\r\ntoo many connections; please come later";

/// How many connections there may be, over all listeners.
#[derive(Clone)]
pub(crate) struct Room {
    served: Arc<Semaphore>,
    all: u32,
    refused: Arc<Semaphore>,
}

impl Room {
    /// Room for so many connections.
    pub(crate) fn new(connections: u32) -> Self {
        let served = Arc::new(Semaphore::new(connections as usize));
        Self { served, all: connections, refused: Arc::new(Semaphore::new(REFUSALS)) }
    }

    /// Waits until nobody is served any more.
    pub(crate) async fn empty(&self) {
        let _ = self.served.acquire_many(self.all).await; // never closed
    }
}

/// One listening socket.
pub(crate) struct Front {
    pub(crate) listener: TcpListener,
    /// There for HTTPS.
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) app: Router,
    pub(crate) room: Room,
}

impl Front {
    /// Takes connections in until told to stop.
    pub(crate) async fn serve(self, mut stopping: watch::Receiver<bool>) {
        loop {
            let (stream, address) = tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be taken");
                        tokio::time::sleep(BREATHER).await;
                        continue;
                    }
                },
                () = told(&mut stopping) => return,
            };
            let _ = stream.set_nodelay(true); // only speed
            if let Ok(place) = Arc::clone(&self.room.served).try_acquire_owned() {
                self.welcome(stream, address, place, stopping.clone());
                continue;
            }
            let Ok(place) = Arc::clone(&self.room.refused).acquire_owned().await else { return };
            self.refuse(stream, place);
        }
    }

    fn welcome(
        &self,
        stream: TcpStream,
        address: SocketAddr,
        place: OwnedSemaphorePermit,
        stopping: watch::Receiver<bool>,
    ) {
        let (app, tls) = (self.app.clone(), self.tls.clone());
        tokio::spawn(async move {
            let caller = Caller::at(address);
            match tls {
                None => converse(stream, caller, app, stopping).await,
                Some(tls) => {
                    if let Some(stream) = timely(SLOWEST_OPENING, tls.accept(stream)).await {
                        converse(stream, caller, app, stopping).await;
                    }
                }
            }
            drop(place);
        });
    }

    fn refuse(&self, stream: TcpStream, place: OwnedSemaphorePermit) {
        let tls = self.tls.clone();
        tokio::spawn(async move {
            match tls {
                None => farewell(stream).await,
                Some(tls) => {
                    if let Some(stream) = timely(SLOWEST_FAREWELL, tls.accept(stream)).await {
                        farewell(stream).await;
                    }
                }
            }
            drop(place);
        });
    }
}

async fn timely<T>(limit: Duration, work: impl Future<Output = std::io::Result<T>>) -> Option<T> {
    match tokio::time::timeout(limit, work).await {
        Ok(Ok(done)) => Some(done),
        Ok(Err(error)) => {
            tracing::debug!(%error, "no TLS connection");
            None
        }
        Err(_) => None,
    }
}

async fn told(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await; // an error means that the sandbox was dropped
}

/// Answers the requests of one connection.
async fn converse<S: OverTcp>(stream: S, caller: Caller, app: Router, mut stopping: watch::Receiver<bool>) {
    let wire = TokioIo::new(Wire::of(&caller, stream));
    let app = TowerToHyperService::new(app);
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(caller.clone()));
        app.call(request)
    });
    let mut conversation = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(SLOWEST_OPENING)
            .max_buf_size(LARGEST_HEAD)
            .serve_connection(wire, service)
    );
    let outcome = tokio::select! {
        outcome = conversation.as_mut() => outcome,
        () = told(&mut stopping) => {
            conversation.as_mut().graceful_shutdown();
            conversation.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended badly");
    }
}

/// Says why, then waits a moment for the caller to have read it: closing at once could reset it away.
async fn farewell<S: OverTcp>(mut stream: S) {
    let work = async {
        stream.write_all(REFUSAL).await?;
        stream.shutdown().await?;
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await? > 0 {}
        std::io::Result::Ok(())
    };
    let _ = tokio::time::timeout(SLOWEST_FAREWELL, work).await; // it was told, or nobody listens
}
