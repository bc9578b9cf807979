//! The core's closed codes in words.

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::present::Status;
use dyntray_core::protocol::reply::{Accepted, HaltReason};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::{HistoryItem, Repeated, UpdateResult};
use dyntray_core::settings::LoginKind;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::types::address::Unpublishable;

use crate::catalogue::Texts;

impl Texts {
    /// The reason of a halt, in one sentence.
    pub fn halt(&self, reason: &HaltReason, login: LoginKind, hostname: &str) -> String {
        let id = halt_id(reason, login);
        match reason {
            HaltReason::SecretMissing { keyring: Some(keyring) } => {
                self.say_with(&format!("{id}-in"), &[("hostname", hostname), ("keyring", keyring)])
            }
            HaltReason::OtherAddress { named } => {
                self.say_with(&id, &[("hostname", hostname), ("named", named)])
            }
            _ => self.say_with(&id, &[("hostname", hostname)]),
        }
    }

    /// The way out of a halt.
    pub fn way_out(&self, reason: &HaltReason, login: LoginKind) -> String {
        self.say(&format!("{}-way-out", halt_id(reason, login)))
    }

    /// The reason of a halt, in a few words.
    pub fn halt_in_short(&self, reason: &HaltReason, login: LoginKind) -> String {
        self.say(&format!("{}-short", halt_id(reason, login)))
    }

    /// The reason why an update has to be tried again.
    pub fn retryable_error(&self, error: &RetryableError) -> String {
        match error {
            RetryableError::Unreachable => self.say("trouble-unreachable"),
            RetryableError::NotTrusted => self.say("trouble-not-trusted"),
            RetryableError::NoCertificates => self.say("trouble-no-certificates"),
            RetryableError::WrongClock { shows } => {
                self.say_with("trouble-wrong-clock", &[("shows", &self.date(*shows))])
            }
            RetryableError::CertificateExpired => self.say("trouble-certificate-expired"),
            RetryableError::CertificateNotYetValid => self.say("trouble-certificate-not-yet-valid"),
            RetryableError::Unconfirmed => self.say("trouble-unconfirmed"),
            RetryableError::Server { code } => self.say_with("trouble-server", &[("code", code)]),
            RetryableError::Unreadable { line } => self.say_with("trouble-unreadable", &[("line", line)]),
            RetryableError::KeyringLocked => self.say("trouble-keyring-locked"),
            RetryableError::KeyringAbsent => self.say("trouble-keyring-absent"),
            RetryableError::SecretsUnusable { why } => {
                self.say_with("trouble-secrets-unusable", &[("why", why)])
            }
        }
    }

    /// The result of a request.
    pub fn update_result(&self, result: &UpdateResult, login: LoginKind) -> String {
        match result {
            UpdateResult::Accepted { how } => {
                let how = match how {
                    Accepted::Good => "accepted-good",
                    Accepted::NoChange => "accepted-no-change",
                };
                self.say_with("happening-accepted", &[("how", &self.say(how))])
            }
            UpdateResult::Halted { reason } => {
                self.say_with("happening-halted", &[("reason", &self.halt_in_short(reason, login))])
            }
            UpdateResult::Failed { error } => {
                self.say_with("happening-troubled", &[("trouble", &self.retryable_error(error))])
            }
        }
    }

    /// The result of a line of the history; how often and since when, where it was repeated.
    pub fn history_result(&self, item: &HistoryItem, login: LoginKind) -> String {
        let result = self.update_result(&item.result, login);
        let Some(Repeated { first, times }) = item.repeated else { return result };
        let (times, first) = (times.to_string(), Texts::full(first));
        self.say_with("happening-repeated", &[("result", &result), ("times", &times), ("first", &first)])
    }

    /// A fault of the program itself.
    pub fn health_issue(&self, issue: &HealthIssue) -> String {
        match issue {
            HealthIssue::SettingsDamaged { kept } => {
                self.say_with("ailment-settings-damaged", &[("kept", kept)])
            }
            HealthIssue::HistoryDamaged { kept } => {
                self.say_with("ailment-history-damaged", &[("kept", kept)])
            }
            HealthIssue::HistoryMissing => self.say("ailment-history-missing"),
            HealthIssue::HistoryNewer { kept } => self.say_with("ailment-history-newer", &[("kept", kept)]),
            HealthIssue::CannotRemember { why } => self.say_with("ailment-cannot-remember", &[("why", why)]),
            HealthIssue::ProgramReplaced => self.say("ailment-program-replaced"),
            HealthIssue::NoTray => self.say("ailment-no-tray"),
            HealthIssue::NoNotices => self.say("ailment-no-notices"),
            HealthIssue::LocalNetworkDenied => self.say("ailment-local-network-denied"),
        }
    }

    /// The reason why a look-up found no address.
    pub fn look_up_problem(&self, problem: &LookUpProblem) -> String {
        match problem {
            LookUpProblem::Unreachable => self.say("look-up-problem-unreachable"),
            LookUpProblem::TimedOut => self.say("look-up-problem-timed-out"),
            LookUpProblem::NotTrusted => self.say("look-up-problem-not-trusted"),
            LookUpProblem::NoCertificates => self.say("look-up-problem-no-certificates"),
            LookUpProblem::WrongClock { shows } => {
                self.say_with("look-up-problem-wrong-clock", &[("shows", &self.date(*shows))])
            }
            LookUpProblem::CertificateExpired => self.say("look-up-problem-certificate-expired"),
            LookUpProblem::CertificateNotYetValid => self.say("look-up-problem-certificate-not-yet-valid"),
            LookUpProblem::Status { status } => {
                self.say_with("look-up-problem-status", &[("status", &status.to_string())])
            }
            LookUpProblem::Redirected => self.say("look-up-problem-redirected"),
            LookUpProblem::NotAnAddress { line } => {
                self.say_with("look-up-problem-not-an-address", &[("line", line)])
            }
            LookUpProblem::NotUnderstood => self.say("look-up-problem-not-understood"),
            LookUpProblem::WrongFamily => self.say("look-up-problem-wrong-family"),
            LookUpProblem::Unpublishable { address, why } => {
                let why = self.say(unpublishable_id(*why));
                self.say_with("look-up-problem-unpublishable", &[("address", address), ("why", &why)])
            }
            LookUpProblem::Interfaces => self.say("look-up-problem-interfaces"),
            LookUpProblem::NameNotFound => self.say("look-up-problem-name-not-found"),
            LookUpProblem::SignInPage => self.say("look-up-problem-sign-in-page"),
            LookUpProblem::NoRouter => self.say("look-up-problem-no-router"),
            LookUpProblem::FritzBoxSilent => self.say("look-up-problem-fritz-box-silent"),
            LookUpProblem::AddressKept { .. } => self.say("look-up-problem-address-kept"),
            LookUpProblem::DsLite => self.say("look-up-problem-ds-lite"),
        }
    }

    /// A source's answer.
    pub fn observation(&self, observation: &Observation) -> String {
        match observation {
            Observation::Known { address } => address.to_string(),
            Observation::NoAddress => self.say("observation-no-address"),
            Observation::Unavailable { why } => self.look_up_problem(why),
        }
    }

    /// An entry's state, in a few words.
    pub fn status(&self, status: &Status, login: LoginKind) -> String {
        let id = match status {
            Status::Disabled => "status-disabled",
            Status::Paused => "status-paused",
            Status::LookingUp => "status-looking-up",
            Status::Sending => "status-sending",
            Status::Fine => "status-fine",
            Status::NoAddress { .. } => "status-no-address",
            Status::Held { hold } => return self.hold_reason_in_short(*hold),
            Status::Queued => "status-queued",
            Status::ChangedElsewhere => "status-changed-elsewhere",
            Status::Failed { error: RetryableError::KeyringLocked, .. } => "status-keyring-locked",
            Status::Failed { error: RetryableError::KeyringAbsent, .. } => "status-keyring-absent",
            Status::Failed { error: RetryableError::SecretsUnusable { .. }, .. } => "status-secrets-unusable",
            Status::Failed { .. } => "status-troubled",
            Status::Halted { halt } => return self.halt_in_short(&halt.reason, login),
        };
        self.say(id)
    }
}

/// The id of a halt's text. An account's password, refused or missing, has texts of its own.
fn halt_id(reason: &HaltReason, login: LoginKind) -> String {
    let id = match reason {
        HaltReason::BadAuth => "halt-reason-bad-auth",
        HaltReason::NotYours => "halt-reason-not-yours",
        HaltReason::NotFqdn => "halt-reason-not-fqdn",
        HaltReason::NoHost => "halt-reason-no-host",
        HaltReason::Fatal => "halt-reason-fatal",
        HaltReason::NumHost => "halt-reason-num-host",
        HaltReason::Abuse => "halt-reason-abuse",
        HaltReason::BadAgent => "halt-reason-bad-agent",
        HaltReason::NotDonator => "halt-reason-not-donator",
        HaltReason::NotActive => "halt-reason-not-active",
        HaltReason::BadSystem => "halt-reason-bad-system",
        HaltReason::OtherAddress { .. } => "halt-reason-other-address",
        HaltReason::SecretMissing { .. } => "halt-reason-secret-missing",
    };
    let account = login == LoginKind::Account && reason.is_about_secret();
    if account { format!("{id}-account") } else { id.to_owned() }
}

pub(crate) fn unpublishable_id(why: Unpublishable) -> &'static str {
    match why {
        Unpublishable::Unspecified => "unpublishable-unspecified",
        Unpublishable::Private => "unpublishable-private",
        Unpublishable::Shared => "unpublishable-shared",
        Unpublishable::Loopback => "unpublishable-loopback",
        Unpublishable::LinkLocal => "unpublishable-link-local",
        Unpublishable::UniqueLocal => "unpublishable-unique-local",
        Unpublishable::Documentation => "unpublishable-documentation",
        Unpublishable::Benchmark => "unpublishable-benchmark",
        Unpublishable::Multicast => "unpublishable-multicast",
        Unpublishable::Reserved => "unpublishable-reserved",
        Unpublishable::Ipv4Mapped => "unpublishable-ipv4-mapped",
        Unpublishable::Translated => "unpublishable-translated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Language;
    use dyntray_core::present::diagnose::Diagnosis;
    use dyntray_core::protocol::reply::{Meaning, RETURN_CODES};

    #[test]
    fn every_return_code_that_halts_has_its_words_in_both_languages() {
        let halting = RETURN_CODES.iter().filter_map(|code| match code.meaning {
            Meaning::Halt(reason) => Some(reason()),
            _ => None,
        });
        let local = [
            HaltReason::SecretMissing { keyring: None },
            HaltReason::SecretMissing { keyring: Some("kwalletd5".into()) },
            HaltReason::OtherAddress { named: "127.0.0.1".into() },
        ];
        for reason in halting.chain(local) {
            for texts in [Texts::of(Language::De), Texts::of(Language::En)] {
                for login in [LoginKind::Token, LoginKind::Account] {
                    let said = [
                        texts.halt(&reason, login, "home.spdns.de"),
                        texts.way_out(&reason, login),
                        texts.halt_in_short(&reason, login),
                    ];
                    assert!(
                        said.iter().all(|text| !text.starts_with("halt-reason") && !text.contains('{')),
                        "{said:?}"
                    );
                    assert!(said[0].contains("home.spdns.de"), "{said:?}");
                }
            }
        }
    }

    #[test]
    fn a_refused_account_login_is_told_what_an_account_linked_to_a_reseller_needs() {
        for (texts, needed) in [
            (Texts::of(Language::De), ["Fachhändler", "Hostnamen als Benutzer", "Update-Token als Passwort"]),
            (Texts::of(Language::En), ["reseller", "host name as user", "update token as password"]),
        ] {
            let way_out = texts.way_out(&HaltReason::BadAuth, LoginKind::Account);
            assert!(needed.iter().all(|words| way_out.contains(words)), "{way_out}");
            let with_token = texts.way_out(&HaltReason::BadAuth, LoginKind::Token);
            assert!(!with_token.contains(needed[0]), "{with_token}");
        }
    }

    #[test]
    fn a_missing_secret_is_told_with_the_keyring_that_lacks_it() {
        let reason = HaltReason::SecretMissing { keyring: Some("kwalletd5".into()) };
        for texts in [Texts::of(Language::De), Texts::of(Language::En)] {
            let said = texts.halt(&reason, LoginKind::Token, "home.spdns.de");
            assert!(said.starts_with("kwalletd5 "), "{said}");
        }
    }

    #[test]
    fn a_wrong_clock_is_told_with_the_date_that_it_shows() {
        let shows = jiff::civil::date(2038, 1, 9);
        let (en, de) = (Texts::of(Language::En), Texts::of(Language::De));
        for (texts, date) in [(en, "9 Jan 2038"), (de, "09.01.2038")] {
            let said = [
                texts.retryable_error(&RetryableError::WrongClock { shows }),
                texts.look_up_problem(&LookUpProblem::WrongClock { shows }),
                texts.diagnosis(&Diagnosis::WrongClock { shows }),
            ];
            assert!(said.iter().all(|text| text.contains(date)), "{said:?}");
            let old = [RetryableError::CertificateExpired, RetryableError::CertificateNotYetValid];
            let old = old.map(|error| texts.retryable_error(&error));
            assert!(old[0] != old[1] && old.iter().all(|text| !text.starts_with("trouble-")), "{old:?}");
            let old = [LookUpProblem::CertificateExpired, LookUpProblem::CertificateNotYetValid];
            let old = old.map(|problem| texts.look_up_problem(&problem));
            assert!(old[0] != old[1] && old.iter().all(|text| !text.starts_with("look-up-")), "{old:?}");
        }
    }

    #[test]
    fn an_unpublishable_address_is_named_with_its_reason() {
        let problem =
            LookUpProblem::Unpublishable { address: "100.64.1.2".into(), why: Unpublishable::Shared };
        let said = Texts::of(Language::En).look_up_problem(&problem);
        assert!(said.contains("100.64.1.2") && said.contains("shares"), "{said}");
    }
}
