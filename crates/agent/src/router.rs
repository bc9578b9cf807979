//! Asks the home's router for its public address, and hears of a change by push.
//!
//! Two protocols are spoken: UPnP IGD first, NAT-PMP (RFC 6886) where UPnP tells nothing. Only the gateway itself is
//! believed: answers, descriptions and events that come from anybody else in the home are named in the log and
//! dropped. What is pushed only says *look again*; no address is ever taken from it.

mod announcements;
mod description;
mod events;
mod followed;
pub mod fuzz_entry;
mod gateway_url;
mod listener;
mod natpmp;
mod rate_limited_notify;
mod search;
mod soap;
mod subscription;
mod upnp;

use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::Arc;
use std::time::Duration;

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::Family;
use dyntray_core::types::network::Prefix;
use tokio::sync::watch;

use followed::Followed;
use rate_limited_notify::RateLimitedNotify;

/// No look-up takes longer. UPnP and NAT-PMP one after the other need less.
const LONGEST_LOOK_UP: Duration = Duration::from_secs(5);

/// A router, as this machine's own routing table knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouterAt {
    /// The gateway's address in the home network. Nothing is asked of one that isn't private.
    pub address: Ipv4Addr,
    /// This machine's address in the same network: what is sent leaves from it, and events are heard there only.
    pub local: Ipv4Addr,
}

/// What a router told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterAnswer {
    /// Its external address of the family asked for. For IPv6 that is the router's own, not this machine's. Never
    /// `NoAddress`: a router without one can't be told from one whose line is only coming up.
    pub observation: Observation,
    /// The IPv6 prefix that was delegated to it; asked for together with IPv6 only, and only FRITZ!Boxes tell it.
    pub prefix: Option<Prefix>,
    /// How it was told; none where nothing was.
    pub protocol: Option<RouterProtocol>,
}

/// The language that a router answered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouterProtocol {
    /// UPnP Internet Gateway Device, version 1 or 2.
    Upnp,
    /// NAT-PMP, which Apple's routers and many free ones speak (RFC 6886).
    NatPmp,
}

/// Where and when routers are searched and heard. The defaults are the protocols' own; others are for tests.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Where a search goes: SSDP's group (UPnP Device Architecture 2.0, 1.3.2).
    pub search: SocketAddrV4,
    /// The gateway's port for NAT-PMP (RFC 6886, 3.2).
    pub natpmp_port: u16,
    /// The group and port of the gateway's announcements (RFC 6886, 3.2.1).
    pub announcements: SocketAddrV4,
    /// When to search by UPnP again after nothing was found; each time after the last of them from then on.
    pub search_again: [Duration; 3],
}

impl Default for Options {
    fn default() -> Self {
        Options {
            search: SocketAddrV4::new(Ipv4Addr::new(239, 255, 255, 250), 1900),
            natpmp_port: 5351,
            announcements: SocketAddrV4::new(Ipv4Addr::new(224, 0, 0, 1), 5350),
            search_again: [Duration::from_mins(1), Duration::from_mins(5), Duration::from_mins(30)],
        }
    }
}

/// Speaks to the home's router. A handle, cheap to clone; a private task keeps the subscription to the router's
/// events, and ends with the last handle.
#[derive(Clone, Debug)]
pub struct Router {
    options: Options,
    followed: Arc<watch::Sender<Option<Arc<Followed>>>>,
    bell: Arc<RateLimitedNotify>,
}

impl Router {
    /// Starts with no router to ask. To be called inside a tokio runtime.
    pub fn start() -> Self {
        Self::start_with(Options::default())
    }

    /// The same with other options.
    pub fn start_with(options: Options) -> Self {
        let (followed, follows) = watch::channel(None);
        let bell = Arc::new(RateLimitedNotify::default());
        tokio::spawn(keep_listening(follows, Arc::clone(&bell)));
        Router { options, followed: Arc::new(followed), bell }
    }

    /// Says which gateway to ask from now on; none: nobody is asked, and what was subscribed to is given up. Saying
    /// the same again does nothing.
    pub fn follow(&self, gateway: Option<RouterAt>) {
        let gateway = gateway.filter(|at| is_home(at.address));
        self.followed.send_if_modified(|followed| {
            if followed.as_ref().map(|there| there.at) == gateway {
                return false;
            }
            tracing::debug!(?gateway, "another router");
            *followed = gateway.map(|at| Arc::new(Followed::new(at, self.options)));
            true
        });
    }

    /// The router's external address of `family`. Takes five seconds at most, and never fails: what went wrong is
    /// part of the answer.
    pub async fn look_up(&self, family: Family) -> RouterAnswer {
        let Some(asked) = self.followed.borrow().clone() else {
            return RouterAnswer::nothing(LookUpProblem::NoRouter);
        };
        let answer = tokio::time::timeout(LONGEST_LOOK_UP, asked.look_up(family)).await;
        let still_there = self.followed.borrow().as_ref().is_some_and(|now| Arc::ptr_eq(now, &asked));
        match answer {
            _ if !still_there => {
                tracing::debug!(?family, "the network changed while its router was asked");
                RouterAnswer::nothing(LookUpProblem::NoRouter)
            }
            Ok(answer) => answer,
            Err(_) => RouterAnswer::nothing(LookUpProblem::TimedOut),
        }
    }

    /// Waits until the router told that its external address changed, or that it came back; at most every two
    /// seconds. May be dropped and called again at any time: nothing gets lost. For one waiter.
    pub async fn changed(&self) {
        self.bell.heard().await;
    }
}

impl RouterAnswer {
    fn nothing(why: LookUpProblem) -> Self {
        RouterAnswer { observation: Observation::Unavailable { why }, prefix: None, protocol: None }
    }
}

/// Whether plain HTTP to it stays in the home. Loopback is where tests live.
fn is_home(gateway: Ipv4Addr) -> bool {
    let home = gateway.is_private() || gateway.is_link_local() || gateway.is_loopback();
    if !home {
        tracing::debug!(%gateway, "the gateway isn't a home's router and isn't asked");
    }
    home
}

async fn keep_listening(mut follows: watch::Receiver<Option<Arc<Followed>>>, bell: Arc<RateLimitedNotify>) {
    loop {
        let followed = follows.borrow_and_update().clone();
        let listening = async {
            match &followed {
                Some(followed) => followed::listen(followed, &bell).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = follows.changed() => if changed.is_err() { return },
            () = listening => {}
        }
    }
}
