//! `cargo xtask sbom`: lists of everything that the programs are made of, in CycloneDX' form.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{
    Result, command,
    count::Counts,
    node, package,
    report::{self, Report},
    tool, workspace,
};

/// The form's version.
const SPECIFICATION: &str = "1.5";
/// How the files are called that cargo-cyclonedx leaves in every member's folder.
const LEFT: &str = "dyntray-sbom-of-a-member";
/// The programs: their lists, and where their members lie.
const PROGRAMS: [(&str, &str); 2] =
    [("dyntray.cdx.json", "crates/dyntray"), ("dyntray-window.cdx.json", "src-tauri")];
/// The list of the window's pages.
const PAGES: &str = "dyntray-window-pages.cdx.json";

/// Where the lists go.
fn folder() -> PathBuf {
    workspace::target().join("sbom")
}

/// Writes the lists and checks them.
pub fn write() -> Result<ExitCode> {
    report::headed("Set-up: npm packages", node::prepare)?;
    let mut cyclonedx = tool::CYCLONEDX.prepared()?;
    fs::create_dir_all(folder()).map_err(|error| format!("{}: {error}", folder().display()))?;
    let mut report = Report::new(3);
    report.step("The programs' crates", || (Counts::default(), crates(&mut cyclonedx)));
    report.step("The pages' npm packages", || (Counts::default(), npm_packages()));
    report.step("Checks: each list holds what it should", check);
    println!("\nSee {}", folder().display());
    Ok(package::closed(&report))
}

/// It writes a file for every member, beside its manifest: two are kept, all are taken away.
fn crates(cyclonedx: &mut Command) -> Result<()> {
    cyclonedx.args([
        "--format",
        "json",
        "--spec-version",
        SPECIFICATION,
        "--override-filename",
        LEFT,
        "--quiet",
    ]);
    let end = command::run(cyclonedx).and_then(|()| PROGRAMS.into_iter().try_for_each(keep));
    for left in left_in(&workspace::root(), 3) {
        let _ = fs::remove_file(left);
    }
    end
}

fn keep((name, member): (&str, &str)) -> Result<()> {
    let root = workspace::root();
    let made = root.join(member).join(format!("{LEFT}.json"));
    let list = fs::read_to_string(&made).map_err(|error| format!("{}: {error}", made.display()))?;
    // Nobody needs to know where the sources lay.
    let list = list.replace(&root.display().to_string(), "");
    let kept = folder().join(name);
    fs::write(&kept, list).map_err(|error| format!("{}: {error}", kept.display()))
}

fn left_in(folder: &Path, depth: usize) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let is_searched = !path.ends_with("target") && !path.ends_with("node_modules");
        if path.is_dir() && is_searched && depth > 0 {
            found.extend(left_in(&path, depth - 1));
        } else if path.file_stem().is_some_and(|name| name == LEFT) {
            found.push(path);
        }
    }
    found
}

/// All of them, also those that only build the pages: Svelte is one, and is in the pages all the same.
fn npm_packages() -> Result<()> {
    let mut npm = command::npm();
    npm.args(["sbom", "--sbom-format", "cyclonedx"]);
    println!("$ {}", command::spelled(&npm));
    let list = command::answer(&mut npm).ok_or("`npm sbom` failed; it needs npm 10 or newer")?;
    let kept = folder().join(PAGES);
    fs::write(&kept, list + "\n").map_err(|error| format!("{}: {error}", kept.display()))
}

fn check() -> (Counts, Result<()>) {
    let mut counts = Counts::default();
    let mut node = command::program("node");
    let end = command::run_and_listen(node.arg("packaging/sbom/check.mjs").arg(folder()), |line| {
        if line.starts_with("ok ") {
            counts += Counts::PASSED;
        } else if line.starts_with("FAILED ") {
            counts += Counts::FAILED;
        }
    });
    (counts, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_tool_leaves_is_found_beside_manifests_and_not_in_built_folders() {
        let root = workspace::target().join(format!("sbom-left-{}", std::process::id()));
        for folder in ["crates/core", "target/deep", "ui/node_modules/deep", "xtask"] {
            let folder = root.join(folder);
            fs::create_dir_all(&folder).expect("made");
            fs::write(folder.join(format!("{LEFT}.json")), "").expect("written");
        }
        let mut found = left_in(&root, 3);
        fs::remove_dir_all(&root).expect("removed");
        found.sort();
        let name = format!("{LEFT}.json");
        assert_eq!(found, [root.join("crates/core").join(&name), root.join("xtask").join(&name)]);
    }
}
