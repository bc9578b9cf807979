//! Presses: the effects of the tray's menu lines and of notifications, and their form as text in a menu's ids.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use dyntray_core::types::address::PublicAddress;
use dyntray_core::types::entry_id::EntryId;

/// The effect of pressing a menu line, a notification or its button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// Show the entry's state.
    ShowEntry(EntryId),
    /// Go to the page where a new token is entered.
    EnterToken(EntryId),
    /// Look up and update now.
    UpdateNow,
    /// Copy this address to the clipboard.
    Copy(PublicAddress),
    /// Pause for an hour.
    PauseHour,
    /// Pause until the next day begins.
    PauseUntilTomorrow,
    /// Pause until resumed.
    Pause,
    /// Resume.
    Resume,
    /// Treat the network that this machine is in as home, too.
    ThisIsHome,
    /// Unlock the keyring.
    UnlockKeyring,
    /// Open the window.
    Open,
    /// Open the window's page about Dyntray.
    OpenAbout,
    /// Open the window's settings.
    OpenSettings,
    /// Start the program again, as the version that was installed.
    Restart,
    /// End the program.
    Quit,
}

/// A press as text, for the ids of a menu's lines.
impl fmt::Display for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Press::ShowEntry(entry) => write!(f, "show-entry {entry}"),
            Press::EnterToken(entry) => write!(f, "enter-token {entry}"),
            Press::UpdateNow => f.write_str("update-now"),
            Press::Copy(address) => write!(f, "copy {address}"),
            Press::PauseHour => f.write_str("pause-hour"),
            Press::PauseUntilTomorrow => f.write_str("pause-until-tomorrow"),
            Press::Pause => f.write_str("pause"),
            Press::Resume => f.write_str("resume"),
            Press::ThisIsHome => f.write_str("this-is-home"),
            Press::UnlockKeyring => f.write_str("unlock-keyring"),
            Press::Open => f.write_str("open"),
            Press::OpenAbout => f.write_str("open-about"),
            Press::OpenSettings => f.write_str("open-settings"),
            Press::Restart => f.write_str("restart"),
            Press::Quit => f.write_str("quit"),
        }
    }
}

/// The text isn't that of a press.
#[derive(Debug, PartialEq, Eq)]
pub struct NoPress;

impl FromStr for Press {
    type Err = NoPress;

    fn from_str(text: &str) -> Result<Self, NoPress> {
        let (verb, rest) = text.split_once(' ').map_or((text, None), |(verb, rest)| (verb, Some(rest)));
        if let ("copy", Some(address)) = (verb, rest) {
            let address: IpAddr = address.parse().map_err(|_| NoPress)?;
            return PublicAddress::try_from(address).map(Press::Copy).map_err(|_| NoPress);
        }
        let entry = rest.map(|id| id.parse().map(EntryId).map_err(|_| NoPress)).transpose()?;
        Ok(match (verb, entry) {
            ("show-entry", Some(entry)) => Press::ShowEntry(entry),
            ("enter-token", Some(entry)) => Press::EnterToken(entry),
            ("update-now", None) => Press::UpdateNow,
            ("pause-hour", None) => Press::PauseHour,
            ("pause-until-tomorrow", None) => Press::PauseUntilTomorrow,
            ("pause", None) => Press::Pause,
            ("resume", None) => Press::Resume,
            ("this-is-home", None) => Press::ThisIsHome,
            ("unlock-keyring", None) => Press::UnlockKeyring,
            ("open", None) => Press::Open,
            ("open-about", None) => Press::OpenAbout,
            ("open-settings", None) => Press::OpenSettings,
            ("restart", None) => Press::Restart,
            ("quit", None) => Press::Quit,
            _ => return Err(NoPress),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> PublicAddress {
        text.parse::<IpAddr>().ok().and_then(|ip| ip.try_into().ok()).expect("a public address")
    }

    #[test]
    fn a_press_survives_its_way_through_a_menu() {
        let all = [
            Press::ShowEntry(EntryId(7)),
            Press::EnterToken(EntryId(7)),
            Press::UpdateNow,
            Press::Copy(address("84.160.12.7")),
            Press::Copy(address("2003:e1::7")),
            Press::PauseHour,
            Press::PauseUntilTomorrow,
            Press::Pause,
            Press::Resume,
            Press::ThisIsHome,
            Press::UnlockKeyring,
            Press::Open,
            Press::OpenAbout,
            Press::OpenSettings,
            Press::Restart,
            Press::Quit,
        ];
        for press in all {
            assert_eq!(press.to_string().parse(), Ok(press));
        }
        for text in ["show-entry x", "show-entry", "update-now 1", "copy", "copy 192.168.0.1", "copy x"] {
            assert_eq!(text.parse::<Press>(), Err(NoPress), "{text}");
        }
    }
}
