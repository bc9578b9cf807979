//! One update request: what is sent and to whom. It says where the secret goes and never holds it.

use crate::protocol::dialect::ServerDialect;
use crate::protocol::reply::{Verdict, of_beginning};
use crate::protocol::url_template::{Placeholder, Values};
use crate::types::address::Addresses;
use crate::types::entry_id::EntryId;
use crate::types::hostname::Hostname;
use crate::types::server::WebAddress;

/// `GET SERVER?hostname=H&myip=A`, with HTTP Basic of `user` and the entry's secret; or what the service wants in its
/// place. Source: Securepoint's wiki; the general dyndns2 protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateRequest {
    /// Whose request it is; the keyring knows the secret by it.
    pub entry: EntryId,
    /// The update server.
    pub server: WebAddress,
    /// The server's dialect.
    pub dialect: ServerDialect,
    /// The host to update.
    pub hostname: Hostname,
    /// The user of HTTP Basic.
    pub user: String,
    /// The addresses to publish: at least one.
    pub addresses: Addresses,
}

impl UpdateRequest {
    /// The URL, free of secrets: where a service wants the secret in it, its placeholder stands there. Host names and
    /// addresses need no escaping (RFC 3986: unreserved, `:` and `,` may stand in a query).
    pub fn url(&self) -> String {
        let values = Values { hostname: &self.hostname, user: &self.user, addresses: &self.addresses };
        format!("{}{}", self.server, self.dialect.template.fill(&values))
    }

    /// The place of the secret.
    pub fn secret_place(&self) -> SecretPlace {
        if self.dialect.template.has(Placeholder::Password) { SecretPlace::Url } else { SecretPlace::Basic }
    }

    /// Classifies the whole answer to this request.
    pub fn classify(&self, status: u16, body: &[u8]) -> Verdict {
        self.dialect.format.classify(status, body, &self.hostname, &self.addresses)
    }

    /// Classifies an answer of which only the beginning came: a refusal or the server's trouble. None where it takes the
    /// whole answer to know.
    pub fn classify_beginning(&self, status: u16, body: &[u8]) -> Option<Verdict> {
        of_beginning(self.classify(status, body))
    }
}

/// The place of a request's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretPlace {
    /// HTTP Basic.
    Basic,
    /// The URL, at [`crate::protocol::url_template::SECRET`]; then there is no HTTP Basic.
    Url,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::form::{EntryForm, Form, check};

    #[test]
    fn a_request_has_host_and_addresses_in_its_url_and_no_secret() {
        let public = |text: &str| text.parse::<std::net::IpAddr>().ok().and_then(|ip| ip.try_into().ok());
        let addresses = Addresses { ipv4: public("84.160.12.7"), ipv6: public("2003:e1::7") };
        let entry =
            EntryForm { id: Some(EntryId(1)), hostname: "home.spdns.de".to_owned(), ..EntryForm::default() };
        let settings = check(&Form { entries: vec![entry], ..Form::default() }).expect("a valid form");
        assert_eq!(
            settings.entries[0].request(addresses).url(),
            "https://update.spdyn.de/nic/update?hostname=home.spdns.de&myip=84.160.12.7,2003:e1::7"
        );
    }
}
