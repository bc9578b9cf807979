//! What importing a file would do, in words.

use dyntray_core::import::{ImportEffect, ImportEntry, ImportPreview, ImportSource, LeftOut, LeftOutWhy};
use dyntray_core::settings::LoginKind;
use dyntray_core::settings::Records;

use crate::catalogue::Texts;

impl Texts {
    /// The text that `dyntray import` prints first.
    pub fn import_report(&self, preview: &ImportPreview) -> String {
        let mut lines = Vec::new();
        if preview.is_recognised() {
            lines.push(self.say(source_id(preview.source)));
        }
        lines.extend(preview.entries.iter().map(|entry| format!("  {}", self.import_entry(entry))));
        if !preview.left_out.is_empty() {
            lines.push(self.say("report-import-left-out"));
        }
        lines.extend(preview.left_out.iter().map(|left_out| format!("  {}", self.left_out(left_out))));
        if let Some(more) = usize::try_from(preview.left_out_more).ok().filter(|more| *more > 0) {
            lines.push(format!("  {}", self.say_count("report-import-more", more)));
        }
        lines.join("\n") + "\n"
    }

    fn import_entry(&self, entry: &ImportEntry) -> String {
        let effect = match (entry.effect, entry.login) {
            (ImportEffect::New, _) => "import-effect-new",
            (ImportEffect::ReplacesSecret, LoginKind::Token) => "import-effect-replaces-secret",
            (ImportEffect::ReplacesSecret, LoginKind::Account) => "import-effect-replaces-secret-account",
        };
        let login = match entry.login {
            LoginKind::Token => "login-kind-token",
            LoginKind::Account => "login-kind-account",
        };
        let protocol = match entry.protocol {
            Records::Ipv4 => "protocol-ipv4",
            Records::Ipv6 => "protocol-ipv6",
            Records::Both => "protocol-both",
        };
        let (effect, login, protocol) = (self.say(effect), self.say(login), self.say(protocol));
        let values = [
            ("hostname", entry.hostname.as_str()),
            ("effect", &effect),
            ("login", &login),
            ("server", &entry.server),
            ("protocol", &protocol),
        ];
        self.say_with("report-import-entry", &values)
    }

    fn left_out(&self, left_out: &LeftOut) -> String {
        let why = self.say(why_id(left_out.why));
        let Some(line) = left_out.line else { return why };
        let line = line.to_string();
        let id = if left_out.what.is_empty() { "report-import-line" } else { "report-import-line-what" };
        self.say_with(id, &[("line", &line), ("what", &left_out.what), ("why", &why)])
    }
}

fn source_id(source: ImportSource) -> &'static str {
    match source {
        ImportSource::Table => "import-source-table",
        ImportSource::Ddclient => "import-source-ddclient",
        ImportSource::Inadyn => "import-source-inadyn",
        ImportSource::UpdateUrl => "import-source-update-url",
    }
}

fn why_id(why: LeftOutWhy) -> &'static str {
    match why {
        LeftOutWhy::FileTooLarge => "left-out-why-file-too-large",
        LeftOutWhy::NotText => "left-out-why-not-text",
        LeftOutWhy::NotRecognised => "left-out-why-not-recognised",
        LeftOutWhy::TooMany => "left-out-why-too-many",
        LeftOutWhy::NoHostname => "left-out-why-no-hostname",
        LeftOutWhy::NotAHostname => "left-out-why-not-a-hostname",
        LeftOutWhy::NoSecret => "left-out-why-no-secret",
        LeftOutWhy::Placeholder => "left-out-why-placeholder",
        LeftOutWhy::MoveToken => "left-out-why-move-token",
        LeftOutWhy::NotASecret => "left-out-why-not-a-secret",
        LeftOutWhy::NotAServer => "left-out-why-not-a-server",
        LeftOutWhy::NotAUser => "left-out-why-not-a-user",
        LeftOutWhy::OtherProtocol => "left-out-why-other-protocol",
        LeftOutWhy::Twice => "left-out-why-twice",
        LeftOutWhy::Ambiguous => "left-out-why-ambiguous",
    }
}

#[cfg(test)]
mod tests {
    use dyntray_core::import::{preview, read};
    use dyntray_core::settings::form::Form;

    use super::*;
    use crate::catalogue::Language;

    #[test]
    fn a_preview_names_what_is_taken_and_what_is_not_and_never_a_token() {
        let text = "hostname;token\nhome.spdns.de;abcd-efgh-ijkl\nmoved.spdns.de;1-abcd-efgh-ijkl\n";
        let preview = preview(&read(text, ""), &Form::default());
        let said = Texts::of(Language::En).import_report(&preview);
        assert!(said.contains("home.spdns.de: new (Update token, update.spdyn.de, IPv4 and IPv6)"), "{said}");
        assert!(said.contains("Line 3, moved.spdns.de: a move token"), "{said}");
        assert!(!said.contains("abcd-efgh"), "{said}");
        let german = Texts::of(Language::De).import_report(&preview);
        let nothing = dyntray_core::import::preview(&read("holiday", ""), &Form::default());
        assert!(!Texts::of(Language::De).import_report(&nothing).contains("Tabelle mit Hostnamen"));
        assert!(german.contains("Tabelle mit") && !german.contains("left-out"));
        assert!(german.contains("Zeile 3, moved.spdns.de: ein Move-Token"), "{german}");
    }
}
