//! The tray in words: one comparable value, drawn only when it differs from the last.

use std::fmt;
use std::str::FromStr;

use dyntray_core::form::LoginKind;
use dyntray_core::live::Live;
use dyntray_core::present::{EntryStatus, FamilyStatus, Mood, Snapshot, Status};
use dyntray_core::settings::EntryId;
use jiff::Timestamp;

use crate::catalogue::Texts;

/// So many entries have a line of their own.
const LINES: usize = 8;
/// Windows cuts tooltips at 127 UTF-16 units.
const TOOLTIP: usize = 127;

/// Everything that the tray shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayView {
    /// The icon's state.
    pub mood: Mood,
    /// The tooltip.
    pub tooltip: String,
    /// The menu, from top to bottom.
    pub menu: Vec<MenuLine>,
}

/// One line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MenuLine {
    /// A line between groups.
    Separator,
    /// Something to press, or to read when it does nothing.
    Item {
        /// Its text.
        label: String,
        /// What pressing it does; nothing, without.
        press: Option<Press>,
    },
    /// A menu of its own.
    Submenu {
        /// Its text.
        label: String,
        /// Its lines.
        lines: Vec<MenuLine>,
    },
}

/// What pressing a line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// Show what the entry is at.
    ShowEntry(EntryId),
    /// Go to the page where a new token is entered.
    EnterToken(EntryId),
    /// Look up and update now.
    UpdateNow,
    /// Pause for an hour.
    PauseHour,
    /// Pause until the next day begins.
    PauseUntilTomorrow,
    /// Pause until resumed.
    Pause,
    /// Resume.
    Resume,
    /// Open the window.
    Open,
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
            Press::PauseHour => f.write_str("pause-hour"),
            Press::PauseUntilTomorrow => f.write_str("pause-until-tomorrow"),
            Press::Pause => f.write_str("pause"),
            Press::Resume => f.write_str("resume"),
            Press::Open => f.write_str("open"),
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
        let (verb, entry) = text.split_once(' ').map_or((text, None), |(verb, id)| (verb, id.parse().ok()));
        Ok(match (verb, entry.map(EntryId)) {
            ("show-entry", Some(entry)) => Press::ShowEntry(entry),
            ("enter-token", Some(entry)) => Press::EnterToken(entry),
            ("update-now", None) => Press::UpdateNow,
            ("pause-hour", None) => Press::PauseHour,
            ("pause-until-tomorrow", None) => Press::PauseUntilTomorrow,
            ("pause", None) => Press::Pause,
            ("resume", None) => Press::Resume,
            ("open", None) => Press::Open,
            ("quit", None) => Press::Quit,
            _ => return Err(NoPress),
        })
    }
}

impl Texts {
    /// The tray that shows `snapshot`.
    pub fn tray(&self, snapshot: &Snapshot, now: Timestamp) -> TrayView {
        let mut entries: Vec<&EntryStatus> = snapshot.entries.iter().collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.mood));
        let lines: Vec<String> = entries.iter().map(|entry| self.entry_line(entry, now)).collect();
        let first = lines.first().cloned().unwrap_or_else(|| self.say("tray-empty"));
        let mut menu: Vec<MenuLine> = if entries.is_empty() {
            vec![MenuLine::Item { label: first.clone(), press: None }]
        } else {
            std::iter::zip(&entries, &lines)
                .take(LINES)
                .map(|(entry, line)| MenuLine::Item {
                    label: line.clone(),
                    press: Some(Press::ShowEntry(entry.id)),
                })
                .collect()
        };
        if entries.len() > LINES {
            let label = self.say_count("tray-more", entries.len() - LINES);
            menu.push(MenuLine::Item { label, press: Some(Press::Open) });
        }
        for entry in entries.iter().filter(|entry| wants_secret(entry) && entry.login == LoginKind::Token) {
            let label = self.say_with("tray-enter-token", &[("hostname", &entry.hostname)]);
            menu.push(MenuLine::Item { label, press: Some(Press::EnterToken(entry.id)) });
        }
        menu.push(MenuLine::Separator);
        menu.push(self.item("tray-update-now", Press::UpdateNow));
        menu.push(self.pause_line(snapshot, now));
        menu.push(MenuLine::Separator);
        menu.push(self.item("tray-open", Press::Open));
        menu.push(self.item("tray-quit", Press::Quit));
        TrayView { mood: snapshot.mood, tooltip: shortened(&first), menu }
    }

    fn pause_line(&self, snapshot: &Snapshot, now: Timestamp) -> MenuLine {
        match snapshot.pause.map(|pause| pause.until) {
            Some(Some(until)) => {
                let label = self.say_with("tray-resume-until", &[("time", &self.clock(until, now))]);
                MenuLine::Item { label, press: Some(Press::Resume) }
            }
            Some(None) => self.item("tray-resume", Press::Resume),
            None => MenuLine::Submenu {
                label: self.say("tray-pause"),
                lines: vec![
                    self.item("tray-pause-hour", Press::PauseHour),
                    self.item("tray-pause-tomorrow", Press::PauseUntilTomorrow),
                    self.item("tray-pause-open", Press::Pause),
                ],
            },
        }
    }

    fn item(&self, id: &str, press: Press) -> MenuLine {
        MenuLine::Item { label: self.say(id), press: Some(press) }
    }

    /// `home.spdns.de → 84.160.12.7, since 03:12`, or what it is at instead.
    pub(crate) fn entry_line(&self, entry: &EntryStatus, now: Timestamp) -> String {
        let host = ("hostname", entry.hostname.as_str());
        let published: Vec<_> = entry.families.iter().filter_map(|family| family.published).collect();
        if let (Status::Fine, Some(since)) = (&entry.status, published.iter().map(|p| p.at).max()) {
            let addresses: Vec<String> = published.iter().map(|p| p.address.to_string()).collect();
            let (id, since) = match live_since(&entry.families) {
                Some(live) => ("tray-entry-live", live),
                None => ("tray-entry-fine", since),
            };
            let since = self.clock(since, now);
            return self.say_with(id, &[host, ("addresses", &addresses.join(", ")), ("since", &since)]);
        }
        let state = self.status(&entry.status, entry.login);
        if let Status::Troubled { retry_at, .. } = &entry.status {
            let time = self.clock(*retry_at, now);
            return self.say_with("tray-entry-retry", &[host, ("state", &state), ("time", &time)]);
        }
        self.say_with("tray-entry-state", &[host, ("state", &state)])
    }
}

/// Whether a new token or password is what the entry needs.
pub fn wants_secret(entry: &EntryStatus) -> bool {
    matches!(&entry.status, Status::Halted { halt } if halt.reason.is_about_secret())
}

/// Since when name servers have every address that the service accepted; none while they don't, or nobody looked.
fn live_since(families: &[FamilyStatus]) -> Option<Timestamp> {
    let published = families.iter().filter(|family| family.published.is_some());
    let since = published.map(|family| match family.live {
        Live::Live { since } => Some(since),
        _ => None,
    });
    since.collect::<Option<Vec<_>>>()?.into_iter().max()
}

fn shortened(text: &str) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= TOOLTIP
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Language;
    use dyntray_core::form::{EntryForm, Form, check, number_new_entries};
    use dyntray_core::present;
    use dyntray_core::reply::HaltReason;
    use dyntray_core::state::{Halt, Pause, State};

    fn now() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().expect("a time")
    }

    fn snapshot(hosts: usize, change: impl FnOnce(&mut State)) -> Snapshot {
        let entries =
            (0..hosts).map(|n| EntryForm { hostname: format!("host{n}.spdns.de"), ..EntryForm::default() });
        let mut form = Form { entries: entries.collect(), ..Form::default() };
        number_new_entries(&mut form, EntryId(0));
        let settings = check(&form).expect("valid");
        let mut state = State::default();
        change(&mut state);
        present(&settings, &state, &[], now())
    }

    fn labels(view: &TrayView) -> Vec<&str> {
        view.menu
            .iter()
            .map(|line| match line {
                MenuLine::Separator => "-",
                MenuLine::Item { label, .. } | MenuLine::Submenu { label, .. } => label,
            })
            .collect()
    }

    #[test]
    fn without_entries_the_menu_says_so() {
        let view = Texts::of(Language::En).tray(&snapshot(0, |_| {}), now());
        assert_eq!(view.mood, Mood::Empty);
        assert_eq!(
            labels(&view),
            [
                "No host name set up yet",
                "-",
                "Update now",
                "Pause",
                "-",
                "Open Dyntray",
                "Quit (updates stop)"
            ]
        );
    }

    #[test]
    fn the_worst_entry_stands_first_and_offers_its_way_out() {
        let shown = snapshot(2, |state| {
            state.entries.entry(EntryId(2)).or_default().halt =
                Some(Halt { reason: HaltReason::BadAuth, at: now() });
        });
        let view = Texts::of(Language::En).tray(&shown, now());
        assert_eq!(view.mood, Mood::NeedsYou);
        assert_eq!(view.tooltip, "host1.spdns.de: token refused");
        assert_eq!(
            labels(&view)[..3],
            [
                "host1.spdns.de: token refused",
                "host0.spdns.de: looking up the address",
                "Enter new token for host1.spdns.de…"
            ]
        );
    }

    #[test]
    fn more_than_eight_entries_are_counted() {
        let view = Texts::of(Language::De).tray(&snapshot(20, |_| {}), now());
        assert_eq!(labels(&view)[8], "und 12 weitere …");
    }

    #[test]
    fn a_pause_offers_to_resume_instead() {
        let shown = snapshot(1, |state| state.pause = Some(Pause { until: None }));
        let view = Texts::of(Language::En).tray(&shown, now());
        assert_eq!(view.mood, Mood::Paused);
        assert!(labels(&view).contains(&"Resume"));
    }

    #[test]
    fn a_press_survives_its_way_through_a_menu() {
        let all = [
            Press::ShowEntry(EntryId(7)),
            Press::EnterToken(EntryId(7)),
            Press::UpdateNow,
            Press::PauseHour,
            Press::PauseUntilTomorrow,
            Press::Pause,
            Press::Resume,
            Press::Open,
            Press::Quit,
        ];
        for press in all {
            assert_eq!(press.to_string().parse(), Ok(press));
        }
        assert_eq!("show-entry x".parse::<Press>(), Err(NoPress));
    }

    #[test]
    fn a_tooltip_fits_windows() {
        assert_eq!(shortened(&"ü".repeat(300)).encode_utf16().count(), 127);
    }
}
