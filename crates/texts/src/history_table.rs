//! The history as a table for spreadsheets.

use dyntray_core::present::Snapshot;
use dyntray_core::record::HistoryItem;
use dyntray_core::settings::LoginKind;
use dyntray_core::types::entry_id::EntryId;

use crate::catalogue::{Language, Texts};

impl Texts {
    /// The history as CSV (RFC 4180), a head and one line for each item. German spreadsheets separate columns by
    /// semicolons; the byte order mark in front tells spreadsheets that it is UTF-8.
    pub fn history_table(&self, items: &[HistoryItem], snapshot: &Snapshot) -> String {
        let login = |id| login_of(snapshot, id);
        let head =
            ["time", "host", "addresses", "result"].map(|name| self.say(&format!("history-table-{name}")));
        let lines = items.iter().map(|item| {
            let addresses = item.addresses.replace(',', " ");
            let result = self.update_result(&item.result, login(item.entry));
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

/// The login of an entry. An entry that is gone most probably used a token.
pub(crate) fn login_of(snapshot: &Snapshot, id: EntryId) -> LoginKind {
    snapshot.entries.iter().find(|entry| entry.id == id).map(|entry| entry.login).unwrap_or_default()
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
    use dyntray_core::record::UpdateResult;

    fn item(result: UpdateResult) -> HistoryItem {
        HistoryItem {
            at: "2026-11-23T12:00:00Z".parse().expect("a time"),
            entry: EntryId(1),
            hostname: "home.spdns.de".into(),
            addresses: "84.160.12.7,2003:e1::1".into(),
            result,
            why: Vec::new(),
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
                 \"84.160.12.7 2003:e1::1\";\"angenommen: geändert\"\r\n"
            )
        );
    }

    #[test]
    fn a_server_s_words_stay_words() {
        assert_eq!(quoted("=HYPERLINK(\"http://x\")"), "\"'=HYPERLINK(\"\"http://x\"\")\"");
        let items = [item(UpdateResult::Failed { error: RetryableError::Server { code: "9\"1,1".into() } })];
        let table = Texts::of(Language::En).history_table(&items, &crate::diagnostics::tests::snapshot());
        assert!(table.contains("9\"\"1,1"), "{table}");
    }
}
