//! The options that a sandbox is started with.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use crate::locks::LockThreshold;
use crate::wan::ClientAddresses;

/// The options of a sandbox. SPDYN publishes none of its thresholds, so all of them can be set here.
#[derive(Debug, Clone)]
pub struct Options {
    /// The directory that holds `sandbox.db`; created if missing.
    pub dir: PathBuf,
    /// The TCP port for HTTP; 0 takes any free one.
    pub port: u16,
    /// The TCP port for HTTPS; 0 takes any free one; without a port there is no HTTPS.
    pub https_port: Option<u16>,
    /// The port of the name server, UDP and TCP; 0 takes any free one; without a port there is no name server.
    pub dns_port: Option<u16>,
    /// The number of connections served at once, HTTP and HTTPS together; further ones get 503 with a
    /// `Retry-After` and are closed.
    pub max_connections: u32,
    /// The number of passwords and tokens that may wait to be checked, beside the two being checked; further
    /// ones get 503 (updates: `911`).
    pub hash_queue: u32,
    /// The maximum size of `sandbox.db` in bytes; beyond it the sandbox behaves as on a full disk.
    pub max_database_size: Option<u64>,
    /// The address to listen on. Addresses other than loopback are for network namespaces, where nobody else is.
    /// The control endpoint answers loopback peers only, whatever is set here.
    pub bind: IpAddr,
    /// The addresses that clients appear to come from. A look-up returns them, and an update without `myip`
    /// publishes them.
    pub client_addresses: ClientAddresses,
    /// Further names for the HTTPS certificate. The test CA may sign for them too, so trust it only in a network
    /// namespace where these names lead to the sandbox.
    pub names: Vec<String>,
    /// The number of `nochg` after which a host is locked.
    pub nochg_threshold: LockThreshold,
    /// The number of `badauth` after which a user name is locked.
    pub badauth_threshold: LockThreshold,
    /// The number of failed log-ins to the portal after which an account name is refused (429).
    pub login_threshold: LockThreshold,
    /// The duration of a lock (`abuse`, or refused log-ins).
    pub lock_duration: Duration,
    /// The shortest time between two updates of a host; an earlier one gets `abuse`. Clients in the field saw this
    /// for two updates in the same second. Off by default, since updates in tests follow one another faster.
    pub min_update_interval: Option<Duration>,
}

impl Options {
    /// The usual options: loopback, any free port, 10 `nochg` an hour, 5 `badauth` and 10 failed log-ins in
    /// 10 minutes, locks of 15 minutes.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            port: 0,
            https_port: None,
            dns_port: None,
            max_connections: 512,
            hash_queue: 64,
            max_database_size: None,
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            client_addresses: ClientAddresses::Simulated,
            names: Vec::new(),
            nochg_threshold: LockThreshold { count: 10, window: Duration::from_hours(1) },
            badauth_threshold: LockThreshold { count: 5, window: Duration::from_mins(10) },
            login_threshold: LockThreshold { count: 10, window: Duration::from_mins(10) },
            lock_duration: Duration::from_mins(15),
            min_update_interval: None,
        }
    }

    /// The same options with this port for HTTP.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The same options with HTTPS on this port; 0 takes any free one.
    #[must_use]
    pub fn https_port(mut self, port: u16) -> Self {
        self.https_port = Some(port);
        self
    }

    /// The same options with a name server on this port; 0 takes any free one.
    #[must_use]
    pub fn dns_port(mut self, port: u16) -> Self {
        self.dns_port = Some(port);
        self
    }
}
