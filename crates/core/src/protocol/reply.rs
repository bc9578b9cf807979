//! The service's answer, classified. One table of return codes; the first word decides and must match exactly.

mod format;
mod named;

use serde::{Deserialize, Serialize};

pub use self::format::ResponseFormat;
use self::named::{Expected, Naming};
use crate::protocol::retryable::RetryableError;
use crate::types::address::Addresses;

/// Our reading of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The addresses are published.
    Accepted(Accepted),
    /// Stop until the person acts.
    Halt(HaltReason),
    /// Try again later.
    Retry(RetryableError),
}

/// The kind of an acceptance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Accepted {
    /// `good`: the record was changed.
    Good,
    /// `nochg`: it already held these addresses.
    NoChange,
}

/// The reason for a halt. Each is one cause with one way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum HaltReason {
    /// `badauth`: the token was replaced or mistyped; or the account's password is wrong.
    BadAuth,
    /// `!yours`: host name and token don't belong together.
    NotYours,
    /// `notfqdn`: not a full host name.
    NotFqdn,
    /// `nohost`: the host doesn't exist or was deleted.
    NoHost,
    /// `fatal`: the host is switched off by hand.
    Fatal,
    /// `numhost`: too many hosts in one request.
    NumHost,
    /// `abuse`: locked after faulty attempts.
    Abuse,
    /// `badagent`: the server refuses this program.
    BadAgent,
    /// `!donator`: a feature that the account hasn't got.
    NotDonator,
    /// `!active`: the account or host isn't activated.
    NotActive,
    /// `badsys`: an unknown system parameter.
    BadSystem,
    /// `good` or `nochg` with an address that wasn't sent (`good 127.0.0.1` is a refusal at some services).
    OtherAddress {
        /// The address that the answer names.
        named: String,
    },
    /// No token or password is saved.
    SecretMissing {
        /// The program that keeps secrets here, and has none; none where it has no name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "bindings", ts(optional))]
        keyring: Option<String>,
    },
}

impl HaltReason {
    /// True when another token or password is the way out.
    pub fn is_about_secret(&self) -> bool {
        matches!(self, HaltReason::BadAuth | HaltReason::SecretMissing { .. })
    }
}

/// The documentation that a return code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Documented {
    /// Securepoint's public wiki.
    Securepoint,
    /// The general dyndns2 rules of Dyn and No-IP.
    Dyndns2,
}

/// One row of the table.
#[derive(Clone, Debug)]
pub struct ReturnCode {
    /// The first word of the answer.
    pub word: &'static str,
    /// Its meaning to us.
    pub meaning: Meaning,
    /// Its documentation.
    pub source: Documented,
}

/// The meaning of a return code to us.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// Published; the answer must name nothing but what was sent.
    Accept(Accepted),
    /// Stop until the person acts.
    Halt(fn() -> HaltReason),
    /// The server has trouble: try again after the wait of [`RetryableError::Server`].
    ServerTrouble,
}

/// Every return code that SPDYN or another dyndns2 service gives. Anything else is never success.
pub const RETURN_CODES: [ReturnCode; 15] = {
    use Documented::{Dyndns2, Securepoint};
    use Meaning::{Accept, Halt, ServerTrouble};
    const fn row(word: &'static str, meaning: Meaning, source: Documented) -> ReturnCode {
        ReturnCode { word, meaning, source }
    }
    [
        row("good", Accept(Accepted::Good), Securepoint),
        row("nochg", Accept(Accepted::NoChange), Securepoint),
        row("abuse", Halt(|| HaltReason::Abuse), Securepoint),
        row("badauth", Halt(|| HaltReason::BadAuth), Securepoint),
        row("!yours", Halt(|| HaltReason::NotYours), Securepoint),
        row("notfqdn", Halt(|| HaltReason::NotFqdn), Securepoint),
        row("nohost", Halt(|| HaltReason::NoHost), Securepoint),
        row("fatal", Halt(|| HaltReason::Fatal), Securepoint),
        row("numhost", Halt(|| HaltReason::NumHost), Securepoint),
        row("badagent", Halt(|| HaltReason::BadAgent), Dyndns2),
        row("!donator", Halt(|| HaltReason::NotDonator), Dyndns2),
        row("!active", Halt(|| HaltReason::NotActive), Dyndns2),
        row("badsys", Halt(|| HaltReason::BadSystem), Dyndns2),
        row("dnserr", ServerTrouble, Dyndns2),
        row("911", ServerTrouble, Dyndns2),
    ]
};

/// Classifies an answer to a request that sent `sent`. Several lines must all succeed; else the worst one counts.
/// A redirect is never success, whatever its body says: it isn't the update server that speaks.
pub fn classify(status: u16, body: &[u8], sent: &Addresses) -> Verdict {
    by_return_codes(status, body, Expected { sent, naming: Naming::SentAlone })
}

fn by_return_codes(status: u16, body: &[u8], expected: Expected<'_>) -> Verdict {
    let lines = std::str::from_utf8(body).ok().map(|text| {
        text.trim_start_matches('\u{feff}')
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .collect::<Vec<_>>()
    });
    let verdicts: Option<Vec<Verdict>> = lines
        .filter(|lines| !lines.is_empty())
        .and_then(|lines| lines.iter().map(|l| read_line(l, expected)).collect());
    let Some(verdicts) = verdicts else {
        return unknown(status, body);
    };
    match verdicts.into_iter().max_by_key(severity) {
        Some(Verdict::Accepted(_)) if (300..=399).contains(&status) => unknown(status, body),
        Some(verdict) => verdict,
        None => unknown(status, body),
    }
}

/// The first line of an answer, cleaned for people: printable, at most 80 characters.
pub fn first_line(body: &[u8]) -> String {
    let start = &body[..body.len().min(4096)];
    let text = String::from_utf8_lossy(start);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(80).collect()
}

fn severity(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Accepted(Accepted::NoChange) => 0,
        Verdict::Accepted(Accepted::Good) => 1,
        Verdict::Retry(_) => 2,
        Verdict::Halt(_) => 3,
    }
}

/// One line; none when its first word isn't in the table.
fn read_line(line: &str, expected: Expected<'_>) -> Option<Verdict> {
    let first = line.split([' ', '\t']).next()?;
    let code = RETURN_CODES.iter().find(|code| code.word == first)?;
    Some(match code.meaning {
        Meaning::Accept(how) => accepted(how, line, expected),
        Meaning::Halt(reason) => Verdict::Halt(reason()),
        Meaning::ServerTrouble => Verdict::Retry(RetryableError::Server { code: code.word.to_owned() }),
    })
}

/// The verdict of a line of success. It is a refusal where it names another address instead of what was sent.
fn accepted(how: Accepted, line: &str, expected: Expected<'_>) -> Verdict {
    match expected.contradiction(line) {
        None => Verdict::Accepted(how),
        Some(named) => Verdict::Halt(HaltReason::OtherAddress { named }),
    }
}

/// An answer without a known code. Over a verified connection a 401 is the server's own refusal, and repeating it
/// would only lock the host.
fn unknown(status: u16, body: &[u8]) -> Verdict {
    match status {
        401 => Verdict::Halt(HaltReason::BadAuth),
        429 | 500..=599 => Verdict::Retry(RetryableError::Server { code: status.to_string() }),
        _ => Verdict::Retry(RetryableError::Unreadable { line: first_line(body) }),
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;
    use crate::types::address::PublicAddress;

    fn sent() -> Addresses {
        let public = |text: &str| PublicAddress::try_from(text.parse::<IpAddr>().expect("literal")).ok();
        Addresses { ipv4: public("84.160.12.7"), ipv6: public("2003:e1::7") }
    }

    fn read(body: &str) -> Verdict {
        classify(200, body.as_bytes(), &sent())
    }

    #[test]
    fn another_secret_is_the_way_out_of_a_wrong_and_of_no_secret_alone() {
        for (reason, is_way_out) in [
            (HaltReason::BadAuth, true),
            (HaltReason::SecretMissing { keyring: None }, true),
            (HaltReason::NotYours, false),
            (HaltReason::BadSystem, false),
            (HaltReason::OtherAddress { named: String::new() }, false),
        ] {
            assert_eq!(reason.is_about_secret(), is_way_out, "{reason:?}");
        }
    }

    #[test]
    fn every_form_of_success_is_read() {
        for body in [
            "good",
            "good\r\n",
            "good 84.160.12.7",
            "good 84.160.12.7,2003:e1::7",
            "good 2003:e1:0::7",
            "good 84.160.12.7\ngood 2003:e1::7\n",
            "nochg 84.160.12.7\ngood 2003:e1::7",
        ] {
            assert_eq!(read(body), Verdict::Accepted(Accepted::Good), "{body:?}");
        }
        assert_eq!(read("nochg 84.160.12.7"), Verdict::Accepted(Accepted::NoChange));
    }

    #[test]
    fn every_row_of_the_table_is_read_as_it_says_whatever_the_status() {
        for code in &RETURN_CODES {
            for status in [200, 401, 404, 500] {
                let verdict = classify(status, code.word.as_bytes(), &sent());
                let expected = match code.meaning {
                    Meaning::Accept(how) => Verdict::Accepted(how),
                    Meaning::Halt(reason) => Verdict::Halt(reason()),
                    Meaning::ServerTrouble => {
                        Verdict::Retry(RetryableError::Server { code: code.word.into() })
                    }
                };
                assert_eq!(verdict, expected, "{} with {status}", code.word);
            }
        }
    }

    #[test]
    fn an_answer_must_name_what_was_sent() {
        let named = |text: &str| Verdict::Halt(HaltReason::OtherAddress { named: text.into() });
        assert_eq!(read("good 127.0.0.1"), named("127.0.0.1"));
        assert_eq!(read("good 84.160.12.7,2003:e1::8"), named("2003:e1::8"));
        assert_eq!(read("nochg 84.160.12.8"), named("84.160.12.8"));
    }

    #[test]
    fn the_worst_of_several_lines_counts() {
        assert_eq!(read("good\nbadauth"), Verdict::Halt(HaltReason::BadAuth));
        assert_eq!(read("dnserr\ngood"), Verdict::Retry(RetryableError::Server { code: "dnserr".into() }));
        assert!(matches!(read("good\nwhat?"), Verdict::Retry(RetryableError::Unreadable { .. })));
    }

    #[test]
    fn nothing_else_is_ever_success() {
        for body in [
            "",
            "\n\n",
            "<html><body>good 84.160.12.7</body></html>",
            "GOOD",
            "goodbye",
            "good,84.160.12.7",
            "Your login is good",
            "OK",
            "\u{fffd}good",
        ] {
            assert!(matches!(read(body), Verdict::Retry(RetryableError::Unreadable { .. })), "{body:?}");
        }
        assert!(matches!(
            classify(200, b"\xff\xfegood", &sent()),
            Verdict::Retry(RetryableError::Unreadable { .. })
        ));
        assert!(matches!(classify(302, b"good", &sent()), Verdict::Retry(RetryableError::Unreadable { .. })));
        assert_eq!(classify(401, b"<html>", &sent()), Verdict::Halt(HaltReason::BadAuth));
        assert_eq!(
            classify(502, b"<html>", &sent()),
            Verdict::Retry(RetryableError::Server { code: "502".into() })
        );
    }

    #[test]
    fn the_shown_line_is_short_and_printable() {
        let long = "x".repeat(500);
        assert_eq!(first_line(long.as_bytes()).len(), 80);
        assert_eq!(first_line(b"\n  <!DOCTYPE html>\x1b[31m\n"), "<!DOCTYPE html> [31m");
    }
}
