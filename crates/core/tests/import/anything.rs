//! Any file can be read to its end, and its entries can be saved.

use dyntray_core::import::{MOST_ENTRIES, MOST_LEFT_OUT, decode, preview, read, take};
use dyntray_core::settings::form::{Form, check};
use dyntray_core::types::token::check_secret;
use proptest::prelude::*;
use secrecy::ExposeSecret as _;

const NAMES: [&str; 4] = ["spdyn_update_token.csv", "ddclient.conf", "inadyn.conf", "notes.txt"];

const GOOD: [&str; 6] = [
    "hostname;token\r\nhome.spdns.de;abcd-efgh-ijkl\r\n\"office.spdns.de\";\"mnop-qrst-uvwx\"\r\n",
    "use=web\nprotocol=dyndns2\nserver=update.spdyn.de\nlogin=home.spdns.de\npassword='abcd-efgh-ijkl' \\\nhome.spdns.de\n",
    "provider default@spdyn.de {\nusername = home.spdns.de\npassword = \"abcd-efgh-ijkl\"\nhostname = { a.spdns.de, \"b.spdns.de\" }\n}\n",
    "https://u:p%40w@update.spdyn.de/nic/update?hostname=home.spdns.de&myip=<ipaddr>&pass=abcd-efgh-ijkl\n",
    "custom x {\nusername = u\npassword = \"${P} \\x41\"\nddns-server = dyn.example.org\nddns-path = \"/u?h=%h&i=%i&p=%p\"\nhostname += { \"a.example.org\" }\n}\n",
    "config service 'x'\n\toption update_url 'https://[USERNAME]:[PASSWORD]@dyn.example.org/u?h=[DOMAIN]&ip=[IP]'\n\toption domain 'a.example.org'\n\toption password 'x1'\n",
];

fn holds(bytes: &[u8], name: &str) {
    let text = decode(bytes);
    let import = read(text.expose_secret(), name);
    assert!(import.found.len() <= MOST_ENTRIES && import.left_out.len() <= MOST_LEFT_OUT);
    assert!(!import.found.is_empty() || !import.left_out.is_empty());
    assert!(import.found.iter().all(|found| check_secret(found.secret.expose_secret()).is_ok()));
    let form = Form::default();
    let numbers: Vec<u32> = preview(&import, &form).entries.iter().map(|entry| entry.number).collect();
    let (taken, secrets) = take(import, &form, &numbers, &[]).expect("what is shown can be taken");
    assert_eq!(taken.entries.len(), secrets.len());
    assert_eq!(check(&taken).err(), None, "{:?}", text.expose_secret());
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..400), name in 0usize..4) {
        holds(&bytes, NAMES[name]);
    }

    #[test]
    fn any_words_of_such_files_are_read_without_harm(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "provider ", "custom ", "{", "}", "=", "+=", ",", ";", "\t", "\n", "\r\n", "\\\n", "\"", "'", "#", "/*", "*/",
                "hostname", "password", "login", "server", "protocol", "http://", "https://", "@", "?", "&", "%", "%4", "%e4",
                "a.spdns.de", "b.example.org", "abcd-efgh-ijkl", "1-abcd-efgh-ijkl", "<domain>", "ü", " ", "127.0.0.1", ":80", "/nic/update",
                "[::1]", "sep=", "default@spdyn.de", "usev6=ifv6", "x",
                "${A}", "include", "(", ")", "[DOMAIN]", "[IP]", "<pass>", "<b64>", "</b64>", "<ip6lanprefix>", "<ipaddr>", "|", "\r", "\"\"",
                "script=", "zone=", "host=", "ddns-path", "ddns-server", "%h", "%i", "m\u{fc}ller.spdns.de", "\u{200b}", "\u{2013}", "dyn.example.org",
                "config service", "option update_url ", "option domain ", "ddns.x=service", "ddns.x.password=", "use=ip ", "ip=", "84.160.12.7", "{host}",
            ]),
            0..60,
        ),
        name in 0usize..4,
    ) {
        holds(words.concat().as_bytes(), NAMES[name]);
    }

    #[test]
    fn no_piece_of_a_password_is_ever_named(
        pieces in prop::collection::vec(("[A-Za-z0-9]{1,4}", prop::sample::select(vec![
            ",", ".", "#", "'", "\"", "\\", "=", "/", ";", "@", ":", "&", "?", "+", "{", "}", "%", "<", ">", "[", "]", "$", "|", "\u{fc}", ".example.org",
        ])), 1..6),
    ) {
        // Every piece of it can be told from the rest of a file.
        let secret: String = pieces.iter().map(|(piece, sign)| format!("Zq9{piece}{sign}")).collect::<Vec<_>>().concat() + "Zq9";
        let in_table = secret.replace('"', "\"\"");
        let in_inadyn = secret.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
        for text in [
            format!("protocol=dyndns2\nserver=dyn.example.org\nlogin=anna\npassword={secret}\nhome.example.org\n"),
            format!("protocol=dyndns2\nserver=dyn.example.org, login=anna, password={secret} \\\nhome.example.org\n"),
            format!("protocol=nobody\nlogin=anna\npassword={secret} home.example.org\n"),
            format!("protocol=dyndns2\nserver=dyn.example.org\nhome.example.org anna {secret}\n"),
            format!("host;note;token\nhome.spdns.de;\"a\nb\";\"{in_table}\"\n;;\"{in_table}\"\n"),
            format!("provider spdyn {{\n username = home.spdns.de\n password = \"{in_inadyn}\"\n hostname = home.spdns.de\n}}\n"),
            format!("provider nobody {{\n username = anna\n password = \"{in_inadyn}\"\n hostname = home.spdns.de\n}}\n"),
            format!("dyn.example.org/u?h=<domain>&ip=<ipaddr>&token=<pass>\nDomainname: home.example.org\nKennwort: {secret}\n"),
            format!("dyn.example.org/u?h=<domain>&ip=<ipaddr>&token=<username>\nDomainname: home.example.org\nBenutzername: {secret}\n"),
        ] {
            for name in NAMES {
                // Only a file of its own kind: read as another one, nobody knows what is secret.
                let is_its = match name {
                    "ddclient.conf" => text.starts_with("protocol="),
                    "inadyn.conf" => text.starts_with("provider "),
                    "notes.txt" => text.starts_with("dyn."),
                    _ => text.starts_with("host;"),
                };
                if is_its {
                    let import = read(&text, name);
                    let told = format!("{import:?}") + &format!("{:?}", preview(&import, &Form::default()));
                    assert!(!told.to_lowercase().contains("zq9"), "{text}\n{told}");
                }
            }
        }
    }

    #[test]
    fn a_damaged_good_file_is_read_without_harm(
        file in 0usize..6,
        name in 0usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 0..12),
    ) {
        let mut bytes = GOOD[file].as_bytes().to_vec();
        for (at, byte, how) in changes {
            let at = at.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match how {
                _ if bytes.is_empty() => bytes.push(byte),
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        holds(&bytes, NAMES[name]);
    }
}
