//! The modules of one crate: which file each is in, and what a path leads to.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::{
    source::{self, Child, Module},
    use_tree::{self, Import},
};
use crate::Result;

/// A module's path from the crate's root.
type Name = Vec<String>;

/// A crate. A module may be in several files, one for each system.
#[derive(Debug, Default)]
pub struct Crate {
    modules: BTreeMap<Name, Vec<(PathBuf, Module)>>,
}

/// A place that one file names another in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    pub from: PathBuf,
    pub to: PathBuf,
    pub line: usize,
    /// As it is written there.
    pub path: String,
}

/// The modules and files that a path leads to.
type Found = BTreeSet<(Name, PathBuf)>;

/// The most re-exports that are followed for one path.
const MOST_STEPS: u8 = 16;

impl Crate {
    /// Reads a crate from its root file on.
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

    /// What its files need of each other: one place for each two files.
    pub fn dependencies(&self) -> Vec<Dependency> {
        let mut places: BTreeMap<(PathBuf, PathBuf), (usize, String)> = BTreeMap::new();
        for (name, files) in &self.modules {
            for (file, module) in files {
                for (path, found) in self.needs(name, module) {
                    for (_, to) in found.into_iter().filter(|(_, to)| to != file) {
                        let place = places.entry((file.clone(), to));
                        place.or_insert_with(|| (path.line, path.segments.join("::")));
                    }
                }
            }
        }
        let flat = places.into_iter();
        flat.map(|((from, to), (line, path))| Dependency { from, to, line, path }).collect()
    }

    /// The paths that a module needs something by. Passing on what its own children have isn't needing it, unless it
    /// uses the name itself.
    fn needs<'a>(
        &'a self,
        name: &'a [String],
        module: &'a Module,
    ) -> impl Iterator<Item = (&'a use_tree::Path, Found)> {
        let imports = module.imports.iter().filter_map(move |import| {
            let found = self.find(name, &import.path.segments, MOST_STEPS)?;
            let is_own = |(other, _): &(Name, PathBuf)| other.len() > name.len() && other.starts_with(name);
            let is_used = import.name.as_ref().is_some_and(|name| module.names.contains(name));
            let passes_on = import.is_public && !is_used && found.iter().all(is_own);
            (!passes_on).then_some((&import.path, found))
        });
        let paths = module.paths.iter();
        imports.chain(paths.filter_map(|path| Some((path, self.find(name, &path.segments, MOST_STEPS)?))))
    }

    /// What a path leads to when it is written in the module `from`; nothing when it leaves the crate.
    fn find(&self, from: &[String], path: &[String], steps_left: u8) -> Option<Found> {
        let steps_left = steps_left.checked_sub(1)?;
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.find_in(&[], rest, steps_left),
            "self" => self.find_in(from, rest, steps_left),
            "super" => self.find_in(from.split_last()?.1, rest, steps_left),
            first => {
                if self.has_child(from, first) || self.defines(from, first) {
                    return self.find_in(from, path, steps_left);
                }
                let imported = self.imports(from).find(|import| import.name.as_deref() == Some(first))?;
                self.find(from, &[&imported.path.segments[..], rest].concat(), steps_left)
            }
        }
    }

    /// What the rest of a path leads to, seen from a module.
    fn find_in(&self, module: &[String], path: &[String], steps_left: u8) -> Option<Found> {
        let Some((first, rest)) = path.split_first() else { return Some(self.files(module)) };
        match first.as_str() {
            "super" => return self.find_in(module.split_last()?.1, rest, steps_left),
            "self" => return self.find_in(module, rest, steps_left),
            _ => {}
        }
        if self.has_child(module, first) {
            return self.find_in(&[module, std::slice::from_ref(first)].concat(), rest, steps_left);
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
                let found = self.find(module, &[&import.path.segments[..], rest].concat(), steps_left);
                return found.or_else(|| Some(self.files(module)));
            }
            let globs = self.imports(module).filter(|import| import.is_public && import.is_glob);
            for glob in globs {
                let target = self.find(module, &glob.path.segments, steps_left).unwrap_or_default();
                if let Some((owner, _)) = target.first().filter(|(owner, _)| self.defines(owner, first)) {
                    return Some(self.files(owner));
                }
            }
        }
        // Defined there, or by a macro; or the module's parts of something, as an enum's variants.
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

    fn files(&self, module: &[String]) -> Found {
        self.parts(module).map(|(file, _)| (module.to_owned(), file.clone())).collect()
    }

    fn parts(&self, module: &[String]) -> impl Iterator<Item = &(PathBuf, Module)> {
        self.modules.get(module).into_iter().flatten()
    }
}

/// The files that a child may be in, each with the folder where its own children are. `folder` is the parent's.
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

    /// The dependencies in a crate of these files, as `from -> to`.
    fn told(files: &[(&str, &str)]) -> Vec<String> {
        let read = |path: &Path| {
            let file = files.iter().find(|(name, _)| Path::new("src").join(name) == path);
            file.map(|(_, text)| (*text).to_owned())
        };
        let root = if read(Path::new("src/lib.rs")).is_some() { "src/lib.rs" } else { "src/main.rs" };
        let found = Crate::read(Path::new(root), &read).expect("a whole crate").dependencies();
        let name = |path: &Path| path.strip_prefix("src").expect("in src").display().to_string();
        let mut told: Vec<_> =
            found.iter().map(|it| format!("{} -> {}", name(&it.from), name(&it.to))).collect();
        told.sort();
        told
    }

    #[test]
    fn declaring_a_module_and_passing_on_its_names_is_no_dependency() {
        let files = [
            ("lib.rs", "pub mod a;\npub use a::X;\npub(crate) use self::a::b::Y;"),
            ("a.rs", "pub mod b; pub struct X;"),
            ("a/b.rs", "pub struct Y; use super::X;"),
        ];
        assert_eq!(told(&files), ["a/b.rs -> a.rs"]);
    }

    #[test]
    fn a_parent_depends_on_the_child_whose_name_it_uses_itself() {
        for own_use in
            ["use b::Y;", "pub use b::Y; fn f(y: Y) {}", "fn f() { b::g(); }", "pub use b::g; fn f() { g() }"]
        {
            let a = format!("mod b; {own_use}");
            let files =
                [("lib.rs", "mod a;"), ("a.rs", a.as_str()), ("a/b.rs", "pub struct Y; pub fn g() {}")];
            assert_eq!(told(&files), ["a.rs -> a/b.rs"], "{own_use}");
        }
    }

    #[test]
    fn a_name_that_is_passed_on_leads_to_the_file_that_defines_it() {
        let files = [
            ("lib.rs", "mod a; mod c; pub use a::*;"),
            ("a.rs", "mod b; pub use self::b::{Y as Z, inner}; pub use crate::a::b::*;"),
            ("a/b.rs", "pub mod inner { pub struct Deep; } pub struct Y; pub struct Star;"),
            ("c.rs", "use crate::a::{Z, Star}; use crate::a::inner::Deep;"),
        ];
        assert_eq!(told(&files), ["c.rs -> a/b.rs"]);
        let files = [
            ("lib.rs", "mod a; mod c;"),
            ("a.rs", "pub use crate::c::C; pub use std::fmt;"),
            ("c.rs", "pub struct C; use crate::a::fmt;"),
        ];
        // What isn't its own is needed, even when it is only passed on.
        assert_eq!(told(&files), ["a.rs -> c.rs", "c.rs -> a.rs"]);
    }

    #[test]
    fn what_a_child_takes_from_its_parents_private_imports_is_the_parents() {
        let files = [
            ("lib.rs", "mod a; mod c;"),
            ("a.rs", "mod b; use crate::c::C;"),
            ("a/b.rs", "use super::C;"),
            ("c.rs", "pub struct C;"),
        ];
        assert_eq!(told(&files), ["a.rs -> c.rs", "a/b.rs -> a.rs"]);
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
        assert_eq!(told(&files), targets.map(|to| format!("a/b/c.rs -> {to}")));
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
        assert!(told(&files).is_empty(), "{:?}", told(&files));
    }

    #[test]
    fn an_imported_module_leads_on_where_its_name_is_used() {
        let files = [
            ("main.rs", "mod a; mod c; fn main() { c::run(); }"),
            ("a.rs", "mod b; pub use b::help;"),
            ("a/b.rs", "pub fn help() {}"),
            ("c.rs", "use crate::a; pub fn run() { a::help(); }"),
        ];
        assert_eq!(told(&files), ["c.rs -> a.rs", "c.rs -> a/b.rs", "main.rs -> c.rs"]);
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
        assert_eq!(told(&files), from.map(|from| format!("{from} -> t.rs")));
    }

    #[test]
    fn modules_in_braces_have_their_own_folder() {
        let files = [
            ("lib.rs", "mod outer { pub mod inside; }"),
            ("outer/inside/mod.rs", "mod leaf; use leaf::L;"),
            ("outer/inside/leaf.rs", "pub struct L;"),
        ];
        assert_eq!(told(&files), ["outer/inside/mod.rs -> outer/inside/leaf.rs"]);
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
        assert_eq!(told(&files), ["a.rs -> macros.rs"]);
    }

    #[test]
    fn a_circle_of_reexports_ends() {
        let files =
            [("lib.rs", "mod a; mod b;"), ("a.rs", "pub use crate::b::X;"), ("b.rs", "pub use crate::a::X;")];
        assert!(told(&files).len() <= 2);
    }

    #[test]
    fn a_file_that_is_not_there_is_told() {
        let read = |path: &Path| (path == Path::new("src/lib.rs")).then(|| "mod gone;".to_owned());
        let problem = Crate::read(Path::new("src/lib.rs"), &read).expect_err("no file");
        assert!(problem.contains("gone") && problem.contains("lib.rs"), "{problem}");
    }
}
