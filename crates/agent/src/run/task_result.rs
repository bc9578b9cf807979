//! The results of tasks that run beside the loop.

use dyntray_control::{Rejection, Response};
use dyntray_core::observe::dns::DnsAnswer;
use dyntray_core::observe::observation::Observation;
use dyntray_core::observe::release::Version;
use dyntray_core::protocol::retry_after::RetryAfter;
use dyntray_core::record::SecretPresence;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::network::{NetworkId, Prefix};
use dyntray_core::types::source::Source;
use tokio::sync::oneshot;

use crate::keyring::KeyringError;
use crate::router::{LocalNetworkAccess, RouterAnswer};
use crate::saving::{Change, Plan, Undo};
use crate::sender::Sent;
use crate::web_resolver::LookedUp;

/// The result of one task.
pub(super) enum TaskResult {
    /// A source's answer.
    LookUp(Source, LookUpEnd),
    /// The name servers' answer for the host of an entry.
    DnsCheck(EntryId, DnsAnswer),
    /// The end of an update request.
    Send(EntryId, Sent),
    /// Whether the missing secret of an entry is there now.
    SecretLook(EntryId, SecretPresence),
    /// The keyring was unlocked, or couldn't be.
    Unlocked(Result<(), KeyringError>, oneshot::Sender<Response>),
    /// The newest version, if one is announced.
    ReleaseLook(Option<Version>),
    /// Whether the secrets are there that the state doesn't know, and that a save depends on.
    LookedBeforeSave(Change, Vec<(EntryId, SecretPresence)>, oneshot::Sender<Response>),
    /// The new secrets of a form that is being saved are written, or couldn't be.
    SecretsWritten(Box<Plan>, Result<Undo, Rejection>, oneshot::Sender<Response>),
    /// A save has ended like this, and nothing of it is left to be done.
    SaveEnded(Response, oneshot::Sender<Response>),
}

/// The end of a look-up.
pub(super) struct LookUpEnd {
    /// The observation.
    pub(super) seen: Observation,
    /// The IPv6 prefix, if the router reported one.
    pub(super) prefix: Option<Prefix>,
    /// The identity of the router's network, if it told one.
    pub(super) identity: Option<NetworkId>,
    /// The system's leave to ask the router, if it was asked.
    pub(super) local_network: Option<LocalNetworkAccess>,
    /// A web resolver's wish to be left alone for a while, if there is one.
    pub(super) retry_after: Option<RetryAfter>,
}

impl From<RouterAnswer> for LookUpEnd {
    fn from(answer: RouterAnswer) -> Self {
        LookUpEnd {
            seen: answer.observation,
            prefix: answer.prefix,
            identity: None,
            local_network: None,
            retry_after: None,
        }
    }
}

impl From<LookedUp> for LookUpEnd {
    fn from(ended: LookedUp) -> Self {
        LookUpEnd {
            seen: ended.observation,
            prefix: None,
            identity: None,
            local_network: None,
            retry_after: ended.retry_after,
        }
    }
}
