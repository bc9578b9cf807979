//! `inadyn.conf` of inadyn 1, as its manual, guides and routers have it.

use super::told;

/// Read by its contents as by its name.
fn of(text: &str) -> Vec<String> {
    let found = told(text, "inadyn.conf");
    assert_eq!(told(text, "old.txt"), found, "{text}");
    found
}

#[test]
fn each_line_is_an_option_with_or_without_dashes() {
    let expected =
        ["a.dyndns.org anna/s3cret12 at dyn: IPv4 web", "b.dyndns.org anna/s3cret12 at dyn: IPv4 web"];
    for text in [
        "# mine\nusername anna\npassword s3cret12\nalias a.dyndns.org\nalias b.dyndns.org\nupdate_period_sec 600\nbackground\n",
        "--username anna\n--password s3cret12\n--alias a.dyndns.org\n--alias b.dyndns.org\n--dyndns_system dyndns@dyndns.org\n",
        "dyndns_system default@dyndns.org   # the usual one\r\nusername anna\r\npassword s3cret12#mine\r\nalias a.dyndns.org\r\nalias b.dyndns.org\r\n",
        "--background --dyndns_system statdns@dyndns.org --username anna --password s3cret12 --alias a.dyndns.org --alias b.dyndns.org\n",
        "inadyn -u anna -p s3cret12 \\\n  -a a.dyndns.org -a b.dyndns.org\n",
        "system custom@dyndns.org\n  ssl\n  username anna\n  password s3cret12\n  alias a.dyndns.org\n  alias b.dyndns.org\n",
    ] {
        assert_eq!(of(text), expected, "{text}");
    }
    let text = "username an\\#na\npassword s3\\ cret\\\\12\nalias a.dyndns.org\n";
    assert_eq!(of(text), ["a.dyndns.org an#na/s3 cret\\12 at dyn: IPv4 web"]);
}

#[test]
fn services_have_their_old_names_and_each_its_own_login() {
    let text = "background\nverbose 1\nperiod 300\nsystem default@dyndns.org\n  ssl\n  username anna\n  password first12\n  alias a.dyndns.org\n\n\
                system default@no-ip.com\n  username bert\n  password second12\n  alias b.ddns.net\n\n\
                system default@tzo.com\n  username carl\n  password third12\n  alias c.example.org\n";
    assert_eq!(
        of(text),
        [
            "a.dyndns.org anna/first12 at dyn: IPv4 web",
            "b.ddns.net bert/second12 at noip: IPv4 web",
            "left out 15 c.example.org (default@tzo.com): OtherProtocol",
        ]
    );
    for (system, host, service) in [
        ("default@easydns.com", "a.example.org", "easydns"),
        ("default@dnsomatic.com", "a.example.org", "dnsomatic"),
        ("default@freedns.afraid.org", "a.example.org", "freedns"),
        ("default@changeip.com", "a.example.org", "changeip"),
    ] {
        let text = format!("dyndns_system {system}\nusername anna\npassword s3cret12\nalias {host}\n");
        assert_eq!(of(&text), [format!("{host} anna/s3cret12 at {service}: IPv4 web")], "{system}");
    }
    let text = "dyndns_system default@zoneedit.com\nusername anna\npassword s3cret12\nalias a.example.org\n";
    assert_eq!(of(text), ["left out 1 a.example.org (default@zoneedit.com): OtherProtocol"]);
}

#[test]
fn a_key_behind_a_host_name_is_a_secret() {
    let text = "--username anna\n--password none\n--alias a.ignorelist.com,aBcDeF0123456789\n--alias b.ignorelist.com\n\
                --dyndns_system default@freedns.afraid.org\n";
    let url = "https://freedns.afraid.org/dynamic/update.php?{password}&address={ip4}";
    assert_eq!(told(text, "inadyn.conf")[0], "b.ignorelist.com anna/none at freedns: IPv4 web");
    assert_eq!(
        told(text, "inadyn.conf")[1],
        format!("a.ignorelist.com /aBcDeF0123456789 at {url}: IPv4 web")
    );
    let import = format!("{:?}", dyntray_core::import::read(text, "inadyn.conf"));
    assert!(!import.contains("aBcDeF0123456789"), "{import}");
    let other = text.replace("freedns.afraid.org", "zoneedit.com");
    let import = format!("{:?}", dyntray_core::import::read(&other, "inadyn.conf"));
    assert!(import.contains("a.ignorelist.com") && !import.contains("aBcDeF0123456789"), "{import}");
}

#[test]
fn a_service_of_ones_own_is_known_by_its_server_and_path() {
    let text = |server: &str, url: &str, host: &str| {
        format!(
            "dyndns_system custom@http_svr_basic_auth\ndyndns_server_name {server}\ndyndns_server_url {url}\n\
             username anna\npassword s3cret12\nalias {host}\n"
        )
    };
    assert_eq!(
        of(&text("dyn.example.org:80", "/nic/update?hostname=", "home.example.org")),
        ["home.example.org anna/s3cret12 at dyn.example.org: IPv4 web"]
    );
    let spdyn = text("update.spdns.de", "/nic/update?hostname=", "home.spdns.de")
        .replace("anna", "home.spdns.de")
        .replace("s3cret12", "abcd-efgh-ijkl");
    assert_eq!(
        of(&spdyn),
        ["home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: IPv4 web", "remark 6 home.spdns.de: ServerMoved"]
    );
    // Its request has no place for the address, which Dyntray always sends.
    assert_eq!(
        of(&text("dyn.example.org", "/u?k=aBcDeF0123456789&host=", "home.example.org")),
        ["left out 1 home.example.org (): OtherProtocol"]
    );
    let namecheap = "dyndns_system custom@http_svr_basic_auth\ndyndns_server_name dynamicdns.park-your-domain.com\n\
                     dyndns_server_url /update?domain=example.org&password=s3cret12&host=\nalias www\nalias @\n\
                     update_period_sec 600\nbackground\n";
    assert_eq!(
        of(namecheap),
        ["www.example.org /s3cret12 at namecheap: IPv4 web", "example.org /s3cret12 at namecheap: IPv4 web"]
    );
}

#[test]
fn what_is_different_is_said() {
    let text = |line: &str| format!("username anna\npassword s3cret12\nalias a.dyndns.org\n{line}\n");
    for (line, place, remark) in [
        ("ip_server_name checkip.two-dns.de /", "web", Some("remark 3 a.dyndns.org: OtherWebPage")),
        ("checkip-url checkip4.spdyn.de /", "web", None),
        ("iface eth0", "interface", Some("remark 3 a.dyndns.org: Interface")),
        ("wildcard", "web", Some("remark 3 a.dyndns.org: Wildcard")),
        ("input_file /etc/other.conf", "web", Some("left out 4 : OtherFile")),
    ] {
        let mut expected = vec![format!("a.dyndns.org anna/s3cret12 at dyn: IPv4 {place}")];
        expected.extend(remark.map(str::to_owned));
        assert_eq!(of(&text(line)), expected, "{line}");
    }
    let missing = "alias\nusername anna\npassword s3cret12\n";
    assert_eq!(of(missing), ["left out 1 : NoHostname"]);
}
