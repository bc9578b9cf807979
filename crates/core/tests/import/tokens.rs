//! Tokens as word processors, chats and e-mails pass them on, in every kind of file.

use super::told;

/// The same entry in each kind of file, with its token as written.
fn files(token: &str) -> Vec<(String, &'static str)> {
    vec![
        (format!("Hostname;Token\nhome.spdns.de;{token}\n"), "x.csv"),
        (
            format!("protocol=spdyn\nuse=web\nlogin=home.spdns.de\npassword={token} \\\nhome.spdns.de\n"),
            "ddclient.conf",
        ),
        (
            format!(
                "provider spdyn {{ username = home.spdns.de password = \"{token}\" hostname = home.spdns.de }}\n"
            ),
            "inadyn.conf",
        ),
        (
            format!(
                "update.spdyn.de/nic/update?hostname=<domain>&myip=<ipaddr>\nDomainname: home.spdns.de\nKennwort: {token}\n"
            ),
            "fritz.txt",
        ),
    ]
}

#[test]
fn dashes_invisible_characters_and_marks_are_forgiven_in_every_file() {
    for token in [
        "abcd\u{2013}efgh\u{2013}ijkl",
        "abcd\u{2011}efgh\u{2014}ijkl",
        "\u{feff}abcd-efgh-ijkl\u{200b}",
        "ab\u{ad}cd-efgh-\u{200d}ijkl",
        "\u{201e}abcd-efgh-ijkl\u{201c}",
        "`abcd-efgh-ijkl`",
    ] {
        for (text, name) in files(token) {
            let found = told(&text, name);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(
                found[0].starts_with("home.spdns.de /abcd-efgh-ijkl at update.spdyn.de"),
                "{token:?}: {found:?}"
            );
        }
    }
}

#[test]
fn a_move_token_capitals_and_a_short_token_are_explained_in_every_file() {
    for (token, expected) in [
        ("1234567-abcd-efgh-ijkl", "home.spdns.de: MoveToken"),
        ("1234567\u{2013}abcd\u{2013}efgh\u{2013}ijkl", "home.spdns.de: MoveToken"),
        ("ABCD-EFGH-IJKL", "home.spdns.de: TokenMisspelt"),
        ("abcdefghijkl", "home.spdns.de: TokenMisspelt"),
        ("abcd-efgh-ijk", "home.spdns.de: TokenUnfinished"),
        ("abcd-efgh", "home.spdns.de: TokenUnfinished"),
    ] {
        for (text, name) in files(token) {
            let found = told(&text, name);
            assert!(found.iter().any(|line| line.ends_with(expected)), "{token:?}: {found:?}");
        }
    }
    // Another service's secrets may have any shape.
    let text = "host;user;password;server\nhome.example.org;anna;ABCDEFGHIJKL;dyn.example.org\n";
    assert_eq!(told(text, "x.csv"), ["home.example.org anna/ABCDEFGHIJKL at dyn.example.org: both web"]);
}
