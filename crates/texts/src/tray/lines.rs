//! The menu's lines about entries. A menu is as wide as its widest line, so addresses have lines of their own, and long
//! lines are cut.

use dyntray_core::present::{EntryStatus, Status};
use dyntray_core::settings::LoginKind;
use jiff::Timestamp;

use super::{LINES, MenuLine, live_since, wants_secret};
use crate::catalogue::Texts;
use crate::press::Press;

/// The number of entries up to which each has its addresses below it.
const WITH_ADDRESSES: usize = 4;
/// The greatest length of a line in characters.
const LONGEST: usize = 56;
/// The greatest length of a host name in characters.
const LONGEST_HOST: usize = 36;
/// The indent of an address: a space that no desktop cuts off.
const INDENT: char = '\u{2003}';

impl Texts {
    /// The lines of the first entries.
    pub(super) fn entry_lines(&self, entries: &[&EntryStatus], now: Timestamp) -> Vec<MenuLine> {
        let mut menu = Vec::new();
        for entry in entries.iter().take(LINES) {
            let press = Some(Press::ShowEntry(entry.id));
            menu.push(MenuLine::Item { label: self.menu_label(entry, now), press });
            if entry.status == Status::Fine && entries.len() <= WITH_ADDRESSES {
                let published = entry.families.iter().filter_map(|family| family.published);
                let label = |address| format!("{INDENT}{address}");
                menu.extend(published.map(|p| MenuLine::Item { label: label(p.address), press }));
            }
        }
        menu
    }

    /// A line for each entry that lacks its token.
    pub(super) fn token_lines(&self, entries: &[&EntryStatus]) -> Vec<MenuLine> {
        let without_token = |entry: &&&EntryStatus| wants_secret(entry) && entry.login == LoginKind::Token;
        let line = |entry: &&EntryStatus| MenuLine::Item {
            label: self.say_with("tray-enter-token", &[("hostname", &short_host(&entry.hostname))]),
            press: Some(Press::EnterToken(entry.id)),
        };
        entries.iter().filter(without_token).take(LINES).map(line).collect()
    }

    /// An entry without its addresses: `home.spdns.de, live since 03:12`, or its state.
    fn menu_label(&self, entry: &EntryStatus, now: Timestamp) -> String {
        let hostname = short_host(&entry.hostname);
        let published = entry.families.iter().filter_map(|family| family.published);
        let label = match (&entry.status, published.map(|published| published.at).max()) {
            (Status::Fine, Some(at)) => {
                let (id, since) = match live_since(&entry.families) {
                    Some(live) => ("tray-line-live", live),
                    None => ("tray-line-fine", at),
                };
                let since = self.clock(since, now);
                self.say_with(id, &[("hostname", &hostname), ("since", &since)])
            }
            _ => self.state_line(&hostname, entry, now),
        };
        shortened(&label, LONGEST)
    }
}

/// A host name for a line of the menu.
fn short_host(hostname: &str) -> String {
    shortened(hostname, LONGEST_HOST)
}

/// The beginning of `text`, with an ellipsis if it has more than `longest` characters.
fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(longest - 1).collect();
    beginning.trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_ends_with_an_ellipsis() {
        assert_eq!(shortened("home.spdns.de", 13), "home.spdns.de");
        assert_eq!(shortened("home.spdns.de", 9), "home.spd…");
        assert_eq!(shortened("not at home", 5), "not…");
        assert_eq!(short_host(&"ü".repeat(200)).chars().count(), LONGEST_HOST);
    }
}
