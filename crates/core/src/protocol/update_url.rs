//! An update URL with placeholders, taken apart: the server with as much of the path as is plain text, and the rest.

use crate::protocol::url_template::{Placeholder, SECRET, UrlTemplate};
use crate::settings::form::Problem;
use crate::types::server::WebAddress;

/// What a FRITZ!Box calls our placeholders, so that its update URLs can be pasted.
const FRITZ_BOX: [(&str, &str); 6] = [
    ("<ipaddr>", "{ip4}"),
    ("<ip6addr>", "{ip6}"),
    ("<domain>", "{host}"),
    ("<username>", "{user}"),
    ("<passwd>", SECRET),
    ("<pass>", SECRET),
];
/// What stands behind these names is a secret, and secrets don't belong into settings.
const SECRET_NAMES: [&str; 10] =
    ["pass", "passwd", "password", "pwd", "token", "key", "apikey", "api_key", "secret", "authkey"];

/// Reads an update URL as a person wrote it.
///
/// # Errors
/// The [`Problem`] to show at its field.
pub fn parse(typed: &str) -> Result<(WebAddress, UrlTemplate), Problem> {
    let mut text = typed.trim().to_owned();
    if text.is_empty() {
        return Err(Problem::UpdateUrlMissing);
    }
    for (theirs, ours) in FRITZ_BOX {
        text = text.replace(theirs, ours);
    }
    if let Some((at, end)) = text.find('<').and_then(|at| Some((at, text[at..].find('>')?))) {
        let placeholder = text[at..=at + end].chars().take(40).collect();
        return Err(Problem::UpdateUrlPlaceholder { placeholder });
    }
    let (server, template) = take_apart(&text)?;
    if holds_secret(&template.to_string()) {
        return Err(Problem::UpdateUrlHasSecret);
    }
    let names_host = [Placeholder::Host, Placeholder::Label, Placeholder::Password];
    if names_host.iter().any(|placeholder| template.has(*placeholder)) {
        Ok((server, template))
    } else {
        Err(Problem::UpdateUrlNoHost)
    }
}

/// Takes a URL with placeholders apart.
///
/// # Errors
/// The [`Problem`] to show at its field.
pub fn take_apart(url: &str) -> Result<(WebAddress, UrlTemplate), Problem> {
    let behind_scheme = url.find("://").map_or(0, |at| at + 3);
    let authority_end = url[behind_scheme..].find(['/', '?', '#']).map_or(url.len(), |at| behind_scheme + at);
    let authority = &url[behind_scheme..authority_end];
    if authority.contains('@') {
        return Err(Problem::UpdateUrlHasLogin);
    }
    let path_end = url[authority_end..].find(['?', '{']).map_or(url.len(), |at| authority_end + at);
    // A placeholder within the path: what stands before its last slash is plain.
    let server_end = match url.as_bytes().get(path_end) {
        Some(b'{') => url[..path_end].rfind('/').map_or(path_end, |slash| slash + 1),
        _ => path_end,
    };
    let server = WebAddress::parse_update(&url[..server_end])?;
    Ok((server, UrlTemplate::parse(&url[server_end..])?))
}

/// Whether a parameter that is named like a secret has a value that isn't the secret's placeholder.
fn holds_secret(template: &str) -> bool {
    let query = template.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter_map(|parameter| parameter.split_once('=')).any(|(name, value)| {
        SECRET_NAMES.contains(&name.to_ascii_lowercase().as_str())
            && !value.is_empty()
            && !value.contains('{')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> (String, String) {
        let (server, template) = parse(url).expect(url);
        (server.to_string(), template.to_string())
    }

    #[test]
    fn the_server_is_what_is_plain_and_the_rest_is_the_tail() {
        for (url, server, template) in [
            ("https://a.example.org/u?h={host}&ip={ip4}", "https://a.example.org/u", "?h={host}&ip={ip4}"),
            ("https://a.example.org?h={host}&ip={ip4}", "https://a.example.org/", "?h={host}&ip={ip4}"),
            ("https://a.de/u?h={host}&ip={ip4}", "https://a.de/u", "?h={host}&ip={ip4}"),
            ("a.example.org/v1/{host}/x/{ips}", "https://a.example.org/v1/", "{host}/x/{ips}"),
            ("https://a.example.org/v1/dns-{host}?{ip}", "https://a.example.org/v1/", "dns-{host}?{ip}"),
            ("http://127.0.0.1:8245/u?h={host}&a={ips}", "http://127.0.0.1:8245/u", "?h={host}&a={ips}"),
            (
                "https://a.example.org/u?h={host}&a={ips}&v=2&token=&password={password}",
                "https://a.example.org/u",
                "?h={host}&a={ips}&v=2&token=&password={password}",
            ),
            (
                "https://a.example.org/u?k=<pass>&d=<domain>&4=<ipaddr>&6=<ip6addr>",
                "https://a.example.org/u",
                "?k={password}&d={host}&4={ip4}&6={ip6}",
            ),
        ] {
            assert_eq!(read(url), (server.to_owned(), template.to_owned()), "{url}");
        }
    }

    #[test]
    fn each_mistake_has_its_own_words() {
        let unknown = |text: &str| Problem::UpdateUrlPlaceholder { placeholder: text.into() };
        for (url, problem) in [
            (" ", Problem::UpdateUrlMissing),
            ("http://a.example.org/u?h={host}&a={ips}", Problem::UpdateUrlNotEncrypted),
            ("https://me:secret@a.example.org/u?h={host}&a={ips}", Problem::UpdateUrlHasLogin),
            ("https://{user}@a.example.org/u?h={host}&a={ips}", Problem::UpdateUrlHasLogin),
            ("https://<username>:<pass>@a.example.org/u?h={host}&a={ips}", Problem::UpdateUrlHasLogin),
            ("ftp://a.example.org/u?h={host}&a={ips}", Problem::UpdateUrlShape),
            ("https://{host}/u?a={ips}", Problem::UpdateUrlShape),
            ("https://a.{zone}/u?a={ips}&h={host}", Problem::UpdateUrlShape),
            ("https://a.example.org/u?h={host}", Problem::UpdateUrlNoAddress),
            ("https://a.example.org/u?a={ips}", Problem::UpdateUrlNoHost),
            ("https://a.example.org/u?h={name}&a={ips}", unknown("{name}")),
            ("https://a.example.org/u?h=<ip6lanprefix>&a={ips}", unknown("<ip6lanprefix>")),
            ("https://a.example.org/u?h={host}&a={ips}&token=abcd1234", Problem::UpdateUrlHasSecret),
            ("https://a.example.org/u?h={host}&a={ips} and more", Problem::UpdateUrlShape),
        ] {
            assert_eq!(parse(url), Err(problem), "{url}");
        }
    }
}
