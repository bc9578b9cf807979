//! Events: all that can happen to the state.

use std::collections::BTreeSet;

use crate::observe::dns::DnsAnswer;
use crate::observe::observation::Observation;
use crate::observe::release::Version;
use crate::protocol::reply::{HaltReason, Verdict};
use crate::protocol::request::UpdateRequest;
use crate::protocol::retryable::RetryableError;
use crate::state::Pause;
use crate::types::entry_id::EntryId;
use crate::types::network::{Network, Prefix};
use crate::types::source::Source;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The program started: what was in flight has an unknown end.
    Started,
    /// Time passed; heals waits that a clock set back has made too long.
    Tick,
    /// The settings are these now, and the secrets of these entries are new.
    SettingsChanged {
        /// Entries whose secret was just saved.
        new_secrets: BTreeSet<EntryId>,
    },
    /// What this machine's network is, read at the start and whenever it may have changed; none where it can't be read.
    NetworkSeen(Option<Network>),
    /// The router, or a wake from sleep, reports that the address may have changed.
    ChangeReported,
    /// The person says that this network is home, too.
    ThisIsHome,
    /// The person wants all known networks forgotten: the next one that updates is home.
    HomesForgotten,
    /// The name servers are being asked for an entry's records.
    DnsCheckStarted(EntryId),
    /// The name servers answered.
    DnsCheckEnded(EntryId, DnsAnswer),
    /// The router told which IPv6 prefix it was given.
    PrefixTold(Source, Option<Prefix>),
    /// A source is being asked.
    LookUpStarted(Source),
    /// A source answered.
    LookUpEnded(Source, Observation),
    /// A request is about to be sent.
    SendStarted(UpdateRequest),
    /// A request ended.
    SendEnded(EntryId, SendEnd),
    /// The person asks for a look-up now, and an update if the address differs.
    UpdateNow,
    /// The person says that a halt's cause is gone.
    TryAgain(EntryId),
    /// The person pauses.
    Paused(Pause),
    /// The person resumes.
    Resumed,
    /// The keyring answers again.
    KeyringBack,
    /// It is being asked for new versions of Dyntray.
    ReleaseLookStarted,
    /// What is announced; none where nothing could be learnt.
    ReleaseLookEnded(Option<Version>),
    /// The person closed the window, and the tray's icon is all that stays.
    WindowClosed,
}

impl Event {
    /// Whether it only tells what was seen, that time has passed, or that it is to be looked now. What the name servers
    /// have lasts, unless it is what they had: it may say how an update ended whose answer was lost.
    pub(super) fn is_ephemeral(&self) -> bool {
        matches!(
            self,
            Event::Started
                | Event::Tick
                | Event::ChangeReported
                | Event::UpdateNow
                | Event::LookUpStarted(_)
                | Event::LookUpEnded(..)
                | Event::NetworkSeen(_)
                | Event::DnsCheckStarted(_)
        )
    }
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendEnd {
    /// The server answered.
    Answered(Verdict),
    /// No answer: nothing was sent, or it is unknown whether anything happened.
    Failed(RetryableError),
    /// There is no secret for this entry, so nothing was sent.
    NoSecret,
}

impl SendEnd {
    /// Whether it is a refusal of the login or secret that was used, and of nothing else.
    pub(super) fn refuses_login(&self) -> bool {
        matches!(
            self,
            SendEnd::NoSecret
                | SendEnd::Answered(Verdict::Halt(
                    HaltReason::BadAuth
                        | HaltReason::NotYours
                        | HaltReason::NotDonator
                        | HaltReason::NotActive
                ))
        )
    }

    /// Whether the service may hold what was sent although it didn't say so.
    pub(super) fn may_have_published(&self) -> bool {
        match self {
            SendEnd::Answered(Verdict::Retry(trouble)) | SendEnd::Failed(trouble) => trouble.was_sent(),
            SendEnd::Answered(Verdict::Halt(HaltReason::OtherAddress { .. })) => true,
            SendEnd::Answered(Verdict::Halt(_) | Verdict::Accepted(_)) | SendEnd::NoSecret => false,
        }
    }
}
