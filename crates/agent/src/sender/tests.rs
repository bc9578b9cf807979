use std::collections::BTreeMap;

use dyntray_core::protocol::dialect::Families;
use dyntray_core::settings::Records;
use dyntray_core::settings::form::{EntryForm, Form, check};
use dyntray_core::settings::providers::{self, Provider};
use dyntray_core::types::address::{Addresses, Family, PublicAddress};

use super::*;

const REQUESTS: &str = include_str!("requests.txt");
const SECRET_TEXT: &str = "s3cret/&=";

/// The lines of `requests.txt` for each service, by their first words.
fn written() -> BTreeMap<&'static str, BTreeMap<&'static str, &'static str>> {
    let mut all: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    let mut id = "";
    for line in REQUESTS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(heading) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            id = heading;
        } else {
            let (word, value) = line.split_once(' ').expect("a word and its value");
            assert!(all.entry(id).or_default().insert(word, value).is_none(), "{id} has {word} twice");
        }
    }
    all
}

fn public(text: &str) -> Option<PublicAddress> {
    PublicAddress::try_from(text.parse::<std::net::IpAddr>().expect("literal")).ok()
}

/// The request for an entry with these addresses: method, URL and Authorization header.
fn sent(typed: &EntryForm, addresses: Addresses) -> (String, String, Option<String>) {
    crate::http::install_tls();
    let form = Form { entries: vec![typed.clone()], ..Form::default() };
    let settings = check(&form).expect("a valid entry");
    let request = settings.entries[0].request(addresses);
    assert!(!request.url().contains("s3cret"), "the core has no place for a secret");
    let client = Client::builder().build().expect("a client");
    let ready = prepare(&client, &request, &SECRET_TEXT.to_owned().into()).expect("a request");
    let header = ready.headers().get("authorization").map(|value| value.to_str().expect("text").to_owned());
    (ready.method().to_string(), ready.url().to_string(), header)
}

fn entry(provider: &Provider, protocol: Records) -> EntryForm {
    EntryForm {
        hostname: "home.example.org".into(),
        provider: provider.id.clone(),
        user: "me@example.org".into(),
        protocol,
        ..EntryForm::default()
    }
}

#[test]
fn each_service_gets_exactly_the_request_that_is_written_down_for_it() {
    let mut written = written();
    for provider in providers::all() {
        let id = provider.id.as_str();
        let lines = written.remove(id).unwrap_or_else(|| panic!("no request is written down for {id}"));
        let both = Addresses { ipv4: public("84.160.12.7"), ipv6: public("2003:e1::7") };
        let only = |family| Addresses::from_fn(|other| both.get(other).filter(|_| other == family));
        let cases = match provider.families {
            Families::Together | Families::AlwaysBoth => vec![
                ("both", Records::Both, both),
                ("ipv4", Records::Ipv4, only(Family::Ipv4)),
                ("ipv6", Records::Ipv6, only(Family::Ipv6)),
            ],
            Families::OneByOne => {
                vec![("ipv4", Records::Both, only(Family::Ipv4)), ("ipv6", Records::Both, only(Family::Ipv6))]
            }
            Families::Ipv4Only => vec![("ipv4", Records::Ipv4, only(Family::Ipv4))],
        };
        assert_eq!(
            lines.len(),
            cases.len() + 1,
            "{id}: as many lines as kinds of requests, and one for the header"
        );
        let header = lines.get("auth").copied().filter(|header| *header != "-").map(str::to_owned);
        for (case, protocol, addresses) in cases {
            let expected = lines.get(case).unwrap_or_else(|| panic!("{id} has no line {case}"));
            let sent = sent(&entry(provider, protocol), addresses);
            assert_eq!(sent, ("GET".to_owned(), (*expected).to_owned(), header.clone()), "{id}, {case}");
        }
    }
    assert!(written.is_empty(), "no such service: {:?}", written.keys());
}

#[test]
fn an_update_url_has_the_secret_where_its_placeholder_is_and_else_in_the_header() {
    let own = |url: &str| EntryForm {
        hostname: "home.example.org".into(),
        provider: "custom".into(),
        update_url: url.into(),
        ..EntryForm::default()
    };
    let ipv4 = Addresses { ipv4: public("84.160.12.7"), ipv6: None };
    let (_, url, header) = sent(&own("https://a.example.org/{password}/u?h={host}&a={ips}"), ipv4);
    assert_eq!(url, "https://a.example.org/s3cret%2F%26%3D/u?h=home.example.org&a=84.160.12.7");
    assert_eq!(header, None);
    let (_, url, header) = sent(&own("https://a.example.org/u?h={host}&a={ips}"), ipv4);
    assert_eq!(url, "https://a.example.org/u?h=home.example.org&a=84.160.12.7");
    assert_eq!(header.as_deref(), Some("Basic aG9tZS5leGFtcGxlLm9yZzpzM2NyZXQvJj0="));
}
