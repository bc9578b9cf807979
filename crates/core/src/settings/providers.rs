//! The table of known services, `providers.toml`. Its rows are read one by one, so a wrong one costs nothing but
//! itself.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::protocol::dialect::{Families, Pace, PaceOf, ServerDialect};
use crate::protocol::reply::ResponseFormat;
use crate::protocol::update_url;
use crate::protocol::url_template::Placeholder;
use crate::settings::LoginKind;
use crate::settings::Records;
use crate::settings::form::EntryForm;
use crate::types::address::Family;
use crate::types::hostname::Hostname;
use crate::types::server::WebAddress;

/// The table.
const TABLE: &str = include_str!("providers.toml");
/// The heading of a row.
const HEADING: &str = "[[provider]]";
/// The URL of a dyndns2 request.
const DYNDNS2_URL: &str = "https://{server}/nic/update?hostname={host}&myip={ips}";

/// The user name that a service expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum LoginStyle {
    /// The host name with its token, or an account: the person chooses.
    Either,
    /// The host name.
    Host,
    /// An account's user.
    Account,
    /// None: a token or key is enough.
    Token,
}

/// A service's word for its secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum SecretWord {
    /// A password.
    #[default]
    Password,
    /// A token.
    Token,
    /// A key.
    Key,
}

/// The evidence for a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verified {
    /// The service's own documentation says so.
    Documented,
    /// Other programs send it this way; the service's own documentation wasn't found.
    ByOtherClients,
}

/// One service.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its name in settings files.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Its server as the form shows it.
    pub server: String,
    /// The address that requests go to.
    pub address: WebAddress,
    /// Its dialect.
    pub dialect: ServerDialect,
    /// The user name that it expects.
    pub login: LoginStyle,
    /// Its word for the secret.
    pub secret: SecretWord,
    /// The records that it keeps, and the way to send them.
    pub families: Families,
    /// The endings of its own host names.
    pub suffixes: Vec<String>,
    /// The site where people log in.
    pub website: String,
    /// The source of the row.
    pub source: String,
    /// The date on which the source was read: `2026-11-25`.
    pub checked: String,
    /// The evidence for the row.
    pub verified: Verified,
    /// A remark for the page about services; empty where there is none.
    pub remark: String,
    /// Its protocols in `ddclient.conf`.
    pub ddclient: Vec<String>,
    /// Its names in `inadyn.conf`, after the `@`.
    pub inadyn: Vec<String>,
}

/// The window's part of a service. The window has its own copy of the table, generated with the bindings.
#[derive(Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct ProviderInfo {
    /// Its name in settings files.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Its server.
    pub server: String,
    /// The user name that it expects.
    pub login: LoginStyle,
    /// Its word for the secret.
    pub secret: SecretWord,
    /// The records that it keeps, and the way to send them.
    pub families: Families,
    /// The endings of its own host names.
    pub suffixes: Vec<String>,
}

impl From<&Provider> for ProviderInfo {
    fn from(provider: &Provider) -> Self {
        ProviderInfo {
            id: provider.id.clone(),
            name: provider.name.clone(),
            server: provider.server.clone(),
            login: provider.login,
            secret: provider.secret,
            families: provider.families,
            suffixes: provider.suffixes.clone(),
        }
    }
}

/// A row of the file.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Row {
    id: String,
    name: String,
    server: String,
    url: Option<String>,
    login: LoginStyle,
    #[serde(default)]
    secret: SecretWord,
    families: Families,
    #[serde(default)]
    pace: u32,
    #[serde(default)]
    pace_of: PaceOf,
    #[serde(default)]
    answers: ResponseFormat,
    #[serde(default)]
    suffixes: Vec<String>,
    website: String,
    source: String,
    checked: String,
    verified: Verified,
    #[serde(default)]
    remark: String,
    #[serde(default)]
    ddclient: Vec<String>,
    #[serde(default)]
    inadyn: Vec<String>,
}

/// All services, in the table's order: SPDYN first, then by name.
pub fn all() -> &'static [Provider] {
    static ALL: OnceLock<Vec<Provider>> = OnceLock::new();
    ALL.get_or_init(|| read(TABLE).into_iter().filter_map(Result::ok).collect())
}

/// The service with this name in settings files.
pub fn by_id(id: &str) -> Option<&'static Provider> {
    all().iter().find(|provider| provider.id == id)
}

/// The service of a host name, by its ending.
pub fn by_hostname(hostname: &Hostname) -> Option<&'static Provider> {
    suffix_of(hostname).map(|(_, provider)| provider)
}

/// The longest ending of a host name that is a service's, and that service.
fn suffix_of(hostname: &Hostname) -> Option<(&'static str, &'static Provider)> {
    let name = hostname.as_str();
    let fits = |suffix: &str| name.strip_suffix(suffix).is_some_and(|before| before.ends_with('.'));
    let all =
        all().iter().flat_map(|provider| provider.suffixes.iter().map(move |suffix| (&**suffix, provider)));
    all.filter(|(suffix, _)| fits(suffix)).max_by_key(|(suffix, _)| suffix.len())
}

/// The domain that a host name is in, as services count it: one label before the ending of a service, or else the last
/// two labels. Where that is too wide (`example.co.uk`), requests merely wait longer than they must.
pub fn domain_of(hostname: &Hostname) -> String {
    let suffix = suffix_of(hostname).map_or(1, |(suffix, _)| suffix.split('.').count());
    let labels: Vec<&str> = hostname.as_str().split('.').collect();
    labels[labels.len().saturating_sub(suffix + 1)..].join(".")
}

/// A new entry of a service, as the form begins it.
pub fn entry_of(provider: &Provider) -> EntryForm {
    EntryForm {
        // In a form, SPDYN is named by its server alone.
        provider: if provider.address.is_spdyn() { String::new() } else { provider.id.clone() },
        server: provider.server.clone(),
        login: match provider.login {
            LoginStyle::Account => LoginKind::Account,
            LoginStyle::Either | LoginStyle::Host | LoginStyle::Token => LoginKind::Token,
        },
        protocol: match provider.families {
            Families::Ipv4Only => Records::Ipv4,
            Families::Together | Families::AlwaysBoth | Families::OneByOne => Records::Both,
        },
        ..EntryForm::default()
    }
}

/// The service at a server, whatever the path; the first one where it has several ways to log in.
pub fn by_server(server: &WebAddress) -> Option<&'static Provider> {
    at_server(server).next()
}

/// All rows with that server.
pub fn at_server(server: &WebAddress) -> impl Iterator<Item = &'static Provider> {
    all().iter().filter(|provider| provider.address.authority() == server.authority())
}

/// Reads the rows of a table; a wrong row gives its first line and the mistake.
fn read(table: &str) -> Vec<Result<Provider, String>> {
    let mut rows: Vec<String> = Vec::new();
    for line in table.lines() {
        if line.trim() == HEADING {
            rows.push(String::new());
        } else if let Some(row) = rows.last_mut() {
            row.push_str(line);
            row.push('\n');
        }
    }
    let mut known: Vec<(String, Vec<String>)> = Vec::new();
    let check = |row: &String| {
        let first = row.lines().next().unwrap_or_default().to_owned();
        let provider = read_row(row).map_err(|why| format!("{first}: {why}"))?;
        let is_twice = |(id, suffixes): &(String, Vec<String>)| {
            *id == provider.id || provider.suffixes.iter().any(|suffix| suffixes.contains(suffix))
        };
        if known.iter().any(is_twice) {
            return Err(format!("{first}: its id or a suffix is another row's"));
        }
        known.push((provider.id.clone(), provider.suffixes.clone()));
        Ok(provider)
    };
    rows.iter().map(check).collect()
}

fn read_row(text: &str) -> Result<Provider, String> {
    let row: Row = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    let url = row.url.as_deref().unwrap_or(DYNDNS2_URL).replace("{server}", &row.server);
    let (address, template) = update_url::take_apart(&url).map_err(|why| format!("{why:?}"))?;
    let pace = Pace::new(row.pace, row.pace_of);
    let dialect = ServerDialect { template, batching: row.families.batching(), pace, format: row.answers };
    let takes_ipv6 = dialect.template.takes(Family::Ipv6) || row.families == Families::Ipv4Only;
    let has_one_place = dialect.template.has(Placeholder::Ip);
    let is_name = |text: &str, more: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || more.contains(c))
    };
    let is_date = row.checked.len() == 10 && row.checked.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let wrong = [
        (!is_name(&row.id, "-"), "the id isn't a plain name"),
        (row.name.trim().is_empty(), "no name"),
        (!address.is_encrypted() || address.is_loopback(), "not HTTPS to a server in the world"),
        (address.authority() != row.server, "the URL goes to another server"),
        (!dialect.template.takes(Family::Ipv4) || !takes_ipv6, "no place for an address"),
        (
            has_one_place && matches!(row.families, Families::Together | Families::AlwaysBoth),
            "two addresses, one place",
        ),
        (
            dialect.template.has(Placeholder::User) && row.login == LoginStyle::Token,
            "a user, and nobody to be it",
        ),
        (!row.suffixes.iter().all(|suffix| is_name(suffix, "-.") && suffix.contains('.')), "not a suffix"),
        (![&row.website, &row.source].iter().all(|url| url.starts_with("https://")), "not a web address"),
        (!is_date, "not a date"),
    ];
    if let Some((_, why)) = wrong.iter().find(|(is_wrong, _)| *is_wrong) {
        return Err((*why).to_owned());
    }
    let Row {
        id, name, server, login, secret, families, suffixes, website, source, checked, verified, ..
    } = row;
    Ok(Provider {
        id,
        name,
        server,
        address,
        dialect,
        login,
        secret,
        families,
        suffixes,
        website,
        source,
        checked,
        verified,
        remark: row.remark,
        ddclient: row.ddclient,
        inadyn: row.inadyn,
    })
}

#[cfg(test)]
mod tests;
