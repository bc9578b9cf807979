//! A running sandbox, for the code that starts it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};

use crate::accounts;
use crate::certificate_authority;
use crate::control::{self, State};
use crate::error::SandboxError;
use crate::fault::{Fault, Target};
use crate::hashing::{self, Cost};
use crate::hosts::{self, Records};
use crate::options::Options;
use crate::server_thread::{self, Endpoints, Started};
use crate::service::Service;
use crate::token::{Token, TokenKind};
use crate::wan::{self, Mode, Wan};

/// A running sandbox. Dropping it stops it too, without waiting until it has stopped.
pub struct Sandbox {
    endpoints: Endpoints,
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
        server_thread::run(options, started);
        let _ = ending.send(()); // nobody waits for a sandbox that was dropped
    })?;
    let Started { endpoints, service, runtime, stop } = ready.await.map_err(|_| SandboxError::Stopped)??;
    Ok(Sandbox { endpoints, service, runtime, stop, ended })
}

impl Sandbox {
    /// `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.endpoints.http)
    }

    /// `127.0.0.1:PORT`.
    pub fn authority(&self) -> String {
        self.endpoints.http.to_string()
    }

    /// The TCP port for HTTP.
    pub fn port(&self) -> u16 {
        self.endpoints.http.port()
    }

    /// `https://localhost:PORT`, if HTTPS is on. Its certificate is signed by the one in [`Sandbox::ca_file`].
    pub fn https_url(&self) -> Option<String> {
        self.endpoints.https.map(|address| format!("https://localhost:{}", address.port()))
    }

    /// The certificate file of the test CA, if HTTPS is on: `ca.pem`, created once per directory. The CA is valid
    /// for loopback, `spdyn.test` and [`Options::names`] only.
    pub fn ca_file(&self) -> Option<PathBuf> {
        self.endpoints.https.map(|_| certificate_authority::certificate_file(&self.service.options.dir))
    }

    /// The address of the name server, UDP and TCP, if it is on.
    pub fn dns_address(&self) -> Option<SocketAddr> {
        self.endpoints.dns
    }

    /// Ends open connections and closes the ports and the database. Ports and directory are free again as soon as
    /// this returns.
    pub async fn stop(self) {
        let Self { service, stop, ended, .. } = self;
        drop(service); // the database closes with the last of these
        let _ = stop.send(true);
        let _ = ended.await;
    }

    /// The same state as `GET /control/state`.
    pub async fn state(&self) -> Result<State, SandboxError> {
        self.blocking(State::read).await
    }

    /// Gives the WAN new addresses of both families.
    pub async fn reconnect(&self) -> Result<Wan, SandboxError> {
        self.blocking(|service| service.store.with(|db| wan::reconnect(db))).await
    }

    /// Sets the WAN's mode: what stands between the home and the service.
    pub async fn set_mode(&self, mode: Mode) -> Result<Wan, SandboxError> {
        self.change_wan(move |wan| wan.in_mode(mode)).await
    }

    /// Injects a fault into the next `count` requests to the target.
    pub fn fault(&self, target: Target, fault: Fault, count: u32) {
        self.service.faults.inject(target, fault, count);
    }

    /// Clears locks, strikes and pending faults.
    pub async fn clear(&self) -> Result<(), SandboxError> {
        self.blocking(control::clear_all).await
    }

    /// Creates a host with both records and returns its new update token; an existing host gets a new token. New
    /// hosts belong to the account `demo`, which has no password.
    pub async fn make_token(&self, host_name: &str) -> Result<String, SandboxError> {
        let name = host_name.to_ascii_lowercase();
        self.blocking(move |service| {
            let token = Token::random(TokenKind::Update, 0)?;
            let hash = hashing::hash(Cost::Token, token.reveal())?;
            service.store.with(|db| {
                if hosts::named(db, &name)?.is_empty() {
                    let account = accounts::for_seeding(db)?;
                    if !hosts::is_fqdn(&name) || !hosts::add(db, account, &name, Records::Both)? {
                        return Err(SandboxError::HostName(name.clone()));
                    }
                }
                let existing = hosts::named(db, &name)?;
                let host = existing.first().ok_or_else(|| SandboxError::HostName(name.clone()))?;
                hosts::set_token(db, host.id, TokenKind::Update, &hash)
            })?;
            Ok(token.into_string())
        })
        .await
    }

    async fn change_wan(
        &self,
        change: impl FnOnce(Wan) -> Result<Wan, SandboxError> + Send + 'static,
    ) -> Result<Wan, SandboxError> {
        self.blocking(|service| {
            service.store.with(|db| {
                let wan = change(wan::read(db)?)?;
                wan::write(db, wan)?;
                Ok(wan)
            })
        })
        .await
    }

    /// Does blocking work on the sandbox's own threads, whatever the caller's runtime.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Service) -> Result<T, SandboxError> + Send + 'static,
    ) -> Result<T, SandboxError> {
        let service = Arc::clone(&self.service);
        self.runtime.spawn_blocking(move || work(&service)).await.map_err(|_| SandboxError::Stopped)?
    }
}
