//! A fixed address, as typed.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::types::address::{Family, PublicAddress, Unpublishable};

/// The reason why a text is no address to be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum FixedAddressError {
    /// Nothing typed.
    Missing,
    /// Not an address of this family.
    Shape,
    /// An address that must not be published.
    Unpublishable {
        /// The block that it lies in.
        why: Unpublishable,
    },
}

/// Reads a public address of `family`.
pub(super) fn parse(family: Family, typed: &str) -> Result<PublicAddress, FixedAddressError> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(FixedAddressError::Missing);
    }
    let address: IpAddr = text.parse().map_err(|_| FixedAddressError::Shape)?;
    if Family::of(address) != family {
        return Err(FixedAddressError::Shape);
    }
    PublicAddress::try_from(address).map_err(|why| FixedAddressError::Unpublishable { why })
}
