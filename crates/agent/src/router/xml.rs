//! Reads a router's XML: strictly where it is well formed, and otherwise the elements that can be made out.
//!
//! Routers send prefixes that aren't declared (async_upnp_client#221, 2024-03-06), tags that don't match
//! (home-assistant#71138, 2022-05-01), a bare `&`, blank lines before the declaration, and UTF-16. Entities are refused
//! in any case, so there is nothing to multiply, and the number of elements is limited.

mod elements;
mod loose;

use std::borrow::Cow;

use roxmltree::{Document, ParsingOptions};

use self::elements::{Element, close};
pub(super) use self::elements::{Elements, XmlError};

/// The most nodes of a document, because each takes memory. No router's XML within the longest body has more.
const MAX_NODES: u32 = 4096;

/// Reads a document of any encoding that routers use.
///
/// # Errors
/// When it is no XML at all, declares entities, or is too large.
pub(super) fn read(body: &[u8]) -> Result<Elements, XmlError> {
    let text = text_of(body);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}');
    if !text.starts_with('<') {
        return Err(XmlError::NoXml);
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let elements = match Document::parse_with_options(text, options) {
        Ok(document) => of(&document),
        Err(roxmltree::Error::NodesLimitReached) => return Err(XmlError::TooLarge),
        Err(error) => {
            tracing::debug!(%error, "the router's XML is malformed");
            loose::read(text, MAX_NODES as usize)?
        }
    };
    if elements.list.is_empty() { Err(XmlError::NoXml) } else { Ok(elements) }
}

/// The elements of a well-formed document.
fn of(document: &Document<'_>) -> Elements {
    let mut list = Vec::new();
    let mut open = Vec::new();
    for node in document.root().descendants().filter(roxmltree::Node::is_element) {
        // The elements before that are no ancestors end here.
        while open.last().is_some_and(|(_, ancestor)| Some(*ancestor) != node.parent_element()) {
            close(&mut list, &mut open);
        }
        open.push((list.len(), node));
        let is_leaf = !node.children().any(|child| child.is_element());
        let texts = node.children().filter(|child| is_leaf && child.is_text());
        let text: String = texts.filter_map(|child| child.text()).collect();
        let name = node.tag_name().name().to_owned();
        list.push(Element { name, text: Some(text.trim().to_owned()), end: 0 });
    }
    while !open.is_empty() {
        close(&mut list, &mut open);
    }
    Elements { list }
}

/// A body as text. Some routers write their names in another encoding than they say, and some all of it in UTF-16.
fn text_of(body: &[u8]) -> Cow<'_, str> {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units = body.chunks_exact(2).map(|two| read([two[0], two[1]]));
        Cow::Owned(
            char::decode_utf16(units).map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER)).collect(),
        )
    };
    match body {
        [0xff, 0xfe, ..] | [b'<', 0, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] | [0, b'<', ..] => wide(u16::from_be_bytes),
        _ => String::from_utf8_lossy(body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<String> {
        let elements = read(text.as_bytes()).ok()?;
        elements.text(elements.all(), "B").map(str::to_owned)
    }

    #[test]
    fn a_value_is_read_from_xml_as_routers_write_it() {
        let wide = |bytes: fn(u16) -> [u8; 2], text: &str| -> Vec<u8> {
            text.encode_utf16().flat_map(bytes).collect()
        };
        for good in [
            "<a><B>1</B></a>",
            "<?xml version=\"1.0\"?><u:a xmlns:u='x'><u:B> 1 </u:B></u:a>",
            "\r\n\n<?xml version=\"1.0\"?><a><B>1</B></a>",
            "\u{feff}<?xml version=\"1.0\"?><a><B>1</B></a>\0\0",
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a><B>1</B></a>",
            "<s:a><s:b/><u:B>1</u:B></s:a>",
            "<a><n>Jon & Co</n><B>1</B></a>",
            "<a><n>x</m><B>1</B></a>",
            "<a><n>x<B>1</B></a>",
            "<a><B>1</b></a>",
            "<a x=y z><B>1</B></a>",
            "<a><B dt:dt=\"string\">1</B></a>",
            "<!DOCTYPE a><a><B>1</B></a>",
            "<!DOCTYPE a SYSTEM \"x.dtd\" [<!ELEMENT a (B)>]><a><B>1</B></a>",
            "<a><!-- <B>2</B> --><B>1</B></a>",
            "<a><n>&<![CDATA[<B>2</B>]]></n><B>1</B></a>",
            "<a><n>&</n><B><![CDATA[1]]></B></a>",
            "<a><n>&</n><B>&#49;</B></a>",
            "<a><B>1</B>",
            "<a><B><!-- 2 -->1</B></a>",
        ] {
            assert_eq!(value(good).as_deref(), Some("1"), "{good}");
        }
        for encoded in [
            wide(u16::to_le_bytes, "\u{feff}<?xml version=\"1.0\" encoding=\"utf-16\"?><a><B>1</B></a>"),
            wide(u16::to_be_bytes, "\u{feff}<a><B>1</B></a>"),
            wide(u16::to_le_bytes, "<a><B>1</B></a>"),
            b"<a><n>caf\xe9</n><B>1</B></a>".to_vec(),
        ] {
            let elements = read(&encoded).expect("XML");
            assert_eq!(elements.text(elements.all(), "B"), Some("1"));
        }
    }

    #[test]
    fn a_value_whose_end_did_not_come_is_none() {
        for cut in ["<a><B>84.160.12.1", "<a><n>&</n><B>84.160.12.1", "<a><B>84.160.12.1</", "<a><B"] {
            assert_eq!(value(cut), None, "{cut}");
        }
        for mixed in ["<a><B>84.160.12.1<c/>7</B></a>", "<a>&<B>84.160.12.1<c/>7</B></a>"] {
            assert_eq!(value(mixed).as_deref(), Some(""), "{mixed}");
        }
    }

    #[test]
    fn entities_are_refused_and_sizes_are_bounded() {
        for bomb in [
            "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><a><B>&b;</B></a>",
            "<!doctype x [<!entity a \"1\">]><a><B>1</B>&</a>",
            "<!DOCTYPE x [<!ENTITY % p SYSTEM \"x\"> %p;]><a><B>1</B></a>",
        ] {
            assert_eq!(read(bomb.as_bytes()).map(|_| ()), Err(XmlError::Entities), "{bomb}");
        }
        for large in
            ["<a>".repeat(20_000), format!("<a>&{}</a>", "<B/>".repeat(10_000)), "<a></b>".repeat(9000)]
        {
            assert_eq!(read(large.as_bytes()).map(|_| ()), Err(XmlError::TooLarge));
        }
        for none in ["", "84.160.12.7", "{\"B\": 1}", "<", "< >", "<!-- x -->"] {
            assert_eq!(read(none.as_bytes()).map(|_| ()), Err(XmlError::NoXml), "{none}");
        }
    }

    #[test]
    fn an_element_ends_where_its_parent_ends_also_in_malformed_xml() {
        for text in ["<r><s><k>1</k></s><s><B>2</B></s></r>", "<r>&<s><k>1</k></s><s><B>2</B></s></r>"] {
            let elements = read(text.as_bytes()).expect("XML");
            let found: Vec<_> = elements.named("s").map(|at| elements.text(at, "B")).collect();
            assert_eq!(found, [None, Some("2")], "{text}");
        }
    }
}
