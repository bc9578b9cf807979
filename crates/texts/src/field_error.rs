//! Mistakes in the form, in words. Field and cause together name the text; the window chooses by the same rule
//! (`ui/src/texts/codes.ts`).

use std::borrow::Cow;

use dyntray_core::protocol::update_url::UpdateUrlError;
use dyntray_core::settings::form::{
    EarlierDatum, EarlierProblem, EntryError, Field, FieldError, FieldProblem, FixedAddressError,
    IntervalError, NameServerError, UserError,
};
use dyntray_core::types::address::Family;
use dyntray_core::types::hostname::HostnameError;
use dyntray_core::types::interface_id::InterfaceIdError;
use dyntray_core::types::server::{ProxyError, WebAddressError};
use dyntray_core::types::token::SecretError;

use crate::catalogue::Texts;
use crate::words::unpublishable_id;

/// The names and values of what a text tells besides.
type Data<'a> = Vec<(&'a str, Cow<'a, str>)>;
/// A cause, and what its text tells besides.
type Cause<'a> = (&'static str, Data<'a>);

impl Texts {
    /// A mistake at a field.
    pub fn field_error(&self, error: &FieldError) -> String {
        let (id, data) = self.id_and_data(error);
        let data: Vec<(&str, &str)> = data.iter().map(|(name, value)| (*name, value.as_ref())).collect();
        self.say_with(&id, &data)
    }

    fn id_and_data<'a>(&self, error: &'a FieldError) -> (String, Data<'a>) {
        let (cause, data) = match &error.problem {
            FieldProblem::Hostname(error) => hostname(error),
            FieldProblem::User(error) => user(*error),
            FieldProblem::Secret(error) => secret(*error),
            FieldProblem::WebAddress(error) => web_address(*error),
            FieldProblem::UpdateUrl(error) => update_url(error),
            FieldProblem::Interval(error) => interval(*error),
            FieldProblem::FixedAddress(error) => self.fixed_address(*error),
            FieldProblem::Device(error) => device(*error),
            FieldProblem::NameServer(NameServerError::Shape) => alone("shape"),
            FieldProblem::Proxy(error) => proxy(*error),
            FieldProblem::Entry(error) => entry(*error),
            FieldProblem::Earlier(problem) => return self.earlier(problem),
        };
        (format!("problem-{}-{cause}", group(error.field)), data)
    }

    fn fixed_address(&self, error: FixedAddressError) -> Cause<'static> {
        match error {
            FixedAddressError::Missing => alone("missing"),
            FixedAddressError::Shape => alone("shape"),
            FixedAddressError::Unpublishable { why } => {
                ("unpublishable", vec![("why", self.say(unpublishable_id(why)).into())])
            }
        }
    }

    /// A mistake that a program from before an update tells, which still runs. Its one word was the text's name.
    fn earlier<'a>(&self, problem: &'a EarlierProblem) -> (String, Data<'a>) {
        let value = |name: &str, datum: &'a EarlierDatum| match datum {
            EarlierDatum::Number(number) => number.to_string().into(),
            EarlierDatum::Text(why) if name == "why" => {
                self.say(&format!("unpublishable-{}", kebab(why))).into()
            }
            EarlierDatum::Text(text) => Cow::from(text),
        };
        let data = problem.data.iter().map(|(name, datum)| (name.as_str(), value(name, datum)));
        (format!("problem-{}", kebab(&problem.kind)), data.collect())
    }
}

/// A cause that says it all.
fn alone(cause: &'static str) -> Cause<'static> {
    (cause, Vec::new())
}

/// The name that a field has in the catalogue. Fields of one kind share it, and their texts.
fn group(field: Field) -> &'static str {
    match field {
        Field::Hostname => "hostname",
        Field::User => "user",
        Field::Secret => "secret",
        Field::Provider => "provider",
        Field::Server => "server",
        Field::UpdateUrl => "update-url",
        Field::Records => "family",
        Field::ResolverIpv4 | Field::ResolverIpv6 | Field::FallBackIpv4 | Field::FallBackIpv6 => "resolver",
        Field::Interval => "interval",
        Field::FixedIpv4 | Field::FixedIpv6 => "fixed",
        Field::Device => "device",
        Field::NameServer => "name-server",
        Field::ProxyAddress => "proxy",
        Field::Releases => "releases",
    }
}

fn hostname(error: &HostnameError) -> Cause<'_> {
    alone(match error {
        HostnameError::Missing => "missing",
        HostnameError::NotFull => "not-full",
        HostnameError::IsUrl => "is-url",
        HostnameError::IsAddress => "is-address",
        HostnameError::IsList => "is-list",
        HostnameError::IsToken => "is-token",
        HostnameError::Character { character } => {
            return ("character", vec![("character", character.into())]);
        }
        HostnameError::OtherLetters { character } => {
            return ("other-letters", vec![("character", character.into())]);
        }
        HostnameError::NotAscii { spelling } => {
            return ("not-ascii", vec![("spelling", spelling.into())]);
        }
        HostnameError::Shape => "shape",
    })
}

fn device(error: InterfaceIdError) -> Cause<'static> {
    alone(match error {
        InterfaceIdError::Shape => "shape",
        InterfaceIdError::NotPublic => "not-public",
        InterfaceIdError::Multicast => "multicast",
        InterfaceIdError::NoDevice => "no-device",
    })
}

fn user(error: UserError) -> Cause<'static> {
    alone(match error {
        UserError::Missing => "missing",
        UserError::HasColon => "has-colon",
    })
}

fn secret(error: SecretError) -> Cause<'static> {
    alone(match error {
        SecretError::Missing => "missing",
        SecretError::Character => "character",
    })
}

fn web_address(error: WebAddressError) -> Cause<'static> {
    alone(match error {
        WebAddressError::Missing => "missing",
        WebAddressError::Shape => "shape",
        WebAddressError::NotEncrypted => "not-encrypted",
        WebAddressError::HasLogin => "has-login",
    })
}

fn update_url(error: &UpdateUrlError) -> Cause<'_> {
    alone(match error {
        UpdateUrlError::Missing => "missing",
        UpdateUrlError::Shape => "shape",
        UpdateUrlError::NotEncrypted => "not-encrypted",
        UpdateUrlError::HasLogin => "has-login",
        UpdateUrlError::HasSecret => "has-secret",
        UpdateUrlError::Placeholder { placeholder } => {
            return ("placeholder", vec![("placeholder", placeholder.into())]);
        }
        UpdateUrlError::NoHost => "no-host",
        UpdateUrlError::NoAddress => "no-address",
    })
}

fn interval(error: IntervalError) -> Cause<'static> {
    match error {
        IntervalError::Shape => alone("shape"),
        IntervalError::TooShort { minutes } => ("too-short", vec![("minutes", minutes.to_string().into())]),
        IntervalError::TooLong => alone("too-long"),
    }
}

fn proxy(error: ProxyError) -> Cause<'static> {
    alone(match error {
        ProxyError::Missing => "missing",
        ProxyError::Shape => "shape",
        ProxyError::HasLogin => "has-login",
    })
}

fn entry(error: EntryError) -> Cause<'static> {
    alone(match error {
        EntryError::Twice => "twice",
        EntryError::ProviderUnknown => "unknown",
        EntryError::FamilyNotKept { family } => {
            return ("not-kept", vec![("family", family_name(family).into())]);
        }
        EntryError::SecretForOtherServer => "for-other-server",
    })
}

/// The name that the catalogue selects a text by.
fn family_name(family: Family) -> &'static str {
    match family {
        Family::Ipv4 => "ipv4",
        Family::Ipv6 => "ipv6",
    }
}

/// `hostnameNotFull` becomes `hostname-not-full`.
fn kebab(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, letter| {
        if letter.is_ascii_uppercase() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
        text
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use dyntray_core::types::address::Unpublishable;

    use super::*;
    use crate::catalogue::Language;

    /// Every mistake that can be made in the form.
    fn all() -> Vec<FieldError> {
        let mut all = Vec::new();
        let mut at = |field, problems: Vec<FieldProblem>| {
            all.extend(problems.into_iter().map(|problem| FieldError { entry: None, field, problem }));
        };
        let text = || "<x>".to_owned();
        at(
            Field::Hostname,
            vec![
                HostnameError::Missing.into(),
                HostnameError::NotFull.into(),
                HostnameError::IsUrl.into(),
                HostnameError::IsAddress.into(),
                HostnameError::IsList.into(),
                HostnameError::IsToken.into(),
                HostnameError::Character { character: text() }.into(),
                HostnameError::OtherLetters { character: text() }.into(),
                HostnameError::NotAscii { spelling: text() }.into(),
                HostnameError::Shape.into(),
                EntryError::Twice.into(),
            ],
        );
        at(Field::User, vec![UserError::Missing.into(), UserError::HasColon.into()]);
        at(
            Field::Secret,
            vec![
                SecretError::Missing.into(),
                SecretError::Character.into(),
                EntryError::SecretForOtherServer.into(),
            ],
        );
        at(Field::Provider, vec![EntryError::ProviderUnknown.into()]);
        at(
            Field::Server,
            vec![
                WebAddressError::Missing.into(),
                WebAddressError::Shape.into(),
                WebAddressError::NotEncrypted.into(),
                WebAddressError::HasLogin.into(),
            ],
        );
        at(
            Field::UpdateUrl,
            vec![
                UpdateUrlError::Missing.into(),
                UpdateUrlError::Shape.into(),
                UpdateUrlError::NotEncrypted.into(),
                UpdateUrlError::HasLogin.into(),
                UpdateUrlError::HasSecret.into(),
                UpdateUrlError::Placeholder { placeholder: text() }.into(),
                UpdateUrlError::NoHost.into(),
                UpdateUrlError::NoAddress.into(),
            ],
        );
        for family in Family::BOTH {
            at(Field::Records, vec![EntryError::FamilyNotKept { family }.into()]);
        }
        for field in [
            Field::ResolverIpv4,
            Field::ResolverIpv6,
            Field::FallBackIpv4,
            Field::FallBackIpv6,
            Field::Releases,
        ] {
            at(field, vec![WebAddressError::Shape.into(), WebAddressError::NotEncrypted.into()]);
        }
        at(
            Field::Interval,
            vec![
                IntervalError::Shape.into(),
                IntervalError::TooShort { minutes: 10 }.into(),
                IntervalError::TooLong.into(),
            ],
        );
        for field in [Field::FixedIpv4, Field::FixedIpv6] {
            at(
                field,
                vec![
                    FixedAddressError::Missing.into(),
                    FixedAddressError::Shape.into(),
                    FixedAddressError::Unpublishable { why: Unpublishable::UniqueLocal }.into(),
                ],
            );
        }
        at(
            Field::Device,
            vec![
                InterfaceIdError::Shape.into(),
                InterfaceIdError::NotPublic.into(),
                InterfaceIdError::Multicast.into(),
                InterfaceIdError::NoDevice.into(),
            ],
        );
        at(Field::NameServer, vec![NameServerError::Shape.into()]);
        at(
            Field::ProxyAddress,
            vec![ProxyError::Missing.into(), ProxyError::Shape.into(), ProxyError::HasLogin.into()],
        );
        all
    }

    #[test]
    fn every_mistake_has_its_text_and_no_text_is_left_over() {
        let names = include_str!("../locales/en/words.ftl").lines();
        let names = names.filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
        let names: BTreeSet<&str> = names.filter(|name| name.starts_with("problem-")).collect();
        for language in [Language::De, Language::En] {
            let texts = Texts::of(language);
            let ids: BTreeSet<String> = all().iter().map(|error| texts.id_and_data(error).0).collect();
            assert_eq!(ids.iter().map(String::as_str).collect::<BTreeSet<_>>(), names);
            for text in all().iter().map(|error| texts.field_error(error)) {
                assert!(!text.starts_with("problem-") && !text.contains('$'), "{text}");
            }
        }
    }

    #[test]
    fn a_mistake_tells_what_was_typed_and_why_it_is_none() {
        let texts = Texts::of(Language::En);
        let at = |field, problem| texts.field_error(&FieldError { entry: Some(0), field, problem });
        assert_eq!(
            at(Field::Hostname, HostnameError::NotFull.into()),
            texts.say("problem-hostname-not-full")
        );
        let said = at(Field::Hostname, HostnameError::Character { character: "ß".to_owned() }.into());
        assert!(said.contains('ß'), "{said}");
        let said = at(Field::Interval, IntervalError::TooShort { minutes: 10 }.into());
        assert!(said.contains("10"), "{said}");
        let why = Unpublishable::UniqueLocal;
        let said = at(Field::FixedIpv6, FixedAddressError::Unpublishable { why }.into());
        assert!(said.contains(&texts.say("unpublishable-unique-local")), "{said}");
        let of = |family| at(Field::Records, EntryError::FamilyNotKept { family }.into());
        assert!(of(Family::Ipv4).contains("No IPv4") && of(Family::Ipv6).contains("No IPv6"));
    }

    #[test]
    fn one_cause_has_another_text_at_another_field() {
        let texts = Texts::of(Language::En);
        let shape = |field| {
            texts.field_error(&FieldError { entry: None, field, problem: WebAddressError::Shape.into() })
        };
        assert_eq!(shape(Field::Server), texts.say("problem-server-shape"));
        assert_eq!(shape(Field::ResolverIpv4), texts.say("problem-resolver-shape"));
        assert_eq!(shape(Field::Releases), texts.say("problem-releases-shape"));
    }

    #[test]
    fn a_mistake_that_a_program_from_before_an_update_tells_has_its_text_all_the_same() {
        let texts = Texts::of(Language::En);
        let said = |kind: &str, data: BTreeMap<String, EarlierDatum>| {
            let problem = FieldProblem::Earlier(EarlierProblem { kind: kind.to_owned(), data });
            texts.field_error(&FieldError { entry: None, field: Field::Server, problem })
        };
        assert_eq!(said("serverShape", BTreeMap::new()), texts.say("problem-server-shape"));
        let minutes = BTreeMap::from([("minutes".to_owned(), EarlierDatum::Number(10))]);
        assert_eq!(
            said("intervalTooShort", minutes),
            texts.field_error(&FieldError {
                entry: None,
                field: Field::Interval,
                problem: IntervalError::TooShort { minutes: 10 }.into()
            })
        );
        let why = BTreeMap::from([("why".to_owned(), EarlierDatum::Text("uniqueLocal".to_owned()))]);
        let text = said("fixedUnpublishable", why);
        assert!(text.contains(&texts.say("unpublishable-unique-local")), "{text}");
    }
}
