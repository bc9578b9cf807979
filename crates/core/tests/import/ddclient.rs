//! `ddclient.conf`, as people have it. What ddclient makes of each was tried with ddclient 3.10 or read in its manual.

use super::told;

const AT: &str = "protocol=dyndns2, server=dyn.example.org";

fn of(text: &str) -> Vec<String> {
    told(text, "ddclient.conf")
}

#[test]
fn a_password_without_quotation_marks_goes_on_to_white_space_and_one_with_them_to_the_last() {
    for (line, secret) in [
        ("password=Qx7,zz.top9 home.example.org", "Qx7,zz.top9"),
        ("password=a#b home.example.org", "a#b"),
        ("password='a#b' home.example.org#the house", "a#b"),
        ("password='two words.here' home.example.org", "two words.here"),
        ("password='it's.mine' home.example.org", "it's.mine"),
        ("password=\"a 'b' c\" home.example.org # \"mine\"", "a 'b' c"),
        ("password=a\\b=c;d$e home.example.org", "a\\b=c;d$e"),
        ("password = s3cret12 home.example.org", "s3cret12"),
        ("password=http://x.example/y home.example.org", "http://x.example/y"),
    ] {
        let text = format!("{AT}\nlogin=anna\n{line}\n");
        let expected = format!("home.example.org anna/{secret} at dyn.example.org: both web");
        assert_eq!(of(&text), [expected], "{line}");
    }
    // ddclient takes a comma at the end for a part of it, which not everybody means.
    let text = format!("{AT}\nlogin=anna, password=s3cret, \\\nhome.example.org\n");
    assert_eq!(
        of(&text),
        [
            "home.example.org anna/s3cret, at dyn.example.org: both web",
            "remark 2 home.example.org: EndsWithComma"
        ]
    );
}

#[test]
fn no_piece_of_a_password_is_taken_for_a_host_name_or_repeated() {
    for (text, expected) in [
        ("password=correct horse.battery home.example.org", "left out 3 : Unclear"),
        ("password=correct horse staple", "left out 3 : Unclear"),
        ("password=correct horse", "left out 3 : NotAHostname"),
        ("password=\nhorse", "left out 4 : NotAHostname"),
        ("password= \\\nhorse", "left out 3 : NotAHostname"),
        ("password='open horse.battery home.example.org", "left out 3 : Unclear"),
    ] {
        let text = format!("{AT}\nlogin=anna\n{text}\n");
        assert_eq!(of(&text), [expected], "{text}");
        let import = format!("{:?}", dyntray_core::import::read(&text, "ddclient.conf"));
        assert!(["horse", "correct", "battery"].iter().all(|piece| !import.contains(piece)), "{import}");
    }
    // Where the password is known, a wrong host name is named.
    let text = format!("{AT}\nlogin=anna\npassword=s3cret12\nmyhome\n*.example.org\n");
    assert_eq!(of(&text), ["left out 4 myhome: NotAHostname", "left out 5 *.example.org: Wildcard"]);
}

#[test]
fn login_and_password_may_follow_the_host_names() {
    let entry = |host: &str| format!("{host} anna/s3cret.word at dyn.example.org: both web");
    for (line, hosts) in [
        ("home.example.org anna s3cret.word", &["home.example.org"][..]),
        ("a.example.org,b.example.org anna s3cret.word", &["a.example.org", "b.example.org"]),
        ("a.example.org , b.example.org anna s3cret.word # both", &["a.example.org", "b.example.org"]),
        ("login=nobody, password=none \\\nhome.example.org anna s3cret.word", &["home.example.org"]),
        ("host=home.example.org, login=anna, password=s3cret.word", &["home.example.org"]),
        (
            "host=a.example.org,b.example.org login=anna password=s3cret.word",
            &["b.example.org", "a.example.org"],
        ),
        (
            "host='a.example.org,b.example.org' login=anna password=s3cret.word",
            &["a.example.org", "b.example.org"],
        ),
        ("home.example.org login=anna, password=s3cret.word", &["home.example.org"]),
    ] {
        let expected: Vec<String> = hosts.iter().map(|host| entry(host)).collect();
        assert_eq!(of(&format!("{AT}\n{line}\n")), expected, "{line}");
    }
    let text = format!("{AT}\nhome.example.org anna Qx7,zz.top9\n");
    assert_eq!(of(&text), ["home.example.org anna/Qx7,zz.top9 at dyn.example.org: both web"]);
    // A second word is the login, whatever it looks like.
    let text = format!("{AT}, password='x1' a.example.org b.example.org\n");
    assert_eq!(of(&text), ["a.example.org b.example.org/x1 at dyn.example.org: both web"]);
}

#[test]
fn a_comment_begins_anywhere_but_between_quotation_marks() {
    let text = "protocol=dyndns2#usual\nserver=dyn.example.org#mine\nlogin='an#na' # who\npassword='a#b'\n\
                home.example.org#the house\n#password=old\n  # b.example.org\n";
    assert_eq!(of(text), ["home.example.org an#na/a#b at dyn.example.org: both web"]);
}

#[test]
fn settings_apply_from_their_line_on_or_to_the_hosts_of_their_line() {
    let text = "protocol=dyndns2\nserver=one.example.org\nlogin=anna\npassword=first\na.example.org\n\
                server=two.example.org, login=bert, password=second \\\n  b.example.org\nc.example.org\n\
                password=third\nd.example.org\n";
    assert_eq!(
        of(text),
        [
            "a.example.org anna/first at one.example.org: both web",
            "b.example.org bert/second at two.example.org: both web",
            "c.example.org anna/first at one.example.org: both web",
            "d.example.org anna/third at one.example.org: both web",
        ]
    );
    // Where the address comes from is said once for all, wherever it stands.
    let text =
        "protocol=dyndns2, server=dyn.example.org, login=anna\npassword=x\na.example.org\nusev6=webv6\n";
    assert_eq!(of(text), ["a.example.org anna/x at dyn.example.org: IPv6 web"]);
}

#[test]
fn of_several_definitions_of_a_host_the_last_one_counts() {
    let text = format!(
        "{AT}\nlogin=anna\npassword=first\nuse=web\na.example.org, b.example.org\npassword=second,x\nA.example.org\n"
    );
    assert_eq!(
        of(&text),
        [
            "b.example.org anna/first at dyn.example.org: IPv4 web",
            "a.example.org anna/second,x at dyn.example.org: IPv4 web",
            "left out 5 a.example.org: Again",
        ]
    );
    // Each for a family of its own, both count.
    let text =
        format!("{AT}, login=anna, password='x1'\nusev4=webv4 a.example.org\nusev6=webv6 a.example.org\n");
    assert_eq!(
        of(&text),
        [
            "a.example.org anna/x1 at dyn.example.org: IPv4 web",
            "a.example.org anna/x1 at dyn.example.org: IPv6 web",
        ]
    );
}

#[test]
fn a_path_of_its_own_is_kept() {
    let entry = |url: &str, rest: &str| format!("home.example.org anna/s3cret12 at {url}: {rest}");
    for (settings, url, rest) in [
        (
            "use=web, web=ipify-ipv4\nscript=/own/update.php\nserver=dyn.example.org",
            "https://dyn.example.org/own/update.php?hostname={host}&myip={ip4}",
            "IPv4 web",
        ),
        (
            "usev6=webv6\nscript=/own/update.php\nserver=dyn.example.org",
            "https://dyn.example.org/own/update.php?hostname={host}&myip={ip6}",
            "IPv6 web",
        ),
        (
            "usev4=webv4, usev6=webv6\nscript='/own/update.php?v=2'\nserver=http://dyn.example.org:8080",
            "https://dyn.example.org:8080/own/update.php?v=2&hostname={host}&myip={ips}",
            "both web",
        ),
        ("script=/nic/update\nserver=dyn.example.org", "dyn.example.org", "both web"),
        ("server=dyn.example.org/nic/update", "dyn.example.org", "both web"),
        (
            "use=web\nserver=dyn.example.org/own",
            "https://dyn.example.org/own/nic/update?hostname={host}&myip={ip4}",
            "IPv4 web",
        ),
    ] {
        let text = format!(
            "ssl=yes\nprotocol=dyndns2\n{settings}\nlogin=anna\npassword=s3cret12\nhome.example.org\n"
        );
        assert_eq!(of(&text), [entry(url, rest)], "{settings}");
    }
    // A path with a secret in it would be in the settings.
    let text = "protocol=dyndns2\nscript=/k/aBcDeF0123456789\nserver=dyn.example.org\nlogin=a\npassword=x1\nhome.example.org\n";
    assert_eq!(of(text), ["left out 6 home.example.org (): OtherProtocol"]);
}

#[test]
fn a_path_at_a_known_service_is_that_services_own() {
    let text = "use=web\nprotocol=dyndns2\nserver=dns.loopia.se\nscript=/XDynDNSServer/XDynDNS.php\n\
                login=anna\npassword=s3cret12\nhome.example.org\n";
    assert_eq!(of(text), ["home.example.org anna/s3cret12 at loopia: IPv4 web"]);
}

#[test]
fn a_label_becomes_a_full_name_where_the_service_or_the_file_says_which() {
    for (text, expected) in [
        (
            "use=web, web=ipify-ipv4\nprotocol=duckdns, \\\n\
             password=11111111-2222-4333-8444-555555555555 \\\nmyhome\n",
            "myhome.duckdns.org /11111111-2222-4333-8444-555555555555 at duckdns: IPv4 web",
        ),
        (
            "protocol=duckdns, password=s3cret12 \\\nhost=myhome\n",
            "myhome.duckdns.org /s3cret12 at duckdns: both web",
        ),
        (
            "protocol=namecheap, \\\nserver=dynamicdns.park-your-domain.com, \\\nlogin=example.org, \\\n\
             password=s3cret12 \\\nwww\n",
            "www.example.org /s3cret12 at namecheap: IPv4 web",
        ),
        (
            "protocol=namecheap\nlogin=example.org\npassword=s3cret12\nwww.example.org\n",
            "www.example.org /s3cret12 at namecheap: IPv4 web",
        ),
        (
            "protocol=namecheap\nlogin=example.org\npassword=s3cret12\n@\n",
            "example.org /s3cret12 at namecheap: IPv4 web",
        ),
        (
            "protocol=namecheap\nlogin=example.org\npassword=s3cret12\nexample.org\n",
            "example.org /s3cret12 at namecheap: IPv4 web",
        ),
        (
            "protocol=namecheap\nlogin=example.org\npassword=s3cret12\n*\n",
            "left out 4 *.example.org: Wildcard",
        ),
        // Which part of such a name is the registry's, nobody knows without a list.
        (
            "protocol=namecheap\nlogin=example.co.uk\npassword=s3cret12\n@\n",
            "left out 4 example.co.uk (): OtherProtocol",
        ),
        (
            "protocol=namecheap\nlogin=example.co.uk\npassword=s3cret12\nwww\n",
            "www.example.co.uk /s3cret12 at namecheap: IPv4 web",
        ),
        (
            "protocol=namecheap\nlogin=example.org\npassword=s3cret12\na.b.example.org\n",
            "left out 4 a.b.example.org (): OtherProtocol",
        ),
        (
            "protocol=dyndns2\nserver=dyn.example.org\nlogin=home.example.org\npassword=x1\nhome\n",
            "home.example.org /x1 at dyn.example.org: both web",
        ),
        (
            "protocol=dyndns2\nserver=dyn.example.org\nzone=example.org\nlogin=a\npassword=x1\nhome\n",
            "home.example.org a/x1 at dyn.example.org: both web",
        ),
        (
            "protocol=dyndns2\nserver=dyn.example.org\nzone=example.org\nlogin=a\npassword=x1\n@\n",
            "example.org a/x1 at dyn.example.org: both web",
        ),
    ] {
        assert_eq!(of(text), [expected], "{text}");
    }
}

#[test]
fn the_samples_that_ddclient_comes_with_are_read() {
    for (text, expected) in [
        (
            "protocol=noip,                        \\\nssl=yes,                              \\\n\
             server=dynupdate.no-ip.com,           \\\nlogin=anna,                \\\npassword='s3cret12',          \\\n\
             a.ddns.net, b.ddns.net\n",
            &["a.ddns.net anna/s3cret12 at noip: both web", "b.ddns.net anna/s3cret12 at noip: both web"][..],
        ),
        (
            "protocol=cloudflare,        \\\nzone=example.org,            \\\nttl=1,                      \\\n\
             login=anna@example.org,     \\ # Only needed for a global key.\n\
             password=APIKey             \\ # The key, or a token.\nexample.org,my.example.org\n",
            &[
                "left out 1 example.org (cloudflare): OtherProtocol",
                "left out 1 my.example.org (cloudflare): OtherProtocol",
            ],
        ),
        (
            "protocol = nfsn, \\\nlogin=anna, \\\npassword=api-key, \\\nzone=example.org \\\nexample.org,sub.example.org\n",
            &[
                "left out 1 example.org (nfsn): OtherProtocol",
                "left out 1 sub.example.org (nfsn): OtherProtocol",
            ],
        ),
        ("protocol=freemyip,\npassword=my-token\nmyhost\n", &["left out 3 myhost (freemyip): OtherProtocol"]),
        (
            "use=web, web=http://ipv4.nsupdate.info/myip\nprotocol=dyndns2\nserver=ipv4.nsupdate.info\n\
             login=home.nsupdate.info\npassword='123'\nhome.nsupdate.info\n",
            &[
                "home.nsupdate.info /123 at ipv4.nsupdate.info: IPv4 web",
                "remark 6 home.nsupdate.info: OtherWebPage",
            ],
        ),
        (
            "usev6=if, if=eth0\nprotocol=dyndns2\nserver=ipv6.nsupdate.info\nlogin=home.nsupdate.info\npassword='123'\n\
             home.nsupdate.info\n",
            &[
                "home.nsupdate.info /123 at ipv6.nsupdate.info: IPv6 interface",
                "remark 6 home.nsupdate.info: Interface",
            ],
        ),
        (
            "protocol=cloudns, \\\ndynurl=https://ipv4.cloudns.net/api/dynamicURL/?q=Njc1OTE2OjY3, \\\nmyhost.example.org\n",
            &["left out 1 myhost.example.org (cloudns): OtherProtocol"],
        ),
        (
            "protocol=keysystems, server=dynamicdns.key-systems.net, password=s3cret12, \\\nhome.example.org\n",
            &[
                "home.example.org /s3cret12, at domaindiscount24: IPv4 web",
                "remark 1 home.example.org: EndsWithComma",
            ],
        ),
        (
            "protocol=regfishde,\npassword=s3cret12\nhome.example.org\n",
            &["home.example.org /s3cret12 at regfish: both web"],
        ),
        (
            "protocol=infomaniak,\nlogin=anna,\npassword=s3cret12\nexample.org\n",
            &["example.org anna/s3cret12 at infomaniak: both web"],
        ),
    ] {
        assert_eq!(of(text), expected, "{text}");
    }
}

#[test]
fn every_way_to_an_address_is_taken_over_or_named() {
    for (settings, rest) in [
        ("use=web, web=checkip4.spdns.de", &["IPv4 web"][..]),
        ("use=web, web=checkip6.spdns.de", &["IPv6 web"]),
        ("use=web, web=checkip.dyndns.org/, web-skip='IP Address'", &["IPv4 web", "OtherWebPage"]),
        ("use=web, web=myonlineportal", &["IPv4 web", "OtherWebPage"]),
        ("use=web, web=ipify-ipv4", &["IPv4 web"]),
        ("usev6=webv6, webv6='https://ip6.example.org/'", &["IPv6 web", "OtherWebPage"]),
        ("use=web, wildcard=yes", &["IPv4 web", "Wildcard"]),
        ("use=if, if=eth0", &["IPv4 interface", "Interface"]),
        ("usev4=ifv4, ifv4=eth0, usev6=ifv6, ifv6=eth0", &["both interface", "Interface"]),
        ("usev4=webv4, usev6=ifv6, ifv6=eth0", &["both web", "OneSource"]),
        ("usev4=disabled, usev6=ifv6, ifv6=eth0", &["IPv6 interface", "Interface"]),
        ("use=ip, ip=84.160.12.7", &["IPv4 84.160.12.7 84.160.12.7"]),
        ("use=ip, ip=192.168.178.2", &["IPv4 web", "OtherSource"]),
        ("use=cmd, cmd='/usr/bin/my-ip --four'", &["IPv4 web", "OtherSource"]),
        ("use=fw, fw=192.168.178.1/status.htm, fw-skip='IP Address'", &["IPv4 web"]),
    ] {
        let text = format!("{settings}\n{AT}\nlogin=anna, password=x1\nhome.example.org\n");
        let mut expected = vec![format!("home.example.org anna/x1 at dyn.example.org: {}", rest[0])];
        expected.extend(rest[1..].iter().map(|remark| format!("remark 4 home.example.org: {remark}")));
        assert_eq!(of(&text), expected, "{settings}");
    }
}

#[test]
fn spdyns_server_of_old_is_its_server_of_today() {
    let text = "daemon=300\nuse=web, web=checkip4.spdns.de\nprotocol=dyndns2\nssl=yes\nserver=update.spdns.de\n\
                login=home.spdns.de\npassword=abcd-efgh-ijkl\nhome.spdns.de\n";
    let expected = |server: &str| {
        [
            format!("home.spdns.de /abcd-efgh-ijkl at {server}: IPv4 web"),
            "remark 8 home.spdns.de: ServerMoved".to_owned(),
        ]
    };
    assert_eq!(of(text), expected("update.spdyn.de"));
    for server in [
        "https://update.spdns.de",
        "http://update.spdns.de:80",
        "Update.SPDNS.de.",
        "update.spdns.de/nic/update",
    ] {
        let text = text.replace("update.spdns.de", server);
        assert_eq!(of(&text), expected("update.spdyn.de"), "{server}");
    }
}
