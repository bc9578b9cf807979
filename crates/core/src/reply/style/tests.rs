use std::net::IpAddr;

use super::*;
use crate::address::PublicAddress;

const ALL: [Answers; 14] = [
    Answers::Dyndns2,
    Answers::Dyndns2OrNothing,
    Answers::OkKo,
    Answers::Dynv6,
    Answers::Infomaniak,
    Answers::Easydns,
    Answers::Changeip,
    Answers::Freedns,
    Answers::Goip,
    Answers::Regfish,
    Answers::Namecheap,
    Answers::KeySystems,
    Answers::Status,
    Answers::Any,
];

const NAMECHEAP: &str = "<?xml version=\"1.0\" encoding=\"utf-16\"?><interface-response><Command>SETDNSHOST</Command>\
    <IP>84.160.12.7</IP><ErrCount>0</ErrCount><errors /><ResponseCount>0</ResponseCount><Done>true</Done>\
    </interface-response>";

fn read(answers: Answers, status: u16, body: &str) -> Verdict {
    let public = |text: &str| text.parse::<IpAddr>().ok().and_then(|ip| PublicAddress::try_from(ip).ok());
    let sent = Addresses { ipv4: public("84.160.12.7"), ipv6: None };
    answers.classify(status, body.as_bytes(), &Hostname::parse("home.example.org").expect("valid"), &sent)
}

#[test]
fn each_style_reads_its_own_success() {
    for (answers, body, how) in [
        (Answers::Dyndns2, "good 84.160.12.7", Accepted::Good),
        (Answers::Dyndns2OrNothing, "nochg", Accepted::NoChange),
        (Answers::OkKo, "OK", Accepted::Good),
        (Answers::Dynv6, "addresses updated", Accepted::Good),
        (Answers::Dynv6, "addresses unchanged", Accepted::NoChange),
        (Answers::Infomaniak, "successfully_changed 84.160.12.7", Accepted::Good),
        (Answers::Infomaniak, "no_change 84.160.12.7", Accepted::NoChange),
        (Answers::Infomaniak, "good 84.160.12.7", Accepted::Good),
        (Answers::Easydns, "NO_ERROR", Accepted::Good),
        (Answers::Easydns, "OK\n", Accepted::Good),
        (Answers::Changeip, "200 Successful Update", Accepted::Good),
        (Answers::Freedns, "Updated home.example.org from 9.9.9.9 to 84.160.12.7", Accepted::Good),
        (
            Answers::Freedns,
            "No IP change detected for home.example.org with IP 84.160.12.7, skipping",
            Accepted::NoChange,
        ),
        (Answers::Goip, "home.example.org (84.160.12.7)", Accepted::Good),
        (Answers::Regfish, "success|100|update succeeded!", Accepted::Good),
        (Answers::Regfish, "success|101|already up-to-date!", Accepted::NoChange),
        (Answers::Namecheap, NAMECHEAP, Accepted::Good),
        (Answers::KeySystems, "[RESPONSE]\ncode = 200\ndescription = done\nEOF", Accepted::Good),
        (Answers::Status, "{\"ok\":true}", Accepted::Good),
        (Answers::Status, "", Accepted::Good),
        (Answers::Any, "good", Accepted::Good),
        (Answers::Any, "Updated 1 host", Accepted::Good),
    ] {
        assert_eq!(read(answers, 200, body), Verdict::Accepted(how), "{answers:?}: {body}");
    }
    assert_eq!(read(Answers::Dyndns2OrNothing, 204, ""), Verdict::Accepted(Accepted::NoChange));
    assert_eq!(read(Answers::Any, 204, ""), Verdict::Accepted(Accepted::Good));
}

#[test]
fn each_style_reads_its_own_refusal() {
    for (answers, status, body, reason) in [
        (Answers::OkKo, 200, "KO", HaltReason::BadAuth),
        (Answers::Dynv6, 200, "invalid authentication token", HaltReason::BadAuth),
        (Answers::Dynv6, 404, "zone not found", HaltReason::NoHost),
        (Answers::Infomaniak, 400, "badauth", HaltReason::BadAuth),
        (Answers::Easydns, 200, "NO_ACCESS", HaltReason::BadAuth),
        (Answers::Easydns, 200, "NOSERVICE", HaltReason::NotDonator),
        (Answers::Changeip, 401, "401 Access Denied", HaltReason::BadAuth),
        (Answers::Freedns, 200, "ERROR: Unable to locate this record", HaltReason::NoHost),
        (Answers::Goip, 200, "Zugriff verweigert", HaltReason::BadAuth),
        (Answers::Regfish, 200, "error|401|no", HaltReason::BadAuth),
        (
            Answers::Namecheap,
            200,
            "<ErrCount>1</ErrCount><ResponseNumber>304156</ResponseNumber>",
            HaltReason::BadAuth,
        ),
        (Answers::Namecheap, 200, "<ResponseNumber>316153</ResponseNumber>", HaltReason::NoHost),
        (Answers::Namecheap, 200, "<ResponseNumber>316154</ResponseNumber>", HaltReason::NotActive),
        (Answers::Status, 403, "", HaltReason::BadAuth),
        (Answers::Status, 404, "", HaltReason::NoHost),
        (Answers::Any, 200, "nohost", HaltReason::NoHost),
        (Answers::Any, 200, "KO", HaltReason::BadAuth),
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
            let is_code = matches!(
                answers,
                Answers::Dyndns2 | Answers::Dyndns2OrNothing | Answers::Infomaniak | Answers::Any
            ) && body.starts_with("good");
            assert!(is_code || !matches!(verdict, Verdict::Accepted(_)), "{answers:?}: {body}: {verdict:?}");
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
    assert_eq!(read(Answers::Namecheap, 200, &other), Verdict::Halt(named));
    let changes = [("<ErrCount>0", "<ErrCount>1"), ("<Done>true", "<Done>false")];
    for text in [NAMECHEAP, &other] {
        let broken = changes.map(|(from, to)| (200, text.replace(from, to)));
        for (status, body) in broken.into_iter().chain([(500, text.to_owned())]) {
            let verdict = read(Answers::Namecheap, status, &body);
            assert!(matches!(verdict, Verdict::Trouble(_)), "{status} {body}: {verdict:?}");
        }
    }
}

#[test]
fn too_many_requests_are_the_servers_trouble() {
    for answers in [Answers::OkKo, Answers::Status, Answers::Namecheap] {
        let verdict = read(answers, 429, "");
        assert_eq!(verdict, Verdict::Trouble(Trouble::Server { code: "429".to_owned() }), "{answers:?}");
    }
}

#[test]
fn a_word_of_success_is_a_whole_word() {
    for (answers, body) in [
        (Answers::OkKo, "OKAY"),
        (Answers::OkKo, "Not OK"),
        (Answers::Dynv6, "addresses updated_not"),
        (Answers::Easydns, "OK_NOT"),
        (Answers::Regfish, "success|1000|"),
        (Answers::KeySystems, "code = 2001"),
        (Answers::Any, "unsuccessful"),
        (Answers::Any, ""),
        (Answers::OkKo, ""),
        (Answers::Any, "error: not updated"),
        (Answers::Any, "{\"status\":\"ok\"}"),
    ] {
        let verdict = read(answers, 200, body);
        assert!(
            matches!(verdict, Verdict::Trouble(Trouble::Unreadable { .. })),
            "{answers:?}: {body}: {verdict:?}"
        );
    }
}

#[test]
fn an_answer_must_name_what_was_sent() {
    let other = |named: &str| Verdict::Halt(HaltReason::OtherAddress { named: named.into() });
    assert_eq!(read(Answers::Infomaniak, 200, "successfully_changed 9.9.9.9"), other("9.9.9.9"));
    assert_eq!(read(Answers::Namecheap, 200, &NAMECHEAP.replace("84.160.12.7", "9.9.9.9")), other("9.9.9.9"));
    for (answers, body) in [
        (Answers::Freedns, "Updated home.example.org from 84.160.12.8 to 9.9.9.9"),
        (Answers::Goip, "home.example.org (9.9.9.9)"),
        (Answers::Goip, "other.example.org (84.160.12.7)"),
    ] {
        assert!(matches!(read(answers, 200, body), Verdict::Trouble(_)), "{body}");
    }
}
