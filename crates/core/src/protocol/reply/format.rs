//! Response formats that aren't the dyndns2 return codes: a closed set, each read as strictly as what is known of it allows.
//! A page is never success, and neither is anything but a status that says so.

use serde::{Deserialize, Serialize};

use super::named::{Expected, Naming, addresses_in};
use super::text::Text;
use super::{
    Accepted, HaltReason, Meaning, Verdict, accepted, by_return_codes, classify, is_success, of_status,
    refusal_by_code, unknown,
};
use crate::protocol::retryable::RetryableError;
use crate::types::address::Addresses;
use crate::types::hostname::Hostname;

/// The format of a service's replies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResponseFormat {
    /// The return codes of dyndns2.
    #[default]
    Dyndns2,
    /// dyndns2, and 204 without a word where nothing was to be changed: Selfhost.
    Dyndns2OrNothing,
    /// dyndns2, or no more than an HTTP status: TwoDNS and IPv64, which other programs judge by that.
    Dyndns2OrStatus,
    /// A page of known words: DDNSS.
    Ddnss,
    /// `OK` or `KO`: Duck DNS.
    OkKo,
    /// `addresses updated` or `addresses unchanged`: dynv6.
    Dynv6,
    /// dyndns2, or `successfully_changed` and `no_change` in its place: Infomaniak.
    Infomaniak,
    /// `NO_ERROR`, `NO_ACCESS` …: easyDNS.
    Easydns,
    /// `200 Successful Update`: ChangeIP.
    Changeip,
    /// `Updated … from … to …`: FreeDNS.
    Freedns,
    /// The host name and the address in parentheses: GoIP.
    Goip,
    /// `success|100|…`: Regfish.
    Regfish,
    /// XML with an error count and the address: Namecheap.
    Namecheap,
    /// `code = 200` in a line of its own: Key-Systems.
    KeySystems,
    /// No more than an HTTP status is known: IONOS.
    Status,
    /// Unknown, as behind an update URL that a person wrote: dyndns2, or a plain word of success. It may name the address
    /// before, too.
    Any,
}

/// The first words of a line, and what they mean.
type Rows = &'static [(&'static str, Meaning)];

const GOOD: Meaning = Meaning::Accept(Accepted::Good);
const NO_CHANGE: Meaning = Meaning::Accept(Accepted::NoChange);
const BAD_AUTH: Meaning = Meaning::Halt(|| HaltReason::BadAuth);
const NO_HOST: Meaning = Meaning::Halt(|| HaltReason::NoHost);

// A refusal by `KO` names no cause: token or name, both of them a person's to set right.
const OK_KO: Rows = &[("OK", GOOD), ("KO", BAD_AUTH)];
const DYNV6: Rows = &[
    ("addresses updated", GOOD),
    ("addresses unchanged", NO_CHANGE),
    ("invalid authentication token", BAD_AUTH),
    ("zone not found", NO_HOST),
];
const INFOMANIAK: Rows = &[("successfully_changed", GOOD), ("no_change", NO_CHANGE)];
const EASYDNS: Rows = &[
    ("NO_ERROR", GOOD),
    ("NOERROR", GOOD),
    ("OK", GOOD),
    ("NO_ACCESS", BAD_AUTH),
    ("NOACCESS", BAD_AUTH),
    ("NO_SERVICE", Meaning::Halt(|| HaltReason::NotDonator)),
    ("NOSERVICE", Meaning::Halt(|| HaltReason::NotDonator)),
    ("ILLEGAL", Meaning::Halt(|| HaltReason::BadSystem)),
    ("ILLEGAL_INPUT", Meaning::Halt(|| HaltReason::BadSystem)),
    ("TOO_SOON", Meaning::ServerTrouble),
    ("TOOSOON", Meaning::ServerTrouble),
];
const DDNSS: Rows = &[
    ("badauth", BAD_AUTH),
    ("nohost", NO_HOST),
    ("notfqdn", Meaning::Halt(|| HaltReason::NotFqdn)),
    ("badysys", Meaning::Halt(|| HaltReason::BadSystem)),
];
const CHANGEIP: Rows = &[("200 Successful Update", GOOD), ("401", BAD_AUTH)];
const FREEDNS: Rows = &[
    ("Updated", GOOD),
    ("No IP change detected", NO_CHANGE),
    ("ERROR: Unable to locate this record", NO_HOST),
    ("ERROR: Invalid update URL", BAD_AUTH),
];
const REGFISH: Rows = &[
    ("success|100", GOOD),
    ("success|101", NO_CHANGE),
    ("error|401", BAD_AUTH),
    ("error|402", BAD_AUTH),
    ("error|412", Meaning::Halt(|| HaltReason::NotFqdn)),
    ("error|414", Meaning::ServerTrouble),
];
const KEY_SYSTEMS: Rows = &[("code = 200", GOOD), ("code = 530", BAD_AUTH)];
const ANY: Rows = &[
    ("OK", GOOD),
    ("KO", BAD_AUTH),
    ("updated", GOOD),
    ("unchanged", NO_CHANGE),
    ("success", GOOD),
    ("successful", GOOD),
];

impl ResponseFormat {
    /// Classifies a whole answer to a request that sent `sent` for `hostname`.
    pub fn classify(self, status: u16, body: &[u8], hostname: &Hostname, sent: &Addresses) -> Verdict {
        // No service has another meaning for these words.
        let verdict = refusal_by_code(&Text::of(body))
            .map_or_else(|| self.by_words(status, body, hostname, sent), Verdict::Halt);
        of_status(status, verdict)
    }

    fn by_words(self, status: u16, body: &[u8], hostname: &Hostname, sent: &Addresses) -> Verdict {
        let alone = Expected { sent, naming: Naming::SentAlone };
        match self {
            ResponseFormat::Dyndns2OrNothing if status == 204 && body.is_empty() => {
                Verdict::Accepted(Accepted::NoChange)
            }
            ResponseFormat::Dyndns2 | ResponseFormat::Dyndns2OrNothing => classify(status, body, sent),
            ResponseFormat::Dyndns2OrStatus => match classify(status, body, sent) {
                Verdict::Retry(RetryableError::Unreadable { .. }) => by_status(status, body),
                verdict => verdict,
            },
            ResponseFormat::Ddnss => ddnss(status, body, sent),
            ResponseFormat::OkKo => first_of(OK_KO, status, body, alone),
            ResponseFormat::Dynv6 => first_of(DYNV6, status, body, alone),
            ResponseFormat::Easydns => first_of(EASYDNS, status, body, alone),
            ResponseFormat::Changeip => first_of(CHANGEIP, status, body, alone),
            ResponseFormat::Regfish => first_of(REGFISH, status, body, alone),
            ResponseFormat::Infomaniak => or_dyndns2(INFOMANIAK, status, body, alone),
            ResponseFormat::Freedns => freedns(status, body, sent),
            ResponseFormat::Goip => goip(status, body, hostname, sent),
            ResponseFormat::Namecheap => namecheap(status, body, sent),
            ResponseFormat::KeySystems => key_systems(status, body, alone),
            ResponseFormat::Status => by_status(status, body),
            ResponseFormat::Any if status == 204 && body.is_empty() => Verdict::Accepted(Accepted::Good),
            ResponseFormat::Any => {
                or_dyndns2(ANY, status, body, Expected { sent, naming: Naming::OthersToo })
            }
        }
    }
}

/// The row whose words `line` begins with, as whole words. The longest counts.
fn row(rows: Rows, line: &str) -> Option<&'static Meaning> {
    let fits = |words: &str, meaning: &Meaning| {
        // A refusal may go on in whatever way; nobody knows what success in another script means.
        let ends = |c: char| {
            let is_known = c.is_ascii() || matches!(meaning, Meaning::Halt(_));
            is_known && !c.is_alphanumeric() && c != '_'
        };
        line.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words))
            && line[words.len()..].chars().next().is_none_or(ends)
    };
    let fitting = rows.iter().filter(|(words, meaning)| fits(words, meaning));
    let found = fitting.max_by_key(|(words, _)| words.len());
    found.map(|(_, meaning)| meaning)
}

/// The refusal that `line` begins with.
fn refusal(rows: Rows, line: &str) -> Option<HaltReason> {
    match row(rows, line)? {
        Meaning::Halt(reason) => Some(reason()),
        Meaning::Accept(_) | Meaning::ServerTrouble => None,
    }
}

/// The refusal that a text begins with, whatever comes after.
fn first_refusal(rows: Rows, text: &Text<'_>) -> Option<HaltReason> {
    text.wordy_lines().next().and_then(|line| refusal(rows, line))
}

/// The meaning of the first line; all others must be small talk.
fn first_of(rows: Rows, status: u16, body: &[u8], expected: Expected<'_>) -> Verdict {
    let text = Text::of(body);
    if let Some(reason) = first_refusal(rows, &text) {
        return Verdict::Halt(reason);
    }
    let line = text.plain_lines().into_iter().next().unwrap_or_default();
    match row(rows, line) {
        Some(meaning) => meant(meaning, line, status, body, expected),
        None => refused(status, body),
    }
}

fn or_dyndns2(rows: Rows, status: u16, body: &[u8], expected: Expected<'_>) -> Verdict {
    match by_return_codes(status, body, expected) {
        Verdict::Retry(RetryableError::Unreadable { .. }) => first_of(rows, status, body, expected),
        verdict => verdict,
    }
}

/// The verdict that a meaning stands for. Success needs a status of success.
fn meant(meaning: &Meaning, line: &str, status: u16, body: &[u8], expected: Expected<'_>) -> Verdict {
    match meaning {
        Meaning::Accept(_) if !is_success(status) => refused(status, body),
        Meaning::Accept(how) => accepted(*how, line, expected),
        Meaning::Halt(reason) => Verdict::Halt(reason()),
        Meaning::ServerTrouble => {
            // Nothing that may come after the code.
            let is_of_code = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '|');
            Verdict::Retry(RetryableError::Server {
                code: line.chars().take_while(is_of_code).take(20).collect(),
            })
        }
    }
}

/// An answer that isn't known to be success, by its status.
fn refused(status: u16, body: &[u8]) -> Verdict {
    match status {
        403 => Verdict::Halt(HaltReason::BadAuth),
        _ => unknown(status, body),
    }
}

fn by_status(status: u16, body: &[u8]) -> Verdict {
    let is_page = body.contains(&b'<');
    match status {
        200..=299 if !is_page => Verdict::Accepted(Accepted::Good),
        404 => Verdict::Halt(HaltReason::NoHost),
        _ => refused(status, body),
    }
}

/// It names the address before as well, so what was sent must be among those that it names.
fn freedns(status: u16, body: &[u8], sent: &Addresses) -> Verdict {
    let text = Text::of(body);
    if let Some(reason) = first_refusal(FREEDNS, &text) {
        return Verdict::Halt(reason);
    }
    let line = text.plain_lines().into_iter().next().unwrap_or_default();
    let named = addresses_in(line);
    match row(FREEDNS, line) {
        Some(Meaning::Accept(_)) if !sent.iter().all(|address| named.contains(&address.ip())) => {
            refused(status, body)
        }
        Some(Meaning::Accept(how)) if is_success(status) => Verdict::Accepted(*how),
        Some(meaning) => meant(meaning, line, status, body, Expected { sent, naming: Naming::OthersToo }),
        None => refused(status, body),
    }
}

/// The code has a line of its own.
fn key_systems(status: u16, body: &[u8], expected: Expected<'_>) -> Verdict {
    let is_code = |line: &&str| line.starts_with("code = ");
    let text = Text::of(body);
    if let Some(reason) = text.wordy_lines().find(is_code).and_then(|line| refusal(KEY_SYSTEMS, line)) {
        return Verdict::Halt(reason);
    }
    match text.plain_lines().into_iter().find(is_code).and_then(|line| row(KEY_SYSTEMS, line)) {
        Some(meaning) => meant(meaning, "code", status, body, expected),
        None => refused(status, body),
    }
}

fn goip(status: u16, body: &[u8], hostname: &Hostname, sent: &Addresses) -> Verdict {
    let text = Text::of(body);
    let line = text.plain_lines().into_iter().next().unwrap_or_default().to_lowercase();
    let refused_line = text.wordy_lines().next().unwrap_or_default().to_lowercase();
    let mut expected = sent.iter().map(|address| format!("{hostname} ({address})"));
    if status == 200 && expected.any(|expected| line.starts_with(&expected)) {
        Verdict::Accepted(Accepted::Good)
    } else if refused_line.starts_with("zugriff verweigert") {
        Verdict::Halt(HaltReason::BadAuth)
    } else {
        refused(status, body)
    }
}

/// A page, of which nothing but its words counts: `Updated 1 hostname.`, or a return code of dyndns2 that no page has for
/// another reason.
fn ddnss(status: u16, body: &[u8], sent: &Addresses) -> Verdict {
    let verdict = classify(status, body, sent);
    if !matches!(verdict, Verdict::Retry(RetryableError::Unreadable { .. })) {
        return verdict;
    }
    let page = Text::of(body);
    let text: Vec<&str> =
        page.as_str().split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    let text = text.join(" ");
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if let Some((_, meaning)) = DDNSS.iter().find(|(code, _)| words.contains(code)) {
        return meant(meaning, "", status, body, Expected { sent, naming: Naming::SentAlone });
    }
    let is_update = |at: &[&str]| {
        at[0] == "Updated" && at[1].parse().is_ok_and(|hosts: u32| hosts > 0) && at[2].starts_with("hostname")
    };
    if status == 200 && words.windows(3).any(is_update) {
        Verdict::Accepted(Accepted::Good)
    } else {
        refused(status, body)
    }
}

/// XML, so it has angle brackets; a page hasn't this one's elements.
fn namecheap(status: u16, body: &[u8], sent: &Addresses) -> Verdict {
    let body_text = Text::of(body);
    let text = body_text.as_str();
    let element = |name: &str| {
        let (_, after) = text.split_once(&format!("<{name}>"))?;
        after.split_once(&format!("</{name}>")).map(|(value, _)| value.trim())
    };
    let is_done = element("ErrCount") == Some("0") && element("Done") == Some("true");
    let named = element("IP").and_then(|text| addresses_in(text).first().copied());
    let names_sent = sent.iter().all(|address| named == Some(address.ip()));
    match (element("ResponseNumber"), named) {
        (Some("304156"), _) => Verdict::Halt(HaltReason::BadAuth),
        (Some("316153"), _) => Verdict::Halt(HaltReason::NoHost),
        (Some("316154"), _) => Verdict::Halt(HaltReason::NotActive),
        (None, Some(_)) if is_done && status == 200 && names_sent => Verdict::Accepted(Accepted::Good),
        (None, Some(named)) if is_done && status == 200 => {
            Verdict::Halt(HaltReason::OtherAddress { named: named.to_string() })
        }
        _ => refused(status, body),
    }
}

#[cfg(test)]
pub(super) mod tests;
