//! One request of a file, and which two are the same for both families.

use super::parts::{Parts, known_at};
use super::placeholder::Beside;
use crate::import::candidate::Seen;
use crate::import::found::RemarkWhat;
use crate::protocol::dialect::Families;
use crate::settings::Records;
use crate::settings::providers::LoginStyle;

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
        let Parts { server, hosts, user, secret, beyond, .. } = update.parts.clone();
        (server, hosts, user, secret, beyond, update.beside.host.clone(), update.seen)
    };
    let has_both = matches!(
        (one.parts.records, other.parts.records),
        (Records::Ipv4, Records::Ipv6) | (Records::Ipv6, Records::Ipv4)
    );
    let is_same_request = for_any_family(one) == for_any_family(other) || has_own_request(one);
    has_both && login(one) == login(other) && is_same_request
}

/// True at a known service, whose own request is for both families, whatever the URLs say.
fn has_own_request(update: &Update) -> bool {
    let has_user = !update.parts.user.is_empty() || !update.beside.user.is_empty();
    known_at(&update.parts.server).is_some_and(|known| {
        known.families != Families::Ipv4Only && (known.login != LoginStyle::Account || has_user)
    })
}

/// The request with a place for an address of either family.
pub(super) fn for_any_family(update: &Update) -> Option<String> {
    let request = update.parts.request.as_ref()?;
    Some(request.replace("{ip4}", "{ip}").replace("{ip6}", "{ip}"))
}
