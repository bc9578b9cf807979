//! What can be chosen when starting the sandbox.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use crate::line::Callers;
use crate::locks::Budget;

/// How a sandbox is to be run. SPDYN publishes none of its thresholds, so all of them are adjustable here.
#[derive(Debug, Clone)]
pub struct Options {
    /// The directory that holds `sandbox.db`; made when missing.
    pub dir: PathBuf,
    /// The TCP port; 0 takes any free one.
    pub port: u16,
    /// The TCP port for HTTPS; 0 takes any free one; without one there is no HTTPS.
    pub https_port: Option<u16>,
    /// The port of the name server, UDP and TCP; 0 takes any free one; without one there is no name server.
    pub dns_port: Option<u16>,
    /// So many connections are served at once, HTTP and HTTPS together; further ones are answered 503 with a
    /// `Retry-After` and closed.
    pub connections: u32,
    /// So many passwords and tokens may wait to be checked, beside the two being checked; further ones are
    /// answered 503 (updates: `911`).
    pub hash_queue: u32,
    /// The largest `sandbox.db` may grow, in bytes; a full one answers as a full disk does.
    pub largest_database: Option<u64>,
    /// The address to listen at. Others than loopback are for network namespaces, where nobody else is. The control
    /// endpoint answers loopback callers only, whatever stands here.
    pub bind: IpAddr,
    /// Whose addresses the look-up tells and an update without `myip` publishes.
    pub callers: Callers,
    /// Further names that the HTTPS certificate is good for. The authority vouches for them too, so whoever trusts it
    /// should live in a network namespace where they lead to the sandbox.
    pub names: Vec<String>,
    /// How many `nochg` a host may collect before it is locked.
    pub nochg_budget: Budget,
    /// How many `badauth` a user name may collect before it is locked.
    pub badauth_budget: Budget,
    /// How many wrong log-ins to the portal an account name may collect before further ones are refused (429).
    pub login_budget: Budget,
    /// How long a lock (`abuse`, or the refusal of log-ins) lasts.
    pub lock_for: Duration,
    /// Answer `abuse` to a second update of a host within this time. Clients in the field saw that happen to two
    /// updates in the same second; off by default, since stories in tests follow one another faster than that.
    pub shortest_gap: Option<Duration>,
}

impl Options {
    /// The usual sandbox: loopback, any free port, 10 `nochg` an hour, 5 `badauth` and
    /// 10 wrong log-ins in 10 minutes, locks of 15 minutes.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            port: 0,
            https_port: None,
            dns_port: None,
            connections: 512,
            hash_queue: 64,
            largest_database: None,
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            callers: Callers::Pretended,
            names: Vec::new(),
            nochg_budget: Budget { times: 10, within: Duration::from_hours(1) },
            badauth_budget: Budget { times: 5, within: Duration::from_mins(10) },
            login_budget: Budget { times: 10, within: Duration::from_mins(10) },
            lock_for: Duration::from_mins(15),
            shortest_gap: None,
        }
    }

    /// The same with this port.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The same with HTTPS at this port; 0 takes any free one.
    #[must_use]
    pub fn https_port(mut self, port: u16) -> Self {
        self.https_port = Some(port);
        self
    }

    /// The same with a name server at this port; 0 takes any free one.
    #[must_use]
    pub fn dns_port(mut self, port: u16) -> Self {
        self.dns_port = Some(port);
        self
    }
}
