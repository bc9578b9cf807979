//! Tables as spreadsheets and shells write them.

use dyntray_core::import::decode;
use secrecy::ExposeSecret as _;

use super::told;

/// A file's bytes, decoded and read.
fn of(bytes: &[u8]) -> Vec<String> {
    told(decode(bytes).expose_secret(), "spdyn_update_token.csv")
}

const HOME: &str = "home.spdns.de /abcd-efgh-ijkl at update.spdyn.de: both web";
const NAS: &str = "nas.spdns.de /mnop-qrst-uvwx at update.spdyn.de: both web";

const TABLE: &str = "Hostname;Update Token;Notiz\r\nhome.spdns.de;abcd-efgh-ijkl;Büro Köln\r\n\
                     nas.spdns.de;mnop-qrst-uvwx;\"Straße; hinten\"\r\n\r\n;;\r\n";

#[test]
fn whatever_a_table_is_encoded_in_it_is_read() {
    let utf_16 = |unit: fn(u16) -> [u8; 2], mark: bool, text: &str| -> Vec<u8> {
        let mark = if mark { "\u{feff}" } else { "" };
        format!("{mark}{text}").encode_utf16().flat_map(unit).collect()
    };
    for text in
        [TABLE.to_owned(), TABLE.replace("\r\n", "\r"), TABLE.replace("\r\n", "\n"), TABLE.replace(';', "\t")]
    {
        for mark in [true, false] {
            assert_eq!(of(&utf_16(u16::to_le_bytes, mark, &text)), [HOME, NAS], "{text:?}");
            assert_eq!(of(&utf_16(u16::to_be_bytes, mark, &text)), [HOME, NAS], "{text:?}");
        }
        assert_eq!(of(text.as_bytes()), [HOME, NAS], "{text:?}");
        assert_eq!(of(format!("\u{feff}{text}").as_bytes()), [HOME, NAS], "{text:?}");
        let windows: Vec<u8> = text.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
        assert_eq!(of(&windows), [HOME, NAS], "{text:?}");
    }
}

#[test]
fn a_field_between_quotation_marks_may_hold_anything() {
    for text in [
        "Hostname;Bemerkung;Token\r\nhome.spdns.de;\"erste Zeile\r\nzweite Zeile\";abcd-efgh-ijkl\r\nnas.spdns.de;;mnop-qrst-uvwx\r\n",
        "Hostname,Bemerkung,Token\n\"home.spdns.de\",\"a \"\"b\"\", c\n\n# d\",\"abcd-efgh-ijkl\"\n\"nas.spdns.de\",\"\",\"mnop-qrst-uvwx\"",
        "Hostname;Bemerkung;Token\rhome.spdns.de;\"erste\rzweite\";abcd-efgh-ijkl\rnas.spdns.de;;mnop-qrst-uvwx\r",
        "\"Host\r\nname\";Token\r\nhome.spdns.de;abcd-efgh-ijkl\r\nnas.spdns.de;mnop-qrst-uvwx",
    ] {
        assert_eq!(of(text.as_bytes()), [HOME, NAS], "{text:?}");
    }
    // A row is named by its first line.
    let text = "Hostname;Notiz;Token\r\nhome.spdns.de;\"a\r\nb\";abcd-efgh-ijkl\r\nnas.spdns.de;;\r\n";
    assert_eq!(of(text.as_bytes()), [HOME, "left out 4 nas.spdns.de: NoSecret"]);
}

#[test]
fn excels_first_line_tells_the_separator() {
    for (first, separator) in [
        ("sep=;\r\n", ";"),
        ("sep=,\r\n", ","),
        ("SEP=|\n", "|"),
        ("\"sep=,\"\r\n", ","),
        ("sep=\t\r", "\t"),
        ("\u{feff}sep=;\r\n", ";"),
        ("sep=:\n", ":"),
    ] {
        let rows = format!("{first}Hostname;Token\nhome.spdns.de;abcd-efgh-ijkl\nnas.spdns.de;\n")
            .replace(';', separator);
        let rows =
            if separator == ";" { rows } else { rows.replacen("sep=;", &format!("sep={separator}"), 1) };
        assert_eq!(of(rows.as_bytes()), [HOME, "left out 4 nas.spdns.de: NoSecret"], "{rows:?}");
    }
}

#[test]
fn host_names_with_umlauts_are_spelt_as_dns_has_them() {
    let text = "Hostname;Token\r\nm\u{fc}ller.spdns.de;abcd-efgh-ijkl\r\nXN--MLLER-KVA.spdns.eu.;mnop-qrst-uvwx\r\n\
                my_nas.spdns.de;aaaa-bbbb-cccc\r\n\u{434}\u{43e}\u{43c}.spdns.de;aaaa-bbbb-dddd\r\nhome..spdns.de;aaaa-bbbb-eeee\r\n";
    assert_eq!(
        of(text.as_bytes()),
        [
            "xn--mller-kva.spdns.de /abcd-efgh-ijkl at update.spdyn.de: both web",
            "xn--mller-kva.spdns.eu /mnop-qrst-uvwx at update.spdyn.de: both web",
            "my_nas.spdns.de /aaaa-bbbb-cccc at update.spdyn.de: both web",
            "left out 5 \u{434}\u{43e}\u{43c}.spdns.de: OtherLetters",
            "left out 6 home..spdns.de: NotAHostname",
            "remark 2 xn--mller-kva.spdns.de: Spelling",
        ]
    );
    // Without headings, too.
    let text = "mu\u{308}ller.spdns.de;abcd-efgh-ijkl\n";
    assert_eq!(of(text.as_bytes())[0], "xn--mller-kva.spdns.de /abcd-efgh-ijkl at update.spdyn.de: both web");
}

#[test]
fn an_old_server_in_a_column_is_spdyns_of_today() {
    let text = "host,token,server\nhome.spdns.de,abcd-efgh-ijkl,update.spdns.de\n";
    assert_eq!(of(text.as_bytes()), [HOME, "remark 2 home.spdns.de: ServerMoved"]);
}

#[test]
fn columns_stand_in_any_order_beside_any_others() {
    for text in [
        "Token;Hostname\nabcd-efgh-ijkl;home.spdns.de\nmnop-qrst-uvwx;nas.spdns.de\n",
        "Nr.;Status;Update-Token;IP-Adresse;Host-Name;Notiz\n1;ok;abcd-efgh-ijkl;84.160.12.7;home.spdns.de;x.y\n2;ok;mnop-qrst-uvwx;;nas.spdns.de;\n",
        "\"Hostname\";\"Update Token\";\n\"home.spdns.de\";\"abcd-efgh-ijkl\";\n\n;;\n\"nas.spdns.de\";\"mnop-qrst-uvwx\";;;\n",
        "Domain,Hostname,Token\nspdns.de,home.spdns.de,abcd-efgh-ijkl\nspdns.de,nas.spdns.de,mnop-qrst-uvwx\n",
        "Domain,Host,Token\nspdns.de,home,abcd-efgh-ijkl\nspdns.de,nas,mnop-qrst-uvwx\n",
        "Domainname\tKennwort\t\nhome.spdns.de\tabcd-efgh-ijkl\t\nnas.spdns.de\tmnop-qrst-uvwx\t\n",
        "home.spdns.de|abcd-efgh-ijkl|\n \nnas.spdns.de|mnop-qrst-uvwx|\n",
        "Rechner;Geheimnis\nhome.spdns.de;abcd-efgh-ijkl\nnas.spdns.de;mnop-qrst-uvwx\n",
    ] {
        assert_eq!(of(text.as_bytes()), [HOME, NAS], "{text}");
        assert_eq!(of(text.replace('\n', "\r\n").as_bytes()), [HOME, NAS], "{text}");
    }
}

#[test]
fn files_one_behind_the_other_have_a_mark_and_headings_each() {
    for second in [
        "\u{feff}Hostname;Token\r\nnas.spdns.de;mnop-qrst-uvwx\r\n",
        "\u{feff}Token;Notiz;Hostname\r\nmnop-qrst-uvwx;x;nas.spdns.de\r\n",
        "\u{feff}nas.spdns.de;mnop-qrst-uvwx\r\n",
        "\r\nHostname;Token\r\nnas.spdns.de;mnop-qrst-uvwx\r\n",
    ] {
        let text = format!("\u{feff}Hostname;Token\r\nhome.spdns.de;abcd-efgh-ijkl\r\n{second}");
        assert_eq!(of(text.as_bytes()), [HOME, NAS], "{second:?}");
    }
}
