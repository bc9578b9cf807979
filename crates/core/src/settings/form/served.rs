//! The service of an entry: a service from the table, a server that speaks dyndns2, or an update URL.

use super::field_error::{EntryError, Field, FieldProblem};
use super::{EntryForm, OWN_URL};
use crate::protocol::dialect::{Batching, Families, ServerDialect};
use crate::protocol::reply::ResponseFormat;
use crate::protocol::update_url;
use crate::protocol::url_template::Placeholder;
use crate::settings::Records;
use crate::settings::providers::{LoginStyle, by_id};
use crate::types::address::Family;
use crate::types::server::WebAddress;

/// The service of an entry, as requests need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// The service's name in settings files; [`OWN_URL`] or nothing where it isn't one of the table.
    pub service: String,
    /// The server that requests go to.
    pub server: WebAddress,
    /// The server's dialect.
    pub dialect: ServerDialect,
    /// The kinds of login that it takes.
    pub login: LoginStyle,
    /// The families that it keeps; none where the template alone decides.
    families: Option<Families>,
}

impl Served {
    /// The first family of `protocol` that isn't kept here.
    pub fn not_kept(&self, protocol: Records) -> Option<Family> {
        let is_kept = |family: Family| {
            self.dialect.template.takes(family)
                && !(self.families == Some(Families::Ipv4Only) && family == Family::Ipv6)
        };
        protocol.families().find(|family| !is_kept(*family))
    }
}

/// The service of the entry as typed.
///
/// # Errors
/// The field that doesn't tell, and why.
pub fn served(typed: &EntryForm) -> Result<Served, (Field, FieldProblem)> {
    match typed.provider.trim() {
        "" => Ok(Served {
            service: String::new(),
            server: WebAddress::parse_server(&typed.server).map_err(|error| (Field::Server, error.into()))?,
            dialect: ServerDialect::default(),
            login: LoginStyle::Either,
            families: None,
        }),
        OWN_URL => {
            let (server, template) =
                update_url::parse(&typed.update_url).map_err(|error| (Field::UpdateUrl, error.into()))?;
            let has_one_place = template.has(Placeholder::Ip);
            let batching = if has_one_place { Batching::OneByOne } else { Batching::AlwaysBoth };
            // The request of dyndns2 is answered as dyndns2 has it.
            let is_dyndns2 = template == ServerDialect::default().template;
            let format = if is_dyndns2 { ResponseFormat::Dyndns2 } else { ResponseFormat::Any };
            let dialect = ServerDialect { template, batching, format, ..ServerDialect::default() };
            let service = OWN_URL.to_owned();
            Ok(Served { service, server, dialect, login: LoginStyle::Either, families: None })
        }
        id => {
            let provider = by_id(id).ok_or((Field::Provider, EntryError::ProviderUnknown.into()))?;
            Ok(Served {
                service: provider.id.clone(),
                server: provider.address.clone(),
                dialect: provider.dialect.clone(),
                login: provider.login,
                families: Some(provider.families),
            })
        }
    }
}

/// The website where people log in to the entry's service; none where the service isn't known.
pub fn website(typed: &EntryForm) -> Option<String> {
    match by_id(typed.provider.trim()) {
        Some(provider) => Some(provider.website.clone()),
        None => served(typed).ok().map(|served| served.server.website()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::update_url::UpdateUrlError;
    use crate::settings::LoginKind;
    use crate::settings::form::{Form, UserError, check};

    fn entry(provider: &str) -> EntryForm {
        EntryForm {
            hostname: "home.example.org".into(),
            provider: provider.into(),
            user: "me".into(),
            ..EntryForm::default()
        }
    }

    fn problems(typed: EntryForm) -> Vec<(Field, FieldProblem)> {
        let form = Form { entries: vec![typed], ..Form::default() };
        check(&form).err().into_iter().flatten().map(|error| (error.field, error.problem)).collect()
    }

    #[test]
    fn one_and_the_same_request_is_one_and_the_same_service_however_it_is_chosen() {
        let named = served(&entry("spdyn")).expect("known");
        let by_server = served(&entry("")).expect("SPDYN's server");
        let url = "https://update.spdyn.de/nic/update?hostname={host}&myip={ips}".to_owned();
        let by_url = served(&EntryForm { update_url: url, ..entry("custom") }).expect("valid");
        assert_eq!((&named.server, &named.dialect), (&by_server.server, &by_server.dialect));
        assert_eq!((&named.server, &named.dialect), (&by_url.server, &by_url.dialect));
    }

    #[test]
    fn a_services_own_server_and_login_count() {
        let typed =
            EntryForm { server: "evil.example.org".into(), login: LoginKind::Account, ..entry("duckdns") };
        let settings = check(&Form { entries: vec![typed], ..Form::default() }).expect("valid");
        assert_eq!(settings.entries[0].server.to_string(), "https://www.duckdns.org/update");
        assert_eq!(settings.entries[0].user(), "home.example.org");
        assert_eq!(
            problems(EntryForm { user: String::new(), ..entry("strato") }),
            [(Field::User, UserError::Missing.into())]
        );
    }

    #[test]
    fn what_a_service_doesnt_keep_is_said_at_the_protocol() {
        let not_kept = |family| vec![(Field::Records, EntryError::FamilyNotKept { family }.into())];
        assert_eq!(problems(entry("twodns")), not_kept(Family::Ipv6));
        assert_eq!(problems(EntryForm { protocol: Records::Ipv4, ..entry("twodns") }), []);
        let only_ipv6 = "https://a.example.org/u?h={host}&a={ip6}".to_owned();
        assert_eq!(problems(EntryForm { update_url: only_ipv6, ..entry("custom") }), not_kept(Family::Ipv4));
    }

    #[test]
    fn an_unknown_service_and_a_wrong_update_url_are_named_at_their_fields() {
        assert_eq!(problems(entry("nobody")), [(Field::Provider, EntryError::ProviderUnknown.into())]);
        assert_eq!(problems(entry("custom")), [(Field::UpdateUrl, UpdateUrlError::Missing.into())]);
    }

    #[test]
    fn people_are_led_to_the_services_own_website() {
        assert_eq!(website(&entry("noip")).as_deref(), Some("https://www.noip.com/"));
        assert_eq!(website(&entry("")).as_deref(), Some("https://www.spdyn.de/"));
        assert_eq!(website(&entry("nobody")), None);
    }
}
