//! The history as a table for spreadsheets.

use std::collections::BTreeMap;

use dyntray_core::present::Snapshot;
use dyntray_core::record::HistoryItem;
use dyntray_core::settings::LoginKind;
use dyntray_core::types::entry_id::EntryId;

use crate::catalogue::{Language, Texts};

impl Texts {
    /// The history as CSV (RFC 4180), a head and one line for each item. German spreadsheets separate columns by
    /// semicolons; the byte order mark in front tells spreadsheets that it is UTF-8.
    pub fn history_table(&self, items: &[HistoryItem], snapshot: &Snapshot) -> String {
        let logins = Logins::of(snapshot);
        let head =
            ["time", "host", "addresses", "result"].map(|name| self.say(&format!("history-table-{name}")));
        let lines = items.iter().map(|item| {
            let addresses = item.addresses.replace(',', " ");
            let result = self.history_result(item, logins.of_entry(item.entry));
            [Texts::full(item.at), item.hostname.clone(), addresses, result]
        });
        let mut table = String::from('\u{feff}');
        for line in std::iter::once(head).chain(lines) {
            table.push_str(&line.map(|field| quoted(&field)).join(self.separator()));
            table.push_str("\r\n");
        }
        table
    }

    fn separator(&self) -> &'static str {
        match self.language() {
            Language::De => ";",
            Language::En => ",",
        }
    }
}

/// The login of each entry: a history of thousands of lines asks for it with each.
pub(crate) struct Logins(BTreeMap<EntryId, LoginKind>);

impl Logins {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        Logins(snapshot.entries.iter().map(|entry| (entry.id, entry.login)).collect())
    }

    /// The login of an entry. An entry that is gone most probably used a token.
    pub(crate) fn of_entry(&self, id: EntryId) -> LoginKind {
        self.0.get(&id).copied().unwrap_or_default()
    }
}

/// A field in quotes, and never a formula: it may hold a server's words, and a spreadsheet would calculate them.
fn quoted(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let apostrophe = if is_formula { "'" } else { "" };
    format!("\"{apostrophe}{}\"", field.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::protocol::reply::Accepted;
    use dyntray_core::protocol::retryable::RetryableError;
    use dyntray_core::record::{Repeated, UpdateResult};

    fn item(result: UpdateResult) -> HistoryItem {
        HistoryItem {
            at: "2026-11-23T12:00:00Z".parse().expect("a time"),
            entry: EntryId(1),
            hostname: "home.spdns.de".into(),
            addresses: "84.160.12.7,2003:e1::1".into(),
            result,
            why: Vec::new(),
            repeated: None,
        }
    }

    #[test]
    fn a_spreadsheet_gets_a_head_and_a_line_for_each_item() {
        let items = [item(UpdateResult::Accepted { how: Accepted::Good })];
        let table = Texts::of(Language::De).history_table(&items, &crate::diagnostics::tests::snapshot());
        let time = Texts::full(items[0].at);
        assert_eq!(
            table,
            format!(
                "\u{feff}\"Zeit\";\"Hostname\";\"Gesendet\";\"Ergebnis\"\r\n\"{time}\";\"home.spdns.de\";\
                 \"84.160.12.7 2003:e1::1\";\"angenommen\"\r\n"
            )
        );
    }

    #[test]
    fn trouble_that_was_repeated_says_how_often_and_since_when() {
        let first = "2026-11-22T12:00:00Z".parse().expect("a time");
        let failed = item(UpdateResult::Failed { error: RetryableError::Unreachable });
        let item = HistoryItem { repeated: Some(Repeated { first, times: 130 }), ..failed.clone() };
        for (language, words) in [(Language::En, "130 times since"), (Language::De, "130-mal seit")] {
            let texts = Texts::of(language);
            let snapshot = crate::diagnostics::tests::snapshot();
            let (once, often) = ([failed.clone()], [item.clone()]);
            let said = format!("({words} {})", Texts::full(first));
            assert!(texts.history_table(&often, &snapshot).contains(&said), "{said}");
            assert!(texts.history_report(&often, &snapshot).trim_end().ends_with(&said), "{said}");
            assert!(!texts.history_report(&once, &snapshot).contains(words));
        }
    }

    #[test]
    fn a_server_s_words_stay_words() {
        assert_eq!(quoted("=HYPERLINK(\"http://x\")"), "\"'=HYPERLINK(\"\"http://x\"\")\"");
        let items = [item(UpdateResult::Failed { error: RetryableError::Server { code: "9\"1,1".into() } })];
        let table = Texts::of(Language::En).history_table(&items, &crate::diagnostics::tests::snapshot());
        assert!(table.contains("9\"\"1,1"), "{table}");
    }
}
