//! A sandbox as its starter holds it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};

use crate::accounts;
use crate::authority;
use crate::control::{self, State};
use crate::error::SandboxError;
use crate::fault::{Fault, Target};
use crate::hashing::{self, Cost};
use crate::hosts::{self, Addresses, Records};
use crate::line::{self, Line, Mode};
use crate::options::Options;
use crate::running::{self, Places, Running};
use crate::service::Service;
use crate::token::Token;

/// A running sandbox. Dropping it stops it too, only without waiting for the end.
pub struct Sandbox {
    places: Places,
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
        running::run(options, started);
        let _ = ending.send(()); // nobody waits when the sandbox was dropped
    })?;
    let Running { places, service, runtime, stop } = ready.await.map_err(|_| SandboxError::Stopped)??;
    Ok(Sandbox { places, service, runtime, stop, ended })
}

impl Sandbox {
    /// `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.places.http)
    }

    /// `127.0.0.1:PORT`.
    pub fn authority(&self) -> String {
        self.places.http.to_string()
    }

    /// The port listened at.
    pub fn port(&self) -> u16 {
        self.places.http.port()
    }

    /// `https://localhost:PORT`, when HTTPS was asked for. Its certificate comes from [`Sandbox::ca_file`].
    pub fn https_url(&self) -> Option<String> {
        self.places.https.map(|address| format!("https://localhost:{}", address.port()))
    }

    /// The certificate of the test authority, when HTTPS was asked for: made once per directory, kept there as
    /// `ca.pem`, good for loopback, `spdyn.test` and [`Options::names`] only.
    pub fn ca_file(&self) -> Option<PathBuf> {
        self.places.https.map(|_| authority::certificate_file(&self.service.options.dir))
    }

    /// Where the name server answers, over UDP and TCP, when it was asked for.
    pub fn dns_address(&self) -> Option<SocketAddr> {
        self.places.dns
    }

    /// Ends open connections, closes the ports and the database. The same ports and directory can be used again
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
