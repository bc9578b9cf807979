//! A refusal is a refusal, whatever stands around its first word.

use std::net::IpAddr;

use proptest::prelude::*;

use super::format::tests::ALL;
use super::*;
use crate::types::address::PublicAddress;
use crate::types::hostname::Hostname;

/// What comes after the word: an explanation, a page, other encodings, a body that was cut.
const ENDINGS: [&[u8]; 16] = [
    b"",
    b"\r\n",
    b" The user name or password is wrong.",
    b": wrong password",
    b", see https://example.org/help",
    b".",
    b"\nThe user name or password is wrong.\nSee our pages.",
    b"\n<html><body>good 84.160.12.7</body></html>",
    b"<br>\n<p>good</p>",
    b" <b>no</b>",
    b" Passwort ung\xfcltig",
    b"\xa0ung\xfcltig",
    b"\r\n\xff\xfe\x00\x01",
    b"\0",
    b"\ngood 84.160.12.7",
    b" 84.160.12.8 [127.0.0.1]",
];

/// What comes before it.
const BEGINNINGS: [&str; 6] = ["", "\u{feff}", "\r\n \t", "\u{a0}", "<html>\n<body>", "good\n"];

const STATUSES: [u16; 6] = [200, 302, 401, 404, 429, 500];

fn sent() -> Addresses {
    let public = |text: &str| text.parse::<IpAddr>().ok().and_then(|ip| PublicAddress::try_from(ip).ok());
    Addresses { ipv4: public("84.160.12.7"), ipv6: None }
}

fn read(format: ResponseFormat, status: u16, body: &[u8]) -> Verdict {
    format.classify(status, body, &Hostname::parse("home.example.org").expect("valid"), &sent())
}

fn refusals() -> impl Iterator<Item = (&'static str, HaltReason)> {
    RETURN_CODES.iter().filter_map(|code| match code.meaning {
        Meaning::Halt(reason) => Some((code.word, reason())),
        Meaning::Accept(_) | Meaning::ServerTrouble => None,
    })
}

fn utf16(text: &[u8], unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    String::from_utf8_lossy(text).encode_utf16().flat_map(unit).collect()
}

#[test]
fn a_first_word_that_refuses_halts_whatever_comes_with_it() {
    for (word, reason) in refusals() {
        let halt = Verdict::Halt(reason);
        for (beginning, ending) in BEGINNINGS.iter().flat_map(|b| ENDINGS.iter().map(move |e| (b, e))) {
            let bytes = [beginning.as_bytes(), word.as_bytes(), ending].concat();
            for (status, format) in STATUSES.iter().flat_map(|s| ALL.map(move |format| (*s, format))) {
                let verdict = read(format, status, &bytes);
                assert_eq!(verdict, halt, "{format:?}: {status} {bytes:?}");
                assert_eq!(of_beginning(verdict), Some(halt.clone()));
            }
            let (little, big) = (utf16(&bytes, u16::to_le_bytes), utf16(&bytes, u16::to_be_bytes));
            let marked = [[b"\xff\xfe", &little[..]].concat(), [b"\xfe\xff", &big[..]].concat()];
            // Without its mark, UTF-16 is told by its ASCII alone.
            let unmarked = [little, big].into_iter().filter(|_| beginning.is_ascii());
            for body in unmarked.chain(marked) {
                assert_eq!(read(ResponseFormat::Dyndns2, 200, &body), halt, "{body:?}");
            }
        }
    }
}

#[test]
fn the_status_401_halts_whatever_comes_with_it() {
    let bodies =
        ["", "<html>", "good", "good 84.160.12.7", "good 127.0.0.1", "911", "dnserr", "nochg", "OK", "what?"];
    for (format, body) in ALL.into_iter().flat_map(|format| bodies.map(|body| (format, body))) {
        assert_eq!(
            read(format, 401, body.as_bytes()),
            Verdict::Halt(HaltReason::BadAuth),
            "{format:?}: {body}"
        );
    }
}

#[test]
fn the_words_of_each_service_refuse_whatever_comes_with_them() {
    for (format, words, reason) in [
        (ResponseFormat::OkKo, "KO", HaltReason::BadAuth),
        (ResponseFormat::Any, "KO", HaltReason::BadAuth),
        (ResponseFormat::Dynv6, "invalid authentication token", HaltReason::BadAuth),
        (ResponseFormat::Dynv6, "zone not found", HaltReason::NoHost),
        (ResponseFormat::Easydns, "NO_ACCESS", HaltReason::BadAuth),
        (ResponseFormat::Changeip, "401", HaltReason::BadAuth),
        (ResponseFormat::Freedns, "ERROR: Invalid update URL", HaltReason::BadAuth),
        (ResponseFormat::Regfish, "error|402", HaltReason::BadAuth),
        (ResponseFormat::Goip, "Zugriff verweigert", HaltReason::BadAuth),
        (ResponseFormat::KeySystems, "code = 530", HaltReason::BadAuth),
        (ResponseFormat::Ddnss, "badauth", HaltReason::BadAuth),
    ] {
        for ending in ENDINGS {
            let body = [words.as_bytes(), ending].concat();
            assert_eq!(read(format, 200, &body), Verdict::Halt(reason.clone()), "{format:?}: {body:?}");
        }
    }
}

#[test]
fn what_only_begins_like_a_refusal_is_none() {
    for body in [
        "fatality",
        "abuse@example.org",
        "nohost.example.org",
        "Fatal error",
        "BADAUTH",
        "my badauth",
        "bad auth",
    ] {
        assert!(matches!(read(ResponseFormat::Dyndns2, 200, body.as_bytes()), Verdict::Retry(_)), "{body}");
    }
}

#[test]
fn success_needs_the_right_status_plain_text_and_the_whole_answer() {
    let good = |status, body: &[u8]| matches!(classify(status, body, &sent()), Verdict::Accepted(_));
    assert!(good(200, b"good 84.160.12.7\r\n") && good(201, b"good"));
    for status in [100, 204, 300, 302, 400, 403, 404, 429, 500] {
        assert_eq!(good(status, b"good"), status == 204, "{status}");
    }
    for body in [
        &b"good <br>"[..],
        b"good\n<p>",
        b"good \xfc",
        b"\xff\xfeg\0o\0o\0d\0",
        b"good\nwhat?",
        "\u{a0}good".as_bytes(),
        "good\u{a0}".as_bytes(),
        "good\u{a0}84.160.12.7".as_bytes(),
        "\u{3000}good".as_bytes(),
        b"good:",
        b"good.",
    ] {
        assert!(matches!(classify(200, body, &sent()), Verdict::Retry(_)), "{body:?}");
    }
    for body in [&b"good"[..], b"good 84.160.12.7", b"good 84.160.12.70", b"what?", b""] {
        assert_eq!(of_beginning(classify(200, body, &sent())), None, "{body:?}");
    }
    let trouble = Verdict::Retry(RetryableError::Server { code: "503".into() });
    assert_eq!(of_beginning(classify(503, b"go", &sent())), Some(trouble));
}

proptest! {
    #[test]
    fn a_body_whose_first_word_refuses_never_leads_to_another_try(
        row in 0..RETURN_CODES.len(),
        separator in prop::sample::select(vec![" ", "\t", "\r\n", "\n", ":", ",", "<", "\u{a0}", "\0", ";", "("]),
        rest in prop::collection::vec(any::<u8>(), 0..200),
        status in 100u16..=599,
        format in prop::sample::select(ALL.to_vec()),
    ) {
        let code = &RETURN_CODES[row];
        let body = [code.word.as_bytes(), separator.as_bytes(), &rest].concat();
        let verdict = read(format, status, &body);
        if matches!(code.meaning, Meaning::Halt(_)) || status == 401 {
            prop_assert!(matches!(verdict, Verdict::Halt(_)), "{format:?}: {status} {body:?}: {verdict:?}");
            prop_assert!(of_beginning(verdict).is_some());
        }
    }

    #[test]
    fn any_bytes_are_classified_without_harm(
        body in prop::collection::vec(any::<u8>(), 0..200),
        status in 100u16..=599,
        format in prop::sample::select(ALL.to_vec()),
    ) {
        let verdict = read(format, status, &body);
        prop_assert!(!matches!(of_beginning(verdict), Some(Verdict::Accepted(_))));
    }
}
