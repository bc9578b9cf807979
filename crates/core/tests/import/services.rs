//! Files for other services than SPDYN.

use dyntray_core::import::{Found, LeftOutWhy, read};
use dyntray_core::settings::Records;
use dyntray_core::settings::form::{EntryForm, Form, check};
use secrecy::ExposeSecret as _;

/// Service, server, user, secret and protocol of the one entry that a file holds, which must be valid.
fn one(text: &str, name: &str) -> (String, String, String, String, Records) {
    let import = read(text, name);
    let [Found { form, secret, .. }] = import.found.as_slice() else { panic!("{import:?}") };
    assert!(check(&Form { entries: vec![form.clone()], ..Form::default() }).is_ok(), "{form:?}");
    let EntryForm { provider, server, user, protocol, .. } = form.clone();
    (provider, server, user, secret.expose_secret().to_owned(), protocol)
}

fn told(
    provider: &str,
    server: &str,
    user: &str,
    secret: &str,
    protocol: Records,
) -> (String, String, String, String, Records) {
    (provider.into(), server.into(), user.into(), secret.into(), protocol)
}

#[test]
fn a_service_is_known_by_its_server_or_its_name() {
    let noip = told("noip", "dynupdate.no-ip.com", "anna", "s3cret12", Records::Ipv4);
    for (text, name) in [
        (
            "protocol=dyndns2 use=web server=dynupdate.no-ip.com login=anna password=s3cret12 home.ddns.net\n",
            "ddclient.conf",
        ),
        ("protocol=noip usev4=webv4 login=anna password=s3cret12 home.ddns.net\n", "ddclient.conf"),
        (
            "provider default@no-ip.com {\n username = anna\n password = s3cret12\n hostname = home.ddns.net\n}\n",
            "inadyn.conf",
        ),
        (
            "https://anna:s3cret12@dynupdate.no-ip.com/nic/update?hostname=home.ddns.net&myip=<ipaddr>\n",
            "url.txt",
        ),
    ] {
        assert_eq!(one(text, name), noip, "{text}");
    }
}

#[test]
fn a_token_is_found_where_the_other_program_has_it() {
    let duckdns = |protocol| told("duckdns", "www.duckdns.org", "", "s3cret12", protocol);
    let inadyn = "provider default@duckdns.org {\n username = s3cret12\n hostname = home.duckdns.org\n}\n";
    assert_eq!(one(inadyn, "inadyn.conf"), duckdns(Records::Ipv4));
    let ddclient = "protocol=duckdns usev4=webv4 password=s3cret12 home.duckdns.org\n";
    assert_eq!(one(ddclient, "ddclient.conf"), duckdns(Records::Ipv4));
    let url =
        "https://www.duckdns.org/update?domains=home.duckdns.org&token=s3cret12&ip=<ipaddr>&ipv6=<ip6addr>\n";
    assert_eq!(one(url, "url.txt"), duckdns(Records::Both));
}

#[test]
fn inadyns_user_is_the_token_only_where_a_token_is_all_and_nothing_else_is_there() {
    let block = |service: &str, password: &str| {
        format!("provider default@{service} {{\n username = anna\n{password} hostname = a.example.org\n}}\n")
    };
    let both = block("duckdns.org", " password = s3cret12\n");
    assert_eq!(one(&both, "inadyn.conf"), told("duckdns", "www.duckdns.org", "", "s3cret12", Records::Ipv4));
    let import = read(&block("no-ip.com", ""), "inadyn.conf");
    assert_eq!(import.left_out[0].why, LeftOutWhy::NoSecret, "{import:?}");
}

#[test]
fn services_of_today_are_known_by_the_names_that_other_programs_have_for_them() {
    let ddnss = "protocol=ddnss password=s3cret12 home.ddnss.de\n";
    assert_eq!(one(ddnss, "ddclient.conf").0, "ddnss");
    let luadns = "protocol=dyndns2 server=app.luadns.com login=anna password=s3cret12 home.example.org\n";
    assert_eq!(one(luadns, "ddclient.conf").0, "luadns");
    let dnshome = "provider default@dnshome.de {\n username = home.dnshome.de\n password = s3cret12\n hostname = home.dnshome.de\n}\n";
    assert_eq!(one(dnshome, "inadyn.conf").0, "dnshome");
    let openwrt = |name: &str, user: &str| {
        format!(
            "config service 'a'\n\toption enabled '1'\n\toption service_name '{name}'\n\toption domain 'home.example.org'\n\
             \toption username '{user}'\n\toption password 's3cret12'\n"
        )
    };
    assert_eq!(one(&openwrt("now-dns.com", "anna"), "ddns").0, "nowdns");
    assert_eq!(one(&openwrt("afraid.org-v2-basic", "anna"), "ddns").0, "freedns");
    assert_eq!(one(&openwrt("afraid.org-v2-token", ""), "ddns").0, "freedns-token");
}

#[test]
fn what_a_service_doesnt_keep_is_left_out_of_the_protocol() {
    let text = "host;user;password;server\na.example.org;anna;s3cret12;www.udmedia.de\n";
    assert_eq!(one(text, ""), told("udmedia", "www.udmedia.de", "anna", "s3cret12", Records::Ipv4));
}

#[test]
fn spdyn_stays_what_it_was_and_so_does_whoever_isnt_known() {
    let spdyn =
        "protocol=dyndns2 server=update.spdyn.de login=home.spdns.de password=abcd-efgh-ijkl home.spdns.de\n";
    assert_eq!(one(spdyn, "ddclient.conf").0, "");
    let unknown = "protocol=dyndns2 server=dyn.example.org login=anna password=s3cret12 home.example.org\n";
    assert_eq!(one(unknown, "ddclient.conf").0, "");
    // Variomedia wants a user, so this isn't an entry of Variomedia's and stays as the file has it.
    let odd = "protocol=dyndns2 server=dyndns.variomedia.de password=s3cret12 home.example.org\n";
    assert_eq!(one(odd, "ddclient.conf").0, "");
}

#[test]
fn an_entry_is_one_of_a_services_where_its_login_and_its_families_are_that_services() {
    let table = |user: &str, server: &str| {
        format!("host;user;password;server\nhome.example.org;{user};s3cret12;{server}\n")
    };
    // At deSEC the user is the host name.
    assert_eq!(one(&table("home.example.org", "update.dedyn.io"), "").0, "desec");
    assert_eq!(one(&table("anna", "update.dedyn.io"), "").0, "");
    let url = |server: &str| {
        format!("https://anna:s3cret12@{server}/nic/update?hostname=home.example.org&myip=<ip6addr>\n")
    };
    assert_eq!(one(&url("dynupdate.no-ip.com"), "").4, Records::Ipv6);
    assert_eq!(one(&url("dynupdate.no-ip.com"), "").0, "noip");
    // A service that keeps only IPv4 addresses doesn't fit a URL that asks for IPv6 alone.
    assert_eq!(one(&url("nic.changeip.com"), "").0, "");
}

#[test]
fn a_services_own_name_for_the_secret_is_known() {
    let text = "https://ipv4.api.hosting.ionos.com/dns/v1/dyndns?q=s3cret12&ipv4=<ipaddr>\nHostname: home.example.org\n";
    let ionos = told("ionos", "ipv4.api.hosting.ionos.com", "", "s3cret12", Records::Ipv4);
    assert_eq!(one(text, ""), ionos);
}

#[test]
fn a_file_that_names_no_server_never_replaces_another_services_secret() {
    use dyntray_core::import::{ImportEffect, preview};
    let duckdns =
        EntryForm { hostname: "home.duckdns.org".into(), provider: "duckdns".into(), ..EntryForm::default() };
    let form = Form { entries: vec![duckdns], ..Form::default() };
    let shown = preview(&read("hostname;token\nhome.duckdns.org;abcd-efgh-ijkl\n", "x.csv"), &form);
    assert_eq!(shown.entries[0].effect, ImportEffect::New);
}
