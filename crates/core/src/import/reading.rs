//! Collects the contents of a file: each candidate becomes an entry, or is left out with its reason.

use std::collections::{BTreeMap, BTreeSet};

use super::candidate::{Candidate, Doubt};
use super::entry::{check_found_secret, form, login, remark_on_token, seen_into};
use super::found::{
    Found, Import, ImportSource, LeftOut, LeftOutWhy, MOST_ENTRIES, MOST_LEFT_OUT, Remark, RemarkWhat,
};
use super::name::{LONGEST_NAME, completed, is_placeholder, nameable};
use super::server::{server_of, todays_server};
use crate::settings::form::{EntryForm, served};
use crate::settings::providers::by_server;
use crate::types::address::Family;
use crate::types::hostname::{Hostname, HostnameError};
use crate::types::token::tidy;

/// The contents of a file, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// None where a later one counts instead.
    found: Vec<Option<Found>>,
    repeated: Repeated,
    left_out: Vec<LeftOut>,
    left_out_more: u32,
    remarks: Vec<Remark>,
    /// The records that are kept, and the positions of their entries.
    kept: BTreeMap<(Hostname, String, Family), usize>,
}

/// Which of several entries for the same record counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Repeated {
    /// The first one.
    #[default]
    FirstCounts,
    /// The last one.
    LastCounts,
}

impl Reading {
    /// Says which of several entries for the same record counts.
    pub(super) fn repeated(&mut self, repeated: Repeated) {
        self.repeated = repeated;
    }

    /// Takes a candidate, or leaves it out.
    pub(super) fn offer(&mut self, mut candidate: Candidate<'_>) {
        let known = server_of(&candidate).ok().and_then(|server| by_server(&server));
        let hostname = completed(candidate.hostname, known);
        let mut parsed = Hostname::parse(&hostname);
        if let Err(HostnameError::NotAscii { spelling }) = &parsed {
            candidate.remarks.push(RemarkWhat::Spelling);
            parsed = Hostname::parse(spelling);
        }
        let host = match parsed {
            Ok(host) => host,
            Err(error) => {
                let why = no_host(&error, candidate.hostname);
                let is_missing = why == LeftOutWhy::NoHostname;
                let what = if is_missing { "" } else { nameable(candidate.hostname, candidate.doubt) };
                return self.leave_out(candidate.line, what, why);
            }
        };
        match self.accept(&mut candidate, &host) {
            Ok(()) => {
                let remark = |what: &RemarkWhat| Remark {
                    line: candidate.line,
                    hostname: host.to_string(),
                    what: *what,
                };
                let room = MOST_LEFT_OUT.saturating_sub(self.remarks.len());
                self.remarks.extend(candidate.remarks.iter().map(remark).take(room));
            }
            Err(LeftOutWhy::OtherProtocol) => {
                self.leave_out_for(candidate.line, "", &[host.as_str()], LeftOutWhy::OtherProtocol);
            }
            Err(why) => self.leave_out(candidate.line, host.as_str(), why),
        }
    }

    fn accept(&mut self, candidate: &mut Candidate<'_>, host: &Hostname) -> Result<(), LeftOutWhy> {
        if self.found.len() >= MOST_ENTRIES {
            return Err(LeftOutWhy::TooMany);
        }
        let secret = tidy(candidate.secret);
        check_found_secret(&secret)?;
        let server = todays_server(candidate)?;
        let (login, user) = login(candidate.user, host, &secret, &server)?;
        let mut form = form(candidate, host, &server, login, user)?;
        seen_into(&mut form, candidate);
        let service = served(&form).map_err(|_| LeftOutWhy::OtherProtocol)?;
        if service.not_kept(form.protocol).is_some() {
            return Err(LeftOutWhy::OtherProtocol);
        }
        self.keep(&form, host, service.server.authority())?;
        candidate.remarks.extend(remark_on_token(&form, &service.server, &secret));
        self.found.push(Some(Found {
            line: candidate.line,
            form,
            secret: secret.as_str().into(),
            names_server: candidate.server.is_some(),
        }));
        Ok(())
    }

    /// Keeps the records of the entry that comes next. Where one is kept already, one of the two is left out.
    fn keep(&mut self, form: &EntryForm, host: &Hostname, authority: &str) -> Result<(), LeftOutWhy> {
        let key = |family| (host.clone(), authority.to_owned(), family);
        let earlier: BTreeSet<usize> =
            form.protocol.families().filter_map(|family| self.kept.get(&key(family)).copied()).collect();
        if !earlier.is_empty() && self.repeated == Repeated::FirstCounts {
            return Err(LeftOutWhy::Twice);
        }
        for index in earlier {
            if let Some(old) = self.found.get_mut(index).and_then(Option::take) {
                for family in old.form.protocol.families() {
                    self.kept.remove(&key(family));
                }
                self.remarks.retain(|remark| remark.line != old.line || remark.hostname != old.form.hostname);
                self.leave_out(old.line, host.as_str(), LeftOutWhy::Again);
            }
        }
        self.kept.extend(form.protocol.families().map(|family| (key(family), self.found.len())));
        Ok(())
    }

    /// Notes a part that can't be used. `what` is a host name, or the name of a protocol or service.
    pub(super) fn leave_out(&mut self, line: u32, what: &str, why: LeftOutWhy) {
        self.leave_out_for(line, what, &[], why);
    }

    /// Notes a part that can't be used: `what` is a protocol or service, and these are the names of its hosts.
    pub(super) fn leave_out_for(&mut self, line: u32, what: &str, hosts: &[&str], why: LeftOutWhy) {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
        let is_host = Hostname::parse(what).is_ok() || nameable(what, Doubt::None) == what;
        let is_shown = is_host || (what.len() <= LONGEST_NAME && what.chars().all(is_name));
        let what = if is_shown { what.to_owned() } else { String::new() };
        let hosts: Vec<&str> = hosts.iter().filter(|host| !host.is_empty()).copied().collect();
        let hostname = (!hosts.is_empty()).then(|| hosts.join(", "));
        self.note(LeftOut { line: Some(line), what, hostname, why });
    }

    /// Notes that the whole file can't be used.
    pub(super) fn leave_out_file(&mut self, why: LeftOutWhy) {
        self.note(LeftOut { line: None, what: String::new(), hostname: None, why });
    }

    fn note(&mut self, left_out: LeftOut) {
        if self.left_out.len() < MOST_LEFT_OUT {
            self.left_out.push(left_out);
        } else {
            self.left_out_more = self.left_out_more.saturating_add(1);
        }
    }

    /// Ends the reading.
    pub(super) fn finish(mut self, source: ImportSource) -> Import {
        if self.found.is_empty() && self.left_out.is_empty() {
            self.leave_out_file(LeftOutWhy::NotRecognised);
        }
        self.left_out.sort_by_key(|left_out| left_out.line);
        Import {
            source,
            found: self.found.into_iter().flatten().collect(),
            left_out: self.left_out,
            left_out_more: self.left_out_more,
            remarks: self.remarks,
        }
    }
}

/// The reason why a text is no host name.
fn no_host(error: &HostnameError, text: &str) -> LeftOutWhy {
    match error {
        HostnameError::Missing => LeftOutWhy::NoHostname,
        _ if is_placeholder(text) => LeftOutWhy::NoHostname,
        HostnameError::Character { .. } if is_wildcard(text) => LeftOutWhy::Wildcard,
        HostnameError::OtherLetters { .. } => LeftOutWhy::OtherLetters,
        _ => LeftOutWhy::NotAHostname,
    }
}

/// True for `*` and for `*.example.org`: any name below a domain.
fn is_wildcard(text: &str) -> bool {
    let text = text.trim();
    text == "*" || text.strip_prefix("*.").is_some_and(|domain| Hostname::parse(domain).is_ok())
}
