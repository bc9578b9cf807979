//! The buttons of notifications: the one table of their labels and effects.

use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::settings::LoginKind;
use dyntray_core::state::notice::{Cause, HostNotice, Notice, NoticeGroup, ProgramNotice};

use crate::press::Press;

/// The parts of a notification that can be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    /// The button: the id of its label, and its effect. None without a button.
    pub(super) button: Option<(&'static str, Press)>,
    /// The effect of a press on the notification itself.
    pub(super) press: Press,
}

/// A notification without a button.
const NO_BUTTON: Offer = Offer { button: None, press: Press::Open };
/// A button that opens the window, as the notification itself does.
const OPEN: Offer = button("notice-action-open", Press::Open);

/// The way out of a locked keyring, for one host name or many.
const UNLOCK: Offer = button("unlock-keyring", Press::UnlockKeyring);

const fn button(label: &'static str, press: Press) -> Offer {
    Offer { button: Some((label, press)), press }
}

/// The offer of a notification. Its button mostly leads where the notification itself does.
pub(super) fn offer(told: &NoticeGroup) -> Offer {
    match told {
        NoticeGroup::One(Notice::Host(notice)) => of_host(notice),
        NoticeGroup::One(Notice::Program(ProgramNotice::StillRunning)) => NO_BUTTON,
        NoticeGroup::One(Notice::Program(ProgramNotice::NewVersion { .. })) => {
            button("notice-action-open", Press::OpenAbout)
        }
        NoticeGroup::One(Notice::Program(ProgramNotice::ThirdParty { .. } | ProgramNotice::AddressKept)) => {
            button("notice-action-settings", Press::OpenSettings)
        }
        NoticeGroup::Several(notices) if notices.first().is_some_and(|first| is_locked(&first.cause)) => {
            UNLOCK
        }
        // The one button leads to all of them.
        NoticeGroup::Several(notices) => match notices.first().and_then(|first| of_host(first).button) {
            Some(_) => OPEN,
            None => NO_BUTTON,
        },
    }
}

fn is_locked(cause: &Cause) -> bool {
    matches!(cause, Cause::Keyring { error: RetryableError::KeyringLocked })
}

fn of_host(notice: &HostNotice) -> Offer {
    match &notice.cause {
        Cause::Published { .. } | Cause::Live { .. } | Cause::Failed { .. } => NO_BUTTON,
        Cause::Halted { reason } if reason.is_about_secret() => {
            let label = match notice.login {
                LoginKind::Token => "notice-action-enter-token",
                LoginKind::Account => "notice-action-enter-password",
            };
            button(label, Press::EnterToken(notice.entry))
        }
        cause if is_locked(cause) => UNLOCK,
        Cause::Halted { .. }
        | Cause::Lasting { .. }
        | Cause::Keyring { .. }
        | Cause::AnotherUpdater
        | Cause::ChangedElsewhere { .. } => OPEN,
        // Only the button makes a network home.
        Cause::Elsewhere | Cause::NewRouter | Cause::Unrecognised => {
            Offer { button: Some(("notice-action-this-is-home", Press::ThisIsHome)), press: Press::Open }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::observe::release::Version;
    use dyntray_core::protocol::reply::HaltReason;
    use dyntray_core::state::notice::After;
    use dyntray_core::types::address::Addresses;
    use dyntray_core::types::entry_id::EntryId;

    fn host(login: LoginKind, cause: Cause) -> HostNotice {
        HostNotice { entry: EntryId(7), hostname: "home.spdns.de".to_owned(), login, cause }
    }

    fn of(cause: Cause) -> Offer {
        offer(&NoticeGroup::One(Notice::Host(host(LoginKind::Token, cause))))
    }

    /// A cause of each kind that has no button, then one of each that has.
    fn causes() -> (Vec<Cause>, Vec<Cause>) {
        let address = "84.160.12.7".parse::<std::net::IpAddr>().ok().and_then(|ip| ip.try_into().ok());
        let error = || RetryableError::Unreachable;
        let published = |after| Cause::Published { addresses: Addresses::default(), after };
        let without = [After::Deed, After::Failure, After::Change, After::Nothing].map(published);
        let live = Cause::Live { address: address.expect("a public address") };
        let without = without.into_iter().chain([live, Cause::Failed { error: error() }]).collect();
        let with = vec![
            Cause::Halted { reason: HaltReason::BadAuth },
            Cause::Halted { reason: HaltReason::Abuse },
            Cause::Lasting { error: error() },
            Cause::Keyring { error: RetryableError::KeyringLocked },
            Cause::AnotherUpdater,
            Cause::ChangedElsewhere { there: String::new() },
            Cause::Elsewhere,
            Cause::NewRouter,
            Cause::Unrecognised,
        ];
        (without, with)
    }

    #[test]
    fn every_label_has_the_effect_that_it_names() {
        let (_, causes) = causes();
        for cause in causes {
            for login in [LoginKind::Token, LoginKind::Account] {
                let (label, press) = of_host(&host(login, cause.clone())).button.expect("a button");
                let expected = match label {
                    "notice-action-open" => Press::Open,
                    "notice-action-enter-token" | "notice-action-enter-password" => {
                        Press::EnterToken(EntryId(7))
                    }
                    "notice-action-this-is-home" => Press::ThisIsHome,
                    "unlock-keyring" => Press::UnlockKeyring,
                    other => panic!("{other} has no effect"),
                };
                assert_eq!(press, expected, "{cause:?}");
            }
        }
    }

    #[test]
    fn good_news_and_a_first_failure_have_no_button_and_lead_to_the_window() {
        for cause in causes().0 {
            assert_eq!(of(cause), NO_BUTTON);
        }
        assert_eq!(offer(&NoticeGroup::One(Notice::Program(ProgramNotice::StillRunning))), NO_BUTTON);
    }

    #[test]
    fn only_the_button_makes_a_network_home() {
        let offer = of(Cause::Elsewhere);
        assert_eq!(offer.press, Press::Open);
        assert_eq!(offer.button.map(|(_, press)| press), Some(Press::ThisIsHome));
    }

    #[test]
    fn a_refused_token_leads_to_its_field_wherever_it_is_pressed() {
        let offer = of(Cause::Halted { reason: HaltReason::BadAuth });
        assert_eq!(offer.press, Press::EnterToken(EntryId(7)));
        assert_eq!(offer.button, Some(("notice-action-enter-token", Press::EnterToken(EntryId(7)))));
        assert_eq!(of(Cause::AnotherUpdater), OPEN);
    }

    #[test]
    fn a_new_version_leads_to_the_page_about_dyntray() {
        let notice = Notice::Program(ProgramNotice::NewVersion { version: Version::own() });
        assert_eq!(offer(&NoticeGroup::One(notice)), button("notice-action-open", Press::OpenAbout));
        let (asked, silent) = ("api.example.org".to_owned(), "checkip4.spdyn.de".to_owned());
        let notice = Notice::Program(ProgramNotice::ThirdParty { asked, silent });
        let choose = button("notice-action-settings", Press::OpenSettings);
        assert_eq!(offer(&NoticeGroup::One(notice)), choose);
        let notice = Notice::Program(ProgramNotice::AddressKept);
        assert_eq!(offer(&NoticeGroup::One(notice)), choose);
    }

    #[test]
    fn several_host_names_have_one_button_that_changes_nothing_or_unlocks_for_all() {
        let (without, with) = causes();
        let of_two = |cause: &Cause| {
            let notice = host(LoginKind::Token, cause.clone());
            offer(&NoticeGroup::Several(vec![notice.clone(), notice]))
        };
        assert!(without.iter().all(|cause| of_two(cause) == NO_BUTTON));
        let expected = |cause: &Cause| if is_locked(cause) { UNLOCK } else { OPEN };
        assert!(with.iter().all(|cause| of_two(cause) == expected(cause)));
    }
}
