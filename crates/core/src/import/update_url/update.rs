//! One request of a file, and which two are the same for both families.

use super::parts::Parts;
use super::placeholder::Beside;
use crate::import::candidate::Seen;
use crate::import::found::RemarkWhat;
use crate::settings::Records;

/// One request of a file.
#[derive(Clone, Debug)]
pub(super) struct Update {
    pub(super) line: u32,
    pub(super) parts: Parts,
    pub(super) beside: Beside,
    pub(super) seen: Seen<'static>,
    pub(super) remarks: Vec<RemarkWhat>,
}

/// True for the requests of one host for its two families.
pub(super) fn are_pair(one: &Update, other: &Update) -> bool {
    let login = |update: &Update| {
        let Parts { server, hosts, user, secret, is_beyond, .. } = update.parts.clone();
        (server, hosts, user, secret, is_beyond, update.beside.host.clone(), update.seen)
    };
    let has_both = matches!(
        (one.parts.records, other.parts.records),
        (Records::Ipv4, Records::Ipv6) | (Records::Ipv6, Records::Ipv4)
    );
    has_both && login(one) == login(other) && for_any_family(one) == for_any_family(other)
}

/// The request with a place for an address of either family.
pub(super) fn for_any_family(update: &Update) -> Option<String> {
    let request = update.parts.request.as_ref()?;
    Some(request.replace("{ip4}", "{ip}").replace("{ip6}", "{ip}"))
}
