//! The page `docs/providers.md` has the same facts as the table of services.

#![allow(clippy::disallowed_methods, reason = "the test reads and writes a page")]

use std::fmt::Write as _;

use dyntray_core::protocol::dialect::{Families, PaceOf};
use dyntray_core::settings::providers::{LoginStyle, SecretWord, Verified, all};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/providers.md");
const BEGIN: &str = "<!-- from crates/core/src/settings/providers.toml: `DYNTRAY_WRITE_PAGES=1 cargo test -p dyntray-core --test providers` -->\n";

fn table() -> String {
    let mut table = String::from(
        "\n| service | name | server | user | secret | addresses | sure | source, as of | remark |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for provider in all() {
        let user = match provider.login {
            LoginStyle::Either => "host name, or account",
            LoginStyle::Host => "host name",
            LoginStyle::Account => "account",
            LoginStyle::Token => "none",
        };
        let secret = match provider.secret {
            SecretWord::Password => "password",
            SecretWord::Token => "token",
            SecretWord::Key => "key",
        };
        let place =
            if provider.dialect.template.to_string().contains("{password}") { ", in the URL" } else { "" };
        let families = match provider.families {
            Families::Together => "IPv4 and IPv6 together",
            Families::AlwaysBoth => "always IPv4 and IPv6",
            Families::OneByOne => "IPv4 and IPv6, one by one",
            Families::Ipv4Only => "IPv4",
        };
        let sure = match provider.verified {
            Verified::Documented => "documented",
            Verified::ByOtherClients => "by other clients",
        };
        let (name, id, website, server) = (&provider.name, &provider.id, &provider.website, &provider.server);
        let (source, checked) = (&provider.source, &provider.checked);
        let of = match provider.dialect.pace.of {
            PaceOf::Host => "host name",
            PaceOf::Domain => "domain",
        };
        let wait = provider
            .dialect
            .pace
            .least()
            .map(|least| format!("at least {} s between two requests for one {of}", least.as_secs()));
        let remarks: Vec<String> = [Some(provider.remark.clone()), wait].into_iter().flatten().collect();
        let remark = remarks.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join("; ");
        writeln!(table, "| [{name}]({website}) | `{id}` | `{server}` | {user} | {secret}{place} | {families} | {sure} | [source]({source}), {checked} | {remark} |")
            .expect("a string takes everything");
    }
    table
}

#[test]
fn the_page_about_services_says_what_the_table_says() {
    let page = std::fs::read_to_string(PAGE).expect("the page");
    let (before, _) = page.split_once(BEGIN).expect("the place of the table");
    let expected = format!("{before}{BEGIN}{}", table());
    if std::env::var_os("DYNTRAY_WRITE_PAGES").is_some() {
        std::fs::write(PAGE, &expected).expect("written");
    } else {
        assert!(page == expected, "docs/providers.md is stale; how to write it anew stands in it");
    }
}
