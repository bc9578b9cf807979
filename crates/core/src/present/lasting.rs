//! Compares a notification with what is so now: its cause may be over.

use crate::observe::finding::HoldReason;
use crate::observe::second_nat::SecondNat;
use crate::present::{EntryStatus, Snapshot, Status};
use crate::state::notice::{Cause, HostNotice, Notice, NoticeGroup, ProgramNotice};

impl Snapshot {
    /// True while the cause of a notification lasts, for any host name that it is about.
    pub fn still_holds(&self, group: &NoticeGroup) -> bool {
        match group {
            NoticeGroup::One(Notice::Host(notice)) => self.still_holds_for(notice),
            NoticeGroup::Several(notices) => notices.iter().any(|notice| self.still_holds_for(notice)),
            NoticeGroup::One(Notice::Program(
                ProgramNotice::StillRunning | ProgramNotice::ThirdParty { .. },
            )) => true,
            NoticeGroup::One(Notice::Program(ProgramNotice::AddressKept)) => {
                let mut families = self.entries.iter().flat_map(|entry| &entry.families);
                families.any(|family| SecondNat::is_asked_about(&family.why.outcome))
            }
            NoticeGroup::One(Notice::Program(ProgramNotice::NewVersion { version })) => {
                self.newer == Some(*version)
            }
        }
    }

    fn still_holds_for(&self, notice: &HostNotice) -> bool {
        self.entries.iter().any(|entry| entry.id == notice.entry && entry.has(&notice.cause))
    }
}

impl EntryStatus {
    fn has(&self, cause: &Cause) -> bool {
        match cause {
            // A new attempt under way says nothing yet.
            Cause::Halted { .. } => matches!(self.status, Status::Halted { .. } | Status::Sending),
            Cause::Failed { .. } | Cause::Lasting { .. } => {
                matches!(self.status, Status::Failed { .. } | Status::Sending | Status::Queued)
            }
            Cause::Keyring { .. } => match &self.status {
                Status::Failed { error, .. } => error.is_keyring(),
                status => matches!(status, Status::Sending | Status::Queued),
            },
            Cause::Elsewhere | Cause::NewRouter | Cause::Unrecognised => match self.status {
                Status::Held { hold } => hold.is_about_home() || hold == HoldReason::WhichNetwork,
                Status::LookingUp => true,
                _ => false,
            },
            // News of what has happened.
            Cause::Published { .. }
            | Cause::Live { .. }
            | Cause::AnotherUpdater
            | Cause::ChangedElsewhere { .. } => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::{Mood, SecretStatus};
    use crate::protocol::reply::HaltReason;
    use crate::protocol::retryable::RetryableError;
    use crate::settings::{LanguageChoice, LoginKind, ThemeChoice};
    use crate::types::entry_id::EntryId;

    fn snapshot(statuses: &[Status]) -> Snapshot {
        let entries = statuses.iter().zip(1..).map(|(status, number)| EntryStatus {
            revision: 1,
            id: EntryId(number),
            hostname: format!("host{number}.spdns.de"),
            login: LoginKind::Token,
            mood: Mood::Waiting,
            status: status.clone(),
            families: Vec::new(),
            last_reply: None,
            next: None,
            secret: SecretStatus::default(),
        });
        Snapshot {
            revision: 1,
            mood: Mood::Waiting,
            pause: None,
            entries: entries.collect(),
            diagnoses: Vec::new(),
            homes: 1,
            has_no_identity: false,
            health_issues: Vec::new(),
            language: LanguageChoice::System,
            theme: ThemeChoice::System,
            newer: None,
        }
    }

    fn of(number: u32, cause: Cause) -> HostNotice {
        let hostname = format!("host{number}.spdns.de");
        HostNotice { entry: EntryId(number), hostname, login: LoginKind::Token, cause }
    }

    fn one(number: u32, cause: Cause) -> NoticeGroup {
        NoticeGroup::One(Notice::Host(of(number, cause)))
    }

    fn failed(error: RetryableError) -> Status {
        Status::Failed { error, retry_at: jiff::Timestamp::UNIX_EPOCH, failed_at: None }
    }

    fn halted() -> Status {
        let halt = crate::state::entry::Halt { reason: HaltReason::BadAuth, at: jiff::Timestamp::UNIX_EPOCH };
        Status::Halted { halt }
    }

    #[test]
    fn each_cause_is_over_when_its_state_is() {
        let refused = || Cause::Halted { reason: HaltReason::BadAuth };
        let locked = || Cause::Keyring { error: RetryableError::KeyringLocked };
        let lasting = || Cause::Lasting { error: RetryableError::Unreachable };
        let at_home = Status::Held { hold: HoldReason::Vpn };
        let away = Status::Held { hold: HoldReason::Elsewhere };
        for (cause, during, after) in [
            (refused(), halted(), Status::Queued),
            (refused(), Status::Sending, Status::Fine),
            (refused(), halted(), Status::Disabled),
            (locked(), failed(RetryableError::KeyringLocked), failed(RetryableError::Unreachable)),
            (locked(), Status::Sending, Status::Fine),
            (lasting(), failed(RetryableError::Unreachable), Status::Fine),
            (lasting(), Status::Sending, halted()),
            (Cause::Elsewhere, away.clone(), at_home.clone()),
            (Cause::NewRouter, away.clone(), Status::Fine),
            (Cause::Unrecognised, away, at_home),
        ] {
            assert!(snapshot(&[during]).still_holds(&one(1, cause.clone())), "{cause:?}");
            assert!(!snapshot(&[after]).still_holds(&one(1, cause.clone())), "{cause:?}");
            assert!(!snapshot(&[]).still_holds(&one(1, cause)), "the entry is gone");
        }
        assert!(snapshot(&[Status::Fine]).still_holds(&one(1, Cause::AnotherUpdater)));
    }

    #[test]
    fn several_hosts_are_told_of_until_the_last_is_fine() {
        let refused = |number| of(number, Cause::Halted { reason: HaltReason::BadAuth });
        let both = NoticeGroup::Several(vec![refused(1), refused(2)]);
        assert!(snapshot(&[Status::Fine, halted()]).still_holds(&both));
        assert!(!snapshot(&[Status::Fine, Status::Fine]).still_holds(&both));
    }

    #[test]
    fn a_version_that_is_installed_is_no_news() {
        let version = "999.1.0".parse().expect("a version");
        let told = NoticeGroup::One(Notice::Program(ProgramNotice::NewVersion { version }));
        assert!(!snapshot(&[]).still_holds(&told));
        assert!(Snapshot { newer: Some(version), ..snapshot(&[]) }.still_holds(&told));
    }
}
