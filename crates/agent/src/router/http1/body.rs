//! The end of a body: by the framing that the head names, and by the XML document in it.

use super::head::Head;

/// The framing that a head names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// In chunks, of whatever version of HTTP.
    Chunked,
    /// Of this length in bytes.
    Length(usize),
    /// Until the connection ends.
    UntilEnd,
}

impl Framing {
    /// The framing of the body behind this head.
    pub(super) fn of(head: &Head) -> Self {
        let is_chunked = |value: &str| value.to_ascii_lowercase().contains("chunked");
        if head.all("transfer-encoding").any(is_chunked) {
            return Framing::Chunked;
        }
        let length = head.all("content-length").find_map(|value| value.parse().ok());
        length.map_or(Framing::UntilEnd, Framing::Length)
    }

    /// The body as far as it came, and whether the framing says that it is over.
    pub(super) fn decode(self, raw: &[u8]) -> (Vec<u8>, bool) {
        match self {
            Framing::Chunked => chunks(raw).unwrap_or_else(|| (raw.to_vec(), false)),
            Framing::Length(length) if raw.len() < length => (raw.to_vec(), false),
            // Where the document goes on, the length is wrong.
            Framing::Length(length) if document(&raw[..length]) == Document::Open || length == 0 => {
                (raw.to_vec(), true)
            }
            Framing::Length(length) => (raw[..length].to_vec(), true),
            // Some send chunks and don't say so.
            Framing::UntilEnd => match chunks(raw) {
                Some((body, is_over)) if document(&body) != Document::None => (body, is_over),
                _ => (raw.to_vec(), false),
            },
        }
    }
}

/// Puts chunks together (RFC 7230, 4.1), and tells whether the last one came; none if these are no chunks. What follows
/// odd chunks is left out.
fn chunks(mut raw: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut body = Vec::new();
    let mut is_first = true;
    loop {
        let Some(end) = raw.iter().position(|byte| *byte == b'\n') else {
            return Some((body, false)).filter(|_| !is_first || raw.iter().all(u8::is_ascii_hexdigit));
        };
        let line = String::from_utf8_lossy(&raw[..end]);
        let digits = line.split(';').next().unwrap_or_default().trim();
        let Ok(size) = usize::from_str_radix(digits, 16) else {
            return Some((body, false)).filter(|_| !is_first);
        };
        is_first = false;
        raw = &raw[end + 1..];
        if size == 0 {
            return Some((body, true));
        }
        body.extend_from_slice(&raw[..size.min(raw.len())]);
        raw = raw.get(size..).unwrap_or_default();
        // The line break after the chunk.
        raw = raw.strip_prefix(b"\r").unwrap_or(raw);
        raw = raw.strip_prefix(b"\n").unwrap_or(raw);
    }
}

/// What is known of the XML document in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Document {
    /// There is none.
    None,
    /// Its root isn't closed.
    Open,
    /// Its root is closed, and nothing follows.
    Complete,
}

/// Looks whether the XML document in a body is complete. Only its beginning and its end are looked at.
pub(super) fn document(body: &[u8]) -> Document {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let start = body.iter().position(|byte| !is_blank(byte)).unwrap_or(body.len());
    let end = body.iter().rposition(|byte| !is_blank(byte)).map_or(start, |last| last + 1);
    let body = &body[start..end];
    // In UTF-16 every other byte is zero; such a document ends by its framing.
    if body.first() != Some(&b'<') || body.get(1) == Some(&0) {
        return Document::None;
    }
    let Some((root, rest)) = root(body) else { return Document::Open };
    let is_closed = rest.iter().position(|byte| *byte == b'>').is_some_and(|at| at + 1 == rest.len())
        && rest.ends_with(b"/>");
    let last = body.windows(2).rposition(|two| two == b"</").map_or(&b""[..], |at| &body[at + 2..]);
    let closes = last.strip_prefix(root).and_then(|rest| rest.strip_suffix(b">"));
    if is_closed || closes.is_some_and(|between| between.iter().all(u8::is_ascii_whitespace)) {
        Document::Complete
    } else {
        Document::Open
    }
}

/// The name of the root element, and what follows it.
fn root(mut body: &[u8]) -> Option<(&[u8], &[u8])> {
    loop {
        let start = body.iter().position(|byte| *byte == b'<')?;
        let tag = &body[start + 1..];
        match tag.first()? {
            b'?' | b'!' => body = &tag[tag.iter().position(|byte| *byte == b'>')?..],
            _ => {
                let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/');
                return Some(tag.split_at(tag.iter().position(is_end)?));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_complete_with_its_roots_end() {
        for complete in [
            "<a></a>",
            "\u{feff}\n<?xml version='1.0'?><!-- > --><s:a x='y'><b></b></s:a >\r\n\0\0",
            "<a x='y'/>",
            "<!DOCTYPE a><a>1</a>",
        ] {
            assert_eq!(document(complete.as_bytes()), Document::Complete, "{complete}");
        }
        for open in
            ["<", "<?xml version='1.0'?>", "<a", "<a>", "<a><b></b>", "<a></a", "<a></a>\n<b>", "<a><b/>"]
        {
            assert_eq!(document(open.as_bytes()), Document::Open, "{open}");
        }
        for none in ["", "  ", "84.160.12.7", "x<a></a>", "<\0a\0>\0"] {
            assert_eq!(document(none.as_bytes()), Document::None, "{none}");
        }
    }

    #[test]
    fn chunks_are_put_together_and_what_is_none_is_told() {
        assert_eq!(chunks(b"2\r\nab\r\n1;x\nc\n0\r\n\r\n"), Some((b"abc".to_vec(), true)));
        assert_eq!(chunks(b"5\r\nab"), Some((b"ab".to_vec(), false)));
        assert_eq!(chunks(b"2\r\nab\r\n1"), Some((b"ab".to_vec(), false)));
        assert_eq!(chunks(b"1\r\na\r\nzz\r\nb"), Some((b"a".to_vec(), false)));
        assert_eq!(chunks(b"<a>\r\n</a>"), None);
        assert_eq!(chunks(b"ffffffffffffffffffff\r\na"), None);
    }
}
