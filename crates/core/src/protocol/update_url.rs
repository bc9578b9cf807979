//! An update URL with placeholders, taken apart: the server with as much of the path as is plain text, and the rest.

use serde::{Deserialize, Serialize};

use crate::protocol::url_template::{Placeholder, SECRET, UrlTemplate, UrlTemplateError};
use crate::types::server::{WebAddress, WebAddressError};

/// A FRITZ!Box's names for our placeholders, so that its update URLs can be pasted.
const FRITZ_BOX: [(&str, &str); 7] = [
    ("<ipaddr>", "{ip4}"),
    ("<ip6addr>", "{ip6}"),
    ("<ip6lanprefix>", "{prefix}"),
    ("<domain>", "{host}"),
    ("<username>", "{user}"),
    ("<passwd>", SECRET),
    ("<pass>", SECRET),
];
/// Parameters whose value is a secret, which doesn't belong in settings.
const SECRET_NAMES: [&str; 10] =
    ["pass", "passwd", "password", "pwd", "token", "key", "apikey", "api_key", "secret", "authkey"];

/// The reason why a text is no update URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum UpdateUrlError {
    /// Nothing typed.
    Missing,
    /// Not a web address with placeholders.
    Shape,
    /// `http://` to another machine.
    NotEncrypted,
    /// A user name or password inside the address.
    HasLogin,
    /// A password or token where its placeholder should be.
    HasSecret,
    /// A placeholder that isn't known.
    Placeholder {
        /// The first such, as it is written.
        placeholder: String,
    },
    /// No place for the host name.
    NoHost,
    /// No place for an address.
    NoAddress,
}

impl From<WebAddressError> for UpdateUrlError {
    fn from(error: WebAddressError) -> Self {
        match error {
            // Placeholders alone are no server.
            WebAddressError::Missing | WebAddressError::Shape => UpdateUrlError::Shape,
            WebAddressError::NotEncrypted => UpdateUrlError::NotEncrypted,
            WebAddressError::HasLogin => UpdateUrlError::HasLogin,
        }
    }
}

impl From<UrlTemplateError> for UpdateUrlError {
    fn from(error: UrlTemplateError) -> Self {
        match error {
            UrlTemplateError::Shape => UpdateUrlError::Shape,
            UrlTemplateError::Placeholder { placeholder } => UpdateUrlError::Placeholder { placeholder },
            UrlTemplateError::NoAddress => UpdateUrlError::NoAddress,
        }
    }
}

/// Reads an update URL as a person wrote it.
///
/// # Errors
/// The first reason why it is none.
pub fn parse(typed: &str) -> Result<(WebAddress, UrlTemplate), UpdateUrlError> {
    let mut text = typed.trim().to_owned();
    if text.is_empty() {
        return Err(UpdateUrlError::Missing);
    }
    for (theirs, ours) in FRITZ_BOX {
        text = text.replace(theirs, ours);
    }
    if let Some((at, end)) = text.find('<').and_then(|at| Some((at, text[at..].find('>')?))) {
        let placeholder = text[at..=at + end].chars().take(40).collect();
        return Err(UpdateUrlError::Placeholder { placeholder });
    }
    let (server, template) = take_apart(&text)?;
    if holds_secret(&template.to_string()) {
        return Err(UpdateUrlError::HasSecret);
    }
    let names_host = [Placeholder::Host, Placeholder::Label, Placeholder::Password];
    if names_host.iter().any(|placeholder| template.has(*placeholder)) {
        Ok((server, template))
    } else {
        Err(UpdateUrlError::NoHost)
    }
}

/// Takes a URL with placeholders apart.
///
/// # Errors
/// The first reason why it is none.
pub fn take_apart(url: &str) -> Result<(WebAddress, UrlTemplate), UpdateUrlError> {
    let behind_scheme = url.find("://").map_or(0, |at| at + 3);
    let authority_end = url[behind_scheme..].find(['/', '?', '#']).map_or(url.len(), |at| behind_scheme + at);
    let path_end = url[authority_end..].find(['?', '{']).map_or(url.len(), |at| authority_end + at);
    // A placeholder within the path: what stands before its last slash is plain.
    let server_end = match url.as_bytes().get(path_end) {
        Some(b'{') => url[..path_end].rfind('/').map_or(path_end, |slash| slash + 1),
        _ => path_end,
    };
    let server = WebAddress::parse(&url[..server_end])?;
    Ok((server, UrlTemplate::parse(&url[server_end..])?))
}

/// True when a parameter that is named like a secret has a value that isn't the secret's placeholder.
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
    fn the_server_is_what_is_plain_and_the_rest_is_the_template() {
        for (url, server, template) in [
            ("https://a.example.org/u?h={host}&ip={ip4}", "https://a.example.org/u", "?h={host}&ip={ip4}"),
            ("https://a.example.org?h={host}&ip={ip4}", "https://a.example.org/", "?h={host}&ip={ip4}"),
            ("https://a.de/u?h={host}&ip={ip4}", "https://a.de/u", "?h={host}&ip={ip4}"),
            ("a.example.org/v1/{host}/x/{ips}", "https://a.example.org/v1/", "{host}/x/{ips}"),
            ("https://a.example.org/v1/dns-{host}?{ip}", "https://a.example.org/v1/", "dns-{host}?{ip}"),
            ("http://127.0.0.1:8245/u?h={host}&a={ips}", "http://127.0.0.1:8245/u", "?h={host}&a={ips}"),
            ("127.1:8245/u?h={host}&a={ips}", "http://127.0.0.1:8245/u", "?h={host}&a={ips}"),
            ("https://A.Example.org.:443/U/{host}/{ips}", "https://a.example.org/U/", "{host}/{ips}"),
            (
                "https://a.example.org/u?h={host}&a={ips}&v=2&token=&password={password}",
                "https://a.example.org/u",
                "?h={host}&a={ips}&v=2&token=&password={password}",
            ),
            (
                "https://a.example.org/u?k=<pass>&d=<domain>&4=<ipaddr>&6=<ip6addr>&p=<ip6lanprefix>",
                "https://a.example.org/u",
                "?k={password}&d={host}&4={ip4}&6={ip6}&p={prefix}",
            ),
        ] {
            assert_eq!(read(url), (server.to_owned(), template.to_owned()), "{url}");
        }
    }

    #[test]
    fn each_mistake_has_its_own_words() {
        let unknown = |text: &str| UpdateUrlError::Placeholder { placeholder: text.into() };
        for (url, problem) in [
            (" ", UpdateUrlError::Missing),
            ("http://a.example.org/u?h={host}&a={ips}", UpdateUrlError::NotEncrypted),
            ("https://me:secret@a.example.org/u?h={host}&a={ips}", UpdateUrlError::HasLogin),
            ("https://{user}@a.example.org/u?h={host}&a={ips}", UpdateUrlError::HasLogin),
            ("https://<username>:<pass>@a.example.org/u?h={host}&a={ips}", UpdateUrlError::HasLogin),
            ("ftp://a.example.org/u?h={host}&a={ips}", UpdateUrlError::Shape),
            ("https://{host}/u?a={ips}", UpdateUrlError::Shape),
            ("https://a.{zone}/u?a={ips}&h={host}", UpdateUrlError::Shape),
            ("a.example.org{host}/u?a={ips}", UpdateUrlError::Shape),
            ("https://300.300.300.300/u?h={host}&a={ips}", UpdateUrlError::Shape),
            ("https:a.example.org/u?h={host}&a={ips}", UpdateUrlError::Shape),
            ("https:/a.example.org/u?h={host}&a={ips}", UpdateUrlError::Shape),
            ("https:///a.example.org/u?h={host}&a={ips}", UpdateUrlError::Shape),
            ("https:\\\\a.example.org/u?h={host}&a={ips}", UpdateUrlError::Shape),
            ("https://a.example.org\\u?h={host}&a={ips}", UpdateUrlError::Shape),
            ("https://a.ex\tample.org/u?h={host}&a={ips}", UpdateUrlError::Shape),
            ("https://a.ex%61mple.org/u?h={host}&a={ips}", UpdateUrlError::Shape),
            ("https://a.example.org:/u?h={host}&a={ips}", UpdateUrlError::Shape),
            ("https://\u{e4}.example.org/u?h={host}&a={ips}", UpdateUrlError::Shape),
            ("https://@a.example.org/u?h={host}&a={ips}", UpdateUrlError::HasLogin),
            ("https://a.example.org/u?h={host}", UpdateUrlError::NoAddress),
            ("https://a.example.org/u?a={ips}", UpdateUrlError::NoHost),
            ("https://a.example.org/u?h={name}&a={ips}", unknown("{name}")),
            ("https://a.example.org/u?h=<dualstack>&a={ips}", unknown("<dualstack>")),
            ("https://a.example.org/u?h={host}&a={ips}&token=abcd1234", UpdateUrlError::HasSecret),
            ("https://a.example.org/u?h={host}&a={ips} and more", UpdateUrlError::Shape),
        ] {
            assert_eq!(parse(url), Err(problem), "{url:?}");
        }
    }
}
