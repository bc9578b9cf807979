//! The results of tasks that run beside the loop.

use dyntray_control::{Rejection, Response, SaveRequest};
use dyntray_core::observe::dns::DnsAnswer;
use dyntray_core::observe::observation::Observation;
use dyntray_core::observe::release::Version;
use dyntray_core::protocol::retry_after::RetryAfter;
use dyntray_core::record::SecretPresence;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::network::Prefix;
use dyntray_core::types::source::Source;
use tokio::sync::oneshot;

use crate::keyring::KeyringError;
use crate::router::RouterAnswer;
use crate::saving::Plan;
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
    LookedBeforeSave(SaveRequest, Vec<(EntryId, SecretPresence)>, oneshot::Sender<Response>),
    /// The secrets of a form that is being saved are stored, or couldn't be.
    SecretsStored(Box<Plan>, Result<(), Rejection>, oneshot::Sender<Response>),
}

/// The end of a look-up.
pub(super) struct LookUpEnd {
    /// The observation.
    pub(super) seen: Observation,
    /// The IPv6 prefix, if the router reported one.
    pub(super) prefix: Option<Prefix>,
    /// A web resolver's wish to be left alone for a while, if there is one.
    pub(super) retry_after: Option<RetryAfter>,
}

impl From<RouterAnswer> for LookUpEnd {
    fn from(answer: RouterAnswer) -> Self {
        LookUpEnd { seen: answer.observation, prefix: answer.prefix, retry_after: None }
    }
}

impl From<LookedUp> for LookUpEnd {
    fn from(ended: LookedUp) -> Self {
        LookUpEnd { seen: ended.observation, prefix: None, retry_after: ended.retry_after }
    }
}
