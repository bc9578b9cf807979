//! The HTTP server: accepts connections, plain or TLS, serves a bounded number and turns the rest away politely.

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

use crate::connection::{OverTcp, Peer, ResettableStream};

/// The time allowed for a TLS handshake, and again for the headers of a request.
const OPENING_TIMEOUT: Duration = Duration::from_mins(1);
/// The time that a rejected client has to read the reason.
const REJECTION_TIMEOUT: Duration = Duration::from_millis(300);
/// The number of rejections under way at once; further clients wait in the system's backlog.
const MAX_REJECTIONS: usize = 1024;
/// The largest request head that is read at all; a larger one gets a bare 431.
const MAX_HEAD: usize = 64 * 1024;
/// The pause after the system had no file or memory for another connection.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(50);

const REJECTION: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Length: 39\r\n\r\ntoo many connections; please come later";

/// The limit on open connections, shared by all listeners.
#[derive(Clone)]
pub(crate) struct ConnectionLimit {
    served: Arc<Semaphore>,
    max: u32,
    rejected: Arc<Semaphore>,
}

impl ConnectionLimit {
    /// A limit of `max` connections.
    pub(crate) fn new(max: u32) -> Self {
        let served = Arc::new(Semaphore::new(max as usize));
        Self { served, max, rejected: Arc::new(Semaphore::new(MAX_REJECTIONS)) }
    }

    /// Waits until no connection is open any more.
    pub(crate) async fn drained(&self) {
        let _ = self.served.acquire_many(self.max).await; // never closed
    }
}

/// A server on one listening socket.
pub(crate) struct HttpServer {
    pub(crate) listener: TcpListener,
    /// Present for HTTPS.
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) app: Router,
    pub(crate) limit: ConnectionLimit,
}

impl HttpServer {
    /// Accepts connections until the sandbox stops.
    pub(crate) async fn serve(self, mut stopping: watch::Receiver<bool>) {
        loop {
            let (stream, address) = tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(ACCEPT_BACKOFF).await;
                        continue;
                    }
                },
                () = stopped(&mut stopping) => return,
            };
            let _ = stream.set_nodelay(true); // only speed
            if let Ok(permit) = Arc::clone(&self.limit.served).try_acquire_owned() {
                self.spawn_connection(stream, address, permit, stopping.clone());
                continue;
            }
            let Ok(permit) = Arc::clone(&self.limit.rejected).acquire_owned().await else { return };
            self.spawn_rejection(stream, permit);
        }
    }

    fn spawn_connection(
        &self,
        stream: TcpStream,
        address: SocketAddr,
        permit: OwnedSemaphorePermit,
        stopping: watch::Receiver<bool>,
    ) {
        let (app, tls) = (self.app.clone(), self.tls.clone());
        tokio::spawn(async move {
            let peer = Peer::new(address);
            match tls {
                None => serve_requests(stream, peer, app, stopping).await,
                Some(tls) => {
                    if let Some(stream) = handshake(OPENING_TIMEOUT, tls.accept(stream)).await {
                        serve_requests(stream, peer, app, stopping).await;
                    }
                }
            }
            drop(permit);
        });
    }

    fn spawn_rejection(&self, stream: TcpStream, permit: OwnedSemaphorePermit) {
        let tls = self.tls.clone();
        tokio::spawn(async move {
            match tls {
                None => reject(stream).await,
                Some(tls) => {
                    if let Some(stream) = handshake(REJECTION_TIMEOUT, tls.accept(stream)).await {
                        reject(stream).await;
                    }
                }
            }
            drop(permit);
        });
    }
}

/// Waits for a TLS handshake, but no longer than `limit`.
async fn handshake<T>(limit: Duration, work: impl Future<Output = std::io::Result<T>>) -> Option<T> {
    match tokio::time::timeout(limit, work).await {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            tracing::debug!(%error, "no TLS connection");
            None
        }
        Err(_) => None,
    }
}

/// Waits until the sandbox stops.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await; // an error means that the sandbox was dropped
}

/// Serves the requests of one connection.
async fn serve_requests<S: OverTcp>(stream: S, peer: Peer, app: Router, mut stopping: watch::Receiver<bool>) {
    let stream = TokioIo::new(ResettableStream::new(&peer, stream));
    let app = TowerToHyperService::new(app);
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer.clone()));
        app.call(request)
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(OPENING_TIMEOUT)
            .max_buf_size(MAX_HEAD)
            .serve_connection(stream, service)
    );
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = stopped(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended badly");
    }
}

/// Sends the rejection, then waits a moment for the client to read it: closing at once could reset the connection.
async fn reject<S: OverTcp>(mut stream: S) {
    let work = async {
        stream.write_all(REJECTION).await?;
        stream.shutdown().await?;
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await? > 0 {}
        std::io::Result::Ok(())
    };
    let _ = tokio::time::timeout(REJECTION_TIMEOUT, work).await; // it was sent, or nobody reads it
}
