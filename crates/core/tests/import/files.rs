//! Files of other programs, in their usual and unusual forms.

use dyntray_core::import::{
    ImportSource, LARGEST_FILE, LeftOutWhy, MOST_ENTRIES, MOST_LEFT_OUT, decode, preview, read,
};
use dyntray_core::settings::LoginKind;
use dyntray_core::settings::Records;
use dyntray_core::settings::form::Form;
use secrecy::ExposeSecret as _;

use super::{OTHER, TOKEN, found, left_out, whole};

const SPDYN: &str = "update.spdyn.de";

fn two() -> Vec<[String; 4]> {
    [("home.spdns.de", TOKEN), ("office.spdns.de", OTHER)]
        .map(|(host, token)| [host, "", SPDYN, token].map(str::to_owned))
        .to_vec()
}

#[test]
fn spdyns_own_export_is_read() {
    let text = format!("hostname;token\r\nhome.spdns.de;{TOKEN}\r\noffice.spdns.de;{OTHER}\r\n");
    assert_eq!(whole(&text, "spdyn_update_token.csv"), two());
    assert_eq!(read(&text, "").source, ImportSource::Table);
}

#[test]
fn a_table_is_read_however_it_is_written() {
    for text in [
        format!("home.spdns.de,{TOKEN}\noffice.spdns.de,{OTHER}"),
        format!("\u{feff}Token\tHostname\n{TOKEN}\thome.spdns.de\n{OTHER}\toffice.spdns.de\n"),
        format!(
            "\"Hostname\",\"Update Token\"\n\"home.spdns.de\",\"{TOKEN}\"\n\"office.spdns.de\",\"{OTHER}\"\n"
        ),
        format!("{TOKEN};home.spdns.de\r\n{OTHER};office.spdns.de\r\n"),
        format!("sep=;\nRechner;Geheimes\nhome.spdns.de;{TOKEN}\nOFFICE.spdns.de.; {OTHER} \n"),
        format!(
            "Nr;Hostname;Bemerkung;Token\n1;home.spdns.de;\"ab;\"\"c\"\"\";{TOKEN}\n2;office.spdns.de;;{OTHER}\n"
        ),
        format!("# mine\n\n home.spdns.de ; \"{TOKEN}\"\n;;\noffice.spdns.de;{OTHER}\n"),
    ] {
        assert_eq!(whole(&text, "x.csv"), two(), "{text}");
    }
}

#[test]
fn a_table_from_windows_is_text_too() {
    let mut bytes = b"Hostname;Token;B\xfcro\r\n".to_vec();
    bytes.extend(format!("home.spdns.de;{TOKEN};x\r\n").bytes());
    assert_eq!(whole(decode(&bytes).expose_secret(), "x.csv"), two()[..1]);
}

#[test]
fn a_table_may_name_users_and_servers() {
    let text = "host;user;password;server\na.example.org;anna;s3cret;dyn.example.org\n";
    assert_eq!(whole(text, ""), [["a.example.org", "anna", "dyn.example.org", "s3cret"].map(str::to_owned)]);
}

#[test]
fn every_line_that_cant_be_used_is_named_with_its_reason_and_without_its_secret() {
    let text = format!(
        "hostname;token\nhome.spdns.de;{TOKEN}\nhome.spdns.de;{OTHER}\nmoved.spdns.de;1234567-{TOKEN}\n\
         empty.spdns.de;\n;{OTHER}\nhome;{OTHER}\nhalf.spdns.de\nbad.spdns.de;\"a\u{1}b\"\n{TOKEN};home.spdns.de\n"
    );
    let import = read(&text, "x.csv");
    assert_eq!(found(&import), two()[..1]);
    assert_eq!(
        left_out(&import),
        [
            (3, "home.spdns.de", LeftOutWhy::Twice),
            (4, "moved.spdns.de", LeftOutWhy::MoveToken),
            (5, "empty.spdns.de", LeftOutWhy::NoSecret),
            (6, "", LeftOutWhy::NoHostname),
            (7, "", LeftOutWhy::NotAHostname),
            (8, "half.spdns.de", LeftOutWhy::NoSecret),
            (9, "bad.spdns.de", LeftOutWhy::NotASecret),
            (10, "", LeftOutWhy::NotAHostname),
        ]
    );
    assert!(!format!("{import:?}").contains(TOKEN) && !format!("{import:?}").contains(OTHER));
}

#[test]
fn ddclients_settings_hold_for_the_hosts_that_follow() {
    let text = format!(
        "# ddclient.conf\ndaemon=300\nuse=web, web=checkip4.spdyn.de\nprotocol=dyndns2\nserver=update.spdyn.de # SPDYN\n\
         login=home.spdns.de\npassword='{TOKEN}'\nhome.spdns.de\n\nlogin=office.spdns.de, \\\n  password=\"{OTHER}\" \\\n\
         office.spdns.de\nprotocol=cloudflare, zone=example.org, password=x#y example.org\n\
         server=https://dyn.example.org, login=anna, password=p#w a.example.org,b.example.org\n"
    );
    let import = read(&text, "ddclient.conf");
    assert_eq!(found(&import)[..2], two());
    let account = |host: &str| [host, "anna", "dyn.example.org", "p#w"].map(str::to_owned);
    assert_eq!(found(&import)[2..], [account("a.example.org"), account("b.example.org")]);
    assert_eq!(left_out(&import), [(13, "cloudflare", LeftOutWhy::OtherProtocol)]);
    assert!(import.found.iter().all(|found| found.form.protocol == Records::Ipv4 && found.form.webresolver));
}

#[test]
fn ddclient_tells_where_the_address_comes_from_and_what_is_quoted() {
    let login = "protocol=dyndns2, server=dyn.example.org, login=anna";
    for (how, webresolver, protocol) in [
        ("use=if, if=eth0", false, Records::Ipv4),
        ("usev6=ifv6, ifv6=eth0", false, Records::Ipv6),
        ("usev4=webv4, usev6=ifv6", true, Records::Both),
        ("use=no, usev6=webv6", true, Records::Ipv6),
        ("", true, Records::Both),
    ] {
        let import = read(&format!("{how}\n{login}, password=secret home.example.org\n"), "ddclient.conf");
        let form = &import.found[0].form;
        assert_eq!((form.webresolver, form.protocol), (webresolver, protocol), "{how}");
    }
    for (written, secret) in
        [("'it is #1'", "it is #1"), ("\"it's #1\"", "it's #1"), ("\"say 'x' #1\"", "say 'x' #1")]
    {
        let import = read(&format!("{login}, password={written} home.example.org # '\"\n"), "ddclient.conf");
        assert_eq!(found(&import)[0][3], secret, "{written}");
    }
}

#[test]
fn a_table_of_other_services_is_known_by_its_shape_alone() {
    let account = |secret: &str| vec![["home.example.org", "", SPDYN, secret].map(str::to_owned)];
    // Of two columns the other one is the secret; of three it is unclear which.
    assert_eq!(whole("home.example.org;any-secret\n", "x.csv"), account("any-secret"));
    assert_eq!(
        left_out(&read("home.example.org;any;secret\n", "x.csv")),
        [(1, "home.example.org", LeftOutWhy::NoSecret)]
    );
    // A single line isn't a heading, and a table of headings alone holds nothing.
    assert_eq!(read("Rechner;Geheimes\n", "x.csv").left_out[0].why, LeftOutWhy::NotRecognised);
    // A line without a second column isn't a heading either.
    let import = read(&format!("nonsense\nhome.spdns.de;{TOKEN}\n"), "x.csv");
    assert_eq!(found(&import), two()[..1]);
    assert_eq!(import.left_out.len(), 1, "{:?}", import.left_out);
}

#[test]
fn inadyns_blocks_are_read() {
    let text = format!(
        "period = 300 // seconds\nprovider default@spdyn.de {{\n    username = home.spdns.de\n    password = {TOKEN}\n\
         \x20   hostname = home.spdns.de\n}}\n/* a\n   comment */\ncustom mine:1 {{\n  ddns-server = \"dyn.example.org\"\n\
         \x20 ddns-path = \"/nic/update?hostname=%h&myip=%i\"\n  username = anna\n  password = \"p}}w\\\"\"\n\
         \x20 hostname = {{ \"a.example.org\", b.example.org }}\n}}\nprovider default@freedns.afraid.org {{ hostname = c.org }}\n"
    );
    let import = read(&text, "");
    assert_eq!(import.source, ImportSource::Inadyn);
    assert_eq!(found(&import)[0], two()[0]);
    let account = |host: &str| [host, "anna", "dyn.example.org", "p}w\""].map(str::to_owned);
    assert_eq!(found(&import)[1..], [account("a.example.org"), account("b.example.org")]);
    assert_eq!(left_out(&import), [(16, "c.org", LeftOutWhy::NoSecret)]);
    assert_eq!(import.found[0].form.protocol, Records::Ipv4);
}

#[test]
fn inadyn_keeps_ipv6_only_where_it_is_allowed() {
    let block = format!("provider default@spdyn.de {{ hostname = home.spdns.de password = {TOKEN} }}");
    for (line, protocol) in [
        ("allow-ipv6 = true", Records::Both),
        ("allow-ipv6 = false", Records::Ipv4),
        ("verify-address = true", Records::Ipv4),
        ("period = 300", Records::Ipv4),
    ] {
        let import = read(&format!("{line}\n{block}\n"), "inadyn.conf");
        assert_eq!(import.found[0].form.protocol, protocol, "{line}");
    }
}

#[test]
fn inadyn_may_look_at_an_interface_or_ask_a_server() {
    let block = format!("provider default@spdyn.de {{ hostname = home.spdns.de password = {TOKEN} }}");
    for (line, asks_a_server) in [
        ("iface = eth0", false),
        ("period = 300", true),
        // The value `iface` isn't the setting of that name.
        ("user-agent = iface\nperiod = 300", true),
    ] {
        let import = read(&format!("{line}\n{block}\n"), "inadyn.conf");
        assert_eq!(import.found[0].form.webresolver, asks_a_server, "{line}");
    }
}

#[test]
fn what_follows_a_list_or_a_missing_value_of_inadyns_is_read() {
    let list = format!(
        "provider default@spdyn.de {{ hostname = {{ home.spdns.de, office.spdns.de }} password = {TOKEN} }}\n"
    );
    let hosts: Vec<_> = found(&read(&list, "inadyn.conf")).into_iter().map(|[host, ..]| host).collect();
    assert_eq!(hosts, ["home.spdns.de", "office.spdns.de"]);
    let missing = format!(
        "provider default@spdyn.de {{ hostname = home.spdns.de password = {TOKEN} username = }}\n\
         provider default@spdyn.de {{ hostname = office.spdns.de password = {OTHER} }}\n"
    );
    assert_eq!(found(&read(&missing, "inadyn.conf")), two());
}

#[test]
fn inadyns_own_paths_and_families_are_minded() {
    let custom = |path: &str| {
        format!(
            "custom mine {{ ddns-server = dyn.example.org ddns-path = \"{path}\" username = anna \
             password = s3cret12 hostname = a.example.org }}\n"
        )
    };
    assert_eq!(found(&read(&custom("/nic/update?x=%h"), "inadyn.conf")).len(), 1);
    let usual = custom("").replace("ddns-path = \"\"", "");
    assert_eq!(found(&read(&usual, "inadyn.conf")).len(), 1);
    let other = read(&custom("/other/update?x=%h"), "inadyn.conf");
    assert_eq!(left_out(&other), [(1, "", LeftOutWhy::OtherProtocol)]);
    // A known service's name at another server, with a path of its own.
    let elsewhere = "provider default@duckdns.org { ddns-server = dyn.example.org ddns-path = \"/odd\" \
                     username = s3cret12 hostname = a.example.org }\n";
    assert!(found(&read(elsewhere, "inadyn.conf")).is_empty());
    let ipv6 = format!("provider ipv6@spdyn.de {{ hostname = home.spdns.de password = {TOKEN} }}\n");
    assert_eq!(read(&ipv6, "inadyn.conf").found[0].form.protocol, Records::Ipv6);
}

#[test]
fn the_name_of_an_unknown_service_is_repeated_only_where_it_looks_like_one() {
    let long = "x".repeat(41);
    for (service, shown) in [
        ("my-dns_1.example", "my-dns_1.example"),
        ("my$dns", ""),
        (long.as_str(), ""),
        (&long[..40], &long[..40]),
    ] {
        let text = format!("provider {service} {{ hostname = a.example.org password = s3cret12 }}\n");
        assert_eq!(
            left_out(&read(&text, "inadyn.conf")),
            [(1, shown, LeftOutWhy::OtherProtocol)],
            "{service}"
        );
    }
}

#[test]
fn a_routers_update_url_is_read_and_its_placeholders_are_filled_in() {
    let url = "https://update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>,<ip6addr>";
    let beside = format!(
        "Update-URL: {url}\nDomainname: home.spdns.de\nBenutzername: home.spdns.de\nKennwort: {TOKEN}\n"
    );
    assert_eq!(whole(&beside, "fritz.txt"), two()[..1]);
    let inside = format!(
        "http://update.spdyn.de:80/nic/update?hostname=home.spdns.de&user=home.spdns.de&pass=%61{}",
        &TOKEN[1..]
    );
    assert_eq!(whole(&inside, ""), two()[..1]);
    let other_user =
        inside.replace("user=home.spdns.de", "user=anna").replace("update.spdyn.de", "dyn.example.org");
    assert_eq!(whole(&other_user, "")[0][1], "anna");
    let beside_too = beside.replace("Benutzername: home.spdns.de", "Benutzername: anna");
    assert_eq!(whole(&beside_too.replace("update.spdyn.de", "dyn.example.org"), "")[0][1], "anna");
    let ipv6 = inside.replace("&user", "&myip=<ip6addr>&user");
    assert_eq!(read(&ipv6, "").found[0].form.protocol, Records::Ipv6);
    let login = "https://anna:p%40w@dyn.example.org/nic/update?hostname=a.example.org&myip=<ipaddr>";
    assert_eq!(whole(login, ""), [["a.example.org", "anna", "dyn.example.org", "p@w"].map(str::to_owned)]);
    assert_eq!(read(login, "").found[0].form.protocol, Records::Ipv4);
    assert_eq!(left_out(&read(url, "")), [(1, "", LeftOutWhy::NoHostname)]);
    let open = "https://update.spdyn.de/nic/update?hostname=home.spdns.de&pass=<pass>";
    assert_eq!(left_out(&read(open, "")), [(1, "home.spdns.de", LeftOutWhy::Placeholder)]);
    let elsewhere = "https://dyn.example.org/s3cret/update?hostname=home.spdns.de&pass=x";
    assert_eq!(left_out(&read(elsewhere, "")), [(1, "", LeftOutWhy::OtherProtocol)]);
}

#[test]
fn a_placeholder_is_a_word_in_angle_brackets() {
    for (host, why) in [
        ("<domain>", LeftOutWhy::NoHostname),
        ("<>", LeftOutWhy::NotAHostname),
        ("<domain", LeftOutWhy::NotAHostname),
    ] {
        let text = format!("host;token\n{host};{TOKEN}\n");
        assert_eq!(left_out(&read(&text, "x.csv")), [(2, "", why)], "{host}");
    }
}

#[test]
fn who_logs_in_without_a_user_has_a_token_and_a_user_is_one_word_for_http() {
    let read = |user: &str| {
        let text = format!("host;user;password;server\na.example.org;{user};s3cret12;dyn.example.org\n");
        read(&text, "x.csv")
    };
    for user in ["", "<username>", "a.example.org"] {
        let import = read(user);
        assert_eq!(import.found.len(), 1, "{user}: {import:?}");
        assert_eq!(import.found[0].form.login, LoginKind::Token, "{user}");
    }
    for user in ["an:na", "an\u{7}na"] {
        assert_eq!(left_out(&read(user))[0].2, LeftOutWhy::NotAUser, "{user}");
    }
    assert_eq!(read("anna").found[0].form.login, LoginKind::Account);
}

#[test]
fn two_thousand_hosts_are_read_and_no_more() {
    use std::fmt::Write as _;
    let mut text = String::new();
    for number in 0..MOST_ENTRIES + MOST_LEFT_OUT + 5 {
        writeln!(text, "h{number}.spdns.de;{TOKEN}").expect("a String takes everything");
    }
    let import = read(&text, "x.csv");
    assert_eq!((import.found.len(), import.left_out.len()), (MOST_ENTRIES, MOST_LEFT_OUT));
    assert_eq!(import.left_out_more, 5);
    assert_eq!(import.left_out[0].why, LeftOutWhy::TooMany);
}

#[test]
fn what_is_no_such_file_is_said_to_be_none() {
    for (text, why) in [
        (String::new(), LeftOutWhy::NotRecognised),
        ("Dear diary,\nit rained; we stayed\n".to_owned(), LeftOutWhy::NotRecognised),
        ("PNG\0\0".to_owned(), LeftOutWhy::NotText),
        (format!("home.spdns.de;{TOKEN}\n").repeat(LARGEST_FILE / 20), LeftOutWhy::FileTooLarge),
    ] {
        let import = read(&text, "x");
        assert!(import.found.is_empty());
        assert_eq!(left_out(&import), [(0, "", why)]);
        assert!(!preview(&import, &Form::default()).is_recognised());
    }
    let table = format!("home.spdns.de;{TOKEN}\nhome;{TOKEN}\n");
    assert!(
        preview(&read(&table, "x"), &Form::default()).is_recognised(),
        "one line is left out, not the file"
    );
}

#[test]
fn a_heading_and_the_separator_of_most_lines_tell_what_is_what() {
    let two_names = format!("Name;Host;Token\nother.example.org;home.spdns.de;{TOKEN}\n");
    let remarks = format!("home.spdns.de;{TOKEN}\nremarks, and more\nremarks, too\n");
    for text in [two_names, remarks] {
        assert_eq!(found(&read(&text, "x.csv"))[0][0], "home.spdns.de", "{text}");
    }
}

#[test]
fn a_column_beyond_the_sixty_fourth_is_not_looked_at() {
    let line = |before: usize| format!("{}home.spdns.de;{TOKEN}\n", ";".repeat(before));
    assert_eq!(found(&read(&line(62), "x.csv")).len(), 1);
    for before in [63, 64, 1000] {
        assert!(found(&read(&line(before), "x.csv")).is_empty(), "{before}");
    }
}

#[test]
fn a_comment_of_ddclients_begins_outside_of_quotes_and_an_apostrophe_is_none() {
    for (line, user, secret) in [
        ("login=o'brien password=s3cret home.example.org # mine, too", "o'brien", "s3cret"),
        ("login=anna password='s3 #cret' home.example.org # mine, too", "anna", "s3 #cret"),
    ] {
        let text = format!("protocol=dyndns2\nserver=dyn.example.org\n{line}\n");
        let expected = [["home.example.org", user, "dyn.example.org", secret].map(str::to_owned)];
        assert_eq!(whole(&text, "ddclient.conf"), expected, "{line}");
    }
}

#[test]
fn the_largest_file_is_read() {
    let line = format!("home.spdns.de;{TOKEN}\n");
    let text = format!("{line}{}", "#".repeat(LARGEST_FILE - line.len()));
    assert_eq!(found(&read(&text, "x")).len(), 1);
}

#[test]
fn nothing_is_taken_for_a_server_that_cant_be_spoken_to_safely() {
    let text =
        "host;token;server\na.example.org;x;ftp://dyn.example.org\nb.example.org;x;dyn.example.org:0\n";
    let why: Vec<_> = left_out(&read(text, "")).into_iter().map(|(_, _, why)| why).collect();
    assert_eq!(why, [LeftOutWhy::NotAServer, LeftOutWhy::NotAServer]);
}
