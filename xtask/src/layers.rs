//! The order of the house, read from each crate's manifest and imports: which crate may depend on which, which layer of
//! the core on which, and no circle of files or folders anywhere.
//!
//! `use` declarations count, and so do paths in code. A re-exported name belongs to the file that defines it. Passing on
//! the names of its own child modules makes no file depend on them.

mod circles;
mod lexer;
mod manifest;
mod modules;
mod source;
mod use_tree;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use self::{
    circles::circles,
    modules::{Crate, Dependency},
};
use crate::{Result, files::path_error, workspace};

/// The crates, and the other ones of the workspace that each may depend on.
const CRATES: [(&str, &[&str]); 12] = [
    ("dyntray-core", &[]),
    ("dyntray-sandbox", &[]),
    ("dyntray-icons", &[]),
    ("dyntray-control", &["dyntray-core"]),
    ("dyntray-texts", &["dyntray-core"]),
    ("dyntray-agent", &["dyntray-core", "dyntray-control"]),
    ("dyntray", &["dyntray-core", "dyntray-agent", "dyntray-control", "dyntray-texts", "dyntray-icons"]),
    ("dyntray-window", &["dyntray-core", "dyntray-control"]),
    ("dyntray-stories", &["dyntray-core", "dyntray-control", "dyntray-sandbox"]),
    ("dyntray-fuzz", &["dyntray-core", "dyntray-agent"]),
    ("dyntray-simulate", &["dyntray-core"]),
    ("xtask", &[]),
];

/// The crate whose folders are layers.
const LAYERED: &str = "dyntray-core";

/// The layers of that crate, lowest first. A layer is a folder or a file in `src`, and may import from those before it.
const LAYERS: [&str; 10] =
    ["types", "protocol", "settings", "import", "observe", "state", "assess", "decide", "record", "present"];

/// Layers that only other crates use.
const FOR_OTHER_CRATES: [&str; 1] = ["import"];

/// Checks all crates, and fails with every dependency that is out of order.
pub fn check() -> Result<()> {
    let root = workspace::root();
    let folders = members(&root)?;
    let mut problems = Vec::new();
    for folder in &folders {
        let manifest = workspace::read(&format!("{folder}/Cargo.toml"))?;
        let name =
            manifest::name(&manifest).ok_or_else(|| format!("{folder}/Cargo.toml names no package"))?;
        problems.extend(forbidden_crates(name, &manifest::dependencies(&manifest)));
        for file in roots(&root, folder) {
            let read = |path: &Path| fs::read_to_string(root.join(path)).ok();
            let dependencies = Crate::read(&file, &read)?.dependencies();
            problems.extend(file_circles(&dependencies));
            problems.extend(folder_circles(&dependencies));
            if name == LAYERED {
                problems.extend(wrong_layers(&dependencies));
            }
        }
    }
    if problems.is_empty() {
        println!("{} crates: no circle, and no import from a layer above.", folders.len());
        return Ok(());
    }
    Err(problems.join("\n"))
}

/// The folders of all members of the workspace.
fn members(root: &Path) -> Result<Vec<String>> {
    let manifest = workspace::read("Cargo.toml")?;
    let mut found = Vec::new();
    for member in manifest::members(&manifest) {
        let Some(above) = member.strip_suffix("/*") else {
            found.push(member.to_owned());
            continue;
        };
        let entries =
            fs::read_dir(root.join(above)).map_err(|error| path_error(&root.join(above), &error))?;
        let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        found.extend(names.map(|name| format!("{above}/{name}")));
    }
    found.sort();
    Ok(found)
}

/// The root files of a package's crates: a library and programs.
fn roots(root: &Path, folder: &str) -> Vec<PathBuf> {
    let source = Path::new(folder).join("src");
    let programs = fs::read_dir(root.join(&source).join("bin")).into_iter().flatten().flatten();
    let programs = programs.map(|entry| source.join("bin").join(entry.file_name()));
    let programs = programs.map(|path| if path.extension().is_some() { path } else { path.join("main.rs") });
    let all = [source.join("lib.rs"), source.join("main.rs")].into_iter().chain(programs);
    all.filter(|file| root.join(file).is_file()).collect()
}

fn forbidden_crates(name: &str, dependencies: &[&str]) -> Vec<String> {
    let Some((_, allowed)) = CRATES.iter().find(|(of, _)| *of == name) else {
        return vec![format!("{name} isn't among the crates in xtask/src/layers.rs\n")];
    };
    let is_ours = |other: &&&str| CRATES.iter().any(|(name, _)| name == *other);
    let forbidden = dependencies.iter().filter(is_ours).filter(|other| !allowed.contains(other));
    forbidden.map(|other| format!("{name} may not depend on {other}\n")).collect()
}

fn file_circles(dependencies: &[Dependency]) -> Vec<String> {
    let edges: Vec<_> = dependencies.iter().map(|it| (it.from.as_path(), it.to.as_path())).collect();
    let describe = |circle: BTreeSet<&Path>| {
        let inside = dependencies.iter().filter(|it| circle.contains(&*it.from) && circle.contains(&*it.to));
        format!("{} files import each other in a circle:\n{}", circle.len(), lines(inside))
    };
    circles(&edges).into_iter().map(describe).collect()
}

/// Circles of a crate's folders, except those that a circle of files makes.
fn folder_circles(dependencies: &[Dependency]) -> Vec<String> {
    let files: Vec<_> = dependencies.iter().map(|it| (it.from.as_path(), it.to.as_path())).collect();
    let known: Vec<BTreeSet<_>> =
        circles(&files).into_iter().map(|circle| circle.into_iter().filter_map(layer).collect()).collect();
    let between = |it: &Dependency| {
        let (from, to) = (layer(&it.from)?, layer(&it.to)?);
        (from != to && !known.iter().any(|known| known.contains(&from) && known.contains(&to)))
            .then_some((from, to))
    };
    let edges: Vec<_> = dependencies.iter().filter_map(between).collect();
    let describe = |circle: BTreeSet<String>| {
        let is_inside = |(from, to): (String, String)| circle.contains(&from) && circle.contains(&to);
        let inside = dependencies.iter().filter(|it| between(it).is_some_and(is_inside));
        let names: Vec<_> = circle.iter().map(String::as_str).collect();
        format!("{} import each other in a circle:\n{}", names.join(", "), lines(inside))
    };
    circles(&edges).into_iter().map(describe).collect()
}

/// Imports from a layer above, or from one that only other crates use. The library's root is above all layers.
fn wrong_layers(dependencies: &[Dependency]) -> Vec<String> {
    let mut unknown = BTreeSet::new();
    let mut rank = |layer: Option<String>| {
        let Some(layer) = layer else { return Some(LAYERS.len()) };
        let rank = LAYERS.iter().position(|name| *name == layer);
        if rank.is_none() {
            unknown.insert(layer);
        }
        rank
    };
    let mut wrong = Vec::new();
    for it in dependencies {
        let (from, to) = (layer(&it.from), layer(&it.to));
        let is_for_other_crates =
            from.is_some() && from != to && to.as_deref().is_some_and(|to| FOR_OTHER_CRATES.contains(&to));
        if is_for_other_crates || matches!((rank(from), rank(to)), (Some(from), Some(to)) if from < to) {
            wrong.push(it);
        }
    }
    let unknown =
        unknown.into_iter().map(|layer| format!("{layer} is in no layer: see xtask/src/layers.rs\n"));
    let wrong =
        (!wrong.is_empty()).then(|| format!("Imports from a layer above:\n{}", lines(wrong.into_iter())));
    unknown.chain(wrong).collect()
}

/// The folder or file in `src` that a file belongs to; none for the crate's root.
fn layer(file: &Path) -> Option<String> {
    let inside = file.iter().skip_while(|part| *part != "src").nth(1)?;
    let name = Path::new(inside).file_stem()?.to_string_lossy().into_owned();
    (!["lib", "main"].contains(&name.as_str())).then_some(name)
}

fn lines<'a>(dependencies: impl Iterator<Item = &'a Dependency>) -> String {
    dependencies.fold(String::new(), |mut lines, Dependency { from, to, line, path }| {
        // Writing to a string can't fail.
        let _ = writeln!(lines, "  {}:{line}: {path} ({})", from.display(), to.display());
        lines
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dependencies written as `from -> to`, with paths from `src`.
    fn dependencies(pairs: &[&str]) -> Vec<Dependency> {
        let path = |name: &str| Path::new("crates/core/src").join(name);
        let one = |pair: &&str| {
            let (from, to) = pair.split_once(" -> ").expect("an arrow");
            Dependency { from: path(from), to: path(to), line: 7, path: "crate::x::Y".into() }
        };
        pairs.iter().map(one).collect()
    }

    #[test]
    fn a_circle_of_files_is_described_by_its_imports_and_nothing_else() {
        let found = file_circles(&dependencies(&["a.rs -> b.rs", "b.rs -> a.rs", "b.rs -> c.rs"]));
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("2 files"), "{}", found[0]);
        assert!(found[0].contains("  crates/core/src/a.rs:7: crate::x::Y (crates/core/src/b.rs)\n"));
        assert!(!found[0].contains("c.rs"), "{}", found[0]);
    }

    #[test]
    fn folders_can_form_a_circle_where_no_files_do() {
        let imports = dependencies(&[
            "state/a.rs -> record/a.rs",
            "record/b.rs -> state/b.rs",
            "state/a.rs -> state/b.rs",
        ]);
        assert!(file_circles(&imports).is_empty());
        let found = folder_circles(&imports);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("record, state import"), "{}", found[0]);
        assert_eq!(found[0].lines().count(), 3, "{}", found[0]);
    }

    #[test]
    fn lower_layers_may_be_imported_and_higher_ones_may_not() {
        let down = [
            "record/a.rs -> types/x.rs",
            "decide.rs -> state.rs",
            "types/a.rs -> types/b.rs",
            "lib.rs -> present/a.rs",
        ];
        assert!(wrong_layers(&dependencies(&down)).is_empty());
        for up in ["types/x.rs -> settings.rs", "state/a.rs -> decide.rs", "types/x.rs -> lib.rs"] {
            let found = wrong_layers(&dependencies(&[up]));
            assert_eq!(found.len(), 1, "{up}");
        }
    }

    #[test]
    fn only_other_crates_use_the_import_of_other_programs_files() {
        assert_eq!(wrong_layers(&dependencies(&["present/a.rs -> import/a.rs"])).len(), 1);
        assert!(
            wrong_layers(&dependencies(&["lib.rs -> import/a.rs", "import/a.rs -> import/b.rs"])).is_empty()
        );
        assert!(wrong_layers(&dependencies(&["import/a.rs -> settings/form.rs"])).is_empty());
    }

    #[test]
    fn a_folder_without_a_layer_is_named_once() {
        let found = wrong_layers(&dependencies(&["misc/a.rs -> types/x.rs", "misc/b.rs -> types/x.rs"]));
        assert_eq!(found, ["misc is in no layer: see xtask/src/layers.rs\n"]);
    }

    #[test]
    fn a_crate_may_depend_only_on_those_in_its_list() {
        assert!(forbidden_crates("dyntray-texts", &["dyntray-core", "serde"]).is_empty());
        assert_eq!(forbidden_crates("dyntray-core", &["dyntray-sandbox"]).len(), 1);
        assert_eq!(forbidden_crates("dyntray-new", &[]).len(), 1);
    }

    #[test]
    fn every_crate_of_the_workspace_is_in_the_list_and_has_a_root_file() {
        let root = workspace::root();
        let folders = members(&root).expect("members");
        assert_eq!(folders.len(), CRATES.len());
        for folder in folders {
            assert!(!roots(&root, &folder).is_empty(), "{folder}");
        }
    }
}
