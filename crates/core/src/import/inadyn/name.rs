//! The names by which inadyn knows its services. It takes a whole name, or any part of one, in any case. Source:
//! inadyn 2.10 and 2.12, `plugin_find` and the lists of services in their manuals.

use crate::settings::providers;

/// The names in the order in which inadyn looks through them.
const NAMES: [&str; 47] = [
    "default@changeip.com",
    "default@cloudflare.com",
    "default@cloudxns.net",
    "default@ddnss.de",
    "default@dhis.org",
    "default@dnsexit.com",
    "default@dnspod.cn",
    "default@domeneshop.no",
    "default@duckdns.org",
    "default@duiadns.net",
    "default@dyndns.org",
    "default@dnsomatic.com",
    "dyndns@he.net",
    "dyndns@3322.org",
    "default@no-ip.com",
    "default@noip.com",
    "default@selfhost.de",
    "default@spdyn.de",
    "default@loopia.com",
    "default@strato.com",
    "default@ovh.com",
    "default@domains.google.com",
    "ipv4@nsupdate.info",
    "default@simply.com",
    "default@ipv64.net",
    "default@regfish.de",
    "default@all-inkl.com",
    "default@goip.de",
    "default@twodns.de",
    "default@desec.io",
    "default@dynu.com",
    "default@ipv4.dynv6.com",
    "default@dynv6.com",
    "default@easydns.com",
    "default@freedns.afraid.org",
    "default@freemyip.com",
    "default@gira.de",
    "default@porkbun.com",
    "default@namecheap.com",
    "default@sitelutions.com",
    "default@tunnelbroker.net",
    "ipv6tb@he.net",
    "default@pdd.yandex.ru",
    "default@zoneedit.com",
    "default@infomaniak.com",
    "default@gandi.net",
    "default@godaddy.com",
];

/// The whole name that is meant by `title`, and the service in it, behind the `@`.
pub(super) fn whole(title: &str) -> (String, String) {
    // `default@spdyn.de:2` is the second one of that name.
    let title = title.split(':').next().unwrap_or_default();
    let sought = title.to_ascii_lowercase();
    let listed =
        providers::all().iter().flat_map(|provider| &provider.inadyn).map(|name| format!("default@{name}"));
    let names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).chain(listed).collect();
    let ipv6 = sought.strip_prefix("ipv6@");
    let exact = names.iter().find(|name| {
        **name == sought
            || ipv6.is_some_and(|service| name.split_once('@').is_some_and(|(_, s)| s == service))
    });
    let part = ipv6.unwrap_or(&sought);
    let found = exact.or_else(|| names.iter().find(|name| !part.is_empty() && name.contains(part)));
    let Some(found) = found else { return (title.to_owned(), String::new()) };
    let service = found.split_once('@').map_or("", |(_, service)| service).to_owned();
    if ipv6.is_some() { (format!("ipv6@{service}"), service) } else { (found.clone(), service) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_part_of_a_name_is_enough() {
        for (title, name) in [
            ("default@spdyn.de", "default@spdyn.de"),
            ("default@spdyn.de:2", "default@spdyn.de"),
            ("ipv6@spdyn.de", "ipv6@spdyn.de"),
            ("spdyn", "default@spdyn.de"),
            ("spdyn:home", "default@spdyn.de"),
            ("SPDYN.de", "default@spdyn.de"),
            ("@spdyn", "default@spdyn.de"),
            ("Dyn", "default@dyndns.org"),
            ("dynu", "default@dynu.com"),
            ("dynv6", "default@ipv4.dynv6.com"),
            ("he.net", "dyndns@he.net"),
            ("no-ip", "default@no-ip.com"),
            ("freedns", "default@freedns.afraid.org"),
            ("desec.io", "default@desec.io"),
            ("nobody", "nobody"),
            ("", ""),
        ] {
            assert_eq!(whole(title).0, name, "{title}");
        }
        assert_eq!(whole("spdyn").1, "spdyn.de");
        assert_eq!(whole("nobody").1, "");
    }
}
