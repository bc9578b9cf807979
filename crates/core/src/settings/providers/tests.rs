use super::*;

const GOOD_ROW: &str = r#"
[[provider]]
id = "one"
name = "One"
server = "one.example.org"
login = "account"
families = "together"
suffixes = ["one.example.org"]
website = "https://one.example.org/"
source = "https://one.example.org/api"
checked = "2026-11-25"
verified = "documented"
"#;

#[test]
fn every_row_of_the_table_is_right() {
    let wrong: Vec<String> = read(TABLE).into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(all().len() >= 30, "{}", all().len());
}

#[test]
fn spdyn_comes_first_then_all_by_name() {
    assert_eq!(all()[0].id, "spdyn");
    let names: Vec<String> = all()[1..].iter().map(|provider| provider.name.to_lowercase()).collect();
    assert!(names.is_sorted(), "{names:#?}");
}

#[test]
fn a_wrong_row_costs_nothing_but_itself_and_is_named() {
    let second = GOOD_ROW.replace("\"one\"", "\"two\"").replace("one.example.org", "two.example.org");
    for (from, to) in [
        ("families = \"together\"", "families = \"sometimes\""),
        ("login = \"account\"", "login = "),
        ("name = \"One\"", "name = \"\""),
        ("server = \"one.example.org\"", "server = \"127.0.0.1:80\""),
        ("checked = \"2026-11-25\"", "checked = \"yesterday\""),
        ("login = \"account\"", "url = \"https://else.example.org/?h={host}&a={ips}\"\nlogin = \"account\""),
        ("login = \"account\"", "url = \"http://{server}/?h={host}&a={ips}\"\nlogin = \"account\""),
        ("login = \"account\"", "url = \"https://{server}/?h={host}&a={ip4}\"\nlogin = \"account\""),
        ("login = \"account\"", "url = \"https://{server}/?h={host}&a={ip}\"\nlogin = \"account\""),
        ("login = \"account\"", "url = \"https://{server}/?h={host}&a={address}\"\nlogin = \"account\""),
        ("login = \"account\"", "mood = \"fine\"\nlogin = \"account\""),
        ("login = \"account\"", "pace = -1\nlogin = \"account\""),
        ("login = \"account\"", "pace-of = \"planet\"\nlogin = \"account\""),
    ] {
        let wrong = GOOD_ROW.replace(from, to);
        let rows = read(&format!("{wrong}{second}"));
        assert_eq!(rows.len(), 2);
        let why = rows[0].as_ref().expect_err(to);
        assert!(why.starts_with("id = \"one\": "), "{why}");
        assert_eq!(rows[1].as_ref().expect("unharmed").id, "two");
    }
    // The same id, or the same suffix, makes a row a duplicate.
    let other = "\"two.example.org\"";
    for second in [
        GOOD_ROW.replace("[\"one.example.org\"]", &format!("[{other}]")),
        GOOD_ROW.replace("\"one\"", "\"two\""),
    ] {
        let twice = read(&format!("{GOOD_ROW}{second}"));
        assert!(twice[0].is_ok() && twice[1].is_err(), "{second}");
    }
}

#[test]
fn one_place_in_a_url_is_enough_for_one_address_a_request() {
    for (families, right) in
        [("together", false), ("always-both", false), ("one-by-one", true), ("ipv4-only", true)]
    {
        let row = GOOD_ROW.replace(
            "families = \"together\"",
            &format!("url = \"https://{{server}}/?h={{host}}&a={{ip}}\"\nfamilies = \"{families}\""),
        );
        assert_eq!(read(&row)[0].is_ok(), right, "{families}");
    }
}

#[test]
fn ids_suffixes_and_dates_are_plain() {
    let is_right = |from: &str, to: &str| read(&GOOD_ROW.replace(from, to))[0].is_ok();
    for (id, right) in [("a-1", true), ("", false), ("One", false), ("o_ne", false), ("-ö", false)] {
        assert_eq!(is_right("id = \"one\"", &format!("id = \"{id}\"")), right, "{id}");
    }
    for (suffix, right) in [("d-1.example", true), ("example", false), ("One.example", false), ("", false)] {
        let suffixes = format!("suffixes = [\"{suffix}\"]");
        assert_eq!(is_right("suffixes = [\"one.example.org\"]", &suffixes), right, "{suffix}");
    }
    for (date, right) in
        [("2026-01-02", true), ("2026-1-2", false), ("2026-11-255", false), ("2026/11/25", false)]
    {
        assert_eq!(is_right("2026-11-25", date), right, "{date}");
    }
}

#[test]
fn a_host_name_tells_its_service_by_its_ending() {
    let of =
        |name: &str| by_hostname(&Hostname::parse(name).expect(name)).map(|provider| provider.id.as_str());
    assert_eq!(of("home.spdns.de"), Some("spdyn"));
    assert_eq!(of("a.b.ddns.net"), Some("noip"));
    assert_eq!(of("home.duckdns.org"), Some("duckdns"));
    for name in ["ddns.net", "myddns.net", "home.example.org", "ddns.net.example.org"] {
        assert_eq!(of(name), None, "{name}");
    }
}

#[test]
fn a_domain_is_one_label_before_a_services_ending_or_the_last_two() {
    for (name, domain) in [
        ("anna.dedyn.io", "anna.dedyn.io"),
        ("www.anna.dedyn.io", "anna.dedyn.io"),
        ("home.example.org", "example.org"),
        ("example.org", "example.org"),
    ] {
        assert_eq!(domain_of(&Hostname::parse(name).expect(name)), domain, "{name}");
    }
}

#[test]
fn a_server_tells_its_service_whatever_the_path() {
    let of = |server: &str| {
        by_server(&WebAddress::parse_server(server).expect(server)).map(|provider| provider.id.as_str())
    };
    assert_eq!(of("update.spdyn.de"), Some("spdyn"));
    assert_eq!(of("https://dynupdate.no-ip.com/nic/update"), Some("noip"));
    assert_eq!(of("dynupdate.no-ip.com:8443"), None);
}

/// Writes the window's table beside the bindings of its types.
#[cfg(feature = "bindings")]
#[test]
fn export_bindings_of_the_table() {
    #[expect(clippy::disallowed_methods, reason = "a test that writes what the window reads, as ts-rs does")]
    fn write(text: &str) {
        let folder = std::env::var("TS_RS_EXPORT_DIR").unwrap_or_else(|_| "bindings".to_owned());
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(format!("{folder}/providers.ts"), text).expect("written");
    }
    let rows: Vec<String> = all()
        .iter()
        .map(|provider| serde_json::to_string(&ProviderInfo::from(provider)).expect("serialises"))
        .collect();
    write(&format!(
        "// This file was generated from crates/core/src/settings/providers.toml. Do not edit this file manually.\n\
         import type {{ ProviderInfo }} from \"./ProviderInfo\";\n\n\
         export const providers: ProviderInfo[] = [\n{},\n];\n",
        rows.join(",\n")
    ));
}

#[test]
fn a_new_entry_of_any_service_lacks_nothing_but_what_a_person_knows() {
    use crate::settings::form::{Form, check};
    for provider in all() {
        let mut entry = entry_of(provider);
        let named = if provider.id == "spdyn" { "" } else { &provider.id };
        assert_eq!((entry.provider.as_str(), &entry.server), (named, &provider.server));
        let is_of_an_account = provider.login == LoginStyle::Account;
        assert_eq!(entry.login == LoginKind::Account, is_of_an_account, "{}", provider.id);
        entry.id = Some(crate::types::entry_id::EntryId(1));
        entry.hostname = "home.example.org".to_owned();
        entry.user = "anna".to_owned();
        assert!(check(&Form { entries: vec![entry], ..Form::default() }).is_ok(), "{}", provider.id);
    }
}
