//! The update URL of a service that isn't known, made of a file's server, path and parameters. Only what can't be a
//! secret is taken literally: the URL goes into the settings, where no secret belongs.

use super::server::encrypted;
use crate::protocol::update_url;
use crate::types::server::WebAddress;

/// The longest part of a path that is repeated.
const LONGEST_SEGMENT: usize = 24;
/// The longest value of a parameter that is repeated.
const LONGEST_VALUE: usize = 12;

/// The URL of `server` with `request`, which is a path and a query with Dyntray's placeholders. None where it can't be
/// an update URL, or a literal part of it may be secret.
pub(super) fn build(server: &str, request: &str) -> Option<String> {
    let address = WebAddress::parse(&encrypted(server)).ok()?;
    let (path, query) = request.split_once('?').map_or((request, None), |(path, query)| (path, Some(query)));
    let is_open = path.split('/').all(is_plain_segment) && query.is_none_or(is_plain_query);
    let scheme = if address.is_encrypted() { "https" } else { "http" };
    let slash = if path.starts_with('/') { "" } else { "/" };
    let url = format!("{scheme}://{}{slash}{request}", address.authority());
    (is_open && update_url::parse(&url).is_ok()).then_some(url)
}

/// A word such as `nic`, `update.php`, `v3` or `dyndns2`; or anything around a placeholder.
fn is_plain_segment(segment: &str) -> bool {
    let literal = without_placeholders(segment);
    let letters = literal.trim_end_matches(|c: char| c.is_ascii_digit());
    literal.len() <= LONGEST_SEGMENT
        && literal.len() - letters.len() <= 2
        && letters.chars().all(|c| c.is_ascii_alphabetic() || "-_.".contains(c))
}

fn is_plain_query(query: &str) -> bool {
    query.split('&').all(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        is_plain_segment(name) && is_plain_value(&without_placeholders(value))
    })
}

/// A short word or number, such as `dyndns`, `yes`, `A` or `3600`; separators between placeholders.
fn is_plain_value(literal: &str) -> bool {
    let has = |kind: fn(&char) -> bool| literal.chars().any(|c| kind(&c));
    let is_mixed = has(char::is_ascii_alphabetic) && has(char::is_ascii_digit);
    literal.len() <= LONGEST_VALUE
        && (!is_mixed || literal.len() <= 4)
        && literal.chars().all(|c| c.is_ascii_alphanumeric() || "-_.,:+@*".contains(c))
}

/// The literal text; braces in disorder stay, and are refused as a URL.
fn without_placeholders(text: &str) -> String {
    let mut literal = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        literal.push_str(before);
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    literal + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_kept_where_nothing_in_it_may_be_secret() {
        for (request, is_kept) in [
            ("/own/update.php?hostname={host}&myip={ip4}", true),
            ("/update?domain={host}&token={password}&ip={ip}", true),
            ("/v1/dyndns2/{host}/{ip4}", true),
            ("/u?h={host}&a={ip4},{ip6}&type=A&ttl=3600&system=dyndns", true),
            ("/s3cret/update?hostname={host}&myip={ip4}", false),
            ("/u?h={host}&a={ip4}&k=aBcDeF0123", false),
            ("/u?h={host}&a={ip4}&aBcDeF0123456789", false),
            ("/u?h={host}&a={ip4}&token=word", false),
            ("/u?h={host}", false),
            ("/u?a={ip4}", false),
        ] {
            let kept = build("dyn.example.org", request);
            let expected = is_kept.then(|| format!("https://dyn.example.org{request}"));
            assert_eq!(kept, expected, "{request}");
        }
        assert_eq!(
            build("http://dyn.example.org:80", "u?h={host}&a={ip}").as_deref(),
            Some("https://dyn.example.org/u?h={host}&a={ip}")
        );
        assert_eq!(
            build("127.0.0.1:8245", "/u?h={host}&a={ip}").as_deref(),
            Some("http://127.0.0.1:8245/u?h={host}&a={ip}")
        );
        assert_eq!(build("ftp://dyn.example.org", "/u?h={host}&a={ip}"), None);
    }
}
