//! Events: everything that can change the state.

use std::collections::BTreeSet;

use crate::observe::dns::DnsAnswer;
use crate::observe::observation::Observation;
use crate::observe::release::Version;
use crate::protocol::reply::{HaltReason, Verdict};
use crate::protocol::request::UpdateRequest;
use crate::protocol::retry_after::RetryAfter;
use crate::protocol::retryable::RetryableError;
use crate::state::Pause;
use crate::types::entry_id::EntryId;
use crate::types::network::{Network, NetworkId, Prefix};
use crate::types::source::Source;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The program started: what was in flight has an unknown result.
    Started,
    /// Time passed: waits that a clock set back has made too long are shortened.
    Tick,
    /// The settings changed, and the secrets of these entries are new.
    SettingsChanged {
        /// Entries whose secret was just saved.
        new_secrets: BTreeSet<EntryId>,
    },
    /// This machine's network was read, at the start or because it may have changed; none where it can't be read.
    NetworkSeen(Option<Network>),
    /// The router, or a wake from sleep, reports that the address may have changed.
    ChangeReported,
    /// The person says that this network is home, too.
    ThisIsHome,
    /// The person wants all home networks forgotten: the next one that an update leads to becomes home.
    HomesForgotten,
    /// The name servers are being asked for an entry's records.
    DnsCheckStarted(EntryId),
    /// The name servers answered.
    DnsCheckEnded(EntryId, DnsAnswer),
    /// The router reported the IPv6 prefix that was delegated to it.
    PrefixTold(Source, Option<Prefix>),
    /// The router has told its name as a device, by which its network is recognised.
    IdentityTold(NetworkId),
    /// A source is being asked.
    LookUpStarted(Source),
    /// A source answered.
    LookUpEnded(Source, Observation),
    /// A request is about to be sent.
    SendStarted(UpdateRequest),
    /// A request ended.
    SendEnded(EntryId, SendEnd),
    /// A server asks to be left alone for a while. It comes before the end of the request or look-up that it answers.
    RetryAfter(RetryAfter),
    /// The person asks for a look-up now, and an update if the address differs.
    UpdateNow,
    /// A timer of the person's asks for the same, every few minutes perhaps.
    UpdateWhenDue,
    /// The person says that a halt's cause is gone.
    TryAgain(EntryId),
    /// The person pauses.
    Paused(Pause),
    /// The person resumes.
    Resumed,
    /// The keyring answers again, or another one took its place.
    KeyringBack,
    /// The keyring is being looked into for an entry's missing secret.
    SecretLookStarted(EntryId),
    /// The keyring was looked into for it.
    SecretLookEnded(EntryId, SecretPresence),
    /// The file that keeps secrets has none of an entry, whatever was known of it.
    SecretGone(EntryId),
    /// The question for new versions of Dyntray is under way.
    ReleaseLookStarted,
    /// The version that is announced; none where the question failed.
    ReleaseLookEnded(Option<Version>),
    /// The person closed the window, and only the tray's icon stays.
    WindowClosed,
    /// The tray's icon is shown, or the person is told that no panel shows it.
    TrayKnown,
}

impl Event {
    /// True when it only reports what was seen, that time passed, or a wish to look now. Of a DNS answer, only what it
    /// changes tells that.
    pub(super) fn is_ephemeral(&self) -> bool {
        matches!(
            self,
            Event::Started
                | Event::Tick
                | Event::ChangeReported
                | Event::UpdateNow
                | Event::UpdateWhenDue
                | Event::LookUpStarted(_)
                | Event::LookUpEnded(..)
                | Event::NetworkSeen(_)
                | Event::IdentityTold(_)
                | Event::DnsCheckStarted(_)
                | Event::SecretLookStarted(_)
                | Event::SecretLookEnded(_, SecretPresence::Missing { .. } | SecretPresence::Unknown)
        )
    }
}

/// The presence of a secret in the keyring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretPresence {
    /// It is there.
    Found,
    /// It isn't there.
    Missing {
        /// The program that keeps secrets here; none where it has no name.
        keyring: Option<String>,
    },
    /// The keyring is locked, or there is none.
    Unknown,
}

/// The end of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendEnd {
    /// The server answered.
    Answered(Verdict),
    /// No answer: nothing was sent, or the result is unknown.
    Failed(RetryableError),
    /// There is no secret for this entry, so nothing was sent.
    NoSecret {
        /// The program that keeps secrets here; none where it has no name.
        keyring: Option<String>,
    },
}

impl SendEnd {
    /// True when it refuses the login or secret that was used, and nothing else.
    pub(super) fn refuses_login(&self) -> bool {
        matches!(
            self,
            SendEnd::NoSecret { .. }
                | SendEnd::Answered(Verdict::Halt(
                    HaltReason::BadAuth
                        | HaltReason::NotYours
                        | HaltReason::NotDonator
                        | HaltReason::NotActive
                ))
        )
    }

    /// True when the service may hold what was sent although it didn't say so.
    pub(super) fn may_have_published(&self) -> bool {
        match self {
            SendEnd::Answered(Verdict::Retry(error)) | SendEnd::Failed(error) => error.was_sent(),
            SendEnd::Answered(Verdict::Halt(reason)) => reason.may_have_published(),
            SendEnd::Answered(Verdict::Accepted(_)) | SendEnd::NoSecret { .. } => false,
        }
    }
}
