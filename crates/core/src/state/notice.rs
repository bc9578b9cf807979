//! Notices: things to tell the person, once per cause and not per attempt.

use serde::{Deserialize, Serialize};

use crate::observe::release::Version;
use crate::protocol::reply::HaltReason;
use crate::protocol::retryable::RetryableError;
use crate::settings::LoginKind;
use crate::settings::{Entry, NoticeLevel};
use crate::types::address::{Addresses, PublicAddress};
use crate::types::entry_id::EntryId;

/// One notification, as closed codes with data; the words are in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// About one host name.
    Host(HostNotice),
    /// About the program itself.
    Program(ProgramNotice),
}

/// A notification about one host name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostNotice {
    /// The entry it is about.
    pub entry: EntryId,
    /// Its host name.
    pub hostname: String,
    /// The kind of login: texts about a token differ from those about a password.
    pub login: LoginKind,
    /// The cause.
    pub cause: Cause,
}

/// The cause of a notice about a host name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// The host name leads to this line.
    Published {
        /// All addresses that it now has.
        addresses: Addresses,
        /// The occasion of the update.
        after: After,
    },
    /// The zone's name servers have the new address.
    Live {
        /// The address.
        address: PublicAddress,
    },
    /// Stopped until the person acts.
    Halted {
        /// The cause.
        reason: HaltReason,
    },
    /// An update failed for the first time in a while.
    Failed {
        /// The error.
        error: RetryableError,
    },
    /// Updates have failed for more than an hour.
    Lasting {
        /// The last error.
        error: RetryableError,
    },
    /// The keyring is locked or missing, so nothing can be sent.
    Keyring {
        /// The keyring's error.
        error: RetryableError,
    },
    /// The service keeps saying that the address is there already.
    AnotherUpdater,
    /// The name servers have another address than the one that the service accepted.
    ChangedElsewhere {
        /// The addresses there, comma separated; empty where the record is gone.
        there: String,
    },
    /// This machine is in a network that isn't home: nothing is published.
    Elsewhere,
    /// The same, but at home's provider: the router may be new.
    NewRouter,
    /// It can't be told whether this network is home: nothing is published.
    Unrecognised,
}

/// The occasion of an accepted update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum After {
    /// An action of a person, who waits for its result.
    Deed,
    /// Failures that the person was told of.
    Failure,
    /// A new address.
    Change,
    /// Nothing new: the address was there already.
    Nothing,
}

/// A notice about the program itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProgramNotice {
    /// The window was closed for the first time: updates go on.
    StillRunning,
    /// A newer version of Dyntray was announced.
    NewVersion {
        /// The version.
        version: Version,
    },
    /// The first web resolver hasn't answered for long: a third party is asked instead.
    ThirdParty {
        /// The third party's host.
        asked: String,
        /// The first web resolver's host.
        silent: String,
    },
    /// The router keeps its address for itself: it is behind another router, or the provider shares the address. The
    /// person may have it published.
    AddressKept,
}

impl Notice {
    /// A notification about `entry`.
    pub fn of(entry: &Entry, cause: Cause) -> Self {
        Notice::Host(HostNotice {
            entry: entry.id,
            hostname: entry.hostname.to_string(),
            login: entry.login.kind(),
            cause,
        })
    }

    /// The notice about a host name; none where it is about the program.
    pub fn host(&self) -> Option<&HostNotice> {
        match self {
            Notice::Host(notice) => Some(notice),
            Notice::Program(_) => None,
        }
    }

    /// True when it may be told a second time after a power cut: it says what is there to be seen, and is rarely wanted.
    pub fn may_be_told_again(&self) -> bool {
        self.host().is_some_and(|notice| matches!(notice.cause, Cause::Live { .. }))
    }

    /// True when it is shown at `level`.
    pub fn is_told_at(&self, level: NoticeLevel) -> bool {
        level >= self.level()
    }

    /// True when nothing is published until a person acts.
    pub fn needs_person(&self) -> bool {
        self.host().is_some_and(|notice| notice.cause.needs_person())
    }

    /// The lowest level at which it is shown.
    fn level(&self) -> NoticeLevel {
        match self {
            Notice::Host(notice) => notice.cause.level(),
            Notice::Program(
                ProgramNotice::StillRunning
                | ProgramNotice::NewVersion { .. }
                | ProgramNotice::ThirdParty { .. }
                | ProgramNotice::AddressKept,
            ) => NoticeLevel::Problems,
        }
    }
}

/// A notification to show. The same news of many host names is one notification, so a reconnect leads to one and not
/// to hundreds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoticeGroup {
    /// One notice.
    One(Notice),
    /// Notices of several host names, coalesced because they bring the same news.
    Several(Vec<HostNotice>),
}

/// Coalesces notices that bring the same news, in the order in which each first appeared.
pub fn coalesce(notices: Vec<Notice>) -> Vec<NoticeGroup> {
    let mut all: Vec<NoticeGroup> = Vec::new();
    for notice in notices {
        let same = all.iter_mut().find(|told| told.says_the_same(&notice));
        match (same, notice) {
            (Some(NoticeGroup::Several(notices)), Notice::Host(notice)) => notices.push(notice),
            (Some(told @ NoticeGroup::One(_)), Notice::Host(second)) => {
                if let NoticeGroup::One(Notice::Host(first)) = told {
                    *told = NoticeGroup::Several(vec![first.clone(), second]);
                }
            }
            (_, notice) => all.push(NoticeGroup::One(notice)),
        }
    }
    all
}

impl NoticeGroup {
    /// True when nothing is published until a person acts.
    pub fn needs_person(&self) -> bool {
        match self {
            NoticeGroup::One(notice) => notice.needs_person(),
            NoticeGroup::Several(notices) => notices.iter().any(|notice| notice.cause.needs_person()),
        }
    }

    /// The entries that it is about; none where it is about the program.
    pub fn entries(&self) -> Vec<EntryId> {
        match self {
            NoticeGroup::One(notice) => notice.host().map(|notice| notice.entry).into_iter().collect(),
            NoticeGroup::Several(notices) => notices.iter().map(|notice| notice.entry).collect(),
        }
    }

    /// True when it takes the place of `earlier`, because it tells the newer state of the same thing.
    pub fn replaces(&self, earlier: &NoticeGroup) -> bool {
        match (self.subject(), earlier.subject()) {
            (Some(own), Some(other)) => own == other && self.entries() == earlier.entries(),
            (None, None) => self == earlier,
            _ => false,
        }
    }

    fn subject(&self) -> Option<Subject> {
        match self {
            NoticeGroup::One(notice) => notice.host().map(|notice| notice.cause.subject()),
            NoticeGroup::Several(notices) => notices.first().map(|notice| notice.cause.subject()),
        }
    }

    fn says_the_same(&self, notice: &Notice) -> bool {
        let first = match self {
            NoticeGroup::One(first) => first.host(),
            NoticeGroup::Several(notices) => notices.first(),
        };
        first.zip(notice.host()).is_some_and(|(first, next)| first.cause.says_the_same(&next.cause))
    }
}

/// The thing that a cause tells the state of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    /// The updates of a host name.
    Updates,
    /// Its record at the name servers.
    Record,
    /// The network that this machine is in.
    Network,
}

impl Cause {
    /// True when nothing is published until a person acts.
    pub fn needs_person(&self) -> bool {
        matches!(self, Cause::Halted { .. } | Cause::Keyring { .. })
    }

    fn subject(&self) -> Subject {
        match self {
            Cause::Published { .. }
            | Cause::Live { .. }
            | Cause::Halted { .. }
            | Cause::Failed { .. }
            | Cause::Lasting { .. }
            | Cause::Keyring { .. } => Subject::Updates,
            Cause::AnotherUpdater | Cause::ChangedElsewhere { .. } => Subject::Record,
            Cause::Elsewhere | Cause::NewRouter | Cause::Unrecognised => Subject::Network,
        }
    }

    /// True when both bring the same kind of news, whatever the details.
    fn says_the_same(&self, other: &Cause) -> bool {
        match (self, other) {
            (Cause::Published { after: one, .. }, Cause::Published { after: other, .. }) => one == other,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    /// The lowest level at which it is shown.
    pub fn level(&self) -> NoticeLevel {
        match self {
            Cause::Halted { .. }
            | Cause::Lasting { .. }
            | Cause::Keyring { .. }
            | Cause::AnotherUpdater
            | Cause::ChangedElsewhere { .. }
            | Cause::Elsewhere
            | Cause::NewRouter
            | Cause::Unrecognised
            | Cause::Published { after: After::Deed | After::Failure, .. } => NoticeLevel::Problems,
            Cause::Published { after: After::Change, .. } => NoticeLevel::Changes,
            Cause::Published { after: After::Nothing, .. } | Cause::Live { .. } | Cause::Failed { .. } => {
                NoticeLevel::All
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(number: u32, cause: Cause) -> Notice {
        let hostname = format!("host{number}.spdns.de");
        Notice::Host(HostNotice { entry: EntryId(number), hostname, login: LoginKind::Token, cause })
    }

    fn published(after: After) -> Cause {
        Cause::Published { addresses: Addresses::default(), after }
    }

    #[test]
    fn the_same_news_of_several_hosts_is_coalesced_and_nothing_is_lost() {
        let refused = |reason| Cause::Halted { reason };
        let told = coalesce(vec![
            notice(1, published(After::Change)),
            notice(2, refused(HaltReason::BadAuth)),
            Notice::Program(ProgramNotice::StillRunning),
            notice(3, published(After::Change)),
            notice(4, published(After::Deed)),
            notice(5, refused(HaltReason::Abuse)),
            notice(6, published(After::Change)),
            Notice::Program(ProgramNotice::StillRunning),
        ]);
        let hosts = |told: &NoticeGroup| match told {
            NoticeGroup::One(notice) => notice.host().map_or(vec![0], |host| vec![host.entry.0]),
            NoticeGroup::Several(notices) => notices.iter().map(|notice| notice.entry.0).collect(),
        };
        let hosts: Vec<Vec<u32>> = told.iter().map(hosts).collect();
        assert_eq!(hosts, [vec![1, 3, 6], vec![2, 5], vec![0], vec![4], vec![0]]);
    }

    #[test]
    fn a_notification_gives_way_to_the_newer_state_of_the_same_hosts() {
        let one = |number, cause| NoticeGroup::One(notice(number, cause));
        let refused = || Cause::Halted { reason: HaltReason::BadAuth };
        assert!(one(1, published(After::Deed)).replaces(&one(1, refused())));
        assert!(one(1, Cause::Elsewhere).replaces(&one(1, Cause::Elsewhere)));
        assert!(!one(2, published(After::Deed)).replaces(&one(1, refused())), "another host");
        assert!(!one(1, Cause::AnotherUpdater).replaces(&one(1, refused())), "another subject");
        let both = coalesce(vec![notice(1, refused()), notice(2, refused())]);
        assert!(!one(1, published(After::Deed)).replaces(&both[0]), "the other one is still refused");
        let still = NoticeGroup::One(Notice::Program(ProgramNotice::StillRunning));
        let new = NoticeGroup::One(Notice::Program(ProgramNotice::NewVersion { version: Version::own() }));
        assert!(still.replaces(&still) && !new.replaces(&still));
    }
}
