//! A notification in words.

use dyntray_core::form::LoginKind;
use dyntray_core::notice::{After, Cause, HostNotice, Notice, ProgramNotice};

use crate::catalogue::Texts;
use crate::network::spaced;

/// A notification as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeText {
    /// Its title.
    pub summary: String,
    /// What, why, and what to do.
    pub body: String,
    /// The one button's label.
    pub action: Option<String>,
}

impl Texts {
    /// `notice` in words.
    pub fn notice(&self, notice: &Notice) -> NoticeText {
        match notice {
            Notice::Host(notice) => self.host_notice(notice),
            Notice::Program(ProgramNotice::StillRunning) => NoticeText {
                summary: self.say("notice-still-running"),
                body: self.say("program-still-running"),
                action: None,
            },
            Notice::Program(ProgramNotice::NewVersion { version }) => NoticeText {
                summary: self.say("notice-new-version"),
                body: self.say_with("program-new-version", &[("version", &version.to_string())]),
                action: Some(self.say("notice-action-open")),
            },
        }
    }

    fn host_notice(&self, notice: &HostNotice) -> NoticeText {
        let host = notice.hostname.as_str();
        let (title, body, action) = match &notice.cause {
            Cause::Published { addresses, after } => {
                let (title, id) = match after {
                    After::Deed | After::Change => ("notice-published", "cause-published"),
                    After::Trouble => ("notice-recovered", "cause-published"),
                    After::Nothing => ("notice-unchanged", "cause-unchanged"),
                };
                let addresses = spaced(&addresses.to_string());
                (title, self.say_with(id, &[("hostname", host), ("addresses", &addresses)]), None)
            }
            Cause::Live { address } => {
                let address = address.to_string();
                let body = self.say_with("cause-live", &[("hostname", host), ("address", &address)]);
                ("notice-live", body, None)
            }
            Cause::Troubled { trouble } => {
                let trouble = self.trouble(trouble);
                let body = self.say_with("cause-troubled", &[("hostname", host), ("trouble", &trouble)]);
                ("notice-troubled", body, None)
            }
            Cause::Halted { reason } => {
                let body = format!(
                    "{} {}",
                    self.halt(reason, notice.login, host),
                    self.way_out(reason, notice.login)
                );
                let action = match notice.login {
                    _ if !reason.is_about_secret() => "notice-action-open",
                    LoginKind::Token => "notice-action-enter-token",
                    LoginKind::Account => "notice-action-enter-password",
                };
                ("notice-halted", body, Some(action))
            }
            Cause::Lasting { trouble } => {
                let trouble = self.trouble(trouble);
                let body = self.say_with("cause-lasting", &[("hostname", host), ("trouble", &trouble)]);
                ("notice-lasting", body, Some("notice-action-open"))
            }
            Cause::Keyring { trouble } => {
                let trouble = self.trouble(trouble);
                let body = self.say_with("cause-keyring", &[("hostname", host), ("trouble", &trouble)]);
                ("notice-keyring", body, Some("notice-action-open"))
            }
            Cause::AnotherUpdater => {
                let body = self.say_with("cause-another-updater", &[("hostname", host)]);
                ("notice-another-updater", body, Some("notice-action-open"))
            }
            Cause::ChangedElsewhere { there } if there.is_empty() => {
                let body = self.say_with("cause-changed-elsewhere-gone", &[("hostname", host)]);
                ("notice-changed-elsewhere", body, Some("notice-action-open"))
            }
            Cause::ChangedElsewhere { there } => {
                let there = spaced(there);
                let body = self.say_with("cause-changed-elsewhere", &[("hostname", host), ("there", &there)]);
                ("notice-changed-elsewhere", body, Some("notice-action-open"))
            }
            Cause::Elsewhere => {
                let body = self.say_with("cause-elsewhere", &[("hostname", host)]);
                ("notice-elsewhere", body, Some("notice-action-this-is-home"))
            }
        };
        NoticeText { summary: self.say(title), body, action: action.map(|id| self.say(id)) }
    }
}
