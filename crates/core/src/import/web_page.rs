//! The web pages that tell other programs the address.

use crate::types::server::{KNOWN_FALL_BACKS, SPDYN_RESOLVER_IPV4, SPDYN_RESOLVER_IPV6};

/// ddclient's own names for pages that Dyntray asks, too.
const NAMES: [&str; 2] = ["ipify-ipv4", "ipify-ipv6"];

/// True for a page that Dyntray asks anyway: SPDYN's, or one of its further web resolvers.
pub(super) fn is_asked(page: &str) -> bool {
    let page = page.trim().to_ascii_lowercase();
    let server = host(&page);
    let fall_backs = KNOWN_FALL_BACKS.iter().flat_map(|(ipv4, ipv6)| [*ipv4, *ipv6]);
    let mut asked = [SPDYN_RESOLVER_IPV4, SPDYN_RESOLVER_IPV6].into_iter().chain(fall_backs);
    // SPDYN's servers of old have another domain.
    let today = server.strip_suffix(".spdns.de").map(|name| format!("{name}.spdyn.de"));
    let server = today.as_deref().unwrap_or(server);
    NAMES.contains(&page.as_str()) || asked.any(|known| host(known) == server || domain(known) == server)
}

/// The server of a web address with or without its scheme and port.
fn host(page: &str) -> &str {
    let behind = page.split_once("://").map_or(page, |(_, behind)| behind);
    behind.split(['/', ':', '?']).next().unwrap_or(behind)
}

/// The same service for any family: `icanhazip.com`.
fn domain(page: &str) -> &str {
    host(page).split_once('.').map_or("", |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_dyntray_asks_is_known_however_it_is_written() {
        for (page, expected) in [
            ("https://checkip4.spdyn.de/", true),
            ("checkip6.spdns.de", true),
            ("http://CheckIP4.spdns.de:80/x", true),
            ("ipify-ipv4", true),
            ("https://api6.ipify.org", true),
            ("icanhazip.com", true),
            ("checkip.dyndns.org/", false),
            ("dyndns", false),
            ("https://myonlineportal.net/checkip", false),
            ("api4.ipify.org.example.org", false),
        ] {
            assert_eq!(is_asked(page), expected, "{page}");
        }
    }
}
