//! A mistake in the form: its place, and the error of the value that was typed there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fixed_address::FixedAddressError;
use super::interval::IntervalError;
use super::login::UserError;
use super::name_server::NameServerError;
use crate::protocol::update_url::UpdateUrlError;
use crate::types::address::Family;
use crate::types::hostname::HostnameError;
use crate::types::interface_id::InterfaceIdError;
use crate::types::server::{ProxyError, WebAddressError};
use crate::types::token::SecretError;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// Hostname.
    Hostname,
    /// User.
    User,
    /// Password / Update token.
    Secret,
    /// Service.
    Provider,
    /// Server.
    Server,
    /// Update URL.
    UpdateUrl,
    /// Protocol.
    #[serde(rename = "protocol")]
    Records,
    /// The web resolver for IPv4, under "More".
    ResolverIpv4,
    /// The web resolver for IPv6, under "More".
    ResolverIpv6,
    /// A further web resolver for IPv4, under "More".
    FallBackIpv4,
    /// A further web resolver for IPv6, under "More".
    FallBackIpv6,
    /// The time between two look-ups, under "More".
    Interval,
    /// The fixed IPv4 address.
    FixedIpv4,
    /// The fixed IPv6 address.
    FixedIpv6,
    /// The device that the IPv6 address is of.
    Device,
    /// The name server that updates are checked at, under "More".
    NameServer,
    /// The proxy, under "More".
    ProxyAddress,
    /// The address where new versions are announced, under "More".
    Releases,
}

/// A mistake and its place. Field and cause together name its text in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct FieldError {
    /// The position in the form, from 0, of the entry, or of the further web resolver; none for a field that is
    /// there once.
    pub entry: Option<u32>,
    /// The field.
    pub field: Field,
    /// The cause.
    pub problem: FieldProblem,
}

/// The error of a value, whatever value it is. `of` names the value's type, `kind` the cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "of")]
pub enum FieldProblem {
    /// A host name's.
    Hostname(HostnameError),
    /// A user name's.
    User(UserError),
    /// A secret's.
    Secret(SecretError),
    /// A server's, a web resolver's, or that of another web address.
    WebAddress(WebAddressError),
    /// An update URL's.
    UpdateUrl(UpdateUrlError),
    /// An interval's.
    Interval(IntervalError),
    /// A fixed address's.
    FixedAddress(FixedAddressError),
    /// A device's.
    Device(InterfaceIdError),
    /// A name server's.
    NameServer(NameServerError),
    /// A proxy's.
    Proxy(ProxyError),
    /// The entry's as a whole.
    Entry(EntryError),
    /// One that a program from before an update tells, which still runs.
    #[serde(untagged)]
    #[cfg_attr(feature = "bindings", ts(skip))]
    Earlier(EarlierProblem),
}

/// A field that is fine by itself, and doesn't fit the rest of its entry, the other entries, or the saved secret.
/// On the wire the cause goes without the field's name, which stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum EntryError {
    /// Another enabled entry keeps the same record.
    Twice,
    /// No service of that name is known.
    #[serde(rename = "unknown")]
    ProviderUnknown,
    /// The service, or the update URL, has no place for addresses of a family that the entry keeps.
    #[serde(rename = "notKept")]
    FamilyNotKept {
        /// That family.
        family: Family,
    },
    /// The server was changed: the secret must be typed again, so that it can't be sent elsewhere unnoticed.
    #[serde(rename = "forOtherServer")]
    SecretForOtherServer,
}

/// A mistake as version 0.1 tells it: field and cause are one word, `serverShape`. Never made, only read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierProblem {
    /// Field and cause.
    pub kind: String,
    /// The cause's data by their names.
    #[serde(flatten)]
    pub data: BTreeMap<String, EarlierDatum>,
}

/// A datum of an [`EarlierProblem`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EarlierDatum {
    /// A number.
    Number(u32),
    /// A text.
    Text(String),
}

/// Each value's error becomes a field's problem.
macro_rules! problems {
    ($($variant:ident($error:ty),)*) => {$(
        impl From<$error> for FieldProblem {
            fn from(error: $error) -> Self {
                FieldProblem::$variant(error)
            }
        }
    )*};
}

problems! {
    Hostname(HostnameError),
    User(UserError),
    Secret(SecretError),
    WebAddress(WebAddressError),
    UpdateUrl(UpdateUrlError),
    Interval(IntervalError),
    FixedAddress(FixedAddressError),
    Device(InterfaceIdError),
    NameServer(NameServerError),
    Proxy(ProxyError),
    Entry(EntryError),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::address::Unpublishable;

    fn read(json: &str) -> FieldProblem {
        serde_json::from_str(json).expect(json)
    }

    #[test]
    fn a_problem_is_written_with_its_value_and_its_cause_and_reads_back_as_itself() {
        let why = Unpublishable::UniqueLocal;
        let placeholder = "{name}".to_owned();
        for (problem, json) in [
            (HostnameError::NotFull.into(), r#"{"of":"hostname","kind":"notFull"}"#),
            (
                HostnameError::Character { character: "ß".to_owned() }.into(),
                r#"{"of":"hostname","kind":"character","character":"ß"}"#,
            ),
            (UserError::HasColon.into(), r#"{"of":"user","kind":"hasColon"}"#),
            (SecretError::Missing.into(), r#"{"of":"secret","kind":"missing"}"#),
            (WebAddressError::Shape.into(), r#"{"of":"webAddress","kind":"shape"}"#),
            (
                UpdateUrlError::Placeholder { placeholder }.into(),
                r#"{"of":"updateUrl","kind":"placeholder","placeholder":"{name}"}"#,
            ),
            (
                IntervalError::TooShort { minutes: 10 }.into(),
                r#"{"of":"interval","kind":"tooShort","minutes":10}"#,
            ),
            (
                FixedAddressError::Unpublishable { why }.into(),
                r#"{"of":"fixedAddress","kind":"unpublishable","why":"uniqueLocal"}"#,
            ),
            (InterfaceIdError::NotPublic.into(), r#"{"of":"device","kind":"notPublic"}"#),
            (NameServerError::Shape.into(), r#"{"of":"nameServer","kind":"shape"}"#),
            (ProxyError::HasLogin.into(), r#"{"of":"proxy","kind":"hasLogin"}"#),
            (EntryError::ProviderUnknown.into(), r#"{"of":"entry","kind":"unknown"}"#),
            (
                EntryError::FamilyNotKept { family: Family::Ipv6 }.into(),
                r#"{"of":"entry","kind":"notKept","family":"ipv6"}"#,
            ),
            (EntryError::SecretForOtherServer.into(), r#"{"of":"entry","kind":"forOtherServer"}"#),
        ] {
            let problem: FieldProblem = problem;
            assert_eq!(serde_json::to_string(&problem).expect("serialises"), json);
            assert_eq!(read(json), problem);
        }
    }

    #[test]
    fn what_a_program_from_before_an_update_tells_is_read_and_passed_on_unchanged() {
        for json in [
            r#"{"kind":"serverShape"}"#,
            r#"{"kind":"intervalTooShort","minutes":10}"#,
            r#"{"kind":"fixedUnpublishable","why":"private"}"#,
        ] {
            let problem = read(json);
            assert!(matches!(problem, FieldProblem::Earlier(_)), "{problem:?}");
            assert_eq!(serde_json::to_string(&problem).expect("serialises"), json);
        }
        assert!(serde_json::from_str::<FieldProblem>(r#"{"of":"hostname"}"#).is_err());
    }
}
