//! Detects a sign-in page (captive portal) that answers in a service's place. It can't answer HTTPS under another name, so
//! the same host is asked once over plain HTTP. Only the kind of response counts: an address in it is never read.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use dyntray_core::observe::observation::LookUpProblem;
use dyntray_core::types::address::Family;
use jiff::Timestamp;
use reqwest::{Url, header};

use super::name::Resolution;
use crate::http;

/// The port of plain HTTP, which sign-in pages answer.
const PORT: u16 = 80;
/// The time limit. A sign-in page is near.
const LIMIT: Duration = Duration::from_secs(3);

/// True if a look-up failed as it would behind a sign-in page.
pub(super) fn is_suspected(why: &LookUpProblem) -> bool {
    matches!(
        why,
        LookUpProblem::NotTrusted
            | LookUpProblem::WrongClock { .. }
            | LookUpProblem::CertificateExpired
            | LookUpProblem::CertificateNotYetValid
            | LookUpProblem::TimedOut
            | LookUpProblem::Unreachable
            | LookUpProblem::NameNotFound
            | LookUpProblem::Redirected
    )
}

/// The addresses to ask: the service's of `family`, or else of the other one, because sign-in pages often know only IPv4.
/// Empty if the name couldn't be resolved.
pub(super) fn addresses(url: &Url, resolution: &Resolution, family: Family) -> Vec<SocketAddr> {
    let mut addresses: Vec<IpAddr> = match resolution {
        Resolution::Found { addresses, .. } => addresses.iter().map(SocketAddr::ip).collect(),
        Resolution::AsWritten => url.host_str().and_then(literal).into_iter().collect(),
        Resolution::NotFound => Vec::new(),
    };
    if addresses.iter().any(|address| Family::of(*address) == family) {
        addresses.retain(|address| Family::of(*address) == family);
    }
    addresses.into_iter().map(|address| SocketAddr::new(address, PORT)).collect()
}

fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// What the plain question brought.
pub(super) enum PlainAnswer {
    /// A sign-in page.
    SignInPage,
    /// Anything else, and its date.
    Other {
        /// The time of the answer, as whoever answered says.
        date: Option<Timestamp>,
    },
}

/// Asks for `url` over plain HTTP at `addresses`, all of which have the same port. None without an answer. Takes at most
/// three seconds.
pub(super) async fn ask_plainly(url: &Url, addresses: &[SocketAddr]) -> Option<PlainAnswer> {
    let plain = addresses.first().and_then(|first| plain_url(url, first.port()))?;
    let page = ask(&plain, addresses).await.ok()?;
    Some(if is_sign_in(&plain, &page) {
        PlainAnswer::SignInPage
    } else {
        PlainAnswer::Other { date: page.date.as_deref().and_then(date) }
    })
}

/// Reads a `Date` header (RFC 9110, 6.6.1).
fn date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

fn plain_url(url: &Url, port: u16) -> Option<Url> {
    let mut plain = url.clone();
    plain.set_scheme("http").ok()?;
    plain.set_port(Some(port)).ok()?;
    Some(plain)
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Page {
    status: u16,
    /// The `Location` header.
    location: Option<String>,
    /// The `Date` header.
    date: Option<String>,
    /// The body, or its beginning.
    body: Vec<u8>,
}

async fn ask(url: &Url, addresses: &[SocketAddr]) -> Result<Page, reqwest::Error> {
    let builder = http::plain_client(LIMIT);
    let builder = match url.domain() {
        Some(domain) => builder.resolve_to_addrs(domain, addresses),
        None => builder,
    };
    let response = builder.build()?.get(url.clone()).send().await?;
    let text = |name| response.headers().get(name)?.to_str().ok().map(str::to_owned);
    let (location, date) = (text(header::LOCATION), text(header::DATE));
    let http::HttpResponse { status, body, .. } = http::read_response(response).await;
    Ok(Page { status, location, date, body })
}

/// True if `page` is a sign-in page rather than the service's own:
/// - a redirect to another site. Services redirect as well, but from plain HTTP to HTTPS or to their `www`;
/// - status 511, which is only for sign-in pages (RFC 6585, 6), or a success with HTML, while services answer with text.
fn is_sign_in(asked: &Url, page: &Page) -> bool {
    match page.status {
        301 | 302 | 303 | 307 | 308 => {
            let to = page.location.as_deref().and_then(|location| asked.join(location).ok());
            to.is_some_and(|to| !is_same_site(asked, &to))
        }
        511 => true,
        200 => is_html(&page.body),
        _ => false,
    }
}

/// True if two URLs have the same host, or names with the same last two labels.
fn is_same_site(one: &Url, other: &Url) -> bool {
    let site = |url: &Url| -> Option<Vec<String>> {
        let labels = url.domain()?.trim_end_matches('.').rsplit('.').take(2);
        Some(labels.map(str::to_ascii_lowercase).collect())
    };
    one.host_str() == other.host_str() || site(one).is_some_and(|here| site(other) == Some(here))
}

fn is_html(body: &[u8]) -> bool {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    let begins_with =
        |tag: &str| text.get(..tag.len()).is_some_and(|t| t.eq_ignore_ascii_case(tag.as_bytes()));
    ["<!doctype html", "<html", "<head", "<body", "<script", "<meta", "<!--"].into_iter().any(begins_with)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    fn page(status: u16, location: Option<&str>, body: &str) -> bool {
        let location = location.map(str::to_owned);
        let page = Page { status, location, date: None, body: body.as_bytes().to_vec() };
        is_sign_in(&url("http://checkip4.spdyn.de/"), &page)
    }

    #[test]
    fn a_redirect_elsewhere_is_a_sign_in_page_and_one_to_the_same_site_isnt() {
        for elsewhere in ["http://login.hotel.example/?to=x", "https://192.168.182.1:3990/", "//portal.lan/"]
        {
            for status in [301, 302, 303, 307, 308] {
                assert!(page(status, Some(elsewhere), ""), "{status} {elsewhere}");
            }
        }
        for same in
            ["https://checkip4.spdyn.de/", "https://CHECKIP4.spdyn.de:8443/x", "/ip", "https://www.spdyn.de/"]
        {
            assert!(!page(301, Some(same), "<html>"), "{same}");
        }
        for nowhere in [None, Some(""), Some("http://[")] {
            assert!(!page(302, nowhere, "<html>"), "{nowhere:?}");
        }
        assert!(!page(304, Some("http://login.hotel.example/"), ""));
    }

    #[test]
    fn html_in_place_of_an_address_is_a_sign_in_page() {
        for body in
            ["<html>", "\r\n <!DOCTYPE HTML PUBLIC>", "\u{feff}<html lang=\"de\">", "<script>", "<HEAD>"]
        {
            assert!(page(200, None, body), "{body}");
        }
        for body in ["", "84.160.12.7\n", "Current IP Address: 84.160.12.7", "<", "{}"] {
            assert!(!page(200, None, body), "{body}");
        }
    }

    #[test]
    fn only_sign_in_pages_ask_for_a_sign_in_to_the_network() {
        assert!(page(511, None, "<html>") && page(511, None, ""));
        for status in [204, 400, 401, 403, 404, 407, 500, 503] {
            assert!(!page(status, None, "<html>"), "{status}");
        }
    }

    #[test]
    fn only_what_a_sign_in_page_can_cause_is_looked_into() {
        assert!(is_suspected(&LookUpProblem::NotTrusted) && is_suspected(&LookUpProblem::TimedOut));
        assert!(!is_suspected(&LookUpProblem::Status { status: 503 }));
        assert!(!is_suspected(&LookUpProblem::WrongFamily));
        assert!(!is_suspected(&LookUpProblem::NotAnAddress { line: String::new() }));
    }

    #[test]
    fn it_is_asked_for_at_the_same_host_and_over_the_other_family_only_for_want_of_this() {
        let here = url("https://checkip6.spdyn.de:8443/ip");
        let parse = |texts: &[&str]| texts.iter().map(|t| t.parse().expect("an address")).collect::<Vec<_>>();
        let found = |texts: &[&str]| Resolution::Found {
            domain: "checkip6.spdyn.de".into(),
            addresses: parse(texts),
        };
        let both = found(&["84.160.12.7:8443", "[2003:e1::7]:8443"]);
        assert_eq!(addresses(&here, &both, Family::Ipv6), parse(&["[2003:e1::7]:80"]));
        let only_ipv4 = found(&["84.160.12.7:8443"]);
        assert_eq!(addresses(&here, &only_ipv4, Family::Ipv6), parse(&["84.160.12.7:80"]));
        assert_eq!(addresses(&here, &Resolution::NotFound, Family::Ipv6), []);
        let written = url("https://[2003:e1::7]/");
        assert_eq!(addresses(&written, &Resolution::AsWritten, Family::Ipv6), parse(&["[2003:e1::7]:80"]));
        let plain = plain_url(&here, PORT).expect("an address");
        assert_eq!(plain.as_str(), "http://checkip6.spdyn.de/ip");
    }
}
