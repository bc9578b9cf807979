//! The tray in words: one value that can be compared, and is drawn only when it has changed.

mod counts;
mod lines;

use std::collections::BTreeSet;

use dyntray_core::observe::dns::Live;
use dyntray_core::observe::finding::HoldReason;
use dyntray_core::present::diagnose::Diagnosis;
use dyntray_core::present::{EntryStatus, FamilyStatus, Mood, Snapshot, Status};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::types::address::PublicAddress;
use jiff::Timestamp;

use crate::catalogue::Texts;
use crate::press::Press;

/// The number of entries that have a line of their own.
const LINES: usize = 8;
/// Windows cuts tooltips at 127 UTF-16 units.
const TOOLTIP: usize = 127;

/// All that the tray shows.
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
    /// A line to press, or only to read.
    Item {
        /// Its text.
        label: String,
        /// The effect of pressing it, if any.
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

impl Texts {
    /// The tray that shows `snapshot`.
    pub fn tray(&self, snapshot: &Snapshot, now: Timestamp) -> TrayView {
        let mut entries: Vec<&EntryStatus> = snapshot.entries.iter().collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.mood));
        let mut menu = Vec::new();
        if entries.len() > LINES {
            menu.push(MenuLine::Item {
                label: self.counts(entries.iter().copied()),
                press: Some(Press::Open),
            });
        }
        menu.extend(self.entry_lines(&entries, now));
        if entries.is_empty() {
            menu.push(MenuLine::Item { label: self.say("tray-empty"), press: None });
        }
        if entries.len() > LINES {
            let label = self.say_count("tray-more", entries.len() - LINES);
            menu.push(MenuLine::Item { label, press: Some(Press::Open) });
        }
        menu.extend(self.token_lines(&entries));
        if snapshot.entries.iter().any(waits_for_keyring) {
            menu.push(self.item("unlock-keyring", Press::UnlockKeyring));
        }
        if snapshot.diagnoses.iter().any(Diagnosis::is_about_home) {
            menu.push(self.item("tray-this-is-home", Press::ThisIsHome));
        }
        menu.push(MenuLine::Separator);
        menu.push(self.item("tray-update-now", Press::UpdateNow));
        menu.extend(self.copy_line(snapshot));
        menu.push(self.pause_line(snapshot, now));
        menu.push(MenuLine::Separator);
        menu.push(self.item("tray-open", Press::Open));
        if snapshot.health_issues.contains(&HealthIssue::ProgramReplaced) {
            menu.push(self.item("restart", Press::Restart));
        }
        menu.push(self.item("tray-quit", Press::Quit));
        TrayView { mood: snapshot.mood, tooltip: shortened(&self.in_short(snapshot, now)), menu }
    }

    /// The state of the only host name. Of several: how many are in which state, and then the one that needs a person
    /// most, unless all are up to date. A last line has the gravest state of the network, unless an entry's line says it
    /// already.
    pub fn in_short(&self, snapshot: &Snapshot, now: Timestamp) -> String {
        let mut lines = Vec::new();
        if snapshot.entries.len() > 1 {
            lines.push(self.counts(snapshot.entries.iter()));
        }
        // The first, if several are equally grave.
        match snapshot.entries.iter().rev().max_by_key(|entry| entry.mood) {
            None => lines.push(self.say("tray-empty")),
            Some(gravest) if lines.is_empty() || is_worth_a_line(gravest.mood) => {
                lines.push(self.entry_line(gravest, now));
            }
            Some(_) => {}
        }
        if let Some(gravest) = snapshot.diagnoses.first()
            && !is_said_by_entries(gravest, snapshot)
        {
            lines.push(self.diagnosis_in_short(gravest));
        }
        lines.join("\n")
    }

    /// The line that copies the published address, or a choice of several; none where nothing is published.
    fn copy_line(&self, snapshot: &Snapshot) -> Option<MenuLine> {
        let families = snapshot.entries.iter().flat_map(|entry| &entry.families);
        let addresses: BTreeSet<PublicAddress> =
            families.filter_map(|family| family.published).map(|published| published.address).collect();
        let press = |address: &PublicAddress| Some(Press::Copy(*address));
        let alone = addresses.first().filter(|_| addresses.len() == 1);
        match (addresses.is_empty(), alone) {
            (true, _) => None,
            (false, Some(address)) => {
                let label = self.say_with("tray-copy", &[("address", &address.to_string())]);
                Some(MenuLine::Item { label, press: press(address) })
            }
            (false, None) => {
                let lines = addresses
                    .iter()
                    .take(LINES)
                    .map(|address| MenuLine::Item { label: address.to_string(), press: press(address) });
                let lines = lines.collect();
                Some(MenuLine::Submenu { label: self.say("tray-copy-which"), lines })
            }
        }
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

    /// An entry in one line: `home.spdns.de → 84.160.12.7, since 03:12`, or its state.
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
        self.state_line(&entry.hostname, entry, now)
    }

    /// An entry that isn't fine, by this name: `home.spdns.de: token refused`.
    fn state_line(&self, hostname: &str, entry: &EntryStatus, now: Timestamp) -> String {
        let host = ("hostname", hostname);
        let state = self.status(&entry.status, entry.login);
        if let Status::Failed { retry_at, .. } = &entry.status
            && !waits_for_keyring(entry)
        {
            let time = self.clock(*retry_at, now);
            return self.say_with("tray-entry-retry", &[host, ("state", &state), ("time", &time)]);
        }
        self.say_with("tray-entry-state", &[host, ("state", &state)])
    }
}

/// True if the entry needs a new token or password.
pub fn wants_secret(entry: &EntryStatus) -> bool {
    matches!(&entry.status, Status::Halted { halt } if halt.reason.is_about_secret())
}

/// True if the entry waits for a keyring that a person can unlock. Looking again before that would be of no use.
fn waits_for_keyring(entry: &EntryStatus) -> bool {
    matches!(entry.status, Status::Failed { error: RetryableError::KeyringLocked, .. })
}

/// True if the count of that state says too little, so that the entry is named.
fn is_worth_a_line(mood: Mood) -> bool {
    match mood {
        Mood::Empty | Mood::Fine | Mood::Working => false,
        Mood::Waiting | Mood::Paused | Mood::NeedsYou => true,
    }
}

/// True if an entry's own line names that state of the network.
fn is_said_by_entries(diagnosis: &Diagnosis, snapshot: &Snapshot) -> bool {
    let holds: &[HoldReason] = match diagnosis {
        Diagnosis::Elsewhere => &[HoldReason::Elsewhere],
        Diagnosis::NewRouter => &[HoldReason::NewRouter],
        Diagnosis::Unrecognised => &[HoldReason::Unrecognised],
        Diagnosis::Vpn => &[HoldReason::Vpn, HoldReason::Conflict],
        Diagnosis::SharedAddress { .. } => &[HoldReason::Shared],
        Diagnosis::AddressKept => &[HoldReason::AddressKept],
        _ => &[],
    };
    let is_so = |entry: &EntryStatus| matches!(entry.status, Status::Held { hold } if holds.contains(&hold));
    snapshot.entries.iter().any(is_so)
}

/// The time since which name servers have every address that the service accepted; none while they lack one, or weren't
/// asked.
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
    use dyntray_core::assess::Assessment;
    use dyntray_core::present;
    use dyntray_core::protocol::reply::HaltReason;
    use dyntray_core::settings::form::{EntryForm, Form, check, number_new_entries};
    use dyntray_core::state::entry::{Halt, Published};
    use dyntray_core::state::{Pause, State};
    use dyntray_core::types::entry_id::EntryId;

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
        present(&settings, &state, &Assessment::of(&settings, &state), &[], now())
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
        assert_eq!(view.tooltip, "1 needs help · 1 updating\nhost1.spdns.de: token refused");
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
        assert_eq!(labels(&view)[0], "20 in Arbeit");
        assert_eq!(labels(&view)[9], "und 12 weitere …");
        let view = Texts::of(Language::De).tray(&snapshot(8, |_| {}), now());
        assert!(labels(&view)[0].starts_with("host0.spdns.de"), "{:?}", labels(&view));
    }

    #[test]
    fn of_many_hosts_it_is_said_how_many_need_help_and_how_many_are_up_to_date() {
        let mut shown = snapshot(13, |_| {});
        for (number, entry) in shown.entries.iter_mut().enumerate() {
            (entry.status, entry.mood) = (Status::Fine, Mood::Fine);
            if [4, 9].contains(&number) {
                let halt = Halt { reason: HaltReason::BadAuth, at: now() };
                (entry.status, entry.mood) = (Status::Halted { halt }, Mood::NeedsYou);
            }
        }
        let view = |shown: &Snapshot, language| Texts::of(language).tray(shown, now());
        let english = view(&shown, Language::En);
        assert_eq!(english.tooltip, "2 need help · 11 up to date\nhost4.spdns.de: token refused");
        let first = MenuLine::Item { label: "2 need help · 11 up to date".into(), press: Some(Press::Open) };
        assert_eq!(english.menu[0], first);
        let german = view(&shown, Language::De);
        assert!(german.tooltip.starts_with("2 brauchen Hilfe · 11 aktuell\nhost4.spdns.de: "), "{german:?}");
        assert_eq!(labels(&german)[0], "2 brauchen Hilfe · 11 aktuell");
        for number in [4, 9] {
            (shown.entries[number].status, shown.entries[number].mood) = (Status::Fine, Mood::Fine);
        }
        assert_eq!(view(&shown, Language::En).tooltip, "13 up to date");
        assert_eq!(view(&shown, Language::De).tooltip, "13 aktuell");
    }

    #[test]
    fn of_many_refused_tokens_eight_can_be_entered_from_the_menu() {
        let shown = snapshot(20, |state| {
            for number in 1..=20 {
                state.entries.entry(EntryId(number)).or_default().halt =
                    Some(Halt { reason: HaltReason::BadAuth, at: now() });
            }
        });
        let view = Texts::of(Language::En).tray(&shown, now());
        let lines = labels(&view).iter().filter(|label| label.starts_with("Enter new token")).count();
        assert_eq!((lines, view.tooltip.as_str()), (8, "20 need help\nhost0.spdns.de: token refused"));
    }

    #[test]
    fn a_locked_keyring_is_said_and_can_be_unlocked_from_the_menu() {
        let mut shown = snapshot(1, |_| {});
        let retry_at = now();
        shown.entries[0].status =
            Status::Failed { error: RetryableError::KeyringLocked, retry_at, failed_at: None };
        let view = Texts::of(Language::En).tray(&shown, now());
        assert_eq!(view.tooltip, "host0.spdns.de: the keyring is locked");
        let unlock = |label: &str| MenuLine::Item { label: label.into(), press: Some(Press::UnlockKeyring) };
        assert!(view.menu.contains(&unlock("Unlock keyring…")), "{view:?}");
        let view = Texts::of(Language::De).tray(&shown, now());
        assert!(view.menu.contains(&unlock("Schlüsselbund entsperren …")), "{view:?}");
        shown.entries[0].status =
            Status::Failed { error: RetryableError::KeyringAbsent, retry_at, failed_at: None };
        let view = Texts::of(Language::En).tray(&shown, now());
        assert!(view.tooltip.starts_with("host0.spdns.de: no keyring, again at"), "{view:?}");
        assert!(!labels(&view).contains(&"Unlock keyring…"));
    }

    #[test]
    fn a_pause_offers_to_resume_instead() {
        let shown = snapshot(1, |state| state.pause = Some(Pause { until: None }));
        let view = Texts::of(Language::En).tray(&shown, now());
        assert_eq!(view.mood, Mood::Paused);
        assert!(labels(&view).contains(&"Resume"));
    }

    #[test]
    fn a_network_that_isn_t_home_can_be_made_home_and_no_other_can() {
        let mut shown = snapshot(1, |_| {});
        let label = "This is my home too";
        assert!(!labels(&Texts::of(Language::En).tray(&shown, now())).contains(&label));
        shown.diagnoses = vec![Diagnosis::Elsewhere];
        shown.entries[0].status = Status::Held { hold: HoldReason::Elsewhere };
        let view = Texts::of(Language::En).tray(&shown, now());
        assert!(labels(&view).contains(&label));
        assert_eq!(view.tooltip, "host0.spdns.de: unknown network, nothing is published");
    }

    #[test]
    fn the_tooltip_names_the_gravest_state_of_the_network_once() {
        let mut shown = snapshot(1, |_| {});
        shown.diagnoses = vec![Diagnosis::NoInternet, Diagnosis::DoubleNat];
        let view = Texts::of(Language::En).tray(&shown, now());
        assert_eq!(view.tooltip, "host0.spdns.de: looking up the address\nno internet connection");
    }

    #[test]
    fn an_address_is_live_only_when_every_record_is() {
        let at: Published = Published {
            address: "84.160.12.7"
                .parse::<std::net::IpAddr>()
                .ok()
                .and_then(|ip| ip.try_into().ok())
                .expect("one"),
            at: now(),
        };
        let mut shown = snapshot(1, |_| {});
        let entry = &mut shown.entries[0];
        entry.status = Status::Fine;
        for family in &mut entry.families {
            family.published = Some(at);
            family.live = Live::Live { since: now() };
        }
        let line = |shown: &Snapshot| Texts::of(Language::En).tray(shown, now()).tooltip;
        assert!(line(&shown).contains(", live since "), "{}", line(&shown));
        shown.entries[0].families[1].live = Live::Pending;
        assert!(line(&shown).contains("84.160.12.7, since "), "{}", line(&shown));
    }

    #[test]
    fn addresses_have_lines_of_their_own_and_no_line_is_wide() {
        let address = |text: &str| {
            text.parse::<std::net::IpAddr>().ok().and_then(|ip| ip.try_into().ok()).expect("a public one")
        };
        let mut shown = snapshot(2, |_| {});
        shown.entries[0].status = Status::Fine;
        shown.entries[0].hostname = "a".repeat(63) + ".spdns.de";
        let addresses = ["84.160.12.7", "2003:e1:1234:5678:9abc:def0:1234:5678"];
        for (family, text) in shown.entries[0].families.iter_mut().zip(addresses) {
            family.published = Some(Published { address: address(text), at: now() });
        }
        shown.entries[1].status = Status::Held { hold: HoldReason::Elsewhere };
        for language in [Language::En, Language::De] {
            let view = Texts::of(language).tray(&shown, now());
            let labels = labels(&view);
            for text in addresses {
                assert!(labels.iter().any(|label| label.trim() == text), "{labels:?}");
            }
            assert!(labels.iter().all(|label| label.chars().count() <= 56), "{labels:?}");
        }
        // Many entries have no room for addresses.
        let mut many = snapshot(5, |_| {});
        for entry in &mut many.entries {
            entry.status = Status::Fine;
            entry.families[0].published = Some(Published { address: address("84.160.12.7"), at: now() });
        }
        let view = Texts::of(Language::En).tray(&many, now());
        assert_eq!(labels(&view)[5], "-", "{:?}", labels(&view));
    }

    #[test]
    fn a_tooltip_fits_windows() {
        assert_eq!(shortened(&"ü".repeat(300)).encode_utf16().count(), 127);
    }
}
