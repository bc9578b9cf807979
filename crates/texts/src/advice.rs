//! Advice for a reader without a window, such as a service's administrator: the command that follows from what is shown.

use dyntray_core::present::{EntryStatus, Status};
use dyntray_core::protocol::reply::HaltReason;
use dyntray_core::state::notice::{Cause, Notice};

use crate::catalogue::Texts;

impl Texts {
    /// The text where there is no host name yet.
    pub fn no_host_name(&self) -> String {
        match self.program {
            Some(program) => self.say_with("report-none-service", &[("program", program)]),
            None => self.say("report-none"),
        }
    }

    /// The command after what a notice says, if there is one and the reader has no window.
    pub fn command_after(&self, notice: &Notice) -> Option<String> {
        let Notice::Host(notice) = notice else { return None };
        match &notice.cause {
            Cause::Halted { reason } => self.command(&after_halt(reason, &notice.hostname)),
            Cause::ChangedElsewhere { .. } => self.command(&format!("retry {}", notice.hostname)),
            Cause::Elsewhere | Cause::NewRouter | Cause::Unrecognised => self.command("home"),
            _ => None,
        }
    }

    /// The command after the status of an entry.
    pub(crate) fn command_after_status(&self, entry: &EntryStatus) -> Option<String> {
        match &entry.status {
            Status::Halted { halt } => self.command(&after_halt(&halt.reason, &entry.hostname)),
            Status::ChangedElsewhere => self.command(&format!("retry {}", entry.hostname)),
            Status::Held { hold } if hold.is_about_home() => self.command("home"),
            _ => None,
        }
    }

    fn command(&self, command: &str) -> Option<String> {
        let typed = format!("{} {command}", self.program?);
        Some(self.say_with("report-command", &[("command", &typed)]))
    }
}

/// The command that ends a halt, once its cause is gone.
fn after_halt(reason: &HaltReason, hostname: &str) -> String {
    match reason {
        HaltReason::SecretMissing { .. } | HaltReason::BadAuth => format!("token set {hostname}"),
        _ => format!("retry {hostname}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Language;
    use dyntray_core::settings::LoginKind;
    use dyntray_core::state::notice::HostNotice;
    use dyntray_core::types::entry_id::EntryId;

    #[test]
    fn who_has_no_window_is_told_the_command_and_everybody_else_is_not() {
        let notice = |reason| {
            Notice::Host(HostNotice {
                entry: EntryId(1),
                hostname: "home.spdns.de".into(),
                login: LoginKind::Token,
                cause: Cause::Halted { reason },
            })
        };
        for language in [Language::En, Language::De] {
            let service = Texts::of(language).for_commands("dyntray --system");
            let told = service.command_after(&notice(HaltReason::BadAuth)).expect("a command");
            assert!(told.contains("dyntray --system token set home.spdns.de"), "{told}");
            let told = service.command_after(&notice(HaltReason::NoHost)).expect("a command");
            assert!(told.contains("dyntray --system retry home.spdns.de"), "{told}");
            assert!(service.no_host_name().contains("dyntray --system add"), "{}", service.no_host_name());
            let person = Texts::of(language);
            assert_eq!(person.command_after(&notice(HaltReason::BadAuth)), None);
            assert!(!person.no_host_name().contains("--system"));
        }
    }
}
