//! The modules of one crate, their files, and the resolution of paths.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::{
    source::{self, Child, Module},
    use_tree::{self, Import},
};
use crate::Result;

/// The path of a module from the crate's root.
type Name = Vec<String>;

/// The modules of a crate. A module may have several files, one for each system.
#[derive(Debug, Default)]
pub struct Crate {
    modules: BTreeMap<Name, Vec<(PathBuf, Module)>>,
}

/// An import of one file in another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    pub from: PathBuf,
    pub to: PathBuf,
    pub line: usize,
    /// The path as it is written.
    pub path: String,
}

/// The module that a path leads to, with each of its files.
type Targets = BTreeSet<(Name, PathBuf)>;

/// The most re-exports that are followed for one path.
const MOST_STEPS: u8 = 16;

impl Crate {
    /// Reads a crate, beginning with its root file.
    pub fn read(root: &Path, read: &dyn Fn(&Path) -> Option<String>) -> Result<Self> {
        let mut found = Self::default();
        let folder = root.parent().unwrap_or(root).to_owned();
        let mut open = vec![(Name::new(), root.to_owned(), folder)];
        while let Some((name, file, folder)) = open.pop() {
            let text = read(&file).ok_or_else(|| format!("{} can't be read", file.display()))?;
            for module in source::modules(&text) {
                let own = [&name[..], &module.path[..]].concat();
                let folder = module.path.iter().fold(folder.clone(), |folder, part| folder.join(part));
                for child in module.children.iter().filter(|child| !child.has_body) {
                    let name = [&own[..], std::slice::from_ref(&child.name)].concat();
                    let files = files_of(child, &file, &folder, module.path.is_empty(), read);
                    if files.is_empty() {
                        return Err(format!(
                            "{}: the file of `mod {}` isn't found",
                            file.display(),
                            child.name
                        ));
                    }
                    open.extend(files.into_iter().map(|(file, folder)| (name.clone(), file, folder)));
                }
                found.modules.entry(own).or_default().push((file.clone(), module));
            }
        }
        Ok(found)
    }

    /// The imports between files: the first one for each pair.
    pub fn dependencies(&self) -> Vec<Dependency> {
        let mut found: BTreeMap<(&Path, PathBuf), (usize, String)> = BTreeMap::new();
        for (name, files) in &self.modules {
            for (file, module) in files {
                for (path, targets) in self.uses(name, module) {
                    for (_, to) in targets.into_iter().filter(|(_, to)| to != file) {
                        let import = || (path.line, path.segments.join("::"));
                        found.entry((file, to)).or_insert_with(import);
                    }
                }
            }
        }
        let dependency =
            |((from, to), (line, path))| Dependency { from: Path::to_owned(from), to, line, path };
        found.into_iter().map(dependency).collect()
    }

    /// The paths in a module with their targets. Re-exports of the module's own descendants are left out, unless the module
    /// uses the name itself.
    fn uses<'a>(
        &'a self,
        name: &'a [String],
        module: &'a Module,
    ) -> impl Iterator<Item = (&'a use_tree::Path, Targets)> {
        let imports = module.imports.iter().filter_map(move |import| {
            let targets = self.resolve(name, &import.path.segments, MOST_STEPS)?;
            let is_own = |(other, _): &(Name, PathBuf)| other.len() > name.len() && other.starts_with(name);
            let is_used = import.name.as_ref().is_some_and(|name| module.names.contains(name));
            let is_reexport = import.is_public && !is_used && targets.iter().all(is_own);
            (!is_reexport).then_some((&import.path, targets))
        });
        let paths = module.paths.iter();
        imports.chain(paths.filter_map(|path| Some((path, self.resolve(name, &path.segments, MOST_STEPS)?))))
    }

    /// Resolves a path that is written in the module `from`. Paths to other crates have no target.
    fn resolve(&self, from: &[String], path: &[String], steps_left: u8) -> Option<Targets> {
        let steps_left = steps_left.checked_sub(1)?;
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.resolve_in(&[], rest, steps_left),
            "self" => self.resolve_in(from, rest, steps_left),
            "super" => self.resolve_in(from.split_last()?.1, rest, steps_left),
            first => {
                if self.has_child(from, first) || self.defines(from, first) {
                    return self.resolve_in(from, path, steps_left);
                }
                let imported = self.imports(from).find(|import| import.name.as_deref() == Some(first))?;
                self.resolve(from, &[&imported.path.segments[..], rest].concat(), steps_left)
            }
        }
    }

    /// Resolves the rest of a path from a module on.
    fn resolve_in(&self, module: &[String], path: &[String], steps_left: u8) -> Option<Targets> {
        let Some((first, rest)) = path.split_first() else { return Some(self.files(module)) };
        match first.as_str() {
            "super" => return self.resolve_in(module.split_last()?.1, rest, steps_left),
            "self" => return self.resolve_in(module, rest, steps_left),
            _ => {}
        }
        if self.has_child(module, first) {
            return self.resolve_in(&[module, std::slice::from_ref(first)].concat(), rest, steps_left);
        }
        let is_macro = |(_, files): &(&Name, &Vec<(PathBuf, Module)>)| {
            files.iter().any(|(_, module)| module.exported_macros.contains(first))
        };
        if module.is_empty()
            && let Some((owner, _)) = self.modules.iter().find(is_macro)
        {
            return Some(self.files(owner));
        }
        if !self.defines(module, first) {
            let mut public = self.imports(module).filter(|import| import.is_public);
            if let Some(import) = public.find(|import| import.name.as_ref() == Some(first)) {
                let found = self.resolve(module, &[&import.path.segments[..], rest].concat(), steps_left);
                return found.or_else(|| Some(self.files(module)));
            }
            let globs = self.imports(module).filter(|import| import.is_public && import.is_glob);
            for glob in globs {
                let target = self.resolve(module, &glob.path.segments, steps_left).unwrap_or_default();
                if let Some((owner, _)) = target.first().filter(|(owner, _)| self.defines(owner, first)) {
                    return Some(self.files(owner));
                }
            }
        }
        // The module defines the name, perhaps by a macro.
        Some(self.files(module))
    }

    fn has_child(&self, module: &[String], name: &str) -> bool {
        self.modules.contains_key(&[module, &[name.to_owned()]].concat())
    }

    fn defines(&self, module: &[String], name: &str) -> bool {
        self.parts(module).any(|(_, module)| module.definitions.contains(name))
    }

    fn imports(&self, module: &[String]) -> impl Iterator<Item = &Import> {
        self.parts(module).flat_map(|(_, module)| &module.imports)
    }

    fn files(&self, module: &[String]) -> Targets {
        self.parts(module).map(|(file, _)| (module.to_owned(), file.clone())).collect()
    }

    fn parts(&self, module: &[String]) -> impl Iterator<Item = &(PathBuf, Module)> {
        self.modules.get(module).into_iter().flatten()
    }
}

/// The files of a child module, each with the folder of its own children. `folder` is that of the parent's children.
fn files_of(
    child: &Child,
    parent: &Path,
    folder: &Path,
    is_parent_a_file: bool,
    read: &dyn Fn(&Path) -> Option<String>,
) -> Vec<(PathBuf, PathBuf)> {
    let named_from = parent.parent().filter(|_| is_parent_a_file).unwrap_or(folder);
    let named = child.files.iter().map(|file| {
        let file = named_from.join(file);
        let folder = file.parent().unwrap_or(&file).to_owned();
        (file, folder)
    });
    let below = folder.join(&child.name);
    let usual = [folder.join(format!("{}.rs", child.name)), below.join("mod.rs")];
    let all = named.chain(usual.map(|file| (file, below.clone())));
    all.filter(|(file, _)| read(file).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dependencies in a crate of these files, written as `from -> to`.
    fn dependencies(files: &[(&str, &str)]) -> Vec<String> {
        let read = |path: &Path| {
            let file = files.iter().find(|(name, _)| Path::new("src").join(name) == path);
            file.map(|(_, text)| (*text).to_owned())
        };
        let root = if read(Path::new("src/lib.rs")).is_some() { "src/lib.rs" } else { "src/main.rs" };
        let found = Crate::read(Path::new(root), &read).expect("a whole crate").dependencies();
        let name = |path: &Path| path.strip_prefix("src").expect("in src").display().to_string();
        let mut lines: Vec<_> =
            found.iter().map(|it| format!("{} -> {}", name(&it.from), name(&it.to))).collect();
        lines.sort();
        lines
    }

    #[test]
    fn neither_declaring_a_module_nor_reexporting_its_names_is_a_dependency() {
        let files = [
            ("lib.rs", "pub mod a;\npub use a::X;\npub(crate) use self::a::b::Y;"),
            ("a.rs", "pub mod b; pub struct X;"),
            ("a/b.rs", "pub struct Y; use super::X;"),
        ];
        assert_eq!(dependencies(&files), ["a/b.rs -> a.rs"]);
    }

    #[test]
    fn a_parent_depends_on_the_child_whose_name_it_uses_itself() {
        for own_use in
            ["use b::Y;", "pub use b::Y; fn f(y: Y) {}", "fn f() { b::g(); }", "pub use b::g; fn f() { g() }"]
        {
            let a = format!("mod b; {own_use}");
            let files =
                [("lib.rs", "mod a;"), ("a.rs", a.as_str()), ("a/b.rs", "pub struct Y; pub fn g() {}")];
            assert_eq!(dependencies(&files), ["a.rs -> a/b.rs"], "{own_use}");
        }
    }

    #[test]
    fn a_reexported_name_leads_to_the_file_that_defines_it() {
        let files = [
            ("lib.rs", "mod a; mod c; pub use a::*;"),
            ("a.rs", "mod b; pub use self::b::{Y as Z, inner}; pub use crate::a::b::*;"),
            ("a/b.rs", "pub mod inner { pub struct Deep; } pub struct Y; pub struct Star;"),
            ("c.rs", "use crate::a::{Z, Star}; use crate::a::inner::Deep;"),
        ];
        assert_eq!(dependencies(&files), ["c.rs -> a/b.rs"]);
        let files = [
            ("lib.rs", "mod a; mod c;"),
            ("a.rs", "pub use crate::c::C; pub use std::fmt;"),
            ("c.rs", "pub struct C; use crate::a::fmt;"),
        ];
        // Re-exporting the name of a module elsewhere is a dependency.
        assert_eq!(dependencies(&files), ["a.rs -> c.rs", "c.rs -> a.rs"]);
    }

    #[test]
    fn a_private_import_of_the_parent_that_a_child_uses_is_the_parents() {
        let files = [
            ("lib.rs", "mod a; mod c;"),
            ("a.rs", "mod b; use crate::c::C;"),
            ("a/b.rs", "use super::C;"),
            ("c.rs", "pub struct C;"),
        ];
        assert_eq!(dependencies(&files), ["a.rs -> c.rs", "a/b.rs -> a.rs"]);
    }

    #[test]
    fn super_and_self_are_followed_in_groups_and_more_than_once() {
        let files = [
            ("lib.rs", "mod a; mod x; pub struct Top;"),
            ("a.rs", "pub mod b; pub struct A;"),
            ("a/b.rs", "pub mod c; pub mod d;"),
            (
                "a/b/c.rs",
                "use super::{self, d::D}; use super::super::A;\nuse super::super::super::{x::X as Y, Top};",
            ),
            ("a/b/d.rs", "pub struct D;"),
            ("x.rs", "pub struct X;"),
        ];
        let targets = ["a.rs", "a/b.rs", "a/b/d.rs", "lib.rs", "x.rs"];
        assert_eq!(dependencies(&files), targets.map(|to| format!("a/b/c.rs -> {to}")));
    }

    #[test]
    fn other_crates_and_names_of_the_same_file_are_no_dependency() {
        let files = [
            ("lib.rs", "mod std; mod a;"),
            ("std.rs", ""),
            (
                "a.rs",
                "use serde::Serialize; use ::std::fs; enum E { One } use E::One; use self::inner::I; mod inner { use super::E; pub struct I; }\nfn f() { Vec::<u8>::new(); E::One; }",
            ),
        ];
        assert!(dependencies(&files).is_empty(), "{:?}", dependencies(&files));
    }

    #[test]
    fn an_imported_module_leads_on_where_its_name_is_used() {
        let files = [
            ("main.rs", "mod a; mod c; fn main() { c::run(); }"),
            ("a.rs", "mod b; pub use b::help;"),
            ("a/b.rs", "pub fn help() {}"),
            ("c.rs", "use crate::a; pub fn run() { a::help(); }"),
        ];
        assert_eq!(dependencies(&files), ["c.rs -> a.rs", "c.rs -> a/b.rs", "main.rs -> c.rs"]);
    }

    #[test]
    fn modules_for_several_systems_are_all_read() {
        let files = [
            (
                "lib.rs",
                "#[cfg(windows)] mod windows;\n#[cfg_attr(unix, path = \"system/unix.rs\")] mod system; mod t;",
            ),
            ("windows.rs", "use crate::t::T;"),
            ("system.rs", "use crate::t::T;"),
            ("system/unix.rs", "use super::t::T; mod deep;"),
            ("system/deep.rs", "use super::super::t::T;"),
            ("t.rs", "pub struct T;"),
        ];
        let from = ["system.rs", "system/deep.rs", "system/unix.rs", "windows.rs"];
        assert_eq!(dependencies(&files), from.map(|from| format!("{from} -> t.rs")));
    }

    #[test]
    fn modules_in_braces_have_their_own_folder() {
        let files = [
            ("lib.rs", "mod outer { pub mod inside; }"),
            ("outer/inside/mod.rs", "mod leaf; use leaf::L;"),
            ("outer/inside/leaf.rs", "pub struct L;"),
        ];
        assert_eq!(dependencies(&files), ["outer/inside/mod.rs -> outer/inside/leaf.rs"]);
    }

    #[test]
    fn macros_are_found_where_they_are_defined() {
        let files = [
            ("lib.rs", "#[macro_use] mod macros; mod a;"),
            (
                "macros.rs",
                "#[macro_export] macro_rules! one { () => { $crate::a::x() } } macro_rules! two { () => {} } pub(crate) use two;",
            ),
            ("a.rs", "pub fn x() { crate::one!(); crate::macros::two!(); }"),
        ];
        assert_eq!(dependencies(&files), ["a.rs -> macros.rs"]);
    }

    #[test]
    fn the_search_ends_in_a_circle_of_reexports() {
        let files =
            [("lib.rs", "mod a; mod b;"), ("a.rs", "pub use crate::b::X;"), ("b.rs", "pub use crate::a::X;")];
        assert!(dependencies(&files).len() <= 2);
    }

    #[test]
    fn a_missing_file_is_named() {
        let read = |path: &Path| (path == Path::new("src/lib.rs")).then(|| "mod gone;".to_owned());
        let problem = Crate::read(Path::new("src/lib.rs"), &read).expect_err("no file");
        assert!(problem.contains("gone") && problem.contains("lib.rs"), "{problem}");
    }
}
