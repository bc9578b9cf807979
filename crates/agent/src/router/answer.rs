//! A router's answer to a look-up.

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::network::Prefix;

/// A router's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterAnswer {
    /// The external address of the family asked for. For IPv6 it is the router's own, not this machine's. Never
    /// `NoAddress`: a router without one looks like one whose line is only coming up.
    pub observation: Observation,
    /// The delegated IPv6 prefix. It is asked for with IPv6 only, and only FRITZ!Boxes report it.
    pub prefix: Option<Prefix>,
    /// The protocol of the answer; none if there was none.
    pub protocol: Option<RouterProtocol>,
}

/// The protocol in which a router answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouterProtocol {
    /// UPnP Internet Gateway Device, version 1 or 2, or TR-064, which has its services.
    Upnp,
    /// NAT-PMP (RFC 6886), which Apple's routers and many free ones speak.
    NatPmp,
}

impl RouterAnswer {
    /// The answer of a look-up that failed.
    pub(super) fn unavailable(why: LookUpProblem) -> Self {
        RouterAnswer { observation: Observation::Unavailable { why }, prefix: None, protocol: None }
    }

    /// The answer of a router that told why it has no address.
    pub(super) fn of(why: LookUpProblem, protocol: RouterProtocol) -> Self {
        RouterAnswer { protocol: Some(protocol), ..Self::unavailable(why) }
    }
}
