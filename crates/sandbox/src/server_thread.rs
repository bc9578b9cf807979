//! The sandbox's thread: opens everything, reports that it is ready, serves until told to stop, closes everything.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, UdpSocket};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{oneshot, watch};
use tokio_rustls::TlsAcceptor;

use crate::certificates;
use crate::error::SandboxError;
use crate::fault::Faults;
use crate::hash_queue::HashQueue;
use crate::http_server::HttpServer;
use crate::name_server;
use crate::options::Options;
use crate::places::Places;
use crate::router::router;
use crate::service::Service;
use crate::store::Store;
use crate::wan;

/// The time that open connections have to finish when the sandbox stops.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);
/// Threads for the database and for hashing.
const BLOCKING_THREADS: usize = 16;
/// Connections that the system queues until they are accepted.
const BACKLOG: u32 = 4096;
/// Attempts to find a port that is free for both UDP and TCP.
const PORT_ATTEMPTS: u32 = 20;

/// The addresses that a sandbox listens on.
#[derive(Clone, Copy)]
pub(crate) struct Endpoints {
    pub(crate) http: SocketAddr,
    pub(crate) https: Option<SocketAddr>,
    pub(crate) dns: Option<SocketAddr>,
}

/// A started sandbox, for its owner on another thread.
pub(crate) struct Started {
    pub(crate) endpoints: Endpoints,
    pub(crate) service: Arc<Service>,
    pub(crate) runtime: Handle,
    pub(crate) stop: watch::Sender<bool>,
}

/// The bound sockets of a sandbox.
struct Sockets {
    http: TcpListener,
    https: Option<(TcpListener, TlsAcceptor)>,
    dns: Option<(UdpSocket, TcpListener)>,
}

/// Runs a sandbox on this thread, from opening to closing.
pub(crate) fn run(options: Options, started: oneshot::Sender<Result<Started, SandboxError>>) {
    let (stop, stopping) = watch::channel(false);
    let (runtime, sockets, endpoints, service) = match open(options, stopping.clone()) {
        Ok(opened) => opened,
        Err(error) => {
            let _ = started.send(Err(error)); // the caller may be gone
            return;
        }
    };
    let sandbox =
        Started { endpoints, service: Arc::clone(&service), runtime: runtime.handle().clone(), stop };
    if started.send(Ok(sandbox)).is_err() {
        return;
    }
    runtime.block_on(serve(sockets, service, stopping));
    runtime.shutdown_timeout(SHUTDOWN_TIMEOUT);
}

type Opened = (Runtime, Sockets, Endpoints, Arc<Service>);

/// Does everything that can fail before the first connection.
fn open(options: Options, stopping: watch::Receiver<bool>) -> Result<Opened, SandboxError> {
    let store = Store::open(&options.dir)?;
    store.with(|db| wan::read(db))?;
    let runtime = Builder::new_current_thread()
        .max_blocking_threads(BLOCKING_THREADS)
        .thread_name("spdyn-sandbox-blocking")
        .enable_all()
        .build()?;
    let within = runtime.enter();
    let at = |port| SocketAddr::new(options.bind, port);
    let faults = Arc::new(Faults::default());
    let http = tcp(at(options.port))?;
    let secure = |port| {
        let listener = tcp(at(port))?;
        Ok::<_, SandboxError>((
            listener,
            certificates::acceptor(&options.dir, &options.names, Arc::clone(&faults))?,
        ))
    };
    let https = options.https_port.map(secure).transpose()?;
    let dns = options.dns_port.map(|port| udp_and_tcp(at(port))).transpose()?;
    let endpoints = Endpoints {
        http: http.local_addr()?,
        https: https.as_ref().map(|(listener, _)| listener.local_addr()).transpose()?,
        dns: dns.as_ref().map(|(socket, _)| socket.local_addr()).transpose()?,
    };
    drop(within);
    let hash_queue = HashQueue::new(options.hash_queue);
    let service = Arc::new(Service { options, store, faults, hash_queue, stopping });
    Ok((runtime, Sockets { http, https, dns }, endpoints, service))
}

/// Binds a listening TCP socket with a backlog long enough for a crowd. Needs a runtime's context.
fn tcp(address: SocketAddr) -> Result<TcpListener, SandboxError> {
    let bind = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        #[cfg(unix)] // elsewhere it would let other programs bind the port too
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    bind().map_err(|source| SandboxError::Bind { address, source })
}

/// Binds a UDP and a TCP socket to the same port; for port 0, to any port that is free for both.
fn udp_and_tcp(address: SocketAddr) -> Result<(UdpSocket, TcpListener), SandboxError> {
    let mut attempts = if address.port() == 0 { PORT_ATTEMPTS } else { 1 };
    loop {
        attempts -= 1;
        let bind = || {
            let socket = std::net::UdpSocket::bind(address)?;
            socket.set_nonblocking(true)?;
            io::Result::Ok((socket.local_addr()?, UdpSocket::from_std(socket)?))
        };
        let (address, socket) = bind().map_err(|source| SandboxError::Bind { address, source })?;
        match tcp(address) {
            Ok(listener) => return Ok((socket, listener)),
            Err(error) if attempts == 0 => return Err(error),
            Err(_) => {}
        }
    }
}

async fn serve(sockets: Sockets, service: Arc<Service>, stopping: watch::Receiver<bool>) {
    let Sockets { http, https, dns } = sockets;
    let places = Places::new(service.options.max_connections);
    let app = router(Arc::clone(&service));
    let server = |listener: TcpListener, tls: Option<TlsAcceptor>| HttpServer {
        listener,
        tls,
        app: app.clone(),
        places: places.clone(),
    };
    let plain = server(http, None);
    let secure = https.map(|(listener, tls)| server(listener, Some(tls)));
    let secure = async {
        if let Some(server) = secure {
            server.serve(stopping.clone()).await;
        }
    };
    let names = async {
        if let Some((socket, listener)) = dns {
            name_server::serve(socket, listener, service, stopping.clone()).await;
        }
    };
    tokio::join!(plain.serve(stopping.clone()), secure, names);
    let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, places.emptied()).await; // what is left is cut off
}
