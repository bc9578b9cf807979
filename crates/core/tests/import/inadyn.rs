//! `inadyn.conf`, as people have it. What inadyn makes of each was tried with inadyn 2.10 or read in its manual.

use super::told;

fn of(text: &str) -> Vec<String> {
    told(text, "inadyn.conf")
}

#[test]
fn any_part_of_a_services_name_is_enough() {
    for name in ["spdyn", "default@spdyn.de", "SPDYN.de", "@spdyn", "spdyn.de:2", "\"default@spdyn.de\""] {
        let text = format!(
            "period = 300\nprovider {name} {{\n username = home.spdns.eu\n password = abcd-efgh-ijkl\n hostname = home.spdns.eu\n}}\n"
        );
        assert_eq!(of(&text), ["home.spdns.eu /abcd-efgh-ijkl at update.spdyn.de: IPv4 web"], "{name}");
    }
    let text =
        "provider freedns {\n username = anna\n password = s3cret12\n hostname = some.example.org\n}\n";
    assert_eq!(of(text), ["some.example.org anna/s3cret12 at freedns: IPv4 web"]);
}

#[test]
fn the_settings_of_a_block_are_its_own() {
    let text = "allow-ipv6 = true\nprovider default@spdyn.de:1 {\n username = home.spdns.de\n password = abcd-efgh-ijkl\n\
                hostname = home.spdns.de\n}\nprovider default@spdyn.de:2 {\n iface = enp3s0\n username = nas.spdns.de\n\
                password = mnop-qrst-uvwx\n hostname = nas.spdns.de\n}\n";
    assert_eq!(
        of(text),
        [
            "home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: both web",
            "nas.spdns.de /mnop-qrst-uvwx at update.spdyn.de: both interface",
            "remark 11 nas.spdns.de: Interface",
        ]
    );
    // Those of the file may follow its blocks.
    let text = "provider spdyn {\n password = abcd-efgh-ijkl\n hostname = home.spdns.de\n}\niface = eth0\nallow-ipv6 = on\n";
    assert_eq!(
        of(text),
        [
            "home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: both interface",
            "remark 3 home.spdns.de: Interface"
        ]
    );
    let text = "provider spdyn {\n checkip-command = \"/sbin/ifconfig eth0\"\n password = abcd-efgh-ijkl\n hostname = home.spdns.de\n}\n";
    assert_eq!(
        of(text),
        ["home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: IPv4 web", "remark 4 home.spdns.de: OtherSource"]
    );
}

#[test]
fn another_web_page_and_a_wildcard_are_named() {
    for (shared, own, remark) in [
        ("checkip-server = ip.example.org\n", "", Some("OtherWebPage")),
        ("", " checkip-server = \"ip.example.org\"\n", Some("OtherWebPage")),
        ("", " checkip-server = checkip4.spdyn.de\n", None),
        ("", " wildcard = true\n", Some("Wildcard")),
        ("", " wildcard = false\n", None),
    ] {
        let text = format!(
            "{shared}provider spdyn {{\n{own} hostname = home.spdns.de\n password = abcd-efgh-ijkl\n}}\n"
        );
        let line = 1 + text.lines().position(|line| line.contains("hostname")).expect("there");
        let mut expected = vec!["home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: IPv4 web".to_owned()];
        expected.extend(remark.map(|remark| format!("remark {line} home.spdns.de: {remark}")));
        assert_eq!(of(&text), expected, "{text}");
    }
}

#[test]
fn true_has_three_words_in_any_case() {
    for (word, family) in [
        ("true", "both"),
        ("yes", "both"),
        ("on", "both"),
        ("Yes", "both"),
        ("ON", "both"),
        ("\"true\"", "both"),
        ("false", "IPv4"),
        ("no", "IPv4"),
        ("off", "IPv4"),
        ("1", "IPv4"),
    ] {
        let text = format!(
            "allow-ipv6 = {word}\nprovider spdyn {{ hostname = home.spdns.de password = abcd-efgh-ijkl }}\n"
        );
        assert_eq!(
            of(&text),
            [format!("home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: {family} web")],
            "{word}"
        );
    }
}

#[test]
fn escapes_are_read_and_variables_are_placeholders() {
    for (written, secret) in [
        ("\"p}w\\\"x\"", "p}w\"x"),
        ("\"a\\x41\\102\\$\"", "aAB$"),
        ("'it\\'s'", "it's"),
        ("'a\\d'", "a\\d"),
        ("'a${HOME}'", "a${HOME}"),
        ("a/b:c;d", "a/b:c;d"),
        ("\"a#b//c\"", "a#b//c"),
        ("\"two\\\nlines\"", "twolines"),
    ] {
        let text = format!(
            "custom x {{ ddns-server = dyn.example.org username = anna hostname = a.example.org password = {written} }}\n"
        );
        assert_eq!(
            of(&text),
            [format!("a.example.org anna/{secret} at dyn.example.org: IPv4 web")],
            "{written}"
        );
    }
    for written in ["${PASSWORD}", "\"${PASSWORD}\"", "\"a${PASSWORD:-b}c\"", "a${PASSWORD}"] {
        let text = format!("provider spdyn {{ hostname = home.spdns.de password = {written} }}\n");
        assert_eq!(of(&text), ["left out 1 home.spdns.de: Placeholder"], "{written}");
    }
    let text = "provider spdyn { hostname = ${HOST} password = abcd-efgh-ijkl }\n";
    assert_eq!(of(text), ["left out 1 : NoHostname"]);
}

#[test]
fn lists_are_read_however_they_are_written() {
    let entry = |host: &str| format!("{host} /abcd-efgh-ijkl at update.spdyn.de: IPv4 web");
    for list in [
        "hostname = { \"a.spdns.de\", b.spdns.de }",
        "hostname = {a.spdns.de,b.spdns.de,}",
        "hostname = {\n a.spdns.de, # one\n b.spdns.de // two\n}",
        "hostname = a.spdns.de\nhostname += b.spdns.de",
        "hostname += { a.spdns.de }\nhostname += { b.spdns.de }",
        "hostname = c.spdns.de\nhostname = { a.spdns.de, b.spdns.de }",
        "alias = { a.spdns.de, b.spdns.de }",
        "hostname = a.spdns.de, b.spdns.de",
        "hostname = \"a.spdns.de b.spdns.de\"",
    ] {
        let text = format!("provider spdyn {{\n{list}\npassword = abcd-efgh-ijkl\n}}\n");
        assert_eq!(of(&text), [entry("a.spdns.de"), entry("b.spdns.de")], "{list}");
    }
}

#[test]
fn a_custom_block_keeps_its_path_and_ipv6_only_where_the_file_allows_it() {
    let block = |first: &str, server: &str, path: &str| {
        format!(
            "{first}custom mine {{\n ssl = true\n username = anna\n password = s3cret12\n ddns-server = {server}\n\
             ddns-path = \"{path}\"\n hostname = home.example.org\n}}\n"
        )
    };
    for (first, path, url, family) in [
        ("", "/nic/update?hostname=%h&myip=%i", "dyn.example.org", "IPv4"),
        ("allow-ipv6 = true\n", "/nic/update?hostname=%h&myip=%i", "dyn.example.org", "both"),
        ("", "/nic/update?hostname=", "dyn.example.org", "IPv4"),
        (
            "",
            "/update?user=%u&password=%p&domain=%h&myip=%i",
            "https://dyn.example.org/update?user={user}&password={password}&domain={host}&myip={ip4}",
            "IPv4",
        ),
        (
            "allow-ipv6 = yes\n",
            "/update?domain=%h&ip=%i",
            "https://dyn.example.org/update?domain={host}&ip={ip}",
            "both",
        ),
        (
            "",
            "/update?domain=home.example.org&ip=%i",
            "https://dyn.example.org/update?domain={host}&ip={ip4}",
            "IPv4",
        ),
    ] {
        let expected = format!("home.example.org anna/s3cret12 at {url}: {family} web");
        assert_eq!(of(&block(first, "dyn.example.org", path)), [expected], "{path}");
    }
    let appended =
        block("", "dyn.example.org", "/u/home.example.org/").replace("ssl = true", "append-myip = true");
    assert_eq!(
        of(&appended),
        ["home.example.org anna/s3cret12 at https://dyn.example.org/u/{host}/{ip4}: IPv4 web"]
    );
    for path in ["/update?domain=%h", "/update?k=aBcDeF0123456789&domain=%h&ip=%i", "/update?%x"] {
        assert_eq!(of(&block("", "dyn.example.org", path)).len(), 1);
        assert!(
            of(&block("", "dyn.example.org", path))[0].ends_with("home.example.org (): OtherProtocol"),
            "{path}"
        );
    }
    let old =
        block("", "update.spdns.de", "/nic/update?hostname=%h&myip=%i").replace("example.org", "spdns.de");
    assert_eq!(
        of(&old),
        ["home.spdns.de anna/s3cret12 at update.spdyn.de: IPv4 web", "remark 7 home.spdns.de: ServerMoved"]
    );
}

#[test]
fn the_samples_that_inadyn_comes_with_are_read() {
    for (text, expected) in [
        (
            "period = 1800\nprovider duckdns.org {\n username = s3cret12\n password = noPasswordForDuckdns\n\
             hostname = home.duckdns.org\n}\n",
            &["home.duckdns.org /s3cret12 at duckdns: IPv4 web"][..],
        ),
        (
            "provider duckdns {\n username = 11111111-2222-4333-8444-555555555555\n password = x\n hostname = home\n}\n",
            &["home.duckdns.org /11111111-2222-4333-8444-555555555555 at duckdns: IPv4 web"],
        ),
        (
            "custom namecheap {\n username = example.org\n password = mypass\n ssl = true\n\
             ddns-server = dynamicdns.park-your-domain.com\n ddns-path = \"/update?domain=%u&password=%p&host=%h\"\n\
             hostname = { \"@\", \"www\", \"test\", \"*\" }\n}\n",
            &[
                "example.org /mypass at namecheap: IPv4 web",
                "www.example.org /mypass at namecheap: IPv4 web",
                "test.example.org /mypass at namecheap: IPv4 web",
                "left out 7 *.example.org: Wildcard",
            ],
        ),
        (
            "provider cloudflare.com:1 {\n username = zone.name\n password = api_token # Create one\n\
             hostname = hostname.zone.name\n ttl = 1 # optional\n proxied = false\n}\n",
            &["left out 1 hostname.zone.name (default@cloudflare.com): OtherProtocol"],
        ),
        (
            "provider default@dyndns.org {\n ssl = true\n username = user\n password = secret\n hostname = example.dyndns.org\n}\n",
            &["example.dyndns.org user/secret at dyn: IPv4 web"],
        ),
        (
            "provider default@dynv6.com {\n username = tok\n password = n/a\n hostname = { home.dynv6.net }\n include(\"~/.pw\")\n}\n",
            &["home.dynv6.net /tok at dynv6: IPv4 web", "left out 5 : OtherFile"],
        ),
        (
            "# provider spdyn {\nprovider spdyn {\n username = <username>\n password = <password>\n hostname = <hostname>\n}\n",
            &["left out 5 : NoHostname"],
        ),
    ] {
        assert_eq!(of(text), expected, "{text}");
    }
}
