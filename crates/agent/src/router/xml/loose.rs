//! Reads malformed XML: tags, and the text that is delimited by them. Nothing is resolved but the five entities that every
//! document has, and character references.

use super::elements::{Element, Elements, XmlError, close};

/// The longest reference to a character, with `&` and `;`.
const MAX_REFERENCE: usize = 10;

/// Reads the elements of a text that strict reading refused.
///
/// # Errors
/// When it declares entities, or has more than `limit` elements.
pub(super) fn read(text: &str, limit: usize) -> Result<Elements, XmlError> {
    let mut tree = Tree::default();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        tree.text(&rest[..start]);
        rest = &rest[start..];
        if let Some(inside) = rest.strip_prefix("<!--") {
            rest = behind(inside, "-->");
        } else if let Some(inside) = rest.strip_prefix("<![CDATA[") {
            let Some(end) = inside.find("]]>") else { break };
            tree.literal(&inside[..end]);
            rest = &inside[end + 3..];
        } else if rest.starts_with("<?") {
            rest = behind(rest, "?>");
        } else if rest.starts_with("<!") {
            let end = declaration(rest);
            if has_entities(&rest[..end]) {
                return Err(XmlError::Entities);
            }
            rest = &rest[end..];
        } else if let Some(length) = tag_length(rest) {
            tree.tag(&rest[1..length - 1]);
            rest = &rest[length..];
        } else {
            // A bare `<` is text.
            tree.text("<");
            rest = &rest[1..];
        }
        if tree.elements.list.len() > limit {
            return Err(XmlError::TooLarge);
        }
    }
    Ok(tree.finished())
}

fn behind<'a>(text: &'a str, end: &str) -> &'a str {
    text.find(end).map_or("", |at| &text[at + end.len()..])
}

/// The length of a declaration with its internal subset. One that doesn't end takes all.
fn declaration(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'>' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn has_entities(declaration: &str) -> bool {
    declaration.to_ascii_lowercase().contains("<!entity")
}

/// The length of a tag with its brackets; none if this is no tag, or its end didn't come.
fn tag_length(text: &str) -> Option<usize> {
    let name = text.strip_prefix("</").or_else(|| text.strip_prefix('<'))?;
    name.chars().next().filter(|first| first.is_alphabetic() || *first == '_')?;
    let end = text.find('>')?;
    // A `<` before the end: this tag was never closed.
    (!text[1..end].contains('<')).then_some(end + 1)
}

#[derive(Default)]
struct Tree {
    elements: Elements,
    /// The open elements: the place of each, and its text so far.
    open: Vec<(usize, String)>,
}

impl Tree {
    /// Adds text, unless the innermost element has children already.
    fn text(&mut self, text: &str) {
        if text.contains('&') { self.literal(&resolved(text)) } else { self.literal(text) }
    }

    fn literal(&mut self, text: &str) {
        let count = self.elements.list.len();
        if let Some((at, so_far)) = self.open.last_mut()
            && *at + 1 == count
        {
            so_far.push_str(text);
        }
    }

    fn tag(&mut self, inside: &str) {
        if let Some(closing) = inside.strip_prefix('/') {
            return self.close(local_name(closing));
        }
        self.open.push((self.elements.list.len(), String::new()));
        self.elements.list.push(Element { name: local_name(inside).to_owned(), text: None, end: 0 });
        if inside.ends_with('/') {
            self.end_innermost();
        }
    }

    /// Closes the innermost element of this name, and all in it. A closing tag of no open element closes the element whose
    /// text it ends.
    fn close(&mut self, name: &str) {
        let list = &self.elements.list;
        let found = self.open.iter().rposition(|(at, _)| list[*at].name == name);
        let is_leaf = self.open.last().is_some_and(|(at, _)| *at + 1 == list.len());
        match found {
            // Of the elements in between, only the last one has text that ends here.
            Some(depth) => {
                if is_leaf {
                    self.end_innermost();
                }
                while self.open.len() > depth {
                    if self.open.len() == depth + 1 { self.end_innermost() } else { self.drop_innermost() }
                }
            }
            None if is_leaf => self.end_innermost(),
            None => {}
        }
    }

    /// Ends the innermost element, whose text is known.
    fn end_innermost(&mut self) {
        if let Some((at, text)) = self.open.last_mut() {
            let is_leaf = *at + 1 == self.elements.list.len();
            self.elements.list[*at].text = Some(if is_leaf { text.trim() } else { "" }.to_owned());
        }
        self.drop_innermost();
    }

    /// Ends the innermost element, whose own end isn't known.
    fn drop_innermost(&mut self) {
        close(&mut self.elements.list, &mut self.open);
    }

    fn finished(mut self) -> Elements {
        while !self.open.is_empty() {
            self.drop_innermost();
        }
        self.elements
    }
}

/// The name in a tag without its prefix and attributes.
fn local_name(tag: &str) -> &str {
    let end = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
    let name = &tag[..end];
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// A text with its references resolved. Anything else after `&` stays as it is.
fn resolved(text: &str) -> String {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        resolved.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference =
            rest.bytes().take(MAX_REFERENCE).position(|byte| byte == b';').map(|end| &rest[1..end]);
        if let Some((length, character)) = reference.and_then(|name| Some((name.len(), character(name)?))) {
            resolved.push(character);
            rest = &rest[length + 2..];
        } else {
            resolved.push('&');
            rest = &rest[1..];
        }
    }
    resolved.push_str(rest);
    resolved
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}
