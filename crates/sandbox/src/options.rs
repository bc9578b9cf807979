//! The options that a sandbox is started with.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use crate::wan::ClientAddresses;

/// The number of strikes within a time window that leads to a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockThreshold {
    /// The number of strikes. The last of them is still answered as usual; the next request finds the lock.
    pub count: u32,
    /// The sliding window over which strikes are counted.
    pub window: Duration,
}

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
    /// The number of connections served at once, HTTP and HTTPS together, half of them at most for one network (an IPv4
    /// address or an IPv6 /64); further ones are closed at once.
    pub max_connections: u32,
    /// The number of passwords and tokens that may wait to be checked, beside the two being checked; further
    /// ones get 503 (updates: `911`).
    pub hash_queue: u32,
    /// The address to listen on. Addresses other than loopback are for network namespaces, where nobody else is.
    /// The control endpoint and the portal's page `/line` answer loopback peers only, whatever is set here.
    pub bind: IpAddr,
    /// The addresses that clients appear to come from. A look-up returns them, and an update without `myip`
    /// publishes them.
    pub client_addresses: ClientAddresses,
    /// Further names of the sandbox: `Host` may have them, and the HTTPS certificate does. The test CA may sign for them too, so trust it only in a network
    /// namespace where these names lead to the sandbox.
    pub names: Vec<String>,
    /// The number of `nochg` after which a host is locked.
    pub nochg_threshold: LockThreshold,
    /// The number of wrong secrets of one user from one network (an IPv4 address or an IPv6 /64) after which further
    /// wrong ones get `abuse` there.
    pub badauth_threshold: LockThreshold,
    /// The number of failed log-ins to the portal with one account name from one network after which further wrong
    /// passwords are refused there (429).
    pub login_threshold: LockThreshold,
    /// The number of wrong secrets from one network, whatever the names, after which nothing of it is checked any more;
    /// counted for updates and for log-ins.
    pub network_threshold: LockThreshold,
    /// The number of new accounts from one network after which further ones are refused (429).
    pub registration_threshold: LockThreshold,
    /// The duration of a lock (`abuse`, or refused log-ins).
    pub lock_duration: Duration,
}

impl Options {
    /// The usual options: loopback, any free port, 10 `nochg` an hour, 5 `badauth`, 10 failed log-ins and 30 wrong secrets
    /// of a network in 10 minutes, 30 new accounts an hour, locks of 15 minutes.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            port: 0,
            https_port: None,
            dns_port: None,
            max_connections: 512,
            hash_queue: 64,
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            client_addresses: ClientAddresses::Simulated,
            names: Vec::new(),
            nochg_threshold: LockThreshold { count: 10, window: Duration::from_hours(1) },
            badauth_threshold: LockThreshold { count: 5, window: Duration::from_mins(10) },
            login_threshold: LockThreshold { count: 10, window: Duration::from_mins(10) },
            network_threshold: LockThreshold { count: 30, window: Duration::from_mins(10) },
            registration_threshold: LockThreshold { count: 30, window: Duration::from_hours(1) },
            lock_duration: Duration::from_mins(15),
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
