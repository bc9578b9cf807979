//! The request that a press on the tray or on a notification makes.

use dyntray_control::{ActivationToken, AgentRequest, Page, Request, ShellRequest};
use dyntray_texts::Press;
use jiff::{SignedDuration, Timestamp};

/// The request that `press` makes at `now`; a window comes to the front with `activation`.
pub fn request_for(press: Press, activation: Option<ActivationToken>, now: Timestamp) -> Request {
    let open = |page| ShellRequest::OpenWindow { page, activation, session: None }.into();
    match press {
        Press::ShowEntry(_) | Press::Open => open(Page::Status),
        Press::EnterToken(entry) => open(Page::NewToken { entry }),
        Press::OpenAbout => open(Page::About),
        Press::OpenSettings => open(Page::Settings),
        Press::Copy(address) => ShellRequest::CopyAddress { address }.into(),
        Press::UpdateNow => AgentRequest::UpdateNow.into(),
        Press::PauseHour => pause(Some(now + SignedDuration::from_hours(1))),
        Press::PauseUntilTomorrow => ShellRequest::PauseUntilTomorrow.into(),
        Press::Pause => pause(None),
        Press::Resume => AgentRequest::Resume.into(),
        Press::ThisIsHome => AgentRequest::ThisIsHome.into(),
        Press::UnlockKeyring => AgentRequest::UnlockKeyring.into(),
        Press::Restart => ShellRequest::Restart.into(),
        Press::Quit => ShellRequest::Quit.into(),
    }
}

fn pause(until: Option<Timestamp>) -> Request {
    AgentRequest::Pause { until }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::types::entry_id::EntryId;

    fn json(press: Press, now: &str) -> String {
        let now: Timestamp = now.parse().expect("a time");
        serde_json::to_string(&request_for(press, None, now)).expect("JSON")
    }

    #[test]
    fn every_press_makes_its_request() {
        let address = "84.160.12.7".parse::<std::net::IpAddr>().ok().and_then(|ip| ip.try_into().ok());
        let all = [
            (Press::ShowEntry(EntryId(7)), r#"{"request":"openWindow","page":{"page":"status"}}"#),
            (Press::Open, r#"{"request":"openWindow","page":{"page":"status"}}"#),
            (Press::OpenAbout, r#"{"request":"openWindow","page":{"page":"about"}}"#),
            (Press::OpenSettings, r#"{"request":"openWindow","page":{"page":"settings"}}"#),
            (
                Press::EnterToken(EntryId(7)),
                r#"{"request":"openWindow","page":{"page":"newToken","entry":7}}"#,
            ),
            (
                Press::Copy(address.expect("a public address")),
                r#"{"request":"copyAddress","address":"84.160.12.7"}"#,
            ),
            (Press::UpdateNow, r#"{"request":"updateNow"}"#),
            (Press::PauseHour, r#"{"request":"pause","until":"2026-11-28T13:30:00Z"}"#),
            (Press::PauseUntilTomorrow, r#"{"request":"pauseUntilTomorrow"}"#),
            (Press::Pause, r#"{"request":"pause","until":null}"#),
            (Press::Resume, r#"{"request":"resume"}"#),
            (Press::ThisIsHome, r#"{"request":"thisIsHome"}"#),
            (Press::UnlockKeyring, r#"{"request":"unlockKeyring"}"#),
            (Press::Restart, r#"{"request":"restart"}"#),
            (Press::Quit, r#"{"request":"quit"}"#),
        ];
        for (press, request) in all {
            assert_eq!(json(press, "2026-11-28T12:30:00Z"), request, "{press}");
        }
    }
}
