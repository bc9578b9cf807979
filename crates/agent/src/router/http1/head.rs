//! The head of a message: its first line and its header fields.

/// The most fields that are kept.
const MAX_FIELDS: usize = 64;

/// A head. Names of fields are compared without regard to case.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Head {
    first_line: String,
    fields: Vec<(String, String)>,
}

/// The length of the head at the beginning of `bytes`, with the empty line that ends it; none if that hasn't come. Of the
/// bytes, `searched` were searched before.
pub(super) fn length(bytes: &[u8], searched: usize) -> Option<usize> {
    let from = searched.saturating_sub(3);
    let is_end = |at: &usize| {
        let rest = &bytes[*at..];
        rest.starts_with(b"\n\n") || rest.starts_with(b"\n\r\n")
    };
    let at = (from..bytes.len()).find(is_end)?;
    Some(if bytes[at..].starts_with(b"\n\n") { at + 2 } else { at + 3 })
}

impl Head {
    /// Reads a head. A line that begins with white space continues the field before (RFC 7230, 3.2.4), white space before
    /// a colon isn't part of the name, and lines without a colon are passed over.
    pub(in super::super) fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.lines().skip_while(|line| line.trim().is_empty());
        let first_line = lines.next().unwrap_or_default().trim().to_owned();
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in lines.take_while(|line| !line.is_empty()) {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    if !value.is_empty() {
                        value.push(' ');
                    }
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':')
                && fields.len() < MAX_FIELDS
            {
                fields.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
        Head { first_line, fields }
    }

    /// The value of the first field of this name.
    pub(in super::super) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The values of all fields of this name, in their order.
    pub(in super::super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The status of a response; none if it is no response.
    pub(in super::super) fn status(&self) -> Option<u16> {
        let mut words = self.first_line.split_whitespace();
        let version = words.next()?;
        let is_http = version.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("HTTP/"));
        words.next().filter(|_| is_http)?.parse().ok().filter(|status| (100..1000).contains(status))
    }

    /// The method and the path of a request; none if it is no request.
    pub(in super::super) fn request(&self) -> Option<(&str, &str)> {
        let mut words = self.first_line.split_whitespace();
        let (method, target) = (words.next()?, words.next()?);
        // The target may be a whole URL (RFC 7230, 5.3.2).
        let path = match target.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
            None => target,
        };
        let version = words.next()?;
        version.starts_with("HTTP/").then_some((method, path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requests_path_is_found_in_a_whole_url_too() {
        for target in ["/a?b", "http://192.168.1.2:5000/a?b"] {
            let head = Head::parse(format!("NOTIFY {target} HTTP/1.1\r\n\r\n").as_bytes());
            assert_eq!(head.request(), Some(("NOTIFY", "/a?b")));
        }
        for odd in ["", "NOTIFY", "NOTIFY /a", "HTTP/1.1 200 OK"] {
            assert_eq!(Head::parse(odd.as_bytes()).request(), None, "{odd}");
        }
    }

    #[test]
    fn a_repeated_field_keeps_all_its_values() {
        let head = Head::parse(b"HTTP/1.1 200 OK\r\nLOCATION: a\r\nX: y\r\nLocation: b\r\n\r\nLOCATION: c");
        assert_eq!(head.all("location").collect::<Vec<_>>(), ["a", "b"]);
    }
}
