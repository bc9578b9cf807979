//! Starting and stopping the server on a thread of its own.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{oneshot, watch};

use crate::accounts;
use crate::connection::{Caller, Door};
use crate::control::{self, State};
use crate::error::SandboxError;
use crate::fault::{Fault, Faults, Target};
use crate::hashing::{self, Cost};
use crate::hosts::{self, Addresses, Records};
use crate::line::{self, Line, Mode};
use crate::options::Options;
use crate::router::router;
use crate::service::Service;
use crate::store::Store;
use crate::token::Token;

/// How long open connections may take to finish when the sandbox stops.
const PATIENCE: Duration = Duration::from_secs(2);

/// A running sandbox. Dropping it stops it too, only without waiting for the end.
pub struct Sandbox {
    address: SocketAddr,
    service: Arc<Service>,
    runtime: Handle,
    stop: watch::Sender<bool>,
    ended: oneshot::Receiver<()>,
}

/// Starts a sandbox. It runs on its own thread and runtime, so any runtime may call this.
pub async fn start(options: Options) -> Result<Sandbox, SandboxError> {
    let (started, ready) = oneshot::channel();
    let (ending, ended) = oneshot::channel();
    std::thread::Builder::new().name("spdyn-sandbox".to_owned()).spawn(move || {
        run(options, started);
        let _ = ending.send(()); // nobody waits when the sandbox was dropped
    })?;
    let Running { address, service, runtime, stop } = ready.await.map_err(|_| SandboxError::Stopped)??;
    Ok(Sandbox { address, service, runtime, stop, ended })
}

struct Running {
    address: SocketAddr,
    service: Arc<Service>,
    runtime: Handle,
    stop: watch::Sender<bool>,
}

/// The thread's life: opens everything, says so, serves until told to stop, closes everything.
fn run(options: Options, started: oneshot::Sender<Result<Running, SandboxError>>) {
    let (stop, stopping) = watch::channel(false);
    let (runtime, listener, service) = match open(options, stopping.clone()) {
        Ok(opened) => opened,
        Err(error) => {
            let _ = started.send(Err(error)); // the caller may have gone
            return;
        }
    };
    let address = listener.local_addr();
    runtime.block_on(async {
        let door =
            match address.and_then(|address| Ok((address, tokio::net::TcpListener::from_std(listener)?))) {
                Ok((address, listener)) => {
                    let running =
                        Running { address, service: Arc::clone(&service), runtime: Handle::current(), stop };
                    if started.send(Ok(running)).is_err() {
                        return;
                    }
                    Door(listener)
                }
                Err(error) => {
                    let _ = started.send(Err(error.into()));
                    return;
                }
            };
        serve(door, service, stopping).await;
    });
    runtime.shutdown_timeout(PATIENCE);
}

type Opened = (Runtime, TcpListener, Arc<Service>);

fn open(options: Options, stopping: watch::Receiver<bool>) -> Result<Opened, SandboxError> {
    let store = Store::open(&options.dir)?;
    store.with(|db| line::read(db))?;
    let address = SocketAddr::new(options.bind, options.port);
    let bind = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    let listener = bind().map_err(|source| SandboxError::Bind { address, source })?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    Ok((runtime, listener, Arc::new(Service { options, store, faults: Faults::default(), stopping })))
}

async fn serve(door: Door, service: Arc<Service>, stopping: watch::Receiver<bool>) {
    let stopped = |mut stopping: watch::Receiver<bool>| async move {
        let _ = stopping.wait_for(|stop| *stop).await; // an error means that the sandbox was dropped
    };
    let app = router(service).into_make_service_with_connect_info::<Caller>();
    let serving = axum::serve(door, app).with_graceful_shutdown(stopped(stopping.clone()));
    tokio::select! {
        outcome = async { serving.await } => {
            if let Err(error) = outcome {
                tracing::error!(%error, "the server failed");
            }
        }
        () = async { stopped(stopping).await; tokio::time::sleep(PATIENCE).await } => {}
    }
}

impl Sandbox {
    /// `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `127.0.0.1:PORT`.
    pub fn authority(&self) -> String {
        self.address.to_string()
    }

    /// The port listened at.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Ends open connections, closes the port and the database. The same port and directory can be used again
    /// as soon as this returns.
    pub async fn stop(self) {
        let Self { service, stop, ended, .. } = self;
        drop(service); // the database closes with the last of these
        let _ = stop.send(true);
        let _ = ended.await;
    }

    /// Everything `GET /control/state` tells.
    pub async fn state(&self) -> Result<State, SandboxError> {
        self.blocking(State::read).await
    }

    /// Gives the line new addresses of both families.
    pub async fn reconnect(&self) -> Result<Line, SandboxError> {
        self.blocking(|service| service.store.with(|db| line::reconnect(db))).await
    }

    /// Sets the line's public addresses to any values, also ones that no client should ever publish.
    pub async fn set_line(&self, public: Addresses) -> Result<Line, SandboxError> {
        self.change_line(move |line| Ok(Line { public, ..line })).await
    }

    /// Sets what stands between the home and the service.
    pub async fn set_mode(&self, mode: Mode) -> Result<Line, SandboxError> {
        self.change_line(move |line| line.in_mode(mode)).await
    }

    /// Orders a fault for the next `count` requests to the target.
    pub fn fault(&self, target: Target, fault: Fault, count: u32) {
        self.service.faults.order(target, fault, count);
    }

    /// Forgets locks, offences and faults.
    pub async fn clear(&self) -> Result<(), SandboxError> {
        self.blocking(control::clear_all).await
    }

    /// Makes a host with both records and returns its new update token; an existing host gets a new token. New
    /// hosts belong to the account `demo`, which nobody can log in to until it is registered.
    pub async fn make_token(&self, host_name: &str) -> Result<String, SandboxError> {
        let name = host_name.to_ascii_lowercase();
        self.blocking(move |service| {
            let token = Token::random()?;
            let hash = hashing::hash(Cost::Token, token.reveal())?;
            service.store.with(|db| {
                if hosts::named(db, &name)?.is_empty() {
                    let account = accounts::for_seeding(db)?;
                    if !hosts::is_fqdn(&name) || !hosts::add(db, account, &name, Records::Both)? {
                        return Err(SandboxError::HostName(name.clone()));
                    }
                }
                let there = hosts::named(db, &name)?;
                let host = there.first().ok_or_else(|| SandboxError::HostName(name.clone()))?;
                hosts::set_token(db, host.id, &hash)
            })?;
            Ok(token.into_clear())
        })
        .await
    }

    /// Switches a host on or off.
    pub async fn set_active(&self, host_name: &str, active: bool) -> Result<(), SandboxError> {
        let name = host_name.to_ascii_lowercase();
        let work = move |service: &Service| {
            service.store.with(|db| {
                hosts::named(db, &name)?.iter().try_for_each(|host| hosts::set_active(db, host.id, active))
            })
        };
        self.blocking(work).await
    }

    async fn change_line(
        &self,
        change: impl FnOnce(Line) -> Result<Line, SandboxError> + Send + 'static,
    ) -> Result<Line, SandboxError> {
        self.blocking(|service| {
            service.store.with(|db| {
                let line = change(line::read(db)?)?;
                line::write(db, line)?;
                Ok(line)
            })
        })
        .await
    }

    /// Does blocking work on the sandbox's own threads, whatever runtime the caller has.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Service) -> Result<T, SandboxError> + Send + 'static,
    ) -> Result<T, SandboxError> {
        let service = Arc::clone(&self.service);
        self.runtime.spawn_blocking(move || work(&service)).await.map_err(|_| SandboxError::Stopped)?
    }
}
