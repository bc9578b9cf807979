//! The results of tasks that run beside the loop.

use dyntray_control::{Rejection, Response};
use dyntray_core::observe::dns::DnsAnswer;
use dyntray_core::observe::observation::Observation;
use dyntray_core::observe::release::Version;
use dyntray_core::record::{SecretPresence, SendEnd};
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::network::Prefix;
use dyntray_core::types::source::Source;
use tokio::sync::oneshot;

use crate::keyring::KeyringError;
use crate::saving::Plan;

/// The result of one task.
pub(super) enum TaskResult {
    /// A source's answer, with the IPv6 prefix if it reported one.
    LookUp(Source, Observation, Option<Prefix>),
    /// The name servers' answer for the host of an entry.
    DnsCheck(EntryId, DnsAnswer),
    /// The end of an update request.
    Send(EntryId, SendEnd),
    /// Whether the missing secret of an entry is there now.
    SecretLook(EntryId, SecretPresence),
    /// The keyring was unlocked, or couldn't be.
    Unlocked(Result<(), KeyringError>, oneshot::Sender<Response>),
    /// The newest version, if one is announced.
    ReleaseLook(Option<Version>),
    /// The secrets of a form that is being saved are stored, or couldn't be.
    SecretsStored(Box<Plan>, Result<(), Rejection>, oneshot::Sender<Response>),
}
