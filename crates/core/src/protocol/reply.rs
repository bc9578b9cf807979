//! The service's answer, classified. One table of return codes, whose words must match exactly; the first word decides.

mod format;
mod line;
mod named;
#[cfg(test)]
mod refusals;
mod text;

use serde::{Deserialize, Serialize};

pub use self::format::ResponseFormat;
pub use self::line::{first_line, first_line_without};
use self::named::{Expected, Naming};
use self::text::{Text, after_word};
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
    /// True when the service may hold what was sent although it refused it.
    pub(crate) fn may_have_published(&self) -> bool {
        matches!(self, HaltReason::OtherAddress { .. })
    }

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

/// Classifies a whole answer to a request that sent `sent`.
///
/// A refusal is a refusal: by the first word, or by the status 401, in whatever text and with whatever status. Everything
/// else is needed for success only: a status of success, plain text, nothing but known lines, and no other address. A
/// redirect is never success, because it isn't the update server that speaks.
pub fn classify(status: u16, body: &[u8], sent: &Addresses) -> Verdict {
    let expected = Expected { sent, naming: Naming::SentAlone };
    of_status(status, by_return_codes(status, body, expected))
}

/// The verdict of the beginning of an answer whose `verdict` would be that if it were the whole: a refusal or the
/// server's trouble. None where more would be needed.
pub(super) fn of_beginning(verdict: Verdict) -> Option<Verdict> {
    match verdict {
        Verdict::Accepted(_)
        | Verdict::Halt(HaltReason::OtherAddress { .. })
        | Verdict::Retry(RetryableError::Unreadable { .. }) => None,
        Verdict::Halt(_) | Verdict::Retry(_) => Some(verdict),
    }
}

/// `verdict`, unless the status alone is a refusal. Over a verified connection a 401 is the server's own, and repeating it
/// would only lock the host.
fn of_status(status: u16, verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Halt(HaltReason::OtherAddress { .. }) | Verdict::Accepted(_) | Verdict::Retry(_)
            if status == 401 =>
        {
            Verdict::Halt(HaltReason::BadAuth)
        }
        verdict => verdict,
    }
}

/// The refusal among the return codes that a text begins with.
fn refusal_by_code(text: &Text<'_>) -> Option<HaltReason> {
    match worst_code(text) {
        Some(Verdict::Halt(reason)) => Some(reason),
        _ => None,
    }
}

/// The worst return code of the lines that a text begins with, if that isn't one of success.
fn worst_code(text: &Text<'_>) -> Option<Verdict> {
    text.wordy_lines().map_while(code_of).filter_map(without_success).max_by_key(severity)
}

fn is_success(status: u16) -> bool {
    (200..=299).contains(&status)
}

/// Of several lines the worst counts, as far as lines are known; for success, all must be.
fn by_return_codes(status: u16, body: &[u8], expected: Expected<'_>) -> Verdict {
    let text = Text::of(body);
    if let Some(verdict) = worst_code(&text) {
        return verdict;
    }
    let lines = text.plain_lines();
    let verdicts: Option<Vec<Verdict>> = lines.iter().map(|line| success(line, expected)).collect();
    let verdict = verdicts.and_then(|verdicts| verdicts.into_iter().max_by_key(severity));
    verdict.filter(|_| is_success(status)).unwrap_or_else(|| unknown(status, body))
}

fn severity(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Accepted(Accepted::NoChange) => 0,
        Verdict::Accepted(Accepted::Good) => 1,
        Verdict::Retry(_) => 2,
        Verdict::Halt(_) => 3,
    }
}

/// The row of the table whose word a line begins with.
fn code_of(line: &str) -> Option<&'static ReturnCode> {
    RETURN_CODES.iter().find(|code| after_word(line, code.word).is_some())
}

/// The verdict of a return code that is no success.
fn without_success(code: &ReturnCode) -> Option<Verdict> {
    match code.meaning {
        Meaning::Accept(_) => None,
        Meaning::Halt(reason) => Some(Verdict::Halt(reason())),
        Meaning::ServerTrouble => Some(Verdict::Retry(RetryableError::Server { code: code.word.to_owned() })),
    }
}

/// The verdict of a line whose first word is one of success, and ends with a space or with the line; none of any other.
fn success(line: &str, expected: Expected<'_>) -> Option<Verdict> {
    let first = line.split([' ', '\t']).next()?;
    RETURN_CODES.iter().find(|code| code.word == first).and_then(|code| match code.meaning {
        Meaning::Accept(how) => Some(accepted(how, line, expected)),
        Meaning::Halt(_) | Meaning::ServerTrouble => None,
    })
}

/// The verdict of a line of success. It is a refusal where it names another address instead of what was sent.
fn accepted(how: Accepted, line: &str, expected: Expected<'_>) -> Verdict {
    match expected.contradiction(line) {
        None => Verdict::Accepted(how),
        Some(named) => Verdict::Halt(HaltReason::OtherAddress { named }),
    }
}

/// An answer without a known code.
fn unknown(status: u16, body: &[u8]) -> Verdict {
    match status {
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
    fn every_row_of_the_table_is_read_as_it_says_and_success_needs_its_status() {
        for code in &RETURN_CODES {
            for status in [200, 302, 401, 404, 500] {
                let verdict = classify(status, code.word.as_bytes(), &sent());
                let expected = match code.meaning {
                    Meaning::Halt(reason) => Verdict::Halt(reason()),
                    _ if status == 401 => Verdict::Halt(HaltReason::BadAuth),
                    Meaning::Accept(how) if status == 200 => Verdict::Accepted(how),
                    Meaning::Accept(_) => unknown(status, code.word.as_bytes()),
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
        for body in ["good 127.0.0.1", "good [127.0.0.1]", "good (127.0.0.1)", "good 127.000.000.001"] {
            assert_eq!(read(body), named("127.0.0.1"), "{body}");
        }
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
}
