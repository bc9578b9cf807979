use std::net::IpAddr;

use super::*;
use crate::types::address::PublicAddress;

pub(in super::super) const ALL: [ResponseFormat; 16] = [
    ResponseFormat::Dyndns2,
    ResponseFormat::Dyndns2OrNothing,
    ResponseFormat::Dyndns2OrStatus,
    ResponseFormat::Ddnss,
    ResponseFormat::OkKo,
    ResponseFormat::Dynv6,
    ResponseFormat::Infomaniak,
    ResponseFormat::Easydns,
    ResponseFormat::Changeip,
    ResponseFormat::Freedns,
    ResponseFormat::Goip,
    ResponseFormat::Regfish,
    ResponseFormat::Namecheap,
    ResponseFormat::KeySystems,
    ResponseFormat::Status,
    ResponseFormat::Any,
];

const NAMECHEAP: &str = "<?xml version=\"1.0\" encoding=\"utf-16\"?><interface-response><Command>SETDNSHOST</Command>\
    <IP>84.160.12.7</IP><ErrCount>0</ErrCount><errors /><ResponseCount>0</ResponseCount><Done>true</Done>\
    </interface-response>";

const DDNSS: &str = "<html><head><title>DDNSS</title></head><body><font face=\"Verdana\">Updated 1 hostname.<br>\
    </font></body></html>";

fn read(answers: ResponseFormat, status: u16, body: &str) -> Verdict {
    let public = |text: &str| text.parse::<IpAddr>().ok().and_then(|ip| PublicAddress::try_from(ip).ok());
    let sent = Addresses { ipv4: public("84.160.12.7"), ipv6: None };
    answers.classify(status, body.as_bytes(), &Hostname::parse("home.example.org").expect("valid"), &sent)
}

#[test]
fn each_style_reads_its_own_success() {
    for (answers, body, how) in [
        (ResponseFormat::Dyndns2, "good 84.160.12.7", Accepted::Good),
        (ResponseFormat::Dyndns2OrNothing, "nochg", Accepted::NoChange),
        (ResponseFormat::Dyndns2OrStatus, "nochg 84.160.12.7", Accepted::NoChange),
        (ResponseFormat::Dyndns2OrStatus, "{\"info\":\"good\"}", Accepted::Good),
        (ResponseFormat::Ddnss, DDNSS, Accepted::Good),
        (ResponseFormat::Ddnss, "good", Accepted::Good),
        (ResponseFormat::OkKo, "OK", Accepted::Good),
        (ResponseFormat::Dynv6, "addresses updated", Accepted::Good),
        (ResponseFormat::Dynv6, "addresses unchanged", Accepted::NoChange),
        (ResponseFormat::Infomaniak, "successfully_changed 84.160.12.7", Accepted::Good),
        (ResponseFormat::Infomaniak, "no_change 84.160.12.7", Accepted::NoChange),
        (ResponseFormat::Infomaniak, "good 84.160.12.7", Accepted::Good),
        (ResponseFormat::Easydns, "NO_ERROR", Accepted::Good),
        (ResponseFormat::Easydns, "OK\n", Accepted::Good),
        (ResponseFormat::Changeip, "200 Successful Update", Accepted::Good),
        (ResponseFormat::Freedns, "Updated home.example.org from 9.9.9.9 to 84.160.12.7", Accepted::Good),
        (
            ResponseFormat::Freedns,
            "No IP change detected for home.example.org with IP 84.160.12.7, skipping",
            Accepted::NoChange,
        ),
        (ResponseFormat::Goip, "home.example.org (84.160.12.7)", Accepted::Good),
        (ResponseFormat::Regfish, "success|100|update succeeded!", Accepted::Good),
        (ResponseFormat::Regfish, "success|101|already up-to-date!", Accepted::NoChange),
        (ResponseFormat::Namecheap, NAMECHEAP, Accepted::Good),
        (ResponseFormat::KeySystems, "[RESPONSE]\ncode = 200\ndescription = done\nEOF", Accepted::Good),
        (ResponseFormat::Status, "{\"ok\":true}", Accepted::Good),
        (ResponseFormat::Status, "", Accepted::Good),
        (ResponseFormat::Any, "good", Accepted::Good),
        (ResponseFormat::Any, "Updated 1 host", Accepted::Good),
    ] {
        assert_eq!(read(answers, 200, body), Verdict::Accepted(how), "{answers:?}: {body}");
    }
    assert_eq!(read(ResponseFormat::Dyndns2OrNothing, 204, ""), Verdict::Accepted(Accepted::NoChange));
    assert_eq!(read(ResponseFormat::Any, 204, ""), Verdict::Accepted(Accepted::Good));
}

#[test]
fn each_style_reads_its_own_refusal() {
    for (answers, status, body, reason) in [
        (ResponseFormat::Dyndns2OrStatus, 401, "{}", HaltReason::BadAuth),
        (ResponseFormat::Dyndns2OrStatus, 200, "nohost", HaltReason::NoHost),
        (
            ResponseFormat::Ddnss,
            200,
            "<body><font color=\"red\">Error: badauth</font></body>",
            HaltReason::BadAuth,
        ),
        (ResponseFormat::Ddnss, 200, "<p>notfqdn</p>", HaltReason::NotFqdn),
        (ResponseFormat::Ddnss, 200, "nohost", HaltReason::NoHost),
        (ResponseFormat::OkKo, 200, "KO", HaltReason::BadAuth),
        (ResponseFormat::Dynv6, 200, "invalid authentication token", HaltReason::BadAuth),
        (ResponseFormat::Dynv6, 404, "zone not found", HaltReason::NoHost),
        (ResponseFormat::Infomaniak, 400, "badauth", HaltReason::BadAuth),
        (ResponseFormat::Easydns, 200, "NO_ACCESS", HaltReason::BadAuth),
        (ResponseFormat::Easydns, 200, "NOSERVICE", HaltReason::NotDonator),
        (ResponseFormat::Changeip, 401, "401 Access Denied", HaltReason::BadAuth),
        (ResponseFormat::Freedns, 200, "ERROR: Unable to locate this record", HaltReason::NoHost),
        (ResponseFormat::Goip, 200, "Zugriff verweigert", HaltReason::BadAuth),
        (ResponseFormat::Regfish, 200, "error|401|no", HaltReason::BadAuth),
        (
            ResponseFormat::Namecheap,
            200,
            "<ErrCount>1</ErrCount><ResponseNumber>304156</ResponseNumber>",
            HaltReason::BadAuth,
        ),
        (ResponseFormat::Namecheap, 200, "<ResponseNumber>316153</ResponseNumber>", HaltReason::NoHost),
        (ResponseFormat::Namecheap, 200, "<ResponseNumber>316154</ResponseNumber>", HaltReason::NotActive),
        (ResponseFormat::Status, 403, "", HaltReason::BadAuth),
        (ResponseFormat::Status, 404, "", HaltReason::NoHost),
        (ResponseFormat::Any, 200, "nohost", HaltReason::NoHost),
        (ResponseFormat::Any, 200, "KO", HaltReason::BadAuth),
    ] {
        assert_eq!(read(answers, status, body), Verdict::Halt(reason), "{answers:?}: {status} {body}");
    }
}

#[test]
fn a_page_or_another_status_is_never_success() {
    let words = "good OK addresses updated NO_ERROR 200 Successful Update success|100| code = 200";
    for answers in ALL {
        for body in [
            format!("<html><body>{words}</body></html>"),
            format!("{words}<br>"),
            "<!DOCTYPE html>\ngood\nOK".to_owned(),
            "<p>home.example.org (84.160.12.7)</p>".to_owned(),
        ] {
            let verdict = read(answers, 200, &body);
            assert!(!matches!(verdict, Verdict::Accepted(_)), "{answers:?}: {body}: {verdict:?}");
        }
        for status in [301, 302, 400, 401, 403, 404, 429, 500, 503] {
            for body in [
                "OK",
                "addresses updated",
                "NO_ERROR",
                "200 Successful Update",
                "success|100|",
                "code = 200",
                NAMECHEAP,
                "Updated home.example.org from 9.9.9.9 to 84.160.12.7",
                "",
            ] {
                let verdict = read(answers, status, body);
                assert!(
                    !matches!(verdict, Verdict::Accepted(_)),
                    "{answers:?}: {status} {body}: {verdict:?}"
                );
            }
        }
    }
}

#[test]
fn namecheaps_answer_is_done_without_errors_or_tells_nothing_of_addresses() {
    let other = NAMECHEAP.replace("84.160.12.7", "91.3.4.77");
    let named = HaltReason::OtherAddress { named: "91.3.4.77".to_owned() };
    assert_eq!(read(ResponseFormat::Namecheap, 200, &other), Verdict::Halt(named));
    let changes = [("<ErrCount>0", "<ErrCount>1"), ("<Done>true", "<Done>false")];
    for text in [NAMECHEAP, &other] {
        let broken = changes.map(|(from, to)| (200, text.replace(from, to)));
        for (status, body) in broken.into_iter().chain([(500, text.to_owned())]) {
            let verdict = read(ResponseFormat::Namecheap, status, &body);
            assert!(matches!(verdict, Verdict::Retry(_)), "{status} {body}: {verdict:?}");
        }
    }
}

#[test]
fn too_many_requests_are_the_servers_trouble() {
    let throttled = "Request was throttled. Expected available in 3600 seconds.";
    for (answers, body) in ALL.into_iter().flat_map(|answers| ["", throttled].map(|body| (answers, body))) {
        let verdict = read(answers, 429, body);
        assert_eq!(verdict, Verdict::Retry(RetryableError::Server { code: "429".to_owned() }), "{answers:?}");
    }
}

#[test]
fn a_word_of_success_is_a_whole_word() {
    for (answers, body) in [
        (ResponseFormat::Ddnss, "<p>Updated 0 hostnames.</p>"),
        (ResponseFormat::Ddnss, "<p>Updated hostname.</p>"),
        (ResponseFormat::Ddnss, "<p title=\"Updated 1 hostname\">Error</p>"),
        (ResponseFormat::OkKo, "OKAY"),
        (ResponseFormat::OkKo, "Not OK"),
        (ResponseFormat::Dynv6, "addresses updated_not"),
        (ResponseFormat::Easydns, "OK_NOT"),
        (ResponseFormat::Regfish, "success|1000|"),
        (ResponseFormat::KeySystems, "code = 2001"),
        (ResponseFormat::Any, "unsuccessful"),
        (ResponseFormat::Any, ""),
        (ResponseFormat::OkKo, ""),
        (ResponseFormat::Any, "error: not updated"),
        (ResponseFormat::Any, "{\"status\":\"ok\"}"),
        (ResponseFormat::Any, "OK\u{a0}"),
        (ResponseFormat::Any, "\u{a0}OK"),
        (ResponseFormat::OkKo, "\u{a0}OK"),
        (ResponseFormat::Dynv6, "addresses\u{a0}updated"),
        (ResponseFormat::Dynv6, "\u{3000}addresses updated"),
    ] {
        let verdict = read(answers, 200, body);
        assert!(
            matches!(verdict, Verdict::Retry(RetryableError::Unreadable { .. })),
            "{answers:?}: {body}: {verdict:?}"
        );
    }
}

#[test]
fn an_answer_must_name_what_was_sent() {
    let other = |named: &str| Verdict::Halt(HaltReason::OtherAddress { named: named.into() });
    assert_eq!(read(ResponseFormat::Infomaniak, 200, "successfully_changed 9.9.9.9"), other("9.9.9.9"));
    assert_eq!(
        read(ResponseFormat::Namecheap, 200, &NAMECHEAP.replace("84.160.12.7", "9.9.9.9")),
        other("9.9.9.9")
    );
    for (answers, body) in [
        (ResponseFormat::Freedns, "Updated home.example.org from 84.160.12.8 to 9.9.9.9"),
        (ResponseFormat::Goip, "home.example.org (9.9.9.9)"),
        (ResponseFormat::Goip, "other.example.org (84.160.12.7)"),
    ] {
        assert!(matches!(read(answers, 200, body), Verdict::Retry(_)), "{body}");
    }
}

/// Public reports of other programs' users: FreeDNS, and scripts behind people's own update URLs, name the address
/// before as well.
#[test]
fn the_address_before_is_named_too_where_what_was_sent_is() {
    let was_good = [
        "Updated home.example.org from 1.2.3.4 to 84.160.12.7 in 0.05 seconds",
        "Updated 1 host(s) home.example.org to 84.160.12.7 (was 1.2.3.4).",
        "Updated host from [1.2.3.4] to [84.160.12.7].",
        "Updated: \"1.2.3.4\" -> \"84.160.12.7\"",
        "updated 1.2.3.4=>84.160.12.7, 2003:e1::7 kept",
    ];
    for body in was_good {
        for answers in [ResponseFormat::Freedns, ResponseFormat::Any] {
            assert_eq!(read(answers, 200, body), Verdict::Accepted(Accepted::Good), "{answers:?}: {body}");
        }
    }
    for body in ["good 84.160.12.7 was 1.2.3.4", "success: 1.2.3.4 84.160.12.7", "OK, now 84.160.12.7"] {
        assert_eq!(read(ResponseFormat::Any, 200, body), Verdict::Accepted(Accepted::Good), "{body}");
    }
    let unchanged = "unchanged 84.160.12.7 (1.2.3.4 until yesterday)";
    assert_eq!(read(ResponseFormat::Any, 200, unchanged), Verdict::Accepted(Accepted::NoChange));
    for body in [
        "Updated host from 1.2.3.4 to 5.6.7.8",
        "Updated (1.2.3.4).",
        "good 1.2.3.4",
        "good 1.2.3.4 5.6.7.8",
        "OK: [1.2.3.4]",
    ] {
        let other = HaltReason::OtherAddress { named: "1.2.3.4".to_owned() };
        assert_eq!(read(ResponseFormat::Any, 200, body), Verdict::Halt(other), "{body}");
    }
    // A service whose answers are known names nothing but what was sent.
    let other = HaltReason::OtherAddress { named: "1.2.3.4".to_owned() };
    assert_eq!(read(ResponseFormat::Dyndns2, 200, "good 84.160.12.7 1.2.3.4"), Verdict::Halt(other));
}

#[test]
fn of_both_families_each_that_is_named_must_name_what_was_sent_however_it_is_spelt() {
    let public = |text: &str| text.parse::<IpAddr>().ok().and_then(|ip| PublicAddress::try_from(ip).ok());
    let sent = Addresses { ipv4: public("84.160.12.7"), ipv6: public("2003:e1::7") };
    let hostname = Hostname::parse("home.example.org").expect("valid");
    for (body, other) in [
        ("Updated host from 1.2.3.4, 2003:e1::6 to 84.160.12.7, 2003:00E1:0:0:0:0:0:7.", None),
        ("good 84.160.12.7\ngood [2003:E1:0::7]\n", None),
        ("Updated to 84.160.12.7", None),
        ("Updated from 1.2.3.4 to 84.160.12.7", None),
        ("Updated from 2003:e1::6 to 84.160.12.7", Some("2003:e1::6")),
        ("Updated from 1.2.3.4 to 5.6.7.8, 2003:e1::7", Some("1.2.3.4")),
    ] {
        let expected = match other {
            None => Verdict::Accepted(Accepted::Good),
            Some(named) => Verdict::Halt(HaltReason::OtherAddress { named: named.to_owned() }),
        };
        let read = ResponseFormat::Any.classify(200, body.as_bytes(), &hostname, &sent);
        assert_eq!(read, expected, "{body}");
    }
}
