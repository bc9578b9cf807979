//! The servers that files name.

use super::candidate::Candidate;
use super::found::{LeftOutWhy, RemarkWhat};
use crate::types::server::{SPDYN_SERVER, WebAddress};

/// SPDYN's update server of old.
const SPDYN_SERVER_OF_OLD: &str = "update.spdns.de";

/// The server that a candidate names, or SPDYN's.
pub(super) fn server_of(candidate: &Candidate<'_>) -> Result<WebAddress, LeftOutWhy> {
    let named = encrypted(candidate.server.unwrap_or(SPDYN_SERVER));
    WebAddress::parse_server(&named).map_err(|_| LeftOutWhy::NotAServer)
}

/// The same, and SPDYN's server of old by its name of today.
pub(super) fn todays_server(candidate: &mut Candidate<'_>) -> Result<WebAddress, LeftOutWhy> {
    let server = server_of(candidate)?;
    if server.authority() != SPDYN_SERVER_OF_OLD {
        return Ok(server);
    }
    candidate.remarks.push(RemarkWhat::ServerMoved);
    WebAddress::parse_server(SPDYN_SERVER).map_err(|_| LeftOutWhy::NotAServer)
}

/// The server without `http://`. Other programs may send without encryption, Dyntray only to this machine itself.
pub(super) fn encrypted(server: &str) -> String {
    let server = server.trim();
    match server.split_at_checked("http://".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http://") => {
            // Port 80 was the unencrypted one.
            let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
            format!("{}{path}", authority.strip_suffix(":80").unwrap_or(authority))
        }
        _ => server.to_owned(),
    }
}

/// The server as a person would type it.
pub(super) fn in_short(server: &WebAddress) -> String {
    let authority = server.authority();
    let is_enough = WebAddress::parse_server(authority).as_ref() == Ok(server);
    if is_enough { authority.to_owned() } else { server.to_string() }
}
