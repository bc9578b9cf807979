//! Update URLs of a FRITZ!Box and of OpenWrt, as people have them. Sources: AVM's help for "User-defined" dynamic DNS,
//! the services' own pages for it, and OpenWrt's ddns-scripts.

use super::told;

fn of(text: &str) -> Vec<String> {
    told(text, "fritzbox.txt")
}

/// A FRITZ!Box's form.
fn form(url: &str, host: &str, user: &str, secret: &str) -> String {
    format!("Update-URL: {url}\nDomainname: {host}\nBenutzername: {user}\nKennwort: {secret}\n")
}

#[test]
fn a_url_needs_no_scheme() {
    for url in [
        "update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>",
        "http://update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>",
        "HTTPS://UPDATE.SPDYN.DE/nic/update?hostname=<domain>&myip=<ipaddr>",
        "\"update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>\"",
        "<username>:<pass>@update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>",
        "update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>&user=<username>&pass=<passwd>",
        "update.spdyn.de:443/nic/update?hostname=%3Cdomain%3E&myip=%3Cipaddr%3E",
    ] {
        let text = form(url, "home.spdns.de", "home.spdns.de", "abcd-efgh-ijkl");
        assert_eq!(of(&text), ["home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: IPv4 web"], "{url}");
    }
    let old = form(
        "update.spdns.de/nic/update?hostname=<domain>&myip=<ipaddr>",
        "home.spdns.de",
        "",
        "abcd-efgh-ijkl",
    );
    assert_eq!(
        of(&old),
        ["home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: IPv4 web", "remark 1 home.spdns.de: ServerMoved"]
    );
}

#[test]
fn several_urls_in_a_field_are_one_entry_for_both_families_where_they_are_alike() {
    for (urls, expected) in [
        (
            "https://ipv4.example.org/nic/update?hostname=<domain>&myip=<ipaddr> https://ipv4.example.org/nic/update?hostname=<domain>&myip=<ip6addr>",
            &["home.example.org anna/s3cret12 at ipv4.example.org: both web"][..],
        ),
        (
            "ipv4.example.org/nic/update?hostname=<domain>&myip=<ipaddr> ipv6.example.org/nic/update?hostname=<domain>&myip=<ip6addr>",
            &[
                "home.example.org anna/s3cret12 at ipv4.example.org: IPv4 web",
                "home.example.org anna/s3cret12 at ipv6.example.org: IPv6 web",
            ],
        ),
        (
            "https://dyn.example.org/u?h=<domain>&a=<ipaddr>  https://dyn.example.org/u?h=<domain>&a=<ip6addr>",
            &["home.example.org anna/s3cret12 at https://dyn.example.org/u?h={host}&a={ip}: both web"],
        ),
        (
            "https://www.duckdns.org/update?domains=<domain>&token=<pass>&ip=<ipaddr> https://www.duckdns.org/update?domains=<domain>&token=<pass>&ipv6=<ip6addr>",
            &["home.example.org /s3cret12 at duckdns: both web"],
        ),
        (
            "https://ddns.do.de/?myip=<ipaddr> https://ddns.do.de/?ip6lanprefix=<ip6lanprefix>",
            &["home.example.org anna/s3cret12 at dode: IPv4 web", "remark 1 home.example.org: Prefix"],
        ),
        (
            "https://dyn.example.org/u?h=<domain>&p=<ip6lanprefix>",
            &["left out 1 home.example.org (): OtherProtocol"],
        ),
    ] {
        assert_eq!(of(&form(urls, "home.example.org", "anna", "s3cret12")), expected, "{urls}");
    }
}

#[test]
fn which_placeholder_stands_where_decides_what_is_the_secret() {
    for (url, host, user, secret, expected) in [
        (
            "https://dynv6.com/api/update?hostname=<domain>&token=<username>&ipv4=<ipaddr>&ipv6=<ip6addr>",
            "home.dynv6.net",
            "aBcDeF0123456789",
            "none",
            "home.dynv6.net /aBcDeF0123456789 at dynv6: both web",
        ),
        (
            "https://dynv6.com/api/update?zone=<domain>&token=<passwd>&ipv4=<ipaddr>",
            "home.dynv6.net",
            "none",
            "aBcDeF0123456789",
            "home.dynv6.net /aBcDeF0123456789 at dynv6: IPv4 web",
        ),
        (
            "https://www.duckdns.org/update?domains=<domain>&token=<pass>&ip=<ipaddr>",
            "home",
            "none",
            "s3cret12",
            "home.duckdns.org /s3cret12 at duckdns: IPv4 web",
        ),
        (
            "https://www.duckdns.org/update?domains=<username>&token=<pass>&ip=<ipaddr>&ipv6=<ip6addr>",
            "home.duckdns.org",
            "home",
            "s3cret12",
            "home.duckdns.org /s3cret12 at duckdns: both web",
        ),
        (
            "https://ipv64.net/nic/update?key=<passwd>&domain=<domain>&ip=<ipaddr>&ip6=<ip6addr>",
            "home.ipv64.net",
            "none",
            "s3cret12",
            "home.ipv64.net /s3cret12 at ipv64: both web",
        ),
        (
            "https://update.dedyn.io/?myipv4=<ipaddr>&myipv6=<ip6addr>",
            "home.dedyn.io",
            "home.dedyn.io",
            "s3cret12",
            "home.dedyn.io /s3cret12 at desec: both web",
        ),
        (
            "https://dyndns.kasserver.com/?myip=<ipaddr>&myip6=<ip6addr>",
            "home.example.org",
            "dyn0012345",
            "s3cret12",
            "home.example.org dyn0012345/s3cret12 at allinkl: both web",
        ),
        (
            "https://dyn.example.org/own/update.php?user=<username>&pw=<pass>&host=<domain>&ip=<ipaddr>&ip6=<ip6addr>&prefix=<ip6lanprefix>&ds=<dualstack>",
            "home.example.org",
            "anna",
            "s3cret12",
            "home.example.org anna/s3cret12 at https://dyn.example.org/own/update.php?user={user}&pw={password}&host={host}&ip={ip4}&ip6={ip6}: both web",
        ),
        (
            "https://dyn.example.org/<domain>/<pass>/<ipaddr>",
            "home.example.org",
            "",
            "s3cret12",
            "home.example.org /s3cret12 at https://dyn.example.org/{host}/{password}/{ip4}: IPv4 web",
        ),
        (
            "https://dyn.example.org?token=<username>&zone=<domain>&ipv4=<ipaddr>",
            "home.example.org",
            "aBcDeF0123456789",
            "none",
            "home.example.org /aBcDeF0123456789 at https://dyn.example.org/?token={password}&zone={host}&ipv4={ip4}: IPv4 web",
        ),
        (
            "https://dyn.example.org/nic/update?hostname=home.example.org&myip=<ipaddr>&token=s3cret12",
            "",
            "",
            "",
            "home.example.org /s3cret12 at https://dyn.example.org/nic/update?hostname={host}&myip={ip4}&token={password}: IPv4 web",
        ),
        (
            "http://freedns.afraid.org/dynamic/update.php?<pass>&address=<ipaddr>",
            "home.example.org",
            "",
            "s3cret12",
            "home.example.org /s3cret12 at https://freedns.afraid.org/dynamic/update.php?{password}&address={ip4}: IPv4 web",
        ),
        (
            "https://www.goip.de/setip?auth=<b64><username>:<pass></b64>&subdomain=<domain>&ip=<ipaddr>",
            "home.goip.de",
            "anna",
            "s3cret12",
            "home.goip.de anna/s3cret12 at goip: IPv4 web",
        ),
    ] {
        let found = of(&form(url, host, user, secret));
        assert_eq!(found[0], expected, "{url}");
    }
}

#[test]
fn a_token_never_becomes_a_user_in_the_settings() {
    let url = "https://dyn.example.org?token=<username>&zone=<domain>&ipv4=<ipaddr>";
    let import =
        dyntray_core::import::read(&form(url, "home.example.org", "aBcDeF0123456789", "none"), "f.txt");
    assert_eq!(import.found.len(), 1);
    assert!(!format!("{import:?}").contains("aBcDeF0123456789"), "{import:?}");
}

#[test]
fn what_cant_be_sent_or_isnt_known_is_named_with_its_host() {
    for (url, host, secret, expected) in [
        (
            "https://dyn.example.org/u?a=<b64><username>:<pass></b64>&h=<domain>&ip=<ipaddr>",
            "home.example.org",
            "x1",
            "left out 1 home.example.org (): Base64",
        ),
        (
            "https://dyn.example.org/u/aBcDeF0123456789?h=<domain>&ip=<ipaddr>",
            "home.example.org",
            "x1",
            "left out 1 home.example.org (): OtherProtocol",
        ),
        (
            "update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>",
            "home.spdns.de",
            "",
            "left out 1 home.spdns.de: NoSecret",
        ),
        (
            "update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>&pass=<pass>",
            "home.spdns.de",
            "",
            "left out 1 home.spdns.de: Placeholder",
        ),
        (
            "update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>",
            "myhome",
            "abcd-efgh-ijkl",
            "left out 1 myhome: NotAHostname",
        ),
        (
            "update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>",
            "",
            "abcd-efgh-ijkl",
            "left out 1 : NoHostname",
        ),
        (
            "update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>",
            "abcd-efgh-ijkl",
            "home.spdns.de",
            "left out 1 : NotAHostname",
        ),
    ] {
        assert_eq!(of(&form(url, host, "", secret)), [expected], "{url}");
    }
}

#[test]
fn a_form_is_read_as_browsers_copy_it() {
    let expected = ["home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: both web"];
    for text in [
        "Update-URL\nupdate.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>,<ip6addr>\nDomainname\nhome.spdns.de\n\
         Benutzername\nhome.spdns.de\nKennwort\nabcd-efgh-ijkl\n",
        "Update-URL:\nupdate.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>,<ip6addr>\nDomainname:\nhome.spdns.de\n\
         Benutzername:\nKennwort:\nabcd-efgh-ijkl\n",
        "Update URL\tupdate.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>,<ip6addr>\r\nDomain name\thome.spdns.de\r\n\
         Username\thome.spdns.de\r\nPassword\tabcd-efgh-ijkl\r\n",
        "update.spdyn.de/nic/update?hostname=&lt;domain&gt;&amp;myip=&lt;ipaddr&gt;,&lt;ip6addr&gt;\nDomain: home.spdns.de\n\
         Token: abcd-efgh-ijkl\n",
    ] {
        assert_eq!(of(text), expected, "{text}");
    }
}

#[test]
fn each_paragraph_has_its_own_values() {
    let text = format!(
        "{}\n{}",
        form(
            "update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>",
            "home.spdns.de",
            "home.spdns.de",
            "abcd-efgh-ijkl"
        ),
        form(
            "update.spdyn.de/nic/update?hostname=<domain>&myip=<ip6addr>",
            "nas.spdns.de",
            "nas.spdns.de",
            "mnop-qrst-uvwx"
        ),
    );
    assert_eq!(
        of(&text),
        [
            "home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: IPv4 web",
            "nas.spdns.de /mnop-qrst-uvwx at update.spdyn.de: IPv6 web",
        ]
    );
}

#[test]
fn openwrts_placeholders_are_resolved_too() {
    let text = "Update-URL: http://[USERNAME]:[PASSWORD]@dyn.example.org/nic/update?hostname=[DOMAIN]&myip=[IP]\n\
                Hostname: home.example.org\nUsername: anna\nPassword: s3cret12\n";
    assert_eq!(of(text), ["home.example.org anna/s3cret12 at dyn.example.org: both web"]);
    let text = "dyn.example.org/u?h=[DOMAIN]&a=[IP]&k=[PASSWORD]&x=[PARAMOPT]\nHostname: home.example.org\nPassword: s3cret12\n";
    assert_eq!(
        of(text),
        ["home.example.org /s3cret12 at https://dyn.example.org/u?h={host}&a={ip}&k={password}&x=: both web"]
    );
}

#[test]
fn what_openwrt_shows_of_its_file_is_read_too() {
    let text = "ddns.global=ddns\nddns.global.use_curl='1'\nddns.home=service\nddns.home.enabled='1'\n\
                ddns.home.service_name='spdns.de'\nddns.home.lookup_host='home.spdns.de'\n\
                ddns.home.domain='home.spdns.de'\nddns.home.username='home.spdns.de'\n\
                ddns.home.password='abcd-efgh-ijkl'\n";
    assert_eq!(of(text), ["home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: IPv4 web"]);
}

#[test]
fn what_is_switched_off_in_openwrts_file_stays_so() {
    let text = "config service 'myddns_ipv4'\n\toption enabled '0'\n\toption service_name 'dyn.com'\n\
                \toption lookup_host 'yourhost.example.com'\n\toption domain 'yourhost.example.com'\n\
                \toption username 'your_username'\n\toption password 'your_password'\n";
    assert_eq!(of(text), ["left out 1 yourhost.example.com: SwitchedOff"]);
}

#[test]
fn openwrts_file_is_read_section_by_section() {
    let section = |name: &str, options: &[(&str, &str)]| {
        let options: Vec<String> =
            options.iter().map(|(name, value)| format!("\toption {name} '{value}'")).collect();
        let options = options.join("\n");
        format!("config service '{name}'\n\toption enabled '1'\n{options}\n\n")
    };
    let spdyn = [
        ("service_name", "spdyn.de"),
        ("lookup_host", "home.spdns.de"),
        ("domain", "home.spdns.de"),
        ("username", "home.spdns.de"),
        ("password", "abcd-efgh-ijkl"),
    ];
    let global = "config ddns 'global'\n\toption ddns_dateformat '%F %R'\n\toption use_curl '1'\n\n";
    for (sections, expected) in [
        (section("one", &spdyn), &["home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: IPv4 web"][..]),
        (
            section("four", &spdyn) + &section("six", &[&spdyn[..], &[("use_ipv6", "1")]].concat()),
            &["home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: both web"],
        ),
        (
            section(
                "six",
                &[&spdyn[..], &[("use_ipv6", "1"), ("ip_source", "interface"), ("ip_interface", "eth0")]]
                    .concat(),
            ),
            &[
                "home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: IPv6 interface",
                "remark 5 home.spdns.de: Interface",
            ],
        ),
        (
            section(
                "own",
                &[
                    (
                        "update_url",
                        "http://[USERNAME]:[PASSWORD]@update.spdns.de/nic/update?hostname=[DOMAIN]&myip=[IP]",
                    ),
                    ("domain", "home.spdns.de"),
                    ("username", "home.spdns.de"),
                    ("password", "abcd-efgh-ijkl"),
                ],
            ),
            &[
                "home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: IPv4 web",
                "remark 5 home.spdns.de: ServerMoved",
            ],
        ),
        (
            section(
                "own",
                &[
                    ("update_url", "https://dyn.example.org/u?h=[DOMAIN]&k=[PASSWORD]&z=[PARAMOPT]&ip=[IP]"),
                    ("domain", "home.example.org"),
                    ("password", "s3cret12"),
                    ("use_ipv6", "1"),
                ],
            ),
            &[
                "home.example.org /s3cret12 at https://dyn.example.org/u?h={host}&k={password}&z=&ip={ip6}: IPv6 web",
            ],
        ),
        (
            section("duck", &[("service_name", "duckdns.org"), ("domain", "home"), ("password", "s3cret12")]),
            &["home.duckdns.org /s3cret12 at duckdns: IPv4 web"],
        ),
        (
            section(
                "cf",
                &[
                    ("service_name", "cloudflare.com-v4"),
                    ("domain", "home@example.org"),
                    ("lookup_host", "home.example.org"),
                    ("password", "s3cret12"),
                ],
            ),
            &["left out 5 home.example.org (cloudflare.com-v4): OtherProtocol"],
        ),
    ] {
        assert_eq!(told(&format!("{global}{sections}"), "ddns"), expected, "{sections}");
    }
}

#[test]
fn namecheaps_label_and_domain_are_one_name() {
    let section = |label: &str, domain: &str, service: &str| {
        format!(
            "config service 'n'\n\toption enabled '1'\n\toption {service}\n\toption username '{label}'\n\
             \toption domain '{domain}'\n\toption password 's3cret12'\n"
        )
    };
    let url = "update_url 'http://dynamicdns.park-your-domain.com/update?host=[USERNAME]&domain=[DOMAIN]&password=[PASSWORD]&ip=[IP]'";
    for (label, domain, expected) in [
        ("www", "example.org", "www.example.org /s3cret12 at namecheap: IPv4 web"),
        ("@", "example.org", "example.org /s3cret12 at namecheap: IPv4 web"),
        ("", "example.org", "example.org /s3cret12 at namecheap: IPv4 web"),
        ("*", "example.org", "left out 1 *.example.org: Wildcard"),
        ("@", "example.co.uk", "left out 1 example.co.uk (): OtherProtocol"),
        ("a.b", "example.org", "left out 1 a.b.example.org (): OtherProtocol"),
    ] {
        for service in ["service_name 'namecheap.com'", url] {
            // In a URL, a placeholder without a value stays.
            if label.is_empty() && service == url {
                continue;
            }
            assert_eq!(
                told(&section(label, domain, service), "ddns"),
                [expected],
                "{label} {domain} {service}"
            );
        }
    }
    for (query, expected) in [
        ("host=@&domain=<domain>", "example.org /s3cret12 at namecheap: IPv4 web"),
        ("domain=<domain>&host=www", "www.example.org /s3cret12 at namecheap: IPv4 web"),
        ("host=<username>&domain=<domain>", "nas.example.org /s3cret12 at namecheap: IPv4 web"),
    ] {
        let url =
            format!("https://dynamicdns.park-your-domain.com/update?{query}&password=<pass>&ip=<ipaddr>");
        assert_eq!(of(&form(&url, "example.org", "nas", "s3cret12")), [expected], "{query}");
    }
}
