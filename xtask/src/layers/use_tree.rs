//! `use` declarations, split into single names.

use super::lexer::{Kind, Token, group};

/// A path as it is written. A path that begins with `::` has an empty first segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    pub segments: Vec<String>,
    pub line: usize,
}

/// A single name of a `use` declaration.
#[derive(Debug, PartialEq, Eq)]
pub struct Import {
    /// The path without `self` or `*` at its end.
    pub path: Path,
    /// The name in the importing module; none for `*` and `_`.
    pub name: Option<String>,
    pub is_glob: bool,
    pub is_public: bool,
}

/// The names in the tree between `use` and its semicolon.
pub fn imports(tree: &[Token], is_public: bool) -> Vec<Import> {
    let mut found = Vec::new();
    branch(tree, &[], is_public, &mut found);
    found
}

fn branch(tokens: &[Token], before: &[String], is_public: bool, found: &mut Vec<Import>) {
    let Some(line) = tokens.first().map(|token| token.line) else { return };
    let mut segments = before.to_vec();
    let mut alias = None;
    let mut is_glob = false;
    for (at, token) in tokens.iter().enumerate() {
        match &token.kind {
            Kind::PathSeparator if segments.is_empty() => segments.push(String::new()),
            // In braces `self` is the path in front of them.
            Kind::Name(word) if word == "self" && at == 0 && !before.is_empty() => {}
            Kind::Name(word) if word == "as" => {
                alias = tokens.get(at + 1).map(|token| token.kind.clone());
                break;
            }
            Kind::Name(word) => segments.push(word.clone()),
            Kind::Mark('*') => is_glob = true,
            Kind::Mark('{') => {
                let inside = &tokens[at + 1..(at + group(&tokens[at..])).saturating_sub(1)];
                return branches(inside).for_each(|inner| branch(inner, &segments, is_public, found));
            }
            _ => {}
        }
    }
    let name = match alias {
        None => segments.last().cloned().filter(|_| !is_glob),
        Some(Kind::Name(alias)) => Some(alias).filter(|alias| alias != "_"),
        Some(_) => None,
    };
    found.push(Import { path: Path { segments, line }, name, is_glob, is_public });
}

/// Splits the inside of braces at the top-level commas.
fn branches(mut tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    std::iter::from_fn(move || {
        let mut end = 0;
        while tokens.get(end).is_some_and(|token| token.kind != Kind::Mark(',')) {
            end += group(&tokens[end..]);
        }
        let (branch, rest) = tokens.split_at(end);
        (!tokens.is_empty()).then(|| {
            tokens = rest.get(1..).unwrap_or_default();
            branch
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::lexer::tokens;

    fn names(tree: &str) -> Vec<String> {
        let spelled = |import: Import| {
            let star = if import.is_glob { "::*" } else { "" };
            let name = import.name.map(|name| format!(" as {name}")).unwrap_or_default();
            format!("{}: {}{star}{name}", import.path.line, import.path.segments.join("::"))
        };
        imports(&tokens(tree), false).into_iter().map(spelled).collect()
    }

    #[test]
    fn a_single_path_is_one_name() {
        assert_eq!(names("super::super::x"), ["1: super::super::x as x"]);
        assert_eq!(names("::std::fs"), ["1: ::std::fs as fs"]);
        assert_eq!(names("crate::a::*"), ["1: crate::a::*"]);
    }

    #[test]
    fn groups_are_split_over_lines_and_nested_ones_too() {
        assert_eq!(
            names("crate::{\n    a::B,\n    c::{self, d::{E, F}},\n    g,\n}"),
            [
                "2: crate::a::B as B",
                "3: crate::c as c",
                "3: crate::c::d::E as E",
                "3: crate::c::d::F as F",
                "4: crate::g as g"
            ]
        );
        assert_eq!(names("super::{self, X}"), ["1: super as super", "1: super::X as X"]);
        assert_eq!(names("{crate::a, super::b::*}"), ["1: crate::a as a", "1: super::b::*"]);
    }

    #[test]
    fn a_renamed_import_has_its_new_name() {
        assert_eq!(names("crate::a::{B as C, self as d}"), ["1: crate::a::B as C", "1: crate::a as d"]);
        assert_eq!(names("std::fmt::Write as _"), ["1: std::fmt::Write"]);
    }
}
