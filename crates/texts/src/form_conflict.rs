//! The places of the form that two people changed, in words. The window has the same (`ui/src/pages/settings/conflicts.ts`).

use dyntray_core::settings::form::{ConflictKind, FormConflict, FormField};

use crate::catalogue::Texts;

impl Texts {
    /// A place that somebody else has changed meanwhile.
    pub fn form_conflict(&self, conflict: &FormConflict) -> String {
        let hostname = ("hostname", conflict.hostname.as_str());
        match conflict.what {
            ConflictKind::Removed => self.say_with("conflict-removed", &[hostname]),
            ConflictKind::Changed => self.say_with("conflict-changed", &[hostname]),
            ConflictKind::Field { field } => {
                let caption = self.say(caption(field));
                match conflict.entry {
                    Some(_) => self.say_with("conflict-place", &[hostname, ("field", &caption)]),
                    None => caption,
                }
            }
        }
    }
}

/// The id of a field's caption in the form.
fn caption(field: FormField) -> &'static str {
    match field {
        FormField::Enabled => "field-enabled",
        FormField::Hostname => "field-hostname",
        FormField::Login => "field-login",
        FormField::User => "field-user",
        FormField::Provider => "field-provider",
        FormField::Server => "field-server",
        FormField::UpdateUrl => "field-update-url",
        FormField::Webresolver => "field-webresolver",
        FormField::Protocol => "field-protocol",
        FormField::AddressFrom => "field-address-from",
        FormField::FixedIpv4 => "field-fixed-ipv4",
        FormField::FixedIpv6 => "field-fixed-ipv6",
        FormField::Device => "field-device",
        FormField::Language => "field-language",
        FormField::Theme => "field-theme",
        FormField::Notices => "field-notices",
        FormField::ResolverIpv4 => "field-resolver-ipv4",
        FormField::ResolverIpv6 => "field-resolver-ipv6",
        FormField::FallBacks => "fall-backs",
        FormField::Interval => "field-interval",
        FormField::HomeLock => "field-home-lock",
        FormField::PublishVpn => "field-publish-vpn",
        FormField::PublishShared => "field-publish-shared",
        FormField::NameServer => "field-name-server",
        FormField::Proxy => "field-proxy",
        FormField::ProxyAddress => "field-proxy-address",
        FormField::Releases => "field-releases",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use dyntray_core::types::entry_id::EntryId;

    #[test]
    fn a_conflict_is_told_with_its_host_name_and_its_field() {
        let at = |entry, what| FormConflict { entry, hostname: "home.spdns.de".into(), what };
        let server = ConflictKind::Field { field: FormField::Server };
        let texts = Texts::of(Language::En);
        assert_eq!(texts.form_conflict(&at(Some(EntryId(1)), server)), "home.spdns.de: Server");
        assert_eq!(texts.form_conflict(&at(None, ConflictKind::Field { field: FormField::Proxy })), "Proxy");
        let removed = Texts::of(Language::De).form_conflict(&at(Some(EntryId(1)), ConflictKind::Removed));
        assert!(removed.starts_with("home.spdns.de wurde inzwischen entfernt"), "{removed}");
    }
}
