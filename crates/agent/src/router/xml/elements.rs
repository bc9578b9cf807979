//! The elements of a document, however it was read.

use std::ops::Range;

/// The elements of a document, in its order. Prefixes and namespaces are left out.
#[derive(Debug, Default)]
pub(in super::super) struct Elements {
    /// In the document's order.
    pub(super) list: Vec<Element>,
}

/// One element.
#[derive(Debug)]
pub(super) struct Element {
    /// Its name without a prefix.
    pub(super) name: String,
    /// Its text, empty if it has elements in it; none where its end isn't known.
    pub(super) text: Option<String>,
    /// The place behind its last descendant.
    pub(super) end: usize,
}

/// The reason why nothing is read.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) enum XmlError {
    /// There is no element.
    NoXml,
    /// It declares entities.
    Entities,
    /// It has too many elements.
    TooLarge,
}

impl Elements {
    /// All of it.
    pub(in super::super) fn all(&self) -> Range<usize> {
        0..self.list.len()
    }

    /// The name of the root.
    pub(in super::super) fn root(&self) -> Option<&str> {
        self.list.first().map(|root| root.name.as_str())
    }

    /// The places of all elements of this name, each with its descendants.
    pub(in super::super) fn named(&self, name: &str) -> impl Iterator<Item = Range<usize>> {
        self.list
            .iter()
            .enumerate()
            .filter(move |(_, element)| element.name == name)
            .map(|(at, element)| at..element.end)
    }

    /// The trimmed text of the first element of this name within a place; empty if it has no text.
    pub(in super::super) fn text(&self, within: Range<usize>, name: &str) -> Option<&str> {
        self.list[within].iter().find(|element| element.name == name)?.text.as_deref()
    }
}

/// Ends the innermost open element.
pub(super) fn close<T>(list: &mut [Element], open: &mut Vec<(usize, T)>) {
    if let Some((at, _)) = open.pop() {
        list[at].end = list.len();
    }
}
