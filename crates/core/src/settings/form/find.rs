//! Finds an entry by its host name, as people type it.

use std::borrow::Cow;

use super::Form;
use crate::types::hostname::{Hostname, HostnameError};

/// The position of a host name's entry in the form, however the name is spelt.
pub fn find(form: &Form, hostname: &str) -> Option<usize> {
    let named = Hostname::parse(&in_dns(hostname)).ok()?;
    form.entries.iter().position(|entry| Hostname::parse(&entry.hostname).is_ok_and(|host| host == named))
}

/// The name as DNS has it, where it was typed with umlauts.
pub fn in_dns(hostname: &str) -> Cow<'_, str> {
    match Hostname::parse(hostname) {
        Err(HostnameError::NotAscii { spelling }) => Cow::Owned(spelling),
        _ => Cow::Borrowed(hostname),
    }
}
