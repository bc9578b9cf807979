//! What importing a file would do, in words.

use dyntray_core::import::{
    ImportEffect, ImportEntry, ImportPreview, ImportSource, LeftOut, LeftOutWhy, Remark, RemarkWhat,
};
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
        if !preview.remarks.is_empty() {
            lines.push(self.say("report-import-remarks"));
        }
        lines.extend(preview.remarks.iter().map(|remark| format!("  {}", self.remark(remark))));
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
        self.line(line, &left_out.named(), &why)
    }

    fn remark(&self, remark: &Remark) -> String {
        self.line(remark.line, &remark.hostname, &self.say(remark_id(remark.what)))
    }

    fn line(&self, line: u32, what: &str, why: &str) -> String {
        let id = if what.is_empty() { "report-import-line" } else { "report-import-line-what" };
        self.say_with(id, &[("line", &line.to_string()), ("what", what), ("why", why)])
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
        LeftOutWhy::OtherLetters => "left-out-why-other-letters",
        LeftOutWhy::Wildcard => "left-out-why-wildcard",
        LeftOutWhy::NoSecret => "left-out-why-no-secret",
        LeftOutWhy::Placeholder => "left-out-why-placeholder",
        LeftOutWhy::MoveToken => "left-out-why-move-token",
        LeftOutWhy::NotASecret => "left-out-why-not-a-secret",
        LeftOutWhy::NotAServer => "left-out-why-not-a-server",
        LeftOutWhy::NotAUser => "left-out-why-not-a-user",
        LeftOutWhy::OtherProtocol => "left-out-why-other-protocol",
        LeftOutWhy::Base64 => "left-out-why-base64",
        LeftOutWhy::Twice => "left-out-why-twice",
        LeftOutWhy::Again => "left-out-why-again",
        LeftOutWhy::Ambiguous => "left-out-why-ambiguous",
        LeftOutWhy::Unclear => "left-out-why-unclear",
        LeftOutWhy::OtherFile => "left-out-why-other-file",
        LeftOutWhy::SwitchedOff => "left-out-why-switched-off",
    }
}

fn remark_id(what: RemarkWhat) -> &'static str {
    match what {
        RemarkWhat::ServerMoved => "remark-what-server-moved",
        RemarkWhat::Spelling => "remark-what-spelling",
        RemarkWhat::Interface => "remark-what-interface",
        RemarkWhat::OneSource => "remark-what-one-source",
        RemarkWhat::OtherSource => "remark-what-other-source",
        RemarkWhat::OtherWebPage => "remark-what-other-web-page",
        RemarkWhat::Wildcard => "remark-what-wildcard",
        RemarkWhat::Prefix => "remark-what-prefix",
        RemarkWhat::EndsWithComma => "remark-what-ends-with-comma",
        RemarkWhat::TokenMisspelt => "remark-what-token-misspelt",
        RemarkWhat::TokenUnfinished => "remark-what-token-unfinished",
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

    #[test]
    fn a_preview_names_the_hosts_of_another_protocol_and_says_what_is_different() {
        let text = "protocol=cloudflare, zone=example.org, password='s3cret12' www.example.org\n\
                    protocol=dyndns2, server=update.spdns.de, password='abcd-efgh-ijkl' home.spdns.de\n";
        let preview = preview(&read(text, "ddclient.conf"), &Form::default());
        let said = Texts::of(Language::En).import_report(&preview);
        assert!(
            said.contains("Line 1, www.example.org (cloudflare): a protocol other than dyndns2"),
            "{said}"
        );
        assert!(said.contains("Line 2, home.spdns.de: update.spdns.de is now update.spdyn.de"), "{said}");
        let german = Texts::of(Language::De).import_report(&preview);
        assert!(
            german.contains("Zeile 2, home.spdns.de: update.spdns.de heißt jetzt update.spdyn.de"),
            "{german}"
        );
        assert!(!german.contains("s3cret12") && !german.contains("abcd-efgh"), "{german}");
    }
}
