//! A possible entry of a file.

use super::found::RemarkWhat;
use crate::settings::Records;

/// A possible entry, in a file's own words.
#[derive(Clone, Debug, Default)]
pub(super) struct Candidate<'a> {
    pub(super) line: u32,
    pub(super) hostname: &'a str,
    /// Whether the host name may be part of a secret.
    pub(super) doubt: Doubt,
    pub(super) user: &'a str,
    pub(super) secret: &'a str,
    pub(super) server: Option<&'a str>,
    /// The path and query of the request with Dyntray's placeholders, where it isn't dyndns2's own.
    pub(super) request: Option<&'a str>,
    pub(super) protocol: Records,
    pub(super) address_from: Seen<'a>,
    pub(super) remarks: Vec<RemarkWhat>,
}

/// The doubt whether a text is a host name at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It may be a secret in the wrong place, and is repeated only where it can't be one.
    #[default]
    MayBeSecret,
    /// Nothing else can stand there.
    None,
}

/// The place where the other program saw its address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Seen<'a> {
    /// Outside, by a web service or a router.
    #[default]
    Web,
    /// At an interface of its machine.
    Interface,
    /// Nowhere: these were typed, for IPv4 and IPv6.
    Fixed(&'a str, &'a str),
}
