//! The declarations, definitions and imports of one source file. Code that is compiled for tests only is left out, and so
//! are the bodies of macros, because paths in them are resolved where the macro is used.

use std::collections::BTreeSet;

use super::{
    lexer::{Kind, Token, group, tokens},
    use_tree::{Import, Path, imports},
};

/// A module written in a file: the file's own, or one between braces in it.
#[derive(Debug, Default)]
pub struct Module {
    /// The path from the file's own module.
    pub path: Vec<String>,
    pub children: Vec<Child>,
    pub definitions: BTreeSet<String>,
    /// Macros that `#[macro_export]` lifts to the top of the crate.
    pub exported_macros: BTreeSet<String>,
    pub imports: Vec<Import>,
    /// Paths in code, of two or more segments.
    pub paths: Vec<Path>,
    /// Single names in code that may be imported: types, traits, macros, and functions that are called.
    pub names: BTreeSet<String>,
}

/// A declared child module.
#[derive(Debug)]
pub struct Child {
    pub name: String,
    /// The files that `#[path]` names: one for each system where they differ.
    pub files: Vec<String>,
    pub has_body: bool,
}

/// The modules of a file, its own first.
pub fn modules(source: &str) -> Vec<Module> {
    let tokens = tokens(source);
    let mut reader = Reader { rest: &tokens, before: None, found: Vec::new() };
    reader.module(Vec::new());
    reader.found
}

/// Keywords in front of the name of an item.
const DEFINING: [&str; 7] = ["const", "enum", "fn", "static", "struct", "trait", "type"];
/// Other keywords that an item may begin with, or that stand between those above and the name.
const OTHERS: [&str; 9] = ["async", "extern", "impl", "let", "macro_rules", "mod", "mut", "unsafe", "use"];

struct Reader<'a> {
    rest: &'a [Token],
    before: Option<&'a Kind>,
    found: Vec<Module>,
}

/// The attributes and the visibility in front of an item.
#[derive(Default)]
struct Preface {
    is_for_tests: bool,
    exports_macro: bool,
    is_public: bool,
    /// The files in `path = "…"`.
    files: Vec<String>,
}

impl<'a> Reader<'a> {
    fn kind(&self, at: usize) -> Option<&'a Kind> {
        self.rest.get(at).map(|token| &token.kind)
    }

    fn take(&mut self, count: usize) -> &'a [Token] {
        let (taken, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.before = taken.last().map(|token| &token.kind).or(self.before);
        self.rest = rest;
        taken
    }

    /// Reads the content of a module up to its closing brace.
    fn module(&mut self, path: Vec<String>) {
        let own = self.found.len();
        self.found.push(Module { path, ..Module::default() });
        let mut depth = 0_usize;
        loop {
            let preface = self.preface();
            match self.kind(0) {
                None => return,
                Some(_) if preface.is_for_tests => self.skip_item(),
                Some(Kind::Name(name)) => self.name(name, preface, own, depth == 0),
                Some(other) => {
                    self.take(1);
                    match other {
                        Kind::Mark('{') => depth += 1,
                        Kind::Mark('}') if depth == 0 => return,
                        Kind::Mark('}') => depth -= 1,
                        _ => {}
                    }
                }
            }
        }
    }

    fn preface(&mut self) -> Preface {
        let mut preface = Preface::default();
        loop {
            match (self.kind(0), self.kind(1), self.kind(2)) {
                (Some(Kind::Mark('#')), Some(Kind::Mark('[')), _) => {
                    self.take(1);
                    let attribute = self.take(group(self.rest));
                    preface.read(attribute);
                }
                // An inner attribute applies to the module around it.
                (Some(Kind::Mark('#')), Some(Kind::Mark('!')), Some(Kind::Mark('['))) => {
                    self.take(2);
                    let attribute = self.take(group(self.rest));
                    if is_for_tests(attribute) {
                        self.rest = &[];
                    }
                }
                (Some(Kind::Name(name)), next, _) if name == "pub" => {
                    preface.is_public = true;
                    let scope = next == Some(&Kind::Mark('('));
                    self.take(1);
                    self.take(if scope { group(self.rest) } else { 0 });
                }
                _ => return preface,
            }
        }
    }

    /// Skips an item to the end of its body or to its semicolon, a field or a match arm to its comma.
    fn skip_item(&mut self) {
        let is_item = matches!(self.kind(0), Some(Kind::Name(name)) if is_keyword(name));
        loop {
            let (first, length) = (self.kind(0), group(self.rest));
            match first {
                None | Some(Kind::Mark('}')) => return,
                _ => self.take(length),
            };
            match first {
                Some(Kind::Mark(';')) => return,
                Some(Kind::Mark('{')) if is_item => return,
                Some(Kind::Mark(',')) if !is_item => return,
                _ => {}
            }
        }
    }

    fn name(&mut self, name: &str, preface: Preface, own: usize, is_at_top: bool) {
        let line = self.rest.first().map_or(0, |token| token.line);
        match (name, self.kind(1), self.kind(2)) {
            ("use", Some(next), _) if *next != Kind::Mark('<') => {
                self.take(1);
                let mut end = 0;
                while self.kind(end).is_some_and(|kind| *kind != Kind::Mark(';')) {
                    end += group(&self.rest[end..]);
                }
                let tree = self.take(end);
                self.found[own].imports.extend(imports(tree, preface.is_public));
            }
            ("mod", Some(Kind::Name(child)), Some(Kind::Mark(mark @ (';' | '{')))) => {
                self.take(3);
                let has_body = *mark == '{';
                let path = [&self.found[own].path[..], std::slice::from_ref(child)].concat();
                self.found[own].children.push(Child { name: child.clone(), files: preface.files, has_body });
                if has_body {
                    self.module(path);
                }
            }
            ("macro_rules", Some(Kind::Mark('!')), Some(Kind::Name(defined))) => {
                self.take(3);
                self.take(group(self.rest));
                let module = &mut self.found[own];
                let known =
                    if preface.exports_macro { &mut module.exported_macros } else { &mut module.definitions };
                known.insert(defined.clone());
            }
            (_, Some(Kind::PathSeparator), _) => self.path(own, line),
            (_, Some(Kind::Name(defined)), _)
                if DEFINING.contains(&name)
                    && !is_keyword(defined)
                    && self.before != Some(&Kind::Mark('*')) =>
            {
                self.take(2);
                if is_at_top {
                    self.found[own].definitions.insert(defined.clone());
                }
            }
            (_, next, _) => {
                let is_called = matches!(next, Some(Kind::Mark('(' | '!')));
                let is_whole = !matches!(self.before, Some(Kind::Mark('.') | Kind::PathSeparator));
                if is_whole && (is_called || name.starts_with(char::is_uppercase)) {
                    self.found[own].names.insert(name.to_owned());
                }
                self.take(1);
            }
        }
    }

    /// Reads a path in code. The end of a path that begins in angle brackets, as in `<X as Y>::z`, is left out.
    fn path(&mut self, own: usize, line: usize) {
        let is_whole = !matches!(self.before, Some(Kind::Mark('.') | Kind::PathSeparator));
        let mut segments = Vec::new();
        while let Some(Kind::Name(segment)) = self.kind(0) {
            segments.push(segment.clone());
            let goes_on = self.kind(1) == Some(&Kind::PathSeparator);
            self.take(if goes_on { 2 } else { 1 });
            if !goes_on {
                break;
            }
        }
        if is_whole {
            self.found[own].paths.push(Path { segments, line });
        }
    }
}

impl Preface {
    fn read(&mut self, attribute: &[Token]) {
        self.is_for_tests |= is_for_tests(attribute);
        for (at, token) in attribute.iter().enumerate() {
            let following = [attribute.get(at + 1), attribute.get(at + 2)];
            match (&token.kind, following.map(|next| next.map(|token| &token.kind))) {
                (Kind::Name(name), [Some(Kind::Mark('=')), Some(Kind::Text(file))]) if name == "path" => {
                    self.files.push(file.clone());
                }
                (Kind::Name(name), _) if name == "macro_export" => self.exports_macro = true,
                _ => {}
            }
        }
    }
}

/// Recognises `[test]`, `[tokio::test(…)]`, `[cfg(test)]` and `[cfg(all(test, …))]`.
fn is_for_tests(attribute: &[Token]) -> bool {
    let word = |at: usize| match attribute.get(at).map(|token| &token.kind) {
        Some(Kind::Name(name)) => name.as_str(),
        _ => "",
    };
    if word(1) != "cfg" {
        let is_path = |token: &&Token| matches!(token.kind, Kind::Name(_) | Kind::PathSeparator);
        let path = attribute.iter().skip(1).take_while(is_path).count();
        return word(path) == "test";
    }
    if word(3) != "all" {
        return word(3) == "test";
    }
    let mut at = 5;
    while at < attribute.len() && word(at) != "test" {
        at += group(&attribute[at..]);
    }
    at < attribute.len()
}

fn is_keyword(name: &str) -> bool {
    DEFINING.contains(&name) || OTHERS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paths that the file's own module imports or names.
    fn paths(source: &str) -> Vec<String> {
        let modules = modules(source);
        let imports = modules[0].imports.iter().map(|import| &import.path);
        imports.chain(&modules[0].paths).map(|path| path.segments.join("::")).collect()
    }

    #[test]
    fn code_for_tests_only_is_left_out() {
        let source = r#"
            use a::b;
            #[cfg(test)]
            use crate::one;
            #[cfg(test)] mod tests { use crate::two; fn f() { crate::three::g(); } }
            #[cfg(all(unix, test))] pub(crate) fn help(x: [u8; 3]) -> Four { crate::four::g() }
            #[cfg(test)] mod elsewhere;
            #[cfg(test)] impl X { fn y() { crate::five::y() } }
            struct Y { #[cfg(test)] seen: crate::six::Seen, other: c::D }
            #[test] fn t() { crate::seven::g() }
            #[tokio::test(start_paused = true)] async fn t() { crate::eight::g() }
            #[cfg(not(test))] use e::f;
            #[cfg(any(test, feature = "x"))] use g::h;
        "#;
        assert_eq!(paths(source), ["a::b", "e::f", "g::h", "c::D"]);
        assert!(paths("#![cfg(test)]\nuse crate::a;").is_empty());
    }

    #[test]
    fn paths_in_code_are_found_with_their_lines_and_in_macros_too() {
        let source =
            "fn f(x: &crate::a::B) {\n println!(\"{}\", super::c());\n <X as Y>::z::<self::d::E>(x.0::f);\n}";
        let paths: Vec<_> = modules(source)
            .remove(0)
            .paths
            .into_iter()
            .map(|path| (path.line, path.segments.join("::")))
            .collect();
        let expected = [(1, "crate::a::B"), (2, "super::c"), (3, "self::d::E")];
        assert_eq!(paths, expected.map(|(line, path)| (line, path.to_owned())));
    }

    #[test]
    fn strings_and_comments_are_no_code() {
        let source =
            "// use crate::a;\n/* crate::b::c() */ const X: &str = r#\"use crate::d; \"{\"#; use e::F;";
        assert_eq!(paths(source), ["e::F"]);
    }

    #[test]
    fn bodies_of_macros_are_left_out_and_their_names_are_known() {
        let source = "macro_rules! one { () => { use super::x; $crate::y::z!() } }\n\
                      #[macro_export]\nmacro_rules! two { () => {} }\nuse a::B;";
        assert_eq!(paths(source), ["a::B"]);
        let modules = modules(source);
        assert!(modules[0].definitions.contains("one") && modules[0].exported_macros.contains("two"));
    }

    #[test]
    fn modules_in_a_file_keep_their_imports_to_themselves() {
        let found = modules("mod a { use super::x; mod b { use super::super::y; } fn f() {} } use z::z;");
        let paths: Vec<_> = found.iter().map(|module| module.path.join("::")).collect();
        assert_eq!(paths, ["", "a", "a::b"]);
        let imports: Vec<_> = found.iter().map(|module| module.imports[0].path.segments.join("::")).collect();
        assert_eq!(imports, ["z::z", "super::x", "super::super::y"]);
        assert!(found[1].definitions.contains("f") && found[0].definitions.is_empty());
    }

    #[test]
    fn children_name_their_files_where_they_lie_elsewhere() {
        let found = modules(
            "mod plain;\n#[cfg(unix)] #[path = \"unix.rs\"] mod system;\n\
             #[cfg_attr(windows, path = \"windows.rs\")] #[cfg_attr(target_os = \"macos\", path = \"mac.rs\")] pub mod other;",
        );
        let files: Vec<_> = found[0].children.iter().map(|child| child.files.join(" ")).collect();
        assert_eq!(files, ["", "unix.rs", "windows.rs mac.rs"]);
    }

    #[test]
    fn reexports_are_distinguished_from_imports() {
        let found = modules("pub use a::b;\npub(in crate::x) use c::d;\nuse e::f; pub fn g() {} use h::i;");
        let public: Vec<_> = found[0].imports.iter().map(|import| import.is_public).collect();
        assert_eq!(public, [true, true, false, false]);
    }

    #[test]
    fn only_whole_names_count_as_used() {
        let found =
            modules("fn make(x: Text) -> Self { x.read(); called(x); other::Thing; assert!(x); field }");
        let names: Vec<_> = found[0].names.iter().map(String::as_str).collect();
        assert_eq!(names, ["Self", "Text", "assert", "called"]);
    }
}
