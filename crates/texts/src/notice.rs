//! Notifications in words.

use dyntray_core::state::notice::{After, Cause, HostNotice, Notice, NoticeGroup, ProgramNotice};

use crate::catalogue::Texts;
use crate::network::spaced;
use crate::press::Press;
use offer::{Offer, offer};

mod offer;

/// A notification as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeText {
    /// Its title.
    pub summary: String,
    /// The event, its reason, and what to do.
    pub body: String,
    /// Its one button.
    pub button: Option<Button>,
    /// The effect of a press on the notification itself.
    pub press: Press,
    /// The label of that press, for desktops that show one.
    pub open: String,
    /// True when nothing is published until a person acts: the notification stays until it is seen.
    pub is_urgent: bool,
}

/// The button of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// Its label.
    pub label: String,
    /// The effect of a press on it.
    pub press: Press,
}

impl NoticeText {
    /// A notification about the program itself, without a button.
    pub fn of_program(texts: &Texts, body: String) -> Self {
        NoticeText {
            summary: "Dyntray".to_owned(),
            body,
            button: None,
            press: Press::Open,
            open: texts.say("notice-action-open"),
            is_urgent: false,
        }
    }
}

/// The greatest number of host names that are named where several have the same news.
const NAMED: usize = 3;

impl Texts {
    /// The notification in words.
    pub fn notification(&self, group: &NoticeGroup) -> NoticeText {
        let (summary, body) = match group {
            NoticeGroup::One(notice) => self.notice(notice),
            NoticeGroup::Several(notices) => self.together(notices),
        };
        let Offer { button, press } = offer(group);
        let button = button.map(|(label, press)| Button { label: self.say(label), press });
        let open = self.say("notice-action-open");
        NoticeText { summary, body, button, press, open, is_urgent: group.needs_person() }
    }

    /// The same news of several host names: title and body.
    fn together(&self, notices: &[HostNotice]) -> (String, String) {
        let Some(first) = notices.first() else { return (self.say("tray-title"), String::new()) };
        let (summary, _) = self.host_notice(first);
        let hosts = self.hosts(notices);
        let id = match &first.cause {
            Cause::Published { after: After::Nothing, .. } => "several-unchanged",
            Cause::Published { .. } => "several-published",
            Cause::Live { .. } => "several-live",
            Cause::Halted { .. } => "several-halted",
            Cause::Failed { .. } => "several-troubled",
            Cause::Lasting { .. } => "several-lasting",
            Cause::Keyring { .. } => "several-keyring",
            Cause::AnotherUpdater => "several-another-updater",
            Cause::ChangedElsewhere { .. } => "several-changed-elsewhere",
            Cause::Elsewhere => "several-elsewhere",
            Cause::NewRouter => "several-new-router",
            Cause::Unrecognised => "several-unrecognised",
        };
        (summary, self.say_with(id, &[("hosts", &hosts)]))
    }

    /// The first host names and the number of others: `home.spdns.de, office.spdns.de, shop.spdns.de and 12 more`.
    fn hosts(&self, notices: &[HostNotice]) -> String {
        let named: Vec<&str> = notices.iter().take(NAMED).map(|notice| notice.hostname.as_str()).collect();
        let named = named.join(", ");
        match notices.len().saturating_sub(NAMED) {
            0 => named,
            more => format!("{named} {}", self.say_count("several-more", more)),
        }
    }

    /// The title and body of one notice.
    fn notice(&self, notice: &Notice) -> (String, String) {
        match notice {
            Notice::Host(notice) => self.host_notice(notice),
            Notice::Program(ProgramNotice::StillRunning) => {
                (self.say("notice-still-running"), self.say("program-still-running"))
            }
            Notice::Program(ProgramNotice::NewVersion { version }) => {
                let body = self.say_with("program-new-version", &[("version", &version.to_string())]);
                (self.say("notice-new-version"), body)
            }
            Notice::Program(ProgramNotice::ThirdParty { asked, silent }) => {
                let body = self.say_with("program-third-party", &[("asked", asked), ("silent", silent)]);
                (self.say("notice-third-party"), body)
            }
            Notice::Program(ProgramNotice::AddressKept) => {
                (self.say("notice-address-kept"), self.say("program-address-kept"))
            }
        }
    }

    fn host_notice(&self, notice: &HostNotice) -> (String, String) {
        let host = notice.hostname.as_str();
        let (title, body) = match &notice.cause {
            Cause::Published { addresses, after } => {
                let (title, id) = match after {
                    After::Deed | After::Change => ("notice-published", "cause-published"),
                    After::Failure => ("notice-recovered", "cause-published"),
                    After::Nothing => ("notice-unchanged", "cause-unchanged"),
                };
                let addresses = spaced(&addresses.to_string());
                (title, self.say_with(id, &[("hostname", host), ("addresses", &addresses)]))
            }
            Cause::Live { address } => {
                let address = address.to_string();
                let body = self.say_with("cause-live", &[("hostname", host), ("address", &address)]);
                ("notice-live", body)
            }
            Cause::Failed { error } => {
                let trouble = self.retryable_error(error);
                let body = self.say_with("cause-troubled", &[("hostname", host), ("trouble", &trouble)]);
                ("notice-troubled", body)
            }
            Cause::Halted { reason } => {
                let body = format!(
                    "{} {}",
                    self.halt(reason, notice.login, host),
                    self.way_out(reason, notice.login)
                );
                ("notice-halted", body)
            }
            Cause::Lasting { error } => {
                let trouble = self.retryable_error(error);
                let body = self.say_with("cause-lasting", &[("hostname", host), ("trouble", &trouble)]);
                ("notice-lasting", body)
            }
            Cause::Keyring { error } => {
                let trouble = self.retryable_error(error);
                let body = self.say_with("cause-keyring", &[("hostname", host), ("trouble", &trouble)]);
                ("notice-keyring", body)
            }
            Cause::AnotherUpdater => {
                let body = self.say_with("cause-another-updater", &[("hostname", host)]);
                ("notice-another-updater", body)
            }
            Cause::ChangedElsewhere { there } if there.is_empty() => {
                let body = self.say_with("cause-changed-elsewhere-gone", &[("hostname", host)]);
                ("notice-changed-elsewhere", body)
            }
            Cause::ChangedElsewhere { there } => {
                let there = spaced(there);
                let body = self.say_with("cause-changed-elsewhere", &[("hostname", host), ("there", &there)]);
                ("notice-changed-elsewhere", body)
            }
            Cause::Elsewhere => {
                let body = self.say_with("cause-elsewhere", &[("hostname", host)]);
                ("notice-elsewhere", body)
            }
            Cause::NewRouter => {
                let body = self.say_with("cause-new-router", &[("hostname", host)]);
                ("notice-new-router", body)
            }
            Cause::Unrecognised => {
                let body = self.say_with("cause-unrecognised", &[("hostname", host)]);
                ("notice-unrecognised", body)
            }
        };
        (self.say(title), body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Language;
    use dyntray_core::protocol::reply::HaltReason;
    use dyntray_core::protocol::retryable::RetryableError;
    use dyntray_core::settings::LoginKind;
    use dyntray_core::state::notice::coalesce;
    use dyntray_core::types::address::Addresses;
    use dyntray_core::types::entry_id::EntryId;

    fn notice(number: u32, cause: Cause) -> Notice {
        let hostname = format!("host{number}.spdns.de");
        Notice::Host(HostNotice { entry: EntryId(number), hostname, login: LoginKind::Token, cause })
    }

    #[test]
    fn two_hundred_refusals_are_one_notification_that_names_three() {
        let refused = |number| notice(number, Cause::Halted { reason: HaltReason::BadAuth });
        let told = coalesce((1..=200).map(refused).collect());
        let [told] = &told[..] else { panic!("{told:?}") };
        let said = Texts::of(Language::En).notification(told);
        assert_eq!(said.summary, "Updates have stopped");
        assert!(
            said.body.contains("host3.spdns.de and 197 more") && !said.body.contains("host4"),
            "{said:?}"
        );
        assert_eq!(said.button.map(|button| button.label).as_deref(), Some("Open Dyntray"));
    }

    #[test]
    fn all_that_several_hosts_can_have_in_common_has_its_words_in_both_languages() {
        let address = "84.160.12.7".parse::<std::net::IpAddr>().ok().and_then(|ip| ip.try_into().ok());
        let address = address.expect("a public address");
        let published = |after| Cause::Published { addresses: Addresses::default(), after };
        for cause in [
            published(After::Deed),
            published(After::Failure),
            published(After::Change),
            published(After::Nothing),
            Cause::Live { address },
            Cause::Halted { reason: HaltReason::Abuse },
            Cause::Failed { error: RetryableError::Unreachable },
            Cause::Lasting { error: RetryableError::Unreachable },
            Cause::Keyring { error: RetryableError::KeyringLocked },
            Cause::AnotherUpdater,
            Cause::ChangedElsewhere { there: "84.160.12.8".into() },
            Cause::Elsewhere,
            Cause::NewRouter,
            Cause::Unrecognised,
        ] {
            for texts in [Texts::of(Language::De), Texts::of(Language::En)] {
                let told = coalesce(vec![notice(1, cause.clone()), notice(2, cause.clone())]);
                let said = texts.notification(&told[0]);
                assert!(said.body.contains("host1.spdns.de, host2.spdns.de"), "{said:?}");
                assert!(!said.body.starts_with("several") && !said.summary.starts_with("notice"), "{said:?}");
            }
        }
    }
}
